"""What is personal leaves a history, and nothing that was decided changes."""

from __future__ import annotations

import json
import re
from dataclasses import fields, is_dataclass, replace
from datetime import timedelta
from typing import get_args, get_type_hints

import pytest
from hypothesis import HealthCheck, event, given, settings
from hypothesis import strategies as st

from app.domain.decide.decide import answer_all
from app.domain.decide.pending import pending_requests
from app.domain.product import gates
from app.domain.product.erasure import (
    erased,
    person,
    trace,
)
from app.domain.product.fact_json import KINDS, to_json
from app.domain.product.history_in_comments import restored
from app.domain.product.lawful import breach
from app.domain.product.personal_fields import PARTS
from app.domain.product.state import Product, standing
from app.domain.product.veils import veiled
from app.domain.publish.reconcile import reconcile
from app.domain.report.present import present
from app.domain.report.present_json import to_text
from tests.builders import SMALL, T0, a_product, applied, parsed, says, turn

KEPT = {
    "AccountsBound": "cause",
    "BallotAltered": "cause how",
    "BallotCast": "cause choice digest seats",
    "BallotOrphaned": "cause",
    "BallotVoided": "cause",
    "Blocker": "kind",
    "CommandRefused": "cause command reason group",
    "ConditionAdded": "cause seat",
    "ConditionLifted": "cause",
    "ConditionText": "aspect due",
    "DecisionContested": "cause held",
    "DecisionOverridden": "cause was outcome",
    "DecisionRectified": "cause was outcome present held phase",
    "DecisionRestored": "cause how",
    "GateDecided": "cause outcome policy present held",
    "GatePostponed": "cause timezone",
    "GateRequested": "cause origin target policy rules answers timezone texts",
    "GateWithdrawn": "cause came_from",
    "HelpAsked": "cause",
    "ItemAnswered": "cause item answer source day",
    "LiftRectified": "cause",
    "PersonalErased": "cause person",
    "PhaseEntered": "cause phase",
    "Point": "",
    "ProductDescribed": "cause needs",
    "ProductFiled": "cause",
    "ProductImported": "cause key source",
    "ProductLeft": "cause how to",
    "ProductMoved": "cause came_from",
    "ProductPaused": "cause timezone",
    "ProductResumed": "cause",
    "ProductReturned": "cause",
    "RecusalEnded": "cause",
    "ReuseAnswered": "cause ref name answer link settles",
    "ReuseSuggested": "cause",
    "SeatAtGate": "id name",
    "Suggestion": "ref name line door link ended",
}
"""Fields of words that tell what was decided, where it stands or what asked for it: never erased."""
PARTLY = {"PastPhase", "Rule", "Account"}
"""Values without a field of their own to erase: the names of phases, a rule, and accounts, which are taken whole."""


def holds_words(hint) -> bool:
    return hint is str or any(holds_words(one) for one in get_args(hint) if one is not ...)


def inner_kinds(hint):
    if is_dataclass(hint):
        yield hint
    for one in get_args(hint):
        yield from inner_kinds(one)


def every_kind():
    """Every fact, and the values they are made of."""
    seen, left = set(), list(KINDS.values())
    while left:
        kind = left.pop()
        if kind not in seen:
            seen.add(kind)
            left += [one for hint in get_type_hints(kind).values() for one in inner_kinds(hint)]
    return sorted(seen, key=lambda kind: kind.__name__)


def test_each_field_of_words_is_erased_or_kept_on_purpose():
    """A fact that comes later must say which of its fields are personal."""
    for kind in (one for one in every_kind() if one.__name__ not in PARTLY | {"Sealed"}):
        hints = get_type_hints(kind)
        wordy = {one.name for one in fields(kind) if one.name != "sealed" and holds_words(hints[one.name])}
        inside = {one.name for one in fields(kind) if one.name != "sealed" and [*inner_kinds(hints[one.name])]}
        personal = set(PARTS.get(kind, {}))
        assert wordy - personal == set(KEPT[kind.__name__].split()) & wordy, kind
        assert not personal & set(KEPT[kind.__name__].split()), kind
        silent = {name for name in inside if {one.__name__ for one in inner_kinds(hints[name])} <= PARTLY - {"Account"}}
        assert inside - silent <= personal, kind


LOGINS = {"techno": "qx-tec", "techno-suppleance": "qx-sup", "secu": "qx-sec", "design": "qx-des", "data": "qx-dat"}
AUTHOR, KEEPER, GUEST, DIRECTOR = "qx-aut", "qx-kee", "qx-gue", "qx-dir"
RULES = SMALL.replace("secretariat: [secretariat]", f"secretariat: [{KEEPER}]")
for _former, _login in sorted(LOGINS.items(), key=lambda pair: -len(pair[0])):
    RULES = RULES.replace(f"holder: {_former}}}", f"holder: {_login}}}").replace(
        f"holder: {_former},", f"holder: {_login},"
    )
    RULES = RULES.replace(f"[{_former}]", f"[{_login}]")
