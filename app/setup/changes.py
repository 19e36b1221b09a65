"""A change to make: where, what and how, in French for people, with the action that makes it."""

from __future__ import annotations

from dataclasses import dataclass

from app.setup.model import FieldSpec, File, LabelSpec, OptionSpec, ViewSpec


@dataclass(frozen=True)
class CreateLabel:
    label: LabelSpec


@dataclass(frozen=True)
class EditLabel:
    """`name` is the label's present one; a renamed label stays on its issues."""

    name: str
    label: LabelSpec


@dataclass(frozen=True)
class CreateBoard:
    title: str


@dataclass(frozen=True)
class ReopenBoard:
    pass


@dataclass(frozen=True)
class DescribeBoard:
    summary: str
    readme: str


@dataclass(frozen=True)
class LinkBoard:
    pass


@dataclass(frozen=True)
class CreateField:
    field: FieldSpec


@dataclass(frozen=True)
class SetOptions:
    """All the options of a field, in order; existing ones have their id, without which cards would be emptied."""

    field: str
    options: tuple[OptionSpec, ...]


@dataclass(frozen=True)
class CreateView:
    view: ViewSpec


@dataclass(frozen=True)
class WriteFile:
    file: File


Act = (
    CreateLabel
    | EditLabel
    | CreateBoard
    | ReopenBoard
    | DescribeBoard
    | LinkBoard
    | CreateField
    | SetOptions
    | CreateView
    | WriteFile
)


@dataclass(frozen=True)
class SetupChange:
    """A line of the plan, in French: « étiquette », « phase: idée », « création »."""

    where: str
    what: str
    how: str
    act: Act


@dataclass(frozen=True)
class SetupRemark:
    """Something left as it is that a person should know; `mend` says what they may do."""

    what: str
    mend: str


@dataclass(frozen=True)
class Plan:
    """What will change, in order, and what will not although it could."""

    changes: tuple[SetupChange, ...]
    remarks: tuple[SetupRemark, ...] = ()
