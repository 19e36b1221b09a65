"""The agenda and the record of decisions as people read them, and issues published once each."""

from __future__ import annotations

import html
import io
import os
import re
import subprocess
import sys
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pypdf
import pytest
from click.testing import CliRunner

from app.cli import main
from app.domain.policy.calendar import Week, day_of
from app.domain.policy.model import TIMEZONE
from app.domain.product.facts import Point
from app.domain.product.second_thought_facts import DecisionContested, DecisionRectified
from app.domain.report.agenda import Agenda, agenda
from app.domain.report.minutes import Attendance, minutes
from app.domain.report.portfolio import rows
from app.github.published import LABELS, publish, published, untouched_texts
from app.messages.reports import Links, _monday, agenda_text, minutes_text
from app.reports.paper_text import as_pdf
from app.reports.renderings import as_html
from app.reports.watch import DigestWatch
from app.shipped_files import asset
from app.yaml_documents import read_plain
from tests.builders import a_policy
from tests.lives import REPOSITORY, Life, at
from tests.reports.samples import LINKS

GOLDEN = Path(__file__).parent / "golden"
SESSION = date(2026, 11, 24)
BOTS = frozenset({"jalon"})
SERVED = Links("https://github.com", REPOSITORY, "https://jalon.example")
NAMES = (
    *("agenda", "agenda-provisional", "agenda-late", "agenda-empty"),
    *("minutes", "minutes-recorded", "minutes-empty"),
)


def lives(policy):
    first = Life(policy, "Base <des> conventions", 1, ["design", "sécurité"]).filed("2026-08-31")
    first.asked("2026-10-06", "mvp").vote("2026-10-07", "securite", "nogo", "Sensibilité non estimée").decided(
        "2026-10-14", "nogo"
    )
    first.asked("2026-10-20", "mvp", ["data"], [Point("Sécurité", "Sensibilité non estimée")])
    first.vote("2026-10-21", "design", "recuse").vote("2026-10-21", "technologie").postponed(
        "2026-11-03", "Attendre l’avis"
    )
    owing = Life(policy, "Simulateur", 2).filed("2026-08-31").asked("2026-09-08", "mvp")
    owing.decided("2026-09-15", "go", [("Chiffrer les sauvegardes", "2026-10-01")]).asked("2026-11-17", "arret")
    late = Life(policy, "Messagerie", 3).filed("2026-08-31").asked("2026-11-24", "poc")
    held = Life(policy, "Carte des centres", 4).filed("2026-08-31").asked("2026-11-10", "poc")
    held.decided("2026-11-24", "go", [("Nommer @secu", "2026-12-31")], present=("securite", "technologie"), reason="")
    put_off = (
        Life(policy, "Annuaire", 5)
        .filed("2026-08-31")
        .asked("2026-11-10", "poc")
        .postponed("2026-11-24", "Coût inconnu")
    )
    written = Life(policy, "Agréments", 6).filed("2026-08-31").asked("2026-11-10", "poc").decided("2026-11-19")
    refused = Life(policy, "Paie #2 $x$", 7).filed("2026-08-31").asked("2026-11-12", "poc")
    refused.vote("2026-11-13", "securite", "nogo", "Sécurité : droits non relus, @secu peut aider")
    refused.vote("2026-11-13", "design", "go", conditions=["Design : tester avec trois agents"]).decided(
        "2026-11-20", "nogo"
    )
    note = {"by": "secretariat", "cause": "test:again", "gate": 1}
    held.facts.append(
        DecisionRectified(
            at=at("2026-11-25", 8), **note, was="go", outcome="nogo", why="mal saisi", present=("techno",)
        )
    )
    before = Life(policy, "Contesté", 8).filed("2026-08-31").asked("2026-10-20", "poc").decided("2026-11-03", "nogo")
    before.facts.append(
        DecisionContested(at=at("2026-11-19"), **note, grounds="Chiffré depuis, @secu", held="2026-11-24")
    )
    return [life.tracked for life in (before, first, owing, late, held, put_off, written, refused)]


