"""Where a message ends: its signature, its polite ending, what a phone adds; none of them is part of what is said."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

DEVICE = re.compile(
    r"(?:envoyé|envoyée|expédié|sent) (?:de|depuis|à partir de|à partir d'|via|avec|from|with|using) ?"
    r"(?:mon|ma|my|un|une|a|an|outlook|yahoo|gmail|mail|courrier|proton|orange|l'application|the|free|sfr|samsung|iphone|android)"
    r"\b.{0,80}$|(?:get|obtenez|obtenir|télécharger|téléchargez) outlook (?:for|pour) .{0,60}$",
    re.IGNORECASE,
)
POLITE = re.compile(
    r"(?:(?:très|bien|le plus|plus|amicalement et) )?(?:"
    r"cordialement|cordiales? salutations?|respectueusement|amicalement|amitiés|sincèrement"
    r"|(?:meilleures |sincères |bonnes |cordiales )?salutations(?: distinguées| les meilleures| respectueuses)?"
    r"|respectueuses salutations"
    r"|(?:avec )?(?:mes|nos) (?:meilleures|sincères|respectueuses) salutations"
    r"|bien à (?:vous|toi)|cdlt|cdt|bav"
    r"|(?:belle|excellente|bonne) (?:journée|soirée|réception|semaine|continuation|après-midi"
    r"|fin de (?:journée|semaine|matinée))"
    r"|bon week-?end|à (?:bientôt|demain|plus tard)|(?:avec )?(?:mes|nos) (?:remerciements|salutations)"
    r"|merci(?: d'avance| par avance| beaucoup| à (?:tous|toutes|vous))?(?: et bonne (?:journée|soirée|semaine))?"
    r"|(?:best|kind|kindest|warm|warmest|many) (?:regards|wishes|thanks)|regards|rgds|kr|br|best"
    r"|warmly|cheers|all the best|cordially"
    r"|(?:yours )?(?:sincerely|faithfully|truly|respectfully)(?: yours)?|yours|take care"
    r"|(?:many )?thanks(?: in advance| and (?:best |kind )?regards)?|thank you(?: in advance| very much)?"
    r"|have a (?:nice|good|great) (?:day|evening|week|weekend)"
    r")(?: à (?:tous|toutes|vous))?[ ,.!…;-]*$",
    re.IGNORECASE,
)
"""The whole of a line."""
FORMAL = re.compile(
    r"(?:je (?:vous prie|te prie) d'agréer|(?:nous|je) (?:vous|te) prions? d'agréer|veuillez (?:agréer|recevoir)"
    r"|(?:dans|en) l'attente d(?:e|u|es)?|(?:restant|nous restons|je reste) à (?:votre|ta) disposition"
    r"|(?:looking|i look|we look) forward to)\b.{0,200}$",
    re.IGNORECASE,
)
FOOTER = re.compile(
    r"^(?:p |\W )?(?:(?:ce|le présent) (?:message|courriel|mail|e-mail)\b.{0,200}?"
    r"\b(?:confidentiel|destinataire|strictement)"
    r"|les informations contenues dans ce (?:message|courriel|mail|e-mail)"
    r"|ce (?:message|courriel|mail|e-mail) (?:et|ainsi que)\b.{0,60}pièces? jointes?"
    r"|(?:this|the) (?:e-?mail|message|communication)\b.{0,200}?\b(?:confidential|intended|privileged)"
    r"|the information (?:contained )?in this (?:e-?mail|message)"
    r"|avant d'imprimer|pensez à l'environnement|merci de n'imprimer|please consider the environment"
    r"|think before (?:you )?print|before printing|garanti sans virus|virus-free|provenance : courrier pour windows"
    r"|yahoo mail ?:|cet? (?:e-?mail|courriel|message) (?:a été vérifié|ne contient aucun virus))",
    re.IGNORECASE,
)
"""What an organisation or a program adds below every mail."""
THANKS = re.compile(r"(?:many |best )?(?:merci|thanks|thank you)\b", re.IGNORECASE)
NAMED = re.compile(r"^(.{3,60}?)(?:, | - | – )([^,;:!?]{2,60})$")
PERSON = re.compile(
    r"(?:(?:[^\W\d_a-zß-ÿ][\w.’'-]{0,30}|d[eu]|la|le|des|et|van|von) ){0,4}[^\W\d_a-zß-ÿ][\w.’'-]{0,30}$"
)
"""A name, or a team's: a few words with capitals."""
CALL = re.compile(
    r"(?:t[ée]l(?:[ée]phone)?|mob(?:ile)?|port(?:able)?|fixe|fax|phone|cell|[tmpf])\b ?\.? ?:? ?", re.IGNORECASE
)
PHONE = re.compile(r"\(?\+?\d[\d .()/-]{6,24}\d(?: .{0,40})?$")
ADDRESS = re.compile(
    r"(?:(?:courriel|e-?mail|mél) ?:? ?)?<?[\w.+-]{1,64}@[\w-]{1,60}(?:\.[\w-]{1,60}){1,5}>?$", re.IGNORECASE
)
SPOKEN = re.compile(r"[ \t]{0,8}(?:[/\\∕／]|(?:[-*+•–]|\d{1,3}[.)]) |>|\||#)")
"""A line that says something: a command, an item of a list, a quotation, a row, a heading."""
RESUMED = re.compile(r"[^\w/\\∕／]{0,12}[/\\∕／] ?\**[^\W\d_]", re.IGNORECASE)
ADDED = re.compile(
    r"[*_ ]{0,4}(?:(?:p\.?-?s\.?|post-?scriptum|n\.?b\.?|edit|édit) ?(?: ?\d)?:"
    r"|(?:sous|avec|mes|nos|with|my|à) (?:une? )?(?:réserve|condition|reservation)|(?:réserves?|conditions?) ?:"
    r"|attention\b|toutefois\b|cependant\b|provided\b|however\b|subject to\b)",
    re.IGNORECASE,
)
"""What a person adds below their signature, that may change what they said above it."""
RULE = re.compile(r"[ \t]{0,3}(?:[-_*=~—–]{3,}|— ?|– ?)[ \t]*$")
"""A line drawn by hand above a signature."""
SIGNED, JOB = 5, 60
"""Lines below such a line, and characters of each, at most."""
SENTENCE = re.compile(r"[.!?:;,…]$|[,;:] |\d{1,2} (?:%|jours?|mois|k?€)")
LINES, WIDTH = 8, 100
"""A signature without anything to announce it is short."""


