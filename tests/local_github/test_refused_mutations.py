"""A refused mutation changes nothing and sends nothing: each of them, by each identifier and by each right it needs."""

from __future__ import annotations

from copy import deepcopy
from dataclasses import fields

import pytest
import requests

from local_github.graph_acts import MUTATIONS
from local_github.state import State

KEPT = [item.name for item in fields(State) if item.name != "next_id"]
ADMIN = "directrice"
NOWHERE = "X_inconnu"


def inputs(world):
    """A right input for each mutation."""
    board, card = world.board(), next(iter(world.cards.values()))
    draft = world.add_draft(ADMIN, "Brouillon", "", board.number)
    free = next(field for field in board.fields.values() if field.kind == "TEXT")
    issue = world.issues[2]
    on = {"projectId": board.node_id}
    comment, label = world.issues[1].comments[0], world.label("produit")
    return {
        "addComment": {"subjectId": issue.node_id, "body": "Bonjour"},
        "addLabelsToLabelable": {"labelableId": issue.node_id, "labelIds": [label.node_id]},
        "addReaction": {"subjectId": comment.node_id, "content": "EYES"},
        "closeIssue": {"issueId": issue.node_id, "stateReason": "NOT_PLANNED"},
        "deleteIssueComment": {"id": comment.node_id},
        "removeLabelsFromLabelable": {"labelableId": world.issues[1].node_id, "labelIds": [label.node_id]},
        "removeReaction": {"subjectId": comment.node_id, "content": "ROCKET"},
        "reopenIssue": {"issueId": world.issues[3].node_id},
        "updateIssueComment": {"id": comment.node_id, "body": "Bonsoir"},
        "addProjectV2DraftIssue": {**on, "title": "Encore"},
        "addProjectV2ItemById": {**on, "contentId": issue.node_id},
        "archiveProjectV2Item": {**on, "itemId": card.id},
        "clearProjectV2ItemFieldValue": {**on, "itemId": card.id, "fieldId": free.node_id},
        "convertProjectV2DraftIssueItemToIssue": {"itemId": draft.id, "repositoryId": world.repository_node_id},
        "createProjectV2": {"ownerId": world.organisation_node_id, "title": "Autre tableau"},
        "createProjectV2Field": {**on, "dataType": "TEXT", "name": "Autre champ"},
        "createProjectV2StatusUpdate": {**on, "body": "En marche", "status": "ON_TRACK"},
        "createProjectV2View": {**on, "layout": "BOARD_LAYOUT", "name": "Autre vue"},
        "deleteProjectV2": on,
        "deleteProjectV2Field": {"fieldId": free.node_id},
        "deleteProjectV2Item": {**on, "itemId": card.id},
        "deleteProjectV2Workflow": {"workflowId": board.workflows[0].node_id},
        "linkProjectV2ToRepository": {**on, "repositoryId": world.repository_node_id},
        "minimizeComment": {"classifier": "OUTDATED", "subjectId": world.issues[1].comments[0].node_id},
        "unarchiveProjectV2Item": {**on, "itemId": card.id},
        "unlinkProjectV2FromRepository": {**on, "repositoryId": world.repository_node_id},
        "unminimizeComment": {"subjectId": world.issues[1].comments[0].node_id},
        "updateProjectV2": {**on, "title": "Renommé"},
        "updateProjectV2Field": {"fieldId": free.node_id, "name": "Renommé"},
        "updateProjectV2ItemFieldValue": {
            **on,
            "itemId": card.id,
            "fieldId": free.node_id,
            "value": {"text": "Une valeur"},
        },
        "updateProjectV2View": {"viewId": board.views[0].node_id, "name": "Renommée"},
    }


@pytest.fixture
def tried(sandbox):
    """Runs a mutation on a world put back afterwards; gives whether it was taken, what changed, how much was sent."""
    world, sent = sandbox.world, []
    send = world.send
    world.send = lambda *told: sent.append(told) or send(*told)

    def run(token, name, given):
        kept, before = {key: deepcopy(getattr(world, key)) for key in KEPT}, len(sent)
        kind = f"{name[0].upper()}{name[1:]}Input"
        query = f"mutation($input: {kind}!) {{ {name}(input: $input) {{ clientMutationId }} }}"
        headers = {"Authorization": f"bearer {token}"}
        body = {"query": query, "variables": {"input": given}}
        answer = requests.post(f"{sandbox.url}/graphql", json=body, headers=headers, timeout=60).json()
        changed = [key for key in KEPT if kept[key] != getattr(world, key)]
        for key, value in kept.items():
            setattr(world, key, value)
        return "errors" not in answer and "data" in answer, changed, len(sent) - before

    return run


@pytest.fixture
def world(sandbox, call):
    made = sandbox.world
    made.open_issue("techno", "Un", "", [])
    made.open_issue("techno", "Deux", "", [])
    made.open_issue("techno", "Trois", "", [])
    made.edit_issue("techno", 3, state="closed")
    made.react(ADMIN, made.comment("techno", 1, "Bonjour"), "rocket")
    made.add_labels(ADMIN, 1, ["produit"])
    board = made.board()
    made.add_card(ADMIN, 1, board.number)
    query = "mutation($input: CreateProjectV2FieldInput!) { createProjectV2Field(input: $input) { clientMutationId } }"
    text = {"projectId": board.node_id, "dataType": "TEXT", "name": "Note"}
    answer = call(ADMIN, "POST", "/graphql", query=query, variables={"input": text})
    assert "errors" not in answer.json()
    return made


@pytest.fixture
def app(sandbox, integration):
    """The token of an App that may only look."""
    installation = integration.get_org_installation(sandbox.world.organisation)
    token = integration.get_access_token(installation.id).token
    sandbox.world.app.permissions = {"metadata": "read", "organization_projects": "read"}
    return token


def test_every_mutation_has_a_right_input_here(world):
    assert inputs(world).keys() == MUTATIONS.keys()


@pytest.mark.slow
@pytest.mark.parametrize("name", sorted(MUTATIONS))
def test_a_mutation_refused_changes_nothing(world, tried, app, name):
    given = inputs(world)[name]
    assert tried(f"sandbox-{ADMIN}", name, given)[0], "the input is right"
    named = [key for key in given if key == "id" or key.endswith("Id")]
    several = [key for key in given if key.endswith("Ids")]
    wrong = [{**given, key: NOWHERE} for key in named] + [{**given, key: [*given[key], NOWHERE]} for key in several]
    lacking = [{key: value for key, value in given.items() if key != one} for one in (*named, *several)]
    for token, tries in ((f"sandbox-{ADMIN}", [*wrong, *lacking]), ("nobody", [given]), (app, [given])):
        for one in tries:
            assert tried(token, name, one) == (False, [], 0), (token, one)


@pytest.mark.parametrize("name", sorted(MUTATIONS))
def test_a_role_too_low_is_refused_in_the_words_of_graphql(world, call, name):
    """Of an account without any access, what is private is not even found."""
    given = inputs(world)[name]
    world.people["visiteur"].role = "none"
    kind = f"{name[0].upper()}{name[1:]}"
    query = f"mutation($input: {kind}Input!) {{ {name}(input: $input) {{ clientMutationId }} }}"
    [error] = call("visiteur", "POST", "/graphql", query=query, variables={"input": given}).json()["errors"]
    refused = ("FORBIDDEN", f"visiteur does not have the correct permissions to execute `{kind}`")
    assert (error["type"], error["message"]) == refused or error["type"] == "NOT_FOUND"
    assert error["path"] == [name]
