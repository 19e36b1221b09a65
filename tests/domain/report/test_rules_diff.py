"""What a new text of the rules changes, in words: whatever field changes is told, and fields to come will have to be."""

from __future__ import annotations

import os
import typing
from collections.abc import Mapping
from dataclasses import fields, is_dataclass, replace
from datetime import date
from fractions import Fraction
from pathlib import Path

import pytest

from app.domain.policy.directions import Direction
from app.domain.policy.model import IGNORED, Policy
from app.domain.policy.notice_settings import NoticeChannel
from app.domain.policy.register_settings import RegisterSettings, Witness
from app.domain.policy.second_thought_settings import Freeze
from app.domain.report.rules_diff import ALIASES, compare
from app.domain.report.rules_told import TOLD, UNTOLD, RulesPart
from app.messages.rules_reports import diff_text
from tests.builders import a_policy, a_small_policy

GOLDEN = Path(__file__).parents[2] / "reports" / "golden"
CHOSEN = {
    "Policy.language": "en",
    "Policy.timezone": "Indian/Reunion",
    "Policy.ignored_commands": IGNORED | {"zut"},
    "Committee.day": "friday",
    "Accessibility.status": "partial",
    "NoticeChannel.events": ("decision", "overdue"),
    "Item.kind": "date",
    "Item.until": "mvp",
    "Item.private": "securite",
    "Item.aspect": "securite",
    "Item.form": ("vision", "sponsor"),
    "Rule.mandatory": ("technologie", "securite"),
    "Rule.veto": ("securite",),
    "ReuseSettings.seat": "securite",
    "ReuseSettings.radar": "idee-vision",
}
"""Other values of the fields that take few; any other has one of its type."""


def dataclasses_in(hint):
    """The dataclasses that a type holds."""
    if is_dataclass(hint):
        return {hint}
    return {one for part in typing.get_args(hint) for one in dataclasses_in(part)}


def kinds(kind=Policy, known=None):
    """Every dataclass that rules are made of, with its fields and their types."""
    known = {} if known is None else known
    if kind not in known:
        known[kind] = typing.get_type_hints(kind)
        for hint in known[kind].values():
            for one in dataclasses_in(hint):
                kinds(one, known)
    return known


KINDS = {kind: hints for kind, hints in kinds().items() if kind.__name__ != "Problem"}
NAMES = {
    f"{name}.{field.name}": KINDS[kind][field.name]
    for kind in KINDS
    for name in {kind.__name__, *(alias for alias in ALIASES.values() if kind.__name__ == "Question")}
    for field in fields(kind)
}


@pytest.mark.parametrize("name", sorted(NAMES))
def test_each_field_of_the_rules_is_told_or_its_silence_is_argued(name):
    """A field that comes later fails here, until somebody writes what people are told of it."""
    is_descended = bool(dataclasses_in(NAMES[name]))
    assert (name in TOLD) + (name in UNTOLD) + (is_descended and name not in UNTOLD) == 1


@pytest.mark.parametrize("name", sorted({**TOLD, **UNTOLD}))
def test_nothing_is_told_of_a_field_that_is_no_more(name):
    kind = name.rstrip("+-~").partition(".")[0]
    assert kind in {one.__name__ for one in KINDS} | set(ALIASES.values())
    assert "." not in name or name.rstrip("~") in {*NAMES, "Gate.first"}


@pytest.mark.parametrize(
    "kind",
    sorted(
        {
            one.__name__
            for hints in KINDS.values()
            for hint in hints.values()
            for one in dataclasses_in(hint)
            if typing.get_origin(hint) is tuple and one in KINDS
        }
    ),
)
def test_a_thing_more_less_or_elsewhere_is_told(kind):
    assert {f"{kind}+", f"{kind}-"} <= set(TOLD)


def full():
    """The shipped rules, with one of each thing they may hold."""
    policy = a_policy()
    committee = replace(policy.committee, freezes=FREEZES)
    return replace(policy, committee=committee, **EXTRAS)


