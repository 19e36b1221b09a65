"""The effects of one turn made in one call: what people wait for is GitHub's answers one after the other."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from app.domain.policy.model import TIMEZONE
from app.domain.product.issue import Card, Issue
from app.domain.publish.effects import (
    ChangeLabels,
    Close,
    EditComment,
    Effect,
    FillCard,
    HideComment,
    PlaceCard,
    PostComment,
    React,
    RemoveComment,
    Reopen,
    RestoreCard,
    ShowComment,
    TakeBack,
)
from app.github import cards
from app.github.apply import Answer, body
from app.github.client import Client, NotFoundError
from app.github.errors import OverloadedError, RefusalError, is_refusal
from app.github.mutations import Mutation, alias, by_rank, mutation_document

log = logging.getLogger(__name__)
Made = Callable[[Effect, Answer], None]
Together = Callable[..., list[Effect]]
OPERATION = "Changes"
MOST = 20
"""Changes in one document: GitHub ends a call after ten seconds, and takes a few tenths for a comment."""
HEAVIEST = 200_000
"""Characters of text in one document; a comment has 65,536 at most."""
CREATES = "addComment"


@dataclass(frozen=True)
class _Step:
    """An effect and the fields that make it, the first being at `rank` in its document."""

    effect: Effect
    mutations: tuple[Mutation, ...]
    rank: int = 0


def at_once(
    client: Client, issue: Issue, effects: Sequence[Effect], language: str, place: str = TIMEZONE, *, made: Made
) -> list[Effect]:
    """Make what one call can, each told to `made` with GitHub's answer; gives what is left, to be made one by one.

    Left are the effects that GraphQL cannot make, those GitHub refused, each with its own error to be met alone, and
    those that need what the call gave. Raises LaterError when GitHub cannot now: some may have been made then, which
    only another reading tells.
    """
    ready, left = list[_Step](), list[Effect]()
    for effect in effects:
        fields = mutations(issue, effect, language, place)
        if fields is None:
            left.append(effect)
        else:
            ready.append(_Step(effect, fields))
    if sum(len(step.mutations) for step in ready) < 2:
        return list(effects)
    for steps in _documents(ready):
        left += _send(client, issue, steps, made)
    rank = {id(effect): number for number, effect in enumerate(effects)}
    return sorted(left, key=lambda effect: rank.get(id(effect), len(rank)))


def _documents(ready: Iterable[_Step]) -> Iterator[list[_Step]]:
    """As few as GitHub's limits allow; the fields of one effect stay together."""
    steps, count, weight = list[_Step](), 0, 0
    for step in ready:
        heavy = sum(one.weight for one in step.mutations)
        if steps and (count + len(step.mutations) > MOST or weight + heavy > HEAVIEST):
            yield steps
            steps, count, weight = [], 0, 0
        steps.append(replace(step, rank=count))
        count, weight = count + len(step.mutations), weight + heavy
    if steps:
        yield steps


def _send(client: Client, issue: Issue, steps: list[_Step], made: Made) -> list[Effect]:
    """One call; gives what it left."""
    every = [one for step in steps for one in step.mutations]
    text, values = mutation_document(OPERATION, every)
    creates = sum(one.name == CREATES for one in every)
    everything = [step.effect for step in steps]
    try:
        data, errors, later = client.made_in_part(client.requester(issue.repository), text, values, creates)
    except (NotFoundError, RefusalError) as error:
        log.warning("%s#%s: changes refused together: %s", issue.repository, issue.number, type(error).__name__)
        return everything
    failed = by_rank(errors)
    if failed is None:
        log.warning("%s#%s: a document refused as a whole", issue.repository, issue.number)
        left = everything
    else:
        left = [one for step in steps for one in _settled(step, data, failed, made)]
        # What ends on an error that is no refusal may have been done: only another reading tells.
        if not all(map(is_refusal, failed.values())):
            later = later or OverloadedError("GitHub failed in the middle of several changes", 1)
    if later:
        raise later
    return left


