"""Whatever people do, in any order, and wherever turns are cut: what must hold all the same."""

from __future__ import annotations

from collections import Counter
from dataclasses import fields, replace
from datetime import datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import HealthCheck, event, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from app.domain.decide.ballots import CHOICES, Vote, takes_back
from app.domain.decide.manual_changes import CAUSES, REPAIRS_AN_HOUR, ManualChange
from app.domain.product import history_in_comments
from app.domain.product.facts import (
    BallotCast,
    BallotVoided,
    ConditionAdded,
    Fact,
    GateDecided,
    GateRequested,
    GateWithdrawn,
    ItemAnswered,
    PhaseEntered,
)
from app.domain.product.issue import Card, Comment
from app.domain.product.lawful import breach
from app.domain.product.second_thought_facts import (
    DecisionContested,
    DecisionOverridden,
    DecisionRectified,
    LiftRectified,
    ProductPaused,
    ProductResumed,
)
from app.domain.product.second_thought_keys import NAMES
from app.domain.publish.comments import wanted_comments
from app.domain.publish.reconcile import reconcile
from app.domain.reading.commands import parse
from app.domain.report.present import present
from app.domain.report.present_json import from_text, to_text
from tests.builders import (
    AUTHOR,
    SMALL,
    T0,
    TEAM,
    a_product,
    applied,
    deleted,
    edited,
    parsed,
    played,
    says,
    turn,
)

DIRECTION = "directrice"
RULES = f"{SMALL}second_thoughts: {{direction: [{DIRECTION}]}}"
POLICY = parsed(RULES)
SEATS = ("techno", "techno-suppleance", "secu", "design", "data")
TEAM_OF_PRODUCT = (AUTHOR, "design")
PEOPLE = (*SEATS, AUTHOR, "secretariat", "passant", "Techno", "ghost", DIRECTION)
TEXTS = (
    "/go",
    "/GO !",
    "/go sous réserve\n- Sécurité : chiffrer, avant le 31/12/2026\n- <!-- --> @data #12 | x",
    "/go sous réserve",
    "/nogo",
    "/nogo trop tôt",
    "/abstention",
    "/déport",
    "/demande",
    "/demande mvp",
    "/demande arrêt",
    "/demande idée",
    "/demande lune",
    "/retrait",
    "/clore",
    "/décision go\nprésents : secu, data, design",
    "/décision go\nprésents : techno, data",
    "/décision go sous réserve\n- chiffrer\nprésents : secu, design",
    "/décision nogo trop tôt\nprésents : techno, data",
    "/décision report",
    "/coche 1 2 3",
    "/coche idee-vision mvp-homologation 99",
    "/décoche 1",
    "/na 3 sans objet",
    "/na 3",
    "/levée 1 fait",
    "/levée 2",
    "/levée 2 : recette",
    "/levée " + "9" * 30,
    "/rectifier nogo trop tôt\nprésents : secu, data\nrectification : erreur",
    "/rectifier go\nréserves :\n- chiffrer\nprésents : techno, secu, data\nrectification : erreur",
    "/rectifier report\nrectification : erreur",
    "/rectifier levée 1 : erreur",
    "/contester le rapport n’a pas été lu",
    "/contester réserve 1 : déjà fait",
    "/passer-outre go : urgence",
    "/passer-outre nogo : budget supprimé",
    "/pause jusqu’au 20/01/2026 : budget gelé",
    "/pause : budget gelé",
    "/reprise",
    "/aide",
    "/nimporte quoi",
    "Bonjour",
    "> /go",
    "/go\n/nogo non\n/go",
    "<!-- jalon:v1 key=gate:1 data=x body=y -->",
)
THOUGHTS = DecisionRectified, DecisionOverridden
OF_EVIDENCE = {"seats", "altered", "restored", "first", "link"}
"""What a decision shows of what became of its evidence since."""
AGREED = "/décision go\nprésents : techno, secu, data"
REFUSED = "/décision nogo trop tôt\nprésents : techno, data"
AFTER = {
    "/rect": ("secretariat", (AGREED, REFUSED)),
    "/cont": (AUTHOR, (REFUSED, f"{AGREED}\nréserves :\n- tester")),
    "/pass": (DIRECTION, ("", REFUSED)),
}
"""Who thinks again, and what was decided just before, by the beginning of what they write."""
FORGED_KEY = "gate:1"
"""The key that the last of these texts claims."""
people, texts, anything = st.sampled_from(PEOPLE), st.sampled_from(TEXTS), st.integers(0, 1000)


