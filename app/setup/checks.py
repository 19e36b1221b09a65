"""Checks an installation live, one question after the other; each failure comes with its remedy, in French."""

from __future__ import annotations

import base64
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from functools import partial
from typing import Any

from app.domain.policy.inheritance import CommonFile, CommonProblem
from app.domain.policy.model import Policy
from app.domain.reuse.catalogue_file import PATHS
from app.github.boards import BOARDS, boards_of, choose, with_repositories
from app.github.calls import all_nodes, whole
from app.github.client import Client
from app.github.common_files import file_text
from app.github.hosts import web_base
from app.github.manifest import EVENTS
from app.github.policies import PATH
from app.github.probe import ProbeAnswer, ProbeLine, as_app, installed_on
from app.github.rights import LEVELS, PERMISSIONS
from app.messages import MONTHS, explain_problem
from app.messages.counting import counted
from app.setup.desired import beside_columns, desired_labels
from app.store.troubles import Trouble
from app.yaml_documents import ReadRules, read_catalogue_bytes, read_rules

END: Any = {"nodes": [], "pageInfo": {"hasNextPage": False, "endCursor": None}}
"""A list that GitHub does not give."""
CHOSEN = {"contents": ("read",), "pull_requests": ("read", "write")}
"""Optional rights, by which errors in the policy file are shown on the very change (docs/exploitation.md)."""


class CheckState(StrEnum):
    """What the check page says of one point: right, to be mended, or not known yet."""

    OK = "ok"
    KO = "ko"
    WAITING = "attente"


OK, KO, WAITING = CheckState


@dataclass(frozen=True)
class Check:
    """One line of the list: what was checked, what was found, what to do and where."""

    name: str
    state: CheckState
    found: str
    mend: str = ""
    link: str = ""


