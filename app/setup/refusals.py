"""Why GitHub refused, in words that say which permission is missing and where to grant it."""

from __future__ import annotations

from urllib.parse import urlsplit

from app.setup.changes import (
    Act,
    CreateBoard,
    CreateLabel,
    EditLabel,
    WriteFile,
)

LABELS = "« Issues » en lecture et écriture sur le dépôt (jeton classique : case « repo »), et le rôle « Write »"
BOARDS = "« Projects » de l’organisation en lecture et écriture (jeton classique : case « project »)"
NEW_BOARD = f"{BOARDS}, et le droit de créer un tableau dans l’organisation"
FILES = "« Contents » en lecture et écriture sur le dépôt (jeton classique : case « repo »), et le rôle « Write »"
WORKFLOWS = f"{FILES}, plus « Workflows » en écriture (jeton classique : case « workflow »)"
READING = "l’accès au dépôt et à l’organisation (jeton classique : cases « repo » et « read:org »)"
SCOPES = {
    "repo": "le dépôt : étiquettes, formulaires, règles",
    "project": "les tableaux de l’organisation",
    "read:org": "l’organisation et ses équipes",
    "workflow": "les fichiers d’automatisation",
}


def needed(act: Act) -> str:
    """The permission an act needs."""
    match act:
        case CreateLabel() | EditLabel():
            return LABELS
        case WriteFile(file):
            return WORKFLOWS if "/workflows/" in file.path else FILES
        case CreateBoard():
            return NEW_BOARD
        case _:
            return BOARDS


def web_base(api_url: str) -> str:
    """The address people use: github.com, a GitHub Enterprise Server, or a data-residency tenant."""
    parts = urlsplit(api_url)
    if parts.path.rstrip("/") == "/api/v3":
        return f"{parts.scheme}://{parts.netloc}"
    if parts.netloc == "api.github.com" or (parts.netloc.startswith("api.") and parts.netloc.endswith(".ghe.com")):
        return f"{parts.scheme}://{parts.netloc.removeprefix('api.')}"
    return api_url


def where_to_grant(api_url: str) -> str:
    return f"{web_base(api_url)}/settings/tokens"


def refusal(what: str, needs: str, said: str, api_url: str) -> str:
    """One sentence: what was refused, what the token must have, where to grant it."""
    return f"{what} : GitHub refuse ({said}). Il faut {needs}. Où l’accorder : {where_to_grant(api_url)}"