def samples(language):
    policy = a_policy(language)
    before, after = rows(lives(policy), policy, at("2026-11-24", 5)), rows(lives(policy), policy, at("2026-11-25"))
    told = Attendance(
        ("Technologie", "Sécurité"),
        (("Sécurité", "cloud-ops"),),
        ("Design", "Une directrice"),
        ("Communs numériques",),
        ("Une invitée",),
        "Salle 204",
        "9 h 30",
        "11 h",
        is_recorded=True,
    )
    early = at("2026-11-19", 5)
    none = Agenda(SESSION, agenda((), policy, SESSION).cut_off, (), (), 0)
    return {
        "agenda": agenda_text(agenda(before, policy, SESSION), policy, LINKS),
        "agenda-provisional": agenda_text(agenda(before, policy, SESSION, early), policy, SERVED),
        "agenda-late": agenda_text(agenda(after, policy, SESSION), policy, LINKS),
        "agenda-empty": agenda_text(none, policy, LINKS),
        "minutes": minutes_text(minutes(after, policy, SESSION), policy, LINKS),
        "minutes-recorded": minutes_text(minutes(after, policy, SESSION, told), policy, LINKS),
        "minutes-empty": minutes_text(minutes((), policy, SESSION), policy, LINKS),
    }


@pytest.mark.parametrize("language", ["fr", "en"])
@pytest.mark.parametrize("name", NAMES)
def test_papers_read_as_their_golden_files(language, name):
    path, text = GOLDEN / language / f"{name}.md", samples(language)[name]
    if os.environ.get("JALON_GOLDEN") == "write":
        path.write_text(text, encoding="utf-8")
    assert path.read_text(encoding="utf-8") == text
    assert "@secu" not in text
    assert "\n\n\n" not in text


def bare(text):
    """Letters alone: what is drawn for a sign, the spaces and the marks of lists are the layout’s."""
    return re.sub(r"[^\w«»’:;.,()]", "", re.sub(r"[✅🟡⛔⏸✓◐✗‖]", "", text))


@pytest.mark.parametrize("language", ["fr", "en"])
@pytest.mark.parametrize("name", NAMES)
def test_a_paper_says_the_same_as_an_issue_a_page_and_a_pdf(language, name):
    text = samples(language)[name]
    page = re.sub(r"<[^>]+>", "\n", as_html(lambda _: text, language))
    sentences = [bare(html.unescape(line)) for line in page.split("\n") if line.strip()]
    found = pypdf.PdfReader(io.BytesIO(as_pdf(lambda _: text, language)))
    told = bare("".join(one.extract_text().rpartition("\n")[0] for one in found.pages))
    assert len(sentences) >= 3
    assert [sentence for sentence in sentences if sentence not in told] == []
    assert {tuple(map(round, one.mediabox[2:])) for one in found.pages} == {(595, 842)}
    assert found.metadata.title == html.unescape(page.strip().partition("\n")[0])
    assert all(f"page {rank}" in one.extract_text() for rank, one in enumerate(found.pages, start=1))


def test_a_report_is_published_once_and_brought_up_to_date(stage):
    client, here = stage.jalon.client, "dnum/produits"
    stage.world.delete_label("secretariat", "bilan")
    number = publish(client, here, "bilan", "2026-W48", "# Titre <b>\n\nUn", None)
    issue = stage.world.issues[number]
    assert (issue.title, issue.labels, issue.author) == ("Titre <b>", ["bilan"], stage.world.bot)
    known = published(client, here, "bilan", BOTS)
    assert publish(client, here, "bilan", "2026-W48", "# Titre\n\nDeux", known["2026-W48"]) == number
    assert stage.world.issues[number].body.startswith("Deux")
    known = published(client, here, "bilan", BOTS)
    stage.hub.calls.clear()
    assert publish(client, here, "bilan", "2026-W48", "# Titre\n\nDeux", known["2026-W48"]) == number
    assert stage.hub.calls == []
    assert publish(client, here, "bilan", "2026-W49", "# Titre\n\nDeux", None) != number