class Checks:
    """Asks GitHub what the App would ask; changes nothing."""

    def __init__(self, client: Client, api_url: str) -> None:
        self._client, self._app, self._web = client, as_app(client), web_base(api_url)

    def run(self) -> tuple[Check, ...]:
        """Ends early where the other questions cannot be asked."""
        return tuple(self._all())

    def _all(self) -> Iterator[Check]:
        app = self._app.ask("/app")
        if not app.is_yes:
            yield _unknown_app(app)
            return
        yield Check("Identité de l’App", OK, f"GitHub reconnaît l’App « {app.data['name']} ».")
        settings = f"{self._web}/organizations/{app.data['owner']['login']}/settings/apps/{app.data['slug']}"
        yield _believed(app.data)
        yield _rights(app.data, settings)
        yield _events(app.data, settings)
        yield self._webhook(settings)
        found = self._app.ask("/app/installations")
        if not found.is_yes or not found.data:
            link = f"{app.data['html_url']}/installations/new"
            yield Check(
                "Installation",
                KO,
                "L’App n’est installée nulle part.",
                "Installez-la sur le dépôt de suivi.",
                link,
            )
            return
        # An enterprise has an account without a login, and no repository.
        placed = [item for item in found.data if (item.get("account") or {}).get("login")]
        for installation in placed:
            yield from self._installation(installation, settings)
        if not placed:
            mend = "Installez-la aussi sur l’organisation qui tient le dépôt de suivi."
            link = f"{app.data['html_url']}/installations/new"
            yield Check("Installation", KO, "L’App n’est installée que sur une entreprise.", mend, link)

    def _webhook(self, settings: str) -> Check:
        name = "Événements reçus"
        answer = self._app.ask("/app/hook/deliveries?per_page=20")
        if not answer.is_yes or not answer.data:
            mend = "Commentez un ticket, puis rechargez cette page."
            return Check(name, WAITING, "GitHub n’a encore envoyé aucun événement.", mend, f"{settings}/advanced")
        last = answer.data[0]
        if last["status"] == "OK":
            return Check(name, OK, f"Dernier événement reçu : {last['event']}, {_told(last['delivered_at'])}.")
        mend = (
            "Vérifiez que l’adresse du webhook répond depuis Internet (ou depuis votre serveur GitHub), que le serveur "
            "HTTPS transmet /webhooks/github à Jalon, et que JALON_WEBHOOK_SECRET est celui de l’App."
        )
        told = f"Le dernier événement a échoué : {last['status']} (code {last['status_code']})."
        return Check(name, KO, told, mend, f"{settings}/advanced")

    def _installation(self, installation: Any, settings: str) -> Iterator[Check]:
        owner = installation["account"]["login"]
        lacking = _lacking(installation["permissions"])
        link = str(installation.get("html_url") or f"{self._web}/organizations/{owner}/settings/installations")
        if lacking:
            mend = "Acceptez les permissions demandées, sur la page de l’installation."
            yield Check(f"Installation sur {owner}", KO, f"Permissions non accordées : {lacking}.", mend, link)
        else:
            yield Check(f"Installation sur {owner}", OK, "Toutes les permissions sont accordées.")
        line = installed_on(self._client, owner)
        listed = line.list("/installation/repositories", "repositories") if line else ProbeAnswer(404)
        if line is None or not listed.is_yes or not listed.data:
            mend = "Donnez à l’App l’accès au dépôt de suivi, sur la page de l’installation."
            yield Check(f"Dépôt de {owner}", KO, "L’App ne voit aucun dépôt.", mend, link)
            return
        names = [item["full_name"] for item in listed.data]
        yield from self._repositories(line, names, settings)

    def _repositories(self, line: ProbeLine, names: list[str], settings: str) -> Iterator[Check]:
        """Repositories with rules; when none has any, that is told once."""
        read = {name: line.ask(f"/repos/{name}/contents/{PATH}") for name in names}
        followed = [name for name, answer in read.items() if answer.is_yes]
        if not followed:
            yield _no_rules(names, read, settings)
        for name in followed:
            whole = _whole(line, name, read[name].data)
            rules = whole.policy
            if not isinstance(rules, Policy):
                problem = explain_problem(rules[0], "fr")
                mend = "Corrigez le fichier ; « jalon policy check » liste toutes les erreurs."
                link = f"{self._web}/{name}/blob/HEAD/{PATH}"
                yield Check(f"Règles de {name}", KO, f"{len(rules)} erreur(s). {problem}", mend, link)
                continue
            commons = ", ".join(str(file) for file in whole.commons)
            told = f" Avec la partie commune : {commons} ; réunies, version {rules.version}." if commons else ""
            yield Check(f"Règles de {name}", OK, f"{PATH} est valable.{told}")
            yield self._catalogue(line, name, settings)
            yield self._labels(line, name, rules)
            yield self._team(line, name, rules)
            yield self._board(line, name, rules)

    def _catalogue(self, line: ProbeLine, repository: str, settings: str) -> Check:
        """Optional: without it no common is proposed, and nothing else changes."""
        name = f"Catalogue de {repository}"
        read = {path: line.ask(f"/repos/{repository}/contents/{path}") for path in PATHS}
        if withheld := [path for path, answer in read.items() if answer.status == 403]:
            told = f"Facultatif. L’App n’a pas le droit de lire : {', '.join(withheld)} ; rien n’en est proposé."
            mend = (
                "Pour tenir un catalogue : permissions de l’App, « Single file », ajoutez ces chemins, puis acceptez."
            )
            return Check(name, OK, told, mend, f"{settings}/permissions")
        if unread := [path for path, answer in read.items() if not answer.is_yes and answer.status != 404]:
            return Check(
                name,
                WAITING,
                f"GitHub n’a pas donné {', '.join(unread)}.",
                "Contrôlez de nouveau plus tard.",
            )
        if not any(answer.is_yes for answer in read.values()):
            owner, _, short = repository.partition("/")
            mend = (
                f"« jalon setup --org {owner} --repo {short} » pose celui qui est livré avec Jalon, si vous le voulez."
            )
            return Check(name, OK, f"Aucun : aucun commun n’est proposé. {mend}")
        for path, answer in read.items():
            found = read_catalogue_bytes(path, base64.b64decode(answer.data["content"])) if answer.is_yes else None
            if isinstance(found, tuple):
                told = f"{path} : {counted(len(found), 'erreur', 'erreurs')}. {explain_problem(found[0], 'fr')}"
                mend = (
                    "Corrigez le fichier ; « jalon reuse check » liste toutes les erreurs. Rien ne s’arrête d’ici là."
                )
                return Check(name, KO, told, mend, f"{self._web}/{repository}/blob/HEAD/{path}")
        return Check(name, OK, f"{', '.join(path for path, answer in read.items() if answer.is_yes)} : valable.")

    def _labels(self, line: ProbeLine, repository: str, rules: Policy) -> Check:
        """Labels that Jalon needs by name; it repairs them itself, unless it has given up for an hour."""
        name, link = f"Étiquettes de {repository}", f"{self._web}/{repository}/labels"
        answer = line.list(f"/repos/{repository}/labels")
        there = {item["name"].casefold() for item in answer.data or ()}
        missing = [
            f"« {label.name} »" for label in desired_labels(rules) if label.fixed and label.name.casefold() not in there
        ]
        if not missing:
            return Check(name, OK, "Toutes celles que Jalon cherche par leur nom sont là.")
        owner, _, short = repository.partition("/")
        mend = (
            "Jalon les recrée, ou leur rend leur nom, au plus tard la nuit prochaine ; "
            f"« jalon setup --org {owner} --repo {short} » le fait tout de suite."
        )
        return Check(name, WAITING, f"Manquent, ou portent un autre nom : {', '.join(missing)}.", mend, link)

    def _team(self, line: ProbeLine, repository: str, rules: Policy) -> Check:
        owner, team = repository.partition("/")[0], rules.committee.team
        name, link = f"Comité de {repository}", f"{self._web}/orgs/{owner}/teams/{team}"
        answer = line.list(f"/orgs/{owner}/teams/{team}/members")
        if not answer.is_yes:
            mend = (
                f"Créez l’équipe « {team} », ou corrigez son nom dans {PATH} ; la permission « Members » est requise."
            )
            return Check(
                name,
                KO,
                f"L’équipe « {team} » ne se lit pas (GitHub répond {answer.status}).",
                mend,
                f"{self._web}/orgs/{owner}/teams",
            )
        members = {item["login"].lower() for item in answer.data}
        absent = [seat.holder for seat in rules.committee.seats if seat.holder.lower() not in members]
        if absent:
            mend = (
                f"Ajoutez ces comptes à l’équipe, ou corrigez les titulaires dans {PATH} : leur avis ne compterait pas."
            )
            return Check(name, KO, f"Absents de l’équipe « {team} » : {', '.join(absent)}.", mend, link)
        seated = counted(len(rules.committee.seats), "titulaire, qui est", "titulaires, qui sont tous")
        return Check(name, OK, f"{seated} dans l’équipe « {team} ».")

    def _board(self, line: ProbeLine, repository: str, rules: Policy) -> Check:
        owner, name = repository.partition("/")[0], f"Tableau de {repository}"
        mend = f"Lancez « jalon setup --org {owner} --repo {repository.partition('/')[2]} »."
        status = 200

        def page(after: str | None) -> Any:
            nonlocal status
            answer = line.graphql("boards", org=owner, first=BOARDS, after=after)
            status = answer.status
            return boards_of(answer.data) if answer.is_yes else END

        boards = [with_repositories(item, partial(_answered, line)) for item in all_nodes(page)]
        named = [one for one in boards if one and one["number"] == rules.board]
        chosen = next(iter(named), None) if rules.board else choose(boards, repository)
        if chosen is None:
            return Check(name, KO, f"Aucun tableau trouvé pour ce dépôt ({status}).", mend)
        board = whole(partial(_read_board, line, chosen["id"]), ("fields",))
        columns = {option["name"] for option in (board["field"] or {}).get("options", ())}
        missing = [phase.card for phase in rules.phases if phase.card not in columns]
        if board["closed"] or missing:
            told = "il est fermé" if board["closed"] else f"colonnes manquantes : {', '.join(missing)}"
            return Check(name, KO, f"Tableau {chosen['number']} : {told}.", mend, chosen["url"])
        if not board["viewerCanUpdate"]:
            mend = "Accordez à l’App la permission « Projects » de l’organisation en écriture."
            return Check(
                name,
                KO,
                f"L’App ne peut pas écrire dans le tableau {chosen['number']}.",
                mend,
                chosen["url"],
            )
        if lost := _unfilled(board["fields"]["nodes"]):
            told = f"Tableau {chosen['number']} : Jalon ne remplit pas {lost}."
            return Check(name, WAITING, told, mend, chosen["url"])
        told = f"Tableau {chosen['number']} « {chosen['title']} » : modifiable, colonnes et champs en place."
        return Check(name, OK, told)