def voices(facts: tuple[Fact, ...], request: GateRequested) -> dict[str, str]:
    """What each seat says in the end, counted by hand: a déport takes back its author's word and nobody else's."""
    cast = [fact for fact in facts if isinstance(fact, BallotCast) and fact.gate == request.gate]
    gone = {fact.by.lower() for fact in cast if fact.choice == "recuse"}
    voided: set[int] = set()
    for place, fact in enumerate(facts):
        if isinstance(fact, BallotVoided) and fact.gate == request.gate:
            voided |= {id(before) for before in facts[:place] if getattr(before, "comment", 0) == fact.comment}
    found: dict[str, str] = {}
    for seat in request.seats:
        said = [fact for fact in cast if seat.id in fact.seats and id(fact) not in voided]
        last: BallotCast | None = None
        for fact in said:
            if fact.choice != "recuse" or last is None or last.by.lower() == fact.by.lower():
                last = fact
        if last and (last.choice != "recuse" or {login.lower() for login in seat.logins} <= gone):
            found[seat.id] = last.choice
    return found


def check_entry(history: tuple[Fact, ...], place: int, entered: PhaseEntered) -> None:
    """A phase is entered through a gate, after a go that the ballots bear out, or by a second thought that is told."""
    before = history[:place]
    (request,) = [fact for fact in before if isinstance(fact, GateRequested) and fact.gate == entered.gate]
    thought = [one for one in before if one.cause == entered.cause and isinstance(one, THOUGHTS)]
    if thought:
        check_thought(before, request, thought[0], entered)
        return
    (decided,) = [fact for fact in before if isinstance(fact, GateDecided) and fact.gate == entered.gate]
    assert decided.outcome == "go"
    assert not any(isinstance(fact, GateWithdrawn) and fact.gate == entered.gate for fact in before)
    votes = voices(history[: history.index(decided)], request)
    assert not any(votes.get(seat) == "nogo" for seat in request.rule.veto)
    assert request.origin == [fact.phase for fact in before if isinstance(fact, PhaseEntered)][-1]
    assert request.target == entered.phase
    check_opening(history[: history.index(request)], request)
    seen("a go decided in session" if decided.present else "a go decided by ballots")
    if decided.present:
        assert decided.by == "secretariat"
        assert len(set(decided.present)) >= request.rule.quorum
        assert {*request.rule.mandatory} <= {*decided.present} <= {seat.id for seat in request.seats}
        return
    tally = Counter(votes.values())
    spoken = {seat for seat, choice in votes.items() if choice != "recuse"}
    assert len(spoken) >= request.rule.quorum
    assert set(request.rule.mandatory) <= spoken
    assert tally["go"] > 0
    assert tally["go"] >= request.rule.threshold * (tally["go"] + tally["nogo"])


