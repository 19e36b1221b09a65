"""Whatever people do and whatever becomes of the deliveries, through the local GitHub and over HTTP: what must hold."""

from __future__ import annotations

import json
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule

from app.demo.seed import seed
from app.domain.product.facts import BallotCast, PhaseEntered
from app.github import markers
from app.github.apply import apply
from app.github.policies import PATH
from app.turns.wakeup import ProductWakeUp, wake_up
from tests.builders import AUTHOR, SMALL, a_body, a_small_policy
from tests.domain.test_properties import TEAM_OF_PRODUCT, TEXTS, check_ballot, check_entry
from tests.stage import Stage, listening

PEOPLE = ("techno", "secu", "data", "design", AUTHOR, "secretariat", "visiteur", "archi")
COLUMNS = ("Idée", "POC", "MVP", "Arrêt")
anything = st.integers(0, 1000)


class CrashError(Exception):
    """The process died here; GitHub has what was done before."""


def a_seed() -> dict[str, Any]:
    """The demonstration's organisation under rules small enough to reach a decision in a few words."""
    made = seed()
    made["repository"]["files"][PATH] = f"{SMALL}second_thoughts: {{direction: [visiteur]}}"
    return made


class Lives(RuleBasedStateMachine):
    """One product, everybody at once, and a post that loses, repeats and shuffles."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = tempfile.TemporaryDirectory()
        self.stage = Stage(listening(seed=a_seed()), f"sqlite:///{Path(self.folder.name)}/jalon.db")
        self.stage.applier, self.hub, self.world = self.apply, self.stage.hub, self.stage.world
        self.register = self.stage.register
        self.left, self.post = 0, []

    def apply(self, *arguments: Any) -> Any:
        answer = apply(*arguments)
        self.left -= 1
        if self.left == 0:
            raise CrashError
        return answer

    @initialize(ready=st.booleans())
    def file(self, ready: bool) -> None:
        issue = self.world.open_issue(AUTHOR, "Portail des agréments", a_body(a_small_policy()), ["produit"])
        self.number, self.node = issue.number, issue.node_id
        self.world.set_assignees("secretariat", self.number, TEAM_OF_PRODUCT[1:])
        if ready:
            self.world.comment(AUTHOR, self.number, "/coche 1 2 3\n/demande mvp")
        self.collect()
        self.deliver(0, "once")

    def collect(self) -> None:
        self.post += self.hub.take_held()

    def people_comments(self) -> list[Any]:
        return [one for one in self.world.issues[self.number].comments if one.author != self.world.bot]

    @rule(login=st.sampled_from(PEOPLE), text=st.sampled_from(TEXTS))
    def say(self, login: str, text: str) -> None:
        self.world.comment(login, self.number, text)
        self.collect()

    @rule(order=st.permutations(["techno", "secu", "data"]), text=st.sampled_from(TEXTS[:3]))
    def agree(self, order: list[str], text: str) -> None:
        self.world.comment(AUTHOR, self.number, "/coche 1 2 3\n/demande mvp")
        for login in order:
            self.world.comment(login, self.number, text)
        self.collect()

    @precondition(lambda self: self.people_comments())
    @rule(
        login=st.sampled_from(["secretariat", "author"]), text=st.sampled_from(TEXTS), gone=st.booleans(), pick=anything
    )
    def rewrite(self, login: str, text: str, gone: bool, pick: int) -> None:
        comment = self.people_comments()[pick % len(self.people_comments())]
        who = comment.author if login == "author" else login
        if gone:
            self.world.delete_comment(who, comment.id)
        else:
            self.world.edit_comment(who, comment.id, text)
        self.collect()

    @rule(pick=anything)
    def tick(self, pick: int) -> None:
        """A box of Jalon's checklist, clicked by the secretariat, who may edit comments."""
        lists = [
            one for one in self.world.issues[self.number].comments if "- [" in one.body and one.author == self.world.bot
        ]
        if lists:
            comment = lists[pick % len(lists)]
            done = "[x]" in comment.body and pick % 2
            self.world.edit_comment(
                "secretariat", comment.id, comment.body.replace(*("[x]", "[ ]") if done else ("[ ]", "[x]"), 1)
            )
            self.collect()

    @rule(login=st.sampled_from(PEOPLE), column=st.sampled_from(COLUMNS))
    def drag(self, login: str, column: str) -> None:
        card = self.world.card_of(self.number)
        if card:
            option = next(item.id for item in self.world.options if item.name == column)
            self.world.move_card(login, card.id, option)
            self.collect()

    @precondition(lambda self: self.post)
    @rule(pick=anything, how=st.sampled_from(["once", "once", "twice", "again later", "lost"]))
    def deliver(self, pick: int, how: str) -> None:
        """Any delivery may come first, come twice, come back later or never come."""
        parcel = self.post.pop(pick % len(self.post))
        if how == "again later":
            self.post.append(parcel)
        for _ in range({"lost": 0, "twice": 2}.get(how, 1)):
            self.take(parcel)

    @precondition(lambda self: self.post)
    @rule(pick=anything, effects=st.integers(1, 4))
    def crash(self, pick: int, effects: int) -> None:
        """The process dies after some effects; its engine will try the same delivery again."""
        parcel = self.post[pick % len(self.post)]
        self.left = effects
        with suppress(CrashError):
            self.take(parcel)
        self.left = 0

    def take(self, parcel: tuple[dict[str, str], bytes]) -> None:
        headers, body = parcel
        wake = wake_up(headers["X-GitHub-Event"], json.loads(body))
        if wake:
            self.stage.take(wake, headers["X-GitHub-Delivery"])
        self.collect()

    def teardown(self) -> None:
        try:
            if self.hub.world.issues:
                self.end()
        finally:
            self.stage.close()
            self.folder.cleanup()

    def end(self) -> None:
        """One last event and a sweep, every delivery lost until then staying lost; then everything must hold."""
        self.post.clear()
        self.world.comment("visiteur", self.number, "Où en est-on ?")
        self.collect()
        while self.post:
            self.take(self.post.pop(0))
        swept = ProductWakeUp(self.node, self.world.repository, self.number, in_background=True)
        self.stage.take(swept, "sweep")
        plan = self.stage.product_turn.plan(self.world.repository, self.number)
        history = self.register.history(self.node)
        assert plan.effects == ()
        assert plan.product.history == history
        assert self.register.verify() == []
        traces = [
            markers.read_marker(one.body)
            for one in self.world.issues[self.number].comments
            if one.author == self.world.bot
        ]
        keys = [trace.key for trace in traces if trace]
        assert len(keys) == len(set(keys))
        for place, fact in enumerate(history):
            if isinstance(fact, PhaseEntered) and any(isinstance(one, PhaseEntered) for one in history[:place]):
                check_entry(history, place, fact)
            if isinstance(fact, BallotCast):
                check_ballot(history[:place], fact)


TestLives = Lives.TestCase
TestLives.settings = settings(
    max_examples=6,
    stateful_step_count=20,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],  # shrinking over HTTP takes minutes
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
