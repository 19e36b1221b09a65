"""`jalon doctor` on the local GitHub: all is well, and ✗ for each thing that is not."""

import json
import threading
import time
from datetime import UTC, datetime, timedelta

import pytest
from click.testing import CliRunner

from app.cli import doctor, main
from app.demo.seed import seed
from app.doctor import trial
from app.doctor.findings import Finding
from app.doctor.reading import DoctorReading
from app.doctor.report import finding_lines, report_document
from app.doctor.words import NAMES, SENTENCES, TOLD
from app.transparency.notes import signer_text
from local_github.server import Sandbox
from tests.stage import SIGNER

pytestmark = pytest.mark.slow

HERE = "dnum/produits"
MARKS = {"✓": "ok", "✗": "ko", "?": "unknown"}


class Patient:
    """Whoever runs the command: `run` gives its exit code, its text, and the report by name of what was looked at."""

    def __init__(self, tmp_path, monkeypatch):
        self.hub = Sandbox(seed(), app_url="http://127.0.0.1:9")
        self.hub.deliver = lambda headers, body: self.answer
        self.hub.start()
        self.world, self.answer, self.late = self.hub.world, 202, 0.0
        self.file, self.given = tmp_path / "compte-rendu.json", monkeypatch
        environment = {**self.hub.environment(), "JALON_DATABASE_URL": f"sqlite:///{tmp_path}/jalon.db"}
        for name, value in environment.items():
            monkeypatch.setenv(name, value)
        monkeypatch.setattr(doctor.time, "sleep", self.passes)
        monkeypatch.setattr(doctor.time, "monotonic", lambda: time.perf_counter() + self.late)
        self.world.clock = lambda: datetime.now(UTC) + timedelta(seconds=self.late)

    def passes(self, seconds):
        """Nobody waits here."""
        self.hub.wait_delivered()
        self.late += seconds

    def sealed(self, key=""):
        self.given.setenv("JALON_SEAL_KEY", key or signer_text(SIGNER))

    def publishes(self):
        rules = self.world.files[".github/jalon.yml"]
        self.world.files[".github/jalon.yml"] = f"{rules}\nregister: {{keys: ['{SIGNER.key.vkey}']}}\n"

    def run(self, *options):
        ended = CliRunner().invoke(main, ["doctor", "--output", str(self.file), *options])
        assert not ended.exception or isinstance(ended.exception, SystemExit), ended.exception
        report = json.loads(self.file.read_text(encoding="utf-8"))
        return ended.exit_code, ended.output, {item["about"]: item for item in report["findings"]}


@pytest.fixture
def patient(tmp_path, monkeypatch):
    one = Patient(tmp_path, monkeypatch)
    yield one
    one.hub.stop()


def test_a_healthy_installation(patient):
    code, said, found = patient.run()
    assert {about for about, item in found.items() if item["state"] != "ok"} == set(), said
    assert code == 0
    assert set(found) == set(NAMES)
    assert "Tout va bien." in said
    assert "✗" not in said
    [issue] = patient.world.issues.values()
    assert (issue.state, issue.state_reason, issue.title) == ("closed", "not_planned", trial.TITLE)
    assert patient.world.cards == {}
    assert found["read_after_write"]["facts"]["seconds"] < 30


def test_a_seal_whose_key_the_rules_publish(patient):
    patient.sealed()
    patient.publishes()
    _, said, found = patient.run("--read-only")
    assert f"✓ Sceau du registre : la clé {SIGNER.name} signe, et les règles la publient" in said.replace("\u00a0", " ")
    assert found["seal"] == {"about": "seal", "state": "ok", "how": "ok", "facts": {"witnesses": 0}}


def test_without_a_scratch_issue(patient):
    before = len(patient.hub.calls)
    code, _, found = patient.run("--read-only", "--repo", HERE)
    assert code == 0
    assert patient.world.issues == {}
    assert "write" not in found
    assert [call for call in patient.hub.calls[before:] if call["write"]] == []


def test_in_the_language_of_the_rules(patient):
    text = patient.world.files[".github/jalon.yml"].replace("language: fr", "language: en")
    patient.world.files[".github/jalon.yml"] = text
    patient.world.app.hook_active = False
    _, said, _ = patient.run()
    assert "✗ Event of an issue: nothing in" in said
    assert "points to mend" in said


def rights(patient, **changed):
    patient.world.grant("administratrice", {**patient.world.app.permissions, **changed})


