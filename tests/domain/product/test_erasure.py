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
from app.domain.product.accounts import Account
from app.domain.product.erasure import (
    ERASED,
    ErasedPerson,
    UnknownPersonError,
    erased,
    erased_count,
    is_left_of,
    naming,
    person,
    prefers,
    still_said,
    trace,
    words_in,
    written_by,
)
from app.domain.product.erasure_facts import PersonalErased
from app.domain.product.fact_json import KINDS, to_json
from app.domain.product.facts import BallotCast, DecisionRestored, ProductDescribed, ProductFiled, ProductMoved
from app.domain.product.history_in_comments import completed, restored_history
from app.domain.product.lawful import breach
from app.domain.product.personal_fields import PARTS
from app.domain.product.state import Product, answering, standing
from app.domain.product.veils import is_pseudonym, pseudonym, rank_of, unnumbered, unveiled, veiled
from app.domain.publish.reconcile import reconcile
from app.domain.report.present import present
from app.domain.report.present_json import to_text
from app.github import markers
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
    for kind in (one for one in every_kind() if one.__name__ not in PARTLY | {"LogPlace"}):
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
    assert restored_history(written.issue.comments).history == shown.history
    assert reconcile(written, POLICY, now) == ()


@pytest.mark.parametrize("acts", LIVED)
@pytest.mark.parametrize("login", ["qx-sec", "qx-tec", "qx-dat", AUTHOR, KEEPER])
def test_a_person_leaves_a_life_as_it_was(acts, login):
    product = lived(acts)
    if login in json.dumps([to_json(fact) for fact in product.history]):
        check(product, login)


@settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
@given(said, st.booleans(), st.sampled_from(PEOPLE))
def test_whoever_is_erased_from_whatever_life_nothing_decided_changes(acts, begun, login):
    product = lived([*OPENING, *acts] if begun else acts)
    named = login in json.dumps([to_json(fact) for fact in product.history])
    event("named" if named else "unknown")
    if named:
        check(product, login)


@settings(max_examples=8, deadline=None, suppress_health_check=list(HealthCheck))
@given(said, st.sets(st.integers(1, 30), min_size=1, max_size=8))
def test_whatever_words_are_erased_nothing_decided_changes(acts, ranks):
    """Not those of the issue itself, which says them still."""
    product = lived([*OPENING, *acts])
    shown = {product.issue.title, *standing(product.history).form.values()}
    chosen = {rank for rank in ranks if rank <= len(product.history)}
    done = erased(product.history, None, chosen, shown)
    event("words" if done.words else "none")
    held = {text for fact in done.history for text in words_in(fact)}
    assert not held & done.words
    assert tallies(done.history) == tallies(product.history)
    assert [one.by for one in done.history] == [one.by for one in product.history]
    assert breach(done.history, POLICY) == breach(product.history, POLICY)
    seen, now = after_erasing(product, done), T0 + timedelta(days=3)
    if standing(product.history).open_gate is None:
        assert answer_all(seen, pending_requests(seen, POLICY), POLICY, now).history == seen.history
    written = applied(seen, reconcile(seen, POLICY, now), POLICY, now)
    assert restored_history(written.issue.comments).history == seen.history
    assert erased(done.history, None, chosen, shown).changed == ()


NOTE = {"at": T0, "by": "ada", "cause": "comment:7:go"}


def test_an_account_is_known_by_its_number_whatever_names_it_bore():
    history = (
        ProductFiled(**NOTE, by_id=5, title="T"),
        ProductFiled(**{**NOTE, "by": "ada-2"}, by_id=5, title="T"),
        ProductFiled(**{**NOTE, "by": "ADA"}, by_id=6, title="T"),
        ProductFiled(**{**NOTE, "by": "eve"}, title="T"),
    )
    assert person(history, "ada-2") == ErasedPerson(frozenset({5}), frozenset({"ada", "ada-2"}))
    assert person(history, "@Eve") == ErasedPerson(frozenset(), frozenset({"eve"}))
    assert person(history, "6") == ErasedPerson(frozenset({6}), frozenset({"ada"}))
    for named, numbers in (("ada", (5, 6)), ("7", ()), ("bob", ()), ("", ())):
        with pytest.raises(UnknownPersonError) as error:
            person(history, named)
        assert error.value.numbers == numbers
    done = erased(history, person(history, "5"))
    assert [fact.by for fact in done.history] == [pseudonym(1), pseudonym(1), "ADA", "eve"]
    assert erased(done.history, person(done.history, "eve")).person == pseudonym(2)


