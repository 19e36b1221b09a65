"""An erasure of personal data on one product: what it would change, why it must wait, and its doing."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from datetime import datetime

from app.domain.policy.model import Policy
from app.domain.product.erasure import (
    ErasedPerson,
    Erasure,
    UnknownPersonError,
    erased,
    naming,
    person,
    still_said,
    trace,
    written_by,
)
from app.domain.product.erasure_facts import PersonalErased
from app.domain.product.facts import History, ProductDescribed, comment_id_of
from app.domain.product.issue import Comment, Issue
from app.domain.product.state import Product
from app.domain.product.veils import veiled
from app.domain.publish.effects import RemoveComment
from app.github.apply import apply
from app.github.client import Client
from app.store.erasing import Erasing, Task
from app.store.reminder_log import KIND
from app.turns.product_turn import ProductTurn


class ErasureRefusedError(Exception):
    """Why nothing was erased: a kind, and what makes its sentence precise."""

    def __init__(self, kind: str, what: str = "") -> None:
        self.kind, self.what = kind, what
        super().__init__(f"{kind} {what}".strip())


@dataclass(frozen=True)
class ErasureRequest:
    """Whose names go, by login or number of account; the ranks of the facts whose words go; who asked, by reference."""

    request: str
    person: str = ""
    ranks: tuple[int, ...] = ()


@dataclass(frozen=True)
class ErasurePlan:
    """What an erasure changes, and what is left to people; every list in the order of its subject."""

    product: Product
    policy: Policy
    done: Erasure
    note: PersonalErased
    who: ErasedPerson | None
    kin: dict[str, Erasure]

    @property
    def issue(self) -> Issue:
        return self.product.issue

    @property
    def theirs(self) -> tuple[Comment, ...]:
        """The comments of people that stay on GitHub: those of the person, and those whose words were erased."""
        asked = {
            comment_id_of(self.product.history[rank - 1].cause) for rank in self.done.changed if self._is_own(rank)
        }
        return tuple(one for one in self.issue.comments if one.id in asked and not one.trace)

    def _is_own(self, rank: int) -> bool:
        fact = self.product.history[rank - 1]
        return bool(self.done.words) or (self.who is not None and self.who.bears(fact.by, fact.by_id))

    @property
    def wordy(self) -> tuple[int, ...]:
        """The facts that hold words of the person, which only their own ranks erase."""
        return written_by(self.product.history, self.who) if self.who and not self.done.words else ()

    @property
    def doubtful(self) -> tuple[int, ...]:
        """The facts whose words perhaps name the person."""
        return naming(self.done.history, self.who) if self.who else ()

    @property
    def is_in_body(self) -> bool:
        """Whether the description, written by us when the product was taken over, still tells what went."""
        return self.issue.by_us and bool({1, 2} & set(self.done.changed))

    @property
    def reminders(self) -> Iterator[Comment]:
        """Our reminders to the person: their very key bears the login."""
        logins = self.who.logins if self.who else frozenset[str]()
        for one in self.issue.comments:
            kind, _, rest = (one.trace.key if one.trace else "").partition(":")
            if kind == KIND and rest.partition(":")[2].lower() in logins:
                yield one


class ErasureTurn:
    """Reads the product as a turn does, and has the register, then GitHub, say no more what is to go."""

    def __init__(self, client: Client, products: ProductTurn, kept: Erasing, clock: Callable[[], datetime]) -> None:
        self._client, self._products, self._kept, self._clock = client, products, kept, clock

    def plan(self, repository: str, number: int, asked: ErasureRequest) -> ErasurePlan:
        """Raises ErasureRefusedError, and whatever a reading of the product raises."""
        product, policy = self._products.look(repository, number)
        history = product.history
        who = _who(history, asked.person) if asked.person else None
        if beyond := [rank for rank in asked.ranks if not 0 < rank <= len(history)]:
            raise ErasureRefusedError("rank", f"{beyond[0]} {len(history)}")
        done = erased(history, who, asked.ranks, _shown_still(product))
        if not done.changed:
            raise ErasureRefusedError("nothing")
        if who:
            _refuse_open(product, done)
        note = trace(history, done, asked.request, self._clock())
        self._refuse_shown(product, policy, who, done, note)
        kin = {
            one: erased(theirs, who, _same(asked.ranks, history, theirs), _shown_still(product))
            for one, theirs in self._kept.kin(product.issue.id, history).items()
        }
        return ErasurePlan(product, policy, done, note, who, kin)

    def _refuse_shown(
        self, product: Product, policy: Policy, who: ErasedPerson | None, done: Erasure, note: PersonalErased
    ) -> None:
        """What GitHub still says, the very next turn would record again."""
        history = (*done.history, note)
        seen = Product(veiled(product.issue, history), history, product.told_at, around=product.around)
        for fact in still_said(self._products.foreseen(seen, policy), who, done.words):
            is_people = isinstance(fact, ProductDescribed) and who is not None
            raise ErasureRefusedError("assigned" if is_people else "shown", type(fact).__name__)

    def carry_out(self, plan: ErasurePlan, turn: Callable[[], None]) -> tuple[Comment, ...]:
        """Erase, then `turn` the product so that its comments follow; gives those of ours that were written anew.

        Raises ConflictError when other facts came meanwhile: plan again.
        """
        issue, done = plan.issue, plan.done
        fresh = {rank: done.history[rank - 1] for rank in done.changed}
        kin = {one: {rank: found.history[rank - 1] for rank in found.changed} for one, found in plan.kin.items()}
        names = plan.who.logins if plan.who else frozenset[str]()
        where, known = (issue.repository, issue.number), len(plan.product.history)
        self._kept.carry_out(Task(issue.id, where, known, fresh, plan.note, issue.title, names, kin))
        for one in plan.reminders:
            apply(self._client, issue, RemoveComment(one.id), plan.policy.language, plan.policy.timezone)
        turn()
        former = {one.id: one.body for one in issue.comments if one.trace}
        shown, _ = self._products.look(issue.repository, issue.number)
        return tuple(one for one in shown.issue.comments if one.trace and former.get(one.id, one.body) != one.body)


def _who(history: History, named: str) -> ErasedPerson:
    try:
        return person(history, named)
    except UnknownPersonError as error:
        numbers = ", ".join(map(str, error.numbers))
        raise ErasureRefusedError("several" if numbers else "unknown", numbers or named) from error


def _shown_still(product: Product) -> Collection[str]:
    """The words of the issue itself: its title, and the answers of its form as it was last read."""
    return frozenset((product.issue.title, *product.standing.form.values()))


def _refuse_open(product: Product, done: Erasure) -> None:
    """Whoever an open gate names is part of what will be decided there."""
    gate = product.standing.open_gate
    if gate is None:
        return
    opened = next(rank for rank, fact in enumerate(product.history, 1) if fact == gate.request)
    for rank in done.changed:
        fact = product.history[rank - 1]
        if rank == opened or (rank > opened and getattr(fact, "gate", 0) == gate.request.gate):
            raise ErasureRefusedError("open", str(gate.request.gate))


def _same(ranks: Collection[int], history: History, theirs: History) -> tuple[int, ...]:
    """The ranks of these facts that another history of the same product holds too."""
    return tuple(rank for rank in ranks if rank <= len(theirs) and theirs[rank - 1] == history[rank - 1])
