"""The effects of a turn made in one call: what GitHub took, refused or left unsaid of each, and what is done of it."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest
import requests
import responses

from app.domain.product.issue import Board, Card, Comment, Issue
from app.domain.publish.card_fields import Fill
from app.domain.publish.effects import (
    ChangeLabels,
    Close,
    EditComment,
    HideComment,
    Message,
    PlaceCard,
    PostComment,
    React,
    RemoveComment,
    Reopen,
    RestoreCard,
    ShowComment,
    TakeBack,
)
from app.domain.publish.notices import Suspended
from app.github import changes
from app.github.errors import LimitError, OverloadedError, TooMuchError, UnreachableError
from app.github.mutations import mutation_document
from app.github.token import TokenClient
from app.settings import TokenSettings

API = "https://api.github.example"
GRAPHQL = f"{API}:443/graphql"
"""How PyGithub spells it."""
AT = datetime(2026, 3, 2, 9, tzinfo=UTC)
LABELS = {"phase: idée": "L_1", "phase: poc": "L_2"}
BOARD = Board("P_1", "F_phase", {"POC": "O_poc"})
CARD = Card("I_card", "Idée")
COMMENTS = tuple(Comment(number, f"C_{number}", "Bonjour", "secu", AT) for number in range(1, 40))
ISSUE = Issue(
    "I_1", "dnum/produits", 7, "SILAV", "", "cheffe-produit", label_ids=LABELS, comments=COMMENTS, board=BOARD
)
MESSAGE = Message("welcome", Suspended(("chain",)), "stamp")
POST, EDIT, REACT = PostComment(MESSAGE), EditComment(1, MESSAGE), React(2, "THUMBS_UP")
NODE = {"id": "C_99", "fullDatabaseId": "99", "body": "texte", "createdAt": "2026-03-02T09:00:00Z"}
POSTED = {"commentEdge": {"node": NODE}}
EDITED = {"issueComment": {"body": "texte", "updatedAt": "2026-03-02T09:00:01Z"}}
DONE = {"clientMutationId": None}
FILL = Fill("Passage", "F_gate", "SINGLE_SELECT", "demandé", "O_open")
PLACED = PlaceCard(BOARD, CARD, "POC", "O_poc", (FILL,))


@pytest.fixture
def net():
    with responses.RequestsMock() as mock:
        yield mock


def error(rank, kind, message="Non"):
    return {"type": kind, "message": message, "path": [f"m{rank}"]}


def at_once(effects):
    """What was made, with GitHub's answers, and what is left."""
    made = []
    client = TokenClient(TokenSettings("t", "dnum/produits", API))
    left = changes.at_once(client, ISSUE, effects, "fr", made=lambda effect, answer: made.append((effect, answer)))
    return made, left


def sent(net):
    return [json.loads(call.request.body) for call in net.calls]


def test_all_in_one_call(net):
    net.post(GRAPHQL, json={"data": {"m0": POSTED, "m1": EDITED, "m2": DONE}})
    made, left = at_once([POST, EDIT, REACT])
    assert left == []
    assert made == [
        (POST, {"id": 99, "node_id": "C_99", "body": "texte", "created_at": "2026-03-02T09:00:00Z"}),
        (EDIT, {"body": "texte", "updated_at": "2026-03-02T09:00:01Z"}),
        (REACT, {}),
    ]
    [asked] = sent(net)
    assert asked["query"] == (
        "mutation Changes($m0: AddCommentInput!, $m1: UpdateIssueCommentInput!, $m2: AddReactionInput!) {\n"
        "  m0: addComment(input: $m0) { commentEdge { node { id fullDatabaseId body createdAt } } }\n"
        "  m1: updateIssueComment(input: $m1) { issueComment { body updatedAt } }\n"
        "  m2: addReaction(input: $m2) { clientMutationId }\n"
        "}\n"
    )
    assert asked["variables"]["m0"]["subjectId"] == "I_1"
    assert asked["variables"]["m1"]["id"] == "C_1"
    assert asked["variables"]["m2"] == {"subjectId": "C_2", "content": "THUMBS_UP"}


