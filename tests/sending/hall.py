"""A Jalon that tells news, with nothing of GitHub but its rules, a clock, and what its channels were given."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from app.domain.policy.notice_settings import NoticeChannel
from app.engine import open_database
from app.engine.courier import Courier
from app.engine.pulse import Pulse
from app.sending.channels import NotSentError
from app.sending.links import DigestLinks
from app.sending.newsroom import Newsroom
from app.sending.writer import Writer
from app.store.key_values import KeyValues
from app.store.outbox import Outbox
from app.store.register import Register
from app.store.troubles import Troubles
from tests.builders import a_small_policy
from tests.lives import REPOSITORY, Life

WEDNESDAY = datetime(2026, 11, 18, 11, 0, tzinfo=UTC)
PLAIN = ("gate_opened", "decision", "overdue")
WEB, PAGES = "https://github.example", "https://jalon.example"


class Death(BaseException):
    """The process, killed."""


class Hall:
    """`outcomes` are what becomes of the next sendings: None for well."""

    def __init__(self, url="sqlite://", channels=None, language="fr", known=("comité",), pages=PAGES, seal=""):
        self.now = WEDNESDAY
        self.database = open_database(url)
        channels = (NoticeChannel("comité", PLAIN),) if channels is None else channels
        self.policy = replace(a_small_policy(language), notices=channels)
        self.register, self.outbox = Register(self.database), Outbox(self.database)
        self.notes = KeyValues(self.database)
        self.troubles = Troubles(self.database, self.seconds)
        self.links = DigestLinks("PRIVATE KEY", self.notes)
        self.newsroom = self.another_newsroom(known)
        self.writer = Writer(self.register, self, self.links, self.clock, WEB, pages, lambda: seal)
        self.sent, self.outcomes = [], []
        addresses = dict.fromkeys(known, "mailtos://secret")
        kept = (self.outbox, self.newsroom, self.writer, self.troubles, addresses)
        self.courier = Courier(*kept, self.clock, Pulse(), self.send)

    def another_newsroom(self, known=("comité",)):
        kept = (self.register, self.outbox, self.notes, self, self.troubles)
        return Newsroom(*kept, known, self.clock)

    def clock(self):
        return self.now

    def seconds(self):
        return self.now.timestamp()

    def of(self, _repository):
        return self.policy

    def send(self, _address, letter):
        outcome = self.outcomes.pop(0) if self.outcomes else None
        if outcome is Death:
            self.sent.append(letter)
            raise Death
        if outcome:
            raise NotSentError(outcome)
        self.sent.append(letter)

    def lives(self, title="Annuaire", number=1):
        return Life(self.policy, title, number).filed("2026-11-02")

    def keep(self, life, **more):
        known = len(self.register.history(f"I_{life.number}"))
        where = (REPOSITORY, life.number)
        self.register.append(f"I_{life.number}", where, known, tuple(life.facts[known:]), "d", **more)

    def passes(self, **span):
        self.now += timedelta(**span)
        self.courier.tick()

    def close(self):
        self.database.dispose()
