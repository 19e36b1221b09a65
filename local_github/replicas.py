"""What a replica that is late still shows: the state as it was, kept part by part while somebody asks for old reads."""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping
from copy import copy, deepcopy
from dataclasses import dataclass, fields, replace
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

from local_github.faults import PARTS, READS, Faults
from local_github.state import Issue, Person, State
from local_github.world import World

REMEMBERED = 2000
Kept = dict[Any, Any]


@dataclass(frozen=True)
class _Moment:
    """The parts as they were from `at` on; a part that did not change is the very object of the moment before."""

    at: datetime
    parts: Mapping[str, Kept]
    people: Mapping[str, Person]
    """By the login each had, under which what is older names them."""


class Replicas:
    """Remembers what reads show from the first rule about late reads to the last one."""

    def __init__(self, world: World, faults: Faults) -> None:
        self._world, self._faults = world, faults
        self._moments: deque[_Moment] = deque(maxlen=REMEMBERED)
        faults.changed = self._attend
        self._attend()

    def of(self, about: str) -> World:
        """The world as this read shows it."""
        rule = self._faults.take(READS, about)
        if rule is None or not self._moments:
            return self._world
        seconds, parts = self._faults.lateness(rule), frozenset(rule.parts)
        moment = self._before(rule.changes or 1, parts) if seconds is None else self._ago(seconds)
        return self._world_of(moment, parts)

    def _before(self, changes: int, parts: frozenset[str]) -> _Moment:
        left = changes
        for older, newer in pairwise(reversed(self._moments)):
            left -= any(older.parts[name] is not newer.parts[name] for name in parts)
            if left == 0:
                return newer
        return self._moments[0]

    def _ago(self, seconds: float) -> _Moment:
        """As it was then; as it first was when nobody remembers so far back."""
        then = self._world.clock() - timedelta(seconds=seconds)
        return next((moment for moment in reversed(self._moments) if moment.at <= then), self._moments[0])

    def _attend(self) -> None:
        with self._world.lock:
            self._world.noted = self._note if self._faults.late_reads else lambda: None
            self._note()

    def _note(self) -> None:
        if not self._faults.late_reads:
            self._moments.clear()
            return
        last = self._moments[-1].parts if self._moments else {}
        parts = {name: _kept(last.get(name, {}), fresh) for name, fresh in _parts(self._world).items()}
        if not last or any(parts[name] is not last[name] for name in parts):
            people = dict(self._world.people)
            before = self._moments[-1].people if self._moments else {}
            self._moments.append(_Moment(self._world.clock(), parts, before if before == people else people))

    def _world_of(self, moment: _Moment, wanted: frozenset[str]) -> World:
        """Made for one read and forgotten after it: writing in it would change the past."""
        present = _parts(self._world)
        shown = {name: moment.parts[name] if name in wanted else present[name] for name in PARTS}
        texts, labels = shown["comments"], shown["labels"]
        issues = {
            key: replace(item, comments=texts.get(key, []), labels=labels.get(key, []))
            for key, item in shown["issue"].items()
        }
        rebuilt: Kept = {name: _named(issues, name) for name in ISSUES}
        rebuilt |= {"cards": shown["card"], "boards": shown["board"], "labels": _named(labels, "label")}
        rebuilt |= {name: _named(shown["team"], name) for name in TEAMS}
        rebuilt |= {name: _named(shown["files"], name) for name in FILES}
        for name in ("commits", "commit_comments"):
            rebuilt[name] = list(rebuilt[name].values())
        state = {item.name: getattr(self._world, item.name) for item in fields(State)}
        rebuilt["people"] = dict(self._world.people) | {
            login: person
            for login, person in moment.people.items()
            if login not in self._world.people or self._world.people[login].id != person.id
        }
        same = {name: getattr(self._world, name) for name in ("lock", "clock", "team_down", "hook_address")}
        return World(**{**state, **rebuilt, **same})


ISSUES = ("issues", "pulls", "away")
TEAMS = ("teams", "team_names", "team_ids", "team_parents")
FILES = ("files", "commits", "commit_comments")


def _named(part: Kept, name: str) -> Kept:
    return {key: item for (kind, key), item in part.items() if kind == name}


def _parts(world: World) -> dict[str, Kept]:
    """The world cut along what a read can be late about; nothing is copied yet."""
    every = _keyed(world, ISSUES)
    return {
        "issue": {key: _bare(item) for key, item in every.items()},
        "comments": {key: item.comments for key, item in every.items()},
        "labels": {key: item.labels for key, item in every.items()}
        | {("label", name): item for name, item in world.labels.items()},
        "card": dict(world.cards),
        "board": dict(world.boards),
        "team": _keyed(world, TEAMS),
        "files": _keyed(world, FILES),
    }


def _keyed(world: World, names: tuple[str, ...]) -> Kept:
    found: Kept = {}
    for name in names:
        held = getattr(world, name)
        items = held.items() if isinstance(held, dict) else enumerate(held)
        found |= {(name, key): item for key, item in items}
    return found


def _bare(item: Issue) -> Issue:
    bare = copy(item)
    bare.comments, bare.labels = [], []
    return bare


def _kept(before: Kept, fresh: Kept) -> Kept:
    """What did not change is kept once, however many moments show it."""
    if before == fresh and list(before) == list(fresh):
        return before
    same = {key for key, item in fresh.items() if key in before and before[key] == item}
    return {key: before[key] if key in same else deepcopy(item) for key, item in fresh.items()}
