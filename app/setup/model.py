"""What set-up needs and what it finds, as values: labels, the board with its fields and views, files."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True)
class LabelSpec:
    """`former`: its former names; `fixed`: Jalon needs this exact name, which people cannot choose."""

    name: str
    color: str
    description: str
    former: tuple[str, ...] = ()
    fixed: bool = True


@dataclass(frozen=True)
class OptionSpec:
    """One value of a single-select field; its id keeps the cards that hold it, its description survives a rename."""

    name: str
    color: str
    description: str
    id: str = ""


@dataclass(frozen=True)
class FieldSpec:
    """`kind` is GitHub's: SINGLE_SELECT, NUMBER, DATE or TEXT. `number` is the integer REST knows it by."""

    name: str
    kind: str
    options: tuple[OptionSpec, ...] = ()
    id: str = ""
    number: int = 0


@dataclass(frozen=True)
class ViewSpec:
    """`columns` names the field whose values make the columns of a board; `shown` the fields of a table or card."""

    name: str
    layout: str
    filter: str = ""
    columns: str = ""
    shown: tuple[str, ...] = ()


@dataclass(frozen=True)
class BoardSpec:
    """A board of the organisation as it stands; `automations` are GitHub's own that are switched on."""

    id: str
    number: int
    title: str
    url: str
    closed: bool = False
    public: bool = False
    readme: str = ""
    linked: bool = False
    fields: tuple[FieldSpec, ...] = ()
    views: tuple[ViewSpec, ...] = ()
    automations: tuple[str, ...] = ()

    def field(self, name: str) -> FieldSpec | None:
        """GitHub ignores the case of field names."""
        return next((item for item in self.fields if item.name.casefold() == name.casefold()), None)


@dataclass(frozen=True)
class File:
    """A file of the repository; `sha` is what GitHub asks for to replace it."""

    path: str
    text: str
    sha: str = ""


@dataclass(frozen=True)
class DesiredState:
    """Everything Jalon needs; files without their fingerprint, `policy` apart since it belongs to the committee."""

    labels: tuple[LabelSpec, ...]
    title: str
    summary: str
    readme: str
    fields: tuple[FieldSpec, ...]
    views: tuple[ViewSpec, ...]
    files: tuple[File, ...]
    policy: File
    catalogue: tuple[File, ...] = ()
    """What the committee keeps of commons and norms: put where there is none, and its own from then on."""


@dataclass(frozen=True)
class CurrentState:
    """What exists in the organisation and the repository; `files` are only those Jalon installs, by path."""

    repository: str
    repository_id: str
    organisation_id: str
    private: bool
    board: BoardSpec | None
    labels: tuple[LabelSpec, ...] = ()
    files: dict[str, File] = field(default_factory=dict)