def withdrawn(patient, name):
    kept = {key: value for key, value in patient.world.app.permissions.items() if key != name}
    patient.world.grant("administratrice", kept)


def secret_team(patient):
    patient.world.teams["autre"] = patient.world.teams.pop("comite-produit")
    for names in (patient.world.team_names, patient.world.team_ids):
        names["autre"] = names.pop("comite-produit")


def phase_of_the_organisation(patient):
    board = patient.world.board()
    board.readme = "<!-- jalon: dnum/produits -->"  # as « jalon setup » marks it
    board.fields[board.column_field].kind = "TEXT"


def refusing(**rule):
    return lambda patient: patient.hub.faults.add({"kind": "refused", **rule})


def partial(**rule):
    return lambda patient: patient.hub.faults.add({"kind": "partial", **rule})


WRITES = "POST /repos.*/issues$"
ILL = {
    "webhook not active": (lambda p: setattr(p.world.app, "hook_active", False), "delivery", "never"),
    "another secret": (lambda p: setattr(p, "answer", 401), "delivery", "secret"),
    "no way in": (lambda p: setattr(p, "answer", 504), "card_delivery", "failed"),
    "events of cards not subscribed": (lambda p: p.world.app.events.remove("projects_v2_item"), "events", "ko"),
    "no event of cards": (lambda p: p.world.app.events.remove("projects_v2_item"), "card_delivery", "never"),
    "another address": (lambda p: setattr(p.world.app, "hook_url", "https://x.example/"), "hook", "elsewhere"),
    "suspended": (lambda p: p.world.suspend_app("administratrice"), "installation", "suspended"),
    "not installed": (lambda p: p.world.uninstall_app("administratrice"), "installation", "nowhere"),
    "archived": (lambda p: p.world.archive_repository("administratrice"), "installation", "archived"),
    "members withdrawn": (lambda p: withdrawn(p, "members"), "permissions", "ko"),
    "members withdrawn, team": (lambda p: withdrawn(p, "members"), "team", "refused"),
    "board read-only": (lambda p: rights(p, organization_projects="read"), "board", "read_only"),
    "board gone": (lambda p: p.world.delete_board("administratrice", 1), "board", "none"),
    "phase of the organisation": (phase_of_the_organisation, "board", "phase"),
    "board full": (lambda p: setattr(p.world.board(), "limit", 0), "card", "refused"),
    "team not shown": (secret_team, "team", "hidden"),
    "clock": (lambda p: setattr(p, "late", 90.0), "clock", "ko"),
    "key not published": (lambda p: p.sealed(), "seal", "unpublished"),
    "key that is none": (lambda p: p.sealed("PRIVATE KEY"), "seal", "unreadable"),
    "key not given": (lambda p: p.publishes(), "seal", "no_key"),
    "late replicas": (lambda p: p.hub.faults.add({"kind": "stale", "seconds": 60}), "read_after_write", "ko"),
    "address not allowed": (refusing(why="ip-allow-list", match=WRITES), "write", "refused"),
    "single sign-on": (refusing(why="saml", match="GRAPHQL DoctorTeam"), "team", "refused"),
    "too fast": (lambda p: p.hub.faults.add({"kind": "secondary-limit", "match": WRITES}), "write", "later"),
    "credentials": (lambda p: p.world.app.__setattr__("id", 7), "identity", "later"),
    "author not told": (partial(match="DoctorSeen", path="repository.issue.author"), "author", "ko"),
    "log of deliveries": (refusing(status=404, match="hook/deliveries"), "deliveries", "not_found"),
}


@pytest.mark.parametrize(("fault", "about", "how"), ILL.values(), ids=ILL)
def test_what_is_ill_is_shown_with_what_to_do(patient, fault, about, how):
    fault(patient)
    code, said, found = patient.run()
    assert code == 1
    assert (found[about]["state"], found[about]["how"]) == ("ko", how), said
    line = next(text for text in said.splitlines() if text.startswith(f"✗ {NAMES[about][0]}"))
    assert said.splitlines()[said.splitlines().index(line) + 1].startswith("  → ")
    assert "{" not in line
    for issue in patient.world.issues.values():
        assert issue.state == "closed" or patient.world.archived


NEVER = threading.Event()
STEPS = {
    "the team": (DoctorReading, "_team", "team"),
    "the board": (DoctorReading, "_board", "board"),
    "reading back": (trial.Trial, "_look", "read_after_write"),
    "the log": (trial.Trial, "_log", "delivery"),
}


