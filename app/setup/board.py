"""Plans the board: found, reopened or created; its fields, keeping the values of the cards; its views."""

from __future__ import annotations

from app.github.boards import marker
from app.setup.changes import (
    CreateBoard,
    CreateField,
    CreateView,
    DescribeBoard,
    LinkBoard,
    Plan,
    ReopenBoard,
    SetOptions,
    SetupChange,
    SetupRemark,
)
from app.setup.model import BoardSpec, CurrentState, DesiredState, FieldSpec, OptionSpec, ViewSpec

FIGHTING = {
    "Auto-archive items": "archive des cartes : un produit disparaîtrait du tableau",
    "Auto-close issue": "ferme le ticket quand le champ « Status » passe à « Done », sans décision du comité",
}
"""GitHub's own board automations that undo committee decisions; the API cannot switch them off."""


def plan_board(wanted: DesiredState, present: CurrentState) -> Plan:
    """Pure. Fields, options and views that people added stay where they are."""
    board = present.board
    title = board.title if board else wanted.title
    fields = [_field(field, board) for field in wanted.fields]
    changes = [*_frame(wanted, present), *(change for plan in fields for change in plan.changes)]
    changes.extend(
        SetupChange("vue", view.name, f"création dans « {title} »", CreateView(view))
        for view in wanted.views
        if not (board and any(_serves(found, view) for found in board.views))
    )
    remarks = [remark for plan in fields for remark in plan.remarks]
    return Plan(tuple(changes), (*remarks, *_useless_views(wanted, board), *_warnings(present)))


def _serves(found: ViewSpec, wanted: ViewSpec) -> bool:
    """Whether a view has the name and, for a board, still has its columns; people arrange the rest as they like.

    A view whose field was deleted has lost its columns, which no API call gives back: a new view is created.
    """
    return found.name.casefold() == wanted.name.casefold() and wanted.columns in {"", found.columns}


def _frame(wanted: DesiredState, present: CurrentState) -> list[SetupChange]:
    board, changes = present.board, []
    name = board.title if board else wanted.title
    if board is None:
        changes.append(SetupChange("tableau", name, "création", CreateBoard(wanted.title)))
    elif board.closed:
        changes.append(SetupChange("tableau", name, "réouverture", ReopenBoard()))
    if board is None or marker(present.repository) not in board.readme.lower():
        mark, before = marker(present.repository), (board.readme if board else "").strip()
        readme = f"{before or wanted.readme.strip()}\n\n{mark}\n"
        changes.append(SetupChange("tableau", name, "présentation", DescribeBoard(wanted.summary, readme)))
    if board is None or not board.linked:
        changes.append(SetupChange("tableau", name, f"lien avec {present.repository}", LinkBoard()))
    return changes


def _field(field: FieldSpec, board: BoardSpec | None) -> Plan:
    found = board.field(field.name) if board else None
    if found is None:
        return Plan((SetupChange("champ", field.name, "création", CreateField(field)),))
    if found.kind != field.kind:
        return Plan((), (_wrong_kind(field, found),))
    options = merged_options(field.options, found.options)
    if options == found.options:
        return Plan(())
    return Plan((SetupChange("champ", found.name, _told(found.options, options), SetOptions(found.name, options)),))


def merged_options(wanted: tuple[OptionSpec, ...], present: tuple[OptionSpec, ...]) -> tuple[OptionSpec, ...]:
    """Our options first and in order, with their ids if they exist; then those that people added, unchanged."""
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
        result.append(OptionSpec(option.name, option.color, option.description, found.id if found else ""))
    return (*result, *left)


def _told(before: tuple[OptionSpec, ...], after: tuple[OptionSpec, ...]) -> str:
    known = {option.id: option for option in before}
    told = []
    for option in after:
        old = known.get(option.id)
        if old is None:
            told.append(f"option « {option.name} » : création")
        elif old.name != option.name:
            told.append(f"option « {old.name} » : renommage en « {option.name} »")
        elif old != option:
            told.append(f"option « {option.name} » : couleur ou description")
    kept = [option.id for option in after if option.id]
    if kept != [option.id for option in before]:
        told.append("ordre des options")
    return ", ".join(told)


def _wrong_kind(field: FieldSpec, found: FieldSpec) -> SetupRemark:
    kinds = {"SINGLE_SELECT": "liste à choix unique", "NUMBER": "nombre", "DATE": "date", "TEXT": "texte"}
    return SetupRemark(
        f"Le champ « {found.name} » du tableau existe, mais n’est pas du type « {kinds[field.kind]} ».",
        "Renommez-le dans les réglages du tableau, puis relancez « jalon setup » : le bon champ sera créé.",
    )


def _useless_views(wanted: DesiredState, board: BoardSpec | None) -> list[SetupRemark]:
    """Views with one of our names that no longer show their columns."""
    return [
        SetupRemark(
            f"Une vue « {view.name} » du tableau n’a plus « {ours.columns} » en colonnes.",
            "Supprimez-la : ouvrez-la, puis « Delete view ». « jalon setup » en pose une autre.",
        )
        for ours in wanted.views
        for view in (board.views if board else ())
        if view.name.casefold() == ours.name.casefold() and not _serves(view, ours)
    ]


def _warnings(present: CurrentState) -> list[SetupRemark]:
    board, remarks = present.board, []
    if board is None:
        return []
    if board.public and present.private:
        remarks.append(
            SetupRemark(
                "Le tableau est public alors que le dépôt est privé : ses textes et ses noms de colonnes se lisent.",
                f"Rendez-le privé : {board.url}/settings, « Visibility », « Private ».",
            )
        )
    remarks.extend(
        SetupRemark(
            f"L’automatisme « {name} » de GitHub est actif : il {FIGHTING[name]}.",
            f"Désactivez-le : {board.url}/workflows.",
        )
        for name in board.automations
        if name in FIGHTING
    )
    return remarks
