"""What remains at the end of a month: digests read, a register rebuilt elsewhere, other rules, a calendar."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from tempfile import TemporaryDirectory

import requests

from app.demo.client import READER, TIMEOUT_S
from app.demo.month_seed import RULES
from app.demo.month_steps import require_words, shows_lines, stage, tells
from app.demo.scenario import Scene, StoryError
from app.demo.steps import Act
from app.demo.visit import seen

DIGEST = "bilan"
LINKED_WORDS = re.compile(r"\[([^\]\[]++)\]\([^()\[\]]*+\)")
"""A reader sees the words of a link, and not where it leads."""


def digests(weeks: Mapping[str, tuple[str, ...]]) -> Act:
    """The digest of each of these weeks was published once, by itself, and says these words."""

    def act(scene: Scene) -> None:
        found = scene.hub.rest(READER, "GET", f"/issues?state=all&labels={DIGEST}&per_page=100")
        for week, words in weeks.items():
            of_week = [issue for issue in found if f"<!-- jalon:bilan {week} -->" in issue["body"]]
            if len(of_week) != 1:
                raise StoryError(f"la semaine {week} devrait avoir un bilan, et un seul")
            what = f"le bilan « {seen(of_week[0]['title'])} »"
            require_words(seen(LINKED_WORDS.sub(r"\1", of_week[0]["body"])), what, words)
            tells(scene, what, words)
            shows_lines(scene, of_week[0]["body"], 4)

    return act


def rebuilt(scene: Scene) -> None:
    """Another database, empty, is filled from GitHub alone: both registers hold the same facts in the same order."""
    month = stage(scene)
    month.settle()
    with TemporaryDirectory() as folder:
        elsewhere = f"sqlite:///{folder}/reconstruit.db"
        shows_lines(scene, month.jalon("register", "rebuild", database=elsewhere), 12)
        before, after = (_facts(month.jalon("register", "export", database=one)) for one in ("", elsewhere))
    if not before or before != after:
        missing = [fact for fact in before if fact not in after]
        raise StoryError(f"le registre reconstruit diffère : {len(before)} faits, puis {len(after)} ; {missing[:2]}")
    scene.tell(f"    ✓ les {len(before)} faits du registre reconstruit sont ceux du registre")


def _facts(exported: str) -> list[object]:
    """What happened; where each fact was sealed, a database without a log does not know."""
    told = (json.loads(line) for line in exported.splitlines() if line.strip())
    return [{name: value for name, value in fact.items() if name != "sealed"} for fact in told]


def simulated(before: str, after: str, words: tuple[str, ...]) -> Act:
    """The rules of the committee with one line changed, tried on what happened."""

    def act(scene: Scene) -> None:
        rules = stage(scene).hub.world.files[RULES]
        if before not in rules:
            raise StoryError(f"les règles ne disent plus « {before} »")
        with TemporaryDirectory() as folder:
            file = Path(folder) / "autres-regles.yml"
            file.write_text(rules.replace(before, after), encoding="utf-8")
            said = stage(scene).jalon("policy", "simulate", str(file), "--repo", scene.hub.repository)
        scene.tell(f"    avec « {after} » au lieu de « {before} » :")
        shows_lines(scene, said, 14)
        require_words(seen(said), "« jalon policy simulate »", words)
        tells(scene, "« jalon policy simulate »", words)

    return act


def subscribed(login: str, calendar: str, events: Mapping[str, tuple[str, str]]) -> Act:
    """Makes a secret address on « Calendriers », and reads what a diary reads there: by day, what and its state."""

    def act(scene: Scene) -> None:
        with stage(scene).visit(login) as visit:
            made = visit.sends(visit.page("/moi/calendrier"), f"Créer l’adresse : {calendar}", {})
        address = made.values.get("adresse", "")
        diary = requests.get(address, timeout=TIMEOUT_S)  # a diary signs in nowhere
        if not diary.ok:
            raise StoryError(f"le calendrier répond {diary.status_code}")
        found = [
            (one.get("DTSTART", ""), seen(one.get("SUMMARY", "")), one.get("STATUS", "")) for one in _events(diary)
        ]
        for day, (words, state) in events.items():
            if not any((when, status) == (day, state) and words in told for when, told, status in found):
                raise StoryError(f"le calendrier devait montrer « {words} » ({state}) le {day} ; il montre : {found}")
            scene.tell(f"    ✓ l’agenda abonné montre le {day} « {words} » ({state})")

    return act


def _events(diary: requests.Response) -> Iterator[dict[str, str]]:
    """Each event as the lines of RFC 5545 tell it, folded lines put back together, parameters left out."""
    lines = diary.content.decode("utf-8").replace("\r\n ", "").splitlines()
    event: dict[str, str] = {}
    for line in lines:
        name, _, value = line.partition(":")
        if line == "BEGIN:VEVENT":
            event = {}
        elif line == "END:VEVENT":
            yield event
        else:
            event[name.partition(";")[0]] = value
