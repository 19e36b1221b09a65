"""(d) Sweep, digest and page of 240, 2,400 and 10,000 products, at rest then after whole lives."""

from __future__ import annotations

import json
import math
import re
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from types import SimpleNamespace
from unittest.mock import patch

import sqlalchemy as sa

from app.bootstrap import Jalon
from app.cli import spare_the_collector
from app.demo.seed import seed
from app.domain.policy.calendar import Week
from app.domain.policy.model import Policy
from app.domain.product.fact_json import to_json
from app.domain.product.facts import Fact, ItemAnswered, PhaseEntered, ProductFiled
from app.domain.report.digest import digest
from app.domain.report.what_if import simulate
from app.engine import open_database
from app.github.issue_summaries import summaries
from app.reports.portfolio_cache import PortfolioCache
from app.reports.recorded import of_entries
from app.settings import read_settings
from app.shipped_files import default_policy
from app.store.chain import chained_digest
from app.store.presents import Presents
from app.store.schema import FACTS, PRESENTS, SIGHTS
from app.web import create_app
from benchmarks.commands import Clocked
from benchmarks.common import ROOT, table
from local_github.server import Sandbox
from tests.lives import Life

SIZES = (240, 2_400, 10_000)
REPOSITORY = "dnum/produits"
APART = 150
"""Days between the first product filed and the last; lives further apart are alike, but for their names."""
ANSWER = "Une réponse de quelques phrases, comme on en écrit dans un formulaire. " * 3


def populate(hub: Sandbox, url: str, count: int) -> None:
    """A portfolio at rest: every issue on GitHub as its register says, seen so by the last sweep, its present kept."""
    policy, world = default_policy(), hub.world
    questions = "\n\n".join(f"### {question.labels[0]}\n\nUne réponse" for question in policy.questions)
    entry = policy.entry
    column = next(option for option in world.options if option.name == entry.card)
    with ExitStack() as quietly:
        # Nobody hears of it, and the board has room: what tells so counts every issue each time.
        for told in ("repository_event", "_card_event", "_check_room"):
            quietly.enter_context(patch.object(world, told))
        for number in range(1, count + 1):
            issue = world.open_issue("cheffe-produit", f"Produit {number}", questions, ["produit", entry.label])
            world.move_card("secretariat", world.add_card("secretariat", issue.number).id, column.id)
    one = Jalon(read_settings(hub.environment() | {"JALON_DATABASE_URL": url}))
    at = datetime.now(UTC) - timedelta(days=3)
    facts, snapshots = [], []
    for page in summaries(one.client, world.repository, 1):
        for glance in page:
            snapshots.append(
                {
                    "product": glance.id,
                    "repository": world.repository,
                    "number": glance.number,
                    "fingerprint": glance.fingerprint(one.policies.of(world.repository).version),
                    "due": None,
                }
            )
            note = {"at": at, "by": "cheffe-produit", "cause": f"issue:{glance.id}"}
            filed = ProductFiled(**note, title=glance.title, answers=())
            both = filed, PhaseEntered(**note, phase=entry.id)
            facts += entries(glance.id, glance.number, map(words, both))
    with one.database.begin() as connection:
        connection.execute(sa.insert(FACTS), facts)
        connection.execute(sa.insert(SIGHTS), snapshots)
    presents = Presents(one.register)
    presents.make(presents.tips())
    one.database.dispose()


Words = tuple[str, str]
"""Of a fact: its cause, its text."""


def words(fact: Fact) -> Words:
    return fact.cause, json.dumps(to_json(fact), ensure_ascii=False, sort_keys=True)


def entries(product: str, number: int, told: Iterable[Words]) -> Iterator[dict]:
    """A product's facts as the register keeps them."""
    digest_ = ""
    for seq, (cause, text) in enumerate(told, start=1):
        row = {"product": product, "seq": seq, "repository": REPOSITORY, "number": number, "delivery": "banc"}
        row |= {"cause": cause, "fact": text}
        digest_ = chained_digest(digest_, SimpleNamespace(**row))
        yield row | {"digest": digest_}


