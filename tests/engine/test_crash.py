"""A crash between two changes harms nothing: the turn starts again, finds what was done, and does the rest."""

from __future__ import annotations

import pytest

from app.demo.seed import seed
from local_github.server import Sandbox
from tests.engine.stage import Process, body, until
from tests.ports import free_port

pytestmark = pytest.mark.slow


@pytest.mark.parametrize("call", [1, 2])
@pytest.mark.parametrize("moment", ["before", "after"])
def test_killed_around_each_call_then_restarted_nothing_is_lost_or_doubled(tmp_path, moment, call):
    """A filing takes two: all that can be said at once, then the fields of the card that the first has made."""
    port = free_port()
    hub = Sandbox(seed(), app_url=f"http://127.0.0.1:{port}")
    hub.start()
    environment = hub.environment() | {"JALON_DATABASE_URL": f"sqlite:///{tmp_path}/jalon.db"}
    app = Process.serve(environment, port, dies=(moment, call))
    try:
        number = hub.world.open_issue("cheffe-produit", "SISAC", body(), ["produit"]).number
        app.wait_killed()
        app = Process.serve(environment, port)
        until(lambda: len(hub.world.issues[number].comments) == 2)
        assert "phase: idée" in hub.world.issues[number].labels
        until(lambda: columns(hub) == ["Idée"])
        hub.wait_delivered()
        assert app.stop() == 0
        assert len(hub.world.issues[number].comments) == 2
    finally:
        app.kill()
        hub.stop()


def columns(hub):
    options = [hub.world.option(card.option) for card in hub.world.cards.values()]
    return [option and option.name for option in options]
