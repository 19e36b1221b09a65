"""The answers of a product, from the form to its last phase, as people give them and as GitHub shows them."""

from __future__ import annotations

from datetime import timedelta

import pytest

from app.domain.product import dossier
from app.domain.product.fact_json import to_json
from app.domain.product.state import standing
from app.domain.report.reminders import is_time
from app.engine.reminders import BEGAN, Reminders
from app.github.policies import Policies
from app.shipped_files import default_policy
from app.store.key_values import KeyValues
from app.store.reminder_log import ReminderLog
from tests.stage import Stage

TEAM = "cheffe-produit"
POLICY = default_policy()


def said(stage, number):
    """What Jalon has written there, with ordinary spaces."""
    return [text.replace("\u00a0", " ").replace("\u202f", " ") for text in stage.said(number)]


def listed(stage, number, phase="Idée"):
    """The checklist's comment of a phase, as GitHub holds it."""
    return next(text for text in said(stage, number) if text.startswith(f"## Liste de contrôle – phase {phase}"))


def line(stage, number, item, phase="Idée"):
    """What the list says below an item."""
    return (
        listed(stage, number, phase)
        .partition(f"<!-- {item} -->\n")[2]
        .partition("\n- ")[0]
        .partition("\n\n")[0]
        .strip()
    )


def answer(stage, number, item):
    history = tuple(entry.fact for entry in stage.register.entries() if entry.number == number)
    return next(one for one in dossier.items(standing(history), POLICY) if one.item.id == item)


def commented(stage, number):
    return max(comment.id for comment in stage.world.issues[number].comments if comment.author == TEAM)


def test_the_form_proposes_and_the_team_confirms_answers_edits_and_deletes(stage):
    number, world = stage.filed(), stage.world
    assert "_repris du formulaire, à confirmer : `/confirme 2`, ou `/réponse 2 votre texte`_" in line(
        stage, number, "idee-sponsor"
    )
    assert "- [ ] 2." in listed(stage, number)
    stage.says(TEAM, number, "/confirme 2 4\n/réponse 10\nhttps://exemple.test/schema\n\n/coche 6")
    assert (answer(stage, number, "idee-sponsor").source, answer(stage, number, "idee-sponsor").state) == (
        "form",
        "done",
    )
    assert line(stage, number, "idee-esquisse") == "<https://exemple.test/schema>"
    assert line(stage, number, "idee-cadrage").startswith("_Coché sans réponse écrite. Pour l’écrire : `/réponse 6")
    stage.says(TEAM, number, "/réponse 4 Une démarche, un quart d’heure.")
    said = commented(stage, number)
    world.edit_comment(TEAM, said, "/réponse 4 Une démarche, dix minutes.")
    stage.settle()
    assert line(stage, number, "idee-vision") == "« Une démarche, dix minutes. »"
    former = [one.text for one in answer(stage, number, "idee-vision").former]
    assert former[-1] == "Une démarche, un quart d’heure."
    assert len(former) == 2
    world.delete_comment(TEAM, said)
    stage.settle()
    assert answer(stage, number, "idee-vision").text == "Une démarche, dix minutes."
    assert stage.nothing_left_to_do(number)


def test_a_description_rewritten_proposes_its_new_words(stage):
    number, world = stage.filed(), stage.world
    title = next(question.labels[0] for question in POLICY.questions if question.id == "sponsor")
    asked = f"### {title}\n\n"
    body = world.issues[number].body.replace(f"{asked}Une réponse", f"{asked}La sous-direction des titres")
    world.edit_issue(TEAM, number, body=body)
    stage.settle()
    assert line(stage, number, "idee-sponsor").startswith("« La sous-direction des titres » — _repris du formulaire")


def test_what_is_no_answer_is_refused_whole_with_an_example(stage):
    number = stage.filed()
    stage.says(TEAM, number, "/réponse 10 demain\n/confirme 2 10")
    replies = [text for text in said(stage, number) if text.startswith(f"@{TEAM}, je n’ai pas pu")]
    assert len(replies) == 1
    assert "`/réponse 10 https://exemple.gouv.fr/document`" in replies[0]
    assert "`/réponse 10 votre texte`" in replies[0]
    assert answer(stage, number, "idee-sponsor").state == "open"
    stage.says("data", number, "/réponse 2 moi")
    assert answer(stage, number, "idee-sponsor").state == "open"


def in_mvp(stage):
    number = stage.filed(ready=True)
    stage.says(TEAM, number, "/réponse 2 Mme la directrice\n/demande mvp")
    stage.decided(number)
    assert "phase: mvp" in stage.labels(number)
    return number


