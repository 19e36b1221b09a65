"""The board: found, reopened or created; its fields, whose values keep their cards; its views."""

from __future__ import annotations

from app.github.boards import marker
from app.setup.changes import (
    Change,
    CreateBoard,
    CreateField,
    CreateView,
    DescribeBoard,
    LinkBoard,
    Plan,
    Remark,
    ReopenBoard,
    SetOptions,
)
from app.setup.model import Board, Field, Option, Present, View, Wanted

FIGHTING = {
    "Auto-archive items": "archive des cartes : un produit disparaîtrait du tableau",
    "Auto-close issue": "ferme le ticket quand le champ « Status » passe à « Done », sans décision du comité",
}
"""GitHub's own automations of a board that undo what the committee decided; the API cannot switch them off."""


def plan_board(wanted: Wanted, present: Present) -> Plan:
    """Pure. Fields, options and views that people added stay where they are."""
    board = present.board
    title = board.title if board else wanted.title
    fields = [_field(field, board) for field in wanted.fields]
    changes = [*_frame(wanted, present), *(change for plan in fields for change in plan.changes)]
    changes.extend(
        Change("vue", view.name, f"création dans « {title} »", CreateView(view))
        for view in wanted.views
        if not (board and any(_serves(found, view) for found in board.views))
    )
    remarks = [remark for plan in fields for remark in plan.remarks]
    return Plan(tuple(changes), (*remarks, *_useless_views(wanted, board), *_warnings(present)))


def _serves(found: View, wanted: View) -> bool:
    """Bears the name and, for a board, still has the columns; people arrange the rest as they like.

    A view whose field was deleted has lost its columns, which no API gives back: another one is made.
    """
    return found.name.casefold() == wanted.name.casefold() and wanted.columns in {"", found.columns}


def _frame(wanted: Wanted, present: Present) -> list[Change]:
    board, changes = present.board, []
    name = board.title if board else wanted.title
    if board is None:
        changes.append(Change("tableau", name, "création", CreateBoard(wanted.title)))
    elif board.closed:
        changes.append(Change("tableau", name, "réouverture", ReopenBoard()))
    if board is None or marker(present.repository) not in board.readme.lower():
        mark, before = marker(present.repository), (board.readme if board else "").strip()
        readme = f"{before or wanted.readme.strip()}\n\n{mark}\n"
        changes.append(Change("tableau", name, "présentation", DescribeBoard(wanted.summary, readme)))
    if board is None or not board.linked:
        changes.append(Change("tableau", name, f"lien avec {present.repository}", LinkBoard()))
    return changes


def _field(field: Field, board: Board | None) -> Plan:
    found = board.field(field.name) if board else None
    if found is None:
        return Plan((Change("champ", field.name, "création", CreateField(field)),))
    if found.kind != field.kind:
        return Plan((), (_wrong_kind(field, found),))
    options = merged(field.options, found.options)
    if options == found.options:
        return Plan(())
    return Plan((Change("champ", found.name, _told(found.options, options), SetOptions(found.name, options)),))


def merged(wanted: tuple[Option, ...], present: tuple[Option, ...]) -> tuple[Option, ...]:
    """Ours first and in order, each with the id it has; then those that people added, as they are."""
    left = list(present)
    result = []
    for option in wanted:
        named = [item for item in left if item.name == option.name]
        cased = [item for item in left if item.name.casefold() == option.name.casefold()]
        names = {other.name.casefold() for other in wanted}
        renamed = [
            item
            for item in left
            if option.description and item.description == option.description and item.name.casefold() not in names
        ]
        found = next(iter(named or cased or renamed), None)
        if found:
            left.remove(found)
        result.append(Option(option.name, option.color, option.description, found.id if found else ""))
    return (*result, *left)


def _told(before: tuple[Option, ...], after: tuple[Option, ...]) -> str:
    known = {option.id: option for option in before}
    told = []
    for option in after:
        old = known.get(option.id)
        if old is None:
            told.append(f"option « {option.name} » : création")
        elif old.name != option.name:
            told.append(f"option « {old.name} » : renommage en « {option.name} »")
        elif old != option:
            told.append(f"option « {option.name} » : couleur ou description")
    kept = [option.id for option in after if option.id]
    if kept != [option.id for option in before]:
        told.append("ordre des options")
    return ", ".join(told)


def _wrong_kind(field: Field, found: Field) -> Remark:
    kinds = {"SINGLE_SELECT": "liste à choix unique", "NUMBER": "nombre", "DATE": "date", "TEXT": "texte"}
    return Remark(
        f"Le champ « {found.name} » du tableau existe, mais n’est pas du type « {kinds[field.kind]} ».",
        "Renommez-le dans les réglages du tableau, puis relancez « jalon setup » : le bon champ sera créé.",
    )


def _useless_views(wanted: Wanted, board: Board | None) -> list[Remark]:
    """Views under one of our names that no longer show their columns."""
    return [
        Remark(
            f"Une vue « {view.name} » du tableau n’a plus « {ours.columns} » en colonnes.",
            "Supprimez-la : ouvrez-la, puis « Delete view ». « jalon setup » en pose une autre.",
        )
        for ours in wanted.views
        for view in (board.views if board else ())
        if view.name.casefold() == ours.name.casefold() and not _serves(view, ours)
    ]


def _warnings(present: Present) -> list[Remark]:
    board, remarks = present.board, []
    if board is None:
        return []
    if board.public and present.private:
        remarks.append(
            Remark(
                "Le tableau est public alors que le dépôt est privé : ses textes et ses noms de colonnes se lisent.",
                f"Rendez-le privé : {board.url}/settings, « Visibility », « Private ».",
            )
        )
    remarks.extend(
        Remark(
            f"L’automatisme « {name} » de GitHub est actif : il {FIGHTING[name]}.",
            f"Désactivez-le : {board.url}/workflows.",
        )
        for name in board.automations
        if name in FIGHTING
    )
    return remarks
