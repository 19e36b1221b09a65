"""Products, policies and turns for tests, in a few words each, with an in-memory GitHub that applies effects."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path

from app.domain.decide.decide import answer_all
from app.domain.decide.manual_changes import ManualChange
from app.domain.decide.pending import pending_requests
from app.domain.decide.reasons import Reason
from app.domain.policy.model import Policy
from app.domain.product.facts import Fact, comment_id_of
from app.domain.product.issue import Board, Card, Comment, Issue
from app.domain.product.state import Product
from app.domain.publish.effects import (
    ChangeLabels,
    Close,
    EditComment,
    Effect,
    FillCard,
    HideComment,
    PlaceCard,
    PostComment,
    React,
    Reopen,
    RestoreCard,
    ShowComment,
    TakeBack,
)
from app.domain.publish.reconcile import reconcile
from app.domain.reading.command_types import Doubt
from app.github import markers
from app.github.apply import body
from app.shipped_files import asset
from app.yaml_documents import read_policy

T0 = datetime(2026, 1, 5, 9, 0, tzinfo=UTC)
BOT = "jalon[bot]"
AUTHOR = "cheffe-produit"
APP = Path(__file__).parent.parent / "app"

HOLDERS = (
    "techno",
    "archi",
    "communs",
    "design",
    "ops-produit",
    "data",
    "cloud-fabrique",
    "cloud-ops",
    "secu",
    "transfo",
)
TEAM = frozenset({*HOLDERS, "techno-suppleance", "secretariat"})

SMALL = """
version: 1
language: fr
committee:
  team: comite-produit
  secretariat: [secretariat]
  seats:
    - {id: technologie, name: {fr: Technologie, en: Technology}, holder: techno, substitutes: [techno-suppleance]}
    - {id: securite, name: {fr: Sécurité, en: Security}, holder: secu}
    - {id: design, name: Design, holder: design}
    - {id: data, name: Data, holder: data}
aspects:
  - {id: valeur, name: {fr: Valeur métier, en: Business value}}
  - {id: securite, name: {fr: Sécurité, en: Security}}
phases:
  - id: idee
    name: {fr: Idée, en: Idea}
    label: "phase: idée"
    card: Idée
    goal: {fr: Comprendre le besoin., en: Understand the need.}
    checklist:
      valeur:
        - {id: idee-vision, text: {fr: Vision formulée, en: Vision written}, required: true}
        - {id: idee-cadrage, text: {fr: Note de cadrage rédigée, en: Scoping note written}, required: false}
      securite:
        - {id: idee-dict, text: {fr: Sensibilité estimée, en: Sensitivity estimated}, required: true, until: mvp}
  - id: mvp
    name: MVP
    label: "phase: mvp"
    card: MVP
    goal: {fr: Mettre en production., en: Go to production.}
    checklist:
      securite:
        - {id: mvp-homologation, text: {fr: Homologation prononcée, en: Accreditation granted}, required: true}
  - id: arret
    name: {fr: Arrêt, en: Retirement}
    label: "phase: arrêt"
    card: Arrêt
    goal: {fr: Fermer proprement., en: Close cleanly.}
    checklist: {}
gates:
  - {to: mvp, from: [idee], quorum: 2, threshold: 2/3, mandatory: [securite], veto: [technologie], deadline_days: 14}
  - {to: arret, from: [idee, mvp], quorum: 2, threshold: 1/2, checklist: false}
  - {to: idee, from: [mvp], quorum: 2, threshold: 1/2, checklist: false}
form:
  - {id: probleme, labels: ["Quel problème ?", "Ancien titre"], required: true}
  - {id: autre, labels: ["Autre chose ?"], required: false}
"""


def parsed(text: str) -> Policy:
    """The policy a text holds; the text must be right."""
    policy = read_policy(text)
    assert isinstance(policy, Policy), policy
    return policy


@cache
def a_policy(language: str = "fr") -> Policy:
    """The policy that travels with Jalon."""
    text = asset("policy.yml").read_text(encoding="utf-8")
    return parsed(text.replace("\nlanguage: fr\n", f"\nlanguage: {language}\n"))


@cache
def a_small_policy(language: str = "fr") -> Policy:
    """Three phases and four seats: enough for every rule, small enough to think about."""
    return parsed(SMALL.replace("language: fr", f"language: {language}"))


def a_body(policy: Policy, without: Iterable[str] = ()) -> str:
    """The form as GitHub writes it, every question answered but those named."""
    left_out = set(without)
    return "\n\n".join(
        f"### {question.labels[0]}\n\n{'_No response_' if question.id in left_out else 'Une réponse.'}"
        for question in policy.questions
    )


def a_product(
    policy: Policy | None = None,
    *,
    author: str = AUTHOR,
    assignees: tuple[str, ...] = (),
    team: frozenset[str] | None = TEAM,
    body: str | None = None,
    history: tuple[Fact, ...] = (),
) -> Product:
    """A product just filed: form answered, ten people in the team, a board with every column."""
    policy = policy or a_policy()
    options = {phase.card: f"option-{phase.id}" for phase in policy.phases}
    issue = Issue(
        id="I_1",
        repository="ministere/produits",
        number=1,
        title="Portail des agréments",
        body=a_body(policy) if body is None else body,
        author=author,
        assignees=assignees,
        labels=frozenset({"produit"}),
        board=Board("PVT_1", "PVTSSF_1", options),
        team=team,
    )
    return Product(issue, history)


def _with_comments(product: Product, comments: Iterable[Comment]) -> Product:
    return replace(product, issue=replace(product.issue, comments=tuple(comments)))


def next_id(product: Product) -> int:
    """Never the id of a former comment, even one deleted since."""
    used = [comment.id for comment in product.issue.comments]
    used += [number for fact in product.history for number in (getattr(fact, "comment", 0), comment_id_of(fact.cause))]
    return max([100, *used]) + 1


def says(
    product: Product, login: str, text: str, *, number: int | None = None, editor: str = "", by_bot: bool = False
) -> Product:
    """The product with one more comment."""
    number = number or next_id(product)
    comment = Comment(number, f"IC_{number}", text, login, T0 + timedelta(seconds=number), by_bot=by_bot, editor=editor)
    return _with_comments(product, (*product.issue.comments, comment))


def edited(product: Product, number: int, by: str, text: str, at: datetime = T0) -> Product:
    """The product once somebody has rewritten a comment."""

    def rewrite(comment: Comment) -> Comment:
        trace = (markers.read_marker(text) or markers.BARE) if comment.trace else None
        return replace(comment, body=text, editor=by, editor_is_bot=by == BOT, edited_at=at, trace=trace)

    return _with_comments(product, (rewrite(c) if c.id == number else c for c in product.issue.comments))


def deleted(product: Product, number: int) -> Product:
    """The product once a comment is gone."""
    return _with_comments(product, (comment for comment in product.issue.comments if comment.id != number))


def shown(product: Product, key: str) -> Comment:
    """The bot's comment that bears this key."""
    return next(comment for comment in product.issue.comments if comment.trace and comment.trace.key == key)


