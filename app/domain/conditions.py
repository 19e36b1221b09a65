"""What can be read out of a condition's text: the aspect it bears on, who owns it, and when it is due."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date

from app.domain.facts import ConditionText
from app.domain.words import plain

OWNER = re.compile(r"(?<![\w@])@([A-Za-z0-9]+(?:-[A-Za-z0-9]+)*)")
ISO_DATE = re.compile(r"\b(\d{4})-(\d{2})-(\d{2})\b")
FRENCH_DATE = re.compile(r"\b(\d{1,2})/(\d{1,2})/(\d{4})\b")


def read(text: str, aspects: Mapping[str, str]) -> ConditionText:
    """« Sécurité : corriger les failles, @chef-produit, avant le 31/12/2026 » read into its parts; text kept whole."""
    owner = OWNER.search(text)
    return ConditionText(text, _aspect(text, aspects), owner[1] if owner else "", _due(text))


def _aspect(text: str, aspects: Mapping[str, str]) -> str:
    prefix = plain(text.partition(":")[0])
    return next((key for key, name in aspects.items() if prefix in {plain(key), plain(name)}), "")


def _due(text: str) -> str:
    iso, french = ISO_DATE.search(text), FRENCH_DATE.search(text)
    if iso:
        year, month, day = iso.groups()
    elif french:
        day, month, year = french.groups()
    else:
        return ""
    try:
        return date(int(year), int(month), int(day)).isoformat()
    except ValueError:
        return ""
