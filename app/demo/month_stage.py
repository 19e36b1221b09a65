"""The stage of a story that lasts a month: the App runs in this very process, so that its clock is the story's."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path

from app.bootstrap import Jalon
from app.demo.month_clock import DAWN, StoryClock, hours, moment_told
from app.demo.scenario import StoryError
from app.demo.sealed import seal_demo
from app.demo.stage import Stage
from app.demo.visit import Visit
from app.engine.pulse import Pulse
from app.settings import read_settings
from app.web.server import LOOP_S, Server
from app.web.webhook import Webhook
from app.web.wsgi import SetupService, WebSwitch
from local_github.several import Several

MONDAY, SATURDAY = 0, 5
Command = Callable[[Mapping[str, str], Callable[[], datetime], tuple[str, ...]], str]
"""Runs a command of `jalon` with these settings at the story's hour, and gives what it printed; raises StoryError."""


class MonthStage(Stage):
    """`command` comes from the command line, which alone knows its commands."""

    def __init__(self, hub: Several, port: int, folder: Path, clock: StoryClock, command: Command) -> None:
        super().__init__(hub, port, folder)
        self.clock, self._run = clock, command
        self._values = {**hub.environment(), "JALON_DATABASE_URL": self._database, "JALON_PUBLIC_URL": self.url}
        self._jalon: Jalon | None = None
        self._web: Server | None = None
        self.repositories = tuple(hub.worlds)

    def start_app(self) -> None:
        self._values |= seal_demo(self._folder, self._database, self.clock)
        jalon = self._jalon = Jalon(read_settings(self._values), self.clock)
        jalon.worker.start(with_schedules=False)  # they run when the story's hour comes: see `passes_to`
        front = WebSwitch(SetupService(jalon.settings.api_url, jalon=jalon))
        self._web = Server(Webhook(front, front.parts), "127.0.0.1", self._port, Pulse().part("web", LOOP_S))
        self._web.start()
        jalon.schedules.tick()

    def kill_app(self) -> None:
        raise StoryError("l’App de ce récit ne se tue pas : elle vit avec lui")

    def stop_app(self) -> None:
        if self._web:
            self._web.stop()
        if self._jalon:
            self._jalon.worker.stop()
            self._jalon.database.dispose()

    def jalon(self, *arguments: str, database: str = "") -> str:
        """`database`: another one, such as an empty one to fill again."""
        values = self._values | ({"JALON_DATABASE_URL": database} if database else {})
        return self._run(values, self.clock, arguments)

    def passes_to(self, moment: datetime) -> None:
        """Every day between now and then passes, with what it brings of itself; then what is due at that moment.

        Raises StoryError for a day that has passed already: a story told out of order would say wrong dates.
        """
        if moment.date() < self.clock.today:
            raise StoryError(f"le {moment_told(moment)} est déjà passé : nous sommes le {self.clock.today:%d/%m/%Y}")
        for hour in hours(self.clock(), moment):
            self.clock.passes_to(hour)
            self._lives(hour)
        self.clock.passes_to(moment)
        self._falls_due()

    def visit(self, login: str) -> Visit:
        return Visit(self.url, self.hub.url, login)

    def _lives(self, hour: datetime) -> None:
        if hour.time() == DAWN:
            for repository in self.repositories:
                self._workflows(repository, hour.weekday())
        self._falls_due()

    def _workflows(self, repository: str, weekday: int) -> None:
        """What « comite.yml », from Monday to Friday, and « bilan.yml », on Mondays, run at dawn where installed."""
        if weekday < SATURDAY:
            self.jalon("agenda", "--publish", "--repo", repository)
            self.jalon("agenda", "--releve", "--publish", "--repo", repository)
        if weekday == MONDAY:
            self.jalon("digest", "--publish", "--repo", repository)

    def _falls_due(self) -> None:
        if self._jalon:
            self._jalon.schedules.tick()
            self.settle()
