"""Plans labels: missing ones are created, ours repaired, those that people made or renamed left alone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from app.setup.changes import Act, CreateLabel, EditLabel, Plan, SetupChange, SetupRemark
from app.setup.model import LabelSpec

WHERE = "étiquette"
BARE = ("ededed", "")
"""Look of a label that GitHub created because somebody put its name on an issue."""
Renamed = tuple[str, str] | None


def plan_labels(wanted: tuple[LabelSpec, ...], present: tuple[LabelSpec, ...]) -> Plan:
    """Pure. GitHub ignores the case of label names."""
    by_name = {label.name.casefold(): label for label in present}
    claimed = {label.name.casefold() for label in wanted}
    changes: list[SetupChange] = []
    remarks: list[SetupRemark] = []
    for label in wanted:
        found = by_name.get(label.name.casefold())
        if found is None and (renamed := _renamed(label, by_name, claimed)):
            claimed.add(renamed.name.casefold())
            if not _ours_to_rename(label, renamed):
                remarks.append(_kept(label, renamed))
                continue
            found = renamed
        if found is None:
            changes.append(SetupChange(WHERE, label.name, "création", CreateLabel(label)))
        elif differences := _differences(label, found):
            changes.append(SetupChange(WHERE, label.name, differences, EditLabel(found.name, label)))
    return Plan(tuple(changes), tuple(remarks))


def mends(wanted: tuple[LabelSpec, ...], present: tuple[LabelSpec, ...], renamed: Renamed = None) -> tuple[Act, ...]:
    """Repairs for the labels Jalon finds by name: recreate one, or rename it back.

    `renamed`: the name one had and the one it has. Colours and descriptions people chose are kept, except the grey
    GitHub gives a label created by being put on an issue. Pure.
    """
    before, after = renamed or ("", "")
    fixed = tuple(
        replace(label, former=(*label.former, after)) if label.name.casefold() == before.casefold() else label
        for label in wanted
        if label.fixed
    )
    bare = {label.name for label in present if (label.color.lower(), label.description) == BARE}
    acts = [change.act for change in plan_labels(fixed, present).changes]
    return tuple(act for act in acts if not isinstance(act, EditLabel) or act.name in bare or _gives_name(act))


def _gives_name(act: EditLabel) -> bool:
    return act.name.casefold() != act.label.name.casefold()


def _renamed(label: LabelSpec, by_name: Mapping[str, LabelSpec], claimed: set[str]) -> LabelSpec | None:
    """The label under another name: one of its former names, or any that has its description."""
    for former in label.former:
        if (found := by_name.get(former.casefold())) and former.casefold() not in claimed:
            return found
    for name, found in by_name.items():
        if name not in claimed and label.description and found.description == label.description:
            return found
    return None


def _ours_to_rename(label: LabelSpec, found: LabelSpec) -> bool:
    """Whether we changed its name ourselves, or Jalon needs this exact name."""
    return label.fixed or found.name.casefold() in {former.casefold() for former in label.former}


def _differences(label: LabelSpec, found: LabelSpec) -> str:
    told = []
    if found.name != label.name:
        told.append(f"renommage (« {found.name} » ; les tickets la gardent)")
    if found.color.lower() != label.color.lower():
        told.append(f"couleur ({found.color} → {label.color})")
    if found.description != label.description:
        told.append("description")
    return ", ".join(told)


def _kept(label: LabelSpec, found: LabelSpec) -> SetupRemark:
    return SetupRemark(
        f"L’étiquette « {label.name} » a été renommée « {found.name} » : elle est gardée sous ce nom.",
        f"Si ce n’est pas voulu, rendez-lui son nom « {label.name} » : formulaires et bilan la cherchent ainsi.",
    )
