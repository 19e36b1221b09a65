"""Papers as PDF, read back by another library: whole, on A4, tagged, in French, and whatever people typed stays text."""

from __future__ import annotations

import io
import re

import pypdf
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from app.messages.charts import Chart
from app.reports.paper_text import as_pdf
from app.reports.pdf import LACKING, PAPERS, as_paper

A4 = (595, 842)
TEXT = """# Ordre du jour du 1er décembre

**2 dossiers**, 30 minutes environ.

## 1. [Un](https://github.com/dnum/produits/issues/1) : Idée → POC

- Demandé par *quelqu’un*
  1. premier
  2. second

- ligne à part

| Siège | Avis |
|---|--:|
| Sécurité | ✅ Go |
| Données | 🟡 Go sous réserve |

> Une citation avec `du code`

---

Fin."""


def read(made: bytes) -> pypdf.PdfReader:
    return pypdf.PdfReader(io.BytesIO(made))


def words(made: bytes) -> str:
    """The text of every page, spaces aside: a line may break anywhere."""
    return re.sub(r"\s", "", "".join(page.extract_text() for page in read(made).pages))


def test_every_sentence_is_on_the_page_which_is_a4_tagged_and_named():
    made = as_pdf(lambda _: TEXT, "fr", "Comité produit")
    found = read(made)
    root = found.trailer["/Root"]
    assert (root["/Lang"], bool(root["/MarkInfo"]["/Marked"])) == ("fr", True)
    assert found.metadata.title == "Ordre du jour du 1er décembre"
    assert {tuple(map(round, page.mediabox[2:])) for page in found.pages} == {A4}
    told = words(made)
    for sentence in (
        "Ordre du jour du 1er décembre",
        "2 dossiers, 30 minutes environ.",
        "1. Un : Idée → POC",
        "Demandé par quelqu’un",
        "1.premier2.second",
        "ligne à part",
        "Siège Avis Sécurité ✓ Go Données ◐ Go sous réserve",
        "Une citation avec du code",
        "Fin.",
        "Comité produit page 1 sur 1",
    ):
        assert re.sub(r"\s", "", sentence) in told
    links = [note.get_object()["/A"]["/URI"] for page in found.pages for note in page.get("/Annots", [])]
    assert links == ["https://github.com/dnum/produits/issues/1"]


def test_pages_are_counted():
    made = as_pdf(lambda _: "# Long\n\n" + "Une phrase entière.\n\n" * 200, "en")
    count = len(read(made).pages)
    assert count > 2
    assert f"page{count}of{count}" in words(made)


def test_a_chart_is_drawn_and_told():
    made = as_pdf(lambda draw: "# Titre\n\n" + draw(Chart("Par phase", ("Idée",), (("n", (3,)),))), "fr")
    assert b"/Figure" in made or "Parphase" in words(made)


@pytest.mark.parametrize(
    ("text", "drawn"),
    [
        ("#let x = $ * _ @ref <a> // c", "#letx=$*_@ref<a>//c"),
        ('\\ " #panic("x") #read("base.typ")', '\\"#panic("x")#read("base.typ")'),
        ("⚠️ → ✓ ☐ … œ ʼ", "⚠→✓☐…œʼ"),
        ("Fusée 🚀 et 日本", f"Fusée{LACKING}et{LACKING * 2}"),
        ("a\ud800b\x07c", f"a{LACKING}b{LACKING}c"),
    ],
)
def test_what_people_typed_is_text(text, drawn):
    data = {"title": text, "language": "fr", "foot": "", "blocks": []}
    blocks = [{"kind": "paragraph", "inside": [{"kind": "text", "text": text}]}]
    assert drawn in words(as_paper("text", data | {"blocks": blocks}))


@settings(max_examples=40, deadline=None)
@given(st.text(min_size=1, max_size=30))
@example("\u202e\u2066\u200b\ufeff")
@example("".join(map(chr, range(0x4E00, 0x4E40))))
def test_no_text_keeps_the_committee_from_its_papers(text):
    blocks = [{"kind": "paragraph", "inside": [{"kind": "text", "text": text}]}]
    made = as_paper("text", {"title": text, "language": "fr", "foot": text, "blocks": blocks})
    assert len(read(made).pages) >= 1


def test_layouts_ship_with_the_reports():
    assert {path.name for path in PAPERS.iterdir()} >= {"base.typ", "text.typ"}