@pytest.mark.parametrize("who", ["github-actions", "autre-app", "secretariat"])
def test_a_report_rewritten_by_another_account_is_not_believed_and_is_put_back(stage, who):
    client, here, text = stage.jalon.client, "dnum/produits", "# Titre\n\nUn"
    number = publish(client, here, "bilan", "2026-W48", text, None)
    body = stage.world.issues[number].body
    login = who if who == "secretariat" else stage.world.admit_bot(who)
    stage.world.edit_issue(login, number, body=body.replace("Un", "Tout va bien"))
    known = published(client, here, "bilan", BOTS | {"github-actions"})
    assert known["2026-W48"].is_touched
    assert list(untouched_texts(known)) == []
    assert publish(client, here, "bilan", "2026-W48", text, known["2026-W48"]) == number
    assert stage.world.issues[number].body == body
    assert list(untouched_texts(published(client, here, "bilan", BOTS))) == ["2026-W48"]


def test_a_report_given_the_mark_of_another_hides_it_not(stage):
    client, here = stage.jalon.client, "dnum/produits"
    true = publish(client, here, "bilan", "2026-W47", "# Titre\n\nUn", None)
    other = publish(client, here, "bilan", "2026-W48", "# Titre\n\nDeux", None)
    forger = stage.world.admit_bot("autre-app")
    stage.world.edit_issue(forger, other, body=stage.world.issues[true].body.replace("Un", "Faux"))
    known = published(client, here, "bilan", BOTS)
    assert (known["2026-W47"].number, known["2026-W47"].is_touched) == (true, False)


def test_what_the_app_published_stays_its_own_under_another_name_and_no_other_gets_it(stage):
    client, here = stage.jalon.client, "dnum/produits"
    number = publish(client, here, "bilan", "2026-W48", "# Titre\n\nUn", None)
    assert published(client, here, "bilan", frozenset())["2026-W48"].number == number


def test_a_mark_forged_by_a_person_hides_nothing(stage):
    stage.world.open_issue("chef-produit", "Faux", "Rien\n\n<!-- jalon:bilan 2026-W48 -->", ["bilan"])
    assert published(stage.jalon.client, "dnum/produits", "bilan", BOTS) == {}


def test_a_body_never_passes_githubs_limit(stage):
    text = "# Titre\n" + "une ligne\n" * 9000
    number = publish(stage.jalon.client, "dnum/produits", "releve", "2026-11-24", text, None)
    assert 50_000 < len(stage.world.issues[number].body) < 65_536
    assert stage.world.issues[number].labels == [LABELS["releve"].name]


def run(stage, monkeypatch, *arguments):
    for name, value in stage.environment.items():
        monkeypatch.setenv(name, value)
    found = CliRunner().invoke(main, list(arguments))
    assert found.exit_code == 0, found.output
    return found.output


def bodies(stage, kind):
    return [issue.body for issue in stage.world.issues.values() if LABELS[kind].name in issue.labels]


@pytest.mark.slow
def test_the_digest_of_last_week_is_published_once_whenever_the_job_runs(stage, monkeypatch):
    stage.played()
    urls = {run(stage, monkeypatch, "digest", "--publish") for _ in range(3)}
    assert len(urls) == 1
    (body,) = bodies(stage, "bilan")
    assert f"<!-- jalon:bilan {Week.of(day_of(datetime.now(UTC), TIMEZONE)).plus(-1)} -->" in body
    stage.settle()
    assert not [
        comment for issue in stage.world.issues.values() if "bilan" in issue.labels for comment in issue.comments
    ]


