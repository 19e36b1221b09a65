"""French spaces that do not break, put in the words of Jalon when they are read, so that nobody has to type them."""

from __future__ import annotations

import re

from jinja2.ext import Extension

WIDE, NARROW = "\u00a0", "\u202f"
"""Before a colon and inside guillemets; before the other signs, which French sets closer."""
OPENING_SIGNS = re.compile(r"\{[#%{]|```|`|<!--|<(?:code|pre|script|style)\b|</?[a-zA-Z]|https?://")
"""What begins something that is no French: a template's own words, code, a comment, a tag, an address."""
CLOSINGS = {"{#": "#}", "{%": "%}", "{{": "}}", "```": "```", "<!--": "-->"}
IN_A_TAG, IN_CODE = re.compile(r"\{%|\{\{|[<>]"), re.compile(r"\{\{|[`\n]")
"""What may hold a template, whose own signs end nothing."""
ADDRESS = re.compile(r"https?://[^\s<>\")\]]+")
QUOTED = re.compile(r'"[^"]*"')
SIGN = re.compile(r"(?<![\s])[ ]([:;?!»])(?=[:;?!»]*(?:\s|$|[]*_)\"»<{|.,’&]))")
"""An ordinary space, then a sign that ends something: not `:tada:`, `![image]`, nor the rule of a table."""
BREAKING = re.compile(rf"[^\S{WIDE}{NARROW}]+")
GUILLEMET = re.compile(r"« ")


def spaced(text: str) -> str:
    """The same French text, its signs held to the word before them; code, addresses and tags stay as they are."""
    done, start, looked, ends = [], 0, 0, _Ends(text)
    while opening := OPENING_SIGNS.search(text, looked):
        sign, begin = opening.group(), opening.start()
        end = ends.of(sign, begin)
        if end < 0:
            looked = opening.end()
            continue
        done.append(_words(text[start:begin]))
        kept = text[begin:end]
        # Of a template's own words, those it quotes are French.
        done.append(QUOTED.sub(lambda words: _words(words.group()), kept) if sign in {"{%", "{{"} else kept)
        start = looked = end
    return "".join([*done, _words(text[start:])])


class _Ends:
    """Where what begins in a text ends; what is missing is looked for once, so that reading takes linear time."""

    def __init__(self, text: str) -> None:
        self._text, self._missing = text, set[str]()

    def of(self, sign: str, begin: int) -> int:
        """-1 when it does not end: it is then a sign like any other."""
        if sign in CLOSINGS:
            return self._after(CLOSINGS[sign], begin + len(sign))
        if sign == "`":
            return self._through(IN_CODE, "`", begin + 1)
        if sign.startswith("http"):
            address = ADDRESS.match(self._text, begin)
            return address.end() if address else -1
        word = sign[1:]
        return self._after(f"</{word}>", begin) if len(word) > 2 else self._through(IN_A_TAG, ">", begin + 1)

    def _after(self, closing: str, begin: int) -> int:
        found = -1 if closing in self._missing else self._text.find(closing, begin)
        if found < 0:
            self._missing.add(closing)
            return -1
        return found + len(closing)

    def _through(self, signs: re.Pattern[str], closing: str, begin: int) -> int:
        """Past the templates that stand inside."""
        while found := signs.search(self._text, begin):
            if found.group() not in CLOSINGS:
                return found.end() if found.group() == closing else -1
            begin = self._after(CLOSINGS[found.group()], found.end())
            if begin < 0:
                return -1
        return -1


def one_line(text: str) -> str:
    """The same words on one line; `str.split` would part those that are held together."""
    return BREAKING.sub(" ", text).strip()


def _words(text: str) -> str:
    held = SIGN.sub(lambda found: (WIDE if found.group(1) in ":»" else NARROW) + found.group(1), text)
    return GUILLEMET.sub(f"«{WIDE}", held)


class Spaced(Extension):
    """The French templates as they are written, with such spaces; what they are given is never touched."""

    def preprocess(self, source: str, _name: str | None, _filename: str | None = None) -> str:
        return spaced(source)
