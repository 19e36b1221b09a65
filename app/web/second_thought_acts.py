"""Second thoughts from a page: a no-go contested, the committee overridden, a product paused and resumed."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from app.domain.policy.calendar import day_of, working_term
from app.domain.reading.commands import Command, Contest, Override, Pause, Resume
from app.domain.report.present import GateStory
from app.web.act_kinds import Act, FieldError, Typed, typed_text
from app.web.situation import Situation


def _last(here: Situation) -> GateStory | None:
    gates = here.row.standing.gates
    return gates[-1] if gates else None


def _anything(here: Situation) -> str:
    return f"gates {len(here.row.standing.gates)} {'paused' if here.row.standing.paused else ''}"


def _not_team(here: Situation) -> str:
    return "" if here.is_team or here.is_secretariat_unknown else "act_not_team"


def _no_contest(here: Situation, _: int) -> str:
    last, rules = _last(here), here.policy.second_thoughts
    is_refused = last is not None and last.outcome == "nogo" and last.origin == here.row.phase
    if last is None or not is_refused or here.row.standing.paused:
        return "act_no_nogo"
    if any(one.kind == "contested" for one in last.second_thoughts):
        return "act_contested"
    ended = max([one.at for one in last.second_thoughts] + ([last.ended] if last.ended else []))
    until = working_term(day_of(ended, here.policy.timezone), rules.contest_days, here.policy.committee)
    if not rules.contest_days or day_of(here.now, here.policy.timezone) > until:
        return "act_contest_late"
    return _not_team(here)


def _contest(_: Situation, __: int, typed: Typed) -> Command:
    return Contest(typed_text(typed, "raison", required=True))


def _no_pause(here: Situation, _: int) -> str:
    if here.row.standing.paused:
        return "act_paused"
    if here.gate is not None:
        return "act_gate_open"
    return _not_team(here) if here.row.active else "act_no_exit"


def _pause(here: Situation, _: int, typed: Typed) -> Command:
    text = typed.get("jusqu_au", "").strip()
    try:
        until = date.fromisoformat(text) if text else None
    except ValueError:
        raise FieldError("jusqu_au", "act_wrong_day", text) from None
    if until and until < day_of(here.now, here.policy.timezone):
        raise FieldError("jusqu_au", "act_wrong_day", text)
    return Pause(until.isoformat() if until else "", typed_text(typed, "raison", required=True))


def _no_resume(here: Situation, _: int) -> str:
    return _not_team(here) if here.row.standing.paused else "act_not_paused"


def _resume(_: Situation, __: int, typed: Typed) -> Command:
    return Resume(typed_text(typed, "raison"))


def _no_override(here: Situation, _: int) -> str:
    named = {login.lower() for login in here.policy.second_thoughts.direction}
    if here.person.login.lower() not in named or here.is_own or here.seats:
        return "act_not_direction"
    last = _last(here)
    is_refused = last is not None and last.outcome == "nogo" and last.origin == here.row.phase
    return "" if here.gate is not None or is_refused else "act_no_override"


def _override(here: Situation, _: int, typed: Typed) -> Command:
    choice = typed.get("choix", "")
    if choice not in ({"go", "nogo"} if here.gate else {"go"}):
        raise FieldError("choix", "act_choice_missing")
    return Override(choice, typed_text(typed, "raison", required=True))


ACTS = {
    act.name: act
    for act in (
        Act("contestation", _no_contest, _contest, _anything),
        Act("pause", _no_pause, _pause, _anything),
        Act("reprise", _no_resume, _resume, _anything),
        Act("direction", _no_override, _override, _anything),
    )
}
"""By the word of their address."""
PLACES = {
    "contest": ("contestation", "contestation"),
    "pause": ("pause", "pause"),
    "resume": ("reprise", "reprise"),
    "override": ("direction", "passer-outre"),
}


def offered_second_thoughts(here: Situation) -> Iterator[tuple[str, str]]:
    """Those that this person may do now: the endpoint, and the word of its link."""
    for endpoint, (name, _) in PLACES.items():
        if (name == "direction" or here.is_team) and not ACTS[name].refused(here, 0):
            yield endpoint, f"act_{name}"
