"""Programs that some tests need: skipped, in so many words, where there is none; a failure where all is required."""

from __future__ import annotations

import os
import shutil

import pytest


def need(*programs: str) -> None:
    missing = [name for name in programs if not shutil.which(name)]
    if not missing:
        return
    told = f"needs {', '.join(missing)}"
    if os.environ.get("CONTRACT_REQUIRED"):
        pytest.fail(told)
    pytest.skip(told)