def life(number: int) -> list[Fact]:
    """Three gates passed: every point ticked one by one, eight seats heard, a condition set each time."""
    policy = default_policy()
    day = datetime.now(UTC) - timedelta(days=200 + number % APART)
    one = Life(policy, f"Produit {number}", number).filed(day)
    one.facts[0] = replace(one.facts[0], answers=tuple((asked.id, ANSWER) for asked in policy.questions))
    for origin, target in pairwise(phase.id for phase in policy.phases[:4]):
        day += timedelta(days=45)
        note = {"at": day, "by": "cheffe-produit"}
        for place, item in enumerate(policy.phase(origin).items):
            cause = f"comment:{number * 1000 + len(one.facts) + place}"
            one.facts.append(ItemAnswered(**note, cause=cause, item=item.id, answer="done"))
        one.asked(day, target)
        for seat in policy.committee.seats[:8]:
            one.vote(day + timedelta(days=1), seat.id)
        one.decided(day + timedelta(days=2), conditions=[("Faire relire les droits d’accès", "")])
    return one.facts


def lived(url: str, count: int) -> int:
    """A register of whole lives, without any GitHub; returns the facts of one product."""
    database, lives = open_database(url), [life(number) for number in range(1, min(count, APART) + 1)]
    told = [[words(fact) for fact in facts] for facts in lives]
    with database.begin() as connection:
        for number in range(1, count + 1):
            rank = (number - 1) % len(told)
            own = words(replace(lives[rank][0], title=f"Produit {number}"))
            rows = entries(f"I_{number}", number, (own, *told[rank][1:]))
            connection.execute(sa.insert(FACTS), list(rows))
    database.dispose()
    return len(told[0])


def child(what: str, environment: dict[str, str]) -> dict:
    """One task in a process of its own: seconds, seconds of processor, peak of memory."""
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.growth", what],
        cwd=ROOT,
        env=environment | {"PATH": "/usr/bin:/bin", "PYTHONUTF8": "1"},
        capture_output=True,
        text=True,
        check=True,
    )
    return json.loads(done.stdout.splitlines()[-1])


def peak() -> float:
    """The most resident memory of this process, in MB; rusage would count its parent's, from before the exec."""
    return int(re.search(r"VmHWM:\s+(\d+)", Path("/proc/self/status").read_text(encoding="utf-8"))[1]) / 1024


def task(what: str) -> None:
    one = Jalon(read_settings())
    spare_the_collector()
    begun, used = time.perf_counter(), time.process_time()
    if what == "sweep":
        found = sum(1 for repository in one.sweep.repositories() for _ in one.sweep.stale(repository))
    elif what == "digest":
        found = _digest(PortfolioCache(one.register)).total
    elif what == "simulate":
        found = simulate(of_entries(one.register.entries()), _stricter(), datetime.now(UTC)).total.gates
    else:
        page = create_app(one.settings, one.inbox, one.register).test_client().get("/")
        found = page.status_code
    print(
        json.dumps(
            {
                "seconds": time.perf_counter() - begun,
                "processor": time.process_time() - used,
                "memory": peak(),
                "found": found,
            }
        )
    )


def _stricter() -> Policy:
    """The shipped rules with one more opinion for each quorum: every gate is voted again."""
    policy = default_policy()
    gates = (replace(gate, rule=replace(gate.rule, quorum=gate.rule.quorum + 1)) for gate in policy.gates)
    return replace(policy, gates=tuple(gates), version="banc")


def _digest(shelf: PortfolioCache):
    now = datetime.now(UTC)
    return digest(shelf.products(REPOSITORY), default_policy(), Week.of(now), now)


