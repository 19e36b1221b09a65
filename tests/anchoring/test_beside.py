"""Those who vouch are asked beside the channels: what fails there hinders neither the channels nor the others."""

from __future__ import annotations

import pytest

from app.engine.courier import Courier
from app.engine.pulse import Pulse
from app.github.client import LaterError
from tests.sending.hall import Hall


@pytest.mark.parametrize("error", [RuntimeError("cassé"), LaterError(5), KeyError("clé")])
def test_a_failure_hinders_nobody(error, caplog):
    hall, asked = Hall(), []

    def fails():
        asked.append("first")
        raise error

    parts = (hall.outbox, hall.newsroom, hall.writer, hall.troubles, {"comité": "mailtos://secret"}, hall.clock)
    courier = Courier(*parts, Pulse(), hall.send, beside=[fails, lambda: asked.append("second")])
    hall.keep(hall.lives().asked("2026-11-18", "mvp"))
    courier.tick()
    courier.tick()
    assert asked == ["first", "second"] * 2
    assert len(hall.sent) == 1
    assert any("notices" in record.message for record in caplog.records)
    hall.close()