def played(product: Product, policy: Policy, now: datetime = T0, gesture: ManualChange | None = None) -> Product:
    """The product once every pending request is answered; GitHub is left as it was."""
    return answer_all(product, pending_requests(product, policy, gesture), policy, now)


def applied(product: Product, effects: Iterable[Effect], policy: Policy, now: datetime = T0) -> Product:
    """The product as GitHub would show it after these effects."""
    for effect in effects:
        product = _applied(product, effect, policy.language, now)
    return product


def _applied(product: Product, effect: Effect, language: str, now: datetime) -> Product:
    issue = product.issue
    match effect:
        case ChangeLabels():
            return replace(product, issue=replace(issue, labels=(issue.labels | {*effect.add}) - {*effect.remove}))
        case PlaceCard() | FillCard():
            card = effect.card or Card("PVTI_1", None)
            column = effect.column if isinstance(effect, PlaceCard) else card.column
            values = {**card.values, **{fill.name: fill.shown for fill in effect.fills}}
            left = {name: value for name, value in values.items() if value is not None}
            return replace(product, issue=replace(issue, card=Card(card.id, column, values=left)))
        case RestoreCard():
            return replace(product, issue=replace(issue, card=replace(effect.card, archived=False)))
        case Close():
            return replace(product, issue=replace(issue, is_open=False, closed_at=now))
        case Reopen():
            return replace(product, issue=replace(issue, is_open=True, closed_at=None))
        case PostComment():
            text, number = body(effect.message, language), next_id(product)
            comment = Comment(number, f"IC_{number}", text, BOT, now, by_bot=True, trace=markers.read_marker(text))
            return _with_comments(product, (*issue.comments, comment))
        case EditComment():
            return edited(product, effect.comment, BOT, body(effect.message, language), now)
        case React():
            nod = frozenset({effect.content})
            return _with_comments(
                product,
                (replace(c, reactions=c.reactions | nod) if c.id == effect.comment else c for c in issue.comments),
            )
        case TakeBack():
            gone = frozenset({effect.content})
            return _with_comments(
                product,
                (replace(c, reactions=c.reactions - gone) if c.id == effect.comment else c for c in issue.comments),
            )
        case HideComment() | ShowComment():
            is_hidden = isinstance(effect, HideComment)
            folded = issue.folded | {effect.comment} if is_hidden else issue.folded - {effect.comment}
            comments = tuple(replace(c, is_hidden=is_hidden) if c.id == effect.comment else c for c in issue.comments)
            return replace(product, issue=replace(issue, comments=comments, folded=folded))
    raise TypeError(effect)


def turn(product: Product, policy: Policy, now: datetime = T0, gesture: ManualChange | None = None) -> Product:
    """A whole turn: requests answered, then GitHub brought in line."""
    product = played(product, policy, now, gesture)
    return applied(product, reconcile(product, policy, now), policy, now)


def filed(policy: Policy | None = None, **given: object) -> Product:
    """A product in its first phase."""
    policy = policy or a_policy()
    return played(a_product(policy, **given), policy)  # type: ignore[arg-type]


def ready(policy: Policy | None = None, **given: object) -> Product:
    """A product whose required items are all ticked."""
    policy = policy or a_policy()
    product = filed(policy, **given)
    items = " ".join(item.id for item in policy.checklist(policy.entry.id) if item.required)
    return played(says(product, AUTHOR, f"/coche {items}"), policy)


def at_gate(policy: Policy | None = None, target: str = "", **given: object) -> Product:
    """A product that has just asked for a gate."""
    policy = policy or a_policy()
    product = played(says(ready(policy, **given), AUTHOR, f"/demande {target}"), policy)
    assert product.standing.open_gate, product.history[-1]
    return product


def voting(product: Product, policy: Policy, votes: dict[str, str], now: datetime = T0) -> Product:
    """The product after each person's ballot, in order."""
    for login, text in votes.items():
        product = played(says(product, login, text), policy, now)
    return product


def refusal_reasons() -> set[str]:
    """Every reason the domain may refuse a request for."""
    return {*Reason, *Doubt}
