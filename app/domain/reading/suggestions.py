"""What a line that is no command may mean. Nothing that cannot be taken back is ever suggested."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection
from difflib import get_close_matches

from app.domain.reading.courtesy import SHORTCODE, is_idle, words
from app.domain.reading.text import normalised

MEANINGS = {
    name: meaning
    for meaning, names in {
        "go": "pour oui yes ok okay valider valide validation approuver approuve approve approved accord accorder "
        "accepter accepte accept accepted favorable agree feu-vert ship d-accord",
        "nogo": "contre non no rejet rejeter rejete reject rejected refus refuser refuse defavorable veto against "
        "oppose opposition disagree deny no-go nego",
        "décision report": "report reporter reporte ajourner ajournement postpone later differer",
        "abstention": "neutre blanc sans-avis neutral abstenir abstiens",
        "demande": "passage passer suivant suivante next promote promouvoir avancer",
        "coche": "fait done cochez cochee",
        "aide": "aider sos info infos menu usage commande command",
    }.items()
    for name in names.split()
}
"""By meaning first: letters alone would lead from « report » to « déport »."""
CLOSE = 0.8
SIGNS = {"So", "Sk", "Sm", "Mn", "Cf"}
LOOKALIKES = str.maketrans("аеорсухіјѕԁɡοɑνкмтвнԍɢ", "aeopcyxijsdgoavkmtbhgg")
"""Cyrillic and Greek letters that look like Latin ones."""
OPENERS = r"(?:^[^\w\s/\uff0f:\\|.~]{0,4}|(?<=[\s«\"“”‘'(\[,$]))"
AMID = re.compile(OPENERS + r"[/\uff0f\u2215](?P<word>[^\W\d_]\w*(?:[‐‑–-]\w+)*)(?=$|[\s.,;:!?…»\"”’')\]*_$])")
FURTHER = re.compile(r"[-_](?!non|no\b|not|pas|sous|avec|with|under|si|if)")
"""What may follow a command in a word that means it: « go-pour-moi »."""
NO_SPEECH = re.compile(r"\||\[[ xX]?\]\s")
"""A row drawn by hand, a box to tick: no sentence."""


def meant(word: str, safe: Collection[str], first: Collection[str]) -> str:
    """The command a word may mean, as the table says it: one of `first`, « décision report », or nothing."""
    said = normalised(word)
    latin = unicodedata.normalize("NFKC", said).translate(LOOKALIKES)
    if found := MEANINGS.get(said):
        return found
    if latin != said and latin in safe:
        return latin
    near = get_close_matches(said, sorted(safe), n=1, cutoff=CLOSE) if len(said) < 40 else []
    near = near or [known for known in first if said.startswith(known) and FURTHER.match(said, len(known))]
    return near[0] if near else ""


def is_sign(text: str) -> bool:
    """Emoji, arrows and bullets, before a command that they only adorn: « ✅ /go »; « > » quotes."""
    bare = SHORTCODE.sub("", text)
    return bool(text.strip()) and all(
        one == " " or (unicodedata.category(one) in SIGNS and one not in "|<>") for one in bare
    )


def is_address(text: str) -> bool:
    """« @jalon », « Bonjour, », an opening quotation mark: what people put before a command, addressing somebody."""
    return not words(text) or is_idle(text)