@pytest.mark.slow
def test_a_week_left_without_a_digest_is_told_in_the_next_one(stage, monkeypatch):
    stage.played()
    week = Week.of(day_of(datetime.now(UTC), TIMEZONE))
    run(stage, monkeypatch, "digest", "--publish", "--week", str(week.plus(-4)))
    run(stage, monkeypatch, "digest", "--publish")
    (told,) = (body for body in bodies(stage, "bilan") if f"bilan {week.plus(-1)} -->" in body)
    former, latter = (_monday(week.plus(back), "fr") for back in (-3, -2))
    assert f"2 bilans n’ont pas été publiés : semaines du {former} et {latter}" in told


@pytest.mark.slow
def test_a_paper_is_printed_in_every_shape(stage, monkeypatch, tmp_path):
    stage.played()
    printed = run(stage, monkeypatch, "agenda")
    assert printed.startswith("# Ordre du jour")
    assert "Attend" in printed
    assert run(stage, monkeypatch, "agenda", "--format", "json").startswith("{")
    paper = tmp_path / "papier.pdf"
    assert run(stage, monkeypatch, "agenda", "--releve", "--format", "pdf", "-o", str(paper)) == ""
    assert "Relevé de décisions" in pypdf.PdfReader(paper).pages[0].extract_text()
    found = CliRunner().invoke(main, ["agenda", "--format", "pdf"])
    assert (found.exit_code, "-o papier.pdf" in found.output) == (1, True)
    found = CliRunner().invoke(main, ["agenda", "-o", str(tmp_path / "absent" / "papier.md")])
    assert (found.exit_code, "ne peut pas être écrit" in found.output) == (1, True)


def on(monkeypatch, day):
    """The job runs early in the morning of a day."""
    monkeypatch.setattr("app.cli.here_and_now.now", lambda: at(day, 5))


@pytest.mark.slow
def test_the_agenda_comes_out_five_days_before_follows_its_products_and_gives_way_to_the_next(stage, monkeypatch):
    stage.played()
    today = day_of(datetime.now(UTC), TIMEZONE)
    monday = Week.of(today).plus(1).monday
    session, following = monday + timedelta(days=1), monday + timedelta(days=8)
    known = {}
    for ahead in range(9, -1, -1):
        on(monkeypatch, (session - timedelta(days=ahead)).isoformat())
        said = run(stage, monkeypatch, "agenda", "--publish", "--week", str(Week.of(session)))
        issues = [one for one in stage.world.issues.values() if LABELS["ordre-du-jour"].name in one.labels]
        known[ahead] = len(issues)
        assert ("rien n’est publié avant" in said) == (ahead > 5)
    assert known == dict.fromkeys((9, 8, 7, 6), 0) | dict.fromkeys((5, 4, 3, 2, 1, 0), 1)
    (issue,) = issues
    assert "Le comité charge" in issue.body
    assert "provisoire" not in issue.body
    on(monkeypatch, (session + timedelta(days=1)).isoformat())
    assert "est passée" in run(stage, monkeypatch, "agenda", "--publish", "--week", str(Week.of(session)))
    on(monkeypatch, (following - timedelta(days=5)).isoformat())
    run(stage, monkeypatch, "agenda", "--publish", "--week", str(Week.of(following)))
    last = [one for one in stage.world.issues.values() if LABELS["ordre-du-jour"].name in one.labels]
    assert [(one.number == issue.number, one.state) for one in last] == [(True, "closed"), (False, "open")]


@pytest.mark.slow
def test_an_agenda_whose_text_has_not_changed_is_not_written_again(stage, monkeypatch):
    stage.played()
    session = Week.of(day_of(datetime.now(UTC), TIMEZONE)).plus(1).monday + timedelta(days=1)
    on(monkeypatch, (session - timedelta(days=5)).isoformat())
    run(stage, monkeypatch, "agenda", "--publish", "--week", str(Week.of(session)))
    on(monkeypatch, (session - timedelta(days=4)).isoformat())
    stage.hub.calls.clear()
    run(stage, monkeypatch, "agenda", "--publish", "--week", str(Week.of(session)))
    assert [call for call in stage.hub.calls if str(call).startswith(("POST /repos", "PATCH"))] == []