def _whole(line: ProbeLine, repository: str, data: Any) -> ReadRules:
    """The rules of a repository with the common parts that they extend."""

    def fetch(file: CommonFile) -> bytes | CommonProblem:
        answer = line.ask(f"/repos/{file.repository}/contents/{file.path}")
        if answer.is_yes:
            return file_text(answer.data)
        return CommonProblem.UNREADABLE if answer.status == 403 else CommonProblem.ABSENT

    return read_rules(base64.b64decode(data["content"]), CommonFile(repository, PATH), fetch)


def _answered(line: ProbeLine, operation: str, **values: Any) -> Any:
    """The next page of a list; empty when GitHub does not say."""
    answer = line.graphql(operation, **values)
    return answer.data if answer.is_yes else {"node": {"repositories": END, "fields": END}}


def _read_board(line: ProbeLine, board: str, **after: str) -> Any:
    nothing: dict[str, Any] = {"viewerCanUpdate": False, "field": None, "closed": False}
    return {**nothing, **_answered(line, "check_board", id=board, **after)["node"]}


def met(troubles: Iterable[Trouble]) -> Iterator[Check]:
    """Troubles that are not over, with GitHub's sentence where there is one."""
    for one in troubles:
        sentence = one.french
        said = f" GitHub dit : « {one.detail} »." if one.detail else ""
        subject = f" ({one.subject})" if one.subject else ""
        since = datetime.fromtimestamp(one.since, UTC)
        told = f"Depuis le {since:%d/%m/%Y} à {since:%H:%M} (UTC).{said}"
        yield Check(f"Incident{subject}", KO, told, f"{sentence[0].upper()}{sentence[1:]}.")


