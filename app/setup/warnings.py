"""What set-up cannot change but a person should check before the first product: committee, team, policy."""

from __future__ import annotations

from app.domain.policy.document import Problem
from app.domain.policy.model import Policy
from app.github.administrator import Administrator
from app.github.client import NotFoundError
from app.github.errors import RefusalError
from app.messages import explain_problem
from app.messages.counting import counted
from app.setup.changes import SetupRemark
from app.setup.current import rules_in
from app.setup.desired import POLICY
from app.setup.model import CurrentState
from app.shipped_files import default_policy


def doubts(admin: Administrator, there: CurrentState) -> tuple[SetupRemark, ...]:
    """Raises LaterError."""
    found = there.files.get(POLICY)
    rules = rules_in(admin, there.repository, found) if found else default_policy()
    if not isinstance(rules, Policy):
        return (_invalid(rules),)
    return _team(admin, there.repository.partition("/")[0], rules)


def _invalid(problems: tuple[Problem, ...]) -> SetupRemark:
    first = explain_problem(problems[0], "fr")
    more = f" (et {counted(len(problems) - 1, 'autre erreur', 'autres erreurs')})" if len(problems) > 1 else ""
    return SetupRemark(
        f"{POLICY} a une erreur : {first}{more}",
        "Corrigez-le ; « jalon policy check » liste tout. Aucun passage ne peut s’ouvrir d’ici là.",
    )


def _team(admin: Administrator, organisation: str, rules: Policy) -> tuple[SetupRemark, ...]:
    team = rules.committee.team
    try:
        members = {item["login"].lower() for item in admin.listed(f"/orgs/{organisation}/teams/{team}/members")}
    except (NotFoundError, RefusalError):
        mend = "Créez-la dans l’organisation (Teams, New team), ou donnez le bon nom dans les règles (committee.team)."
        return (SetupRemark(f"L’équipe « {team} » du comité est introuvable.", mend),)
    absent = [seat for seat in rules.committee.seats if seat.holder.lower() not in members]
    if not absent:
        return ()
    named = ", ".join(f"{seat.name} ({seat.holder})" for seat in absent)
    mend = f"Inscrivez vos comptes dans {POLICY} (seats, holder) et ajoutez-les à l’équipe « {team} »."
    return (SetupRemark(f"Sièges dont le titulaire n’est pas dans l’équipe « {team} » : {named}.", mend),)
