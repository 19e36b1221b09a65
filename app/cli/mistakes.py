"""What goes wrong around a command, told in one sentence with what to do about it; bugs stay what they are."""

from __future__ import annotations

from typing import Any

import click
from sqlalchemy.exc import SQLAlchemyError

from app.github.errors import LaterError, NotFoundError, RefusalError
from app.logs import safe
from app.schema import TooRecentError
from app.settings import SettingsError

KNOWN = (SettingsError, TooRecentError, SQLAlchemyError, LaterError, NotFoundError, RefusalError)
WAITS = {
    "credentials": (
        "GitHub ne reconnaît pas l’App : vérifiez que JALON_APP_ID et la clé privée viennent de la même App, "
        "et que l’horloge de cette machine est à l’heure"
    ),
    "unreachable": "GitHub est injoignable : vérifiez GITHUB_API_URL, le réseau et le proxy, puis recommencez",
    "overloaded": "GitHub est en difficulté : recommencez dans quelques minutes",
}
NOT_FOUND = (
    "GitHub ne montre rien à cette adresse : vérifiez GITHUB_API_URL, le nom du dépôt ou de l’organisation, "
    "et que l’App y est installée"
)


def cause(error: Exception) -> str:
    """One sentence in French on one of the KNOWN errors."""
    match error:
        case LaterError():
            minutes = max(1, round(error.seconds / 60))
            limited = f"GitHub limite les appels : recommencez dans {minutes} min"
            return WAITS.get(error.kind, limited if error.is_exact else WAITS["overloaded"])
        case NotFoundError():
            return NOT_FOUND
        case RefusalError():
            return f"GitHub refuse ({error.status}) : vérifiez les permissions de l’App (page /setup) ; {safe(error)}"
        case TooRecentError():
            return "cette base vient d’une version plus récente de Jalon : mettez Jalon à jour"
        case SQLAlchemyError():
            told = safe(error.args[0] if error.args else error).strip().partition("\n")[0]
            return f"la base ne répond pas (JALON_DATABASE_URL) : {told}"
    return str(error)


class Told(click.Group):
    """Any command below it ends on a sentence and code 1 where it would have ended on one of the KNOWN errors."""

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except KNOWN as error:
            raise click.ClickException(cause(error)) from error


class RepositoryName(click.ParamType[str]):
    """Full name of a repository."""

    name = "propriétaire/nom"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        owner, slash, name = str(value).partition("/")
        if value and not (slash and owner and name and "/" not in name):
            self.fail(
                f"« {value} » n’est pas un dépôt : écrivez propriétaire/nom, par exemple dnum/produits", param, ctx
            )
        return str(value)


REPOSITORY = RepositoryName()
