"""A strict, stateful GitHub on this machine, for tests and rehearsals; it knows nothing of committees."""
