"""What a product answers to each item of its phase: the one door to its answers, for comments, pages and reports."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime

from app.domain.policy.model import Item, Policy
from app.domain.product import checklist, radar
from app.domain.product.answers import Answer, WrittenAnswer
from app.domain.product.facts import GateRequested
from app.domain.product.former_readings import NEVER
from app.domain.product.reuse import NOTHING, ReuseCandidates
from app.domain.product.state import ProductState, Stay
from app.domain.reading import dates
from app.domain.reading.links import is_link_alone, links
from app.domain.reading.text import clipped, normalised

REUSE = "reuse"
"""Source of the text of an item that what is reused settles: the text is its name."""
LONGEST = 4_000
"""Characters of an answer: beyond, a document does better, and its link is the answer."""


@dataclass(frozen=True, slots=True)
class TextVersion:
    """A text as it was given: `phase` is the id of the phase in which it was, empty before the first one."""

    text: str
    by: str
    at: datetime
    phase: str
    source: str


@dataclass(frozen=True, slots=True)
class ItemAnswer:
    """One item with what answers it.

    `state` is open, done or na. An open item may have a text: it is proposed (`to_confirm`) from the form (`source` is
    form) or because it was taken back. A settled one is `to_confirm` when it was given in an earlier phase, or when
    the form says something else since (`proposed`). A done question without a text was only ticked.

    Of an item that is `private`, the id of a seat, `links` hold the only word kept, and no text is shown.
    """

    number: int
    item: Item
    state: str = "open"
    text: str = ""
    by: str = ""
    at: datetime | None = None
    source: str = ""
    """Where the text comes from: comment, form, page, reuse; empty without a text."""
    phase: str = ""
    """The id of the phase in which it was last given or confirmed."""
    to_confirm: bool = False
    proposed: str = ""
    """What the form says now, when it differs from the text that was taken from it."""
    reason: str = ""
    """Why it does not apply."""
    former: tuple[TextVersion, ...] = ()
    """The texts it had before, oldest first."""
    links: tuple[str, ...] = ()
    expiry: date | None = None
    """The last day on which it holds, of the items that expire."""
    cause: str = ""
    """What gave the text, as the register names it."""
    ways: tuple[tuple[str, str], ...] = ()
    """What the text says of each way of RADAR, nothing of those it forgets; only of the item that asks for them."""

    @property
    def private(self) -> str:
        return self.item.private

    @property
    def is_settled(self) -> bool:
        return self.state != "open"

    @property
    def is_bare(self) -> bool:
        """A question ticked without a written answer."""
        return self.item.is_question and self.state == "done" and not (self.text or self.links)

    def is_expired(self, today: date) -> bool:
        return self.expiry is not None and self.expiry < today


@dataclass(frozen=True, slots=True)
class AspectAnswers:
    """The items of one aspect, in their order."""

    aspect: str
    name: str
    items: tuple[ItemAnswer, ...]


def dossier(state: ProductState, policy: Policy, stay: Stay | None = None) -> tuple[AspectAnswers, ...]:
    """The answers to the items of the present phase, or as they were when a former stay ended."""
    here = stay or state.stay
    found: dict[str, list[ItemAnswer]] = {}
    for one in _answers(state, policy, here):
        found.setdefault(one.item.aspect, []).append(one)
    return tuple(AspectAnswers(aspect, policy.aspects[aspect], tuple(items)) for aspect, items in found.items())


def items(state: ProductState, policy: Policy, stay: Stay | None = None) -> tuple[ItemAnswer, ...]:
    """The same, item by item."""
    return tuple(one for aspect in dossier(state, policy, stay) for one in aspect.items)


def changed_since(request: GateRequested, state: ProductState, policy: Policy) -> tuple[ItemAnswer, ...]:
    """The items of the present phase whose state or text is no longer that which a gate froze at its opening."""
    states, texts = dict(request.answers), dict(request.texts)
    return tuple(
        one
        for one in items(state, policy)
        if one.state != states.get(one.item.id, "open")
        or (one.cause and one.is_settled and one.cause != texts.get(one.item.id, ""))
    )


def texts(state: ProductState, policy: Policy) -> tuple[tuple[str, str], ...]:
    """What a gate freezes of the texts: the item of each, and the cause of the fact that gave it."""
    return tuple((one.item.id, one.cause) for one in items(state, policy) if one.cause and one.is_settled)


def proposal(item: Item, answer: Answer, state: ProductState, policy: Policy) -> WrittenAnswer | None:
    """The text that a confirmation would record or keep: the last one given, else what the form says if it fits.

    What was confirmed from the form gives way to what the form says since. Where neither says anything, what is reused
    may settle the item.
    """
    return _proposal(item, answer, state.form, state.reuse, policy)


def _proposal(
    item: Item, answer: Answer, form: Mapping[str, str], reuse: ReuseCandidates, policy: Policy
) -> WrittenAnswer | None:
    written = answer.written
    if written and written.source != "form":
        return written
    text = _of_form(item, form, policy)
    if not text and not written and answer.state == "open":
        return _of_reuse(item, reuse)
    if not text or (written and written.text == text):
        return written
    return WrittenAnswer(text, "", NEVER, "form", day=day_of_answer(item, text))


def _of_reuse(item: Item, reuse: ReuseCandidates) -> WrittenAnswer | None:
    """The names of what is reused and settles an item, as the catalogue says; never of an item of a seat, or a date."""
    names = [one.name for one in reuse.reused if one.answer and item.id in one.answer.settles]
    is_free = item.kind in {"tick", "answer"} and not item.private
    return WrittenAnswer(", ".join(names), "", NEVER, REUSE) if names and is_free else None


def ways(text: str) -> tuple[tuple[str, str], ...]:
    """The five ways of RADAR with what a text says of each; none of a text that speaks of none."""
    said = radar.read_radar(text)
    return tuple((way, said.get(way, "")) for way in radar.WAYS) if said else ()


def radar_at(request: GateRequested, state: ProductState, policy: Policy) -> tuple[tuple[str, str], ...]:
    """What the text that a gate froze says of each way of RADAR, when the first phase was to be left."""
    item = policy.reuse.radar if policy.reuse and request.origin == policy.entry.id else ""
    cause = dict(request.texts).get(item, "")
    given = state.answers[item].texts if item in state.answers else ()
    return next((ways(one.text) for one in reversed(given) if cause and one.cause == cause), ())


def fits(item: Item, text: str) -> str:
    """The text as the item keeps it, nothing when it is no answer of its kind."""
    if item.private:
        return text.strip().strip("<>") if is_link_alone(text) else ""
    if item.kind == "choice":
        said = normalised(text).strip(" .;,!")
        return next((choice for choice in item.choices if normalised(choice).strip(" .;,!") == said), "")
    if item.kind == "link":
        return text if links(text) else ""
    if item.kind == "date":
        return text if day_of_answer(item, text) else ""
    return text


def day_of_answer(item: Item, text: str) -> str:
    """The one day, with its year, that the answer to an item of days gives."""
    found = {iso for _, iso in dates.days_written(text)} if item.kind == "date" else set()
    only = found.pop() if len(found) == 1 else ""
    return "" if only.startswith("--") else only


def _of_form(item: Item, form: Mapping[str, str], policy: Policy) -> str:
    """What the form answers to the questions of an item, each behind its title when there are several."""
    titles = {question.id: question.labels[0] for question in policy.questions}
    given = [(titles[question], form[question]) for question in item.form if form.get(question)]
    text = given[0][1] if len(item.form) == 1 and given else "\n".join(f"{title} {said}" for title, said in given)
    return clipped(fits(item, text), LONGEST) if text else ""


def _answers(state: ProductState, policy: Policy, here: Stay | None) -> Iterator[ItemAnswer]:
    if here is None:
        return
    is_current = here.answers is None
    known = state.answers if here.answers is None else here.answers
    form, reuse = (state.form, state.reuse) if is_current else ({}, NOTHING)
    for line in checklist.checklist_lines(policy, here.phase, known):
        told = _answer(line, _proposal(line.item, line.answer, form, reuse, policy), state, here.number)
        yield replace(told, ways=ways(told.text)) if policy.reuse and told.item.id == policy.reuse.radar else told


def _answer(line: checklist.ChecklistLine, wanted: WrittenAnswer | None, state: ProductState, stay: int) -> ItemAnswer:
    item, answer = line.item, line.answer
    written = answer.written
    shown = written or wanted
    is_new = wanted is not None and wanted is not written
    is_carried = item.is_question and answer.state == "done" and answer.stay < stay
    found = ItemAnswer(
        line.number,
        item,
        answer.state,
        by=written.by if written else answer.by or (state.filed.by if state.filed and wanted else ""),
        at=written.at if written else answer.at or (state.filed.at if state.filed and wanted else None),
        phase=_phase(state, answer.stay),
        reason=answer.reason,
        to_confirm=answer.state != "na" and (is_new or is_carried or (answer.state == "open" and shown is not None)),
    )
    if shown is None:
        return found
    day = date.fromisoformat(shown.day) if shown.day and item.expires else None
    found = replace(found, source=shown.source, cause=written.cause if written else "", expiry=day)
    if item.private:
        return replace(found, links=links(shown.text)[:1])
    return replace(
        found,
        text=shown.text,
        links=links(shown.text),
        proposed=wanted.text if written and wanted and is_new else "",
        former=tuple(_version(state, one) for one in answer.former),
    )


def _version(state: ProductState, one: WrittenAnswer) -> TextVersion:
    return TextVersion(one.text, one.by, one.at, _phase(state, one.stay), one.source)


def _phase(state: ProductState, stay: int) -> str:
    return state.stays[stay - 1].phase if stay else ""