def check_thought(before: tuple[Fact, ...], request: GateRequested, thought: Fact, entered: PhaseEntered) -> None:
    """No phase by a second thought without the quorum of its rule, or without the name and the reason of who overrode.

    Nothing was asked of the committee since, and what was decided is still there.
    """
    assert not any(isinstance(fact, GateRequested) and fact.gate > request.gate for fact in before)
    assert before[-1] is thought or isinstance(before[-1], ConditionAdded)
    if isinstance(thought, DecisionOverridden):
        seated = {login.lower() for seat in request.seats for login in seat.logins}
        assert thought.by in POLICY.second_thoughts.direction or thought.by == "visiteur"
        assert thought.reason
        assert thought.by.lower() not in seated | {login.lower() for login in TEAM_OF_PRODUCT}
        assert (thought.outcome, entered.phase) == ("go", request.target)
        seen("a phase entered by an override that is told")
        return
    assert isinstance(thought, DecisionRectified)
    (decided,) = [fact for fact in before if isinstance(fact, GateDecided) and fact.gate == request.gate]
    assert thought.by == "secretariat"
    assert thought.why
    assert decided.present or decided.cause.startswith("comment:")
    assert entered.phase == (request.target if thought.outcome == "go" else request.origin)
    if thought.outcome == "later":
        return
    assert len(set(thought.present)) >= request.rule.quorum
    if thought.outcome == "go":
        assert {*request.rule.mandatory} <= {*thought.present}
        votes = voices(before, request)
        assert not any(votes.get(seat) == "nogo" for seat in request.rule.veto)
    seen("a phase entered by a decision put right")


def check_opening(before: tuple[Fact, ...], request: GateRequested) -> None:
    """A gate opens on a legal move, its required items settled."""
    gate = POLICY.gate(request.origin, request.target)
    assert gate
    states = {fact.item: fact.answer for fact in before if isinstance(fact, ItemAnswered)}
    required = [item.id for item in POLICY.checklist(request.origin) if item.required]
    assert not gate.checklist or all(states.get(item, "open") != "open" for item in required)
    last = next((fact for fact in reversed(before) if isinstance(fact, ProductPaused | ProductResumed)), None)
    assert not isinstance(last, ProductPaused), "nothing is asked of a paused product"


REACHED: Counter[str] = Counter()
"""What the lives of this run went through."""


def seen(what: str) -> None:
    REACHED[what] += 1
    event(what)


def kind_of(comment: Comment) -> str:
    """Whose comment it is, and whether it still bears a mark of Jalon's."""
    if not comment.by_bot:
        return "person's"
    return "marked" if comment.trace and comment.trace.key else "markless"