def test_words_that_perhaps_name_somebody_and_those_they_wrote_are_listed():
    history = (
        ProductFiled(**NOTE, title="Vu avec ada hier, et @Ada aussi"),
        ProductFiled(**{**NOTE, "by": "eve"}, title="Vu avec adam"),
        ProductFiled(**{**NOTE, "by": "eve"}, title=ERASED),
    )
    who, other = person(history, "ada"), person(history, "eve")
    done = erased(history, who)
    assert done.history[0].title == f"Vu avec ada hier, et {pseudonym(1)} aussi"
    assert naming(done.history, who) == (1,)
    assert (written_by(history, who), written_by(history, other)) == ((1,), (2,))


def test_of_two_versions_of_a_fact_the_erased_one_is_believed():
    fact = ProductFiled(**NOTE, title="T")
    gone = replace(fact, by=pseudonym(1), title=ERASED)
    assert prefers(fact, gone) is prefers(gone, fact) is gone
    assert erased_count(gone) == 2
    assert (rank_of("personne effacée 0"), is_pseudonym("personne effacée 12"), rank_of("ada")) == (0, True, 0)


def test_what_github_still_shows_tells_who_somebody_is_and_nothing_records_it():
    name = pseudonym(1)
    history = (
        ProductFiled(**{**NOTE, "by": name, "cause": "issue:I_1:2"}, title="T"),
        BallotCast(**{**NOTE, "by": name}, gate=1, seats=("s",), choice="recuse", comment=7),
        ProductMoved(**{**NOTE, "by": "", "cause": "moved:I_1"}, comments=((107, 7), (108, 8))),
    )
    product = numbered(
        says(says(a_product(POLICY, author=AUTHOR), GUEST, "/déport", number=107), KEEPER, "x", number=108)
    )
    *people, last = says(product, "jalon[bot]", "", number=7).issue.comments
    ours = replace(product, issue=replace(product.issue, comments=(*people, replace(last, trace=markers.BARE))))
    assert veiled(product.issue, ()) is product.issue
    issue = veiled(ours.issue, history)
    assert [(one.id, one.author) for one in issue.comments] == [(107, name), (108, KEEPER), (7, "jalon[bot]")]
    assert (issue.author, issue.numbers[name]) == (name, NUMBERS[AUTHOR])
    assert unveiled(Account(name), issue.numbers) == Account(name, NUMBERS[AUTHOR])
    assert unveiled(Account("ada"), {"ada": 3}) == Account("ada")
    described = ProductDescribed(
        **{**NOTE, "by": name}, by_id=5, title="T", accounts=(Account(name, 5), Account("ada", 6))
    )
    (plain,) = unnumbered([described])
    assert (plain.by_id, plain.accounts) == (0, (Account(name), Account("ada", 6)))
    assert next(unnumbered([plain])) is plain
    by_bot = veiled(replace(product.issue, is_by_person=False, comments=()), history)
    assert by_bot.author == AUTHOR


def test_an_editor_who_is_the_author_goes_with_them():
    name = pseudonym(1)
    history = (BallotCast(**{**NOTE, "by": name}, gate=1, seats=("s",), choice="go", comment=7),)
    product = numbered(says(a_product(POLICY, author=AUTHOR), GUEST, "/go", number=7))
    (comment,) = product.issue.comments
    for editor, number, shown in ((GUEST, NUMBERS[GUEST], name), (KEEPER, NUMBERS[KEEPER], KEEPER), ("", 0, "")):
        edited = replace(comment, editor=editor, editor_id=number)
        (seen,) = veiled(replace(product.issue, comments=(edited,)), history).comments
        assert (seen.author, seen.editor) == (name, shown)


def test_nobody_votes_on_a_product_of_theirs_by_having_been_erased_from_it():
    product = lived([(AUTHOR, "/coche 1 2 3")])
    done = erased(product.history, person(product.history, AUTHOR))
    shown = after_erasing(product, done)
    assert Account(pseudonym(1), NUMBERS[AUTHOR]) in answering(shown)
    assert shown.is_concerned(Account(AUTHOR, NUMBERS[AUTHOR]))


