"""The requests that an issue holds and its history has not answered yet, read from the issue as it is now."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Iterator
from dataclasses import replace

from app.domain.decide import comment_commands, departures, evidence, late_entry, pauses
from app.domain.decide.ballots import review, takes_back
from app.domain.decide.manual_changes import ManualChange, asked_by_hand
from app.domain.decide.moments import is_reworded, is_settled, replaced
from app.domain.decide.reasons import Reason
from app.domain.decide.request import (
    BindAccounts,
    Describe,
    FileProduct,
    NoteDeletion,
    Request,
    SpeakThrough,
    VoidBallot,
)
from app.domain.policy.label_names import PRODUCT_LABEL
from app.domain.policy.model import Policy
from app.domain.product import description, former_readings, imported, issue_form
from app.domain.product.facts import comment_id_of
from app.domain.product.gate_record import GateRecord
from app.domain.product.history_in_comments import checklist_key
from app.domain.product.issue import Comment
from app.domain.product.state import Product
from app.domain.reading.command_types import Doubt
from app.domain.reading.commands import Doubtful, TickBoxes

BY_APP = "app"
"""What stands for the words of a comment in the cause of its refusal, when an App wrote them."""


def is_product(product: Product, policy: Policy) -> bool:
    """Whether the issue is a product: filed already, or open and filed by the form or labelled by hand."""
    issue = product.issue
    if not product.history and imported.is_imported(issue):
        return False  # only the import knows its history
    return bool(product.history) or (issue.is_open and looks_like_product(issue.labels, issue.body, policy))


def looks_like_product(labels: Collection[str], body: str, policy: Policy) -> bool:
    """The product an issue shows by itself, without its history."""
    return PRODUCT_LABEL in labels or issue_form.is_filed_by_form(body, policy.questions)


def pending_requests(product: Product, policy: Policy, gesture: ManualChange | None = None) -> tuple[Request, ...]:
    """Every request still to be answered, in the order people made them.

    All comments are read at each turn, so a request whose webhook was lost is answered at the next one.
    """
    if not is_product(product, policy):
        return ()
    if product.standing.left and not product.issue.is_open:
        return ()  # what is written meanwhile is answered if the issue is opened again
    product = departures.as_before(product)
    answered = product.standing.causes
    changed, changed_late = _edited_ballots(product, policy)
    found = [
        *pauses.pause_ends(product),
        *_filed(product),
        *departures.departure_requests(product),
        *_unnumbered(product),
        *_described(product, policy),
        *_unread(product),
        *changed,
        *_spoken(product, policy),
        *_ticked(product),
        *evidence.altered(product),
        *evidence.restored_requests(product),
        *asked_by_hand(product, policy, gesture),
        *late_entry.late_entry_requests(product, policy),
        *changed_late,
    ]
    fresh = tuple(one for one in found if one.cause not in answered)
    return (*fresh, *_review(product))


def _filed(product: Product) -> Iterator[Request]:
    """Filing is asked once, and not at all of a product taken over from a former follow-up."""
    if product.standing.filed is None:
        cause = f"issue:{product.issue.id}:{former_readings.READER}"
        yield Request(FileProduct(), product.issue.author, cause, by_id=product.author_id)


def _unread(product: Product) -> Iterator[Request]:
    """A description that the reader fails on is reported once: it answers nothing, and the product goes on."""
    error, issue = issue_form.failure(product.issue.body), product.issue
    if error:
        digest = hashlib.sha256(issue.body.encode(errors="replace")).hexdigest()[:12]
        yield Request(
            Doubtful(Doubt.UNREADABLE_BODY), issue.author, f"body:{digest}", by_id=product.author_id, error=error
        )


def _unnumbered(product: Product) -> Iterator[Request]:
    """A gate opened by a former version gets the ids of its accounts once GitHub tells the team."""
    gate = product.standing.open_gate
    if gate and not gate.accounts and gate.bound is None and product.issue.numbers and product.issue.team is not None:
        yield Request(BindAccounts(), "", f"accounts:{gate.request.gate}")


def _described(product: Product, policy: Policy) -> Iterator[Request]:
    """What the issue says of the product differs from what is known, or will be once it is filed."""
    state, now = product.standing, description.shown_description(product.issue, policy)
    filed_with = description.filed_with(product.issue, policy)
    answers = description.rewritten_answers(product.issue, state, policy)
    if answers or now != (description.known_description(state) if product.history else filed_with):
        command = Describe(now.title, now.people, now.needs, answers)
        yield Request(command, "", f"described:{len(state.described) + 1}")


def _review(product: Product) -> Iterator[Request]:
    gate = product.standing.open_gate
    if gate:
        yield review(gate)


def _edited_ballots(product: Product, policy: Policy) -> tuple[list[Request], list[Request]]:
    """Ballots of the open gate whose comment somebody else edited, or is gone; separately, those found after its
    deadline.

    The latter wait until the deadline has been decided on what was said in time.
    """
    gate = product.standing.open_gate
    if gate is None:
        return [], []
    found = list(_changes(product, gate))
    late = [asked for asked in found if asked.is_later_than(gate.deadline)]
    return [*(asked for asked in found if asked not in late), *_unsaid(product, gate, policy)], late


def _changes(product: Product, gate: GateRecord) -> Iterator[Request]:
    comments = {comment.id: comment for comment in product.issue.comments}
    counted = {cast.comment for cast in evidence.last_cast(gate)}
    for number in dict.fromkeys(ballot.fact.comment for ballot in gate.ballots):
        comment = comments.get(number)
        if comment is None and number in product.issue.unsure:
            continue
        if comment is None:
            yield Request(NoteDeletion(number), "", f"gone:{number}")
        elif comment.edited_by_other and number in counted:
            voided = sum(1 for one in gate.ballots if one.fact.comment == number and one.voided_by)
            yield Request(
                VoidBallot(number),
                comment.editor,
                f"void:{number}:{voided + 1}" if voided else f"void:{number}",  # voted anew since, then edited again
                edited_at=comment.edited_at,
                by_id=comment.editor_id,
            )


def _unsaid(product: Product, gate: GateRecord, policy: Policy) -> Iterator[Request]:
    """Ballots that their author edited, in time, into words that are doubtful.

    A recusal holds from its first version. An edit that a former version had read keeps its answer.
    """
    comments = {comment.id: comment for comment in product.issue.comments}
    noted = {fact.comment: fact.at for fact in gate.alterations}
    for cast in evidence.last_cast(gate):
        comment = comments.get(cast.comment)
        if comment is None or comment.edited_at is None or comment.edited_by_other or cast.choice == "recuse":
            continue
        if not cast.digest or comment.digest == cast.digest or comment.edited_at > gate.deadline:
            continue
        if (product.reading and product.reading.includes(comment)) or noted.get(
            comment.id, former_readings.NEVER
        ) >= comment.edited_at:
            continue
        if not takes_back([one.command for one in comment_commands.heard(comment, policy.ignored_commands)]):
            continue
        yield Request(
            VoidBallot(comment.id),
            comment.author,
            former_readings.signed_cause(f"comment:{comment.id}:unsaid:{comment.edited_at.isoformat()}", comment),
            comment.id,
            said_at=comment.at,
            edited_at=comment.edited_at,
            by_id=comment.author_id,
        )


def unsure_of(product: Product, policy: Policy) -> frozenset[int]:
    """Comments that ask for something new, and of which it is not known whether an App wrote them."""
    if not is_product(product, policy):
        return frozenset()
    product = departures.as_before(product)
    unknown = {comment.id for comment in product.issue.comments if comment.through is None}
    return frozenset(said for said in _unanswered(product, policy) if said in unknown)


def _spoken(product: Product, policy: Policy) -> Iterator[Request]:
    """What people's comments ask, comment by comment in the order they were last written.

    A comment that another App wrote in somebody's name is one request, never granted; nothing is asked by one of which
    it is not known yet who wrote it.
    """
    comments = {comment.id: comment for comment in product.issue.comments}
    for number, found in _unanswered(product, policy).items():
        through = comments[number].through
        if through is not None and policy.trusts_app(through.slug, through.app):
            yield from found
        elif through is not None:
            name = through.name or through.slug or str(through.app)
            cause = former_readings.signed_cause(f"comment:{number}:{BY_APP}", comments[number])
            yield replace(found[0], command=SpeakThrough(name), cause=cause, error=None)


def _unanswered(product: Product, policy: Policy) -> dict[int, list[Request]]:
    """By comment, the requests that were not answered; none for one that was refused for the App that wrote it.

    Rules that name the App since do not make its old comments speak.
    """
    known, found = product.standing.causes, dict[int, list[Request]]()
    refused = {fact.comment for fact in product.standing.refusals if fact.reason == Reason.OTHER_APP}
    for asked in _asked(product, policy):
        if asked.comment not in refused and asked.cause not in known:
            found.setdefault(asked.comment, []).append(asked)
    return found


def _asked(product: Product, policy: Policy) -> Iterator[Request]:
    """The commands of people's comments, in the order they were last written; bots and Apps have no voice."""
    told, unknown = comment_commands.texts_unread(product.standing), comment_commands.unknown_commands(product.standing)
    caused = _by_comment(fact.cause for fact in product.history)
    for comment in sorted(product.issue.comments, key=lambda comment: (comment.edited_at or comment.at, comment.id)):
        if comment.by_bot or comment.trace or not comment.is_by_person:
            continue
        if product.reading and product.reading.includes(comment):
            continue
        if told and (comment.id, comment_commands.text_key(comment)) in told:
            continue
        found = comment_commands.heard(comment, policy.ignored_commands)
        said = {parsed.key for parsed in found}
        for parsed in found:
            if unknown and comment_commands.was_unknown(parsed.command, comment, unknown):
                continue
            if isinstance(parsed, comment_commands.Unreadable) and comment_commands.is_answered(
                comment, product.standing.causes
            ):
                continue
            if comment.edited_at and is_settled(parsed.command, comment.id, product.standing):
                continue
            asked = Request(
                parsed.command,
                comment.author,
                _cause(comment, parsed.key, product, said, caused.get(comment.id, [])),
                comment.id,
                comment.digest,
                comment.editor if comment.edited_by_other else "",
                said_at=comment.at,
                edited_at=comment.edited_at,
                by_id=comment.author_id,
                by_page=comment.through is not None and comment.through.by_page,
                error=parsed.error if isinstance(parsed, comment_commands.Unreadable) else None,
            )
            if not is_reworded(asked, product, said):
                yield asked