def _unfilled(nodes: Any) -> str:
    """Fields that Jalon cannot fill: missing, of another type, or without one of their options."""
    there = {node["name"]: node for node in nodes if node}
    lost = []
    for field in beside_columns():
        found = there.get(field.name, {})
        options = {option["name"] for option in found.get("options", ())}
        missing = [option.name for option in field.options if option.name not in options]
        if found.get("dataType") != field.kind:
            lost.append(f"le champ « {field.name} » ({'absent' if not found else 'd’un autre type'})")
        elif missing:
            lost.append(f"le champ « {field.name} » (sans l’option {', '.join(missing)})")
    return ", ".join(lost)


def _believed(app: Any) -> Check:
    """Workflows recognise the App by its name, which is chosen when it is created."""
    told = (
        f"Ce sont les décisions de l’App « {app['slug']} » (numéro {app['id']}) que comptent bilans, ordres du jour et "
        "relevés : « jalon setup », relancé, écrit ce nom dans les automatismes du dépôt."
    )
    return Check("Nom de l’App pour les automatismes", OK, told)


def _unknown_app(answer: ProbeAnswer) -> Check:
    if answer.status == 0:
        return Check("Identité de l’App", KO, "GitHub ne répond pas.", "Vérifiez GITHUB_API_URL et le réseau.")
    mend = (
        "Vérifiez JALON_APP_ID et JALON_PRIVATE_KEY : ils doivent venir de la même App. L’horloge doit être à l’heure."
    )
    return Check("Identité de l’App", KO, f"GitHub ne reconnaît pas l’App ({answer.status}).", mend)


def _lacking(granted: Any) -> str:
    short = [
        f"{name} ({level})"
        for name, level in PERMISSIONS.items()
        if granted.get(name) not in LEVELS or LEVELS.index(granted[name]) < LEVELS.index(level)
    ]
    return ", ".join(short)


def _rights(app: Any, settings: str) -> Check:
    if lacking := _lacking(app["permissions"]):
        mend = "Accordez-les, puis acceptez-les sur la page de l’installation."
        return Check("Permissions de l’App", KO, f"Manquent : {lacking}.", mend, f"{settings}/permissions")
    chosen = {name for name, levels in CHOSEN.items() if app["permissions"].get(name) in levels}
    told = "" if not chosen else f" Accordées par choix, pour les erreurs des règles : {', '.join(sorted(chosen))}."
    extra = sorted(set(app["permissions"]) - {*PERMISSIONS, "single_file", *chosen})
    told += f" En trop, à retirer si vous le pouvez : {', '.join(extra)}." if extra else ""
    return Check("Permissions de l’App", OK, f"Issues, Metadata, Projects, Members : accordées.{told}")


def _events(app: Any, settings: str) -> Check:
    if missing := [name for name in EVENTS if name not in app["events"]]:
        told = f"L’App n’est pas abonnée à : {', '.join(missing)}."
        mend = "Cochez-les dans « Subscribe to events ». Sans serveur, c’est normal : rien à faire."
        return Check("Abonnements", WAITING, told, mend, f"{settings}/permissions")
    if app["permissions"].get("contents") and "push" not in app["events"]:
        told = "La permission « Contents » est accordée, mais l’App n’est pas abonnée à : push."
        mend = "Cochez-le dans « Subscribe to events » : une erreur des règles sera dite sur la modification même."
        return Check("Abonnements", WAITING, told, mend, f"{settings}/permissions")
    return Check("Abonnements", OK, "L’App reçoit tous les événements utiles.")


def _no_rules(names: list[str], read: dict[str, ProbeAnswer], settings: str) -> Check:
    if any(answer.status == 403 for answer in read.values()):
        mend = f"Dans les permissions de l’App, « Single file » : lecture, chemin {PATH} ; puis acceptez la demande."
        return Check("Règles", KO, f"L’App n’a pas le droit de lire {PATH}.", mend, f"{settings}/permissions")
    if all(answer.status == 0 for answer in read.values()):
        return Check("Règles", KO, f"GitHub n’a pas donné {PATH}.", "Contrôlez de nouveau plus tard.")
    mend = "Lancez « jalon setup », ou donnez à l’App l’accès au bon dépôt."
    return Check("Règles", KO, f"Aucun fichier {PATH} dans {', '.join(names[:5])}.", mend)


def _told(moment: str) -> str:
    """« le 28 novembre 2026 à 16 h 22 (UTC) »"""
    at = datetime.fromisoformat(moment).astimezone(UTC)
    day = "1er" if at.day == 1 else at.day
    return f"le {day} {MONTHS['fr'][at.month - 1]} {at.year} à {at.hour} h {at.minute:02} (UTC)"
