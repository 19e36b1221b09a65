"""Jalon by its former path, for comparison: one call to GitHub for each change."""

from __future__ import annotations

import inspect
from functools import partial

from app.bootstrap import Jalon
from app.cli import common, main

if __name__ == "__main__":
    if "together" in inspect.signature(Jalon).parameters:
        common.Jalon = partial(Jalon, together=None)
    main()
