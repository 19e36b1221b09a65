"""Every payload of every event and action, judged by GitHub's webhook schemas and by githubkit."""

import json
from dataclasses import replace

import pytest
from pydantic import ValidationError

from local_github.boards import Iteration
from tests.contract import scenario
from tests.contract.judges import description, webhook_parser

pytestmark = pytest.mark.contract
EMITTED = {
    "issues": {"opened", "edited", "labeled", "unlabeled", "assigned", "unassigned", "closed", "reopened"}
    | {"deleted", "transferred", "locked", "unlocked", "pinned", "unpinned"},
    "issue_comment": {"created", "edited", "deleted", "pinned", "unpinned"},
    "projects_v2": {"created", "edited", "closed", "reopened", "deleted"},
    "projects_v2_item": {"created", "edited", "archived", "restored", "converted", "deleted"},
    "label": {"created", "edited", "deleted"},
    "membership": {"added", "removed"},
    "team": {"created", "edited", "deleted"},
    "push": {""},
    "commit_comment": {"created"},
    "installation": {"created", "deleted", "suspend", "unsuspend", "new_permissions_accepted"},
    "installation_target": {"renamed"},
    "repository": {"renamed", "archived", "unarchived"},
    "organization": {"renamed"},
}


@pytest.fixture(scope="module")
def payloads(make_hub):
    hub = make_hub()
    every_event(hub.world)
    return [(headers["X-GitHub-Event"], json.loads(body)) for headers, body in hub.take_held()]


def every_event(world):
    """One act of each kind, and more than one kind of value."""
    world.app.permissions = dict(scenario.EVERYTHING)
    world.open_issue("cheffe-produit", "Un produit", "corps", ["produit"])
    world.edit_issue("cheffe-produit", 1, title="Autre", body="autre")
    world.remove_label("techno", 1, "produit")
    world.set_assignees("techno", 1, ["techno"])
    world.set_assignees("techno", 1, [])
    world.edit_issue("techno", 1, state="closed")
    world.edit_issue("techno", 1, state="open")
    said = world.comment(world.bot, 1, "bonjour")
    world.edit_comment("techno", said.id, "bonsoir")
    world.react("techno", said, "+1")
    with world.acting_through(world.app.id):
        world.comment("techno", 1, "au nom de quelqu’un")
    # The description of issues knows no event of boards, to which our own App subscribes.
    other = world.other_apps["redacteur"] = replace(world.app, id=7, slug="redacteur", events=["issues"])
    with world.acting_through(other.id):
        world.open_issue("techno", "Au nom de quelqu’un", "corps")
    world.pin("techno", said.id, pinned=True)
    world.pin("techno", said.id, pinned=False)
    world.delete_comment("techno", said.id)
    boards(world)
    world.create_label("techno", "suivi", "112233", "Un mot")
    world.edit_label("techno", "suivi", new_name="à suivre", color="445566", description="Deux mots")
    world.delete_label("techno", "à suivre")
    slug = world.create_team("directrice", "Jury", ("techno",))
    slug = world.rename_team("directrice", slug, "Jury d’été")
    world.set_member("directrice", slug, "techno", member=False)
    world.delete_team("directrice", slug)
    for act in (world.write_file, world.write_file):
        act("techno", "docs/guide.md", "Été")
    world.comment_commit("techno", world.delete_file("techno", "docs/guide.md").sha, "Pourquoi ?", "docs/guide.md", 1)
    moving(world)
    world.uninstall_app("directrice")
    world.install_app("directrice")
    places(world)


def places(world):
    world.archive_repository("directrice")
    world.archive_repository("directrice", archived=False)
    world.rename_repository("directrice", "projets")
    world.rename_organisation("directrice", "numerique")
    world.suspend_app("directrice")
    world.suspend_app("directrice", suspended=False)
    world.grant("directrice", {"issues": "write", "members": "read"})


def moving(world):
    """An issue with a discussion, sent to the other repository and back."""
    number = world.open_issue("cheffe-produit", "Un voyage", "corps", ["produit"]).number
    world.comment("techno", number, "bonjour")
    for act in (world.lock_issue, world.pin_issue):
        act("techno", number)
    world.lock_issue("techno", number, locked=False)
    world.pin_issue("techno", number, pinned=False)
    world.edit_issue("techno", number, state="closed", reason="duplicate")
    gone = world.transfer_issue("techno", number, "autre")
    back = world.bring_back("techno", gone.node_id)
    world.delete_issue("directrice", back.number)


def boards(world):
    board = world.create_board("directrice", "Suivi")
    fields = {
        "TEXT": world.create_field("directrice", board.number, "Note", "TEXT"),
        "NUMBER": world.create_field("directrice", board.number, "Budget", "NUMBER"),
        "DATE": world.create_field("directrice", board.number, "Échéance", "DATE"),
        "ITERATION": world.create_field(
            "directrice", board.number, "Cycle", "ITERATION", iterations=[Iteration("c1", "C1", "2026-11-23", 14)]
        ),
    }
    card = world.add_card("visiteur", 1, board.number)
    world.move_card("visiteur", card.id, board.columns[1].id)
    world.move_card("visiteur", card.id, board.columns[0].id)
    world.move_card("visiteur", card.id, None)
    for kind, value in (("TEXT", "vu"), ("NUMBER", 3), ("DATE", "2026-12-01"), ("ITERATION", "c1")):
        world.set_value("visiteur", card.id, fields[kind].node_id, value)
    world.archive_card("visiteur", card.id)
    world.archive_card("visiteur", card.id, False)
    draft = world.add_draft("techno", "Un brouillon", "", board.number)
    world.convert_draft("techno", draft.id)
    world.delete_card("techno", draft.id)
    world.edit_board("directrice", board.number, {"title": "Suivi 2", "short_description": "Deux mots", "public": True})
    world.edit_board("directrice", board.number, {"closed": True})
    world.edit_board("directrice", board.number, {"closed": False})
    world.delete_board("directrice", board.number)


def problems(event, payload):
    schema = description().webhook(event, payload.get("action", ""))
    said = description().problems(schema, payload)
    try:
        webhook_parser()(event, payload)
    except ValidationError as error:
        said += [f"githubkit: {item['loc']}: {item['msg']}" for item in error.errors()[:3]]
    return said


def test_every_payload_is_one_github_could_send(payloads, tell):
    found = {
        f"{event}.{payload.get('action', '')} #{rank}": said
        for rank, (event, payload) in enumerate(payloads)
        if (said := problems(event, payload))
    }
    kinds = {(event, payload.get("action", "")) for event, payload in payloads}
    tell(f"webhooks: {len(kinds)} events and actions, {len(payloads)} payloads checked, {len(found)} wrong")
    assert found == {}


def test_every_event_and_action_was_sent(payloads):
    kinds = {(event, payload.get("action", "")) for event, payload in payloads}
    assert kinds == {(event, action) for event, actions in EMITTED.items() for action in actions}
