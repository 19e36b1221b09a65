"""How things look: colours of labels that stay readable, dates, reactions."""

from __future__ import annotations

import re
import zlib
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

from local_github.state import Label, Reaction
from local_github.world import World

HERE = Path(__file__).parent
HEX = re.compile(r"[0-9a-f]{6}")
EMOJI = {
    "+1": ("👍", "pouce levé"),
    "-1": ("👎", "pouce baissé"),
    "laugh": ("😄", "rire"),
    "hooray": ("🎉", "bravo"),
    "confused": ("😕", "perplexe"),
    "heart": ("❤️", "cœur"),
    "rocket": ("🚀", "fusée"),
    "eyes": ("👀", "regard"),
}
HIDDEN = {
    "OUTDATED": "dépassé",
    "RESOLVED": "réglé",
    "DUPLICATE": "en double",
    "OFF_TOPIC": "hors sujet",
    "ABUSE": "déplacé",
    "SPAM": "indésirable",
}
TINTS = 8


def stylesheet(world: World) -> str:
    """One file: our own rules, then one rule per label, since inline styles are forbidden."""
    return own_file("pages.css") + "".join(_rule(label) for label in world.labels.values())


def own_file(name: str) -> str:
    return HERE.joinpath(name).read_text(encoding="utf-8")


def tint(login: str) -> int:
    """A colour of one's own, the same on every page."""
    return zlib.crc32(login.encode()) % TINTS


def initials(login: str) -> str:
    """« CP » for cheffe-produit, « S » for secu."""
    return "".join(part[0] for part in login.removesuffix("[bot]").split("-")[:2] if part).upper()


def moment(at: str) -> str:
    """« 24/11/2026 à 08:11 (UTC) » out of GitHub's dates."""
    day, _, time = at.partition("T")
    year, month, number = day.split("-")
    return f"{number}/{month}/{year} à {time[:5]} (UTC)"


def counts(reactions: Iterable[Reaction], login: str) -> list[tuple[str, str, str, int, bool]]:
    """What was given, in GitHub's order: its name at GitHub, the emoji, its French name, how many, and mine or not."""
    given = list(reactions)
    many = Counter(reaction.content for reaction in given)
    mine = {reaction.content for reaction in given if reaction.login == login}
    return [(kind, *shown, many[kind], kind in mine) for kind, shown in EMOJI.items() if many[kind]]


def _rule(label: Label) -> str:
    color = label.color if HEX.fullmatch(label.color) else "ededed"
    return f".e{label.id} {{ background: #{color}; color: {'#000' if _light(color) else '#fff'}; }}\n"


def _light(color: str) -> bool:
    """Whether black reads better than white on it; one of the two always reaches 4.5 to 1."""
    parts = [int(color[at : at + 2], 16) / 255 for at in (0, 2, 4)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue > 0.179
