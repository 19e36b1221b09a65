"""From the documents of a catalogue to its commons and norms, or to every problem they hold, with line and column."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from enum import StrEnum

from app.domain.policy.checklist_items import IDENTIFIER, Marks, read_ids, unique
from app.domain.policy.document import DocumentReader, Node, Problem, ProblemKind, Scalar, Sequence, TableNode
from app.domain.reading.text import normalised
from app.domain.reuse.catalogue import KINDS, Catalogue, Common, Norm, Reflex

COMMONS, IMPORTED, NORMS = (
    ".github/jalon/communs.yml",
    ".github/jalon/communs-importes.yml",
    ".github/jalon/normes.yml",
)
PATHS = (COMMONS, IMPORTED, NORMS)
MOST: Mapping[str, int] = {COMMONS: 60, IMPORTED: 1_000, NORMS: 60}
"""Entries: a list kept by hand is one that somebody can look over once a year."""
MOST_REFLEXES = 6
"""Questions asked whatever the need: beyond a handful, nobody reads them."""
MOST_WORDS = 20
"""Needs, other names and conditions of one entry."""
LONGEST, LONGEST_NAME = 300, 80
LINK = re.compile(r"https?://[A-Za-z0-9][^\s<>\"]*")
YES, NO = ("oui", "yes", "true"), ("non", "no", "false")
SOURCES = ("sill", "publiccode", "csv")
OF_COMMON = (
    *("besoins", "remplace", "nature", "porteur", "lien", "licence"),
    *("proposer", "reflexe", "regle", "vu_le", "siege", "source"),
)
OF_NORM = ("porteur", "quand", "preuve", "commun", "site", "vu_le")


class EntryProblem(StrEnum):
    """What may be wrong with an entry, beside what may be with any document."""

    BAD_LINK = "bad_link"
    TEXT_TOO_LONG = "text_too_long"
    TOO_MANY_REFLEXES = "too_many_reflexes"


def read_catalogue(path: str, document: Node, language: str = "fr") -> Catalogue | tuple[Problem, ...]:
    """What one of the three files holds, or all its problems; an empty file is an empty list."""
    reader = DocumentReader(language)
    entries = None if isinstance(document, Scalar) and document.value is None else document
    if path == NORMS:
        found = Catalogue(norms=_norms(reader, entries))
    else:
        found = Catalogue(commons=_commons(reader, entries, path))
    return tuple(sorted(set(reader.problems))) or found


def merged_catalogues(curated: Catalogue, imported: Catalogue, norms: Catalogue) -> Catalogue:
    """One catalogue of three files; an imported entry taken over by hand is the one written by hand."""
    others = (one for one in imported.commons if one.id not in curated.by_id)
    return Catalogue((*curated.commons, *others), norms.norms)


def _commons(reader: DocumentReader, node: Node | None, path: str) -> tuple[Common, ...]:
    found: list[Common] = []
    seen, reflexes = Marks(), 0
    for where, item in reader.items(node, "", MOST[path]):
        entry = reader.table(item, where, ("id", "nom", "en_une_phrase"), OF_COMMON)
        common = _common(reader, entry, where, is_curated=path == COMMONS)
        unique(reader, seen, common.id, item, where)
        reflexes += common.reflex is not None
        if common.reflex and reflexes > MOST_REFLEXES:
            reader.note(entry["reflexe"].mark, f"{where}.reflexe", EntryProblem.TOO_MANY_REFLEXES, most=MOST_REFLEXES)
        found.append(common)
    return tuple(found)


def _common(reader: DocumentReader, entry: Mapping[str, Node], path: str, *, is_curated: bool) -> Common:
    return Common(
        id=reader.text(entry.get("id"), f"{path}.id", IDENTIFIER),
        name=_text(reader, entry, "nom", path, LONGEST_NAME),
        line=_text(reader, entry, "en_une_phrase", path),
        needs=_texts(reader, entry.get("besoins"), f"{path}.besoins"),
        replaces=_texts(reader, entry.get("remplace"), f"{path}.remplace"),
        kind=_kind(reader, entry.get("nature"), f"{path}.nature"),
        owner=_text(reader, entry, "porteur", path),
        link=_link(reader, entry.get("lien"), f"{path}.lien"),
        licence=_text(reader, entry, "licence", path),
        is_proposed=_flag(reader, entry.get("proposer"), f"{path}.proposer", default=is_curated),
        reflex=_reflex(reader, entry.get("reflexe"), f"{path}.reflexe"),
        settles=read_ids(reader, entry.get("regle"), f"{path}.regle"),
        seen_on=_day(reader, entry.get("vu_le"), f"{path}.vu_le"),
        seat=reader.text(entry.get("siege"), f"{path}.siege", IDENTIFIER),
        source=_source(reader, entry.get("source"), f"{path}.source"),
        is_curated=is_curated,
    )


def _norms(reader: DocumentReader, node: Node | None) -> tuple[Norm, ...]:
    found: list[Norm] = []
    seen = Marks()
    for where, item in reader.items(node, "", MOST[NORMS]):
        entry = reader.table(item, where, ("id", "norme"), OF_NORM)
        norm = Norm(
            id=reader.text(entry.get("id"), f"{where}.id", IDENTIFIER),
            name=_text(reader, entry, "norme", where),
            owner=_text(reader, entry, "porteur", where),
            when=_text(reader, entry, "quand", where),
            evidence=_text(reader, entry, "preuve", where),
            common=reader.text(entry.get("commun"), f"{where}.commun", IDENTIFIER),
            link=_link(reader, entry.get("site"), f"{where}.site"),
            seen_on=_day(reader, entry.get("vu_le"), f"{where}.vu_le"),
        )
        unique(reader, seen, norm.id, item, where)
        found.append(norm)
    return tuple(found)


def _text(reader: DocumentReader, entry: Mapping[str, Node], key: str, path: str, most: int = LONGEST) -> str:
    return _short(reader, entry.get(key), f"{path}.{key}", most)


def _short(reader: DocumentReader, node: Node | None, path: str, most: int = LONGEST) -> str:
    """A text on one line, short enough to be shown in a comment."""
    found = " ".join(reader.text(node, path).split())
    if node is not None and len(found) > most:
        reader.note(node.mark, path, EntryProblem.TEXT_TOO_LONG, most=most, found=len(found))
    return found


def _texts(reader: DocumentReader, node: Node | None, path: str) -> tuple[str, ...]:
    """A short list of texts; a table `{fr: […], en: […]}` gives the list of the language read."""
    if isinstance(node, TableNode):
        lists = reader.table(node, path, ("fr", "en"))
        read = {language: _texts(reader, found, f"{path}.{language}") for language, found in lists.items()}
        return read.get(reader.language, ())
    if isinstance(node, Sequence) and len(node.items) > MOST_WORDS:
        found = len(node.items)
        reader.note(node.items[MOST_WORDS].mark, path, ProblemKind.LIST_TOO_LONG, most=MOST_WORDS, found=found)
    return reader.texts(node, path, lambda item, where: _short(reader, item, where))


def _kind(reader: DocumentReader, node: Node | None, path: str) -> str:
    found = normalised(reader.text(node, path))
    if node is not None and found and found not in KINDS:
        reader.note(node.mark, path, ProblemKind.NOT_ONE_OF, value=found, allowed=", ".join(KINDS))
    return found if found in KINDS else KINDS[0]


def _flag(reader: DocumentReader, node: Node | None, path: str, *, default: bool) -> bool:
    """« oui » and « non » as people write them; YAML's own words as well."""
    if node is None:
        return default
    found = str(node.value).lower() if isinstance(node, Scalar) else ""
    if found not in (*YES, *NO):
        reader.note(node.mark, path, ProblemKind.NOT_ONE_OF, value=found, allowed="oui, non")
    return found in YES if found in (*YES, *NO) else default