@pytest.mark.parametrize("hangs", [True, False], ids=["hangs", "is slow"])
@pytest.mark.parametrize(("owner", "step", "about"), STEPS.values(), ids=STEPS)
def test_two_minutes_are_for_the_whole_run_and_nothing_hangs(patient, monkeypatch, owner, step, about, hangs):
    look = getattr(owner, step)

    def slow(self, *given):
        patient.late += 130
        if hangs:
            NEVER.wait()
        return look(self, *given)

    monkeypatch.setattr(owner, step, slow)
    code, said, found = patient.run()
    assert code == 1
    assert set(found) <= set(NAMES)
    before, after = list(NAMES)[: list(NAMES).index(about)], list(NAMES)[list(NAMES).index(about) + 1 :]
    assert {name for name in before if found[name]["how"] == "late"} == set()
    assert {name for name in after if name in found and found[name]["state"] == "ok"} <= {"closed", "card_delivery"}
    if hangs:
        assert found[about]["how"] == "late", said
        assert "pas essayé : les deux minutes étaient passées" in said
        assert "Tout n’a pas pu être essayé en deux minutes" in said
    assert all(issue.state == "closed" for issue in patient.world.issues.values())


@pytest.mark.parametrize("more", [0, 120])
def test_the_fields_of_a_board_are_read_to_their_last_page(patient, more):
    board = patient.world.board()
    phase = board.fields.pop(board.column_field)
    for rank in range(more):
        patient.world.create_field("administratrice", board.number, f"Autre {rank}", "TEXT")
    board.fields[board.column_field] = phase
    assert patient.run("--read-only")[2]["board"]["state"] == "ok"


def test_a_late_replica_is_measured(patient):
    patient.hub.faults.add({"kind": "stale", "seconds": 2})
    code, said, found = patient.run()
    assert code == 0, said
    assert 2 <= found["read_after_write"]["facts"]["seconds"] <= 10


def test_a_card_on_a_board_of_others_hinders_nothing(patient):
    number = patient.world.open_issue("cheffe-produit", "SILAV", "").number
    theirs = patient.world.create_board("administratrice", "Feuille de route")
    theirs.hidden = True
    patient.world.add_card("administratrice", number, theirs.number)
    code, _, found = patient.run()
    assert code == 0
    assert found["foreign_boards"]["facts"]["hidden"] == 1


def test_the_report_holds_no_secret_and_nobodys_words(patient):
    patient.world.open_issue("cheffe-produit", "Titre confidentiel", "Corps confidentiel")
    patient.hub.faults.add({"kind": "refused", "why": "ip-allow-list", "match": "GRAPHQL DoctorTeam"})
    patient.run()
    text = patient.file.read_text(encoding="utf-8")
    app = patient.world.app
    kept = [app.private_key, app.webhook_secret, app.client_secret, "confidentiel", "dnum", "produits", patient.hub.url]
    assert [item for item in kept if item in text] == []
    assert json.loads(text)["github"] == "local"


def test_every_finding_has_its_words_in_both_languages():
    hows = {(about, how) for about, how in SENTENCES}
    assert {about for about, _ in hows} | {"write"} <= set(NAMES)
    facts = dict.fromkeys(
        (
            *(
                "app",
                "seconds",
                "away",
                "count",
                "failed",
                "lacking",
                "missing",
                "url",
                "wanted",
                "list",
                "name",
                "team",
            ),
            *("members", "number", "kind", "items", "hidden", "cards", "status", "did_author", "same_number", "issue"),
            *("comment", "slug", "key", "witnesses"),
        ),
        1,
    )
    every = [Finding(about, "ko", how, facts) for about, how in hows]
    every += [Finding(about, "ko", how, facts, said="x") for about in NAMES for how in TOLD]
    for finding in every:
        for language in ("fr", "en"):
            assert "{" not in "".join(finding_lines(finding, language))
    french, english = ({finding_lines(item, language)[0] for item in every} for language in ("fr", "en"))
    assert len(french) == len(english) == len(every)


@pytest.mark.parametrize(
    ("url", "kind"),
    [
        ("https://api.github.com", "github.com"),
        ("https://api.ministere.ghe.com", "ghe.com"),
        ("https://github.ministere.example/api/v3", "server"),
        ("http://127.0.0.1:8081", "local"),
    ],
)
def test_a_report_says_which_github_without_its_name(url, kind):
    assert json.loads(report_document([], url, "1", datetime.now(UTC)))["github"] == kind
