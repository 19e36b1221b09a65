"""Those who vouch for the register: each asked once for each seal, later when away, and heard when they disagree."""

from __future__ import annotations

import pytest

from app.anchoring.cosignatures import Cosigning, OtherHistoryError, WitnessService
from app.anchoring.posting import Between, HttpAnswer, NotVouchedError
from app.anchoring.round import AT_ONCE
from app.store.anchors import AFTER_S
from app.transparency.notes import new_signer, parse, verified
from tests.anchoring.keepers import House

FIRST, SECOND = "temoin.exemple.gouv.fr", "autre.exemple.fr"


@pytest.fixture
def house(tmp_path):
    one = House(tmp_path)
    yield one
    one.close()


def cosigners(house, size):
    (kept,) = (one for one in house.log.checkpoints() if one.size == size)
    keys = [one.key for one in house.keepers.values()]
    return {one.key.name for one in verified(parse(kept.whole), keys)}


def test_each_seal_is_dated_and_cosigned_once(house):
    house.welcomes(FIRST)
    house.welcomes(SECOND)
    sizes = [house.grows(3), house.grows(2)]
    house.tick()
    assert house.asked == [("tsa", len(one.note.rpartition("\n\n")[0]) + 1) for one in house.log.checkpoints()] + [
        *([(FIRST, 200)] * 2),
        *([(SECOND, 200)] * 2),
    ]
    for size in sizes:
        assert cosigners(house, size) == {FIRST, SECOND}
    assert all(one.stamp == b"DATE " + parse(one.note).text.encode() for one in house.log.checkpoints())
    asked = len(house.asked)
    for _ in range(3):
        house.tick(hours=1)
    assert len(house.asked) == asked
    assert house.told() == set()


def test_nothing_is_asked_of_anybody_without_a_seal(house):
    house.welcomes(FIRST)
    house.tick()
    assert house.asked == []


def test_whoever_is_away_is_asked_again_later_and_hinders_nobody(house):
    house.welcomes(FIRST)
    house.welcomes(SECOND)
    house.away = {FIRST, "tsa"}
    size = house.grows(3)
    house.tick()
    assert cosigners(house, size) == {SECOND}
    assert house.told() == {("anchor", FIRST), ("anchor", "horodatage")}
    house.asked.clear()
    house.tick(seconds=AFTER_S[0] - 1)
    assert house.asked == []
    house.tick(seconds=2)
    assert [name for name, _ in house.asked] == ["tsa"]  # asked, and away still
    house.away = set()
    house.tick(seconds=AFTER_S[1] + 1)
    assert cosigners(house, size) == {FIRST, SECOND}
    assert house.log.checkpoints()[0].stamp
    assert house.told() == set()


def test_after_a_week_away_only_what_is_fresh_and_the_newest_are_asked_for(house):
    house.welcomes(FIRST)
    house.away = {FIRST, "tsa"}
    for _ in range(7):
        house.grows(1)
        house.tick(days=1)
    newest = house.grows(1)
    house.away, house.asked = set(), []
    house.tick(minutes=1)
    house.tick(days=1)
    stamped = [one.size for one in house.log.checkpoints() if one.stamp]
    assert stamped[-1] == newest
    assert len(stamped) <= 3
    assert cosigners(house, newest) == {FIRST}


def test_a_long_queue_ends_with_the_newest(house):
    for _ in range(AT_ONCE + 5):
        newest = house.grows(1)
    house.welcomes(FIRST)
    house.tick()
    assert cosigners(house, newest) == {FIRST}


def test_of_two_workers_one_asks(house):
    house.welcomes(FIRST)
    house.grows(3)
    other = house.another_round()
    house.anchors.take(house.keepers[FIRST].key.vkey, house.now.timestamp())
    other.tick()
    assert (FIRST, 200) not in house.asked
    house.tick(minutes=3)  # it died: what it had begun is taken up
    assert (FIRST, 200) in house.asked


