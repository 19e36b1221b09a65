"""Words that change nothing of a command: punctuation, emoji, thanks, greetings."""

from __future__ import annotations

import re

from app.domain.reading.comment_lines import UNSAID
from app.domain.reading.text import normalised, vocabulary

SHORTCODE = re.compile(r":[+-]?[a-z0-9_]{1,40}:")
"""An emoji as GitHub lets it be typed: « :+1: »."""
MENTION = re.compile(r"(?<![\w@])@[A-Za-z0-9][\w/-]*(?:\[bot\])?")
WORD = re.compile(r"[^\W_]+")
THANKS = vocabulary(
    "merci mercis thanks thank thx bravo felicitations congratulations congrats plaisir cordialement amicalement "
    "bonjour bonsoir salut hello hi dear cher chere chers cheres coucou svp stp please plait voila super parfait "
    "journee soiree continuation"
)
"""One of these makes a courtesy."""
AROUND = vocabulary(
    "a ai avance avec beaucoup bel beau belle bien bon bonne c ca ce ces cet cette comite collegues de demo "
    "dossier d du e en encore est et equipe for good great il infiniment je job l la le les lot mille "
    "mes mon monde much nice nous on par pour presentation produit qualite s si so tes toute tous toutes "
    "tout travail tres t the to all and everybody everyone team un une very vos votre vous well work you your"
)
"""And these may surround it."""
GREETINGS = vocabulary("bonjour bonsoir salut hello hi dear cher chere chers cheres coucou")


def words(text: str) -> list[str]:
    """The words of a text, without accents; emoji and mentions of people are none."""
    return WORD.findall(normalised(MENTION.sub(" ", SHORTCODE.sub(" ", text))))


def is_silent(text: str) -> bool:
    """Nothing but punctuation and emoji; a question mark does say something."""
    return not words(text) and not set(text) & {"?", "\uff1f", UNSAID}


def is_idle(text: str) -> bool:
    """Nothing that could be meant by a command: nothing at all, or thanks and greetings only."""
    if is_silent(text):
        return True
    said = set(words(text))
    polite = said & THANKS and said <= THANKS | AROUND and not ("si" in said and "plait" not in said)
    return bool(polite) and not set(text) & {"?", "\uff1f", UNSAID}


def is_greeting(text: str) -> bool:
    """« Bonjour à tous, »"""
    said = words(text)
    return bool(said) and said[0] in GREETINGS and is_idle(text)
