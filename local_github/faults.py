"""What goes wrong on demand: rules, how often each applies, and chance that repeats itself from its seed."""

from __future__ import annotations

import random
import re
import threading
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any

from local_github.refusals import WORDS
from local_github.state import Refused

PARTS = ("issue", "comments", "labels", "card", "board", "team", "files")
"""What a read can be late about: `issue` is all of it but its comments and labels, `board` all but its cards."""

CALLS = {
    "error-before": "500 or 502 (`status`), nothing written",
    "error-after": "502 (`status`) although the call was carried out",
    "refused": "403, or 404, 410, 422 (`status`): what the App may not do, or not any more, as `why` says it "
    "(integration, ip-allow-list, saml, suspended, archived, abuse, board-read-only, board-full, unavailable); "
    "nothing written",
    "hang-before": "no answer for `seconds`, then the connection is cut; nothing written",
    "hang-after": "carried out, then no answer for `seconds`, then the connection is cut",
    "cut-before": "the connection is cut at once; nothing written",
    "cut-after": "carried out, then the connection is cut without an answer",
    "slow": "the answer comes after `seconds`, and `each` more for every field of a mutation",
    "primary-limit": "the hour's limit is reached: 403 or 429 (`status`), reset in `seconds`; GraphQL says it in a 200",
    "secondary-limit": "too many calls in a short time: 403 or 429 (`status`), with `retry_after` or without",
    "token-expired": "every token of the installation ends: 401 until the App asks for another",
}
PACES = {
    "pace": "the documented limits are enforced: 80 creations a minute (`most`) and 500 an hour, 900 points a minute "
    "(2,000 in GraphQL), 100 calls at once, and two writes at once",
}
FIELDS = {
    "field-refused": "of the fields of a mutation that match, one, drawn by the seed, is refused as `why` says it: it "
    "writes nothing, the others are carried out",
    "field-lost": "one of them, drawn alike, is carried out, but its answer is null and an error says that something "
    "went wrong",
    "cut-between": "502 (`status`) after the first `fields` fields of a mutation, or after one drawn by the seed: "
    "those are carried out, the rest is not",
}
LOOKUPS = {"team-lookup": "the members of a team cannot be read: an error in a GraphQL answer, 502 in REST"}
READS = {
    "stale": "a replica answers, with what `of` names (everything if it is empty) as before its last `changes`, "
    "or as it was `seconds` ago, by chance up to `spread` more",
}
ANSWERS = {
    "partial": "an answer of GraphQL without what stands at `path` (names and ranks joined by points, * for any): null "
    "there, and an error that says `why`",
    "resource-limits": "an answer of GraphQL stops after `nodes` items: the lists that follow are null",
}
DELIVERIES = {
    "lost": "never reaches the App; the log of deliveries shows the failure",
    "vanished": "never sent, and no trace of it",
    "duplicated": "sent twice under one id",
    "delayed": "sent after `seconds`",
    "reordered": "sent after the next one",
}
PAYLOADS = {"bare-move": "a moved card without the field's name, nor its values before and after"}
PEOPLE = {
    "comment-edited": "somebody (`by`) edits the comment the App has just written",
    "comment-deleted": "somebody (`by`) deletes the comment the App has just written",
    "label-renamed": "somebody (`by`) renames the label the App has just put on an issue",
}
KINDS = {**CALLS, **FIELDS, **PACES, **LOOKUPS, **READS, **ANSWERS, **DELIVERIES, **PAYLOADS, **PEOPLE}
BROKEN = range(500, 600)
STATUSES = {"error-before": BROKEN, "error-after": BROKEN, "cut-between": BROKEN, "refused": (403, 404, 410, 422)}
REASONED = {"refused", "partial", "field-refused"}
LIMITED = (403, 429)
REMEMBERED = 1000


@dataclass
class Fault:
    """`next`: how many more times, None for ever. `match`: what it is about must contain this pattern.

    Calls are about `METHOD /path`, or `GRAPHQL Operation`, with the fields of a mutation behind in their order
    (`GRAPHQL Write addComment closeIssue`); a field alone about `GRAPHQL Write addComment`; deliveries about
    `event.action`.
    """

    kind: str
    next: int | None = None
    chance: float = 1.0
    match: str = ""
    status: int | None = None
    retry_after: int | None = None
    seconds: float | None = None
    by: str = ""
    of: str = ""
    changes: int | None = None
    spread: float | None = None
    why: str = ""
    path: str = ""
    nodes: int | None = None
    most: int | None = None
    fields: int | None = None
    each: float | None = None

    @property
    def parts(self) -> tuple[str, ...]:
        """What a read is late about."""
        return tuple(self.of.split("+")) if self.of else PARTS


