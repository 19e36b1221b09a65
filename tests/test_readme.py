"""The two front pages: the pictures stand where they point, light, and each command they name is one."""

from __future__ import annotations

import re

import pytest

from app.domain.reading.commands import COMMANDS
from app.domain.reading.text import normalised
from tests.house import ROOT

PAGES = ("README.md", "README.en.md")
HEAVIEST = 200_000
PNG = b"\x89PNG\r\n"


@pytest.mark.parametrize("name", PAGES)
def test_a_front_page_opens_on_three_pictures_that_say_what_they_show(name: str) -> None:
    text = (ROOT / name).read_text(encoding="utf-8")
    shown = re.findall(r'<img src="([^"]+)" alt="([^"]+)"', text.split("\n- ")[0])
    assert len(shown) == 3
    for path, told in shown:
        picture = (ROOT / path).read_bytes()
        assert picture.startswith(PNG)
        assert len(picture) < HEAVIEST
        assert len(told) > 20


@pytest.mark.parametrize("name", PAGES)
def test_each_command_of_a_front_page_is_one(name: str) -> None:
    known = {word for row in COMMANDS for word in row.words}
    text = re.split(r"\n## Comm[a-z]+\n", (ROOT / name).read_text(encoding="utf-8"))[1].split("\n## ")[0]
    said = {normalised(word) for word in re.findall(r"`/([^\W\d_][\w-]*)", text)}
    assert said <= known
    assert len(said) > 8


@pytest.mark.parametrize("name", PAGES)
def test_each_page_leads_to_what_is_there(name: str) -> None:
    text = (ROOT / name).read_text(encoding="utf-8")
    for path in re.findall(r"\]\(((?!http|#)[^)#]+)", text):
        assert (ROOT / path).exists(), path