def test_minutes_are_published_once_the_session_was_held_and_brought_up_to_date(stage, monkeypatch):
    stage.played()
    record = run(stage, monkeypatch, "agenda", "--releve", "--publish")
    assert record == run(stage, monkeypatch, "agenda", "--releve", "--publish")
    assert len(bodies(stage, "releve")) == 1


def test_nothing_is_published_before_its_time(stage, monkeypatch):
    later = Week.of(day_of(datetime.now(UTC) + timedelta(weeks=3), TIMEZONE))
    assert "rien n’est publié avant" in run(stage, monkeypatch, "agenda", "--publish", "--week", str(later))
    held = run(stage, monkeypatch, "agenda", "--publish", "--releve", "--week", str(later))
    assert "n’a pas encore eu lieu" in held
    assert bodies(stage, "ordre-du-jour") == bodies(stage, "releve") == []


def test_a_week_without_committee_has_no_papers(stage, monkeypatch):
    for name, value in stage.environment.items():
        monkeypatch.setenv(name, value)
    found = CliRunner().invoke(main, ["agenda", "--week", "2026-W33"])
    assert "pas de comité" in found.output
    assert found.exit_code == 1


def test_labels_are_those_that_set_up_installs():
    shipped = {item["name"]: item for item in read_plain(asset("labels.yml").read_text(encoding="utf-8"))}
    for label in LABELS.values():
        assert shipped[label.name] == {"name": label.name, "color": label.color, "description": label.description}


@pytest.mark.parametrize("name", ["digest-hebdomadaire.yml", "comite.yml"])
def test_workflows_ask_for_little_and_pin_what_they_run(name):
    text = asset(f"workflows/{name}").read_text(encoding="utf-8")
    workflow = read_plain(text)
    (job,) = workflow["jobs"].values()
    assert workflow["permissions"] == {}
    assert job["permissions"] == {"contents": "read", "issues": "write"}
    assert job["timeout-minutes"] <= 30
    assert workflow["concurrency"]["cancel-in-progress"] is False
    triggers = workflow[True]  # YAML 1.1 reads « on » so
    assert set(triggers) == {"schedule", "workflow_dispatch"}
    for step in job["steps"]:
        # Nothing that people typed is ever part of a script.
        assert "${{" not in step.get("run", "")
        assert re.fullmatch(r"[\w/-]+@[0-9a-f]{40}", step.get("uses", f"a@{'0' * 40}"))


def test_workflows_are_clean_for_zizmor():
    tool = Path(sys.executable).parent / "zizmor"
    if not tool.exists():
        pytest.skip("zizmor is not installed")
    files = [str(asset(f"workflows/{name}")) for name in ("digest-hebdomadaire.yml", "comite.yml")]
    done = subprocess.run([tool, "--offline", "--no-progress", *files], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_app_notices_weeks_without_a_digest(stage):
    client, now = stage.jalon.client, datetime.now(UTC)
    week = Week.of(day_of(now, TIMEZONE))
    assert stage.jalon.digests.missing("dnum/produits", now, TIMEZONE) == ()
    publish(client, "dnum/produits", "bilan", str(week.plus(-4)), "# Titre\n\nUn", None)
    watch = DigestWatch(client, lambda: BOTS)
    late = watch.missing("dnum/produits", now + timedelta(days=7), TIMEZONE)
    assert late[:2] == (week.plus(-3), week.plus(-2))
    stage.hub.calls.clear()
    assert watch.missing("dnum/produits", now + timedelta(days=7), TIMEZONE) == late
    assert stage.hub.calls == []
    assert DigestWatch(client, lambda: BOTS).missing("dnum/absent", now, TIMEZONE) == ()
