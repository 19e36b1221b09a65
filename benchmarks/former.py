"""Jalon by its former path, for comparison: one call to GitHub for each change."""

from __future__ import annotations

from functools import partial

from app.bootstrap import Jalon
from app.cli import common, main

if __name__ == "__main__":
    common.Jalon = partial(Jalon, together=None)
    main()
