"""A local GitHub where Jalon has worked: one product decided, one refused, one waiting, one just filed."""

from __future__ import annotations

import json

import pytest

from app.bootstrap import Jalon
from app.demo.seed import seed
from app.settings import read_settings
from app.turns.wakeup import wake_up
from local_github.server import Sandbox
from tests.builders import a_body, a_policy

REQUIRED = "/coche " + " ".join(str(number) for number in range(1, 15))
SEATS = ("techno", "archi", "communs", "design", "data", "secu", "transfo")


class Stage:
    """The local GitHub, its Jalon, and what people do there."""

    def __init__(self, folder) -> None:
        self.hub = Sandbox(seed(), port=0)
        self.hub.hold = True
        self.hub.start()
        self.environment = self.hub.environment() | {"JALON_DATABASE_URL": f"sqlite:///{folder}/jalon.db"}
        self.jalon = Jalon(read_settings(self.environment))

    @property
    def world(self):
        return self.hub.world

    def settle(self) -> None:
        for headers, body in self.hub.take_held():
            wake = wake_up(headers["X-GitHub-Event"], json.loads(body))
            if wake:
                self.jalon.turns.take(wake, headers["X-GitHub-Delivery"])

    def files(self, title: str) -> int:
        number = self.world.open_issue("cheffe-produit", title, a_body(a_policy()), ["produit"]).number
        self.settle()
        return number

    def says(self, login: str, number: int, text: str) -> None:
        self.world.comment(login, number, text)
        self.settle()

    def played(self) -> None:
        go, refused, waiting, _ = (self.files(title) for title in ("Un | deux", "Refusé", "Attend", "Neuf"))
        self.world.add_labels("secretariat", go, ["besoin: design"])
        self.settle()
        for number in (go, refused, waiting):
            self.says("cheffe-produit", number, f"{REQUIRED}\n/demande")
        for seat in SEATS:
            self.says(seat, go, "/go sous réserve : relire les droits" if seat == "secu" else "/go")
            self.says(seat, refused, "/nogo le besoin n’est pas étayé")
        self.says("techno", waiting, "/go")


@pytest.fixture
def stage(tmp_path):
    found = Stage(tmp_path)
    yield found
    found.hub.stop()
    found.jalon.database.dispose()
