"""An existing portfolio taken over: every product in the phase it had reached, once, however often the import is cut."""

from __future__ import annotations

import base64
import csv
import json
from collections import Counter
from datetime import timedelta
from pathlib import Path

import pytest

from app.domain.policy.calendar import Week, day_of
from app.domain.policy.model import TIMEZONE
from app.domain.product import imported
from app.domain.product.facts import GateDecided, PhaseEntered, ProductImported
from app.domain.report.digest import digest
from app.domain.report.portfolio import rows
from app.github.apply import apply
from app.github.backlog import read_backlog
from app.github.client import LaterError
from app.importing.importer import Importer, paced
from app.importing.mapping import DEFAULT, read_mapping
from app.importing.pacing import Pacer
from app.importing.rows import decoded, read_table
from app.reports.renderings import as_data
from app.reports.sheets import as_csv, portfolio
from app.reports.sources import from_register
from app.shipped_files import default_policy

pytestmark = pytest.mark.slow

SAMPLE = Path(__file__).parent.parent / "data" / "portefeuille-exemple.csv"
REAL = Path(__file__).parents[2] / ".." / "shared" / "data" / "portefeuille-beta-gouv-240.csv"
MEANING = {
    "investigation": "Idée",
    "construction": "Construction",
    "acceleration": "Généralisation",
    "consolidation": "Généralisation",
    "opere": "Généralisation",
    "transfere": "Arrêt",
    "abandon": "Arrêt",
    "abandon-investigation": "Arrêt",
}
RANK = ("Idée", "Construction", "Généralisation", "Arrêt")


def expected(path: Path) -> dict[str, str]:
    """The column each product should stand in, by title, worked out from the file in another way than the import's."""
    found = {}
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            phases = [part.split("|") for part in row["phases"].split(";")]
            latest = max(phase[1] for phase in phases)
            names = [MEANING[phase[0]] for phase in phases if phase[1] == latest]
            found[row["titre"].strip()] = max(names, key=RANK.index)
    return found


class Clock:
    """Time that passes only when somebody waits."""

    def __init__(self, stage=None) -> None:
        self.now, self.waits, self._stage = 0.0, 0, stage

    def __call__(self) -> float:
        return self.now

    def wait(self, seconds: float) -> None:
        self.now += seconds
        self.waits += 1
        if self._stage:
            self._stage.passes(seconds)


def products(stage, path):
    policy = default_policy()
    table = read_table(
        decoded(path.read_bytes()), read_mapping(DEFAULT.read_text(encoding="utf-8"), policy), policy, stage.today
    )
    assert table.bad == []
    return table.products


def importer(stage, clock=None, applier=None):
    stage.rests()
    clock = clock or Clock(stage)
    pacer = Pacer(clock, clock.wait)
    stage.applier = applier or paced(pacer)
    return Importer(
        stage.client,
        stage.product_turn,
        stage.register,
        "dnum/produits",
        default_policy(),
        lambda: stage.now,
        pacer,
        clock.wait,
    )


def on_the_board(stage) -> dict[str, str]:
    return {issue.title: stage.column(number) for number, issue in stage.world.issues.items()}


def in_the_register(stage) -> dict[str, str]:
    phases, titles = {}, {}
    for entry in stage.register.entries():
        if isinstance(entry.fact, ProductImported):
            titles[entry.product] = entry.fact.title
        if isinstance(entry.fact, PhaseEntered):
            phases[entry.product] = default_policy().phase(entry.fact.phase).card
    return {titles[product]: phase for product, phase in phases.items()}


ITEMS = """query($org: String!, $after: String) { organization(login: $org) { projectV2(number: 1) {
  items(first: 100, after: $after) { pageInfo { hasNextPage endCursor } nodes {
    fieldValueByName(name: "Phase") { ... on ProjectV2ItemFieldSingleSelectValue { name } }
    content { ... on Issue { title } }
  } } } } }"""


def github_shows(stage) -> dict[str, str]:
    """The board as GitHub tells it to whoever asks, page by page: the column of each card by its title."""
    found, after = {}, None
    requester = stage.client.requester("dnum/produits")
    while True:
        data = stage.client.graphql_text(requester, ITEMS, org="dnum", after=after)
        items = data["organization"]["projectV2"]["items"]
        found |= {item["content"]["title"]: item["fieldValueByName"]["name"] for item in items["nodes"]}
        if not items["pageInfo"]["hasNextPage"]:
            return found
        after = items["pageInfo"]["endCursor"]


def from_github(stage):
    return read_backlog(stage.client, "dnum/produits", default_policy(), frozenset({"jalon"}))


def exported(stage) -> dict[str, str]:
    """The portfolio's sheet, read as a spreadsheet would."""
    policy = default_policy()
    sheet = portfolio(rows(from_register(stage.register, "dnum/produits"), policy, stage.now), policy)
    lines = csv.DictReader(as_csv(sheet).removeprefix("\ufeff").splitlines())
    return {line["title"]: policy.phase(line["phase"]).card for line in lines}


