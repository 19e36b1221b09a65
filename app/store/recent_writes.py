"""What Jalon wrote lately, and what it missed: GitHub may answer from a copy that is late, and one look proves nothing.

What we wrote is put back into a reading that does not show it yet. What a reading lacks is gone once GitHub has said
so, or once two readings minutes apart both lack it.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import sqlalchemy as sa

from app.domain.product.issue import Comment, Issue
from app.domain.publish.effects import (
    ChangeLabels,
    EditComment,
    Effect,
    HideComment,
    PlaceCard,
    PostComment,
    React,
    RemoveComment,
    ShowComment,
    TakeBack,
)
from app.github import markers
from app.store.schema import RECENT
from app.store.upsert import insert_into

MEMORY = timedelta(minutes=10)
"""No copy of GitHub's is late by so much: a comment of ours that is still not shown was deleted."""
BRIEF = timedelta(minutes=1)
"""The same for labels and reactions, which people change too: nothing tells whose reading is the older."""
SECOND = timedelta(seconds=1)
"""The finest moment GitHub tells."""
ROUNDED = 2 * SECOND
"""Two of GitHub's moments less far apart may be one: each is cut to its second. What is shown is believed then."""
APART = timedelta(minutes=2)
"""Between the two readings that prove an absence."""
KEPT = timedelta(days=1)
POSTED, EDITED, GONE, ABSENT, LABEL, NOD, SHORT = "posted", "edited", "gone", "absent", "label", "nod", "short"
FOLDED, FOLDING = "folded", "folding"
"""Folded by us; about to be, as far as we know: GitHub's answer may never have come."""
LASTING = (ABSENT, SHORT, FOLDED, FOLDING)
"""Kept as long as the product is."""
CARD = "card"
"""The column in which we last put the product's card, and when by GitHub's clock."""
HOUR = "hour"
"""When a label was written, by GitHub's clock: what GitHub dates is compared with nothing else."""
THE_ISSUE = "issue"
BEGUN = "begun"
"""What the turn that began the product had read of its issue."""
Rows = Mapping[tuple[str, str], tuple[str, datetime]]


@dataclass(frozen=True)
class Beginning:
    """An issue as it was read by the turn that began its product, and left by it."""

    at: datetime
    """When it was last changed, by GitHub's clock."""
    labels: frozenset[str]
    """Their case does not count."""
    words: str
    """A digest of its title and its text."""


def write_words(title: str, text: str) -> str:
    plain = "\n".join(one.replace("\r\n", "\n").strip() for one in (title, text))
    return hashlib.sha256(plain.encode()).hexdigest()


