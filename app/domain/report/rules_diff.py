"""What one text of the rules changes in another, field by field: nothing that differs goes untold."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, is_dataclass, replace
from typing import Any

from app.domain.policy.model import Gate, Policy
from app.domain.report.rules_told import TOLD, UNTOLD, RulesPart

ALIASES = {"Policy.support": "Support"}
"""Fields whose things are told otherwise than their class: the two forms are made of the same questions."""
ORDER = list(TOLD)


@dataclass(frozen=True, slots=True)
class RulesDifference:
    """One change; `about` names what it is about, from the outside in, as people know it.

    `path` is where it is written, for what has no sentence of its own. Of a list, `added` and `removed` say all, but
    for its order. Of a thing that is new, or gone, `after` or `before` is the thing itself.
    """

    name: str
    path: str
    about: tuple[str, ...] = ()
    before: Any = None
    after: Any = None
    added: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    origins: tuple[str, ...] = ()
    to: str = ""
    """The ids of the phases that a gate leads from and to."""

    @property
    def part(self) -> RulesPart:
        return TOLD.get(self.name, RulesPart.AROUND)


def compare(before: Policy, after: Policy) -> tuple[RulesDifference, ...]:
    """Every change, what changes decisions first; none when both say the same."""
    found = [*_gates(before, after), *_aspects(before, after), *_fields("Policy", before, after, (), "")]
    ranks = {name: rank for rank, name in enumerate(ORDER)}
    return tuple(sorted(found, key=lambda one: ranks.get(one.name, len(ranks))))


def _fields(kind: str, before: Any, after: Any, about: tuple[str, ...], path: str) -> Iterator[RulesDifference]:
    for one in fields(before):
        name, where = f"{kind}.{one.name}", f"{path}.{one.name}".lstrip(".")
        held, holds = getattr(before, one.name), getattr(after, one.name)
        if name not in UNTOLD and held != holds:
            yield from _field(name, held, holds, about, where)


def _field(name: str, before: Any, after: Any, about: tuple[str, ...], path: str) -> Iterator[RulesDifference]:
    if is_dataclass(before) and is_dataclass(after):
        yield from _fields(type(before).__name__, before, after, about, path)
    elif is_dataclass(before) or is_dataclass(after):
        yield _whole(type(after if before is None else before).__name__, before, after, about, path)
    elif isinstance(before, Mapping):
        for key in dict.fromkeys((*before, *after)):
            if before.get(key) != after.get(key):
                yield RulesDifference(name, f"{path}.{key}", (*about, str(key)), before.get(key), after.get(key))
    elif not isinstance(before, tuple | frozenset):
        yield RulesDifference(name, path, about, before, after)
    elif any(map(is_dataclass, (*before, *after))):
        one = next(iter((*before, *after)))
        yield from _things(ALIASES.get(name, type(one).__name__), tuple(before), tuple(after), about, path)
    else:
        yield _list(name, before, after, about, path)


def _whole(kind: str, before: Any, after: Any, about: tuple[str, ...], path: str) -> RulesDifference:
    return RulesDifference(f"{kind}{'+' if before is None else '-'}", path, about, before, after)


def _list(name: str, before: Iterable[Any], after: Iterable[Any], about: tuple[str, ...], path: str) -> RulesDifference:
    """Sets have no order of their own: they are told in that of the alphabet."""
    held, holds = (sorted(one) if isinstance(one, frozenset) else list(one) for one in (before, after))
    return RulesDifference(
        name,
        path,
        about,
        tuple(map(str, held)),
        tuple(map(str, holds)),
        tuple(str(one) for one in holds if one not in held),
        tuple(str(one) for one in held if one not in holds),
    )


def _things(
    kind: str, before: Sequence[Any], after: Sequence[Any], about: tuple[str, ...], path: str
) -> Iterator[RulesDifference]:
    """Things found again by their ids, whatever their place; their order is told once they are the same."""
    held, holds = ({_key(one): one for one in things} for things in (before, after))
    for key, one in held.items():
        if key not in holds:
            yield _whole(kind, one, None, (*about, called(one)), f"{path}.{key}")
    for key, one in holds.items():
        if key in held:
            yield from _fields(kind, held[key], one, (*about, called(one)), f"{path}.{key}")
        else:
            yield _whole(kind, None, one, (*about, called(one)), f"{path}.{key}")
    kept = [key for key in held if key in holds]
    if kept != [key for key in holds if key in held]:
        order = tuple(called(one) for one in after)
        yield RulesDifference(f"{kind}~", path, about, tuple(called(one) for one in before), order)


def _key(one: Any) -> str:
    """What a thing is found again by: its id, or its name, or all it says when it has neither."""
    return str(getattr(one, "id", "") or getattr(one, "name", "") or one)


def called(one: Any) -> str:
    """What people call a thing."""
    labels = getattr(one, "labels", ())
    return str(getattr(one, "name", "") or getattr(one, "text", "") or (labels[0] if labels else _key(one)))


def _aspects(before: Policy, after: Policy) -> Iterator[RulesDifference]:
    """Mappings that hold the same are equal whatever their order, which numbers the items here."""
    kept = [one for one in before.aspects if one in after.aspects]
    if kept != [one for one in after.aspects if one in before.aspects]:
        order = tuple(after.aspects.values())
        yield RulesDifference("Policy.aspects~", "aspects", (), tuple(before.aspects.values()), order)


def _gates(before: Policy, after: Policy) -> Iterator[RulesDifference]:
    """Move by move, those to one phase that change alike told together."""
    held, holds = _moves(before), _moves(after)
    found = [
        *(_of_move("Gate-", move, held[move], None) for move in held if move not in holds),
        *(_of_move("Gate+", move, None, holds[move]) for move in holds if move not in held),
    ]
    for move in (move for move in holds if move in held):
        changed = _fields("Gate", held[move], holds[move], (), "gates")
        found += [replace(one, origins=(move[0],), to=move[1]) for one in changed]
    alike: dict[RulesDifference, list[str]] = {}
    for one in found:
        alike.setdefault(replace(one, origins=()), []).extend(one.origins)
    yield from (replace(one, origins=tuple(origins)) for one, origins in alike.items())
    yield from _firsts(before, after)


def _moves(policy: Policy) -> dict[tuple[str, str], Gate]:
    """A seat whose consent is needed is told so, once: not as one more opinion and one more veto."""
    told = [(gate, replace(gate.rule, mandatory=gate.rule.opinions, veto=gate.rule.vetoes)) for gate in policy.gates]
    return {(origin, gate.to): replace(gate, origins=(), rule=rule) for gate, rule in told for origin in gate.origins}


def _of_move(name: str, move: tuple[str, str], before: Gate | None, after: Gate | None) -> RulesDifference:
    return RulesDifference(name, "gates", (), before, after, origins=(move[0],), to=move[1])


def _firsts(before: Policy, after: Policy) -> Iterator[RulesDifference]:
    """The gate offered first from a phase, where it is another than before among those that both have."""
    for phase in after.phases:
        held, holds = ([gate.to for gate in policy.exits(phase.id)] for policy in (before, after))
        if held and holds and held[0] != holds[0]:
            yield RulesDifference("Gate.first", "gates", (phase.name,), held[0], holds[0], origins=(phase.id,))
