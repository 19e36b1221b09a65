"""What is erased of a product leaves every table that repeated it, all or nothing, sealed or not."""

from __future__ import annotations

from dataclasses import asdict
from datetime import UTC, datetime

import pytest
import sqlalchemy as sa

from app.domain.product.erasure import erased, person, trace
from app.domain.product.facts import PhaseEntered, ProductFiled
from app.domain.report.news import News
from app.domain.report.reminders import Sent
from app.engine import Inbox, open_database
from app.store.erasing import Erasing, Task
from app.store.outbox import Outbox
from app.store.register import ConflictError, Register
from app.store.reminder_log import ReminderLog
from app.store.schema import INBOX, OUTBOX

NOW = datetime(2026, 3, 2, tzinfo=UTC)
WHERE = ("dnum/produits", 1)
NOTE = {"at": NOW, "by": "zoe-zyx", "by_id": 7_654_321, "cause": "issue:I_0:2"}
HISTORY = (ProductFiled(**NOTE, title="Titre de Zoé"), PhaseEntered(**NOTE, phase="idee"))


@pytest.fixture
def database(tmp_path):
    opened = open_database(f"sqlite:///{tmp_path}/jalon.db")
    yield opened
    opened.dispose()


def task(register: Register, **more) -> Task:
    done = erased(HISTORY, person(HISTORY, "zoe-zyx"), (1,))
    fresh = {rank: done.history[rank - 1] for rank in done.changed}
    note = trace(HISTORY, done, "DPO-7", NOW)
    given = {"title": "Titre", "names": frozenset({"zoe-zyx"}), "kin": {"I_0": fresh}} | more
    return Task("I_1", WHERE, len(HISTORY), fresh, note, **given)


def test_every_table_that_repeats_a_person_forgets_them(database, tmp_path):
    register, kept = Register(database), Erasing(Register(database))
    for product in ("I_0", "I_1"):  # its issue was transferred since it was filed
        register.append(product, WHERE, 0, HISTORY, "delivery")
    assert kept.kin("I_1", HISTORY) == {"I_0": HISTORY}
    inbox, log = Inbox(database), ReminderLog(database)
    for name in ("done", "waiting"):
        inbox.store(name, "issues", "I_1", b'{"login": "zoe-zyx"}')
    with database.begin() as connection:
        connection.execute(sa.update(INBOX).where(INBOX.c.delivery == "done").values(done=1.0))
    log.claim(Sent("Zoe-Zyx", "2026-W10"), WHERE, NOW, posted=True)
    log.claim(Sent("autre", "2026-W10"), WHERE, NOW, posted=True)
    news = [News("decision", WHERE[0], "fact 3", 1, title="Titre de Zoé"), News("decision", WHERE[0], "fact 4", 1)]
    Outbox(database).put("tchap", news, 1.0)
    kept.carry_out(task(register))
    for product, count in (("I_0", 2), ("I_1", 3)):
        facts = register.history(product)
        assert (len(facts), {one.by for one in facts[:2]}) == (count, {"personne effacée 1"})
    assert register.verify() == []
    assert [row.sent.person for row in log.on(*WHERE)] == ["autre"]
    with database.connect() as connection:
        payloads = dict(connection.execute(sa.select(INBOX.c.delivery, INBOX.c.payload)).all())
        told = connection.execute(sa.select(OUTBOX.c.value).order_by(OUTBOX.c.id)).scalars().all()
    assert (payloads["done"], bool(payloads["waiting"])) == (b"", True)
    assert '"title": "Titre"' in told[0]
    assert '"title": ""' in told[1]
    with database.begin() as connection:
        connection.execute(sa.delete(INBOX).where(INBOX.c.delivery == "waiting"))
    kept.compact()
    database.dispose()
    for path in tmp_path.glob("jalon.db*"):
        for word in (b"zoe-zyx", b"Titre de Zo", b"7654321"):
            assert word not in path.read_bytes().lower().replace(b"titre de zo", b"Titre de Zo"), (path, word)


def test_facts_that_came_meanwhile_stop_it_whole(database):
    register = Register(database)
    register.append("I_1", WHERE, 0, (*HISTORY, PhaseEntered(**NOTE, phase="poc")), "delivery")
    with pytest.raises(ConflictError):
        Erasing(register).carry_out(task(register, kin={}))
    assert {one.by for one in register.history("I_1")} == {"zoe-zyx"}
    assert asdict(task(register))["known"] == 2


@pytest.mark.slow
def test_a_server_gives_the_room_back_too(postgres):
    database = open_database(postgres.new_database())
    register = Register(database)
    register.append("I_1", WHERE, 0, HISTORY, "delivery")
    kept = Erasing(register)
    kept.carry_out(task(register, kin={}))
    kept.compact()
    assert len(register.history("I_1")) == 3, "and its connection is as it was"
    database.dispose()