EACH = {
    "labels": (
        ChangeLabels(("phase: POC",), ("phase: idée",)),
        [
            ("addLabelsToLabelable", {"labelableId": "I_1", "labelIds": ["L_2"]}),
            ("removeLabelsFromLabelable", {"labelableId": "I_1", "labelIds": ["L_1"]}),
        ],
    ),
    "new card": (
        PlaceCard(BOARD, None, "POC", "O_poc"),
        [("addProjectV2ItemById", {"projectId": "P_1", "contentId": "I_1"})],
    ),
    "column and field": (
        PLACED,
        [
            (
                "updateProjectV2ItemFieldValue",
                {
                    "projectId": "P_1",
                    "itemId": "I_card",
                    "fieldId": field,
                    "value": {"singleSelectOptionId": option},
                },
            )
            for field, option in (("F_phase", "O_poc"), ("F_gate", "O_open"))
        ],
    ),
    "archived card": (
        RestoreCard(BOARD, CARD),
        [("unarchiveProjectV2Item", {"projectId": "P_1", "itemId": "I_card"})],
    ),
    "close": (Close(), [("closeIssue", {"issueId": "I_1"})]),
    "reopen": (Reopen(), [("reopenIssue", {"issueId": "I_1"})]),
    "remove": (RemoveComment(3), [("deleteIssueComment", {"id": "C_3"})]),
    "fold": (HideComment(3), [("minimizeComment", {"subjectId": "C_3", "classifier": "OUTDATED"})]),
    "unfold": (ShowComment(3), [("unminimizeComment", {"subjectId": "C_3"})]),
    "take back": (TakeBack(3, "CONFUSED"), [("removeReaction", {"subjectId": "C_3", "content": "CONFUSED"})]),
}


@pytest.mark.parametrize(("effect", "fields"), EACH.values(), ids=EACH)
def test_the_fields_of_each_effect(effect, fields):
    assert [(one.name, dict(one.input)) for one in changes.mutations(ISSUE, effect, "fr") or ()] == fields


@pytest.mark.parametrize(
    "effect",
    [ChangeLabels(("phase: mvp",), ("phase: idée",)), ChangeLabels((), ("inconnue",)), React(999, "CONFUSED")],
    ids=["a label to be made", "a label not told", "a comment not read"],
)
def test_what_graphql_cannot_make_is_left(net, effect):
    net.post(GRAPHQL, json={"data": {"m0": POSTED, "m1": DONE}})
    made, left = at_once([effect, POST, REACT])
    assert left == [effect]
    assert [one for one, _ in made] == [POST, REACT]


def test_one_change_alone_is_left_to_rest(net):
    assert at_once([POST]) == ([], [POST])
    assert len(net.calls) == 0


def test_a_new_card_is_written_by_a_second_call(net):
    net.post(GRAPHQL, json={"data": {"m0": {"item": {"id": "I_new"}}, "m1": POSTED}})
    made, left = at_once([PlaceCard(BOARD, None, "POC", "O_poc", (FILL,)), POST])
    assert left == [PlaceCard(BOARD, Card("I_new", None), "POC", "O_poc", (FILL,))]
    assert [one for one, _ in made] == [POST]


REFUSED = {
    "a comment refused": ([POST, REACT], [error(0, "FORBIDDEN")], [POST]),
    "a nod to a comment that is gone": ([POST, REACT], [error(1, "NOT_FOUND")], [REACT]),
    "a label added, the other not removed": (
        [ChangeLabels(("phase: poc",), ("phase: idée",)), POST],
        [error(1, "NOT_FOUND")],
        [ChangeLabels(("phase: poc",), ("phase: idée",))],
    ),
    "a column refused": ([PLACED, POST], [error(0, "UNPROCESSABLE")], [PLACED]),
    "a field of the card that is gone": ([PLACED, POST], [error(1, "NOT_FOUND")], []),
    "a board closed to us": ([PLACED, POST], [error(0, "FORBIDDEN"), error(1, "FORBIDDEN")], [PLACED]),
    "a comment removed already": ([RemoveComment(3), POST], [error(0, "NOT_FOUND")], []),
    "a nod taken back already": ([TakeBack(3, "CONFUSED"), POST], [error(0, "NOT_FOUND")], []),
    "a comment that may not be removed": ([RemoveComment(3), POST], [error(0, "FORBIDDEN")], [RemoveComment(3)]),
}


