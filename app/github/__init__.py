"""GitHub as Jalon sees it: one query reads a whole product, one call makes a turn's changes; the only importer of
PyGithub.
"""
