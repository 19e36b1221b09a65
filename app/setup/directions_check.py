"""What the check of an installation says of the directions that products name: those the rules have no name for."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from app.domain.policy.directions import unnamed
from app.domain.policy.model import Policy
from app.domain.reading.text import clipped
from app.github.client import LaterError, NotFoundError
from app.messages.counting import counted
from app.setup.checks import OK, Check
from app.store.presents import Presents
from app.store.register import Register

SHOWN, LONGEST = 20, 60
"""Directions written out, and characters of each."""


def directions(register: Register, repositories: Iterable[str], rules: Callable[[str], Policy]) -> Iterator[Check]:
    """One line for each backlog that names a direction; nothing is wrong with any: it is shown as it is written."""
    presents = Presents(register)
    for repository in repositories:
        written = {one.present.direction for one in presents.of(repository) if not one.present.left} - {""}
        try:
            table = rules(repository).directions if written else ()
        except (LaterError, NotFoundError):
            continue  # the other lines of the check say what GitHub did not give
        if written:
            yield _told(repository, unnamed(table, written))


def _told(repository: str, missing: tuple[str, ...]) -> Check:
    name = f"Directions de {repository}"
    if not missing:
        return Check(name, OK, "Aucun sigle sans nom parmi celles que les produits citent.")
    shown = ", ".join(f"« {clipped(one, LONGEST)} »" for one in missing[:SHOWN])
    rest = len(missing) - SHOWN
    more = f" et {counted(rest, 'autre', 'autres')}" if rest > 0 else ""
    told = counted(len(missing), "direction citée n’a pas de nom", "directions citées n’ont pas de nom")
    mend = (
        "Si vous voulez les nommer, complétez la table « directions » des règles ; elles sont montrées comme écrites."
    )
    return Check(name, OK, f"{told} dans les règles : {shown}{more}. {mend}")
