"""Three committees, one Jalon: each with its seats, its rules, its board, and products that go from one to another."""

from __future__ import annotations

from datetime import timedelta

import pytest

from app.domain.product.facts import BallotCast, GateDecided, GateRequested, GateWithdrawn
from app.domain.report.portfolio import rows
from app.github.policies import PATH
from app.reports.sources import from_register
from app.turns.wakeup import PolicyWakeUp
from tests.committees import BOTH, INNOVATION, PARTNERS, PRODUCTS, ROSTERS, rules, three
from tests.stage import ALL, SEATS, Stage, form_body

pytestmark = pytest.mark.slow  # three GitHubs at once: `make long`


class Committees(Stage):
    """As a stage with one repository; a story names the committee it is about."""

    def files(self, repository, title="SILAV"):
        """A product ready for its first gate."""
        world = self.hub.worlds[repository]
        number = world.open_issue("cheffe-produit", title, form_body(), ["produit"]).number
        self.settle()
        self.writes(repository, "cheffe-produit", number, f"/coche {ALL}")
        return number

    def writes(self, repository, login, number, text):
        self.hub.worlds[repository].comment(login, number, text)
        self.settle()

    def go(self, repository, number, *, seats=SEATS):
        """The committee's own people say go."""
        for seat in seats:
            login = seat if seat == BOTH else f"{seat}{ROSTERS[repository]}"
            self.hub.worlds[repository].comment(login, number, "/go")
        self.settle()

    def answers(self, repository, number):
        world = self.hub.worlds[repository]
        return [comment.body for comment in world.issues[number].comments if comment.author == world.bot]

    def marks(self, repository, number):
        return set(self.hub.worlds[repository].issues[number].labels)

    def stands(self, repository, number):
        """The column of the only card of an issue."""
        world = self.hub.worlds[repository]
        (card,) = world.cards_of(number)
        return world.option(card.option).name, card.board

    def facts(self, kind, repository=""):
        found = [entry for entry in self.register.entries() if isinstance(entry.fact, kind)]
        return [entry.fact for entry in found if repository in {"", entry.repository}]


@pytest.fixture
def stage(tmp_path):
    made = Committees(three(), f"sqlite:///{tmp_path}/jalon.db")
    yield made
    made.close()


@pytest.mark.parametrize("repository", ROSTERS)
def test_each_committee_decides_with_its_own_seats_on_its_own_board(stage, repository):
    number = stage.files(repository)
    stage.writes(repository, "cheffe-produit", number, "/demande mvp")
    stage.go(repository, number)
    assert "phase: mvp" in stage.marks(repository, number)
    assert stage.stands(repository, number) == ("MVP", {PRODUCTS: 1, INNOVATION: 2, PARTNERS: 7}[repository])
    assert stage.product_turn.plan(repository, number).effects == ()
    others = [world for name, world in stage.hub.worlds.items() if name != repository]
    assert all(world.issues == {} and world.cards == {} for world in others)


def test_a_seat_of_one_committee_is_a_guest_in_the_other_and_one_of_both_speaks_in_both(stage):
    here, there = stage.files(PRODUCTS), stage.files(INNOVATION)
    for repository, number in ((PRODUCTS, here), (INNOVATION, there)):
        stage.writes(repository, "cheffe-produit", number, "/demande mvp")
    stage.writes(INNOVATION, "archi", there, "/go")
    assert stage.facts(BallotCast) == []
    assert "invité" in stage.answers(INNOVATION, there)[-1] or "siège" in stage.answers(INNOVATION, there)[-1]
    stage.writes(INNOVATION, BOTH, there, "/go")
    stage.writes(PRODUCTS, BOTH, here, "/nogo Trop tôt")
    assert [(fact.by, fact.choice) for fact in stage.facts(BallotCast)] == [(BOTH, "go"), (BOTH, "nogo")]
    stage.writes(INNOVATION, "secretariat", there, "/clore")
    assert stage.facts(GateDecided) == [], "the secretariat of another committee closes nothing"
    opened = {fact.policy: fact.seats for fact in stage.facts(GateRequested)}
    assert len(opened) == 2, "each gate under its own rules"


