"""Whether a history read from comments really happened on this issue: filed there, and said by the people it names.

The register needs no such proof: each fact was recorded while GitHub showed what it rests on.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta

from app.domain.decide import departures
from app.domain.decide.ballots import CHOICES, Vote
from app.domain.decide.comment_commands import heard
from app.domain.product import former_readings, imported
from app.domain.product.accounts import Account
from app.domain.product.erasure import erased_count
from app.domain.product.facts import (
    BallotCast,
    ConditionLifted,
    Fact,
    GateDecided,
    History,
    ProductFiled,
    ProductImported,
    ProductMoved,
    comment_id_of,
)
from app.domain.product.gate_record import GateRecord
from app.domain.product.issue import Comment, Issue
from app.domain.product.second_thought_facts import (
    DecisionContested,
    DecisionOverridden,
    DecisionRectified,
    LiftRectified,
    ProductPaused,
    ProductResumed,
)
from app.domain.product.state import Product
from app.domain.reading.commands import (
    COMMANDS,
    Command,
    Contest,
    Go,
    Lift,
    Override,
    Pause,
    Rectify,
    RectifyLift,
    Resume,
    TakenInSession,
)
from app.domain.reading.conditions import read_condition
from app.domain.reading.text import normalised

SECONDS: Mapping[type[Fact], type[Command]] = {
    DecisionRectified: Rectify,
    LiftRectified: RectifyLift,
    DecisionContested: Contest,
    DecisionOverridden: Override,
    ProductPaused: Pause,
    ProductResumed: Resume,
}
"""The command that asks for each second thought."""
FILED = "issue:"
"""How the cause of a filing begins; the node id of the issue comes next."""


def filed_on(history: History) -> str:
    """The node id of the issue on which a product was filed; empty when its history does not say."""
    first = history[0] if history else None
    if not isinstance(first, ProductFiled) or not first.cause.startswith(FILED):
        return ""
    return first.cause.removeprefix(FILED).partition(":")[0]


def is_native(history: History, node_id: str) -> bool:
    """Whether a history says it was filed on an issue, or came there by a transfer; an imported one says neither."""
    came = any(isinstance(fact, ProductMoved) and fact.cause == departures.cause_of(node_id) for fact in history)
    return came or filed_on(history) in {"", node_id}


def is_imported_elsewhere(history: History, issue: Issue) -> bool:
    """Whether the history is that of a product imported by another issue: ours has its key in the description.

    If people rewrote the description, marker included, this cannot be told.
    """
    first = history[0] if history else None
    if not isinstance(first, ProductImported):
        return False
    return not issue.by_us or imported.key_in(issue.body) not in {None, first.key}


def contradicted(product: Product, known: int = 0) -> int:
    """The rank of the first fact, beyond the known ones, that its own comment contradicts; 0 when there is none.

    A comment that was deleted or edited since contradicts nothing: that is noted and shown elsewhere. Words erased from
    a fact are not asked of its comment.
    """
    comments = {comment.id: comment for comment in departures.as_before(product).issue.comments}
    gates, is_moved = product.standing.gates, bool(product.standing.former_comments)
    for rank, fact in enumerate(product.history[known:], start=known + 1):
        comment = comments.get(comment_id_of(fact.cause))
        if comment and not _bears_out(comment, fact, gates, is_moved=is_moved):
            return rank
    return 0


def _bears_out(comment: Comment, fact: Fact, gates: Mapping[int, GateRecord], *, is_moved: bool) -> bool:
    gate = gates.get(getattr(fact, "gate", None) or 0)
    if not _is_author(comment, fact, gate):
        return False
    if isinstance(fact, BallotCast) and fact.digest:
        is_same = comment.digest == fact.digest
        if not is_same:
            return comment.edited_at is not None or is_moved
    elif comment.edited_at is not None and comment.edited_at > fact.at:
        return True
    return _says(comment, fact, word_for_word=not is_moved and not erased_count(fact))


def _is_author(comment: Comment, fact: Fact, gate: GateRecord | None) -> bool:
    """Whether the comment's author is the person named: by id, or by login in facts of former versions."""
    if comment.by_bot or comment.trace is not None:
        return False
    number = fact.by_id or (gate.number_of(fact.by) if gate else 0)
    if not comment.author_id:
        return True  # an account that is gone, or to which GitHub gives no id
    if not number:
        return not former_readings.is_of_this_reader(fact) or comment.author.lower() == fact.by.lower()
    return Account(fact.by, number).is_same(Account(comment.author, comment.author_id))