def test_the_name_of_an_editor_leaves_what_asked_for_a_restoration():
    decided = lived(LIVED[0]).history
    note = {"at": T0, "by": "qx-gue", "by_id": 1, "cause": "restored:1:qx-gue"}
    history = (
        *decided,
        DecisionRestored(**note, gate=1, how="edited"),
        DecisionRestored(**{**note, "cause": "restored:1"}, gate=1, how="deleted"),
    )
    done = erased(history, person(history, "qx-gue"))
    assert [fact.cause for fact in done.history[-2:]] == [f"restored:1:{done.person}", "restored:1"]
    assert isinstance(trace(done.history, done, "R", T0), PersonalErased)
    assert list(still_said(history[-2:], person(history, "qx-gue"), ()))
    assert not list(still_said(done.history[-2:], None, ()))


def test_words_go_wherever_the_history_repeats_them():
    """A condition is written in a ballot, and set by the decision: the rules must still lead from one to the other."""
    product = lived([*OPENING, *VOTES, ("qx-tec", "/go sous réserve\n- Chiffrer la base"), (KEEPER, "/clore")])
    (rank,) = (
        at
        for at, fact in enumerate(product.history, 1)
        if "Chiffrer la base" in words_in(fact) and fact.by == "qx-tec" and isinstance(fact, BallotCast)
    )
    done = erased(product.history, None, [rank])
    assert done.words == {"Chiffrer la base"}
    assert len(done.changed) > 1
    assert "Chiffrer" not in json.dumps([to_json(fact) for fact in done.history])
    assert breach(done.history, POLICY) == 0
    assert tallies(done.history) == tallies(product.history)


def test_a_back_up_older_than_an_erasure_takes_it_and_nothing_else():
    """What its comments say of the facts erased is what is left of them; a vote changed meanwhile is no erasure."""
    product = lived(LIVED[0])
    done = erased(product.history, person(product.history, "qx-dat"))
    shown = after_erasing(product, done)
    written = applied(shown, reconcile(shown, POLICY, T0 + timedelta(days=3)), POLICY, T0 + timedelta(days=3))
    found = completed(product.history, written.issue.comments, POLICY)
    assert (found.flaws, found.history) == ((), shown.history)
    rank = next(
        at for at, fact in enumerate(product.history, 1) if isinstance(fact, BallotCast) and fact.by == "qx-dat"
    )
    other = (*product.history[: rank - 1], replace(product.history[rank - 1], choice="nogo"), *product.history[rank:])
    assert completed(other, written.issue.comments, POLICY).flaws == (("parted", str(rank)),)


@pytest.mark.parametrize(
    ("after", "before", "is_left"),
    [
        (pseudonym(1), "ada", True),
        ("eve", "ada", False),
        (1, "ada", False),
        ((ERASED, "b"), ("a", "b"), True),
        ((ERASED,), ("a", "b"), False),
        (Account(pseudonym(1)), Account("ada", 5), True),
        (Account(pseudonym(1), 5), Account("ada", 5), False),
        (2, 1, False),
        (
            BallotCast(**{**NOTE, "by": pseudonym(1)}, gate=1, seats=("s",), choice="go"),
            BallotCast(**NOTE, by_id=5, gate=1, seats=("s",), choice="go", digest="d"),
            True,
        ),
        (
            BallotCast(**NOTE, by_id=6, gate=1, seats=("s",), choice="go"),
            BallotCast(**NOTE, by_id=5, gate=1, seats=("s",), choice="go"),
            False,
        ),
        (
            DecisionRestored(**{**NOTE, "cause": f"restored:1:{pseudonym(1)}"}, gate=1, how="edited"),
            DecisionRestored(**{**NOTE, "cause": "restored:1:ada"}, gate=1, how="edited"),
            True,
        ),
        (
            DecisionRestored(**{**NOTE, "cause": f"comment:1:{pseudonym(1)}"}, gate=1, how="edited"),
            DecisionRestored(**NOTE, gate=1, how="edited"),
            False,
        ),
    ],
)
def test_what_is_left_of_a_fact_is_told_from_another(after, before, is_left):
    assert is_left_of(after, before) is is_left
