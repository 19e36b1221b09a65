"""The committee's team as organisations really have it: teams within teams, and more people than one page holds."""

from __future__ import annotations

import pytest

from local_github.factories import small_id
from local_github.state import Person, node_id
from tests.stories.test_identity import rules

pytestmark = pytest.mark.slow  # whole lives and processes: `make long`

TEAM = "comite-produit"


def crowd(world, team, size):
    """So many other members, before those of the team."""
    logins = [f"agent-{team}-{rank}" for rank in range(size)]
    for login in logins:
        world.people[login] = Person(login, login, "read", small_id(), node_id("U"))
    world.teams[team][:0] = logins


def decided(stage, number):
    """The gate asked for and voted; how many decisions show."""
    stage.says("cheffe-produit", number, "/demande")
    stage.decided(number)
    return sum("## Décision" in body for body in stage.said(number))


def test_members_of_child_teams_have_their_ballot(stage):
    """A team for the seats of security within one for those of the technique, within the committee's."""
    world = stage.world
    world.create_team("administratrice", "Technique", parent=TEAM)
    world.create_team("administratrice", "Sécurité", parent="technique")
    for login, team in (("techno", "technique"), ("archi", "technique"), ("secu", "securite")):
        world.set_member("administratrice", team, login, member=True)
        world.set_member("administratrice", TEAM, login, member=False)
    number = stage.filed(ready=True)
    assert decided(stage, number) == 1
    assert "phase: poc" in stage.labels(number)


@pytest.mark.parametrize("size", [99, 100, 250])
def test_a_seat_on_the_last_page_of_a_large_team_has_its_ballot(stage, size):
    crowd(stage.world, TEAM, size)
    number = stage.filed(ready=True)
    assert decided(stage, number) == 1
    assert "phase: poc" in stage.labels(number)


def test_a_large_child_team_is_read_whole(stage):
    world = stage.world
    world.create_team("administratrice", "Sièges", parent=TEAM)
    world.teams["sieges"], world.teams[TEAM] = world.teams[TEAM], []
    crowd(world, "sieges", 120)
    crowd(world, TEAM, 120)
    number = stage.filed(ready=True)
    assert decided(stage, number) == 1


UNREAD = {
    "withheld": {"kind": "partial", "match": "TeamMembers", "path": "organization.team", "next": 6},
    "null": {"kind": "refused", "match": "TeamMembers", "why": "integration", "next": 6},
}


@pytest.mark.parametrize("fault", UNREAD.values(), ids=UNREAD)
def test_a_team_read_in_part_opens_no_gate(stage, fault):
    """The seats are on the page that does not come: nobody is taken for absent from the team."""
    crowd(stage.world, TEAM, 150)
    number = stage.filed(ready=True)
    stage.hub.faults.add(fault)
    with pytest.raises(Exception) as told:  # noqa: PT011 - looked at below
        stage.says("cheffe-produit", number, "/demande")
    assert told.type.__name__ in {"LaterError", "RefusalError"}
    assert "passage: demandé" not in stage.labels(number)
    stage.hub.faults.clear()
    assert decided(stage, number) == 1


def test_a_secretariat_of_more_than_a_hundred_is_read_whole(stage):
    world = stage.world
    world.create_team("administratrice", "Secrétariat", ("secretariat",))
    crowd(world, "secretariat", 130)
    rules(stage, "secretariat: [secretariat]", "secretariat: '@dnum/secretariat'")
    number = stage.filed(ready=True)
    stage.says("cheffe-produit", number, "/demande")
    stage.says("agent-secretariat-3", number, "/clore")
    assert "passage: demandé" not in stage.labels(number)
    stage.says("cheffe-produit", number, "/demande")
    stage.says("secretariat", number, "/clore")
    assert "passage: demandé" not in stage.labels(number)
