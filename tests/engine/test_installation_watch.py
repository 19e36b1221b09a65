"""How the App stands on GitHub is noted within the minute, said, and what it missed is looked for at once."""

from __future__ import annotations

from contextlib import suppress
from datetime import UTC, datetime, timedelta

import pytest
import requests
import sqlalchemy as sa

from app.bootstrap import Jalon, utc_now
from app.demo.seed import seed
from app.domain.product.facts import ItemAnswered
from app.engine import health
from app.engine.attempts import attempt
from app.engine.installation_watch import IN_A_ROW, SILENCE, STORED, InstallationWatch
from app.engine.schedules import Schedules
from app.github import markers
from app.github.client import LaterError
from app.settings import read_settings
from app.store.key_values import SWEEPS, KeyValues
from app.store.register import Seal
from app.store.schema import CREATIONS, FACTS
from app.web import create_app
from local_github.keys import another_key
from local_github.server import Sandbox
from tests.engine.stage import Process, body, until
from tests.engine.test_catchup import stage  # noqa: F401 - a fixture
from tests.ports import free_port

pytestmark = pytest.mark.slow


@pytest.fixture
def filed(stage):  # noqa: F811
    """A product of dnum/produits in the register."""
    hub, road, jalon = stage
    hub.world.open_issue("cheffe-produit", "SISAC", body(), ["produit"])
    hub.wait_delivered()
    handle(jalon)
    hub.wait_delivered()  # of what Jalon wrote: those still on the way would meet the answers of the test
    jalon.standing.look()
    return hub, road, jalon


def handle(jalon):
    for delivery, _ in jalon.inbox.unfinished():
        attempt(jalon.inbox, jalon.turns, delivery)


def told(jalon):
    return {(one.kind, one.subject) for one in jalon.troubles.told()}


def to_sweep(jalon):
    return KeyValues(jalon.database).get(SWEEPS)


def test_a_first_look_sweeps_nothing_and_finds_nothing_wrong(filed):
    _, _, jalon = filed
    assert told(jalon) == set()
    assert to_sweep(jalon) == ""


def test_an_app_taken_away_and_given_back(filed):
    hub, _, jalon = filed
    hub.world.uninstall_app("administratrice")
    jalon.standing.look()
    assert told(jalon) == {("uninstalled", "dnum")}
    hub.world.install_app("administratrice")
    jalon.standing.look()
    assert told(jalon) == set()
    assert to_sweep(jalon) == "dnum/produits"


def test_a_suspension(filed):
    hub, _, jalon = filed
    hub.world.suspend_app("administratrice")
    jalon.standing.look()
    assert told(jalon) == {("suspended", "dnum")}
    assert to_sweep(jalon) == ""
    hub.world.suspend_app("administratrice", suspended=False)
    jalon.standing.look()
    assert told(jalon) == set()
    assert to_sweep(jalon) == "dnum/produits"


def test_rights_that_were_given_are_used_at_once(filed):
    hub, _, jalon = filed
    before = dict(hub.world.app.permissions)
    hub.world.grant("administratrice", {**before, "organization_projects": "read"})
    jalon.standing.look()
    jalon_notes = KeyValues(jalon.database)
    assert jalon_notes.take(SWEEPS) == ("dnum/produits",)
    jalon.standing.look()
    assert to_sweep(jalon) == "", "once"
    hub.world.grant("administratrice", before)
    jalon.standing.look()
    assert to_sweep(jalon) == "dnum/produits"


def test_so_short_an_absence_that_no_look_saw_it_is_told_by_its_event(filed):
    hub, _, jalon = filed
    hub.world.uninstall_app("administratrice")
    hub.world.install_app("administratrice")
    hub.wait_delivered()
    handle(jalon)
    jalon.standing.look()
    assert to_sweep(jalon) == "dnum/produits"


@pytest.mark.parametrize("wrong", [{"JALON_APP_ID": "42"}, {"JALON_PRIVATE_KEY": another_key()}])
def test_an_app_that_github_does_not_know(stage, tmp_path, wrong):  # noqa: F811
    hub, _, jalon = stage
    stranger = Jalon(
        read_settings(hub.environment() | {"JALON_DATABASE_URL": f"sqlite:///{tmp_path}/jalon.db"} | wrong)
    )
    with pytest.raises(LaterError):
        stranger.standing.look()
    assert told(jalon) == {("credentials", "")}
    jalon.standing.look()
    assert told(jalon) == set()
    stranger.database.dispose()