CHANNELS = (NoticeChannel("tchap", ("decision", "digest")), NoticeChannel("courriel", ("digest",)))
FREEZES = (
    Freeze(date(2027, 3, 1), date(2027, 3, 14), "réserve électorale"),
    Freeze(date(2027, 12, 20), date(2027, 12, 31)),
)
WITNESSES = (
    Witness("temoin.exemple.gouv.fr+0a1b2c3d+BClé", "https://temoin.exemple.gouv.fr/"),
    Witness("autre.exemple.fr+4e5f6071+BClé", "https://autre.exemple.fr/temoin/"),
)
EXTRAS = {
    "notices": CHANNELS,
    "register": RegisterSettings(("registre.exemple.gouv.fr/comite+89abcdef+AClé",), WITNESSES, 1),
    "directions": (Direction("mtes", "Direction des routes", ("MTES",)), Direction("dgcs", "Cohésion sociale")),
}


def another(value, name):
    if name in CHOSEN:
        return CHOSEN[name]
    match value:
        case bool():
            return not value
        case int():
            return value + 1
        case float():
            return round(value + 0.05, 2)
        case Fraction():
            return Fraction(3, 4)
        case tuple():
            return (*value[1:], "ajout")
        case frozenset():
            return value | {"ajout"}
        case Mapping():
            key = next(iter(value))
            return {**value, key: another(value[key], "")}
        case None if date in typing.get_args(NAMES[name]):
            return date(2027, 1, 1)
        case _:
            return f"{value or ''} autrement".strip()


def mutated(value, name, *, alias=""):
    """The same with another value of a field, in the first thing that has it; None when none has."""
    kind, _, field = name.partition(".")
    if is_dataclass(value):
        if (alias or type(value).__name__) == kind and hasattr(value, field):
            return replace(value, **{field: another(getattr(value, field), name)})
        for one in fields(value):
            called = ALIASES.get(f"{type(value).__name__}.{one.name}", "")
            found = mutated(getattr(value, one.name), name, alias=called)
            if found is not None:
                return replace(value, **{one.name: found})
    if isinstance(value, tuple):
        for rank, one in enumerate(value):
            found = mutated(one, name, alias=alias)
            if found is not None:
                return (*value[:rank], found, *value[rank + 1 :])
    return None


def shuffled(policy, name):
    """The rules with a thing more, a thing less, or another order."""
    return THINGS[name](policy)


def gates(policy, *others):
    return replace(policy, gates=others or policy.gates[1:])


def in_first_phase(change):
    def changed(policy):
        first, *others = policy.phases
        return replace(policy, phases=(replace(first, items=change(first.items)), *others))

    return changed


def in_committee(change):
    return lambda policy: replace(policy, committee=replace(policy.committee, seats=change(policy.committee.seats)))


def in_freezes(change):
    return lambda policy: replace(policy, committee=replace(policy.committee, freezes=change(policy.committee.freezes)))


def of(field, change):
    return lambda policy: replace(policy, **{field: change(getattr(policy, field))})


def more(things):
    if isinstance(things[0], Freeze):
        return (*things, Freeze(date(2028, 5, 1), date(2028, 5, 8)))
    if isinstance(things[0], Witness):
        return (*things, Witness("troisieme.exemple.fr+99887766+BClé", "https://troisieme.exemple.fr/"))
    named = {"name": "Juridique"} if hasattr(things[0], "name") else {"labels": ("Une autre ?",)}
    values = {"text": "Budget chiffré"} if hasattr(things[0], "text") else named
    key = {"id": "nouveau"} if hasattr(things[0], "id") else {}
    return (*things, replace(things[0], **key, **values))


def less(things):
    return things[:-1]


def otherwise(things):
    return (*things[1:], things[0])


def in_register(change):
    return lambda policy: replace(
        policy, register=replace(policy.register, witnesses=change(policy.register.witnesses))
    )