def test_a_database_that_lost_where_it_was_asks_the_witness(house):
    house.welcomes(FIRST)
    house.grows(3)
    house.tick()
    house.anchors.reached(house.keepers[FIRST].key.vkey, 0)
    size = house.grows(4)
    house.asked.clear()
    house.tick()
    assert [status for name, status in house.asked if name == FIRST] == [409, 200, 200]
    assert cosigners(house, size) == {FIRST}
    assert house.told() == set()


def test_a_witness_that_knows_more_is_handed_to_the_guard(house, tmp_path):
    """An older backup was put back: the register signs what it signed before, and the witness has seen more."""
    keeper = house.welcomes(FIRST)
    for _ in range(3):
        house.grows(3)
        house.tick()
    restored = House(tmp_path)
    restored.signer, restored.keepers = house.signer, {FIRST: keeper}
    restored.grows(4)
    restored.tick()
    assert restored.guarded == [(FIRST, 9)]
    assert restored.told() == {("witness", FIRST)}
    assert all(not one.cosigned for one in restored.log.checkpoints())
    restored.database.dispose()


def test_one_witness_alone_holds_nothing_back_where_the_rules_believe_two(house, tmp_path):
    """The lower of the two largest sizes: a liar adds nothing to what an honest one has seen."""
    keepers = {name: house.welcomes(name) for name in (FIRST, SECOND)}
    house.grows(3)
    house.tick()
    house.away = {SECOND}
    house.grows(3)
    house.tick(minutes=1)
    house.away = set()
    restored = House(tmp_path)
    restored.signer, restored.keepers, restored.quorum, restored.away = house.signer, keepers, 2, {SECOND}
    restored.grows(2)
    restored.tick()
    assert (restored.told(), restored.guarded) == ({("witness", FIRST), ("anchor", SECOND)}, [])
    restored.away = set()
    restored.tick(minutes=5)
    assert restored.guarded[-1][1] == 3
    restored.database.dispose()


def test_a_witness_of_another_history_is_told(house, tmp_path):
    keeper = house.welcomes(FIRST)
    house.grows(3)
    house.tick()
    other = House(tmp_path)
    other.signer, other.keepers = house.signer, {FIRST: keeper}
    other.grows(5, "Autre")
    other.tick()
    assert other.guarded == []  # it has seen no more than we have: nothing to wait for
    assert other.told() == {("witness", FIRST)}
    assert keeper.seen == 3
    assert [size for _, size, _ in keeper.ledger.refusals()] == [5]
    other.database.dispose()


def test_another_root_of_the_same_size_too(house, tmp_path):
    keeper = house.welcomes(FIRST)
    house.grows(3)
    house.tick()
    other = House(tmp_path)
    other.signer, other.keepers = house.signer, {FIRST: keeper}
    other.grows(3, "Autre")
    other.tick()
    assert other.guarded == []  # it has seen no more than we have: nothing to wait for
    other.database.dispose()


NOTE_SIZE = 3


def answers(house, *replies):
    """A witness that says these, whatever it is asked."""
    left = list(replies)
    return Cosigning(house.log.consistency, lambda: house.log.size, lambda *_: left.pop(0))


@pytest.mark.parametrize(
    ("status", "body", "why"),
    [
        (403, b"", "ne connaît pas la clé du sceau"),
        (404, b"", "ne connaît pas ce registre"),
        (429, b"", "demande d’attendre"),
        (500, b"", "réponse 500"),
        (302, b"", "réponse 302"),
        (200, b"", "cosignature fausse ou illisible"),
        (200, b"<html>", "cosignature fausse ou illisible"),
        (200, b"\xff\n", "cosignature fausse ou illisible"),
        (409, b"beaucoup", "refuse sans dire quelle taille il a vue"),
    ],
)
def test_whatever_else_a_witness_says_is_told_in_a_few_words(house, status, body, why):
    house.grows(NOTE_SIZE)
    note, witness = house.log.checkpoints()[0].note, WitnessService(new_signer(FIRST).witness_key, "https://t")
    with pytest.raises(NotVouchedError, match=why):
        answers(house, HttpAnswer(status, body)).ask(witness, NOTE_SIZE, note, 0, Between(0, house.now.timestamp()))