def test_deliveries_that_all_fail_are_told_and_one_that_does_not_ends_it(filed):
    hub, road, jalon = filed
    jalon.standing.began -= timedelta(minutes=1)  # GitHub tells the hour to the second
    road.answers = 500
    for number in range(IN_A_ROW):
        assert told(jalon) == set()
        hub.world.comment("cheffe-produit", 1, f"bonjour {number}")
        hub.wait_delivered()
        jalon.standing.listen()
    assert told(jalon) == {("webhook", "")}
    road.answers = 202
    hub.world.comment("cheffe-produit", 1, "/aide")
    hub.wait_delivered()
    jalon.standing.listen()
    assert told(jalon) == set()


def test_a_webhook_that_leads_elsewhere_is_told_though_its_deliveries_succeed(filed):
    """Somebody pointed it at another server, which answers as we do: GitHub's log shows nothing wrong."""
    hub, road, jalon = filed
    taken = []
    jalon.standing.began -= timedelta(minutes=1)  # GitHub tells the hour to the second
    hub.deliver = lambda headers, raw: taken.append(raw) or 202
    hub.world.app.hook_url = "https://ailleurs.example/webhooks/github"
    for number in range(IN_A_ROW):
        hub.world.edit_issue("cheffe-produit", 1, title=f"SISAC {number}")
        hub.wait_delivered()
    jalon.standing.listen()
    assert told(jalon) == set()
    jalon.standing.clock = lambda: datetime.now(UTC) + STORED * 2
    jalon.standing.listen()
    assert told(jalon) == {("webhook", "")}
    assert "https://ailleurs.example/webhooks/github" in jalon.troubles.told()[0].detail
    assert len(taken) >= IN_A_ROW
    hub.deliver = road
    hub.world.edit_issue("cheffe-produit", 1, title="SISAC")
    hub.wait_delivered()
    jalon.standing.listen()
    assert told(jalon) == set()


def test_comments_of_ours_that_no_event_follows_show_a_webhook_that_is_switched_off(filed):
    _, _, jalon = filed
    wrote = datetime.now(UTC) + timedelta(hours=2)
    with jalon.database.begin() as connection:
        connection.execute(sa.delete(CREATIONS))
        connection.execute(sa.insert(CREATIONS).values(owner="dnum", at=wrote.timestamp()))
    for after, expected in (
        (SILENCE / 2, set()),
        (SILENCE * 2, {("webhook", "")}),
        (timedelta(hours=3), set()),
    ):
        jalon.standing.clock = lambda after=after: wrote + after
        jalon.standing.listen()
        assert told(jalon) == expected


def altered(jalon, old, new):
    with jalon.database.begin() as connection:
        connection.execute(
            sa.update(FACTS).where(FACTS.c.seq == 1).values(fact=sa.func.replace(FACTS.c.fact, old, new))
        )


class Nothing:
    def __getattr__(self, name):
        return lambda *_, **__: ()


def test_a_register_that_is_not_whole_is_told_within_the_minute_and_so_is_its_mending(filed, monkeypatch, caplog):
    """By the schedules of any worker, as it starts and then each half-minute; asked of the page of watch itself."""
    _, _, jalon = filed
    monkeypatch.setattr(health, "FRESH_S", 0.0)
    now = [datetime.now(UTC)]
    jalon.seal.clock = lambda: now[0].timestamp()  # noqa: PLW0108 - the clock moves
    client = create_app(jalon.settings, jalon.inbox, jalon.register, jalon.worker).test_client()

    def worker():
        return Schedules(
            jalon.inbox, KeyValues(jalon.database), Nothing(), Nothing(), lambda: now[0], None, None, jalon.standing
        )

    def seen_after(seconds, one):
        now[0] += timedelta(seconds=seconds)
        one.tick()
        return "trouble: register dnum/produits#1" in client.get("/readyz").text

    one, other = worker(), worker()
    assert not seen_after(0, one)
    altered(jalon, "SISAC", "CASIS")
    assert seen_after(60, one)
    assert client.get("/readyz").status_code == 503
    altered(jalon, "CASIS", "SISAC")
    assert not seen_after(60, other)
    altered(jalon, "SISAC", "CASIS")
    assert seen_after(60, worker())
    assert caplog.text.count("register: dnum/produits#1: fact 1 is missing or was altered") == 2


def test_an_old_look_does_not_undo_what_another_process_found_since(filed):
    _, _, jalon = filed
    jalon.standing.verify()
    altered(jalon, "SISAC", "CASIS")
    another = InstallationWatch(
        jalon.client, Seal(jalon.register), KeyValues(jalon.database), jalon.troubles, jalon.database, utc_now, ""
    )
    another.verify()
    assert told(jalon) == {("register", "dnum/produits#1")}
    jalon.standing.verify()
    assert told(jalon) == {("register", "dnum/produits#1")}


