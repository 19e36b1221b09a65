"""French spaces that do not break, put in the words of Jalon when they are read, so that nobody has to type them."""

from __future__ import annotations

import re

from jinja2.ext import Extension

WIDE, NARROW = "\u00a0", "\u202f"
"""Before a colon and inside guillemets; before the other signs, which French sets closer."""
KEPT = re.compile(
    r"""
    \{\#.*?\#\}                                     # a comment of a template
  | ```.*?```                                       # a block of code
  | `(?:\{\{.*?\}\}|[^`\n])*`                       # code in a line, with what a template puts in it
  | (?P<template>\{%.*?%\}|\{\{.*?\}\})             # only the words it quotes are words
  | <!--.*?-->
  | <(?P<code>code|pre|script|style)\b.*?</(?P=code)>
  | </?[a-zA-Z](?:\{%.*?%\}|\{\{.*?\}\}|[^<>])*>    # a tag and its attributes
  | https?://[^\s<>")\]]+
    """,
    re.DOTALL | re.VERBOSE,
)
QUOTED = re.compile(r'"[^"]*"')
SIGN = re.compile(r"(?<![\s])[ ]([:;?!»])(?=[:;?!»]*(?:\s|$|[]*_)\"»<{|.,’&]))")
"""An ordinary space, then a sign that ends something: not `:tada:`, `![image]`, nor the rule of a table."""
BREAKING = re.compile(rf"[^\S{WIDE}{NARROW}]+")
OPENING = re.compile(r"« ")


def spaced(text: str) -> str:
    """The same French text, its signs held to the word before them; code, addresses and tags stay as they are."""
    done, start = [], 0
    for kept in KEPT.finditer(text):
        done.append(_words(text[start : kept.start()]))
        is_template = kept.group("template")
        done.append(QUOTED.sub(lambda words: _words(words.group()), kept.group()) if is_template else kept.group())
        start = kept.end()
    return "".join([*done, _words(text[start:])])


def one_line(text: str) -> str:
    """The same words on one line; `str.split` would part those that are held together."""
    return BREAKING.sub(" ", text).strip()


def _words(text: str) -> str:
    held = SIGN.sub(lambda found: (WIDE if found.group(1) in ":»" else NARROW) + found.group(1), text)
    return OPENING.sub(f"«{WIDE}", held)


class Spaced(Extension):
    """The French templates as they are written, with such spaces; what they are given is never touched."""

    def preprocess(self, source: str, _name: str | None, _filename: str | None = None) -> str:
        return spaced(source)
