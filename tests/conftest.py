"""What holds for every test."""

from __future__ import annotations

from hypothesis import settings

# A slow machine is no failure: what takes time is measured in benchmarks/.
settings.register_profile("jalon", deadline=None)
settings.load_profile("jalon")
