"""A local GitHub where Jalon has worked: one product decided, one refused, one waiting, one just filed."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from tests.builders import a_body, a_policy
from tests.stage import Stage

REQUIRED = "/coche " + " ".join(str(number) for number in range(1, 15))
SEATS = ("techno", "archi", "communs", "design", "data", "secu", "transfo")


class Week(Stage):
    """What people do in a week."""

    @property
    def environment(self):
        return self.hub.environment() | {"JALON_DATABASE_URL": self.database.url.render_as_string(hide_password=False)}

    def files(self, title: str) -> int:
        number = self.world.open_issue("cheffe-produit", title, a_body(a_policy()), ["produit"]).number
        self.settle()
        return number

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
    found = Week.at(tmp_path)
    found.now = datetime.now(UTC).replace(microsecond=0)  # commands tell of the week it is
    yield found
    found.close()
