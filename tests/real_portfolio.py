"""The 240 products of a real portfolio, with the dates at which they entered their phases, as histories of ours."""

from __future__ import annotations

import csv
from datetime import UTC, datetime
from pathlib import Path

import pytest

from app.domain.policy.model import Policy
from app.domain.product.facts import Fact, PhaseEntered, ProductFiled
from app.domain.report.portfolio import Tracked
from tests.lives import REPOSITORY

FILE = Path(__file__).parent.parent.parent / "shared" / "data" / "portefeuille-beta-gouv-240.csv"
PHASES = {
    "investigation": "idee",
    "construction": "mvp",
    "acceleration": "construction",
    "success": "generalisation",
    "perenne": "generalisation",
    "perennisation": "generalisation",
    "consolidation": "generalisation",
    "transfere": "generalisation",
    "transfer": "generalisation",
    "opere": "generalisation",
    "opération": "generalisation",
}
"""Phases of the source; any other name there is an end."""


def real_products(policy: Policy) -> list[Tracked]:
    """Skips the test where the data is not at hand."""
    if not FILE.exists():
        pytest.skip(f"{FILE.name} is not here")
    with FILE.open(encoding="utf-8", newline="") as lines:
        return [_product(number, row, policy) for number, row in enumerate(csv.DictReader(lines), start=1)]


def _product(number: int, row: dict[str, str], policy: Policy) -> Tracked:
    passages = sorted((part.split("|") for part in row["phases"].split(";") if part), key=lambda passage: passage[1])
    facts: list[Fact] = []
    for rank, (name, start, *_) in enumerate(passages):
        moment = datetime.fromisoformat(start).replace(hour=9, tzinfo=UTC)
        note = {"at": moment, "by": "secretariat", "cause": f"import:{number}:{rank}"}
        phase = PHASES.get(name, "arret")
        assert policy.knows(phase)
        if not rank:
            facts.append(ProductFiled(**note, title=row["titre"], answers=(("direction", row["incubateur"]),)))
        if not rank or facts[-1].phase != phase:
            facts.append(PhaseEntered(**note, phase=phase))
    return Tracked(REPOSITORY, number, row["titre"], tuple(facts))
