"""Puts the rooms together: one running Jalon made from its settings."""

from __future__ import annotations

from datetime import UTC, datetime

from app.engine import Inbox, Worker, open_database
from app.github.client import Client
from app.github.policies import Policies
from app.register import Register
from app.settings import Settings
from app.turn import Turns


def utc_now() -> datetime:
    return datetime.now(UTC)


class Jalon:
    """The parts that the web and the command line share."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.database = open_database(settings.database_url)
        self.register = Register(self.database)
        self.inbox = Inbox(self.database)
        self.client = Client(settings)
        self.policies = Policies(self.client)
        self.turns = Turns(self.client, self.policies, self.register, utc_now, settings.board)
        self.worker = Worker(self.database, self.inbox, self.turns)
