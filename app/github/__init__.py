"""GitHub as Jalon sees it: one read for a whole product, and one call per effect; the only importer of PyGithub."""
