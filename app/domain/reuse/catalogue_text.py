"""The file of imported commons as text: sorted, one way to write each entry, so that only what changed shows."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator

from app.domain.reuse.catalogue import Common

HEADER = """\
# Fiches importées par « jalon reuse import » : ne modifiez pas ce fichier, il est écrit à nouveau à chaque import.
# Pour changer une fiche, recopiez-la dans communs.yml sous le même id : c’est alors celle-là qui vaut.
"""


def catalogue_yaml(commons: Iterable[Common]) -> str:
    """The whole file; reading it gives these commons again."""
    entries = ["\n".join(_lines(one)) for one in sorted(commons, key=lambda one: one.id)]
    return "\n\n".join([HEADER.rstrip(), *entries]) + "\n" if entries else f"{HEADER}[]\n"


def _lines(one: Common) -> Iterator[str]:
    """Texts are quoted as JSON does, which YAML reads alike whatever they hold."""
    yield f"- id: {one.id}"
    yield f"  nom: {_quoted(one.name)}"
    yield f"  en_une_phrase: {_quoted(one.line)}"
    for key, texts in (("besoins", one.needs), ("remplace", one.replaces)):
        if texts:
            yield f"  {key}: [{', '.join(map(_quoted, texts))}]"
    yield f"  nature: {one.kind}"
    for key, text in (("porteur", one.owner), ("lien", one.link), ("licence", one.licence)):
        if text:
            yield f"  {key}: {_quoted(text)}"
    yield f"  proposer: {'oui' if one.is_proposed else 'non'}"
    if one.seen_on:
        yield f"  vu_le: {one.seen_on.isoformat()}"
    if one.source:
        yield f"  source: {{{', '.join(f'{key}: {_quoted(text)}' for key, text in one.source)}}}"


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)
