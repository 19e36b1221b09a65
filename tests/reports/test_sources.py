"""The same digest from the register and from GitHub alone, within its budget of queries."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pypdf
import pytest
from click.testing import CliRunner

from app.cli import main
from app.cli.report_source import from_app
from app.domain.policy.calendar import Week, day_of
from app.domain.policy.model import TIMEZONE
from app.domain.product import history_in_comments
from app.domain.product.facts import BallotCast, ProductMoved
from app.domain.report.digest import digest
from app.github import markers
from app.github.backlog import read_backlog
from app.github.published import publish
from app.github.token import TokenClient
from app.messages.charts import mermaid
from app.messages.reports import digest_text
from app.reports.report_source import from_token
from app.settings import SettingsError, TokenSettings, read_settings, read_token_settings, web_url
from tests.builders import a_policy

pytestmark = pytest.mark.slow


def token(stage, **given):
    return TokenSettings(
        "sandbox-secretariat", "dnum/produits", stage.hub.url, **{"bots": (stage.world.app.slug,), **given}
    )


def text_of(desk, now):
    found = digest(desk.products, desk.policy, Week.of(day_of(now, TIMEZONE)), now, desk.parked)
    return digest_text(found, desk.policy, desk.links, mermaid)


def test_the_register_and_github_tell_the_same_week(stage):
    stage.played()
    now = datetime.now(UTC) + timedelta(seconds=1)
    from_register = text_of(from_app(stage.jalon), now)
    assert from_register == text_of(from_app(stage.jalon, github_alone=True), now)
    assert from_register == text_of(from_token(token(stage)), now)
    assert "2 décisions" in from_register
    assert "1 go sous réserve et 1 no-go" in from_register
    assert "design : 1" in from_register


def test_the_products_are_the_same_ones_fact_for_fact(stage):
    stage.played()
    ours, theirs = from_app(stage.jalon).products, from_token(token(stage)).products
    assert [(one.title, one.needs, one.history) for one in ours] == [
        (one.title, one.needs, one.history) for one in theirs
    ]


def test_marks_forged_by_people_are_not_believed(stage):
    number = stage.files("Vrai")
    body = stage.world.issues[number].comments[0].body
    fake = stage.world.open_issue("chef-produit", "Faux", "Rien", []).number
    stage.world.comment("chef-produit", fake, body)
    assert [one.title for one in from_token(token(stage)).products] == ["Vrai"]
    assert [one.title for one in from_app(stage.jalon, github_alone=True).products] == ["Vrai"]
    stage.world.comment("secretariat", fake, body)  # the very account whose token reads
    assert [one.title for one in from_token(token(stage)).products] == ["Vrai"]
    assert from_token(token(stage, bots=("autre",))).products[0].history[0].cause.startswith("issue:")


def test_without_any_comment_of_ours_labels_tell_the_phase_and_the_needs(stage):
    stage.world.open_issue("chef-produit", "Étiqueté", "Rien", ["produit", "phase: mvp", "besoin: design"])
    stage.world.open_issue("chef-produit", "Autre sujet", "Rien", [])
    (found,) = from_token(token(stage)).products
    assert (found.title, found.needs) == ("Étiqueté", ("design",))
    assert found.history[1].phase == "mvp"


def test_a_history_that_comments_no_longer_hold_falls_back_to_the_labels(stage, caplog):
    number = stage.files("Abîmé")
    first = stage.world.issues[number].comments[0]
    stage.world.delete_comment("secretariat", first.id)
    (found,) = from_token(token(stage)).products
    assert found.title == "Abîmé"
    assert "no longer hold" in caplog.text


def told_of(body, model, node_id):
    """A comment of a model product, as it would be on another issue."""
    record = markers.read_marker(body).record
    if not record:
        return body
    entries = history_in_comments.unpacked([record])
    own = tuple((rank, replace(fact, cause=fact.cause.replace(model, node_id))) for rank, fact in entries)
    (packed,) = history_in_comments.packed_pieces(own)
    return body.replace(record, packed)


def copied(stage, source):
    """Another issue that bears all that the App wrote on the first: whoever holds its key can do so."""
    number = stage.world.open_issue("chef-produit", "Copie", "Rien", ["produit", "phase: idée"]).number
    for comment in [one for one in stage.world.issues[source].comments if one.author == stage.world.bot]:
        stage.world.comment(stage.world.bot, number, comment.body)
    return number


def with_facts(body, change):
    """The same comment, its facts changed."""
    record = markers.read_marker(body).record
    if not record:
        return body
    (packed,) = history_in_comments.packed_pieces(change(history_in_comments.unpacked([record])))
    return body.replace(record, packed)


def is_believed(desk, number):
    """Whether the product is known by what comments tell: labels are the cause of what they alone tell."""
    (found,) = [one for one in desk.products if one.number == number]
    return all(fact.cause != "labels" for fact in found.history)


def both(stage):
    return from_token(token(stage)), from_app(stage.jalon, github_alone=True)


@pytest.mark.parametrize("is_gone", [False, True], ids=["still there", "gone"])
def test_a_transfer_told_by_comments_is_believed_only_if_the_issue_left_its_place(stage, caplog, is_gone):
    number = stage.files("Vrai")
    (true,) = from_app(stage.jalon).products
    copy = stage.world.issues[copied(stage, number)]
    moved = ProductMoved(at=true.history[-1].at, by="", cause=f"moved:{copy.node_id}")
    for comment in copy.comments:
        # In the first of its comments, which carries its first fact.
        comment.body = with_facts(
            comment.body, lambda facts: (*facts, (len(true.history) + 1, moved)) if facts[0][0] == 1 else facts
        )
    if is_gone:
        stage.world.delete_issue("administratrice", number)
    for desk in both(stage):
        assert is_believed(desk, copy.number) is is_gone
    assert ("the history of another issue" in caplog.text) is not is_gone


def test_words_that_a_comment_belies_are_not_believed_without_a_register_either(stage, caplog):
    stage.played()
    found = {one.title: one for one in from_app(stage.jalon).products}
    title, vote = next(
        (title, fact) for title, one in found.items() for fact in one.history if isinstance(fact, BallotCast)
    )
    issue = next(one for one in stage.world.issues.values() if one.title == title)
    spoken = next(one for one in issue.comments if one.id == vote.comment)
    assert all(is_believed(desk, issue.number) for desk in both(stage))
    spoken.body = "Bonjour"  # as if it had never been a vote: nobody edited it
    assert not any(is_believed(desk, issue.number) for desk in both(stage))
    assert "did not say" in caplog.text


def test_reading_costs_at_most_a_query_for_fifty_issues_and_five_more(stage):
    number = stage.files("Modèle")
    stage.hub.take_held()
    bodies = [comment.body for comment in stage.world.issues[number].comments]
    model = stage.world.issues[number].node_id
    for rank in range(239):
        issue = stage.world.open_issue("chef-produit", f"Produit {rank}", "Rien", ["produit"])
        made = issue.number
        # A long life: one product in five has more comments than the first page holds.
        for extra in range(120 if rank % 5 == 0 else 1):
            stage.world.comment("chef-produit", made, f"Bonjour {extra}")
        for body in bodies:
            stage.world.comment(stage.world.bot, made, told_of(body, model, issue.node_id))
    stage.hub.take_held()
    client = TokenClient(token(stage))
    stage.hub.calls.clear()
    found = read_backlog(client, "dnum/produits", a_policy(), frozenset({stage.world.app.slug}))
    assert len(found) == 240
    assert len(stage.hub.calls) <= 240 / 50 + 5
    assert not [call for call in stage.hub.calls if call["write"]]


def run(stage, monkeypatch, *arguments, environment=None):
    for name, value in (environment or stage.environment).items():
        monkeypatch.setenv(name, value)
    return CliRunner().invoke(main, ["digest", *arguments])


def test_the_command_prints_each_shape(stage, monkeypatch):
    stage.played()
    text = run(stage, monkeypatch)
    assert text.exit_code == 0, text.output
    assert text.output.startswith("# Bilan de la semaine")
    data = json.loads(run(stage, monkeypatch, "--format", "json").output)
    page = run(stage, monkeypatch, "--format", "html").output
    total = f"{data['total']} produits"
    assert total == "4 produits"
    assert total in text.output
    assert total in page
    assert {line["outcome"] for line in data["decisions"]} == {"conditional", "nogo"}
    assert run(stage, monkeypatch, "--from-github").output == text.output


def test_the_command_makes_one_page_to_send(stage, monkeypatch, tmp_path):
    stage.played()
    made = run(stage, monkeypatch, "--format", "pdf", "-o", str(tmp_path / "bilan.pdf"))
    assert (made.exit_code, made.output) == (0, "")
    (page,) = pypdf.PdfReader(tmp_path / "bilan.pdf").pages
    assert "Trois choses à savoir" in page.extract_text()
    assert "un PDF ne se lit pas dans un terminal" in run(stage, monkeypatch, "--format", "pdf").output


def test_the_command_works_with_a_token_alone(stage, monkeypatch):
    stage.played()
    environment = {
        "GITHUB_TOKEN": "sandbox-secretariat",
        "GITHUB_REPOSITORY": "dnum/produits",
        "GITHUB_API_URL": stage.hub.url,
    }
    for name in stage.environment:
        monkeypatch.delenv(name, raising=False)
    found = run(stage, monkeypatch, "--format", "json", environment=environment)
    assert json.loads(found.output)["total"] == 4


@pytest.mark.parametrize(
    ("arguments", "words"),
    [(["--week", "2026-W99"], "n’est pas une semaine"), (["--repo", "dnum/autre"], "ne montre rien à cette adresse")],
)
def test_a_mistake_is_told_in_one_sentence(stage, monkeypatch, arguments, words):
    found = run(stage, monkeypatch, *arguments)
    assert found.exit_code != 0
    assert words in found.output


def test_settings_that_are_missing_are_all_named(monkeypatch):
    for name in ("JALON_APP_ID", "JALON_WEBHOOK_SECRET", "JALON_PRIVATE_KEY", "GITHUB_TOKEN", "GITHUB_REPOSITORY"):
        monkeypatch.delenv(name, raising=False)
    found = CliRunner().invoke(main, ["digest"])
    assert all(name in found.output for name in ("JALON_APP_ID", "GITHUB_TOKEN", "GITHUB_REPOSITORY"))


def test_a_token_and_its_settings_are_read_from_the_environment():
    found = read_token_settings(
        {
            "GITHUB_TOKEN": "t",
            "GITHUB_REPOSITORY": "o/r",
            "JALON_BOT": "comite[bot], autre",
            "JALON_PUBLIC_URL": "https://j/",
        }
    )
    assert found == TokenSettings("t", "o/r", bots=("comite", "autre"), public_url="https://j")
    assert "token" not in repr(TokenSettings("secret", "o/r"))
    with pytest.raises(SettingsError, match=r"JALON_PUBLIC_URL doit commencer par https"):
        read_token_settings({"GITHUB_TOKEN": "t", "GITHUB_REPOSITORY": "o/r", "JALON_PUBLIC_URL": "http://ailleurs"})
    with pytest.raises(SettingsError, match="JALON_PUBLIC_URL"):
        read_settings({"JALON_PUBLIC_URL": "ftp://x"})


@pytest.mark.parametrize(
    ("api", "web"),
    [
        ("https://api.github.com", "https://github.com"),
        ("https://api.octo.ghe.com", "https://octo.ghe.com"),
        ("https://forge.exemple/api/v3", "https://forge.exemple"),
        ("http://127.0.0.1:8081", "http://127.0.0.1:8081"),
    ],
)
def test_pages_are_found_from_the_api(api, web):
    assert web_url(api) == web
    assert re.match(r"https?://", web)


def test_a_job_knows_what_was_said_of_each_session(stage):
    """It publishes the papers: a session cancelled has none, and who sat is told in its minutes."""
    text, tuesdays = "# Ordre du jour\n\n**0 dossier**", (date(2026, 11, 24), date(2026, 12, 1))
    first, second = (
        publish(stage.client, "dnum/produits", "ordre-du-jour", day.isoformat(), text, None) for day in tuesdays
    )
    stage.settle()
    stage.says("secretariat", first, "/émargement\nprésents : techno, secu\nexcusés : data\ninvités : DINUM")
    stage.says("secretariat", second, "/séance annulée")
    known, read = from_app(stage.jalon).sessions, from_token(token(stage)).sessions
    assert [(one.day, one.cancelled, one.guests) for one in read] == [
        (tuesdays[0], False, ("DINUM",)),
        (tuesdays[1], True, ()),
    ]
    assert read == known
    ours = next(one for one in stage.world.issues[second].comments if "key=session" in one.body)
    stage.world.edit_comment("secretariat", ours.id, ours.body.replace("annulée", "tenue"))
    assert [one.day for one in from_token(token(stage)).sessions] == [tuesdays[0]]