POLICY = parsed(f"{RULES}second_thoughts: {{direction: [{DIRECTOR}]}}")
PEOPLE = (*LOGINS.values(), AUTHOR, KEEPER, GUEST, DIRECTOR)
NUMBERS = {login: 900_000 + rank for rank, login in enumerate(PEOPLE)}
TEXTS = (
    "/go",
    "/nogo Trop tôt, dit @qx-sec",
    "/go sous réserve\n- Chiffrer avec @qx-dat, avant le 31/12/2026",
    "/abstention",
    "/déport",
    "/retour",
    "/demande",
    "/demande arrêt",
    "/retrait",
    "/clore",
    "/décision go\nprésents : secu, data, design\nexcusés : technologie",
    "/décision nogo trop tôt\nprésents : technologie, data",
    "/décision report",
    "/coche 1 2 3",
    "/na 3 vu avec @qx-gue",
    "/levée 1 fait par @qx-des",
    "/rectifier nogo trop tôt\nprésents : secu, data\nrectification : erreur",
    "/contester le rapport n’a pas été lu par @qx-tec",
    "/passer-outre go : urgence",
    "/pause : budget gelé",
    "/reprise",
    "/nimporte quoi",
    "/aide",
    "Bonjour",
)
said = st.lists(st.tuples(st.sampled_from(PEOPLE), st.sampled_from(TEXTS)), min_size=4, max_size=14)
OPENING = [(AUTHOR, "/coche 1 2 3"), (AUTHOR, "/demande")]
VOTES = [(one, "/go") for one in ("qx-sec", "qx-des", "qx-dat")]
LIVED = [
    [*OPENING, *VOTES, ("qx-tec", "/go sous réserve\n- Chiffrer avec @qx-dat"), (KEEPER, "/clore")],
    [*OPENING, ("qx-sec", "/déport"), ("qx-tec", "/nogo Trop tôt, dit @qx-sec"), ("qx-des", "/go"), (KEEPER, "/clore")],
    [
        *OPENING,
        (KEEPER, "/décision nogo trop tôt\nprésents : technologie, data, securite"),
        (AUTHOR, "/contester faux, @qx-tec"),
    ],
    [
        *OPENING,
        (KEEPER, "/décision go\nprésents : technologie, data, securite\nexcusés : design"),
        (DIRECTOR, "/pause : budget"),
    ],
]


def numbered(product: Product) -> Product:
    issue = product.issue
    comments = tuple(one if one.trace else replace(one, author_id=NUMBERS.get(one.author, 0)) for one in issue.comments)
    return replace(product, issue=replace(issue, numbers=NUMBERS, comments=comments))


def lived(acts) -> Product:
    """A product after these comments, a turn after each."""
    team = frozenset({*LOGINS.values(), KEEPER})
    product, now = a_product(POLICY, author=AUTHOR, team=team), T0
    product = turn(numbered(product), POLICY, now)
    for who, text in acts:
        now += timedelta(hours=1)
        product = turn(numbered(says(product, who, text)), POLICY, now)
    return product


def after_erasing(product: Product, done, request: str = "DPO-2026-7") -> Product:
    """As the next turn reads it."""
    note = trace(product.history, done, request, T0 + timedelta(days=3))
    history = (*done.history, note)
    return Product(veiled(product.issue, history), history)


def renamed(text: str, login: str, name: str) -> str:
    """What is told of an open gate holds its facts, with numbers and digests that go."""
    text = text.replace(f"@{login}", name).replace(login, name)
    text = text.replace(f'\\"by_id\\":{NUMBERS[login]},', "").replace(f'\\"id\\":{NUMBERS[login]},', '\\"id\\":0,')
    return re.sub(r'\\"digest\\":\\"\w*\\"', "", text)


def tallies(history):
    return [
        (
            gate.outcome,
            *(len(one) for one in (count.go, count.nogo, count.abstain, count.recused, count.silent)),
            count.people,
        )
        for gate in standing(history).gates.values()
        for count in [gates.tally(gate)]
    ]


def check(product: Product, login: str) -> None:
    """Nothing but the name has changed, nothing is decided anew, and no comment of ours names them any more."""
    done = erased(product.history, person(product.history, login))
    assert done.changed
    assert login not in json.dumps([to_json(fact) for fact in done.history])
    assert str(NUMBERS[login]) not in json.dumps([to_json(fact) for fact in done.history])
    assert tallies(done.history) == tallies(product.history)
    before = to_text(present(product.history))
    assert renamed(to_text(present(done.history)), login, "") == renamed(before, login, done.person)
    assert breach(product.history, POLICY) == breach(done.history, POLICY)
    shown = after_erasing(product, done)
    assert breach(shown.history, POLICY) == breach(product.history, POLICY)
    now = T0 + timedelta(days=3)
    if standing(product.history).open_gate is None:
        assert answer_all(shown, pending_requests(shown, POLICY), POLICY, now).history == shown.history
    written = applied(shown, reconcile(shown, POLICY, now), POLICY, now)
    ours = [one.body for one in written.issue.comments if one.trace]
    texts = [text.split("<!-- jalon:")[0] for text in ours]
    assert not [text for text in texts if login in text]
    assert restored(written.issue.comments).history == shown.history
    assert reconcile(written, POLICY, now) == ()


@pytest.mark.parametrize("acts", LIVED)
@pytest.mark.parametrize("login", ["qx-sec", "qx-tec", "qx-dat", AUTHOR, KEEPER])
def test_a_person_leaves_a_life_as_it_was(acts, login):
    product = lived(acts)
    if login in json.dumps([to_json(fact) for fact in product.history]):
        check(product, login)


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(said, st.booleans(), st.sampled_from(PEOPLE))
def test_whoever_is_erased_from_whatever_life_nothing_decided_changes(acts, begun, login):
    product = lived([*OPENING, *acts] if begun else acts)
    named = login in json.dumps([to_json(fact) for fact in product.history])
    event("named" if named else "unknown")
    if named:
        check(product, login)
