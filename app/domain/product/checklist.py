"""A phase's checklist with the answers given so far, numbered as people see it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from app.domain.policy.model import Item, Policy
from app.domain.product.answers import Answer


@dataclass(frozen=True)
class ChecklistLine:
    """One line as shown: `number` is what a person types after /coche."""

    number: int
    item: Item
    answer: Answer

    @property
    def settled(self) -> bool:
        return self.answer.state in {"done", "na"}


def checklist_lines(policy: Policy, phase: str, answers: Mapping[str, Answer]) -> tuple[ChecklistLine, ...]:
    """The checklist of a phase; answers given in earlier phases to items still asked are carried over."""
    items = policy.checklist(phase)
    return tuple(
        ChecklistLine(number, item, answers.get(item.id, Answer())) for number, item in enumerate(items, start=1)
    )


def find(asked: Iterable[str], shown: tuple[ChecklistLine, ...]) -> tuple[tuple[ChecklistLine, ...], tuple[str, ...]]:
    """The lines meant by numbers or ids, and the words that mean none."""
    by_name = {str(line.number): line for line in shown} | {line.item.id: line for line in shown}
    asked = tuple(asked)
    known = tuple(dict.fromkeys(by_name[word] for word in asked if word in by_name))
    return known, tuple(word for word in asked if word not in by_name)


def unsettled_required(shown: Iterable[ChecklistLine]) -> tuple[ChecklistLine, ...]:
    return tuple(line for line in shown if line.item.required and not line.settled)