def test_answers_are_carried_from_phase_to_phase_and_one_seat_alone_gets_what_is_its_own(stage):
    number = in_mvp(stage)
    carried = line(stage, number, "idee-sponsor", "MVP")
    assert carried.startswith("« Mme la directrice » — _donnée en phase Idée, à confirmer (`/confirme 1`)")
    assert line(stage, number, "idee-sponsor") == "« Mme la directrice »"
    stage.says(TEAM, number, "/confirme 1")
    assert line(stage, number, "idee-sponsor", "MVP") == "« Mme la directrice »"
    everything = " ".join(str(rank) for rank in range(1, len(POLICY.checklist("mvp")) + 1))
    stage.says(TEAM, number, f"/coche {everything}\n/demande")
    stage.decided(number)
    private = next(
        rank for rank, item in enumerate(POLICY.checklist("construction"), 1) if item.id == "construction-intrusion"
    )
    stage.says(TEAM, number, f"/réponse {private} trois failles graves, dont https://intra.test/faille")
    assert any("réservée au siège Sécurité" in text and "Supprimez" in text for text in said(stage, number))
    stage.says(TEAM, number, f"/réponse {private} https://coffre.test/rapport")
    assert line(stage, number, "construction-intrusion", "Construction") == "_Communiqué au siège Sécurité._"
    ours = "\n".join(c.body for c in stage.world.issues[number].comments if c.author == stage.world.bot)
    assert "failles graves" not in ours
    assert "coffre.test" not in ours.replace("/réponse", "")
    assert "failles" not in str([to_json(entry.fact) for entry in stage.register.entries()])
    assert stage.nothing_left_to_do(number)


@pytest.fixture
def reminders(stage):
    KeyValues(stage.database).set(f"{BEGAN}{stage.world.repository}", stage.today.isoformat())
    policies, kept = Policies(stage.client), ReminderLog(stage.database)
    notes, web = KeyValues(stage.database), stage.hub.url
    return Reminders(stage.client, policies, stage.register, notes, kept, lambda: stage.now, web)


def recalled(stage, number):
    return [text for text in said(stage, number) if "rappel sur ce produit" in text and "vaut" in text]


def at_a_civil_hour(stage, day):
    stage.now += day - stage.today
    while not is_time(POLICY, stage.now):
        stage.now += timedelta(minutes=30)


def test_the_end_of_an_accreditation_is_recalled_before_and_after_once_each(stage, reminders):
    number = in_mvp(stage)
    last = stage.today + timedelta(days=100)
    rank = next(rank for rank, item in enumerate(POLICY.checklist("mvp"), 1) if item.id == "mvp-homologation")
    stage.says(TEAM, number, f"/réponse {rank} {last:%d/%m/%Y}")
    assert "valable jusqu’au" in line(stage, number, "mvp-homologation", "MVP")
    reminders.run()
    assert recalled(stage, number) == []
    for day in (last - timedelta(days=60), last - timedelta(days=40), last + timedelta(days=1)):
        at_a_civil_hour(stage, day)
        reminders.run()
    before, after = recalled(stage, number)
    assert f"point {rank} (« Homologation" in before
    assert "vaut jusqu’au" in before
    assert "ne vaut plus depuis" in after
    assert f"`/réponse {rank} 31/12/2027`" in after


def test_a_register_lost_comes_back_from_github_with_its_dossier(hub, tmp_path):
    first, world = Stage(hub, f"sqlite:///{tmp_path}/first.db"), hub.world
    number = first.filed()
    first.says(TEAM, number, "/confirme 2\n/réponse 4 Une démarche.\n/réponse 4 Une démarche, dix minutes.")
    title = next(question.labels[0] for question in POLICY.questions if question.id == "radar")
    world.edit_issue(
        TEAM, number, body=world.issues[number].body.replace(f"### {title}\n\n", f"### {title}\n\nRien de tel : ")
    )
    first.settle()
    second = Stage(hub, f"sqlite:///{tmp_path}/second.db")
    assert second.product_turn.rebuild(world.repository, number) > 5
    pairs = [[to_json(entry.fact) for entry in one.register.entries()] for one in (first, second)]
    assert pairs[0] == pairs[1]
    told = [
        dossier.dossier(standing(tuple(entry.fact for entry in one.register.entries())), POLICY)
        for one in (first, second)
    ]
    assert told[0] == told[1]
    for one in (first, second):
        one.database.dispose()
