"""An absence told and agreed to from « Ce qui m’attend »: comments on the session's issue, in each person's name."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.acts import Site, people
from tests.stories.test_sessions import gate, opened

assert people  # a fixture


@pytest.fixture
def site(stage):
    found = Site(stage)
    yield found
    found.close()


@pytest.fixture
def meeting(stage):
    gate(stage)
    return opened(stage, stage.today + timedelta(days=2))


def kind_of(page, kind):
    (found,) = [form for form in page.forms if form.fields.get("genre") == kind]
    return found


def said(stage, number):
    return [(one.author, one.body) for one in stage.world.issues[number].comments if one.author != stage.world.bot]


def tells(stage, person, **typed):
    page = person.enters("/moi/absence")
    days = {
        "debut": stage.today.isoformat(),
        "fin": (stage.today + timedelta(days=9)).isoformat(),
        **typed,
    }
    return person.sends(page, kind_of(page, "absence"), **days)


def publishes(person, review):
    return person.sends(review, kind_of(review, review.forms[-1].fields["genre"]), "publier")


def test_an_absence_is_told_from_a_page_agreed_to_and_ended(stage, site, people, meeting):
    secu, secretariat = people("secu"), people("secretariat")
    assert "Dire une absence, ou un retour" in secu.enters("/moi").said
    review = tells(stage, secu, remplacant="@Cloud-Ops")
    last = stage.today + timedelta(days=9)
    assert review.exact == f"/absence du {stage.today} au {last}, remplacé·e par @cloud-ops"
    sent = publishes(secu, review)
    assert "Votre commentaire est publié" in sent.said
    assert said(stage, meeting) == [("secu", review.exact)]
    stage.settle()
    assert "cloud-ops remplacera si le secrétariat l’accepte" in secu.opens("/moi/absence").said
    assert "rien ne vous est demandé pour ce siège" in secu.opens("/moi").said
    page = secretariat.enters("/moi/absence")
    review = secretariat.sends(page, kind_of(page, "accord"))
    assert review.exact == "/accord 1"
    publishes(secretariat, review)
    stage.settle()
    assert "cloud-ops remplace" in secu.opens("/moi/absence").said
    assert "Sécurité" in people("cloud-ops").enters("/moi").said
    page = secu.opens("/moi/absence")
    publishes(secu, secu.sends(page, kind_of(page, "retour")))
    stage.settle()
    assert stage.jalon.absences.on(stage.world.repository, stage.today) == ()
    assert "rien ne vous est demandé pour ce siège" not in secu.opens("/moi").said


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"debut": "demain"}, "Écrivez un jour, avec son année."),
        ({"fin": "2020-01-01"}, "Le dernier jour doit suivre le premier"),
        ({"remplacant": "ma collègue"}, "Écrivez un identifiant GitHub"),
        ({"siege": "design"}, "Seules les personnes qui occupent un siège"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_leaves(stage, people, meeting, typed, sentence):
    found = tells(stage, people("secu"), **typed)
    assert (found.status, sentence in found.said) == (422, True), found.said
    assert said(stage, meeting) == []


def test_the_secretariat_names_the_seat_and_nobody_else_tells_anything(stage, people, meeting):
    secretariat = people("secretariat")
    assert "Choisissez le siège." in tells(stage, secretariat).said
    review = tells(stage, secretariat, siege="securite")
    assert review.exact.startswith("/absence securite du ")
    publishes(secretariat, review)
    stage.settle()
    assert [one.login for one in stage.jalon.absences.on(stage.world.repository, stage.today)] == ["secu"]
    visitor = people("visiteur").enters("/moi/absence")
    assert "Seules les personnes qui occupent un siège" in visitor.said
    assert visitor.forms == [form for form in visitor.forms if "genre" not in form.fields]


def test_a_form_sent_twice_or_of_somebody_else_does_nothing_more(stage, people, meeting):
    secu = people("secu")
    review = tells(stage, secu)
    publishes(secu, review)
    again = publishes(secu, review)
    assert again.status == 409
    assert len(said(stage, meeting)) == 1
    form = kind_of(review, "absence")
    form.fields["jeton"] = "x.y"
    assert secu.sends(review, form, "publier").status == 403
    fresh = secu.opens("/moi/absence")
    stranger = kind_of(fresh, "absence")
    stranger.fields["genre"] = "autre"
    assert secu.sends(fresh, stranger).status == 403
    late = kind_of(secu.opens("/moi/absence"), "absence")
    late.fields |= {"genre": "accord", "ticket": str(meeting), "numero": "1"}
    assert "Il n’y a plus rien à accepter" in secu.sends(fresh, late).said


def test_without_an_agenda_the_page_says_where_absences_are_told(stage, people, site):
    gate(stage)
    assert "Aucun ordre du jour n’est encore publié" in people("secu").enters("/moi/absence").said