class Faults:
    """The rules in force, oldest first. Safe to share between threads."""

    def __init__(self, rules: Iterable[Mapping[str, Any]] = (), seed: int = 0) -> None:
        self._lock = threading.Lock()
        self._rules: list[Fault] = []
        self.reseed(seed)
        self.happened: list[dict[str, str]] = []
        self.changed: Callable[[], None] = lambda: None
        for rule in rules:
            self.add(rule)

    def reseed(self, seed: int) -> None:
        self.seed, self._chance = seed, random.Random(seed)  # noqa: S311  # chance that must repeat itself

    @property
    def late_reads(self) -> bool:
        """Whether some reads are late, or may still be."""
        return any(rule.kind in READS for rule in self._rules)

    def lateness(self, rule: Fault) -> float | None:
        """In seconds, drawn anew for each read; None when it is counted in changes."""
        if rule.seconds is None and rule.spread is None:
            return None
        with self._lock:
            return (rule.seconds or 0) + (rule.spread or 0) * self._chance.random()

    def add(self, given: Mapping[str, Any]) -> Fault:
        """Raises Refused(422) with what is wrong."""
        fault = _read(given)
        with self._lock:
            self._rules.append(fault)
        self.changed()
        return fault

    def clear(self) -> None:
        with self._lock:
            self._rules.clear()
            self.happened.clear()
        self.changed()

    def shown(self) -> dict[str, Any]:
        with self._lock:
            return {"seed": self.seed, "faults": [asdict(rule) for rule in self._rules], "happened": self.happened}

    def take(self, kinds: Iterable[str], about: str) -> Fault | None:
        """The first rule of these kinds that applies now; it has then been used once."""
        with self._lock:
            for rule in self._rules:
                if rule.kind in kinds and re.search(rule.match, about) and self._chance.random() < rule.chance:
                    self._use(rule, about)
                    return rule
        return None

    def found(self, kinds: Iterable[str], about: str) -> list[Fault]:
        """Every rule of these kinds that may apply now; whoever looked says what was `used`."""
        with self._lock:
            return [
                rule
                for rule in self._rules
                if rule.kind in kinds and re.search(rule.match, about) and self._chance.random() < rule.chance
            ]

    def struck(self, kind: str, abouts: Mapping[str, str]) -> list[tuple[Fault, str]]:
        """Of several things done at once, the one that each rule of this kind falls upon now, by its key."""
        found = []
        with self._lock:
            for rule in self._rules:
                keys = [key for key, about in abouts.items() if rule.kind == kind and re.search(rule.match, about)]
                if keys and self._chance.random() < rule.chance:
                    found.append((rule, self._chance.choice(keys)))
        return found

    def drawn(self, most: int) -> int:
        """A number from 1 on."""
        with self._lock:
            return self._chance.randint(1, most)

    def used(self, rule: Fault, about: str) -> None:
        with self._lock:
            if any(rule is known for known in self._rules):
                self._use(rule, about)

    def _use(self, rule: Fault, about: str) -> None:
        self.happened = [*self.happened[1 - REMEMBERED :], {"kind": rule.kind, "about": about}]
        if rule.next is not None:
            rule.next -= 1
            if rule.next == 0:
                self._rules.remove(rule)


def _read(given: Mapping[str, Any]) -> Fault:
    names = {item.name for item in fields(Fault)}
    if unknown := sorted(set(given) - names):
        raise Refused(422, f"unknown keys: {', '.join(unknown)}; known are {', '.join(sorted(names))}")
    if given.get("kind") not in KINDS:
        raise Refused(422, f"kind must be one of {', '.join(KINDS)}")
    fault = Fault(**given)
    _check(fault)
    return fault


def _check(fault: Fault) -> None:
    numbers = {"chance": fault.chance, "seconds": fault.seconds, "next": fault.next, "retry_after": fault.retry_after}
    numbers |= {"changes": fault.changes, "spread": fault.spread, "nodes": fault.nodes, "most": fault.most}
    numbers |= {"fields": fault.fields, "each": fault.each}
    if wrong := [name for name, value in numbers.items() if value is not None and not _positive(value)]:
        raise Refused(422, f"{', '.join(wrong)}: a number that is not negative is expected")
    if fault.next == 0 or fault.chance > 1:
        raise Refused(422, "next is at least 1, chance at most 1")
    if unknown := sorted(set(fault.parts) - set(PARTS)):
        raise Refused(422, f"of: {', '.join(unknown)} unknown; known are {', '.join(PARTS)}, joined by +")
    if fault.why and (fault.kind not in REASONED or fault.why not in WORDS):
        raise Refused(422, f"why goes with refused, partial and field-refused, and is one of {', '.join(WORDS)}")
    for name, kind in (("fields", "cut-between"), ("each", "slow")):
        if getattr(fault, name) is not None and fault.kind != kind:
            raise Refused(422, f"{name} goes with {kind}")
    if bool(fault.path) != (fault.kind == "partial"):
        raise Refused(422, "path goes with partial, which needs it")
    possible = STATUSES.get(fault.kind, LIMITED)
    if fault.status is not None and fault.status not in possible:
        raise Refused(422, f"status {fault.status} makes no sense for {fault.kind}")
    try:
        re.compile(fault.match)
    except (re.error, TypeError) as error:
        raise Refused(422, f"match is not a pattern: {error}") from error


def _positive(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and value >= 0


def from_words(text: str) -> dict[str, Any]:
    """`error-after,next=1,match=comments`, as a flag of the command line gives it; raises Refused(422)."""
    kind, *pairs = text.split(",")
    made: dict[str, Any] = {"kind": kind.strip()}
    for pair in pairs:
        name, equals, value = pair.partition("=")
        if not equals:
            raise Refused(422, f"{pair!r} is not name=value")
        made[name.strip()] = _number(value) if name.strip() in NUMBERS else value
    return made


NUMBERS = {"next", "chance", "status", "retry_after", "seconds", "changes", "spread", "nodes", "most", "fields", "each"}


def _number(text: str) -> int | float:
    try:
        return int(text) if text.isdigit() else float(text)
    except ValueError as error:
        raise Refused(422, f"{text!r} is not a number") from error
