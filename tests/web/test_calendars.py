"""Calendars by secret address: made on a page, read by another library, ended at once, and only what may be seen today."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
import requests
import vobject

from app.domain.session.model import Session
from app.github.client import Client, LaterError
from app.github.reading_rights import ReadingRights
from app.store.calendars import CalendarOwner, Calendars
from app.store.sessions import Sessions, StoredSession
from tests.lives import REPOSITORY, Life
from tests.web.conftest import NOW
from tests.web.test_signin import POLICY, Browser, Site


def ago(**span):
    return NOW - timedelta(**span)


@pytest.fixture
def site(tmp_path):
    found = Site(f"sqlite:///{tmp_path}/jalon.db")
    waiting = Life(POLICY, "Base des\nconventions; et, virgules", 1).filed(ago(days=60)).asked(ago(days=2), "mvp")
    owing = Life(POLICY, "Annuaire", 2).filed(ago(days=90)).asked(ago(days=60), "mvp")
    owing.decided(ago(days=50), "go", [("Chiffrer les sauvegardes", "2031-01-02")])
    found.holds(waiting, owing)
    found.may = True
    services = found.app.extensions["jalon"]
    services.may_read = lambda *_: found.may
    yield found
    found.close()


def makes(site, login, kind="person", act="creer"):
    browser = Browser(site)
    page = browser.signs_in(login, "/moi/calendrier")
    seal = re.search(r'name="jeton" value="([^"]+)"><input type="hidden" name="genre"', page.text)[1]
    fields = {"jeton": seal, "genre": kind, "geste": act}
    answer = browser.post(f"{site.url}/moi/calendrier", fields, timeout=30)
    found = re.search(r'value="(http[^"]+\.ics)"', answer.text)
    return found[1] if found else ""


def reads(address):
    answer = requests.get(address, timeout=30)
    assert answer.status_code == 200, answer.text
    assert answer.headers["Content-Type"] == "text/calendar; charset=utf-8"
    return vobject.readOne(answer.text)


def events(calendar):
    return {one.uid.value: one for one in calendar.vevent_list}


def summaries(calendar):
    return [one.summary.value.replace("\u00a0", " ") for one in calendar.vevent_list]


def test_a_seat_finds_its_opinions_and_the_sessions(site):
    found = reads(makes(site, "secu"))
    told = summaries(found)
    assert "Jalon : avis attendu sur « Base des conventions; et, virgules » (MVP)" in told
    assert "Jalon : séance du comité produit" in told
    assert not any("Annuaire" in one for one in told), "not theirs"
    ballot = next(one for one in found.vevent_list if "avis attendu" in one.summary.value)
    assert isinstance(ballot.dtstart.value, date)
    assert not isinstance(ballot.dtstart.value, datetime)
    assert ballot.dtend.value - ballot.dtstart.value == timedelta(days=1)
    assert f"/{REPOSITORY}" in ballot.url.value
    session = next(one for one in found.vevent_list if "séance" in one.summary.value)
    assert session.url.value.endswith(f"/seances/{session.dtstart.value}?comite={REPOSITORY}")


def test_a_team_finds_what_its_products_owe(site):
    told = summaries(reads(makes(site, "cheffe-produit")))
    assert any("réserve nº 1 de « Annuaire » à lever" in one for one in told)
    assert any("dernier jour du passage de « Base des conventions" in one for one in told)


def test_the_committee_s_calendar_holds_all_that_is_due(site):
    told = summaries(reads(makes(site, "visiteur", "committee")))
    assert any("passage de « Base des conventions" in one for one in told)
    assert any("réserve nº 1 de « Annuaire »" in one for one in told)


def test_a_session_moved_keeps_its_name_and_is_revised_and_one_cancelled_says_so(site):
    address = makes(site, "secu")
    before = {uid: one for uid, one in events(reads(address)).items() if uid.startswith("session-")}
    planned = sorted(one.dtstart.value for one in before.values() if one.dtstart.value > NOW.date())[:2]
    first, second = (next(uid for uid, one in before.items() if one.dtstart.value == day) for day in planned)
    kept, moved = Sessions(site.database), planned[0] + timedelta(days=1)
    kept.keep(
        StoredSession(
            Session(REPOSITORY, "I_90", 90, planned[0], moved, place="Salle 12", link="https://visio.example/x")
        )
    )
    kept.keep(StoredSession(Session(REPOSITORY, "I_91", 91, planned[1], planned[1], cancelled=True)))
    after = events(reads(address))
    assert after[first].dtstart.value == moved
    assert (before[first].sequence.value, after[first].sequence.value) == ("0", "1")
    assert after[first].location.value == "Salle 12"
    assert after[second].status.value == "CANCELLED"
    assert "annulée" in after[second].summary.value
    assert after[second].sequence.value == "1"
    others = set(before) - {first, second}
    assert all(after[uid].sequence.value == "0" for uid in others & set(after))
    assert events(reads(address))[first].sequence.value == "1", "read again, nothing changed"


def test_a_new_address_ends_the_former_and_a_closed_one_opens_nothing(site):
    former = makes(site, "secu")
    address = makes(site, "secu")
    assert requests.get(former, timeout=30).status_code == 404
    assert reads(address)
    makes(site, "secu", act="fermer")
    assert requests.get(address, timeout=30).status_code == 404


@pytest.mark.parametrize("secret", ["x", "0" * 43, "é", "%00", "a" * 5000])
def test_an_address_that_was_never_made_is_not_found(site, secret):
    assert requests.get(f"{site.url}/calendrier/{secret}.ics", timeout=30).status_code == 404


def test_no_cookie_no_cache_no_trace_and_nothing_kept_that_opens_it(site):
    address = makes(site, "secu")
    answer = requests.get(address, timeout=30)
    assert "Set-Cookie" not in answer.headers
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert "noindex" in answer.headers["X-Robots-Tag"]
    assert answer.headers["Cache-Control"] == "no-store"
    secret = address.rpartition("/")[2].removesuffix(".ics")
    with site.database.connect() as connection:
        rows = connection.exec_driver_sql("SELECT * FROM jalon_calendars").fetchall()
    assert len(rows) == 1
    assert secret not in str(rows)


def test_who_may_read_no_longer_finds_one_event_that_says_so(site):
    address = makes(site, "secu")
    site.may = False
    assert summaries(reads(address)) == ["Jalon : ce calendrier ne montre plus rien"]
    site.may = True
    assert len(summaries(reads(address))) > 1


def test_while_github_does_not_answer_the_reader_is_asked_to_come_back(site):
    address = makes(site, "secu")

    def late(*_):
        raise LaterError("away", 60)

    site.app.extensions["jalon"].may_read = late
    answer = requests.get(address, timeout=30)
    assert answer.status_code == 503
    assert int(answer.headers["Retry-After"]) > 0
    assert "Base des conventions" not in answer.text


def test_a_form_without_its_seal_makes_nothing(site):
    browser = Browser(site)
    browser.signs_in("secu", "/moi/calendrier")
    fields = {"jeton": "x.y", "genre": "person", "geste": "creer"}
    assert browser.post(f"{site.url}/moi/calendrier", fields, timeout=30).status_code == 403
    assert Calendars(site.database).made(1, REPOSITORY) == {}


def test_the_app_asks_github_whether_an_account_still_reads(site):
    client = Client(site.settings)
    moment = [NOW]
    rights = ReadingRights(client, lambda: moment[0])
    number = site.hub.world.person("secu").id
    assert rights.may_read(REPOSITORY, "secu", number)
    assert not rights.may_read(REPOSITORY, "secu", number + 1000), "the name of another account"
    assert not rights.may_read(REPOSITORY, "etrangere", site.hub.world.person("etrangere").id)
    assert not rights.may_read(REPOSITORY, "personne-de-ce-nom", 99)
    person = site.hub.world.person("secu")
    site.hub.world.people["secu"] = replace(person, role="none")
    assert rights.may_read(REPOSITORY, "secu", number), "believed for an hour"
    moment[0] += timedelta(hours=2)
    assert not rights.may_read(REPOSITORY, "secu", number)


def test_an_owner_is_found_by_their_secret_alone(site):
    kept = Calendars(site.database)
    owners = [CalendarOwner(number, f"n{number}", REPOSITORY, "person") for number in range(3)]
    secrets = [kept.renew(one, 1.0) for one in owners]
    assert [kept.opened(secret) for secret in secrets] == owners
    assert kept.opened("") is None


def test_the_page_that_an_event_leads_to_exists(site):
    browser = Browser(site)
    browser.signs_in("secu", "/moi")
    found = reads(makes(site, "secu"))
    addresses = {one.url.value for one in found.vevent_list if one.url.value.startswith(site.url)}
    assert addresses
    for address in sorted(addresses)[:3]:
        assert browser.opens(address).status_code == 200, address