THINGS = {
    "Gate+": lambda policy: replace(policy, gates=(*policy.gates, replace(policy.gates[-1], origins=("idee",)))),
    "Gate-": of("gates", less),
    "Gate.first": of("gates", otherwise),
    "Policy.aspects~": lambda policy: replace(policy, aspects=dict(reversed(policy.aspects.items()))),
    **{
        f"{kind}{sign}": way(change)
        for kind, way in {
            "Item": in_first_phase,
            "Seat": in_committee,
            "Phase": lambda change: of("phases", change),
            "Question": lambda change: of("questions", change),
            "Support": lambda change: of("support", change),
            "Freeze": in_freezes,
            "NoticeChannel": lambda change: of("notices", change),
            "Witness": in_register,
            "Direction": lambda change: of("directions", change),
        }.items()
        for sign, change in (("+", more), ("-", less), ("~", otherwise))
    },
    "ReuseSettings-": lambda policy: replace(policy, reuse=None),
}


def change_of(name):
    """Two texts of the rules between which that alone differs."""
    before = full()
    if name == "ReuseSettings+":
        return replace(before, reuse=None), before
    after = shuffled(before, name) if name in THINGS else mutated(before, name)
    assert after is not None, f"nothing of the rules has {name}: give the sample one"
    return before, after


@pytest.mark.parametrize("language", ["fr", "en"])
@pytest.mark.parametrize("name", TOLD)
def test_each_change_is_found_and_has_a_sentence_of_its_own(name, language):
    before, after = change_of(name)
    changes = compare(before, after)
    assert name in {one.name for one in changes}
    told = diff_text([one for one in changes if one.name == name], before, after, language)
    assert ("Le réglage" if language == "fr" else "The setting") not in told
    assert told.count("\n- ") == sum(one.name == name for one in changes)


@pytest.mark.parametrize("language", ["fr", "en"])
def test_every_sentence_is_as_it_was_read(language):
    lines = [f"# {language}\n"]
    for name in TOLD:
        before, after = change_of(name)
        changes = [one for one in compare(before, after) if one.name == name][:1]
        told = diff_text(changes, before, after, language, heading=False)
        lines += [line for line in told.splitlines() if line.startswith("- ")]
    text = "\n".join(lines) + "\n"
    path = GOLDEN / language / "rules-diff.md"
    if os.environ.get("JALON_GOLDEN") == "write":
        path.write_text(text, encoding="utf-8")
    assert text == path.read_text(encoding="utf-8")


def test_the_same_rules_change_nothing():
    policy = a_policy()
    assert compare(policy, replace(policy, version="autre")) == ()
    assert diff_text((), policy, policy, "fr") == "# Ce que ces règles changent\n\nRien ne change.\n"


def test_what_changes_decisions_comes_first_and_moves_that_change_alike_are_told_together():
    policy = a_small_policy()
    others = [replace(gate, rule=replace(gate.rule, quorum=3)) for gate in policy.gates]
    after = replace(
        policy,
        gates=tuple(others),
        follow_up=replace(policy.follow_up, unseen_months=6),
        phases=(replace(policy.phases[0], name="Envie"), *policy.phases[1:]),
    )
    changes = compare(policy, after)
    assert [one.part for one in changes] == [RulesPart.DECISIONS] * 3 + [RulesPart.AROUND] * 2
    told = diff_text(changes, policy, after, "fr").replace("\u00a0", " ").replace("\u202f", " ")
    assert "- Le quorum du passage Envie → MVP passe de 2 à 3 avis.\n" in told
    assert "- Le quorum des passages Envie et MVP → Arrêt passe de 2 à 3 avis.\n" in told
    assert told.index("**Les décisions**") < told.index("**Le reste**")


def test_a_long_list_is_cut_and_says_so():
    policy = a_policy()
    after = replace(policy, committee=replace(policy.committee, seats=policy.committee.seats[:2]), gates=policy.gates)
    told = diff_text(compare(policy, after), policy, after, "fr", most=3)
    assert told.startswith("# Ce que")
    assert "- et 5 autres changements." in told


def test_people_s_words_stay_words():
    policy = a_policy()
    first, *others = policy.phases
    item = replace(first.items[0], text="@secu [x](https://exemple.fr) <!-- jalon --> **gras** #12")
    after = replace(policy, phases=(replace(first, items=(item, *first.items[1:])), *others))
    told = diff_text(compare(policy, after), policy, after, "fr")
    assert "@secu" not in told
    assert "<!--" not in told
    assert "**gras**" not in told
