"""Each way to lie in an archive, or in the register itself, is told: what is wrong, where, and who could have done it."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zipfile import ZipFile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain.product.facts import BallotCast, GateDecided, GateRequested, PhaseEntered
from app.domain.product.second_thought_facts import DecisionOverridden, DecisionRectified
from app.store import sealing
from app.store.schema import CHECKPOINTS
from app.transparency import notes
from app.transparency.public_parts import split
from tests.builders import a_small_policy, at_gate, voting
from tests.verifier.stage import KEY, NEXT_KEY, ORIGIN, STRANGER, WITNESSES, Stage, a_decided, altered, codes, said

NOW = datetime(2026, 2, 10, 9, tzinfo=UTC)


@pytest.fixture
def stage(tmp_path):
    found = Stage(tmp_path)
    yield found
    found.database.dispose()


def filled(stage, **given):
    stage.holds(a_decided())
    stage.seals(**given)
    stage.holds(a_decided(votes={"techno": "/nogo trop tôt", "secu": "/go"}))
    stage.seals(**given)
    return stage


# 1. An archive changed by whoever held it: the seals no longer match.


def entry_changed(n, change):
    def done(lines):
        found = json.loads(lines[n])
        entry = json.loads(found["entry"])
        change(entry)
        found["entry"] = json.dumps(entry, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        return [*lines[:n], json.dumps(found, ensure_ascii=False), *lines[n + 1 :]]

    return done


def outcome(entry):
    entry["fact"]["outcome"] = "nogo"


def personal_changed(lines):
    found = json.loads(lines[3])
    found["personal"] = found["personal"] | {"by": "quelqu-un-d-autre"}
    return [*lines[:3], json.dumps(found), *lines[4:]]


def unwritten(lines):
    found = json.loads(lines[5])
    found["entry"] = found["entry"].replace(":", ": ", 1)
    return [*lines[:5], json.dumps(found), *lines[6:]]


CHANGES = {
    "a decision turned over": (entry_changed(9, outcome), {"root", "outcome", "notentered", "phase"}),
    "an entry taken away from the middle": (lambda lines: [*lines[:5], *lines[6:]], {"root", "number"}),
    "two entries exchanged": (lambda lines: [*lines[:5], lines[6], lines[5], *lines[7:]], {"root", "number"}),
    "the last ones dropped": (lambda lines: lines[:-3], {"short", "figures"}),
    "an entry said twice": (lambda lines: [*lines, lines[-1]], {"number"}),
    "a personal part of another person": (personal_changed, {"personal"}),
    "an entry written otherwise": (unwritten, {"root", "shape"}),
}


@pytest.mark.parametrize("name", CHANGES)
def test_an_archive_changed_on_its_way(stage, name):
    change, expected = CHANGES[name]
    found = said(altered(filled(stage).bundle(), change), "--key", KEY.key.vkey)
    assert found[0] == 1
    assert set(codes(found)) <= expected
    assert set(codes(found)) & {"root", "short", "number", "personal"}
    assert found[1]["problems"][0]["who"].startswith("Qui a pu le faire\u00a0: ")


def test_the_first_seal_that_does_not_hold_says_between_which_entries(stage):
    found = said(altered(filled(stage).bundle(), entry_changed(13, outcome)))
    assert found[1]["problems"][0]["sentence"].startswith(
        "Entre les entrées nº 11 et nº 18, une au moins a été changée"
    )


# 2. Keys: who signs, who no longer may, who vouches for a new one.


def resigned(stage, signer):
    """Every seal made anew by another hand."""
    for one in stage.log.checkpoints():
        text = notes.parse(one.note).text
        with stage.database.begin() as connection:
            values = {"note": notes.note(text, [signer.sign(text)]), "cosigned": ""}
            connection.execute(CHECKPOINTS.update().where(CHECKPOINTS.c.size == one.size).values(**values))


def test_a_register_signed_by_a_stranger(stage):
    resigned(filled(stage), STRANGER)
    found = said(stage.bundle(), "--key", KEY.key.vkey)
    assert (found[0], set(codes(found))) == (1, {"unsigned"})
    assert "n’est signé par aucune clé du registre" in found[1]["problems"][0]["sentence"]


def test_a_false_signature(stage):
    path = filled(stage).bundle()
    found = said(
        altered(path, lambda lines: [*lines[:4], lines[4][:-6] + "AAAA" + lines[4][-2:]], "checkpoints/11.txt")
    )
    assert codes(found)[0] == "signature"


def test_a_register_rewritten_by_whoever_holds_the_key_but_not_the_witnesses(tmp_path):
    stage = Stage(tmp_path, witnesses=WITNESSES)
    filled(stage, cosigned=False)
    found = said(stage.bundle())
    assert (found[0], codes(found)) == (1, ["quorum"])
    assert "2. Aucun sceau n’en porte autant." in found[1]["problems"][0]["sentence"]
    stage.database.dispose()


def test_a_rewritten_register_against_a_seal_that_somebody_kept(stage, tmp_path):
    filled(stage)
    kept = tmp_path / "sceau.txt"
    kept.write_text(stage.log.checkpoints()[0].note, encoding="utf-8")
    (tmp_path / "other").mkdir()
    other = Stage(tmp_path / "other")
    other.holds(a_decided(votes={"techno": "/nogo non", "secu": "/go"}))
    other.holds(a_decided())
    other.seals()
    found = said(other.bundle(), kept)
    assert (found[0], codes(found)) == (1, ["fork"])
    assert "le registre a été réécrit" in found[1]["problems"][0]["sentence"]
    other.database.dispose()


def test_an_older_register_against_a_seal_that_somebody_kept(stage, tmp_path):
    stage.holds(a_decided())
    stage.seals()
    before = stage.bundle("avant.zip")
    stage.holds(a_decided())
    kept = tmp_path / "sceau.txt"
    kept.write_text(stage.seals().note, encoding="utf-8")
    assert codes(said(before, kept)) == ["short"]


def test_a_seal_kept_that_proves_nothing(stage, tmp_path):
    filled(stage)
    text = notes.Checkpoint(ORIGIN, 11, bytes(32)).text
    (tmp_path / "faux.txt").write_text(notes.note(text, [STRANGER.sign(text)]), encoding="utf-8")
    status, told = said(stage.bundle(), tmp_path / "faux.txt")
    assert (status, "foreign" in [one["code"] for one in told["remarks"]]) == (0, True)


def changing(stage, why, *, both=False, **more):
    """The key is changed; the seal after it is signed by the new one, with the former one when both are there."""
    stage.holds(a_decided())
    stage.seals()
    event = {"kind": "SealKeyChanged", "former": KEY.key.vkey, "new": NEXT_KEY.key.vkey, "why": why, **more}
    stage.log.event(event, NOW)
    text = notes.Checkpoint(ORIGIN, stage.log.size, stage.log.root()).text
    lines = [NEXT_KEY.sign(text), *([KEY.sign(text)] if both else [])]
    lines.extend(witness.cosign(text, int(NOW.timestamp())) for witness in stage.witnesses)
    stage.log.keep_checkpoint(notes.note(text, lines), NOW.timestamp())
    stage.signer = NEXT_KEY


def test_a_rotation_is_vouched_for_by_the_former_key(stage):
    changing(stage, "rotation", both=True)
    stage.holds(a_decided())
    stage.seals()
    for key in (KEY, NEXT_KEY):
        assert codes(said(stage.bundle(), "--key", key.key.vkey)) == []


def test_a_change_for_which_nothing_vouches(stage):
    changing(stage, "loss")
    assert codes(said(stage.bundle(), "--key", KEY.key.vkey)) == ["key"]
    assert codes(said(stage.bundle(), "--key", NEXT_KEY.key.vkey)) == []


def test_a_loss_is_vouched_for_by_the_witnesses(tmp_path):
    stage = Stage(tmp_path, witnesses=WITNESSES)
    changing(stage, "loss")
    assert codes(said(stage.bundle(), "--key", KEY.key.vkey)) == []
    stage.database.dispose()


def test_after_a_theft_nothing_larger_of_the_former_key_is_believed(stage, tmp_path):
    changing(stage, "theft", dead_from=11)
    asked = ("--key", NEXT_KEY.key.vkey)
    assert codes(said(stage.bundle(), *asked)) == []
    text = notes.Checkpoint(ORIGIN, 12, bytes(32)).text
    (tmp_path / "vole.txt").write_text(notes.note(text, [KEY.sign(text)]), encoding="utf-8")
    told = said(stage.bundle(), tmp_path / "vole.txt", *asked)[1]
    assert (told["problems"], "foreign" in [one["code"] for one in told["remarks"]]) == ([], True)


def test_what_a_thief_sealed_last_is_not_believed(stage):
    changing(stage, "theft", dead_from=5)
    resigned(stage, KEY)
    found = said(stage.bundle(), "--key", NEXT_KEY.key.vkey)
    assert (codes(found), [one["code"] for one in found[1]["remarks"]]) == (["dead"], ["dead", "clock"])
    assert "signé d’une clé déclarée volée" in found[1]["problems"][0]["sentence"]


def test_a_thief_does_not_vouch_for_the_key_that_follows(stage):
    changing(stage, "theft", both=True, dead_from=11)
    assert codes(said(stage.bundle(), "--key", KEY.key.vkey)) == ["key"]


def test_witnesses_that_the_reader_knows_are_asked_for_whatever_the_archive_says(stage):
    filled(stage)
    told = said(stage.bundle(), "--key", KEY.key.vkey, "--key", WITNESSES[0].witness_key.vkey)
    assert codes(told) == ["quorum"]
    vouched = stage.log.checkpoints()[-1]
    stage.log.add_cosignature(vouched.size, WITNESSES[0].cosign(notes.parse(vouched.note).text, int(NOW.timestamp())))
    told = said(stage.bundle(), "--key", KEY.key.vkey, "--key", WITNESSES[0].witness_key.vkey)
    assert (codes(told), told[1]["remarks"]) == ([], [])


def test_a_line_of_keys_that_names_none_that_the_reader_knows(stage):
    changing(stage, "rotation", both=True)
    assert set(codes(said(stage.bundle(), "--key", STRANGER.key.vkey))) >= {"unsigned"}


# 3. What the operator itself recorded, sealed as it is: the rules are played again.


def decided(votes=None):
    return list(a_decided(votes=votes))


def without_ballots(facts):
    return [fact for fact in facts if not isinstance(fact, BallotCast)]


def turned_over(facts):
    return [replace(fact, outcome="nogo") if isinstance(fact, GateDecided) else fact for fact in facts[:-1]]


def other_figures(facts):
    return [replace(fact, go=4) if isinstance(fact, GateDecided) else fact for fact in facts]


def phase_alone(facts):
    return [*facts[:-6], replace(facts[-1], gate=None, phase="mvp")]


def other_phase(facts):
    return [*facts[:-1], replace(facts[-1], phase="arret")]


def phase_lacking(facts):
    return facts[:-1]


def twice(facts):
    return [*facts, facts[-2]]


def after_closing(facts):
    return [*facts, replace(facts[-3], at=facts[-1].at)]


def two_at_once(facts):
    return [*facts[:5], replace(facts[4], gate=2), *facts[5:]]


def wrong_number(facts):
    return [replace(fact, gate=7) if getattr(fact, "gate", None) else fact for fact in facts]


def other_seat(facts):
    return [
        replace(fact, seats=("data",)) if isinstance(fact, BallotCast) and fact.by == "secu" else fact for fact in facts
    ]


def no_session(facts):
    return [
        replace(fact, present=("design", "data"), outcome="go") if isinstance(fact, GateDecided) else fact
        for fact in without_ballots(facts)
    ]


def by_the_server_alone(facts):
    """Two votes for, one against, nobody asked for it to be closed, and two weeks are left."""
    return [replace(fact, cause="deadline:1") if isinstance(fact, GateDecided) else fact for fact in facts]


def overridden_twice(facts):
    last = facts[-1]
    note = {"at": last.at, "by": "directrice", "cause": "comment:900:0"}
    return [*facts, DecisionOverridden(**note, gate=1, was="nogo", outcome="go", reason="r"), last]


def rectified_without_quorum(facts):
    last = facts[-1]
    note = {"at": last.at, "by": "secretariat", "cause": "comment:900:0"}
    thought = DecisionRectified(
        **note, gate=1, was="go", outcome="nogo", why="w", present=("secu",), reason="r", phase="idee"
    )
    return [*facts, thought, PhaseEntered(**note, phase="idee", gate=1)]


LIES = {
    "a go without a ballot": (without_ballots, {"figures", "outcome"}),
    "a go told as a no-go": (turned_over, {"outcome"}),
    "figures that the ballots do not give": (other_figures, {"figures"}),
    "a phase that nobody decided": (phase_alone, {"phase"}),
    "another phase than the one decided": (other_phase, {"phase"}),
    "a go that is not followed by its phase": (phase_lacking, {"notentered"}),
    "a gate decided twice": (twice, {"unlawful"}),
    "a ballot after the decision": (after_closing, {"unlawful"}),
    "two gates open at once": (two_at_once, {"opening", "unlawful", "phase"}),
    "a gate under a wrong number": (wrong_number, {"opening"}),
    "a ballot for somebody else’s seat": (other_seat, {"ballot", "figures", "outcome"}),
    "a session without its indispensable seat": (no_session, {"figures", "outcome"}),
    "an override of what was a go": (overridden_twice, {"second"}),
    "a rectification without a quorum": (rectified_without_quorum, {"second"}),
}


@pytest.mark.parametrize("name", LIES)
def test_what_the_rules_do_not_allow_is_told_though_it_is_sealed(stage, name):
    lie, expected = LIES[name]
    stage.holds(lie(decided()))
    stage.seals()
    found = said(stage.bundle(public=True))
    assert (found[0], set(codes(found)) & expected) == (1, set(codes(found)))
    assert all(one["sentence"].startswith("dnum/produits#1") for one in found[1]["problems"])


def test_a_gate_closed_before_its_time_by_nobody(stage):
    policy = a_small_policy()
    product = voting(at_gate(policy), policy, {"techno": "/go", "secu": "/go"})
    decision = replace(decided()[-2], go=2, silent=2, cause="deadline:1", at=product.history[-1].at)
    entered = replace(decided()[-1], cause="deadline:1", at=decision.at)
    stage.holds([*product.history, decision, entered])
    stage.seals()
    assert codes(said(stage.bundle())) == ["outcome"]


def test_a_ballot_counted_as_another_persons(stage):
    facts = [
        replace(fact, by="design") if isinstance(fact, BallotCast) and fact.by == "secu" else fact for fact in decided()
    ]
    stage.holds(facts)
    stage.seals()
    assert {"ballot"} <= set(codes(said(stage.bundle())))


def sealed_otherwise(monkeypatch, change):
    """The program that seals lies in what it seals in clear, and tells the truth behind the commitment."""

    def lying(fact, before):
        found = split(fact, before)
        return replace(found, public=found.public | change(found.public))

    monkeypatch.setattr(sealing, "split", lying)


def test_an_electorate_that_its_personal_part_contradicts(stage, monkeypatch):
    sealed_otherwise(monkeypatch, lambda told: {"electorate": told["electorate"][::-1]} if "electorate" in told else {})
    stage.holds(decided())
    stage.seals()
    assert "electorate" in codes(said(stage.bundle()))


def test_a_rank_given_to_another_person(stage, monkeypatch):
    sealed_otherwise(monkeypatch, lambda told: {"voter": told["voter"] % 4 + 1} if "voter" in told else {})
    stage.holds(decided())
    stage.seals()
    assert "voter" in codes(said(stage.bundle()))


# 4. Dates.


def dated(facts, by):
    return [
        replace(fact, at=fact.at + by)
        if not isinstance(fact, GateRequested)
        else replace(fact, at=fact.at + by, deadline=fact.deadline + by)
        for fact in facts
    ]


def test_a_decision_dated_after_witnesses_saw_it(tmp_path):
    stage = Stage(tmp_path, witnesses=WITNESSES)
    stage.holds(dated(decided(), timedelta(days=60)))
    stage.seals()
    found = said(stage.bundle())
    assert (found[0], set(codes(found))) == (1, {"future"})
    assert "l’avait vue scellée le 2026-02-14 09:00" in found[1]["problems"][0]["sentence"]
    stage.database.dispose()


def test_a_decision_dated_before_what_witnesses_had_seen_already(tmp_path):
    stage = Stage(tmp_path, witnesses=WITNESSES)
    stage.holds(decided())
    stage.seals(T0_SEEN)
    stage.holds(dated(decided(), timedelta(days=-30)))
    stage.seals(T0_SEEN + timedelta(days=1))
    found = said(stage.bundle())
    assert (found[0], set(codes(found))) == (1, {"past"})
    assert "antidatée" in found[1]["problems"][0]["sentence"]
    stage.database.dispose()


T0_SEEN = datetime(2026, 1, 6, 9, tzinfo=UTC)


def test_a_clock_a_few_minutes_ahead_breaks_nothing(tmp_path):
    stage = Stage(tmp_path, witnesses=WITNESSES)
    stage.holds(decided())
    stage.seals(decided()[-1].at - timedelta(minutes=5))
    assert codes(said(stage.bundle())) == []
    stage.database.dispose()


# 5. What is not an archive.


@pytest.mark.parametrize("text", ["", "bonjour\n", "c2sp.org/tlog-proof@v1\nindex 1\n\n", '{"a": 1}\n', "\x00\xff"])
def test_what_is_neither_an_archive_nor_a_proof(tmp_path, text):
    (tmp_path / "quoi").write_text(text, encoding="utf-8")
    status, told = said(tmp_path / "quoi")
    assert (status, told["verdict"]) == (2, "unreadable")
    assert told["sentence"].startswith("ILLISIBLE\u00a0: ")


def test_an_archive_without_its_entries(stage):
    assert said(altered(filled(stage).bundle(), lambda lines: []))[0] == 2
    assert said(altered(stage.bundle(), lambda lines: ["[]", *lines[1:]]))[0] == 2


def test_rules_that_are_not_those_of_the_gate(stage):
    path = filled(stage).bundle()
    [name] = [one for one in ZipFile(path).namelist() if one.startswith("rules/")]
    assert codes(said(altered(path, lambda lines: [*lines, "# ajout"], name))) == ["rules"]


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    stage = Stage(tmp_path_factory.mktemp("whole"))
    path = filled(stage).bundle()
    stage.database.dispose()
    return path


@settings(max_examples=40)
@given(st.data())
def test_whatever_is_typed_over_it_nothing_breaks_and_nothing_false_is_whole(whole, data):
    """Either it says what is wrong, or that it cannot read, or what was typed over is read by nobody."""
    lines = ZipFile(whole).read("entries.jsonl").decode().splitlines()
    place = data.draw(st.integers(0, len(lines) - 1))
    start = data.draw(st.integers(0, len(lines[place]) - 1))
    typed = data.draw(st.sampled_from(["", "0", "9", "null", '"', "{", "}", "[]", ",", "\\", "é", "-1", "true", "1e9"]))
    changed = lines[place][:start] + typed + lines[place][start + data.draw(st.integers(0, 6)) :]
    status, told = said(altered(whole, lambda _: [*lines[:place], changed, *lines[place + 1 :]]))
    assert status in {0, 1, 2}
    assert told["verdict"] != "unreadable" or status == 2
    if status == 0:
        assert json.loads(changed)["entry"] == json.loads(lines[place])["entry"]


@settings(max_examples=40)
@given(st.data())
def test_whatever_is_typed_over_a_proof_nothing_breaks(proof, data):
    text = proof.read_text(encoding="utf-8")
    start = data.draw(st.integers(0, len(text) - 1))
    typed = data.draw(st.sampled_from(["", "0", "A", "=", "\n", "\n\n", "— x ", "extra ", "index 9", "é"]))
    other = proof.with_name("altered.tlog-proof")
    other.write_text(text[:start] + typed + text[start + data.draw(st.integers(0, 9)) :], encoding="utf-8")
    status, told = said(other, "--key", KEY.key.vkey)
    assert (status == 2) == (told["verdict"] == "unreadable")
    if status == 0:
        assert [one["outcome"] for one in told["decisions"]] in (["go"], [])


@pytest.fixture(scope="module")
def proof(tmp_path_factory):
    stage = Stage(tmp_path_factory.mktemp("proof"))
    history = stage.holds(a_decided())
    stage.seals()
    path = stage.proof(history)
    stage.database.dispose()
    return path
