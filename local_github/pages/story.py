"""Who did what on an issue, in the order it happened, in words a person reads."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby
from typing import Any, Protocol


class Told(Protocol):
    """One event as the local GitHub keeps it, named as in GitHub's timeline."""

    id: int
    event: str
    actor: str
    at: str
    details: dict[str, Any]


@dataclass(frozen=True)
class Line:
    """A sentence after its author; `labels` are shown as labels."""

    id: int
    actor: str
    at: str
    icon: str
    words: str
    labels: tuple[str, ...] = ()


REASONS = {"completed": "comme terminé", "not_planned": "comme non prévu", "duplicate": "comme doublon"}
PLAIN = {
    "edited": ("✎", "a modifié la description"),
    "reopened": ("○", "a rouvert le ticket"),
    "comment_pinned": ("⚲", "a épinglé un commentaire"),
    "comment_unpinned": ("⚲", "a détaché un commentaire"),
    "added_to_project_v2": ("▦", "a ajouté le ticket au tableau"),
    "removed_from_project_v2": ("▦", "a retiré le ticket du tableau"),
    "converted_from_draft": ("▦", "a transformé un brouillon en ticket"),
}
LABELS = {"labeled": "a ajouté", "unlabeled": "a retiré"}


def lines(events: Iterable[Told], texts: dict[int, str]) -> list[Line]:
    """What is to be told between the comments; labels changed at one go are told at one go.

    `texts` gives the author of each comment still there.
    """
    told = []
    for (kind, actor, _), group in groupby(events, _together):
        same = list(group)
        at = same[-1].at
        if kind == "edited":
            told.append(Line(same[-1].id, actor, at, *PLAIN[kind]))
        elif kind in LABELS:
            names = tuple(str(event.details["label"]) for event in same)
            words = f"{LABELS[kind]} {'les étiquettes' if len(names) > 1 else 'l’étiquette'}"
            told.append(Line(same[0].id, actor, at, "◆", words, names))
        else:
            told += [line for event in same if (line := _line(event, texts))]
    return told


def _together(event: Told) -> tuple[str, str, str]:
    return event.event, event.actor, event.at if event.event in LABELS else ""


def _line(event: Told, texts: dict[int, str]) -> Line | None:
    icon, words = _words(event, texts)
    return Line(event.id, event.actor, event.at, icon, words) if words else None


def _words(event: Told, texts: dict[int, str]) -> tuple[str, str]:
    """Nothing for what the page shows by itself, such as a comment."""
    match event.event, event.details:
        case "assigned", {"assignee": str(login)}:
            return "☺", "s’est attribué le ticket" if login == event.actor else f"a attribué le ticket à {login}"
        case "unassigned", {"assignee": str(login)}:
            return "☺", "s’est retiré du ticket" if login == event.actor else f"a retiré {login} du ticket"
        case "renamed", {"before": before, "after": after}:
            return "✎", f"a renommé « {before} » en « {after} »"
        case "closed", details:
            return "●", f"a fermé le ticket {REASONS.get(str(details.get('reason')), '')}".rstrip()
        case "comment_deleted", {"author": author}:
            return "✕", f"a supprimé un commentaire de {author}"
        case "comment_edited", {"comment": int(said)} if said in texts and texts[said] != event.actor:
            return "✎", f"a modifié un commentaire de {texts[said]}"
        case "project_v2_item_status_changed", {"before": before, "after": after}:
            return "▦", _moved(before, after)
    return PLAIN.get(event.event, ("", ""))


def _moved(before: object, after: object) -> str:
    if before and after:
        return f"a déplacé la carte de « {before} » à « {after} »"
    return f"a placé la carte dans « {after} »" if after else f"a sorti la carte de « {before} »"