def digested(stage, products) -> dict[str, int]:
    """How many products the week's digest counts in each column, read from its JSON."""
    made = digest(products, default_policy(), Week.of(day_of(stage.now, TIMEZONE)), stage.now)
    told = json.loads(json.dumps(as_data(made)))
    return {default_policy().phase(line["id"]).card: line["products"] for line in told["phases"] if line["products"]}


def check(stage, path) -> None:
    """Board, labels, register and file agree on every product, and nothing was decided nor left to do."""
    wanted = expected(path)
    assert on_the_board(stage) == wanted
    assert in_the_register(stage) == wanted
    names = {phase.label: phase.card for phase in default_policy().phases}
    shown = {issue.title: [names[x] for x in issue.labels if x in names] for issue in stage.world.issues.values()}
    assert shown == {title: [phase] for title, phase in wanted.items()}
    closed = {issue.title for issue in stage.world.issues.values() if issue.state == "closed"}
    assert closed == {title for title, phase in wanted.items() if phase == "Arrêt"}
    assert not [entry for entry in stage.register.entries() if isinstance(entry.fact, GateDecided)]
    assert stage.register.verify() == []


def test_the_sample_is_taken_over(stage):
    maker = importer(stage)
    taken = [maker.take(product) for product in products(stage, SAMPLE)]
    check(stage, SAMPLE)
    assert all(one.fresh for one in taken)
    assert all(outcome.ignored for outcome in stage.settle())
    number = next(number for number, issue in stage.world.issues.items() if issue.title == "A Dock")
    (told,) = stage.said(number)
    assert "| abandon | Arrêt | 1er janvier 2021 | – |" in told
    assert "| investigation | Idée | 8 janvier 2018 | 1er juillet 2018 |" in told
    active = next(number for number, issue in stage.world.issues.items() if issue.title == "Aidants Connect")
    assert [body.split("\n")[0] for body in stage.said(active)] == [
        "## Produit repris d’un suivi existant",
        "## Liste de contrôle – phase Généralisation",
    ]
    assert all(stage.nothing_left_to_do(number) for number in stage.world.issues)


def test_importing_again_changes_nothing(stage):
    maker = importer(stage)
    for product in products(stage, SAMPLE):
        maker.take(product)
    before = stage.world.next_id
    stage.hub.calls.clear()
    again = importer(stage)
    taken = [again.take(product) for product in products(stage, SAMPLE)]
    assert not any(one.fresh or one.differs for one in taken)
    assert [call for call in stage.hub.calls if call["write"]] == []
    assert stage.world.next_id == before


@pytest.mark.parametrize("writes", range(1, 12))
def test_cut_after_any_write_and_started_again_nothing_is_missing_or_twice(stage, writes):
    two = products(stage, SAMPLE)[:2]
    left = writes

    class Cut(Exception):
        pass

    def dying(*args):
        nonlocal left
        apply(*args)
        left -= 1
        if left == 0:
            raise Cut

    maker = importer(stage, applier=dying)
    try:
        for product in two:
            maker.take(product)
    except Cut:
        pass
    maker = importer(stage)
    for product in two:
        maker.take(product)
    assert on_the_board(stage) == {product.title: expected(SAMPLE)[product.title] for product in two}
    for number in stage.world.issues:
        keys = [body.rpartition("key=")[2].split()[0] for body in stage.said(number)]
        assert len(keys) == len(set(keys))
        assert stage.nothing_left_to_do(number)


def test_an_answer_lost_after_the_issue_was_made_makes_no_second_one(stage, monkeypatch):
    (product, *_) = products(stage, SAMPLE)
    maker = importer(stage)
    real, failures = stage.client.rest, iter([True])

    def rest(requester, verb, path, body=None, headers=None):
        answer = real(requester, verb, path, body, headers)
        if verb == "POST" and path.endswith("/issues") and next(failures, False):
            raise LaterError("502")
        return answer

    monkeypatch.setattr(stage.client, "rest", rest)
    assert maker.take(product).fresh
    assert len(stage.world.issues) == 1


def test_a_refused_write_is_tried_again_later(stage, monkeypatch):
    (product, *_) = products(stage, SAMPLE)
    clock = Clock(stage)
    maker = importer(stage, clock)
    real, failures = stage.client.rest, iter([30.0, 0.0])

    def rest(requester, verb, path, body=None, headers=None):
        if verb == "POST" and (seconds := next(failures, None)) is not None:
            raise LaterError("403", seconds)
        return real(requester, verb, path, body, headers)

    monkeypatch.setattr(stage.client, "rest", rest)
    maker.take(product)
    assert len(stage.world.issues) == 1
    assert clock.now >= 32


def test_what_an_import_has_just_written_is_remembered(stage):
    (product, *_) = products(stage, SAMPLE)
    importer(stage).take(product)
    (number,) = stage.world.issues
    comment = next(one for one in stage.world.issues[number].comments if one.author == stage.world.bot)
    stage.hub.take_held()
    del stage.world.issues[number].comments[:]  # as a copy that is late shows it
    stage.says("visiteur", number, "Bonjour")
    assert stage.said(number) == [], f"{comment.body[:40]} would be there twice"