def cut(lines: Sequence[str], *, resumes: bool, is_code: Callable[[int], bool]) -> tuple[list[str], list[str]]:
    """A message without its ending, and this ending.

    What is typed on the web may go on below « Bonne journée » with another command (`resumes`); a mail does not.
    """
    own: list[str] = []
    ended: list[str] = []
    is_over, may_resume, may_be_added, is_card = False, False, False, False
    last_words, drawn = _last_words(lines), _drawn(lines)
    for index, line in enumerate(lines):
        if is_over and ((may_resume and RESUMED.match(line)) or (may_be_added and ADDED.match(line))):
            is_over = False
        ending = "rule" if index == drawn else _ending(line, is_last=index >= last_words)
        if not is_over and ending and not is_code(index):
            is_over, may_resume, may_be_added = True, resumes and ending == "polite", ending == "polite"
            is_card = ending in {"device", "footer"}
        (ended if is_over else own).append(line)
    kept = len(own) if is_over and not is_card else _before_card(own)
    return own[:kept], [*own[kept:], *ended]


TAGS = re.compile(r"</?(?:div|p|b|strong|i|em|span|font|br)\b[^<>]{0,80}>", re.IGNORECASE)


def _ending(line: str, *, is_last: bool) -> str:
    """What a line ends the message with, if it does."""
    if SPOKEN.match(line):
        return ""
    said = " ".join(TAGS.sub(" ", line[: 5 * WIDTH]).replace("*", " ").replace("_", " ").replace("’", "'").split())
    if FOOTER.match(said):
        return "footer"
    if len(line) > 2 * WIDTH:
        return ""
    if said == "--":
        return "dashes"
    if DEVICE.match(said):
        return "device"
    named = NAMED.match(said)
    formula = named[1] if named and PERSON.match(named[2]) else said
    parts = re.split(r" [/|–-] ", formula, maxsplit=3)
    is_polite = all(map(POLITE.match, parts)) and (is_last or not THANKS.match(formula))
    return "polite" if is_polite or FORMAL.match(said) else ""


def _drawn(lines: Sequence[str]) -> int:
    """The line drawn above the last lines, when these can only be a name and what goes with it; -1 without one.

    Right below a command, it makes a title of it: that is asked about.
    """
    below = 0
    for index in range(len(lines) - 1, -1, -1):
        line = lines[index]
        if RULE.match(line):
            above = lines[index - 1] if index else ""
            signed = [one.strip(" *_") for one in lines[index + 1 :] if one.strip()]
            return index if signed and _is_signed(signed) and not RESUMED.match(above) else -1
        below += bool(line.strip())
        if below > SIGNED or len(line) > WIDTH or SPOKEN.match(line):
            return -1
    return -1


def _is_signed(signed: Sequence[str]) -> bool:
    """« J. Martin », « RSSI », « Direction du numérique »: names, without a sentence."""
    named = NAMED.match(signed[0])
    is_named = PERSON.match(signed[0]) or (named and PERSON.match(named[1]))
    return bool(is_named) and all(len(one) <= JOB and (one is signed[0] or not SENTENCE.search(one)) for one in signed)


def _last_words(lines: Sequence[str]) -> int:
    """The first line from which names alone follow: « Merci » there is an ending, elsewhere it is thanks."""
    names = 0
    for index in range(len(lines) - 1, -1, -1):
        said = lines[index].strip()
        if said and not (len(said) <= WIDTH and PERSON.match(said) and names < 3 and not POLITE.match(said)):
            return index
        names += bool(said)
    return 0


def _before_card(lines: Sequence[str]) -> int:
    """How many lines come before a last paragraph that gives a telephone or an address."""
    end = len(lines)
    while end and not lines[end - 1].strip():
        end -= 1
    start = end
    while start and end - start < LINES and lines[start - 1].strip() and _is_of_card(lines[start - 1]):
        start -= 1
    reach = next((index for index in range(start, end) if _reaches(lines[index])), None)
    if reach is None:
        return len(lines)
    if start and not lines[start - 1].strip():
        return start
    while reach > start and PERSON.match(lines[reach - 1].strip()):
        reach -= 1
    return reach


def _is_of_card(line: str) -> bool:
    return len(line) <= WIDTH and not SPOKEN.match(line)


def _reaches(line: str) -> bool:
    """Whether a line is a telephone number or an address, and nothing else."""
    said = " ".join(line.replace("*", " ").split())
    pieces = re.split(r" ?[|•·] ?| [–—-] ", said, maxsplit=5)
    if len(pieces) > 1 and " " in pieces[0] and PERSON.match(pieces[0]):
        return any(map(_reaches, pieces[1:]))
    label = CALL.match(said)
    number = said[label.end() :] if label else said
    digits = sum(map(str.isdigit, number))
    is_number = PHONE.match(number) and (digits >= 8 if label else digits >= 10 and number.lstrip("(")[:1] in "+0")
    return bool(is_number or ADDRESS.match(said))