def _reflex(reader: DocumentReader, node: Node | None, path: str) -> Reflex | None:
    if node is None:
        return None
    entry = reader.table(node, path, ("si", "question"))
    when = _texts(reader, entry.get("si"), f"{path}.si")
    if "si" in entry and not when:
        reader.note(entry["si"].mark, f"{path}.si", ProblemKind.EMPTY)
    return Reflex(when, _text(reader, entry, "question", path))


def _link(reader: DocumentReader, node: Node | None, path: str) -> str:
    found = reader.text(node, path)
    if node is not None and found and not (LINK.fullmatch(found) and len(found) <= LONGEST):
        reader.note(node.mark, path, EntryProblem.BAD_LINK, value=found)
        return ""
    return found


def _day(reader: DocumentReader, node: Node | None, path: str) -> date | None:
    found = reader.text(node, path)
    if node is None or not found:
        return None
    try:
        return date.fromisoformat(found)
    except ValueError:
        reader.note(node.mark, path, ProblemKind.BAD_DATE, value=found)
        return None


def _source(reader: DocumentReader, node: Node | None, path: str) -> tuple[tuple[str, str], ...]:
    """Where an entry comes from, in the order of `SOURCES`: numbers and addresses alike, as text."""
    if node is None:
        return ()
    entry = reader.table(node, path, (), SOURCES)
    return tuple((key, _told(reader, entry[key], f"{path}.{key}")) for key in SOURCES if key in entry)


def _told(reader: DocumentReader, node: Node, path: str) -> str:
    if isinstance(node, Scalar) and type(node.value) is int:
        return str(node.value)
    return _short(reader, node, path)