def cosigned_by(signer, note, at):
    return HttpAnswer(200, f"{signer.cosign(parse(note).text, int(at))}\n".encode())


def test_a_cosignature_is_held_to_its_key_its_text_and_our_clock(house):
    house.grows(NOTE_SIZE)
    note, signer, now = house.log.checkpoints()[0].note, new_signer(FIRST), house.now.timestamp()
    witness = WitnessService(signer.witness_key, "https://t")

    def ask(answer):
        return answers(house, answer).ask(witness, NOTE_SIZE, note, 0, Between(now, now))

    with pytest.raises(NotVouchedError, match="sans cosignature de sa clé"):
        ask(cosigned_by(new_signer(FIRST), note, now))
    with pytest.raises(NotVouchedError, match="fausse"):
        ask(cosigned_by(signer, note.replace("\n3\n", "\n4\n", 1), now))
    with pytest.raises(NotVouchedError, match="avenir"):
        ask(cosigned_by(signer, note, now + 3600))
    with pytest.raises(NotVouchedError, match="avant le sceau"):
        ask(cosigned_by(signer, note, now - 3600))
    right = cosigned_by(signer, note, now)
    strangers = cosigned_by(new_signer("x"), note, now).body
    assert ask(HttpAnswer(200, right.body + strangers)) == (right.body.decode().strip(),)


def test_a_witness_that_changes_its_mind_while_asked_is_asked_again_later(house):
    house.grows(9)
    note, witness = house.log.checkpoints()[0].note, WitnessService(new_signer(FIRST).witness_key, "https://t")
    with pytest.raises(NotVouchedError, match="entre-temps"):
        answers(house, HttpAnswer(409, b"3\n"), HttpAnswer(409, b"5\n")).ask(witness, 9, note, 0, Between(0, 0))
    with pytest.raises(OtherHistoryError):
        answers(house, HttpAnswer(409, b"3\n"), HttpAnswer(422, b"")).ask(witness, 9, note, 0, Between(0, 0))


def test_what_came_without_a_decision_is_sealed_within_a_day(house):
    house.welcomes(FIRST)
    house.grows(3)
    house.tick()
    house.log.event({"kind": "Essai", "size": 3}, house.now)
    house.tick(hours=23)
    assert [one.size for one in house.log.checkpoints()] == [3]
    house.tick(hours=1)
    assert cosigners(house, 4) == {FIRST}
    house.tick(days=2)
    assert [one.size for one in house.log.checkpoints()] == [3, 4]


def test_a_log_that_is_taken_back_presents_what_it_holds_alone(house, tmp_path):
    house.grows(5)
    newest = house.log.checkpoints()[0].note
    other = House(tmp_path)
    other.signer = house.signer
    other.grows(3)
    other.log.keep_checkpoint(newest, 0.0)
    other.welcomes(FIRST)
    other.tick()
    assert [(one.size, bool(one.cosigned)) for one in other.log.checkpoints()] == [(3, True), (5, False)]
    assert other.told() == set()
    other.close()


@pytest.mark.postgres
def test_on_postgresql_as_on_sqlite(postgres, tmp_path):
    house = House(tmp_path, postgres.new_database())
    house.welcomes(FIRST)
    house.away = {"tsa"}
    house.grows(3)
    house.tick()
    size = house.grows(2)
    house.away = set()
    house.tick(minutes=2)
    assert cosigners(house, size) == {FIRST}
    assert all(one.stamp for one in house.log.checkpoints())
    assert house.told() == set()
    house.close()
