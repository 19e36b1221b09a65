"""Late replicas: a read shows the state as it was, part by part, and only the App meets them."""

from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

import pytest

from local_github.faults import PARTS, Faults
from local_github.replicas import Replicas
from local_github.state import Refused
from local_github.world import World
from tests.local_github.conftest import REPO
from tests.local_github.seed import seed

ISSUE = """query Late { repository(owner: "dnum", name: "produits") { issue(number: 1) {
  title body labels(first: 9) { nodes { name } } comments(first: 9) { totalCount nodes { body } }
  projectItems(first: 9, includeArchived: true) { totalCount } } } }"""
TEAM = '{ organization(login: "dnum") { team(slug: "comite-produit") { members(first: 9) { totalCount } } } }'


def asked(call, token, query=ISSUE):
    return call(token, "POST", "/graphql", query=query).json()


def issue(call, token):
    return asked(call, token)["data"]["repository"]["issue"]


def test_as_before_the_last_change_then_as_it_is(sandbox, call, token):
    world = sandbox.world
    world.open_issue("techno", "un", "", [])
    sandbox.faults.add({"kind": "stale", "next": 2})
    world.comment("techno", 1, "bonjour")
    assert issue(call, token)["comments"] == {"totalCount": 0, "nodes": []}
    assert issue(call, "techno")["comments"]["totalCount"] == 1, "people are never shown a late replica"
    assert call(token, "GET", f"{REPO}/issues/1/comments").json() == []
    assert [item["body"] for item in call(token, "GET", f"{REPO}/issues/1/comments").json()] == ["bonjour"]
    assert [item["about"] for item in sandbox.faults.happened] == ["GRAPHQL Late", f"GET {REPO}/issues/1/comments"]


def test_an_issue_not_there_yet(sandbox, call, token):
    sandbox.faults.add({"kind": "stale"})
    sandbox.world.open_issue("techno", "un", "", [])
    assert asked(call, token)["errors"][0]["type"] == "NOT_FOUND"
    assert call(token, "GET", f"{REPO}/issues/1").status_code == 404
    assert call(token, "POST", f"{REPO}/issues/1/comments", body="x").status_code == 201, "writes are never late"


ACTS = {
    "issue": lambda world: world.edit_issue("techno", 1, title="deux"),
    "comments": lambda world: world.comment("techno", 1, "encore"),
    "labels": lambda world: world.add_labels("techno", 1, ["produit"]),
    "card": lambda world: world.add_card("techno", 1),
}
"""One change of each part."""


@pytest.mark.parametrize("part", ACTS)
def test_one_part_is_late_and_the_others_are_not(sandbox, call, token, part):
    world = sandbox.world
    world.open_issue("techno", "un", "", [])
    sandbox.faults.add({"kind": "stale", "of": part})
    for name in sorted(ACTS, key=lambda name: name == part):
        ACTS[name](world)
    found = issue(call, token)
    seen = {
        "issue": found["title"] == "deux",
        "comments": found["comments"]["totalCount"] == 1,
        "labels": bool(found["labels"]["nodes"]),
        "card": found["projectItems"]["totalCount"] == 1,
    }
    assert seen == {name: name != part for name in ACTS}


def test_a_late_comment_still_has_its_former_text_and_reactions(sandbox, call, token):
    world = sandbox.world
    world.open_issue("techno", "un", "", [])
    said = world.comment("techno", 1, "avant")
    sandbox.faults.add({"kind": "stale", "of": "comments"})
    world.edit_comment("techno", said.id, "après")
    assert issue(call, token)["comments"]["nodes"] == [{"body": "avant"}]
    world.react("techno", said, "heart")
    assert issue(call, token)["comments"]["nodes"] == [{"body": "après"}]
    assert call(token, "GET", f"{REPO}/issues/comments/{said.id}/reactions").json() == []
    assert len(world.comment_of(said.id).reactions) == 1, "the past is a copy"


