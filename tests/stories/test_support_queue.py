"""A request for support waits for the seats it asks, from its filing until it is closed: nobody has to remember it."""

import pytest

from app.store.support_requests import SupportRequest, SupportRequests

REPOSITORY = "dnum/produits"
BODY = """### Pour quel produit ou quelle équipe ?

SILAV

### Sur quels sujets aimeriez-vous être accompagné ?

- [x] Design
- [ ] Technique
- [x] Méthode

### Qu’attendez-vous de cet appui ?

Relire notre guide d’entretien.
"""


def waiting(stage):
    return SupportRequests(stage.register.engine).of(REPOSITORY)


@pytest.mark.slow
def test_a_request_for_support_is_in_the_queue_until_it_is_closed(stage):
    world = stage.world
    number = world.open_issue("chef-produit", "Aide aux entretiens", BODY, ["accompagnement"]).number
    stage.settle()
    asked = SupportRequest(REPOSITORY, number, "Aide aux entretiens", ("design", "méthode"))
    assert waiting(stage) == (asked,)
    stage.says("design", number, "Je m’en occupe.")
    assert waiting(stage) == (asked,)
    stage.filed()
    assert waiting(stage) == (asked,)
    world.edit_issue("secretariat", number, state="closed")
    stage.settle()
    assert waiting(stage) == ()


def test_one_deleted_waits_for_nobody(stage):
    number = stage.world.open_issue("chef-produit", "Aide", BODY, ["accompagnement"]).number
    stage.settle()
    assert waiting(stage)
    stage.world.delete_issue("administratrice", number)
    stage.settle()
    assert waiting(stage) == ()
