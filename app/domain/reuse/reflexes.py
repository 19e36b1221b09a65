"""Commons asked about by a condition that their entry declares, whatever else the filing says."""

from __future__ import annotations

from collections.abc import Iterable

from app.domain.reuse.catalogue import Common
from app.domain.reuse.need import Filing
from app.domain.reuse.plain import AUDIENCES, PLAIN
from app.domain.reuse.texts import stem, words_of

MOST_DECLARED = 6
"""Entries of a catalogue whose conditions are looked at: more questions than that would be a form."""
EVERYWHERE = PLAIN.union(("professionnel", "professionnels"), *AUDIENCES.values())
"""Words that a filing may hold whatever it is about: plain ones, and those of an audience."""
UNTICKED = ("- [ ]", "* [ ]", "+ [ ]")


def commons_to_ask(filing: Filing, commons: Iterable[Common]) -> tuple[Common, ...]:
    """The commons to ask about, in the order of the catalogue.

    « Agents » or « usagers » stand in most filings: of such words alone, two are needed.
    """
    need = filing.need
    lines = [need.title, *need.line.splitlines(), *need.text.splitlines()]
    lines += [line for _, text in filing.answers for line in text.splitlines() if not line.startswith(UNTICKED)]
    said = [f" {' '.join(map(stem, words_of(line)))} " for line in lines]
    declared = [common for common in commons if common.reflex and common.is_proposed][:MOST_DECLARED]
    return tuple(common for common in declared if common.reflex and _is_met(common.reflex.when, said))


def _is_met(when: tuple[str, ...], said: list[str]) -> bool:
    weight = 0
    for condition in when:
        words = words_of(condition)
        stems = f" {' '.join(map(stem, words))} "
        if words and any(stems in line for line in said):
            weight += 1 if len(words) == 1 and words[0] in EVERYWHERE else 2
    return weight >= 2