class Life(RuleBasedStateMachine):
    """One product lived through by everybody at once."""

    def __init__(self) -> None:
        super().__init__()
        self.product = a_product(POLICY, assignees=TEAM_OF_PRODUCT[1:])
        self.now = T0
        self.move: ManualChange | None = None
        self.checked = 0
        self.reported: tuple[Fact, ...] | None = None
        self.told: dict[str, dict[str, object]] = {}
        self.insisted = 0

    @initialize(
        phase=st.sampled_from([None, "mvp", "arrêt"]),
        spoilt_by=st.sampled_from(["", "", "", "techno", "secretariat", "nobody"]),
        again=st.sampled_from(["", *(text for text in TEXTS if text.startswith(tuple(AFTER)))]),
        pick=anything,
    )
    def begin(self, phase: str | None, spoilt_by: str, again: str, pick: int) -> None:
        if phase:
            self.prepare_and_ask(phase)
        if again and not spoilt_by:
            self.think_again_of(again, pick)
            return
        if phase and spoilt_by == "nobody":
            self.agree(["techno", "secu", "data"], "/go", last=True)
            self.product = turn(self.product, POLICY, self.now)
            return
        for cast in self.votes("techno") if phase and spoilt_by else ():
            self.change_words(cast.comment, spoilt_by, "/go ?")

    def votes(self, login: str) -> list[BallotCast]:
        self.product = turn(says(self.product, login, "/go"), POLICY, self.now)
        return self.ballots()

    @rule(login=people, text=texts)
    def say(self, login: str, text: str) -> None:
        self.product = says(self.product, login, text)

    @rule(text=texts)
    def say_as_the_team(self, text: str) -> None:
        self.product = says(self.product, AUTHOR, text)

    @rule(phase=st.sampled_from(["mvp", "arrêt", "idée", ""]))
    def prepare_and_ask(self, phase: str) -> None:
        asked = len(POLICY.checklist(self.product.standing.phase or "idee"))
        items = " ".join(str(number) for number in range(1, asked + 1)) or "1"
        self.product = turn(says(self.product, AUTHOR, f"/coche {items}\n/demande {phase}"), POLICY, self.now)

    @precondition(lambda self: self.product.standing.open_gate)
    @rule(login=st.sampled_from(SEATS), text=st.sampled_from(TEXTS[:8]), hesitates=st.booleans())
    def vote(self, login: str, text: str, hesitates: bool) -> None:
        self.product = says(self.product, login, text)
        number = self.product.issue.comments[-1].id
        self.product = turn(self.product, POLICY, self.now)
        if hesitates:
            self.change_words(number, login, "/go ?")
            self.change_words(number, login, text)

    def change_words(self, number: int, login: str, text: str) -> None:
        self.tick_of_the_clock()
        self.product = turn(edited(self.product, number, login, text, self.now), POLICY, self.now)

    @precondition(lambda self: self.product.standing.open_gate)
    @rule(order=st.permutations(["techno", "secu", "data"]), text=st.sampled_from(TEXTS[:3]), last=st.booleans())
    def agree(self, order: list[str], text: str, last: bool) -> None:
        for login in order if last else order[:-1]:
            self.product = says(self.product, login, text)

    @precondition(lambda self: self.product.standing.open_gate)
    @rule(login=st.sampled_from(["", "secretariat", "ghost"]), text=texts, doubts=st.booleans(), pick=anything)
    def spoil_a_ballot(self, login: str, text: str, doubts: bool, pick: int) -> None:
        """By its author, who may be of two minds, or by others; one is cast first if there is none."""
        if ballots := self.ballots() or self.votes(SEATS[pick % len(SEATS)]):
            cast = ballots[pick % len(ballots)]
            for who, words in ((cast.by, "/go ?"), (cast.by, "/go"), (login or cast.by, text))[0 if doubts else 2 :]:
                self.change_words(cast.comment, who, words)

    @precondition(lambda self: self.product.standing.open_gate)
    @rule(pick=anything)
    def delete_a_ballot(self, pick: int) -> None:
        if ballots := self.ballots():
            self.product = deleted(self.product, ballots[pick % len(ballots)].comment)

    def ballots(self) -> list[BallotCast]:
        gate = self.product.standing.open_gate
        return [ballot.fact for ballot in gate.ballots] if gate else []

    @precondition(lambda self: any(c.trace and c.trace.boxes for c in self.product.issue.comments))
    @rule(login=people, pick=anything)
    def click(self, login: str, pick: int) -> None:
        lists = [c for c in self.product.issue.comments if c.trace and c.trace.boxes]
        comment = lists[pick % len(lists)]
        assert comment.trace
        item = sorted(comment.trace.boxes)[pick % len(comment.trace.boxes)]
        lines = [
            line[:3] + ("x" if line[3] == " " else " ") + line[4:] if f"<!-- {item} -->" in line else line
            for line in comment.body.split("\n")
        ]
        self.tick_of_the_clock()
        self.product = edited(self.product, comment.id, login, "\n".join(lines), self.now)

    @precondition(lambda self: self.product.issue.comments)
    @rule(login=people, text=texts | st.just(TEXTS[-1]), pick=anything)
    def rewrite(self, login: str, text: str, pick: int) -> None:
        self.rewrite_at(login, text, pick)

    def rewrite_at(self, login: str, text: str, pick: int) -> None:
        comment = self.product.issue.comments[pick % len(self.product.issue.comments)]
        # Half of the time the text is kept, so that Jalon's own mark survives on its comments.
        is_forged = "jalon:v1" in text
        if kind_of(comment) == "markless" and is_forged and self.bears(FORGED_KEY):
            # Two comments with one key would be the forger's doing: only GitHub's permissions keep that out.
            seen("a mark that another comment bears is not forged")
            return
        seen(f"a {kind_of(comment)} comment rewritten")
        seen("a mark forged" if is_forged else "a comment given words")
        keeps = pick % 2 or (kind_of(comment) == "marked" and is_forged)
        body = f"{text}\n\n{comment.body}" if keeps else text
        self.tick_of_the_clock()
        self.product = edited(self.product, comment.id, login, body, self.now)

    @precondition(lambda self: any(kind_of(comment) == "marked" for comment in self.product.issue.comments))
    @rule(login=people, pick=anything, then=st.sampled_from(["", "Merci à tous.", *TEXTS[-1:]]))
    def unmark(self, login: str, pick: int, then: str) -> None:
        """Jalon's words are kept, its mark is taken away, and sometimes another one put there later."""
        marked = [comment for comment in self.product.issue.comments if kind_of(comment) == "marked"]
        comment = marked[pick % len(marked)]
        self.tick_of_the_clock()
        self.product = edited(self.product, comment.id, login, comment.body.partition("<!-- jalon:v1")[0], self.now)
        if then:
            place = [each.id for each in self.product.issue.comments].index(comment.id)
            self.rewrite_at(login, then, place)

    @precondition(lambda self: self.product.issue.comments)
    @rule(pick=anything)
    def delete(self, pick: int) -> None:
        self.product = deleted(self.product, self.product.issue.comments[pick % len(self.product.issue.comments)].id)

    @precondition(lambda self: self.product.issue.card)
    @rule(login=people, column=st.sampled_from(["Idée", "MVP", "Arrêt", None]), number=anything, lost=st.booleans())
    def drag(self, login: str, column: str | None, number: int, lost: bool) -> None:
        issue = replace(self.product.issue, card=Card("PVTI_1", column))
        self.product = replace(self.product, issue=issue)
        self.move = None if lost else ManualChange(login, f"livraison-{number}")

    @precondition(lambda self: self.product.issue.card)
    @rule(login=people, column=st.sampled_from(["MVP", "Arrêt"]), minutes=st.sampled_from([1, 25, 61]))
    def insist(self, login: str, column: str, minutes: int) -> None:
        """A card moved again as soon as it is put back."""
        for _ in range(REPAIRS_AN_HOUR + 2):
            self.insisted += 1
            issue = replace(self.product.issue, card=Card("PVTI_1", column))
            self.product = replace(self.product, issue=issue)
            self.product = turn(self.product, POLICY, self.now, ManualChange(login, f"insistance-{self.insisted}"))
            self.now += timedelta(minutes=minutes)

    @rule(
        login=people,
        labels=st.frozensets(st.sampled_from(["phase: mvp", "passage: refusé", "à moi"])),
        number=anything,
        by_bot=st.booleans(),
    )
    def relabel(self, login: str, labels: frozenset[str], number: int, by_bot: bool) -> None:
        self.product = replace(self.product, issue=replace(self.product.issue, labels=labels | {"produit"}))
        self.move = ManualChange(login, f"étiquette-{number}", "labels", by_bot, label=min(labels, default=""))

    @rule(login=people, lost=st.booleans())
    def close(self, login: str, lost: bool) -> None:
        self.tick_of_the_clock()
        self.product = replace(self.product, issue=replace(self.product.issue, is_open=False, closed_at=self.now))
        self.move = None if lost else ManualChange(login, "fermeture", "closed")

    @precondition(lambda self: self.product.issue.card)
    @rule(login=people, number=anything, deleted_too=st.booleans())
    def take_off_the_board(self, login: str, number: int, deleted_too: bool) -> None:
        card = None if deleted_too else replace(self.product.issue.card, archived=True)
        self.product = replace(self.product, issue=replace(self.product.issue, card=card))
        self.move = ManualChange(login, f"retrait-{number}", "removed")

    @rule(assignees=st.sampled_from([TEAM_OF_PRODUCT[1:], (*TEAM_OF_PRODUCT[1:], "data")]))
    def assign(self, assignees: tuple[str, ...]) -> None:
        self.product = replace(self.product, issue=replace(self.product.issue, assignees=assignees))

    @precondition(lambda self: self.product.standing.open_gate)
    @rule(text=st.sampled_from([text for text in TEXTS if text.startswith("/décision")]) | st.just(AGREED))
    def decide_in_session(self, text: str) -> None:
        self.product = turn(says(self.product, "secretariat", text), POLICY, self.now)

    @rule(text=st.sampled_from([text for text in TEXTS if text.startswith(tuple(AFTER))]), pick=anything)
    def think_again(self, text: str, pick: int) -> None:
        self.think_again_of(text, pick)

    def think_again_of(self, text: str, pick: int) -> None:
        """By whoever may, of a decision just taken or of the gate just opened."""
        who, decisions = AFTER[text[:5]]
        if self.product.standing.paused:
            self.product = turn(says(self.product, AUTHOR, "/reprise"), POLICY, self.now)
        self.prepare_and_ask("")
        decided = decisions[pick % len(decisions)]
        if decided:
            self.product = turn(says(self.product, "secretariat", decided), POLICY, self.now)
        before = len(self.product.history)
        self.product = turn(says(self.product, who, text), POLICY, self.now)
        for fact in self.product.history[before:]:
            if isinstance(fact, (*THOUGHTS, DecisionContested, LiftRectified)):
                seen(f"a second thought: {type(fact).__name__}")

    @precondition(lambda self: not self.product.standing.open_gate)
    @rule(
        text=st.sampled_from(["/pause jusqu’au 20/01/2026 : gel", "/pause : gel", "/reprise"]), days=st.integers(0, 20)
    )
    def pause(self, text: str, days: int) -> None:
        self.product = turn(says(self.product, AUTHOR, text), POLICY, self.now)
        if self.product.standing.paused:
            seen("a product paused")
        self.now += timedelta(days=days)
        self.product = turn(self.product, POLICY, self.now)

    @rule(phase=st.sampled_from(["", "mvp"]))
    def meet(self, phase: str) -> None:
        """Asked just before the session, decided in it."""
        self.prepare_and_ask(phase)
        self.product = turn(says(self.product, "secretariat", AGREED), POLICY, self.now)

    @rule(team=st.sampled_from([TEAM, TEAM, TEAM - {"secu"}, None]))
    def change_team(self, team: frozenset[str] | None) -> None:
        self.product = replace(self.product, issue=replace(self.product.issue, team=team))

    @rule(days=st.sampled_from([0, 1, 15]))
    def wait(self, days: int) -> None:
        self.now += timedelta(days=days)

    def bears(self, key: str) -> bool:
        return any(comment.trace and comment.trace.key == key for comment in self.product.issue.comments)

    def tick_of_the_clock(self) -> None:
        self.now += timedelta(seconds=1)

    @rule(times=st.integers(1, 2))
    def whole_turn(self, times: int) -> None:
        for _ in range(times):
            self.product = turn(self.product, POLICY, self.now, self.move)
        assert reconcile(self.product, POLICY, self.now) == ()
        assert history_in_comments.restored_history(self.product.issue.comments).history == self.product.history
        assert breach(self.product.history, POLICY) == 0
        self.no_vote_in_doubt_counts()
        self.nothing_told_is_told_otherwise()
        self.move = None

    def nothing_told_is_told_otherwise(self) -> None:
        """What was decided, then thought again, is shown for ever as it was."""
        for wanted in wanted_comments(self.product, POLICY, self.now):
            if wanted.key.partition(":")[0] in {"decision", *NAMES.values()}:
                said = {one.name: getattr(wanted.notice, one.name) for one in fields(wanted.notice)}
                told = {name: value for name, value in said.items() if name not in OF_EVIDENCE}
                assert self.told.setdefault(wanted.key, told) == told

    def no_vote_in_doubt_counts(self) -> None:
        gate = self.product.standing.open_gate
        comments = {comment.id: comment for comment in self.product.issue.comments}
        for cast in gate.counting.values() if gate else ():
            comment = comments.get(cast.comment)
            if (
                gate
                and comment
                and comment.edited_at
                and comment.edited_at <= gate.deadline
                and cast.choice != "recuse"
            ):
                said = [parsed.command for parsed in parse(comment.body)]
                votes = [CHOICES[type(vote)] for vote in said if isinstance(vote, Vote)]
                assert comment.digest == cast.digest or not takes_back(said)
                assert votes in ([], [cast.choice]), "its comment says another vote"

    @rule(effects=st.integers(0, 5))
    def turn_cut_short(self, effects: int) -> None:
        self.product = played(self.product, POLICY, self.now, self.move)
        some = reconcile(self.product, POLICY, self.now)[:effects]
        self.product = applied(self.product, some, POLICY, self.now)

    @invariant()
    def phases_are_entered_through_gates_only(self) -> None:
        history = self.product.history
        for place in range(self.checked, len(history)):
            fact = history[place]
            if isinstance(fact, PhaseEntered) and any(isinstance(f, PhaseEntered) for f in history[:place]):
                check_entry(history, place, fact)
                seen("a phase entered through its gate")
            if isinstance(fact, BallotCast):
                check_ballot(history[:place], fact)
                seen("a ballot cast")
            if isinstance(fact, BallotVoided):
                seen("a vote taken back" if fact.by == fact.voter else "a ballot voided")
        self.checked = len(history)

    @invariant()
    def comments_have_each_their_key(self) -> None:
        keys = [comment.trace.key for comment in self.product.issue.comments if comment.trace and comment.trace.key]
        assert len(keys) == len(set(keys))

    @invariant()
    def gestures_are_undone_a_few_times_an_hour_at_most(self) -> None:
        gestures: dict[str, datetime] = {}
        for fact in self.product.history[-60:]:
            if isinstance(fact, PhaseEntered | GateDecided | GateWithdrawn):
                gestures.clear()
            elif fact.cause.startswith(CAUSES):
                gestures.setdefault(fact.cause, fact.at)
        times = list(gestures.values())
        if len(times) > REPAIRS_AN_HOUR:
            seen("more gestures undone than an hour allows")
        assert all(
            later - sooner >= timedelta(hours=1) for sooner, later in zip(times, times[REPAIRS_AN_HOUR:], strict=False)
        )

    @invariant()
    def what_is_kept_for_reports_is_what_the_history_says(self) -> None:
        if self.product.history is self.reported:
            return  # the very same facts were judged a step before
        self.reported = self.product.history
        told = present(self.product.history)
        assert from_text(to_text(told)) == told
        assert told.open_gate == self.product.standing.open_gate

    @invariant()
    def one_gate_is_open_at_most(self) -> None:
        gates = list(self.product.standing.gates.values())
        assert not any(gate.is_open for gate in gates[:-1])
        assert all(one.request.gate < two.request.gate for one, two in pairwise(gates))