def test_reports_and_rules_are_read_by_committee(stage):
    here, there = stage.files(PRODUCTS, "Annuaire"), stage.files(PARTNERS, "Guichet")
    for repository, number, title in ((PRODUCTS, here, "Annuaire"), (PARTNERS, there, "Guichet")):
        found = rows(
            from_register(stage.register, repository), stage.policies.of(repository), stage.now + timedelta(hours=1)
        )
        assert [(row.number, row.title) for row in found] == [(number, title)]
    assert stage.policies.of(PRODUCTS).committee.called(PRODUCTS) == "produits"
    assert stage.policies.of(PARTNERS).committee.called(PARTNERS) == "Comité-partenaires"


COMMON = ".github/jalon-commun.yml"


@pytest.fixture
def without_rules(stage):
    """The repository of the common part has no rules of its own."""
    stage.hub.worlds[PRODUCTS].delete_file("secretariat", PATH)


@pytest.fixture
def extending(stage):
    """A committee whose rules extend a file of another repository of its organisation."""
    own, mark, rest = rules(INNOVATION).partition("\naspects:")
    for world in stage.hub.worlds.values():
        world.app.permissions = world.app.permissions | {"contents": "read"}
        world.app.events = [*world.app.events, "push"]
    stage.hub.worlds[PRODUCTS].write_file("secretariat", COMMON, mark + rest)
    stage.hub.worlds[INNOVATION].write_file("secretariat", PATH, f"extends: {PRODUCTS}/{COMMON}\n{own}\n")
    stage.settle()
    return mark + rest


def test_a_common_part_of_the_organisation_is_extended_and_its_push_refreshes_whoever_does(stage, extending):
    number = stage.files(INNOVATION)
    assert stage.policies.reading(INNOVATION).state == "good"
    before = stage.policies.of(INNOVATION)
    changed = extending.replace("deadline_days: 14", "deadline_days: 21")
    stage.hub.worlds[PRODUCTS].write_file("secretariat", COMMON, changed)
    stage.settle()
    after = stage.policies.of(INNOVATION)
    assert (before.gate("idee", "poc").rule.deadline_days, after.gate("idee", "poc").rule.deadline_days) == (14, 21)
    assert INNOVATION in stage.policies.news()
    assert stage.policies.of(PRODUCTS).gate("idee", "poc").rule.deadline_days == 14, "they extend nothing"
    stage.writes(INNOVATION, "cheffe-produit", number, "/demande poc")
    (opened,) = stage.facts(GateRequested)
    assert opened.policy == after.version


def test_a_push_that_tells_no_file_refreshes_whoever_extends_any_of_its_repository(stage, extending):
    assert stage.policies.extending(PRODUCTS, ()) == stage.policies.extending(PRODUCTS, (COMMON,)) == (INNOVATION,)
    assert stage.policies.extending(PRODUCTS, (".github/jalon-autre.yml",)) == ()
    stage.hub.worlds[PRODUCTS].write_file(
        "secretariat", COMMON, extending.replace("deadline_days: 14", "deadline_days: 21")
    )
    stage.hub.take_held()
    stage.turns.take(PolicyWakeUp(PRODUCTS), "rules")
    assert stage.policies.of(INNOVATION).gate("idee", "poc").rule.deadline_days == 21


def test_a_push_of_a_common_part_alone_is_no_missing_file_of_its_own_repository(stage, without_rules, extending):
    stage.hub.worlds[PRODUCTS].write_file("secretariat", COMMON, f"# Commun\n{extending}")
    stage.settle()
    assert PRODUCTS not in stage.policy_store.states()


