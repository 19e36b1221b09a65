"""What is wrong with the words of a command, in French: click says it in English."""

from __future__ import annotations

import re
import sys
from typing import IO, Any

import click

SAYINGS: tuple[tuple[str, str], ...] = (
    (r"No such command '([^']{1,200}+)'\.?(?: Did you mean .{0,300}+)?", "la commande « {} » n’existe pas"),
    (r"No such option '?([^' ]+?)'?\.?(?: \(?(?:Did you mean|Possible) .{0,300}+)?", "l’option {} n’existe pas"),
    (r"Got unexpected extra arguments? \(([^\n]{1,200})\)", "de trop : {}"),
    (r"Option '([^']{1,200}+)' requires an argument\.", "l’option {} attend une valeur"),
    (r"Option '([^']{1,200}+)' does not take a value\.", "l’option {} n’attend aucune valeur"),
    (r"Missing option '([^']{1,200}+)'.{0,300}+", "il manque l’option {}"),
    (r"Missing argument '([^']{1,200}+)'.{0,300}+", "il manque {}"),
    (r"Missing command\.", "il manque une commande"),
    (r"Invalid value for ([^:]{1,200}+): (.{1,500}+)", "{} : {}"),
    (r"'([^']{0,200}+)' is not a valid integer(?: range)?\.", "« {} » n’est pas un nombre entier"),
    (r"'([^']{0,200}+)' is not one of ([^\n]{1,200})\.", "« {} » n’est pas possible ; au choix : {}"),
    (r"(\S{1,60}+) is not in the range ([^\n]{1,200})\.", "{} n’est pas dans l’intervalle {}"),
    (r"(?:File|Path|Directory) '([^']{1,200}+)' does not exist\.", "« {} » n’existe pas"),
    (r"(?:File|Path) '([^']{1,200}+)' is a directory\.", "« {} » est un dossier"),
    (r"(?:File|Path) '([^']{1,200}+)' is not readable\.", "« {} » ne peut pas être lu"),
)
"""A sentence of click's, and ours; what is not here, our own French first of all, is said as it stands."""
PATTERNS = tuple((re.compile(theirs, re.DOTALL), ours) for theirs, ours in SAYINGS)


def sentence_in_french(sentence: str) -> str:
    for theirs, ours in PATTERNS:
        if found := theirs.fullmatch(sentence):
            return ours.format(*(sentence_in_french(part) for part in found.groups()))
    return sentence


class FrenchUsageError(click.UsageError):
    """The same mistake, and how the command is written."""

    def __init__(self, error: click.UsageError) -> None:
        super().__init__(sentence_in_french(error.format_message()), error.ctx)

    def show(self, file: IO[Any] | None = None) -> None:
        out = file or sys.stderr
        if self.ctx is not None:
            usage = self.ctx.get_usage().partition(":")[2].strip()
            click.echo(f"Emploi : {usage}\nAide : {self.ctx.command_path} --help\n", file=out)
        click.echo(f"Erreur : {self.format_message()}", file=out)
