"""The names GitHub refuses for a label, those that Jalon keeps for itself, and when two names are one."""

from __future__ import annotations

import re
import unicodedata

from app.domain.document import Node, Reader
from app.domain.labels import NEEDS, PRODUCT_LABEL, STATE_LABELS
from app.domain.visible import visible

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


def read_label(reader: Reader, node: Node | None, path: str) -> str:
    """A label's name, one problem said for what GitHub or Jalon cannot have."""
    name = reader.text(node, path)
    if node is None or not name:
        return name
    if len(name) > LONGEST:
        reader.note(node.mark, path, "label_too_long", length=len(name), most=LONGEST)
    elif "," in name:
        reader.note(node.mark, path, "label_with_comma", value=name)
    elif any(unicodedata.category(sign) in {"Cc", "Zl", "Zp", "Cs"} for sign in name):
        reader.limit(node.mark, path, "label_with_control", value=" ".join(visible(name).split()))
    elif is_pictures(name):
        reader.limit(node.mark, path, "label_of_emoji", value=name)
    elif same_name(name) in KEPT:
        reader.limit(node.mark, path, "reserved_label", value=name)
    return name


def is_pictures(name: str) -> bool:
    """Whether nothing but emoji and spaces is seen."""
    left = PICTURES.sub("", name)
    return all(
        unicodedata.category(sign) in {"So", "Sk", "Mn", "Me", "Cf", "Zs", "Cn"} or sign in OTHER_PICTURES
        for sign in left
    )
