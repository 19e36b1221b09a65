"""What can be done from a page: whether it is offered, what is typed, and the command that says it on GitHub."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date

from app.domain.decide.reuse import REASON_LEAST
from app.domain.product import dossier
from app.domain.reading import compose
from app.domain.reading.commands import (
    Abstain,
    Adapt,
    AnswerItem,
    Command,
    Confirm,
    Go,
    Lift,
    NoGo,
    NotApplicable,
    Recuse,
    RequestGate,
    Reuse,
    SetAside,
    Tick,
    Untick,
    Withdraw,
)
from app.domain.reading.gate_request import CHANGE_LIMIT
from app.domain.reading.grammar import REASON_LIMIT
from app.domain.reading.reservations import CONDITION_LIMIT
from app.web.situation import Situation

MOST_CONDITIONS = 10
Typed = Mapping[str, str]


class FieldError(Exception):
    """What is wrong with what was typed: in which field, the sentence that says so, and the words at fault."""

    def __init__(self, field: str, key: str, words: str = "") -> None:
        self.field, self.key, self.words = field, key, words
        super().__init__(key)


@dataclass(frozen=True)
class Act:
    """`refused` names the sentence that says why it is not offered, nothing when it is; `stamp` what it is about.

    What it is about is sealed into its form: a form made for one gate is not sent to the next one.
    """

    name: str
    refused: Callable[[Situation, int], str]
    command: Callable[[Situation, int, Typed], Command]
    stamp: Callable[[Situation], str]


def _gate(here: Situation) -> str:
    return f"gate {here.gate.request.gate if here.gate else 0}"


def _phase(here: Situation) -> str:
    return f"phase {here.row.phase} {len(here.row.standing.stays)} {here.policy.version}"


def _anything(here: Situation) -> str:
    return "product"


def _no_vote(here: Situation, _: int) -> str:
    if here.gate is None:
        return "act_no_gate"
    if not here.seats:
        return "act_not_seated"
    if here.is_recused:
        return "act_recused"
    return "act_too_late" if here.is_over else ""


def _vote(here: Situation, _: int, typed: Typed) -> Command:
    choice = typed.get("choix", "")
    if choice == "go":
        return Go()
    if choice == "reserve":
        return Go(typed_conditions(here, typed))
    if choice == "nogo":
        return NoGo(typed_text(typed, "raison", required=True))
    if choice == "abstention":
        return Abstain(typed_text(typed, "raison"))
    if choice == "deport":
        if not typed.get("confirme"):
            raise FieldError("confirme", "act_confirm_missing")
        return Recuse(typed_text(typed, "raison"))
    raise FieldError("choix", "act_choice_missing")


def condition_rows(typed: Typed) -> int:
    """How many conditions the form has room for."""
    given = typed.get("lignes", "")
    return min(max(1, int(given) if given.isascii() and given.isdigit() else 1), MOST_CONDITIONS)


def typed_conditions(here: Situation, typed: Typed) -> tuple[str, ...]:
    found = tuple(filter(None, (_condition(here, typed, rank) for rank in range(1, condition_rows(typed) + 1))))
    if not found:
        raise FieldError("texte_1", "act_condition_missing")
    return found


def _condition(here: Situation, typed: Typed, rank: int) -> str:
    parts = ("texte", "aspect", "responsable", "echeance")
    text, aspect, owner, due = (typed.get(f"{name}_{rank}", "").strip() for name in parts)
    if not (text or owner or due):
        return ""
    if not text:
        raise FieldError(f"texte_{rank}", "act_condition_missing")
    if aspect and aspect not in here.policy.aspects:
        raise FieldError(f"aspect_{rank}", "act_wrong_aspect")
    try:
        line = compose.condition(
            aspect, text, owner, _day(due, f"echeance_{rank}"), here.policy.language, here.policy.aspects
        )
    except compose.UnwritableError as error:
        field = {"aspect": "texte", "owner": "responsable", "due": "echeance"}[error.why]
        raise FieldError(f"{field}_{rank}", f"act_wrong_{error.why}", error.words) from None
    if len(line) > CONDITION_LIMIT:
        raise FieldError(f"texte_{rank}", "act_too_long", str(CONDITION_LIMIT))
    return line


def _day(text: str, field: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise FieldError(field, "act_wrong_day", text) from None


def typed_text(typed: Typed, field: str, *, required: bool = False) -> str:
    """What a field of words says; raises FieldError."""
    text = typed.get(field, "").strip()
    if required and not text:
        raise FieldError(field, "act_text_missing")
    if len(text) > REASON_LIMIT:
        raise FieldError(field, "act_too_long", str(REASON_LIMIT))
    return text


def _not_team(here: Situation, _: int) -> str:
    return "" if here.is_team or here.is_secretariat_unknown else "act_not_team"


def _no_item(here: Situation, number: int) -> str:
    return "act_no_item" if here.item(number) is None else _not_team(here, number)


def _item(here: Situation, number: int, typed: Typed) -> Command:
    choice, items = typed.get("choix", ""), (str(number),)
    if choice == "fait":
        return Tick(items)
    if choice == "a-faire":
        return Untick(items)
    if choice == "confirme":
        return Confirm(items)
    if choice == "sans-objet":
        return NotApplicable(items, typed_text(typed, "raison", required=True))
    if choice == "reponse":
        return AnswerItem(str(number), _answer(here, number, typed))
    raise FieldError("choix", "act_choice_missing")


def _answer(here: Situation, number: int, typed: Typed) -> str:
    """What is typed, when it answers the question; the sentence for each kind says what would."""
    text, item = typed.get("reponse", "").strip(), here.item(number)
    if not text:
        raise FieldError("reponse", "act_text_missing")
    if item is None or not item.is_question:
        raise FieldError("choix", "act_choice_missing")
    if len(text) > dossier.LONGEST:
        raise FieldError("reponse", "act_too_long", str(dossier.LONGEST))
    if item.kind == "date":
        day = _day(text, "reponse")
        text = (f"{day:%d/%m/%Y}" if here.policy.language == "fr" else f"{day:%Y-%m-%d}") if day else text
    if not dossier.fits(item, text):
        raise FieldError("reponse", "act_unfit_private" if item.private else f"act_unfit_{item.kind}")
    return text


def _no_request(here: Situation, number: int) -> str:
    if here.gate is not None:
        return "act_gate_open"
    return _not_team(here, number) if here.exits else "act_no_exit"


def _request(here: Situation, _: int, typed: Typed) -> Command:
    target = typed.get("cible", "")
    if target not in here.exits:
        raise FieldError("cible", "act_choice_missing")
    asked = tuple(enumerate(here.points(target), start=1))
    return RequestGate(target, changes=tuple((number, _change(target, number, typed)) for number, _ in asked))


def _change(target: str, number: int, typed: Typed) -> str:
    """What has changed on one point that was refused."""
    field = f"point_{target}_{number}"
    text = " ".join(typed.get(field, "").split())
    if not text:
        raise FieldError(field, "act_point_change_missing")
    if len(text) > CHANGE_LIMIT:
        raise FieldError(field, "act_too_long", str(CHANGE_LIMIT))
    return text


def _no_withdrawal(here: Situation, number: int) -> str:
    return "act_no_gate" if here.gate is None else _not_team(here, number)


def _withdrawal(_: Situation, __: int, typed: Typed) -> Command:
    return Withdraw(typed_text(typed, "raison"))


def _no_lift(here: Situation, number: int) -> str:
    condition = here.condition(number)
    if condition is None:
        return "act_no_condition"
    may = here.may_lift(condition) or (here.is_secretariat_unknown and not here.is_own)
    return "" if may else "act_not_lifter"


def _lift(_: Situation, number: int, typed: Typed) -> Command:
    return Lift(str(number), typed_text(typed, "preuve", required=True))


def _no_lead(here: Situation, number: int) -> str:
    if number not in here.leads:
        return "act_no_lead"
    return "" if here.may_answer_leads or here.is_secretariat_unknown else "act_not_lead_team"


def _lead(_: Situation, number: int, typed: Typed) -> Command:
    choice, what = typed.get("choix", ""), (str(number),)
    if choice == "reutilise":
        return Reuse(what)
    if choice not in {"adapte", "ecarte"}:
        raise FieldError("choix", "act_choice_missing")
    reason = typed_text(typed, "raison", required=True)
    if len(reason) < REASON_LEAST:
        raise FieldError("raison", "act_reason_short", str(REASON_LEAST))
    return Adapt(what, reason) if choice == "adapte" else SetAside(what, reason)


ACTS = {
    act.name: act
    for act in (
        Act("avis", _no_vote, _vote, _gate),
        Act("point", _no_item, _item, _phase),
        Act("demande", _no_request, _request, _phase),
        Act("retrait", _no_withdrawal, _withdrawal, _gate),
        Act("reserve", _no_lift, _lift, _anything),
        Act("piste", _no_lead, _lead, _anything),
    )
}
"""By the word of their address."""


def act_text(here: Situation, act: Act, number: int, typed: Typed) -> str:
    """The comment, word for word; raises FieldError when no comment says what was typed and nothing else."""
    command = act.command(here, number, typed)
    try:
        return compose.compose(command, here.policy.language, here.policy.ignored_commands)
    except compose.UnwritableError as error:
        key = f"act_unwritable_{error.why}" if error.why in UNWRITABLE else "act_unwritable"
        raise FieldError(_at_fault(command, typed, error.words), key, error.words) from None


UNWRITABLE = {"lost", "several", "two_days", "unread_day", "unread_owner", "two_votes"}


def _at_fault(command: Command, typed: Typed, words: str) -> str:
    """The field whose words would be read otherwise."""
    if isinstance(command, Go):
        ranks = range(1, condition_rows(typed) + 1)
        return next((f"texte_{rank}" for rank in ranks if words in typed.get(f"texte_{rank}", "")), "texte_1")
    if isinstance(command, RequestGate):
        said = (f"point_{command.target}_{number}" for number, _ in command.changes)
        return next((field for field in said if words and words in " ".join(typed[field].split())), "cible")
    return next((name for name in ("raison", "preuve", "reponse") if typed.get(name)), "choix")