def check_ballot(before: tuple[Fact, ...], cast: BallotCast) -> None:
    """A ballot is cast for seats of the gate by people who may speak for them, never by the product's own."""
    (request,) = [fact for fact in before if isinstance(fact, GateRequested) and fact.gate == cast.gate]
    logins = {seat.id: {login.lower() for login in seat.logins} for seat in request.seats}
    assert cast.seats
    assert all(cast.by.lower() in logins[seat] for seat in cast.seats)
    assert cast.by.lower() not in {*TEAM_OF_PRODUCT, *request.concerned}


JUDGED = {
    *("a phase entered through its gate", "a go decided by ballots"),
    *("a ballot cast", "a ballot voided", "a vote taken back", "more gestures undone than an hour allows"),
    *("a mark that another comment bears is not forged", "a mark forged", "a comment given words"),
    *("a markless comment rewritten", "a marked comment rewritten"),
    *("a phase entered by an override that is told", "a phase entered by a decision put right", "a product paused"),
    *(f"a second thought: {name}" for name in ("DecisionRectified", "DecisionContested", "DecisionOverridden")),
}
"""What the lives must have gone through: a condition that is never met judges nothing."""


@pytest.mark.slow
def test_lives_keep_every_promise_and_reach_what_they_judge() -> None:
    REACHED.clear()
    run_state_machine_as_test(
        Life,
        settings=settings(
            max_examples=max(150, settings.default.max_examples),
            stateful_step_count=40,
            deadline=None,
            suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
        ),
    )
    assert REACHED.keys() >= JUDGED, sorted(JUDGED - REACHED.keys())