def test_a_team_a_board_and_a_right_that_are_gone(filed):
    hub, _, jalon = filed
    jalon.standing.check()
    assert told(jalon) == set()
    hub.world.grant(
        "administratrice", {**hub.world.app.permissions, "members": "read", "organization_projects": "read"}
    )
    for board in hub.world.boards.values():
        board.closed_at = "2026-01-01T00:00:00Z"
    hub.world.teams.clear()
    jalon.standing.check()
    assert told(jalon) == {("permission", "dnum"), ("team", "dnum/produits"), ("board", "dnum/produits")}


def ready(port):
    answer = requests.get(f"http://127.0.0.1:{port}/readyz", timeout=30)
    return answer.status_code, answer.text


@pytest.mark.slow
def test_an_app_away_for_a_minute_answers_what_was_asked_meanwhile_by_itself(tmp_path):
    """No nightly sweep is waited for: the return itself has the products looked at."""
    port = free_port()
    hub = Sandbox(seed(), app_url=f"http://127.0.0.1:{port}")
    hub.start()
    environment = hub.environment() | {"JALON_DATABASE_URL": f"sqlite:///{tmp_path}/jalon.db"}
    app = Process.serve(environment, port, log=tmp_path / "log")
    try:
        number = hub.world.open_issue("cheffe-produit", "SISAC", body(), ["produit"]).number
        until(lambda: len(hub.world.issues[number].comments) == 2)
        until(lambda: ready(port)[0] == 200)
        hub.world.uninstall_app("administratrice")
        until(lambda: "trouble: uninstalled dnum" in ready(port)[1])
        assert ready(port)[0] == 503
        hub.world.comment("cheffe-produit", number, "/aide")  # GitHub tells an absent App nothing of it
        hub.world.install_app("administratrice")
        until(lambda: len(hub.world.issues[number].comments) == 4)
        until(lambda: ready(port)[0] == 200)
        assert app.stop() == 0
    finally:
        app.kill()
        hub.stop()


def test_an_app_absent_for_an_hour_answers_once_all_that_was_said_meanwhile(filed):
    """A delivery taken up too late sees nothing and is not kept waiting for ever; GitHub sends nothing of the rest."""
    hub, _, jalon = filed
    before = hub.world.clock
    hub.wait_delivered()
    handle(jalon)
    hub.world.comment("cheffe-produit", 1, "/aide")
    hub.wait_delivered()
    ((delivery, _),) = jalon.inbox.unfinished()
    hub.world.uninstall_app("administratrice")
    waited = 0.0
    while not (answer := attempt(jalon.inbox, jalon.turns, delivery)).get("done"):
        waited += answer["put off"]
    assert 30 < waited < 60
    assert "not visible" in jalon.inbox.read(delivery).outcome
    hub.world.clock = lambda: before() + timedelta(hours=1)
    for login, text in (("cheffe-produit", "/coche 1"), ("secu", "/aide"), ("cheffe-produit", "/coche tout")):
        hub.world.comment(login, 1, text)
    hub.wait_delivered()
    handle(jalon)
    jalon.standing.look()
    ours = [one for one in hub.world.issues[1].comments if one.author == hub.world.bot]
    hub.world.install_app("administratrice")
    jalon.standing.look()
    for _ in range(2):  # what is found once is not found again
        for repository in KeyValues(jalon.database).take(SWEEPS) or ("dnum/produits",):
            list(jalon.sweep.wake(jalon.sweep.stale(repository), lambda: True))
        hub.wait_delivered()
        handle(jalon)
    fresh = [one for one in hub.world.issues[1].comments if one.author == hub.world.bot and one not in ours]
    assert [markers.read_marker(one.body).key.partition(":")[0] for one in fresh] == ["help", "help", "reply"]
    answered = [entry.fact for entry in jalon.register.entries() if isinstance(entry.fact, ItemAnswered)]
    assert len(answered) == 1


@pytest.mark.parametrize("minutes", [-60, -7, 7, 60])
def test_an_idle_app_notices_that_the_clocks_are_apart(filed, minutes):
    """An hour apart GitHub may refuse what we sign: its refusal tells its hour all the same."""
    hub, _, jalon = filed
    github = hub.world.clock
    hub.world.clock = lambda: github() + timedelta(minutes=minutes)
    with suppress(LaterError):
        jalon.standing.look()
    assert ("clock", "") in told(jalon)
    hub.world.clock = github
    jalon.standing.look()
    assert told(jalon) == set()