class RecentWrites:
    """By product; losing it costs at worst a comment twice for a while, which is then mended."""

    def __init__(self, engine: sa.Engine) -> None:
        self._engine = engine

    def wrote(self, product: str, effect: Effect, answer: Any, now: datetime, told: datetime | None = None) -> None:
        """A change GitHub took, with its answer; `told` is the hour of its own clock."""
        match effect:
            case PostComment() if answer:
                kept = {name: answer[name] for name in ("node_id", "body", "created_at")}
                self._keep(product, POSTED, str(answer["id"]), json.dumps(kept, ensure_ascii=False), now)
            case EditComment() if answer:
                kept = {name: answer[name] for name in ("body", "updated_at")}
                self._keep(product, EDITED, str(effect.comment), json.dumps(kept, ensure_ascii=False), now)
            case RemoveComment():
                self._keep(product, GONE, str(effect.comment), "", now)
            case ChangeLabels():
                for label, is_there in (*((one, "1") for one in effect.add), *((one, "") for one in effect.remove)):
                    self._keep(product, LABEL, label, is_there, now)
                    self._keep(product, HOUR, label, (told or now).isoformat(), now)
            case PlaceCard():
                self._keep(product, CARD, "", json.dumps([effect.column, (told or now).isoformat()]), now)
            case React():
                self._keep(product, NOD, f"{effect.comment} {effect.content}", "", now)
            case TakeBack():
                self._forget(product, NOD, f"{effect.comment} {effect.content}")
            case HideComment():
                self._keep(product, FOLDED, str(effect.comment), "", now)
                self._forget(product, FOLDING, str(effect.comment))
            case ShowComment():
                self._forget(product, FOLDED, str(effect.comment))

    def begins(self, product: str, effects: Iterable[Effect], now: datetime) -> None:
        """Before they are made: GitHub says that a comment is folded, and never by whom."""
        for effect in effects:
            if isinstance(effect, HideComment):
                self._keep(product, FOLDING, str(effect.comment), "", now)

    def gone(self, product: str, comment: int, now: datetime) -> None:
        """GitHub said that a comment was deleted."""
        self._keep(product, GONE, str(comment), "", now)

    def merged(self, issue: Issue, expected: Iterable[int], now: datetime, named: str = "") -> Issue:
        """The issue with what we wrote since it was read; `named` is a label that somebody else has just changed.

        `expected`: the comments it once had, whose absence would have consequences.
        """
        rows = self._rows(issue.id)
        comments = {one.id: _edited(one, rows, now) for one in issue.comments if (GONE, str(one.id)) not in rows}
        for one in _unseen(rows, comments, issue, now):
            comments[one.id] = one
        nods = [key.split(" ") for (kind, key), (_, at) in rows.items() if kind == NOD and now - at < BRIEF]
        for number, content in nods:
            if int(number) in comments:
                shown = comments[int(number)]
                comments[shown.id] = replace(shown, reactions=shown.reactions | {content})
        unsure = self._unsure(issue, set(expected) - set(comments), rows, now)
        return replace(
            issue,
            comments=tuple(sorted(comments.values(), key=lambda one: (one.at, one.id))),
            labels=_labels(issue, rows, now, named),
            unsure=unsure,
            folded=frozenset(int(key) for kind, key in rows if kind == FOLDED) | self._folded_unheard(issue, rows, now),
        )

    def _folded_unheard(self, issue: Issue, rows: Rows, now: datetime) -> frozenset[int]:
        """What is shown folded as we meant to, though no answer said so: ours from now on."""
        meant = {int(key) for kind, key in rows if kind == FOLDING}
        found = frozenset(one.id for one in issue.comments if one.id in meant and one.is_hidden)
        for number in found:
            self.wrote(issue.id, HideComment(number), None, now)
        return found

    def _unsure(self, issue: Issue, lacking: set[int], rows: Rows, now: datetime) -> frozenset[int]:
        """Those of the comments lacking that may only be late. A reading that GitHub gave in part proves nothing."""
        found = set()
        for number in lacking:
            if (GONE, str(number)) not in rows and not self._is_proved(issue, str(number), rows, now):
                found.add(number)
        for kind, key in rows:
            if kind == ABSENT and key != THE_ISSUE and int(key) not in lacking:
                self._forget(issue.id, ABSENT, key)
        return frozenset(found)

    def _is_proved(self, issue: Issue, key: str, rows: Rows, now: datetime) -> bool:
        if issue.untold:
            return False
        first = rows.get((ABSENT, key))
        if first is None:
            self._keep(issue.id, ABSENT, key, "", now)
        return first is not None and now - first[1] >= APART

    def absent_for(self, product: str, now: datetime) -> timedelta:
        """How long ago the issue was first missed; noted now if it never was."""
        first = self._rows(product).get((ABSENT, THE_ISSUE))
        if first is None:
            self._keep(product, ABSENT, THE_ISSUE, "", now)
        return now - first[1] if first else timedelta()

    def found(self, product: str) -> None:
        """The issue is there after all."""
        if (ABSENT, THE_ISSUE) in self._rows(product):
            self._forget(product, ABSENT, THE_ISSUE)

    def label_gone(self, label: str) -> None:
        """GitHub said that a label was deleted or renamed in its repository: no issue wears it because we wrote it."""
        with self._engine.begin() as connection:
            connection.execute(sa.delete(RECENT).where(RECENT.c.kind == LABEL, RECENT.c.key == label))

    def wrote_label(self, product: str, label: str, since: datetime | None, margin: timedelta = timedelta()) -> bool:
        """Whether we changed a label after somebody did, by so much at least: the reading shows ours."""
        at = _hour(self._rows(product), label)
        return at is not None and (since is None or at >= since + margin)

    def is_before_ours(self, issue: Issue) -> bool | None:
        """Whether the card is shown as it was before we placed it; None when both are of one second."""
        row, card = self._rows(issue.id).get((CARD, "")), issue.card
        if row is None or card is None or card.updated_at is None:
            return False
        column, moment = json.loads(row[0])
        ours = datetime.fromisoformat(moment)
        if column == card.column or card.updated_at >= ours:
            return False
        return True if card.updated_at + SECOND <= ours else None

    def has_placed(self, issue: Issue, now: datetime) -> bool:
        """Whether the card is not shown yet that we placed a moment ago, or is shown as it was before."""
        row = self._rows(issue.id).get((CARD, ""))
        if row is None or now - row[1] >= BRIEF:
            return False
        return issue.card is None or bool(self.is_before_ours(issue))

    def began(self, issue: Issue, now: datetime) -> None:
        """The product begins with this reading, and GitHub shows all that follows from it."""
        if issue.updated_at:
            labels = sorted(label.casefold() for label in issue.labels)
            kept = [issue.updated_at.isoformat(), labels, write_words(issue.title, issue.body)]
            self._keep(issue.id, BEGUN, "", json.dumps(kept), now)

    def beginning(self, product: str, now: datetime) -> Beginning | None:
        """How a product began, a moment ago and with no turn since. Later, a delivery played again wants a look."""
        mine = sa.and_(RECENT.c.product == product, RECENT.c.kind == BEGUN)
        with self._engine.connect() as connection:
            row = connection.execute(sa.select(RECENT.c.value, RECENT.c.at).where(mine)).first()
        if row is None or now - datetime.fromtimestamp(row.at, UTC) >= MEMORY:
            return None
        at, labels, words = json.loads(row.value)
        return Beginning(datetime.fromisoformat(at), frozenset(labels), words)

    def went_on(self, product: str) -> None:
        """Another turn looks at it: what the first one had read may be no more."""
        self._forget(product, BEGUN, "")

    def is_used_to(self, product: str, untold: int) -> bool:
        """Whether GitHub counts as many comments more than it gives as it did for minutes already: it hides them."""
        row = self._rows(product).get((SHORT, ""))
        return row is not None and row[0] == str(untold)

    def got_used_to(self, product: str, untold: int, now: datetime) -> None:
        self._keep(product, SHORT, "", str(untold), now)

    def next_look(self, issue: Issue, now: datetime) -> datetime | None:
        """When what was missed is to be looked for again."""
        rows = self._rows(issue.id)
        moments = [at + APART for (kind, key), (_, at) in rows.items() if kind == ABSENT and key != THE_ISSUE]
        return min((moment for moment in moments if moment > now), default=None)

    def _rows(self, product: str) -> Rows:
        query = sa.select(RECENT).where(RECENT.c.product == product)
        with self._engine.connect() as connection:
            rows = connection.execute(query).all()
        return {(row.kind, row.key): (row.value, datetime.fromtimestamp(row.at, UTC)) for row in rows}

    def _keep(self, product: str, kind: str, key: str, value: str, now: datetime) -> None:
        new = {"product": product, "kind": kind, "key": key, "value": value, "at": now.timestamp()}
        query = insert_into(RECENT, self._engine).values(**new)
        again = {"value": value, "at": now.timestamp()}
        old = sa.and_(
            RECENT.c.product == product, RECENT.c.at < (now - KEPT).timestamp(), RECENT.c.kind.not_in(LASTING)
        )
        with self._engine.begin() as connection:
            connection.execute(sa.delete(RECENT).where(old))
            connection.execute(query.on_conflict_do_update(index_elements=["product", "kind", "key"], set_=again))

    def _forget(self, product: str, kind: str, key: str) -> None:
        mine = sa.and_(RECENT.c.product == product, RECENT.c.kind == kind, RECENT.c.key == key)
        with self._engine.begin() as connection:
            connection.execute(sa.delete(RECENT).where(mine))