def _settled(
    step: _Step, data: Mapping[str, Any], failed: Mapping[int, Mapping[str, Any]], made: Made
) -> Iterator[Effect]:
    """What is left of an effect once GitHub has answered."""
    answers = []
    for rank, one in enumerate(step.mutations, start=step.rank):
        error = failed.get(rank)
        if error and not (cards.spares(one, error) or _is_gone_already(step.effect, error)):
            yield step.effect
            return
        answers.append(data.get(alias(rank)) or {})
    match step.effect:
        case PlaceCard(card=None):
            item = answers[0]["item"]["id"]
            yield replace(step.effect, card=Card(item, None))
        case effect:
            made(effect, _answer(effect, answers[0]))


def _is_gone_already(effect: Effect, error: Mapping[str, Any]) -> bool:
    """What was to be taken away is not there: that is what was wanted."""
    return isinstance(effect, RemoveComment | TakeBack | HideComment | ShowComment) and error.get("type") == "NOT_FOUND"


def _answer(effect: Effect, given: Mapping[str, Any]) -> Answer:
    """What REST would have answered, as far as it is remembered."""
    match effect:
        case PostComment():
            node = given["commentEdge"]["node"]
            number = int(node["fullDatabaseId"])
            return {"id": number, "node_id": node["id"], "body": node["body"], "created_at": node["createdAt"]}
        case EditComment():
            comment = given["issueComment"]
            return {"body": comment["body"], "updated_at": comment["updatedAt"]}
        case _:
            return {}


def mutations(issue: Issue, effect: Effect, language: str, place: str = TIMEZONE) -> tuple[Mutation, ...] | None:
    """The fields that make an effect, in order; None when an id they need is not known: REST does without."""
    match effect:
        case ChangeLabels():
            return _labels(issue, effect)
        case PlaceCard(card=None):
            target = {"projectId": effect.board.id, "contentId": issue.id}
            return (Mutation("addProjectV2ItemById", target, "item { id }"),)
        case PlaceCard() | FillCard():
            return cards.card_mutations(effect)
        case RestoreCard():
            return (Mutation("unarchiveProjectV2Item", {"projectId": effect.board.id, "itemId": effect.card.id}),)
        case Close():
            return (Mutation("closeIssue", {"issueId": issue.id}),)
        case Reopen():
            return (Mutation("reopenIssue", {"issueId": issue.id}),)
        case PostComment():
            text = body(effect.message, language, place=place)
            given = "commentEdge { node { id fullDatabaseId body createdAt } }"
            return (Mutation(CREATES, {"subjectId": issue.id, "body": text}, given),)
        case EditComment() | RemoveComment() | React() | TakeBack() | HideComment() | ShowComment():
            node = next((one.node_id for one in issue.comments if one.id == effect.comment), "")
            return (_on_comment(effect, node, language, place),) if node else None
        case _:
            raise TypeError(f"unknown effect: {effect!r}")


def _on_comment(
    effect: EditComment | RemoveComment | React | TakeBack | HideComment | ShowComment,
    node: str,
    language: str,
    place: str,
) -> Mutation:
    match effect:
        case EditComment():
            text = body(effect.message, language, effect.over, place)
            return Mutation("updateIssueComment", {"id": node, "body": text}, "issueComment { body updatedAt }")
        case RemoveComment():
            return Mutation("deleteIssueComment", {"id": node})
        case React():
            return Mutation("addReaction", {"subjectId": node, "content": effect.content})
        case TakeBack():
            return Mutation("removeReaction", {"subjectId": node, "content": effect.content})
        case HideComment():
            return Mutation("minimizeComment", {"subjectId": node, "classifier": "OUTDATED"})
        case ShowComment():
            return Mutation("unminimizeComment", {"subjectId": node})


def _labels(issue: Issue, effect: ChangeLabels) -> tuple[Mutation, ...] | None:
    """Additions first. A label that the repository has not yet is made by REST, which asks for a name alone."""
    added, removed = (
        [issue.label_ids.get(label.casefold(), "") for label in labels] for labels in (effect.add, effect.remove)
    )
    if not all((*added, *removed)):
        return None
    acts = (("addLabelsToLabelable", added), ("removeLabelsFromLabelable", removed))
    return tuple(Mutation(name, {"labelableId": issue.id, "labelIds": ids}) for name, ids in acts if ids)
