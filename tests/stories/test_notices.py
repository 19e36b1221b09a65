"""The committee's news by mail, from comments on the local GitHub to a mailbox; a channel that hangs delays nobody."""

from __future__ import annotations

import threading

import pytest

from app.bootstrap import Jalon
from app.engine.courier import Courier
from app.engine.pulse import Pulse
from app.github.policies import PATH
from app.sending.channels import NotSentError, send
from app.sending.newsroom import Newsroom
from app.sending.writer import Writer
from app.settings import read_settings, web_url
from app.shipped_files import default_policy
from tests.sending.servers import mail_server
from tests.stage import SEATS, Stage

RULES = "\nnotices:\n  channels:\n    - name: comite\n      events: [gate_opened, decision]\n"


@pytest.fixture
def stage(tmp_path):
    made = Stage.at(tmp_path)
    made.world.write_file("secretariat", PATH, made.world.files[PATH] + RULES, "Canaux")
    made.settle()
    made.reads_rules()
    yield made
    made.close()


def courier(stage, address, sender=send):
    jalon, known = stage.jalon, {"comite": address}
    kept = (jalon.register, jalon.outbox, jalon.notes, jalon.policies, jalon.troubles)
    newsroom = Newsroom(*kept, known, jalon.clock)
    web = web_url(jalon.settings.api_url)
    writer = Writer(jalon.register, jalon.policies, jalon.digest_links, jalon.clock, web)
    return Courier(jalon.outbox, newsroom, writer, jalon.troubles, known, jalon.clock, Pulse(), sender)


def subjects(kept):
    return [" ".join(mail["Subject"].split()) for mail in kept.mails]


@pytest.mark.slow
def test_a_gate_and_its_decision_reach_a_mailbox_and_cost_github_nothing(stage):
    with mail_server() as (port, kept):
        rounds = courier(stage, f"mailto://127.0.0.1:{port}/?from=jalon@exemple.gouv.fr&to=comite@exemple.gouv.fr")
        number = stage.filed(ready=True)
        rounds.tick()
        assert kept.mails == []
        stage.says("cheffe-produit", number, "/demande mvp")
        stage.hub.calls.clear()
        rounds.tick()
        assert stage.hub.calls == []
        assert subjects(kept) == ["Jalon : avis attendu sur « SILAV » (MVP)"]
        stage.decided(number)
        stage.passes(120)
        rounds.tick()
        assert subjects(kept)[1:] == ["Jalon : décision publiée sur « SILAV » (MVP)"]
    page = kept.mails[1].get_body(("html",)).get_content()
    assert f"/issues/{number}" in page
    assert "techno" not in page


def test_the_worker_of_an_installation_tells_the_channels_of_its_settings(stage, tmp_path):
    number = stage.filed(ready=True)
    stage.says("cheffe-produit", number, "/demande mvp")
    with mail_server() as (port, kept):
        channel = f"comite=mailto://127.0.0.1:{port}/?from=jalon@exemple.gouv.fr&to=comite@exemple.gouv.fr"
        given = {"JALON_DATABASE_URL": f"sqlite:///{tmp_path}/jalon.db", "JALON_CHANNELS": channel}
        jalon = Jalon(read_settings(stage.hub.environment() | given), lambda: stage.now)
        try:
            jalon.worker._courier.tick()
        finally:
            jalon.database.dispose()
    assert subjects(kept) == ["Jalon : avis attendu sur « SILAV » (MVP)"]


@pytest.mark.slow
def test_a_decision_is_taken_while_a_channel_hangs(stage):
    entered, released = threading.Event(), threading.Event()

    def hangs(_address, _letter):
        entered.set()
        assert released.wait(60)
        raise NotSentError("lent")

    rounds = courier(stage, "mailtos://secret", hangs)
    number = stage.filed(ready=True)
    stage.says("cheffe-produit", number, "/demande mvp")
    thread = threading.Thread(target=rounds.tick)
    thread.start()
    assert entered.wait(60)
    stage.decided(number)
    assert default_policy().phase("mvp").label in stage.labels(number)
    assert thread.is_alive()
    released.set()
    thread.join(60)
    waiting = [one for one in stage.jalon.outbox.all() if one.said is None]
    assert [one.news.event for one in waiting] == ["gate_opened"]
    assert [(one.kind, one.subject) for one in stage.troubles.told()] == [("channel", "comite")]


def test_seats_are_mentioned_once_when_a_gate_opens(stage):
    def mentions():
        return [text for text in stage.said(number) if any(f"@{login}" in text for login in SEATS)]

    number = stage.filed(ready=True)
    assert mentions() == []
    stage.says("cheffe-produit", number, "/demande mvp")
    assert len(mentions()) == 1
    stage.says("techno", number, "/go")
    stage.says("cheffe-produit", number, "Merci !")
    assert len(mentions()) == 1
