"""Entries of other catalogues as commons: the SILL, publiccode.yml files, a CSV; files on this machine alone."""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from app.domain.reading.text import clipped, normalised
from app.domain.reuse.catalogue import KINDS, Common
from app.domain.reuse.catalogue_file import LINK, LONGEST, LONGEST_NAME, YES
from app.yaml_documents import NotYamlError, read_plain

APART = re.compile(r"[^a-z0-9]+")


class UnreadableSourceError(Exception):
    """A file that is not what it is given for; the message says why, in French."""


def from_sill(file: Path) -> Iterator[Common]:
    """The list that the SILL publishes as JSON."""
    found = _json(file)
    for one in found if isinstance(found, list) else ():
        if isinstance(one, Mapping) and one.get("i"):
            line = " ".join(str(one.get(key) or "").strip() for key in ("f", "fr-desc"))
            number = str(one.get("id") or one["i"])
            yield _common(
                str(one["i"]), line, "logiciel", str(one.get("u") or ""), str(one.get("l") or ""), "sill", number
            )


def from_publiccode(place: Path) -> Iterator[Common]:
    """A publiccode.yml, or every one in a folder."""
    files = sorted(place.rglob("publiccode.y*ml")) if place.is_dir() else [place]
    for file in files:
        try:
            found = read_plain(file.read_text(encoding="utf-8"))
        except (NotYamlError, UnicodeDecodeError) as error:
            raise UnreadableSourceError(f"{file.name} n’est pas du YAML lisible") from error
        if isinstance(found, Mapping) and found.get("name"):
            yield _of_publiccode(found)


def _of_publiccode(found: Mapping[str, Any]) -> Common:
    described = _table(found.get("description"))
    words = _table(described.get("fr") or described.get("en"))
    line = str(words.get("shortDescription") or words.get("genericName") or found["name"])
    address = str(found.get("url") or "")
    licence = str(_table(found.get("legal")).get("license") or "")
    link = str(found.get("landingURL") or address)
    return _common(str(found["name"]), line, "logiciel", link, licence, "publiccode", address or str(found["name"]))


def from_csv(file: Path) -> Iterator[Common]:
    """Columns nom and en_une_phrase; if there are any: nature, porteur, lien, licence, proposer, id."""
    try:
        text = file.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise UnreadableSourceError(f"{file.name} n’est pas enregistré en UTF-8") from error
    rows = csv.DictReader(text.splitlines(), delimiter=";" if ";" in text.partition("\n")[0] else ",")
    if "nom" not in (rows.fieldnames or ()):
        raise UnreadableSourceError(f"{file.name} n’a pas de colonne « nom »")
    for row in rows:
        name = str(row.get("nom") or "").strip()
        if name:
            line = str(row.get("en_une_phrase") or row.get("description") or "")
            link = str(row.get("lien") or row.get("url") or "")
            kind, licence = str(row.get("nature") or ""), str(row.get("licence") or "")
            one = _common(name, line, kind, link, licence, "csv", str(row.get("id") or name))
            is_proposed = normalised(str(row.get("proposer") or "")) in YES
            yield replace(one, owner=_short(str(row.get("porteur") or "")), is_proposed=is_proposed)


def brought(known: Iterable[Common], found: Iterable[Common]) -> tuple[Common, ...]:
    """Those known with those found: an entry keeps its id for ever, one that its source no longer has stays."""
    by_source = {one.source: one for one in known}
    taken = {one.id for one in by_source.values()}
    for one in found:
        before = by_source.get(one.source)
        name = before.id if before else _free(one.id, taken)
        taken.add(name)
        by_source[one.source] = replace(one, id=name)
    return tuple(sorted(by_source.values(), key=lambda one: one.id))


def _free(wanted: str, taken: set[str]) -> str:
    number, name = 1, wanted
    while name in taken:
        number += 1
        name = f"{wanted}-{number}"
    return name


def _common(name: str, line: str, kind: str, link: str, licence: str, source: str, key: str) -> Common:
    kind = normalised(kind)
    return Common(
        id=APART.sub("-", normalised(name)).strip("-") or "sans-nom",
        name=_short(name, LONGEST_NAME),
        line=_short(line) or _short(name),
        kind=kind if kind in KINDS else "logiciel",
        link=link.strip() if LINK.fullmatch(link.strip()) and len(link.strip()) <= LONGEST else "",
        licence=_short(licence),
        is_proposed=False,
        source=((source, _short(key)),),
        is_curated=False,
    )


def _short(text: str, most: int = LONGEST) -> str:
    return clipped(" ".join(text.split()), most)


def _table(found: Any) -> Mapping[str, Any]:
    return found if isinstance(found, Mapping) else {}


def _json(file: Path) -> Any:
    try:
        return json.loads(file.read_text(encoding="utf-8"))
    except ValueError as error:
        raise UnreadableSourceError(f"{file.name} n’est pas du JSON lisible") from error
