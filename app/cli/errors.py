"""Turns the expected failures of a command into one sentence that says what to do; bugs stay exceptions."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, TypeVar

import click
from sqlalchemy.exc import SQLAlchemyError

from app.cli.usage_errors import FrenchUsageError
from app.github.errors import LaterError, NotFoundError, RefusalError, WaitError
from app.logs import safe
from app.settings import SettingsError
from app.store.upgrades import TooRecentError
from app.turns.outcome import LostHistoryError

log = logging.getLogger(__name__)
T = TypeVar("T")

KNOWN = (SettingsError, TooRecentError, SQLAlchemyError, LaterError, NotFoundError, RefusalError)
WAITS = {
    "credentials": (
        "GitHub ne reconnaît pas l’App : vérifiez que JALON_APP_ID et la clé privée viennent de la même App, "
        "et que l’horloge de cette machine est à l’heure"
    ),
    "unreachable": "GitHub est injoignable : vérifiez GITHUB_API_URL, le réseau et le proxy, puis recommencez",
    "overloaded": "GitHub est en difficulté : recommencez dans quelques minutes",
}
NOT_FOUND = (
    "GitHub ne montre rien à cette adresse : vérifiez GITHUB_API_URL, le nom du dépôt ou de l’organisation, "
    "et que l’App y est installée"
)


FLAWS = {
    "missing": "il manque le fait n° {}",
    "edited": "le commentaire {} a été modifié par un autre compte que celui de Jalon",
    "unreadable": "le relevé « {} » est illisible",
    "contradiction": "deux commentaires se contredisent sur le fait n° {}",
    "parted": "le registre et les commentaires se contredisent sur le fait n° {}",
    "unlawful": "le fait n° {}, porté par les commentaires, n’a pu être décidé selon les règles",
    "elsewhere": "l’histoire que portent les commentaires est celle d’une autre issue",
    "unsaid": "le fait n° {}, porté par les commentaires, n’est pas ce qu’a écrit la personne qu’il nomme",
    "unsealed": "le fait n° {}, porté par les commentaires, n’a pas de place dans le registre scellé",
    "import": "la description de l’issue, qui porte ce qui a été repris, a été modifiée{}",
    "chain": "dans le registre, le fait n° {} manque ou a été modifié",
}


UNEXPECTED = "erreur inattendue ({}), à signaler : le journal la donne en entier"


def told_flaws(flaws: Iterable[tuple[str, str]]) -> str:
    """The kinds of reason for which a product's history cannot be trusted."""
    return " ; ".join(FLAWS[kind].format(detail) for kind, detail in flaws)


def explain_loss(repository: str, number: int, flaws: Iterable[tuple[str, str]]) -> str:
    """One sentence on why a product's history cannot be taken from its comments, and what to do."""
    return f"{repository}#{number} : {told_flaws(flaws)}. Rien n’est repris : restaurez une sauvegarde de la base."


@dataclass(frozen=True)
class Failed:
    """One sentence for what could not be done about one product; `flaws` when its history cannot be trusted."""

    why: str
    flaws: tuple[tuple[str, str], ...] = ()


def tried_alone(act: Callable[[], T], about: str) -> T | Failed:
    """What `act` gives for one product; its failure stops no other, and a bug is logged. A database away stops all."""
    try:
        return act()
    except SQLAlchemyError:
        raise
    except LostHistoryError as error:
        return Failed(told_flaws(error.flaws), error.flaws)
    except KNOWN as error:
        return Failed(cause(error))
    except Exception as error:
        log.exception("%s", about)
        return Failed(cause(error))


def cause(error: Exception) -> str:
    """One French sentence for one of the KNOWN errors; any other is a bug, logged in full."""
    match error:
        case LostHistoryError():
            return told_flaws(error.flaws)
        case LaterError():
            minutes = max(1, round(error.seconds / 60))
            limited = f"GitHub limite les appels : recommencez dans {minutes} min"
            return WAITS.get(error.kind, limited if isinstance(error, WaitError) else WAITS["overloaded"])
        case NotFoundError():
            return NOT_FOUND
        case RefusalError():
            return f"GitHub refuse ({error.status}) : vérifiez les permissions de l’App (page /setup) ; {safe(error)}"
        case TooRecentError():
            return "cette base vient d’une version plus récente de Jalon : mettez Jalon à jour"
        case SQLAlchemyError():
            told = safe(error.args[0] if error.args else error).strip().partition("\n")[0]
            return f"la base ne répond pas (JALON_DATABASE_URL) : {told}"
    return str(error) if isinstance(error, SettingsError) else UNEXPECTED.format(type(error).__name__)


class FriendlyGroup(click.Group):
    """A group whose commands show KNOWN errors as one sentence, with exit code 1."""

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except KNOWN as error:
            raise click.ClickException(cause(error)) from error
        except click.UsageError as error:
            raise (error if isinstance(error, FrenchUsageError) else FrenchUsageError(error)) from error


class RepositoryName(click.ParamType[str]):
    """Full name of a repository."""

    name = "propriétaire/nom"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        owner, slash, name = str(value).partition("/")
        if value and not (slash and owner and name and "/" not in name):
            self.fail(
                f"« {value} » n’est pas un dépôt : écrivez propriétaire/nom, par exemple dnum/produits", param, ctx
            )
        return str(value)


REPOSITORY = RepositoryName()


def absent_command(name: str) -> click.Command:
    """A command for trials, absent where the local GitHub was left out: an installation does without it."""

    @click.command(name, context_settings={"ignore_unknown_options": True, "allow_extra_args": True}, hidden=True)
    def command() -> None:
        raise click.ClickException(
            "cette installation n’a pas le GitHub local : prenez une copie du dépôt, et lancez-y « make demo »"
        )

    return command
