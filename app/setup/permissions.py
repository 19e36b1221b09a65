"""Explains a refusal of GitHub: which permission is missing and where to grant it."""

from __future__ import annotations

from app.github.hosts import web_base
from app.setup.changes import (
    Act,
    CreateBoard,
    CreateLabel,
    EditLabel,
    WriteFile,
)

LABELS = "« Issues » en lecture et écriture sur le dépôt (jeton classique : case « repo »), et le rôle « Write »"
BOARDS = "« Projects » de l’organisation en lecture et écriture (jeton classique : case « project »)"
NEW_BOARD = f"{BOARDS}, et le droit de créer un tableau dans l’organisation"
FILES = "« Contents » en lecture et écriture sur le dépôt (jeton classique : case « repo »), et le rôle « Write »"
WORKFLOWS = f"{FILES}, plus « Workflows » en écriture (jeton classique : case « workflow »)"
READING = "l’accès au dépôt et à l’organisation (jeton classique : cases « repo » et « read:org »)"
SCOPES = {
    "repo": "le dépôt : étiquettes, formulaires, règles",
    "project": "les tableaux de l’organisation",
    "read:org": "l’organisation et ses équipes",
    "workflow": "les fichiers d’automatisation",
}


def needed(act: Act) -> str:
    """The permission that an action needs."""
    match act:
        case CreateLabel() | EditLabel():
            return LABELS
        case WriteFile(file):
            return WORKFLOWS if "/workflows/" in file.path else FILES
        case CreateBoard():
            return NEW_BOARD
        case _:
            return BOARDS


def where_to_grant(api_url: str) -> str:
    return f"{web_base(api_url)}/settings/tokens"


def refusal(needs: str, said: str, api_url: str) -> str:
    """GitHub's sentence, the permission the token needs, and where to grant it."""
    return f"GitHub refuse ({said}). Il faut {needs}. Où l’accorder : {where_to_grant(api_url)}"
