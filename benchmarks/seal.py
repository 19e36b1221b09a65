"""(i) What sealing costs: a fact recorded with and without the log side by side, twenty thousand entries proved."""

from __future__ import annotations

import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import sqlalchemy as sa

from app.domain.product.facts import Fact
from app.engine import open_database
from app.reports.proof_files import VERIFIER, Trusted, write_bundle
from app.shipped_files import default_policy
from app.store.log import Log
from app.store.register import Register
from app.transparency import proofs, tree
from app.transparency.notes import Signer
from benchmarks.common import ROOT, table
from tests.lives import Life
from tests.stage import Stage

SIGNER = Signer("registre.exemple.gouv.fr/banc", bytes(range(32)))
NOW = datetime(2026, 11, 29, 12, tzinfo=UTC)
ENTRIES, ROUNDS, AT_ONCE = 20_000, 7, 5
SEATS = ("technologie", "architecture", "communs", "design", "produits-data", "securite", "transformation")
PROVED = 200
"""Proofs made and checked, their median told."""


@dataclass(frozen=True)
class Spent:
    """What one thing took, in seconds of processor."""

    seconds: float

    @property
    def micro(self) -> str:
        return f"{self.seconds * 1e6:,.0f}".replace(",", " ")

    @property
    def milli(self) -> str:
        return f"{self.seconds * 1e3:,.2f}".replace(",", " ").replace(".", ",")


def lived() -> tuple[Fact, ...]:
    """A product filed, its first gate asked for, voted and decided."""
    policy = default_policy()
    life = Life(policy).filed("2026-01-05").asked("2026-01-12", policy.phases[1].id)
    for seat in policy.committee.seats[: len(SEATS)]:
        life.vote("2026-01-13", seat.id)
    return tuple(life.decided("2026-01-14").facts)


def spent(act: Callable[[], object]) -> Spent:
    began = time.process_time()
    act()
    return Spent(time.process_time() - began)


def middle(found: Sequence[Spent]) -> Spent:
    return Spent(statistics.median(one.seconds for one in found))


def opened(folder: Path, name: str, *, sealed: bool) -> sa.Engine:
    engine = open_database(f"sqlite:///{folder}/{name}.db")
    if sealed:
        Log(engine).open(SIGNER.name, NOW)
    return engine


def one_by_one(engine: sa.Engine, products: Sequence[str], facts: tuple[Fact, ...]) -> None:
    """As turns do: each fact in a transaction of its own."""
    register = Register(engine)
    for product in products:
        for known, fact in enumerate(facts):
            register.append(product, ("dnum/produits", 1), known, (fact,), "d")


def recorded(folder: Path, facts: tuple[Fact, ...]) -> tuple[Spent, Spent]:
    """A fact without the log, and with it: rounds mixed, medians."""
    engines = {sealed: opened(folder, f"sealed-{sealed}", sealed=sealed) for sealed in (False, True)}
    found: dict[bool, list[Spent]] = {False: [], True: []}
    for turn in range(ROUNDS + 1):
        for sealed, engine in engines.items():
            products = [f"I_{turn}_{rank}" for rank in range(AT_ONCE)]
            took = spent(lambda engine=engine, products=products: one_by_one(engine, products, facts))
            if turn:  # the first round warms what is read once
                found[sealed].append(Spent(took.seconds / (AT_ONCE * len(facts))))
    for engine in engines.values():
        engine.dispose()
    return middle(found[False]), middle(found[True])


def filled(folder: Path, facts: tuple[Fact, ...]) -> sa.Engine:
    """A register of as many entries as a ministry has in years."""
    engine = opened(folder, "years", sealed=True)
    register = Register(engine)
    for rank in range(-(-(ENTRIES - 1) // len(facts))):
        register.append(f"I_{rank}", ("dnum/produits", rank + 1), 0, facts, "d", is_news=False)
    return engine


def of_years(engine: sa.Engine) -> Iterator[tuple[str, str]]:
    log = Log(engine)
    size = log.size
    yield "entrées", f"{size:,}".replace(",", " ")
    yield "signer un point de contrôle, ms", spent(lambda: log.checkpoint(SIGNER, NOW)).milli
    kept = {row.n: row.entry.encode() for row in log.entries()}
    leaves = [tree.leaf_hash(entry) for entry in kept.values()]
    yield (
        "toutes les feuilles et la racine, d’après les entrées, s",
        f"{_root_again(kept).seconds:.2f}".replace(".", ","),
    )
    assert tree.root_of(leaves) == log.root()
    numbers = range(0, size, size // PROVED)
    yield "faire la preuve d’une entrée, ms", middle([spent(lambda n=n: log.proof(n)) for n in numbers]).milli
    texts = {n: log.proof(n) or "" for n in numbers}
    read = [spent(lambda n=n: proofs.check_proof(proofs.parse_proof(texts[n]), kept[n], [SIGNER.key])) for n in numbers]
    yield "vérifier une preuve, µs", middle(read).micro
    yield "une preuve, octets", str(max(len(text) for text in texts.values()))
    yield "une entrée, octets (médiane)", str(round(statistics.median(map(len, kept.values()))))


def outside(engine: sa.Engine, folder: Path) -> Iterator[tuple[str, str]]:
    """The whole register as an archive, judged by the outsider's tool in a process of its own."""
    path = folder / "registre.zip"
    with path.open("wb") as file:
        write_bundle(file, Log(engine), lambda _: {}, Trusted((SIGNER.key.vkey,)), path.name)
    yield "l’archive, Mo", f"{path.stat().st_size / 1e6:.1f}".replace(".", ",")
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    done = subprocess.run(
        [sys.executable, "-I", "-S", ROOT / VERIFIER, path], capture_output=True, text=True, check=False
    )
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    assert done.returncode in {0, 1}, done.stderr
    took = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    yield "`verifier.py` sur cette archive, s", f"{took:.1f}".replace(".", ",")


def shown(folder: Path) -> Iterator[tuple[str, str]]:
    """The same decision, with and without its seal."""
    sizes = {}
    for sealed in (False, True):
        (folder / str(sealed)).mkdir()
        stage = Stage.at(folder / str(sealed), sealed=sealed)
        number = stage.filed(ready=True)
        stage.says("cheffe-produit", number, "/demande")
        stage.decided(number)
        sizes[sealed] = len(next(body for body in stage.said(number) if body.startswith("## Décision")).encode())
        stage.close()
    yield "sans sceau", str(sizes[False])
    yield "avec", str(sizes[True])
    yield "le sceau", str(sizes[True] - sizes[False])


def _root_again(kept: dict[int, bytes]) -> Spent:
    return spent(lambda: tree.root_of([tree.leaf_hash(entry) for entry in kept.values()]))


def main() -> None:
    facts = lived()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        plain, sealed = recorded(folder, facts)
        print("## (i) Le registre scellé\n")
        ratio = f"{sealed.seconds / plain.seconds:.2f}×".replace(".", ",")
        table(
            ("un fait enregistré, µs de processeur", "", "rapport"),
            [("sans le registre scellé", plain.micro, "1,00×"), ("avec", sealed.micro, ratio)],
        )
        engine = filled(folder, facts)
        table(("des années de registre", "mesuré"), [*of_years(engine), *outside(engine, folder)])
        engine.dispose()
        table(("le commentaire d’une décision", "octets"), list(shown(folder)))


if __name__ == "__main__":
    main()
