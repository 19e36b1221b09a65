"""The names GitHub refuses for a label, those that Jalon keeps for itself, and when two names are one."""

from __future__ import annotations

import re
import unicodedata

from app.domain.policy.document import DocumentReader, Node, ProblemKind
from app.domain.reading.visible import visible

GATE_REQUESTED = "passage: demandé"
CONDITION_OPEN = "passage: réserve ouverte"
GATE_REFUSED = "passage: refusé"
PRODUCT_LABEL = "produit"
"""Put on an issue by hand, it makes a product of an issue opened without the form; a product keeps it for ever."""
STATE_LABELS = (GATE_REQUESTED, CONDITION_OPEN, GATE_REFUSED)
NEEDS = (
    *("technique", "architecture", "design", "recherche utilisateur", "accessibilité"),
    *("DevSecOps", "données", "sécurité", "méthode"),
)
"""The support a team may ask for, as the labels say it."""


LONGEST = 50
"""Characters."""
RESERVED = (
    *(PRODUCT_LABEL, *STATE_LABELS),
    *(f"besoin: {need}" for need in NEEDS),
    *("accompagnement", "type: nouveau produit", "type: refonte", "type: évolution majeure"),
    *("bilan", "ordre du jour", "relevé de décisions", "règles à corriger"),
)
"""Those that no phase may bear: each says something else of an issue."""
PICTURES = re.compile("[0-9#*]\ufe0f?\u20e3|.\ufe0f|[\U0001f000-\U0001fbff]")
"""Emoji that are not told by their category: keys, signs asked to show in colours, and those of years to come."""
OTHER_PICTURES = "\u203c\u2049\u2194\u21aa\u21a9\u3030\u25fd\u25fe"
"""Emoji that Unicode counts among punctuation and signs of mathematics."""

UNSPOKEN = {"So", "Sk", "Mn", "Me", "Cf", "Zs", "Cn"}


def same_name(name: str) -> str:
    """What two names have in common when GitHub, or whoever reads them, takes one for the other."""
    return unicodedata.normalize("NFKC", " ".join(visible(name).split())).casefold()


KEPT = frozenset(map(same_name, RESERVED))


def read_label(reader: DocumentReader, node: Node | None, path: str) -> str:
    """A label's name, one problem said for what GitHub or Jalon cannot have."""
    name = reader.text(node, path)
    if node is None or not name:
        return name
    if len(name) > LONGEST:
        reader.note(node.mark, path, ProblemKind.LABEL_TOO_LONG, length=len(name), most=LONGEST)
    elif "," in name:
        reader.note(node.mark, path, ProblemKind.LABEL_WITH_COMMA, value=name)
    elif any(unicodedata.category(sign) in {"Cc", "Zl", "Zp", "Cs"} for sign in name):
        reader.limit(node.mark, path, ProblemKind.LABEL_WITH_CONTROL, value=" ".join(visible(name).split()))
    elif is_pictures(name):
        reader.limit(node.mark, path, ProblemKind.LABEL_OF_EMOJI, value=name)
    elif same_name(name) in KEPT:
        reader.limit(node.mark, path, ProblemKind.RESERVED_LABEL, value=name)
    return name


def is_pictures(name: str) -> bool:
    """Whether nothing but emoji and spaces is seen."""
    left = PICTURES.sub("", name)
    return all(
        unicodedata.category(sign) in {"So", "Sk", "Mn", "Me", "Cf", "Zs", "Cn"} or sign in OTHER_PICTURES
        for sign in left
    )
