"""What GitHub shows of the seal: a line and a proof under each decision, at no call more, and nothing told twice."""

from __future__ import annotations

import json
import re
from dataclasses import replace

import pytest
import sqlalchemy as sa

from app.cli.report_source import from_app
from app.domain.policy.calendar import Week
from app.domain.product.history_in_comments import unpacked as facts_in
from app.domain.product.proof import proof, unpacked
from app.domain.report.digest import digest
from app.github import markers
from app.messages.charts import mermaid
from app.messages.reports import digest_text
from app.reports.report_source import from_token
from app.settings import TokenSettings
from app.store.log_schema import LOG_NODES
from app.transparency.proofs import check_proof, parse_proof
from tests.stage import BEGINS, SIGNER, Stage
from tests.stories.test_second_thoughts import PRESENT, WRONG

WEEK = Week.of(BEGINS.date())
LINE = re.compile(r"^Scellée n° (\d+) · (\S{8})", re.MULTILINE)


@pytest.fixture
def sealed(tmp_path):
    made = Stage.at(tmp_path, sealed=True)
    yield made
    made.close()


def decisions(stage, number):
    return [
        body for body in stage.said(number) if (markers.read_marker(body) or markers.BARE).key.startswith("decision:")
    ]


def is_proved(stage, body, kind):
    """The line that people see, and the proof behind it, checked as an outsider would: by the key and the entry."""
    n, root = LINE.search(body).groups()
    carried = unpacked(markers.read_marker(body).seal)
    entry = next(stage.log.entries(int(n))).entry
    found = parse_proof(carried.proof)
    assert found.n == int(n)
    assert json.loads(entry)["fact"]["kind"] == kind
    assert [one.key for one in check_proof(found, entry.encode(), [SIGNER.key])] == [SIGNER.key]
    assert carried.proof.split("\n\n", 1)[1].split("\n")[2].startswith(root)
    assert [json.loads(one)["event"]["kind"] for one in carried.log] == ["LogOpened"]
    return True


def whole_gate(stage):
    """From the form to the first phase reached."""
    number = stage.filed(ready=True)
    stage.passes(2)
    stage.says("cheffe-produit", number, "/demande")
    stage.passes(2)
    stage.says("secretariat", number, f"/décision go\n{PRESENT}")
    return number


def test_a_decision_is_sealed_before_it_is_told(sealed):
    number = whole_gate(sealed)
    (told,) = decisions(sealed, number)
    assert is_proved(sealed, told, "GateDecided")
    assert markers.read_marker(told).intact
    assert sealed.nothing_left_to_do(number)
    carried = facts_in((markers.read_marker(told).record,))
    assert all(fact.sealed for _, fact in carried)
    assert [fact.sealed.n for _, fact in carried] == sorted(fact.sealed.n for _, fact in carried)


@pytest.fixture
def plain(tmp_path):
    """The same, without a key."""
    (tmp_path / "plain").mkdir()
    made = Stage.at(tmp_path / "plain")
    yield made
    made.close()


def calls(stage, act):
    stage.hub.calls.clear()
    act()
    return [(call["operation"], call["write"], tuple(call["acts"])) for call in stage.hub.calls]


def edits(made):
    return sum(acts.count("updateIssueComment") for _, _, acts in made)


def test_a_gate_costs_no_call_more(plain, sealed):
    """From the form to a decision that is rectified, call by call: the same reads, the same writes."""

    def gate(stage):
        number = whole_gate(stage)
        stage.passes(2)
        stage.says("secretariat", number, f"/rectifier nogo le besoin existe ailleurs\n{PRESENT}\n{WRONG}")

    for stage in (plain, sealed):
        stage.filed(title="SISAC")  # what is asked once: the board, the rules, the name of the App
    assert calls(plain, lambda: gate(plain)) == (found := calls(sealed, lambda: gate(sealed)))
    assert len(found) > 10
    assert len(decisions(sealed, max(sealed.world.issues))) == 1


def test_each_comment_that_decides_has_its_own_proof(sealed):
    number = sealed.filed(ready=True)
    sealed.says("cheffe-produit", number, "/demande")
    sealed.says("secretariat", number, f"/décision go\n{PRESENT}")
    sealed.says("secretariat", number, f"/rectifier nogo le besoin existe ailleurs\n{PRESENT}\n{WRONG}")
    proved = [body for body in sealed.said(number) if LINE.search(body)]
    kinds = ["GateDecided", "DecisionRectified"]
    assert len(proved) == len(kinds)
    assert all(is_proved(sealed, body, kind) for body, kind in zip(proved, kinds, strict=True))


