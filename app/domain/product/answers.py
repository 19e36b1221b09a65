"""What is known of one item of a checklist: its state, its text, and every text it had before."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime

from app.domain.product.facts import ItemAnswered


@dataclass(frozen=True, slots=True)
class WrittenAnswer:
    """A text that answers an item: who gave it, when, in which stay; `cause` is that of its fact.

    `source` is comment, form or page; `day` the day (ISO) that the text of an item of days gives.
    """

    text: str
    by: str
    at: datetime
    source: str = "comment"
    stay: int = 0
    cause: str = ""
    day: str = ""
    private: bool = False


@dataclass(frozen=True, slots=True)
class Answer:
    """`state` is open, done or na, as `by` said last; `written` the last text given, whatever the state.

    A text taken back stays at hand, to be confirmed or written anew; those it replaced are `former`, oldest first.
    """

    state: str = "open"
    by: str = ""
    reason: str = ""
    written: WrittenAnswer | None = None
    former: tuple[WrittenAnswer, ...] = ()
    at: datetime | None = field(default=None, compare=False)
    stay: int = field(default=0, compare=False)
    """The stay in which it was last given or confirmed."""

    @property
    def texts(self) -> tuple[WrittenAnswer, ...]:
        """Every text given, the last one last."""
        return (*self.former, self.written) if self.written else ()

    def after(self, fact: ItemAnswered, stay: int) -> Answer:
        """The answer once one more fact is known; a fact without a text leaves the text as it was."""
        said = replace(self, state=fact.answer, by=fact.by, reason=fact.reason, at=fact.at, stay=stay)
        if not fact.text or (self.written and self.written.text == fact.text):
            return said
        given = WrittenAnswer(
            fact.text, fact.by, fact.at, fact.source or "comment", stay, fact.cause, fact.day, fact.private
        )
        return replace(said, written=given, former=self.texts)