@pytest.mark.parametrize(("effects", "errors", "left"), REFUSED.values(), ids=REFUSED)
def test_what_is_refused_is_left_and_the_rest_made(net, effects, errors, left):
    answers = [POSTED if effect is POST else DONE for effect in effects for _ in changes.mutations(ISSUE, effect, "fr")]
    data = {f"m{rank}": None if error_at(errors, rank) else answer for rank, answer in enumerate(answers)}
    net.post(GRAPHQL, json={"data": data, "errors": errors})
    made, found = at_once(effects)
    assert found == left
    assert [effect for effect, _ in made] == [effect for effect in effects if effect not in left]


def error_at(errors, rank):
    return any(one["path"] == [f"m{rank}"] for one in errors)


LATER = {
    "a limit": (error(1, "RATE_LIMITED", "API rate limit exceeded"), LimitError),
    "no time left": (error(1, "", "Something went wrong while executing your query."), TooMuchError),
    "no room left": (error(1, "RESOURCE_LIMITS_EXCEEDED"), TooMuchError),
    "a failure of GitHub's": (error(1, "INTERNAL"), OverloadedError),
    "an error of no kind": (error(1, ""), OverloadedError),
}


@pytest.mark.parametrize(("told", "raised"), LATER.values(), ids=LATER)
def test_what_may_have_been_done_is_not_done_again_before_another_reading(net, told, raised):
    """What succeeded is remembered all the same."""
    net.post(GRAPHQL, json={"data": {"m0": POSTED, "m1": None, "m2": DONE}, "errors": [told]})
    made = []
    client = TokenClient(TokenSettings("t", "dnum/produits", API))
    with pytest.raises(raised):
        changes.at_once(client, ISSUE, [POST, EDIT, REACT], "fr", made=lambda effect, _: made.append(effect))
    assert made == [POST, REACT]


WHOLE = {
    "refused": {"status": 403, "json": {"message": "Resource not accessible by integration"}},
    "not there": {"status": 404, "json": {"message": "Not Found"}},
    "an older server": {
        "json": {"errors": [{"message": "Field 'addComment' doesn't exist", "path": ["mutation Changes", "m0"]}]}
    },
    "a variable it does not know": {"json": {"errors": [{"message": "Variable $m0 of type X", "locations": []}]}},
}


@pytest.mark.parametrize("answer", WHOLE.values(), ids=WHOLE)
def test_a_document_refused_as_a_whole_leaves_everything(net, answer):
    net.post(GRAPHQL, **answer)
    assert at_once([POST, REACT]) == ([], [POST, REACT])


NOTHING_KNOWN = {
    "502": ({"status": 502, "json": {}}, OverloadedError),
    "a limit": ({"json": {"errors": [{"type": "RATE_LIMITED", "message": "API rate limit exceeded"}]}}, LimitError),
    "no time": ({"json": {"errors": [{"message": "Timeout on validation of query"}]}}, TooMuchError),
    "cut": ({"body": requests.ConnectionError()}, UnreachableError),
}


@pytest.mark.parametrize(("answer", "raised"), NOTHING_KNOWN.values(), ids=NOTHING_KNOWN)
def test_an_answer_lost_makes_the_turn_to_be_taken_again(net, answer, raised):
    net.post(GRAPHQL, **answer)
    with pytest.raises(raised):
        at_once([POST, REACT])


def test_a_document_is_kept_under_githubs_limits(net, monkeypatch):
    nods = [React(number, "THUMBS_UP") for number in range(1, 26)]
    answer = {"data": {f"m{rank}": DONE for rank in range(changes.MOST)}}
    net.post(GRAPHQL, json=answer)
    made, left = at_once(nods)
    assert left == []
    assert [effect for effect, _ in made] == nods
    assert [len(asked["variables"]) for asked in sent(net)] == [20, 5]


def test_long_texts_are_sent_apart(net, monkeypatch):
    monkeypatch.setattr(changes, "HEAVIEST", 10)
    net.post(GRAPHQL, json={"data": {"m0": POSTED}})
    made, left = at_once([POST, POST])
    assert (len(made), left, len(net.calls)) == (2, [], 2)


def test_words_of_people_are_never_in_the_text_itself():
    fields = changes.mutations(ISSUE, POST, "fr")
    text, values = mutation_document("Changes", fields)
    assert values["m0"]["body"] not in text
    assert "I_1" not in text
