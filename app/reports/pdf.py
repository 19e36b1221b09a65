"""Papers on A4: a template of ours, laid out by Typst, the values given as data, the same letters anywhere."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from typst import TypstError

PAPERS = Path(__file__).parent / "papers"
STANDARD: Literal["ua-1"] = "ua-1"
"""Tagged and named for screen readers; it also refuses a character that the letters we ship cannot draw."""
DRAWN_AS = {"✅": "✓", "🟡": "◐", "⛔": "✗", "⏸": "‖", "🔴": "●", "🟢": "○", "\ufe0f": ""}
"""Signs of our own texts that the letters lack."""
LACKING = "□"
HALVES = dict.fromkeys(map(chr, range(0xD800, 0xE000)), LACKING)
"""Halves of a character, which no text may hold alone."""
PLAIN_LATIN = 0x24F
REFUSED = re.compile(r'"((?:\\u\{[0-9a-f]{1,6}\}|[^"\\]|\\.)+)"')
ESCAPED = re.compile(r"\\u\{([0-9a-f]{1,6})\}")
TRIES = 3


def as_paper(template: str, data: dict[str, Any]) -> bytes:
    """The PDF of `papers/<template>.typ`, which reads `data` as values and never as markup.

    A character that no letter of ours draws is shown by a small square: an unknown emoji in a title must not keep the
    committee from its papers.
    """
    import typst  # noqa: PLC0415 - seven megabytes, which a process that lays out no paper does without

    told = _replaced(data, DRAWN_AS | HALVES)
    for _ in range(TRIES):
        try:
            return _laid_out(template, told)
        except typst.TypstError as error:
            lacking = dict.fromkeys(_refused(error), LACKING)
            if not lacking:
                raise
            told = _replaced(told, lacking)
    return _laid_out(template, _replaced(told, dict.fromkeys(_beyond_latin(told), LACKING)))


def _laid_out(template: str, data: dict[str, Any]) -> bytes:
    import typst  # noqa: PLC0415

    made = typst.compile(
        PAPERS / f"{template}.typ",
        root=PAPERS,
        format="pdf",
        ignore_system_fonts=True,
        sys_inputs={"data": json.dumps(data)},
        pdf_standards=[STANDARD],
    )
    assert isinstance(made, bytes), "a PDF is one file"
    return made


def _refused(error: TypstError) -> Iterator[str]:
    """The characters that the layout names as impossible to draw."""
    for line in error.diagnostic.splitlines():
        if "could not be displayed" in line or "disallowed codepoint" in line:
            named = REFUSED.search(line)
            text = ESCAPED.sub(lambda found: chr(int(found[1], 16)), named[1]) if named else ""
            yield from (letter for letter in text if ord(letter) > PLAIN_LATIN or not letter.isprintable())


def _beyond_latin(value: Any) -> Iterator[str]:
    yield from (letter for letter in json.dumps(value, ensure_ascii=False) if ord(letter) > PLAIN_LATIN)


def _replaced(value: Any, signs: Mapping[str, str]) -> Any:
    if isinstance(value, str):
        return value.translate({ord(sign): other for sign, other in signs.items()})
    if isinstance(value, dict):
        return {key: _replaced(one, signs) for key, one in value.items()}
    return [_replaced(one, signs) for one in value] if isinstance(value, list | tuple) else value