def test_rules_never_extend_those_of_another_organisation(stage, extending):
    stage.hub.worlds[PARTNERS].write_file("secretariat", COMMON, extending)
    text = rules(INNOVATION).partition("\naspects:")[0]
    world = stage.hub.worlds[INNOVATION]
    good = stage.policies.reading(INNOVATION, again=True).policy
    world.write_file("secretariat", PATH, f"extends: {PARTNERS}/{COMMON}\n{text}\n")
    stage.settle()
    found = stage.policies.reading(INNOVATION, again=True)
    assert [problem.kind for problem in found.problems] == ["common_elsewhere"]
    assert found.policy == good, "the last good whole holds"


def moved(stage, number, begun=PRODUCTS, there=INNOVATION):
    issue = stage.hub.transfer("secretariat", begun, number, there)
    stage.settle()
    return issue.number


def test_a_product_changes_committee_with_its_history_and_leaves_its_open_gate(stage):
    stage.files(INNOVATION, "Un autre")
    number = stage.files(PRODUCTS)
    stage.writes(PRODUCTS, "cheffe-produit", number, "/demande poc")
    stage.go(PRODUCTS, number)
    assert "phase: poc" in stage.marks(PRODUCTS, number)
    stage.writes(PRODUCTS, "cheffe-produit", number, "/demande arrêt")
    stage.go(PRODUCTS, number, seats=SEATS[:3])
    before = stage.facts(GateRequested)[-1]

    here = moved(stage, number)
    assert {"phase: poc", "produit"} <= stage.marks(INNOVATION, here)
    assert "passage: demandé" not in stage.marks(INNOVATION, here)
    assert stage.stands(INNOVATION, here) == ("POC", 2)
    (told,) = [text for text in stage.answers(INNOVATION, here) if "le produit a changé de comité" in text]
    assert PRODUCTS in told

    (withdrawn,) = stage.facts(GateWithdrawn, INNOVATION)
    assert (withdrawn.gate, withdrawn.came_from) == (before.gate, PRODUCTS)
    assert stage.product_turn.plan(INNOVATION, here).effects == ()

    stage.writes(INNOVATION, "cheffe-produit", here, "/demande arrêt")
    opened = stage.facts(GateRequested, INNOVATION)[-1]
    assert opened.policy == stage.policies.of(INNOVATION).version
    for login in SEATS[1:]:
        stage.hub.worlds[INNOVATION].comment(login, here, "/go")
    stage.settle()
    assert "phase: poc" in stage.marks(INNOVATION, here), "the former committee speaks no more"
    stage.go(INNOVATION, here)
    assert "phase: arrêt" in stage.marks(INNOVATION, here)
    row = {one.number: one for one in followed(stage, INNOVATION)}[here]
    assert (row.phase, row.title) == ("arret", "SILAV")
    assert followed(stage, PRODUCTS) == ()
    assert stage.register.verify() == []


def followed(stage, repository):
    return rows(
        from_register(stage.register, repository), stage.policies.of(repository), stage.now + timedelta(hours=1)
    )


def test_a_phase_that_the_new_committee_lacks_is_left_by_the_gate_that_asks_the_most(stage):
    number = stage.files(PRODUCTS)
    stage.writes(PRODUCTS, "cheffe-produit", number, "/demande poc")
    stage.go(PRODUCTS, number)
    world = stage.hub.worlds[INNOVATION]
    world.write_file("secretariat", PATH, world.files[PATH].replace("id: poc", "id: essai").replace("poc", "essai"))
    stage.settle()
    here = moved(stage, number)
    policy = stage.policies.reading(INNOVATION, again=True).policy
    assert not policy.knows("poc")
    (row,) = followed(stage, INNOVATION)
    assert (row.phase, row.active) == ("poc", True)
    stage.writes(INNOVATION, "cheffe-produit", here, "/demande mvp")
    (opened,) = stage.facts(GateRequested, INNOVATION)[-1:]
    assert (opened.origin, opened.target) == ("poc", "mvp")
    assert opened.rule.quorum == max(gate.rule.quorum for gate in policy.gates if gate.to == "mvp")
    stage.go(INNOVATION, here)
    assert "phase: mvp" in stage.marks(INNOVATION, here)
    assert stage.stands(INNOVATION, here) == ("MVP", 2)
