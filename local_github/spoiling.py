"""Answers of GraphQL that are whole but for a part: what may not be read below a path, what was too much at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from typing import Any

from local_github.faults import ANSWERS, Fault, Faults
from local_github.graph_core import GraphError
from local_github.refusals import WORDS

TOO_MUCH = "Resource limits for this query exceeded."
MOST_NODES = 500


@dataclass
class Spoiler:
    """Looks at each value of one answer; whole answers pass through it untouched."""

    faults: Faults
    about: str
    rules: Sequence[Fault]
    nodes: int = 0
    used: list[Fault] = field(default_factory=list)

    @classmethod
    def of(cls, faults: Faults, about: str) -> Spoiler:
        return cls(faults, about, faults.found(ANSWERS, about))

    def seen(self, path: Sequence[str | int], value: Any) -> Any:
        """The value, or the value with holes; raises GraphError in its place."""
        for rule in self.rules:
            value = (
                self._too_much(rule, path, value) if rule.kind == "resource-limits" else self._hole(rule, path, value)
            )
        return value

    def _too_much(self, rule: Fault, path: Sequence[str | int], value: Any) -> Any:
        if path[-1] != "nodes" or not isinstance(value, list):
            return value
        self.nodes += len(value)
        if self.nodes > (MOST_NODES if rule.nodes is None else rule.nodes):
            self._use(rule)
            raise GraphError("RESOURCE_LIMITS_EXCEEDED", TOO_MUCH)
        return value

    def _hole(self, rule: Fault, path: Sequence[str | int], value: Any) -> Any:
        """A path may end on the rank of an item: the item alone is then null."""
        wanted, words = rule.path.split("."), WORDS[rule.why or "integration"]
        error = GraphError(words.kind or "FORBIDDEN", words.message)
        if _fits(wanted, path):
            self._use(rule)
            raise error
        if isinstance(value, list):
            hit = [_fits(wanted, [*path, rank]) for rank in range(len(value))]
            if any(hit):
                self._use(rule)
                return [error if gone else item for gone, item in zip(hit, value, strict=True)]
        return value

    def _use(self, rule: Fault) -> None:
        """Once an answer, however much of it is missing."""
        if rule not in self.used:
            self.used.append(rule)
            self.faults.used(rule, self.about)


def _fits(wanted: Sequence[str], path: Sequence[str | int]) -> bool:
    return len(wanted) == len(path) and all(fnmatchcase(str(name), one) for one, name in zip(wanted, path, strict=True))
