"""The door of the web: set-up pages at all times, the rest once Jalon has something to run with."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from flask import Flask, Response

from app.bootstrap import Jalon
from app.github.manifest import Registered
from app.github.reading_rights import ReadingRights
from app.settings import inherited, read_settings
from app.setup.checks import Check, Checks, met
from app.setup.directions_check import directions
from app.setup.secrets import app_variables, variable_lines, write_once
from app.web import Pages, create_app
from app.web.services import Services
from app.web.setup import create_installer
from app.web.setup_code import Access
from app.web.webhook import NO_APP

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

Start = Callable[[Jalon], None]


@dataclass
class SetupService:
    """Stands behind the set-up pages of one process."""

    api_url: str
    secrets: Path | None = None
    """Where a new App's secrets go; None: shown in the terminal, for a platform that keeps them itself."""
    say: Callable[[str], None] = print
    start: Start = lambda _: None
    jalon: Jalon | None = None
    with_worker: bool = True
    """Whether this process also takes turns: then it is only ready when its worker is."""
    access: Access = field(default_factory=Access)

    def is_configured(self) -> bool:
        return self.jalon is not None

    def keep(self, app: Registered) -> str:
        """Raises FileExistsError when the file appeared meanwhile: nothing is replaced."""
        values = app_variables(app, self.api_url)
        if self.secrets:
            write_once(self.secrets, values)
            told = f"Ses secrets sont dans le fichier « {self.secrets} » du serveur, lisible par son seul propriétaire."
        else:
            self.say(f"Réglages de l’App, à donner à votre plateforme :\n{variable_lines(values)}")
            told = "Ses secrets sont affichés dans le terminal, une seule fois : donnez-les à votre plateforme."
        self.jalon = Jalon(read_settings(inherited(values)))
        self.start(self.jalon)
        return f"{told} Jalon tourne déjà avec eux."

    def checks(self) -> tuple[Check, ...]:
        """What GitHub answers now, what the products tell, then what GitHub has refused lately, in its own words."""
        jalon = self.jalon
        if not jalon:
            return ()
        named = directions(jalon.register, jalon.register.repositories(), jalon.policies.of)
        return (*Checks(jalon.client, self.api_url).run(), *named, *met(jalon.troubles.told()))


class WebSwitch:
    """One WSGI application for all pages: those of the set-up at all times, the portfolio's once there is an App."""

    def __init__(self, installer: SetupService) -> None:
        self._installer, self._pages = installer, create_installer(installer)
        self._app: Flask | None = None

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        path = environ.get("PATH_INFO", "")
        if path == "/setup" or path.startswith("/setup/"):
            return self._pages(environ, start_response)
        app = self._portfolio()
        return app(environ, start_response) if app else Response(f"{NO_APP[1]}\n", NO_APP[0])(environ, start_response)

    def parts(self) -> Services | None:
        """What the webhook works with; None as long as there is no App."""
        app = self._portfolio()
        return app.extensions["jalon"] if app else None

    def _portfolio(self) -> Flask | None:
        jalon = self._installer.jalon
        if self._app is None and jalon is not None:
            worker = jalon.worker if self._installer.with_worker else None
            rights = ReadingRights(jalon.client.in_background(), jalon.clock)
            asked = (jalon.policies.of, jalon.digests.missing, jalon.catalogues.of, jalon.needs, jalon.clock)
            pages = Pages(*asked, rights.may_read)
            self._app = create_app(jalon.settings, jalon.inbox, jalon.register, worker, pages, jalon.pulse)
        return self._app