def test_a_hand_on_a_product_being_imported_never_files_it_anew(stage):
    (product, *_) = products(stage, SAMPLE)
    maker = importer(stage, applier=lambda *_: None)
    maker.take(product)
    (number,) = stage.world.issues
    assert stage.said(number) == []
    stage.applier = apply
    stage.says("visiteur", number, "Bonjour")
    assert "## Produit repris" in stage.said(number)[0]
    assert not any(isinstance(entry.fact, GateDecided) for entry in stage.register.entries())
    assert sum(isinstance(entry.fact, PhaseEntered) for entry in stage.register.entries()) == 1


def test_a_lost_register_is_found_again_and_a_forged_mark_is_not_believed(stage):
    (product, *_) = products(stage, SAMPLE)
    importer(stage).take(product)
    (issue,) = stage.world.issues.values()
    forged = stage.world.open_issue("visiteur", "Faux", issue.body, []).number
    stage.settle()
    assert stage.said(forged) == []
    assert len(importer(stage)._known) == 1
    with stage.database.begin() as connection:
        connection.exec_driver_sql("DELETE FROM jalon_facts")
    stage.now = stage.now.replace(year=stage.now.year + 1)
    taken = importer(stage).take(product)
    assert not taken.fresh
    assert in_the_register(stage) == {product.title: expected(SAMPLE)[product.title]}


def test_a_key_that_somebody_rewrote_or_removed_makes_nothing_twice_and_hides_nothing(stage):
    """The key stands in the description, which anybody with the right to triage may edit."""
    first, second, third, *_ = products(stage, SAMPLE)
    maker = importer(stage)
    numbers = {one.key: maker.take(one).number for one in (first, second)}
    bodies = {number: stage.world.issues[number].body for number in numbers.values()}
    one, two = numbers[first.key], numbers[second.key]
    mine, wanted = (imported.MARK.search(bodies[one])[1], base64.urlsafe_b64encode(third.key.encode()).decode())
    stage.world.edit_issue("administratrice", one, body=bodies[one].replace(mine, wanted))
    stage.world.edit_issue("administratrice", two, body="Une autre description")
    stage.settle()
    again = importer(stage)
    assert (again.is_known(first), again.is_known(second), again.is_known(third)) == (True, True, False)
    assert again.take(third).fresh
    assert len(stage.world.issues) == 3
    assert sorted(stage.register.first_of("dnum/produits")) == sorted(stage.world.issues)


def test_a_product_whose_issue_is_gone_may_be_taken_over_again(stage):
    (product, *_) = products(stage, SAMPLE)
    number = importer(stage).take(product).number
    stage.world.delete_issue("administratrice", number)
    stage.settle()
    taken = importer(stage).take(product)
    assert taken.fresh
    assert taken.number != number


def test_a_file_that_has_changed_since_is_told_and_changes_nothing(stage, tmp_path):
    (product, *_) = products(stage, SAMPLE)
    importer(stage).take(product)
    other = tmp_path / "autre.csv"
    other.write_text(
        SAMPLE.read_text(encoding="utf-8").replace("transfere|2025-09-19|", "transfere|2025-09-20|"), encoding="utf-8"
    )
    (changed, *_) = products(stage, other)
    assert importer(stage).take(changed).differs


def test_an_imported_product_lives_on(stage):
    (product,) = [one for one in products(stage, SAMPLE) if one.key == "an-su"]
    importer(stage).take(product)
    (number,) = stage.world.issues
    stage.settle()
    stage.world.set_assignees("secretariat", number, ["cheffe-produit"])
    stage.says("cheffe-produit", number, "/demande généralisation")
    assert "ne peut pas encore être ouvert" in stage.said(number)[-1]
    assert "[formulaire]" not in stage.said(number)[-1]
    stage.says("cheffe-produit", number, f"/coche 1 à {len(default_policy().checklist('construction'))}")
    stage.drag("cheffe-produit", number, "Généralisation")
    assert "passage: demandé" in stage.labels(number)
    stage.decided(number, seats=("techno", "archi", "communs", "design", "cloud-fabrique", "cloud-ops", "secu", "data"))
    assert stage.column(number) == "Généralisation"


@pytest.mark.slow
@pytest.mark.skipif(not REAL.exists(), reason="the real portfolio is not beside this repository")
def test_the_240_real_products_are_taken_over_and_all_counts_agree(stage):
    clock = Clock(stage)
    maker = importer(stage, clock)
    found = products(stage, REAL)
    assert len(found) == 240
    for product in found:
        maker.take(product)
    check(stage, REAL)
    counts = Counter(on_the_board(stage).values())
    assert counts == Counter(expected(REAL).values())
    assert counts == {"Arrêt": 158, "Construction": 36, "Généralisation": 40, "Idée": 6}
    stage.now = stage.world.clock() + timedelta(minutes=1)  # however long the machine took, by GitHub's own clock
    assert github_shows(stage) == expected(REAL)
    assert exported(stage) == expected(REAL)
    for tracked in (from_register(stage.register, "dnum/produits"), from_github(stage)):
        assert digested(stage, tracked) == counts
    assert 3600 < clock.now < 4800, "the limits on issues and comments are kept"
