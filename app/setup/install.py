"""Set-up from beginning to end: read, plan, apply, and again until nothing is left to change."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

from app.domain.policy.model import Policy
from app.github.administrator import Administrator
from app.github.client import LaterError, NotFoundError
from app.github.errors import RefusalError
from app.settings import Administration
from app.setup.apply import OptionsLostError, SetupApplier
from app.setup.board import plan_board
from app.setup.changes import CreateView, Plan, SetupChange, SetupRemark, WriteFile
from app.setup.current import Survey, app_name, place
from app.setup.desired import POLICY, believed_in, desired_state
from app.setup.files import plan_files
from app.setup.forms import broken
from app.setup.labels import plan_labels
from app.setup.model import CurrentState, DesiredState
from app.setup.permissions import FILES, READING, SCOPES, needed, refusal, where_to_grant
from app.setup.source import moving, running_copy
from app.setup.warnings import doubts
from app.shipped_files import default_policy

ATTEMPTS = 6
LONGEST_WAIT_S = 120
Tell = Callable[[str], None]


class CannotStartError(Exception):
    """Nothing can be read or done; every reason is listed, each with its remedy."""

    def __init__(self, reasons: list[str]) -> None:
        self.reasons = reasons
        super().__init__("\n".join(reasons))


def change_key(change: SetupChange) -> str:
    """Identifies a change from one plan to the next."""
    return f"{change.where} {change.what} {change.how}"


@dataclass(frozen=True)
class SetupRefusal:
    """`what` was refused; `why` says why and what to do, in one sentence for all refusals of one cause."""

    what: str
    why: str


@dataclass
class Report:
    """What a run did: changes made, refusals by change, remarks for people."""

    done: list[SetupChange] = field(default_factory=list)
    refused: dict[str, SetupRefusal] = field(default_factory=dict)
    remarks: tuple[SetupRemark, ...] = ()
    board: str = ""

    def may_try(self, change: SetupChange) -> bool:
        """Whether the change was not refused, and depends on none that was."""
        no_board = any(known.startswith("tableau ") and known.endswith(" création") for known in self.refused)
        return change_key(change) not in self.refused and not (no_board and change.where in {"tableau", "champ", "vue"})

    def left(self, plan: Plan) -> list[SetupChange]:
        return [change for change in plan.changes if self.may_try(change)]


class Installation:
    """One organisation and one repository, seen with one administrator's token."""

    def __init__(self, access: Administration, organisation: str, repository: str, *, force: bool = False) -> None:
        self._access, self._force = access, force
        self._admin = Administrator(access)
        self._organisation, self._name = organisation, repository

    def plan(self) -> tuple[Plan, CurrentState]:
        """What would change now, and what a person should look at. Raises CannotStartError, LaterError."""
        self._check_token()
        survey = Survey(self._admin, self._place())
        rules = survey.rules(POLICY)
        there = survey.everything(desired_state(rules, self._source()))
        if survey.refused:
            raise CannotStartError([self._refusal(*refused) for refused in survey.refused])
        bot = app_name(self._admin, self._organisation, POLICY) or believed_in(there.files.values())
        needs = desired_state(rules, self._source(), bot)
        plan = whole_plan(needs, there, rules or default_policy(), force=self._force)
        told = (*plan.remarks, *moving(self._source()), *doubts(self._admin, there))
        return replace(plan, remarks=told), there

    def run(self, tell: Tell, wait: Callable[[float], None] = time.sleep) -> Report:
        """Apply changes until none is left; after an interruption, the next run goes on from there."""
        report = Report()
        for _ in range(ATTEMPTS):
            try:
                plan, there = self.plan()
                report.remarks, report.board = plan.remarks, there.board.url if there.board else ""
                left = report.left(plan)
                if not left:
                    return report
                self._apply(left, there, report, tell)
            except LaterError as error:
                seconds = min(error.seconds or 1, LONGEST_WAIT_S)
                tell(f"GitHub demande d’attendre : reprise dans {seconds:.0f} s…")
                wait(seconds)
        why = "GitHub n’a pas tout accepté à temps : relancez la même commande, elle reprendra où elle en est."
        report.refused["fin"] = SetupRefusal("Reste à faire", why)
        return report

    def _apply(self, left: list[SetupChange], there: CurrentState, report: Report, tell: Tell) -> None:
        applier = SetupApplier(self._admin, there)
        for rank, change in enumerate(left, 1):
            if not report.may_try(change):
                continue
            told = f"[{rank}/{len(left)}] {change.where} « {change.what} » : {change.how}"
            try:
                applier.apply(change.act)
            except (RefusalError, NotFoundError) as error:
                report.refused[change_key(change)] = SetupRefusal(_named(change), self._refused(change, error))
                tell(f"{told} — refusé")
            except OptionsLostError as error:
                report.refused[change_key(change)] = SetupRefusal(_named(change), lost_options(str(error)))
            else:
                report.done.append(change)
                tell(told)

    def _check_token(self) -> None:
        try:
            missing = self._admin.missing_scopes()
        except RefusalError as error:
            where = where_to_grant(self._access.api_url)
            raise CannotStartError([f"GitHub refuse ce jeton ({error}). En créer un : {where}"]) from error
        if missing:
            where = where_to_grant(self._access.api_url)
            raise CannotStartError(
                [f"Il manque au jeton la case « {scope} » ({SCOPES[scope]}). À cocher : {where}" for scope in missing]
            )

    def _place(self) -> Any:
        name = f"{self._organisation}/{self._name}"
        try:
            found = place(self._admin, self._organisation, self._name)
        except NotFoundError as error:
            raise CannotStartError(
                [f"Le dépôt {name} n’existe pas, ou ce jeton ne le voit pas. Créez-le, ou donnez {READING}."]
            ) from error
        except RefusalError as error:
            raise CannotStartError([self._refusal(f"Dépôt {name}", READING, error)]) from error
        if found["owner"]["__typename"] != "Organization":
            raise CannotStartError(
                [f"{self._organisation} n’est pas une organisation : Jalon a besoin de ses équipes."]
            )
        if found["isArchived"]:
            raise CannotStartError([f"Le dépôt {name} est archivé : désarchivez-le dans ses réglages."])
        return found

    def _source(self) -> str:
        host = self._access.api_url.replace("://api.", "://").removesuffix("/api/v3")
        return self._access.source or running_copy() or f"git+{host}/{self._organisation}/jalon@main"

    def _refused(self, change: SetupChange, error: Exception) -> str:
        if isinstance(change.act, CreateView) and isinstance(error, NotFoundError):
            return by_hand(change.act)
        if isinstance(change.act, WriteFile) and isinstance(error, RefusalError) and error.status in {409, 422}:
            protected = f"une branche par défaut que vous pouvez modifier (branche protégée ?), ou {FILES}"
            return refusal(protected, str(error), self._access.api_url)
        return refusal(needed(change.act), str(error), self._access.api_url)

    def _refusal(self, what: str, needs: str, error: Exception) -> str:
        return f"{what} : {refusal(needs, str(error), self._access.api_url)}"


def whole_plan(needs: DesiredState, there: CurrentState, rules: Policy, *, force: bool = False) -> Plan:
    """Labels first: a form that names a missing label sets none. Pure."""
    parts = (
        plan_labels(needs.labels, there.labels),
        plan_board(needs, there),
        plan_files(needs, there, lambda path, text, ours: broken(path, text, ours, rules), force=force),
    )
    return Plan(
        tuple(change for part in parts for change in part.changes),
        tuple(remark for part in parts for remark in part.remarks),
    )


def _named(change: SetupChange) -> str:
    return f"{change.where} « {change.what} »"


def by_hand(act: CreateView) -> str:
    """For servers older than the views API: how to do the same in three clicks."""
    columns = f", puis « Column by » : {act.view.columns}" if act.view.columns else ""
    return (
        "ce serveur ne sait pas créer de vue. À faire à la main dans le tableau : "
        f"« New view », présentation « {act.view.layout} »{columns}, filtre `{act.view.filter}`."
    )


def lost_options(lost: str) -> str:
    return (
        f"ce serveur a recréé les options {lost} au lieu de les garder ; les cartes ont perdu la "
        "leur. Lancez « jalon sweep » : le registre les remet toutes à leur place."
    )
