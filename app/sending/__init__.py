"""News of the committee told outside GitHub."""
