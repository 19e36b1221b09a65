"""What counts as wrong with an installation, and from when."""

from __future__ import annotations

from app.engine import Inbox, health, open_database
from app.engine.health import OLD_S, SETTLING_S, Health
from app.engine.pulse import Pulse


def test_what_waited_while_nobody_was_there_is_no_stalled_queue_until_it_could_be_taken(tmp_path, monkeypatch):
    monkeypatch.setattr(health, "FRESH_S", 0.0)
    database = open_database(f"sqlite:///{tmp_path}/jalon.db")
    now = [1_000_000.0]
    Inbox(database, lambda: now[0] - OLD_S - 60).store("d1", "issue_comment", "I_1", b"{}")
    inbox = Inbox(database, lambda: now[0])
    seen_by = Health(inbox, Pulse(), works_here=True, clock=lambda: now[0])
    seen = []
    for waited in (0.0, SETTLING_S, 1.0):
        now[0] += waited
        seen.append([one.kind for one in seen_by.troubles()])
    database.dispose()
    assert seen == [[], [], ["queue"]]