def _unseen(rows: Rows, shown: Mapping[int, Comment], issue: Issue, now: datetime) -> Iterable[Comment]:
    """Comments of ours that the reading does not show yet, as we wrote them."""
    for (kind, key), (value, at) in rows.items():
        if kind != POSTED or int(key) in shown or (GONE, key) in rows or now - at >= MEMORY:
            continue
        kept = json.loads(value)
        written = datetime.fromisoformat(kept["created_at"])
        trace = markers.read_marker(kept["body"]) or markers.BARE
        yield _edited(
            Comment(int(key), kept["node_id"], kept["body"], "", written, by_bot=True, trace=trace), rows, now
        )


def _edited(comment: Comment, rows: Rows, now: datetime) -> Comment:
    """A comment with our last writing, when what is shown is older."""
    value, at = rows.get((EDITED, str(comment.id)), ("", now))
    if not value or now - at >= MEMORY or comment.trace is None:
        return comment
    kept = json.loads(value)
    written = datetime.fromisoformat(kept["updated_at"])
    if comment.edited_at and comment.edited_at >= written:
        return comment
    trace, us = markers.read_marker(kept["body"]) or markers.BARE, (comment.author, comment.author_id)
    return replace(
        comment, body=kept["body"], trace=trace, edited_at=written, editor=us[0], editor_id=us[1], editor_is_bot=True
    )


def _hour(rows: Rows, label: str) -> datetime | None:
    """When we last wrote a label; by our own clock where a former version kept nothing else."""
    kept = rows.get((HOUR, label))
    if kept:
        return datetime.fromisoformat(kept[0])
    return rows[LABEL, label][1] if (LABEL, label) in rows else None


def _is_older(issue: Issue, rows: Rows, label: str) -> bool:
    at = _hour(rows, label)
    return at is not None and issue.updated_at is not None and issue.updated_at + ROUNDED <= at


def _labels(issue: Issue, rows: Rows, now: datetime, named: str) -> frozenset[str]:
    """Those shown, and ours where the issue is shown as it was before we changed them."""
    fresh = {
        key: value
        for (kind, key), (value, at) in rows.items()
        if kind == LABEL and key.casefold() != named.casefold() and now - at < BRIEF and _is_older(issue, rows, key)
    }
    kept = {label for label in issue.labels if fresh.get(label, "1")}
    return frozenset(kept | {label for label, is_there in fresh.items() if is_there})