def measure(count: int, folder: Path) -> dict[str, dict]:
    hub = Sandbox(seed())
    hub.start()
    try:
        url = f"sqlite:///{folder}/jalon-{count}.db"
        populate(hub, url, count)
        environment = hub.environment() | {"JALON_DATABASE_URL": url}
        clock, found = Clocked(hub), {}
        for what in ("sweep", "digest", "page"):
            hub.calls.clear()
            theirs = clock.seconds
            found[what] = child(what, environment)
            found[what]["calls"] = len(hub.calls)
            found[what]["own"] = max(0.0, found[what]["seconds"] - (clock.seconds - theirs))
        assert found["sweep"]["found"] == 0, "the portfolio was not at rest"
        return found
    finally:
        hub.stop()


REPLAYED = "simulate", "tout l’historique sous d’autres règles"
LIVED = (("page", "première page, tout à relire"), ("page", "première page"), ("digest", "bilan"), REPLAYED)
"""The first reading finds nothing kept, as after an upgrade: every history is read, as at each start before."""
FORMER = (("page", "première page, chemin d’avant"), ("digest", "bilan, chemin d’avant"))
"""Each finds nothing kept, as when nothing was: what is kept now costs it a tenth more."""


def long_lives(*, before: bool) -> None:
    """What a register of whole lives takes: the first page after an upgrade, then after a start, and the digest.

    `before`: the same when every history is read each time.
    """
    print("## (d bis) Des vies entières\n")
    hub, rows = Sandbox(seed()), []
    used: dict[str, list[float]] = defaultdict(list)
    hub.start()
    with tempfile.TemporaryDirectory(prefix="jalon-banc-") as folder:
        for count in SIZES:
            url = f"sqlite:///{folder}/vies-{count}.db"
            facts = lived(url, count)
            for what, name in (*LIVED, *(FORMER if before else ())):
                if (what, name) in FORMER:
                    forget_presents(url)
                one = child(what, hub.environment() | {"JALON_DATABASE_URL": url})
                used[name].append(one["processor"])
                figures = f"{one['processor']:.2f}", f"{one['seconds']:.2f}", round(one["memory"])
                rows.append((name, count, count * facts, *figures))
    hub.stop()
    table(("", "produits", "faits", "processeur s", "secondes", "pic Mo"), rows)
    for name, (_, *ends) in used.items():
        print(f"- {name} : exposant {exponent(*ends):.2f} (cible : 1,05)")
    print()


def forget_presents(url: str) -> None:
    database = open_database(url)
    with database.begin() as connection:
        connection.execute(sa.delete(PRESENTS))
    database.dispose()


def exponent(low: float, high: float) -> float:
    """How the processor grows with the number of products, between the two largest sizes."""
    return math.log(high / low) / math.log(SIZES[2] / SIZES[1])


def growth() -> None:
    print("## (d) Croissance\n")
    with tempfile.TemporaryDirectory(prefix="jalon-banc-") as folder:
        results = {count: measure(count, Path(folder)) for count in SIZES}
    rows = []
    for what, name in (("sweep", "ronde sans changement"), ("digest", "bilan"), ("page", "page du portefeuille")):
        for count, found in results.items():
            one = found[what]
            limit = f"{count // 50 + 5}" if what == "sweep" else ""
            rows.append(
                (
                    name,
                    count,
                    one["calls"],
                    limit,
                    f"{one['processor']:.2f}",
                    f"{one['seconds']:.2f}",
                    round(one["memory"]),
                )
            )
    table(("", "produits", "appels", "cible N/50 + 5", "processeur s", "secondes", "pic Mo"), rows)
    for what in ("sweep", "digest", "page"):
        low, high = results[SIZES[1]][what]["processor"], results[SIZES[2]][what]["processor"]
        print(f"- {what} : exposant {exponent(low, high):.2f} (cible : 1,05)")
    print()


def main(*, before: bool) -> None:
    growth()
    long_lives(before=before)


if __name__ == "__main__":
    if len(sys.argv) > 1 and not sys.argv[1].startswith("--"):
        task(sys.argv[1])
    else:
        main(before="--before" in sys.argv[1:])