def _says(comment: Comment, fact: Fact, *, word_for_word: bool = True) -> bool:
    """Whether the comment's words hold what the fact says; a command read differently today proves nothing.

    A transfer may rewrite the references of a text: reasons and conditions are then not compared.
    """
    if not former_readings.is_of_this_reader(fact):
        return _is_written(comment, fact)
    said: list[Vote | TakenInSession]
    if isinstance(fact, BallotCast):
        said = [one.command for one in heard(comment) if isinstance(one.command, Vote)]
        alike = [vote for vote in said if isinstance(vote, Vote) and CHOICES[type(vote)] == fact.choice]
        return _holds(comment, said, (not word_for_word or _is_worded(vote, fact) for vote in alike))
    if isinstance(fact, GateDecided) and fact.present:
        said = [one.command for one in heard(comment) if isinstance(one.command, TakenInSession)]
        same = (one for one in said if isinstance(one, TakenInSession) and one.outcome == fact.outcome)
        return _holds(comment, said, (not word_for_word or _is_worded(one, fact) for one in same))
    if wanted := SECONDS.get(type(fact)):
        commands = [one.command for one in heard(comment)]
        return _holds(comment, commands, (type(one) is wanted for one in commands))
    if isinstance(fact, ConditionLifted):
        lifts = [one.command for one in heard(comment) if isinstance(one.command, Lift)]
        same_words = (not word_for_word or _lifts(one, fact) for one in lifts)
        return _holds(comment, lifts, same_words)
    return True


def _holds(comment: Comment, said: Sequence[Command], alike: Iterable[bool]) -> bool:
    return any(alike) if said else not _is_silent(comment)


def _is_worded(said: Vote | TakenInSession, fact: BallotCast | GateDecided) -> bool:
    """Whether the comment gives exactly the fact's reason, or its conditions."""
    if isinstance(said, Go | TakenInSession) and not _sets(said.conditions or (), fact):
        return False
    return isinstance(said, Go) or said.reason == fact.reason


def _sets(lines: tuple[str, ...], fact: BallotCast | GateDecided) -> bool:
    """The conditions line by line, with owner and due day; not the aspect, which depends on the rules of that day.

    A day without a year is read from the day the fact was recorded, wherever the committee sits.
    """
    if tuple(one.text for one in fact.conditions) != lines:
        return False
    since = [fact.at.date() + timedelta(days=apart) for apart in (-1, 0, 1)]
    return all(
        (one.owner, one.due)
        in {(found.owner, found.due) for day in since for found in [read_condition(one.text, {}, day)]}
        for one in fact.conditions
    )


def _lifts(said: Lift, fact: ConditionLifted) -> bool:
    return str(fact.number) in {said.number, *said.further} and said.evidence == fact.evidence


def _is_written(comment: Comment, fact: Fact) -> bool:
    """Whether the command stands anywhere in the words: a former version obeyed some that are quotations today."""
    names = {fact.choice} if isinstance(fact, BallotCast) else {"session"} if isinstance(fact, GateDecided) else set()
    if not names or (isinstance(fact, GateDecided) and not fact.present):
        return True
    body = _letters(normalised(comment.body))
    return any(f"/{_letters(word)}" in body for row in COMMANDS if row.name in names for word in row.words)


def _letters(text: str) -> str:
    return "".join(sign for sign in text if sign.isalnum() or sign == "/")


def _is_silent(comment: Comment) -> bool:
    """Whether the comment asks for nothing at all, however it is read."""
    return not heard(comment)
