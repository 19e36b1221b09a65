"""What a reader of the register says to people of what it saw, lies apart."""

from __future__ import annotations

from collections.abc import Iterator

from app.messages.counting import counted
from app.witness.ballots import CHANGED, ELSEWHERE, ERASED, GONE, SEEN, UNKNOWN
from app.witness.reader import Reading
from app.witness.shown import ShownRegister

BALLOTS = {
    SEEN: "sur GitHub tel qu’il a été compté, de son auteur, à son heure",
    GONE: "dont le commentaire a été supprimé depuis, ce que le registre dit",
    CHANGED: "dont le commentaire a été modifié depuis : ce qu’il disait ne se voit plus",
    ELSEWHERE: "donné dans un dépôt que le produit a quitté, ou qui a changé de nom : non vérifié",
    ERASED: "dont la partie personnelle a été effacée sur demande, ce que le registre dit : non vérifié",
    UNKNOWN: "dont l’auteur n’a plus de compte, ou n’est connu que par son nom d’alors : non vérifié",
}
MANY = {
    SEEN: "sur GitHub tels qu’ils ont été comptés, chacun de son auteur, à son heure",
    GONE: "dont le commentaire a été supprimé depuis, ce que le registre dit",
    CHANGED: "dont le commentaire a été modifié depuis : ce qu’ils disaient ne se voit plus",
    ELSEWHERE: "donnés dans un dépôt que leur produit a quitté, ou qui a changé de nom : non vérifiés",
    ERASED: "dont la partie personnelle a été effacée sur demande, ce que le registre dit : non vérifiés",
    UNKNOWN: "dont l’auteur n’a plus de compte, ou n’est connu que par son nom d’alors : non vérifiés",
}


def reading_told(shown: ShownRegister, found: Reading, knows_keys: bool) -> Iterator[str]:
    size = max(shown.notes, default=0)
    yield f"Registre {shown.origin} : {counted(len(shown.lines), 'entrée lue', 'entrées lues')}, sceau de {size}."
    if found.is_whole and not found.lies:
        yield "Tout y est : chaque décision a été recomptée depuis ses avis, par l’outil donné à chacun."
    elif not found.is_whole:
        yield (
            f"{counted(len(shown.holes), 'entrée scellée n’est pas', 'entrées scellées ne sont pas')} dans ce dépôt : "
            "seules les décisions qui portent leur preuve ont été vérifiées, une à une."
        )
    for what, numbers in sorted(found.ballots.items()):
        words = (BALLOTS if len(numbers) == 1 else MANY)[what]
        yield f"{counted(len(numbers), 'nouvel avis', 'nouveaux avis')} {words}."
    if not knows_keys:
        yield (
            "Les clés sont celles que disent les règles du dépôt relu : copiez-les vous-même dans JALON_REGISTER_KEYS, "
            "pour qu’elles ne puissent pas changer sans vous."
        )