def _by_comment(causes: Iterable[str]) -> dict[int, list[str]]:
    """The causes recorded for each comment, in order: collected once, since a comment may be one of hundreds."""
    found: dict[int, list[str]] = {}
    for cause in causes:
        found.setdefault(comment_id_of(cause), []).append(cause)
    return found


def _cause(comment: Comment, key: str, product: Product, said: Collection[str], mine: list[str]) -> str:
    """The cause that makes a command unique: its comment and words, and the time of an edit that brings it back.

    A vote edited from go to no-go and back to go is a new vote, not the first one again. `mine` are the causes already
    recorded for the comment.
    """
    gate, known = product.standing.open_gate, product.standing.causes
    cause = f"comment:{comment.id}:{key}"
    votes = [ballot.fact.cause for ballot in gate.ballots if ballot.fact.comment == comment.id] if gate else []
    overtaken = any(vote.startswith(cause) for vote in votes) and not votes[-1].startswith(cause)
    if comment.edited_at and not overtaken:
        overtaken = key in replaced(mine, said)
    if overtaken and comment.edited_at:
        return former_readings.signed_cause(f"{cause}:{comment.edited_at.isoformat()}", comment)
    new = former_readings.signed_cause(cause, comment)
    # Understood by a former version, or before its author rewrote something else in it: the same command still.
    understood = next((one for one in (cause, f"{cause}:{former_readings.READER}") if one in known), "")
    return understood or _of_a_former_reader(comment, mine, said) or new


def _of_a_former_reader(comment: Comment, mine: list[str], said: Collection[str]) -> str:
    """What an untouched comment was answered for, when it was read otherwise than now: it is not read anew."""
    return next((one for one in mine if not comment.edited_at and one.split(":")[2] not in said), "")


def _ticked(product: Product) -> Iterator[Request]:
    """Boxes of the current checklist that a person ticked or unticked by editing Jalon's comment."""
    stay = product.standing.stay
    for comment in product.issue.comments:
        trace = comment.trace
        if not stay or not trace or trace.key != checklist_key(stay.number):
            continue
        if trace.intact or not comment.edited_by_person:
            continue
        changed = {item: now for item, now in trace.drawn.items() if now != trace.boxes.get(item, now)}
        if changed:
            ticked = tuple(item for item, now in changed.items() if now)
            unticked = tuple(item for item, now in changed.items() if not now)
            moment = comment.edited_at.isoformat() if comment.edited_at else ""
            # Two clicks may fall within one second, the finest moment GitHub tells.
            which = ",".join(f"{item}:{int(now)}" for item, now in changed.items())
            cause = f"boxes:{comment.id}:{moment}:{which}"
            yield Request(TickBoxes(ticked, unticked), comment.editor, cause, by_id=comment.editor_id)
