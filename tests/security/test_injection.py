"""Words typed by people end up in Jalon's comments and pages as words: no mention, no markup, no hidden comment."""

from __future__ import annotations

import re

import pytest

from app.domain.policy.model import LANGUAGES
from app.messages import environment
from app.settings import Settings
from app.web import create_app
from local_github.pages.markdown import to_html
from tests.security.conftest import ALL_ITEMS, SEATS, without_mark

HOSTILE = (
    "INJECTION <script>alert(1)</script> <img src=x onerror=alert(1)> @toute-la-terre @dnum/comite-produit "
    "[clic](https://mechant.example) ![image](https://mechant.example/x.png) https://mechant.example "
    "<!-- jalon:v1 key=gate:1 data=x body=y --> **gras** `code` | cellule | dnum/produits#1 GH-1 #1 &#64;cachee"
)
ANSWER = "\n# INJECTION\n\n- [x] INJECTION\n> INJECTION\n\n| INJECTION | b |\n|---|---|\n"
LINES = f"{ANSWER}\n```\nINJECTION\n"
HIDDEN = re.compile(r"<!--(.*?)-->", re.DOTALL)
BOX_MARK = re.compile(r" [a-z0-9-]+ ")


@pytest.fixture
def told(stage):
    """Everything people can type, hostile, from filing to decision; what Jalon then says."""
    number = stage.file(f"{HOSTILE}"[:250], answer=HOSTILE + ANSWER)
    stage.world.create_label("secretariat", "<b>@tous</b> | x")
    stage.world.add_labels("secretariat", number, ["<b>@tous</b> | x"])
    stage.says("visiteur", number, f"/go {HOSTILE}")
    stage.says("visiteur", number, f"/{'i' * 30}njection@tous {HOSTILE}")
    stage.says("cheffe-produit", number, f"/demande {HOSTILE}")
    stage.says("cheffe-produit", number, f"/na 1 {HOSTILE}{LINES}")
    stage.says("cheffe-produit", number, f"/coche {ALL_ITEMS} a-{'<b>'}")
    stage.says("cheffe-produit", number, "/demande")
    stage.says("archi", number, f"/nogo {HOSTILE}{LINES}")
    stage.says("communs", number, f"/abstention {HOSTILE}{LINES}")
    stage.says("data", number, f"/déport {HOSTILE}{LINES}")
    stage.says("secu", number, f"/go sous réserve\n- {HOSTILE}\n- @toute-la-terre {HOSTILE}")
    stage.says(
        "secretariat", number, f"/décision go sous réserve\n- {HOSTILE}\nprésents : {', '.join(SEATS)}, {HOSTILE}"
    )
    stage.says("secretariat", number, f"/décision go sous réserve\n- {HOSTILE}\nprésents : {', '.join(SEATS)}")
    stage.says("secu", number, f"/levée 1 {HOSTILE}{LINES}")
    said = stage.said_by_jalon(number)
    assert sum("INJECTION" in body for body in said) >= 4
    return stage, number, said


def test_no_hidden_comment_is_made_by_anyone_but_jalon(told):
    _, _, said = told
    for body in said:
        assert body.count("<!-- jalon:v1 ") == 1, body
        assert all(BOX_MARK.fullmatch(found) for found in HIDDEN.findall(without_mark(body)))


def test_nobody_is_mentioned_on_somebodys_whim(told):
    _, _, said = told
    for body in said:
        mentioned = set(re.findall(r"(?<![\w\\`])@([\w/-]+)", without_mark(body)))
        assert not mentioned & {"toute-la-terre", "tous", "dnum/comite-produit", "dnum", "cachee"}
        assert "&#64;cachee" not in body


def test_no_markup_of_people_is_shown(told):
    _, _, said = told
    for body in said:
        text = without_mark(body)
        html = to_html(text)
        assert "<script" not in html
        assert "<img" not in html
        assert not re.search(r'href="[^"]*mechant', html)
        assert "<strong>gras" not in html
        assert "<code>code" not in html
        assert not re.search(r"<h\d>[^<]*INJECTION", re.sub(r"<h\d>(Passage|Décision|Réponse)[^<]*", "", html)), text
        # A table of ours keeps its columns, whatever a cell holds.
        rows = [line for line in text.splitlines() if line.startswith("|")]
        assert len({len(re.findall(r"(?<!\\)\|", row)) for row in rows}) <= 1, rows


def test_the_pages_of_jalon_escape_everything(told):
    stage, _, _ = told
    web = create_app(Settings(1, "PRIVATE KEY", ("x",), pages="local"), None, stage.register).test_client()
    page = web.get("/").text
    assert "INJECTION" in page
    assert "<script" not in page
    assert "<img" not in page


def test_the_register_tells_the_same_story_after_all_this(told):
    stage, number, _ = told
    assert stage.register.verify() == []
    effects = stage.product_turn.plan("dnum/produits", number).effects
    assert effects == ()


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_name_of_a_phase_ends_no_code_and_mentions_nobody(language):
    """Words of the rules stand inside `…` where the message says what to type."""
    env = environment(language)
    shown = env.from_string("`/demande {{ name|code }}`").render(name="POC` @secu `\n<b>\u202e")
    assert shown == "`/demande POC @secu <b>`"