def test_late_teams_files_and_boards(sandbox, call, token):
    world = sandbox.world
    before = asked(call, token, TEAM)
    for part in ("team", "files", "board"):
        sandbox.faults.add({"kind": "stale", "of": part})
    world.set_member("directrice", "comite-produit", "visiteur", member=True)
    assert asked(call, token, TEAM) == before
    assert asked(call, "techno", TEAM) != before


def test_a_late_read_names_an_account_as_it_was_named_then(sandbox, call, token):
    world = sandbox.world
    number = world.people["techno"].id
    world.open_issue("techno", "un", "", [])
    world.comment("techno", 1, "bonjour")
    sandbox.faults.add({"kind": "stale", "changes": 2, "next": 2})
    world.rename_account("techno", "technique")
    world.edit_issue("technique", 1, title="deux")
    (said,) = call(token, "GET", f"{REPO}/issues/1/comments").json()
    assert (said["user"]["login"], said["user"]["id"]) == ("techno", number)
    world.sign_up("techno")
    (said,) = call(token, "GET", f"{REPO}/issues/1/comments").json()
    assert said["user"]["id"] == number


def test_a_delay_is_told_by_the_worlds_own_clock(sandbox, call, token):
    world, now = sandbox.world, datetime(2026, 11, 3, 9, tzinfo=UTC)
    world.clock = lambda: now
    world.open_issue("techno", "un", "", [])
    sandbox.faults.add({"kind": "stale", "seconds": 3})
    now += timedelta(seconds=10)
    world.comment("techno", 1, "bonjour")
    now += timedelta(seconds=2)
    answer = call(token, "GET", f"{REPO}/issues/1/comments")
    assert answer.json() == []
    assert parsedate_to_datetime(answer.headers["Date"]) == now
    now += timedelta(seconds=1)
    assert len(call(token, "GET", f"{REPO}/issues/1/comments").json()) == 1
    assert world.comment("techno", 1, "encore").created_at == "2026-11-03T09:00:13Z"


def test_a_delay_by_chance_repeats_itself_from_its_seed():
    def drawn(kept):
        rule = Faults([], kept)
        late = rule.add({"kind": "stale", "spread": 3})
        return [rule.lateness(late) for _ in range(40)]

    assert drawn(7) == drawn(7) != drawn(8)
    assert all(0 <= item <= 3 for item in drawn(7))
    assert max(drawn(7)) - min(drawn(7)) > 2


def test_nothing_is_remembered_once_no_read_is_late():
    world, faults = World.from_seed(seed()), Faults()
    replicas = Replicas(world, faults)
    world.open_issue("techno", "un", "", [])
    assert replicas.of("GRAPHQL Late") is world
    faults.add({"kind": "stale", "next": 1})
    world.comment("techno", 1, "deux")
    assert replicas.of("GRAPHQL Late").issue(1).comments == []
    world.comment("techno", 1, "trois")
    assert not replicas._moments
    faults.add({"kind": "stale", "seconds": 9})
    assert len(replicas.of("GRAPHQL Late").issue(1).comments) == 2
    faults.clear()
    assert replicas.of("GRAPHQL Late") is world
    assert not replicas._moments


def test_what_did_not_change_is_kept_once():
    world, faults = World.from_seed(seed()), Faults([{"kind": "stale"}])
    replicas = Replicas(world, faults)
    for number in range(1, 21):
        world.open_issue("techno", str(number), "", [])
    world.comment("techno", 1, "un")
    *_, before, last = replicas._moments
    assert last.parts["labels"] is before.parts["labels"]
    assert last.parts["comments"]["issues", 2] is before.parts["comments"]["issues", 2]
    assert last.parts["comments"]["issues", 1] is not before.parts["comments"]["issues", 1]


@pytest.mark.parametrize("wrong", ["humeur", "issue+humeur", "issue,labels"])
def test_an_unknown_part_is_refused(wrong):
    with pytest.raises(Refused, match="known are issue, comments"):
        Faults().add({"kind": "stale", "of": wrong})
    assert Faults().add({"kind": "stale", "of": "+".join(PARTS)}).parts == PARTS
