"""Issue forms: read from the repository's files, and turned into the body GitHub would write."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

import yaml

from local_github.pages.words import Declined

FOLDER = ".github/ISSUE_TEMPLATE/"
NOTHING = "_No response_"
KINDS = ("markdown", "input", "textarea", "dropdown", "checkboxes", "upload")


class Posted(Protocol):
    """What a browser sent."""

    def get(self, key: str, /) -> str | None: ...
    def getlist(self, key: str, /) -> list[str]: ...


@dataclass(frozen=True)
class Field:
    """One item of a form; `name` is the name of its control, options are known by their rank.

    `musts` are the options one has to tick.
    """

    name: str
    id: str
    kind: str
    label: str
    text: str
    description: str
    placeholder: str
    options: tuple[str, ...]
    musts: tuple[str, ...]
    multiple: bool
    required: bool
    render: str
    default: str


@dataclass(frozen=True)
class Form:
    file: str
    name: str
    description: str
    title: str
    labels: tuple[str, ...]
    fields: tuple[Field, ...]


def forms(files: Mapping[str, str]) -> list[Form]:
    """Those of a repository, by name of file; one that cannot be read is left out, as GitHub does."""
    names = sorted(path.removeprefix(FOLDER) for path in files if path.startswith(FOLDER))
    found = []
    for name in names:
        try:
            found.append(form(files, name))
        except Declined:
            continue
    return found


def form(files: Mapping[str, str], name: str) -> Form:
    """Raises Declined."""
    path = FOLDER + name
    if path not in files or not name.endswith((".yml", ".yaml")) or name.startswith("config."):
        raise Declined(404, "Ce formulaire n’existe pas.")
    read = _yaml(files[path])
    items = read.get("body")
    if not isinstance(items, list) or not items:
        raise Declined(422, f"Le formulaire {name} n’a pas de rubrique body.")
    fields = tuple(_field(rank, item) for rank, item in enumerate(items))
    description, title = str(read.get("description") or ""), str(read.get("title") or "")
    return Form(name, str(read.get("name") or name), description, title, _labels(read.get("labels")), fields)


def contact_links(files: Mapping[str, str]) -> list[tuple[str, str, str]]:
    """Name, address and description of the links that stand beside the forms."""
    try:
        links = _yaml(files.get(f"{FOLDER}config.yml", "{}")).get("contact_links") or []
    except Declined:
        return []
    known = [link for link in links if isinstance(link, dict)]
    shown = [(str(link.get("name")), str(link.get("url")), str(link.get("about") or "")) for link in known]
    return [link for link in shown if link[1].startswith(("https://", "http://"))]


def blank_allowed(files: Mapping[str, str]) -> bool:
    """Unless `config.yml` says no; one that cannot be read says nothing."""
    try:
        return _yaml(files.get(f"{FOLDER}config.yml", "{}")).get("blank_issues_enabled") is not False
    except Declined:
        return True


def missing(asked: Form, posted: Posted) -> list[Field]:
    """Questions that want an answer and have none; GitHub asks this of public repositories alone."""
    return [field for field in asked.fields if _is_missing(field, posted)]


def _is_missing(field: Field, posted: Posted) -> bool:
    chosen = _chosen(field, posted.getlist(field.name))
    if field.kind == "checkboxes":
        return not set(field.musts) <= set(chosen)
    if not field.required or field.kind in {"markdown", "upload"}:
        return False
    return not (chosen if field.kind == "dropdown" else (posted.get(field.name) or "").strip())


def body(asked: Form, posted: Posted) -> str:
    """Each answer under its question; what only explains is not sent."""
    lines: list[str] = []
    for field in asked.fields:
        if field.kind != "markdown":
            lines += [f"### {field.label}", "", _answer(field, posted), ""]
    return "\n".join(lines)


def _answer(field: Field, posted: Posted) -> str:
    if field.kind == "upload":
        return NOTHING  # this local GitHub keeps no files
    chosen = _chosen(field, posted.getlist(field.name))
    if field.kind == "checkboxes":
        return "\n".join(f"- [{'X' if option in chosen else ' '}] {option}" for option in field.options)
    if field.kind == "dropdown":
        return ", ".join(chosen) or NOTHING
    text = (posted.get(field.name) or "").replace("\r\n", "\n").rstrip()
    if not text.strip():
        return NOTHING
    return f"```{field.render}\n{text}\n```" if field.render else text


def _chosen(field: Field, values: Iterable[str]) -> list[str]:
    wanted = set(values)
    return [option for rank, option in enumerate(field.options) if str(rank) in wanted]


def _field(rank: int, item: Any) -> Field:
    if not isinstance(item, dict) or item.get("type") not in KINDS:
        raise Declined(422, f"La question {rank + 1} de ce formulaire a un type inconnu.")
    about, rules = item.get("attributes") or {}, item.get("validations") or {}
    listed = about.get("options") or []
    return Field(
        name=f"q{rank}",
        id=str(item.get("id") or ""),
        kind=item["type"],
        label=str(about.get("label") or ""),
        text=str(about.get("value") or ""),
        description=str(about.get("description") or ""),
        placeholder=str(about.get("placeholder") or ""),
        options=tuple(_label(option) for option in listed),
        musts=tuple(_label(option) for option in listed if isinstance(option, dict) and option.get("required")),
        multiple=bool(about.get("multiple")),
        required=bool(rules.get("required")),
        render=str(about.get("render") or ""),
        default=str(about.get("default", "")),
    )


def _label(option: Any) -> str:
    return str(option.get("label") if isinstance(option, dict) else option)


def _labels(given: Any) -> tuple[str, ...]:
    names = given.split(",") if isinstance(given, str) else given or []
    return tuple(str(name).strip() for name in names)


def _yaml(text: str) -> dict[str, Any]:
    try:
        read = yaml.safe_load(text)
    except (yaml.YAMLError, RecursionError) as error:
        raise Declined(422, f"Ce fichier YAML ne peut pas être lu : {error}") from error
    if not isinstance(read, dict):
        raise Declined(422, "Ce fichier YAML n’est pas un formulaire.")
    return read
