"""French signs held to their words: the table of the function, and every French text that people read."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.messages.typography import NARROW, SIGN, WIDE, one_line, spaced
from app.web.context import words
from tests.messages import hold

ROOT = Path(__file__).parents[2]
W, N = WIDE, NARROW


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("Il manque : rien", f"Il manque{W}: rien"),
        ("Prêts ? Oui ! Ou pas ; demain", f"Prêts{N}? Oui{N}! Ou pas{N}; demain"),
        ("« Oui »", f"«{W}Oui{W}»"),
        ("**Phase** : {{ s.phase }}", f"**Phase**{W}: {{{{ s.phase }}}}"),
        ("_À faire :_", "_À faire :_".replace(" :", f"{W}:")),
        ("{{ x }} : {{ y }} ; {{ z }}", f"{{{{ x }}}}{W}: {{{{ y }}}}{N}; {{{{ z }}}}"),
        ("{% if x %} : {{ x }}{% endif %} ?{% endif %}", f"{{% if x %}}{W}: {{{{ x }}}}{{% endif %}}{N}?{{% endif %}}"),
        ('{{ "oui : non"|raw }}', f'{{{{ "oui{W}: non"|raw }}}}'),
        ("Quoi ?!", f"Quoi{N}?!"),
        ("« Prêts ? »", f"«{W}Prêts{N}?{W}»"),
        ("Prêts ?", f"Prêts{N}?"),
        (f"déjà{W}: là", f"déjà{W}: là"),
        ("`/na 4 : la raison` : oui", f"`/na 4 : la raison`{W}: oui"),
        ('`{{ "`" }} : x` ; y', f'`{{{{ "`" }}}} : x`{N}; y'),
        ("```\na : b\n```\nc : d", f"```\na : b\n```\nc{W}: d"),
        ("<!-- cle : valeur --> a : b", f"<!-- cle : valeur --> a{W}: b"),
        ("{# note : ici #}a : b", f"{{# note : ici #}}a{W}: b"),
        ('<a title="x : y" href="{{ a > b }}">z : t</a>', f'<a title="x : y" href="{{{{ a > b }}}}">z{W}: t</a>'),
        ("<code>a : b</code> : c", f"<code>a : b</code>{W}: c"),
        ("https://exemple.fr/a : b", f"https://exemple.fr/a{W}: b"),
        ("| a | b |\n| :-- | --: |", "| a | b |\n| :-- | --: |"),
        ("voici :tada: et ![image](x)", "voici :tada: et ![image](x)"),
        ("ligne\n : suite", "ligne\n : suite"),
        ("10:30, a;b, quoi?", "10:30, a;b, quoi?"),
    ],
)
def test_a_sign_is_held_to_its_word(written: str, read: str) -> None:
    assert spaced(written) == read
    assert spaced(read) == read


@given(st.text(alphabet='aé :;?!«»`<>{}%#"\n|-*/', max_size=60))
def test_only_spaces_change(text: str) -> None:
    held = spaced(text)
    assert held.translate({ord(W): " ", ord(N): " "}) == text
    assert held.count("\n") == text.count("\n")


@given(st.text(alphabet=f"a \n\t{W}{N}", max_size=30))
def test_words_held_together_stay_so_on_one_line(text: str) -> None:
    line = one_line(text)
    assert "\n" not in line
    assert "\t" not in line
    assert line.count(W) + line.count(N) <= text.count(W) + text.count(N)
    assert one_line(f"a{W}: b\n c") == f"a{W}: b c"


def test_no_word_of_the_pages_breaks_before_its_sign() -> None:
    assert [text for text in words("fr").values() if SIGN.search(text) or "« " in text] == []


@pytest.mark.parametrize("language", ["en"])
def test_english_has_no_such_space(language: str) -> None:
    said = [*words(language).values(), *_templates(language)]
    assert [text for text in said if SIGN.search(re.sub(r"`[^`\n]*`|\{\{.*?\}\}|\{%.*?%\}|\{#.*?#\}", "x", text))] == []


def _templates(language: str) -> list[str]:
    return [path.read_text(encoding="utf-8") for path in sorted((ROOT / "app/messages" / language).glob("*.j2"))]


@pytest.mark.parametrize("path", sorted(ROOT.glob("tests/*/golden/fr/*")), ids=lambda path: path.name)
def test_no_french_text_breaks_before_a_sign_of_ours(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    for theirs in THEIRS:
        text = text.replace(theirs, "")
    assert spaced(text) == text


THEIRS = (
    *("souhaitez-vous résoudre ?", "sponsor métier ?", "vite\\* :", "non estimée :", "Sécurité : faire relire"),
    *("invités : le métier", "/nogo ?", "/clore ?", "Oui ; Non"),
    *("vision du produit ?", "Une autre ?", "Pourquoi cette phase ?", "Pour quand ?", "quelle équipe ?"),
)
"""Words of the samples: what people wrote is shown as they wrote it."""


@pytest.mark.parametrize("path", hold.sources(), ids=lambda path: path.relative_to(ROOT).as_posix())
def test_no_sentence_of_the_code_breaks_before_its_sign(path: Path) -> None:
    """`python -m tests.messages.hold` holds them."""
    source = path.read_text(encoding="utf-8")
    assert hold.held(source) == source