def test_the_line_leads_to_the_page_where_pages_are_served(tmp_path):
    stage = Stage.at(tmp_path, sealed=True, pages="https://jalon.exemple.gouv.fr")
    number = whole_gate(stage)
    address = f"https://jalon.exemple.gouv.fr/produit/{stage.world.repository}/{number}/preuve/1"
    assert f" – [Vérifier cette décision]({address})" in decisions(stage, number)[0]
    stage.close()


def sealed_since(plain, tmp_path):
    """The same GitHub and the same database, once a key was given and the log opened."""
    return Stage(plain.hub, f"sqlite:///{tmp_path}/plain/jalon.db", sealed=True)


def test_a_decision_told_before_the_seal_gets_its_line_and_nothing_speaks_anew(plain, tmp_path):
    number = whole_gate(plain)
    (before,) = decisions(plain, number)
    assert "Scellée" not in before
    told = len(plain.world.issues[number].comments)
    since = sealed_since(plain, tmp_path)
    made = calls(since, lambda: since.says("cheffe-produit", number, "/coche 1"))
    (after,) = decisions(since, number)
    assert is_proved(since, after, "GateDecided")
    assert after.partition("\n\nScellée")[0] == before.partition("\n\n<!--")[0]
    assert len(since.world.issues[number].comments) == told + 1, "the request, and not a comment of ours"
    assert [write for _, write, _ in made].count(True) == 1, "one write, as for any request"
    assert since.nothing_left_to_do(number)
    again = calls(since, lambda: since.says("cheffe-produit", number, "/coche 2"))
    assert edits(again) < edits(made), "once"
    since.database.dispose()


def test_without_the_key_what_was_sealed_stays_shown(plain, tmp_path):
    since = sealed_since(plain, tmp_path)
    number = whole_gate(since)
    (before,) = decisions(since, number)
    since.database.dispose()
    later = Stage(plain.hub, f"sqlite:///{tmp_path}/plain/jalon.db")
    later.says("cheffe-produit", number, "/coche 1")
    assert decisions(later, number) == [before]
    assert later.nothing_left_to_do(number)
    later.database.dispose()


@pytest.mark.parametrize("wrong", ["", "a proof of another"])
def test_a_proof_taken_away_is_put_back(sealed, wrong):
    number = whole_gate(sealed)
    (told,) = decisions(sealed, number)
    held = markers.read_marker(told).seal
    spoilt = told.replace(f" seal={held}", f" {wrong}".rstrip())
    if wrong == "a proof of another":
        other = unpacked(held)
        spoilt = told.replace(held, proof(0, "", other.proof.replace("index ", "index 1"), other.log).packed)
    assert spoilt != told
    comment = next(one for one in sealed.world.issues[number].comments if one.body == told)
    comment.body = spoilt  # as a version that knows nothing of proofs would have left it
    sealed.says("cheffe-produit", number, "/coche 1")
    assert decisions(sealed, number) == [told]


def test_a_log_changed_by_hand_keeps_no_decision_from_being_told(sealed, caplog):
    number = sealed.filed(ready=True)
    sealed.says("cheffe-produit", number, "/demande")
    with sealed.database.begin() as connection:
        connection.execute(sa.delete(LOG_NODES))
    sealed.says("secretariat", number, f"/décision go\n{PRESENT}")
    (told,) = decisions(sealed, number)
    assert "Scellée" not in told
    assert "phase: poc" in sealed.labels(number)
    assert "no proof of entry" in caplog.text


@pytest.mark.slow
def test_a_job_without_the_key_shows_the_seal_of_the_last_decision(sealed):
    """Its digest has neither key nor database: what decisions carry is all it knows."""
    number = whole_gate(sealed)
    shown = unpacked(markers.read_marker(decisions(sealed, number)[0]).seal).proof.partition("\n\n")[2]
    job = TokenSettings("sandbox-secretariat", sealed.world.repository, sealed.hub.url, (sealed.world.app.slug,))
    assert from_token(job).seal() == shown
    assert from_token(replace(job, bots=("autre",))).seal() == ""
    sealed.says("cheffe-produit", number, "/coche 1")
    assert from_token(job).seal() == shown, "no decision since"
    ours = from_app(sealed.jalon)
    assert ours.seal() == sealed.log.latest().whole != shown
    told = replace(digest(ours.products, ours.policy, WEEK, sealed.now), seal=ours.seal())
    assert sealed.log.latest().note.strip() in digest_text(told, ours.policy, ours.links, mermaid)
