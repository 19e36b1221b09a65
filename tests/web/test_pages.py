"""The portfolio's pages: what they show, to whom, in which language, and what can be taken away from them."""

from __future__ import annotations

import csv
import html
import io
import json
import re
from dataclasses import replace
from datetime import timedelta

import pypdf
import pytest
from markdown_it import MarkdownIt

from app.domain.policy.calendar import Week, day_of
from app.domain.policy.directions import Direction
from app.domain.policy.model import TIMEZONE
from app.domain.report.digest import digest
from app.domain.report.indicators import indicators
from app.domain.report.portfolio import rows
from app.messages.charts import mermaid
from app.messages.reports import Links, digest_text
from app.reports.sheet_words import CELLS, HEADINGS
from app.reports.sheets import COLUMNS, Sheet, as_csv, as_json
from app.settings import read_settings
from app.store.log import Log
from app.web.context import WORD_FILES, WORDS, words
from app.web.portfolio import STATES
from app.yaml_documents import read_plain
from local_github.keys import new_key
from tests.builders import SMALL, a_policy, a_small_policy, parsed
from tests.lives import REPOSITORY, Life
from tests.real_portfolio import real_products
from tests.stage import SIGNER
from tests.web.conftest import NOW, Pages

POLICY, SMALL_POLICY = a_policy(), a_small_policy()


def ago(**span):
    return NOW - timedelta(**span)


def some_products():
    waiting = Life(POLICY, "Base <script> des conventions", 1, ["design"]).filed(ago(days=60), direction="=DGT")
    waiting.asked(ago(days=5), "mvp").vote(ago(days=4), "technologie").vote(
        ago(days=4), "securite", "nogo", "Trop risqué"
    )
    owing = Life(POLICY, "Annuaire", 2).filed(ago(days=300)).asked(ago(days=200), "mvp")
    owing.decided(ago(days=190), "go", [("Chiffrer les sauvegardes", "2026-01-01"), ("Nommer un sponsor", "")])
    owing.lifted(ago(days=100), 2)
    refused = (
        Life(POLICY, "Chatbot", 3)
        .filed(ago(days=90))
        .asked(ago(days=50), "poc")
        .vote(ago(days=49), "design", "nogo", "Non")
    )
    refused.decided(ago(days=40), "nogo").asked(ago(days=30), "poc").withdrawn(ago(days=20))
    late = Life(POLICY, "Carte", 4).filed(ago(days=90)).asked(ago(days=40), "poc")
    ended = Life(POLICY, "Ancien registre", 5).filed(ago(days=900), "arret")
    return [life.tracked for life in (waiting, owing, refused, late, ended)]


EVERY = [
    "/",
    "/sieges",
    "/siege/securite",
    "/siege/technologie",
    "/indicateurs",
    "/a-venir",
    "/bilan",
    "/bilan/2026-W10",
] + [f"/produit/{REPOSITORY}/{number}" for number in range(1, 6)]


@pytest.mark.parametrize("path", EVERY)
@pytest.mark.parametrize("language", ["fr", "en"])
def test_every_page_is_whole_in_both_languages(pages, path, language):
    pages.holds(some_products())
    text = pages.text(f"{path}?lang={language}")
    assert f'<html lang="{language}">' in text
    assert len(re.findall(r"<h1[ >]", text)) == 1
    assert "<script" not in text
    assert "style=" not in text
    ids = re.findall(r'\bid="([^"]+)"', text)
    assert len(ids) == len(set(ids))
    for address in re.findall(r'href="(/[^"]*)"', text):
        answer = pages.get(address.replace("&amp;", "&"))
        assert answer.status_code == 200, address
    policy = pages.get(path).headers["Content-Security-Policy"]
    assert policy.startswith("default-src 'none'; style-src 'self'")


def test_the_week_ends_on_the_seal_of_the_register_which_reading_does_not_renew(pages):
    pages.holds(some_products())
    assert "Sceau du registre" not in pages.text("/bilan")
    log = Log(pages.database)
    log.open(SIGNER.name, NOW)
    signed = log.checkpoint(SIGNER, NOW)
    log.event({"kind": "Essai"}, NOW)
    text = pages.text("/bilan")
    assert f"<pre><code>{signed.note.strip()}\n</code></pre>" in html.unescape(text)
    assert len(log.checkpoints()) == 1
    assert pages.get("/bilan?format=pdf").status_code == 200


def test_an_empty_register_says_how_a_product_appears(pages):
    assert "Aucun produit pour l’instant" in pages.text("/")
    assert "Rien n’attend ce siège" in pages.text("/siege/securite")
    assert "0 produit" in pages.text("/indicateurs")
    assert "rien n’a bougé" in pages.text("/bilan")


@pytest.mark.slow
@pytest.mark.parametrize(
    ("query", "titles"),
    [
        ("", ["Base", "Carte", "Chatbot", "Annuaire"]),
        ("termines=oui", ["Base", "Carte", "Chatbot", "Annuaire", "Ancien registre"]),
        ("q=registre", ["Ancien registre"]),
        ("q=TROP+risque", []),
        ("q=metier+direction", ["Carte", "Chatbot", "Annuaire", "Ancien registre"]),
        ("tri=titre", ["Annuaire", "Base", "Carte", "Chatbot"]),
        ("tri=-titre", ["Chatbot", "Carte", "Base", "Annuaire"]),
        ("tri=depuis", ["Annuaire", "Carte", "Chatbot", "Base"]),
        ("tri=-activite", ["Base", "Chatbot", "Carte", "Annuaire"]),
        ("tri=n%27importe", ["Base", "Carte", "Chatbot", "Annuaire"]),
        ("atteinte=mvp", ["Annuaire"]),
        ("atteinte=arret", ["Ancien registre"]),
        ("passage=mvp", ["Base", "Annuaire"]),
        ("passage=mvp&issue=conditional", ["Annuaire"]),
        ("passage=poc&issue=waiting", ["Carte"]),
        ("passage=poc&issue=decided", ["Chatbot"]),
        ("phase=idee&age=1", ["Base"]),
        ("q=annuaire", ["Annuaire"]),
        ("q=%233", ["Chatbot"]),
        ("q=DGT", ["Base"]),
        ("phase=mvp", ["Annuaire"]),
        ("direction=%3DDGT", ["Base"]),
        ("etat=gate", ["Base", "Carte"]),
        ("etat=ended&phase=arret", ["Ancien registre"]),
        ("etat=inconnu", []),
        ("page=9", ["Base", "Carte", "Chatbot", "Annuaire"]),
        ("page=-1", ["Base", "Carte", "Chatbot", "Annuaire"]),
    ],
)
def test_the_portfolio_is_searched_and_filtered(pages, query, titles):
    pages.holds(some_products())
    text = pages.text(f"/?{query}")
    found = re.findall(rf'<a href="/produit/{REPOSITORY}/\d+">([^<&]+)', text)
    assert [title.strip() for title in found] == titles


def test_a_long_portfolio_is_cut_in_pages_that_keep_the_filter(pages):
    pages.holds([Life(POLICY, f"Produit {number:03}", number).filed(ago(days=9)).tracked for number in range(1, 121)])
    first = pages.text("/?q=produit")
    assert first.count("/produit/dnum") == 50
    assert "Page 1 sur 3" in first
    following = re.search(r'rel="next" href="([^"]+)"', first)[1].replace("&amp;", "&")
    assert "q=produit" in following
    assert "Produit 051" in pages.text(following)
    assert 'rel="next"' not in pages.text("/?page=3")
    numbers = re.findall(r'<a href="/\?page=(\d)"', pages.text("/?page=2"))
    assert numbers == ["1", "2", "3"]
    assert re.search(r'page=2" aria-current="page"', pages.text("/?page=2"))


def test_what_has_ended_is_counted_and_one_click_away(pages):
    pages.holds(some_products())
    text = pages.text("/")
    assert "5 produits<" in text
    assert "dont 1 terminé, masqué" in text
    shown = re.search(r'href="(/\?[^"]*termines=oui[^"]*)"', text)[1]
    assert "Ancien registre" in pages.text(shown)
    assert "masqué" not in pages.text(shown)
    assert "0 sur" not in pages.text("/?q=registre")


SEVERAL = {"Demandés", "Points refusés", "En retard", "Ouvertes"}


@pytest.mark.parametrize("page", ["/indicateurs", "/a-venir"])
def test_each_figure_opens_the_list_it_counts(pages, page):
    pages.holds(some_products())
    figures = re.findall(r'<a href="(/[^"]*)">(\d+)<span class="hidden"> ([^<]+)', pages.text(page))
    assert len(figures) > (20 if page == "/indicateurs" else 1)
    for address, count, label in figures:
        listing = pages.text(address.replace("&amp;", "&"))
        found = len(set(re.findall(rf'href="/produit/{REPOSITORY}/(\d+)', listing)))
        # A product may have asked for one gate twice, or been refused on two points: the list names it once.
        assert found == int(count) or (label in SEVERAL and 0 < found < int(count)), (address, count)
        assert f">{found} produit" in listing


def test_directions_are_listed_as_a_dictionary_does(pages):
    names = ("mtes", "Élysée", "DGT", "agriculture", "Culture")
    pages.holds([Life(POLICY, name, n).filed(ago(days=9), direction=name).tracked for n, name in enumerate(names, 1)])
    offered = re.search(r'<select id="direction".*?</select>', pages.text("/"), re.DOTALL)[0]
    assert re.findall(r'value="([^"]+)"', offered) == ["agriculture", "Culture", "DGT", "Élysée", "mtes"]


def test_a_direction_bears_one_name_on_every_page_sheet_and_digest(tmp_path):
    """Whatever was written, by the form or by the former follow-up; the acronym finds it too."""
    table = (Direction("mtes", "Transition écologique", ("MTE",)),)
    policy = replace(POLICY, directions=table, version="named")
    pages = Pages(f"sqlite:///{tmp_path}/named.db", policy=policy)
    written = ("mtes", "MTE, bureau des aides", "anct")
    pages.holds(
        Life(policy, f"P{n}", n).filed(ago(days=1), direction=name).tracked for n, name in enumerate(written, 1)
    )
    offered = re.search(r'<select id="direction".*?</select>', pages.text("/"), re.DOTALL)[0]
    assert re.findall(r'value="([^"]+)"', offered) == ["anct", "Transition écologique"]
    for query in ("direction=Transition+%C3%A9cologique", "q=transition+ecologique"):
        assert re.findall(r"/produit/dnum/produits/(\d)", pages.text(f"/?{query}")) == ["1", "2"], query
    assert re.findall(r"/produit/dnum/produits/(\d)", pages.text("/?direction=mtes")) == ["1"]
    sheet = pages.text("/portefeuille.csv?sep=,")
    assert sheet.count(",Transition écologique,") == 2
    assert ",anct," in sheet
    product = pages.text("/produit/dnum/produits/2")
    assert "Transition écologique" in product
    assert "MTE, bureau des aides" in product, "what was written is not lost"
    assert pages.text("/bilan").count("(Transition écologique)") == 2
    pages.database.dispose()


def test_one_product_tells_its_path_and_who_acts(pages):
    pages.holds(some_products())
    waiting = pages.text(f"/produit/{REPOSITORY}/1")
    assert "Le comité se prononce sur le passage vers MVP" in waiting
    assert "avis indispensable" in waiting
    owing = pages.text(f"/produit/{REPOSITORY}/2")
    assert "Chiffrer les sauvegardes" in owing
    assert "1 réserve déjà levée" in owing
    assert "(en retard)" in owing
    assert "Entrée en phase MVP" in owing
    assert "Clos sans décision" in pages.text(f"/produit/{REPOSITORY}/3")
    assert "Le délai de réponse est passé" in pages.text(f"/produit/{REPOSITORY}/4")
    assert "Rien n’est attendu" in pages.text(f"/produit/{REPOSITORY}/5")


def test_a_seat_sees_what_waits_for_it(pages):
    pages.holds(some_products())
    assert "Rien n’attend ce siège" not in pages.text("/siege/design")
    assert "Base" not in pages.text("/siege/securite").partition("Réserves posées")[0]
    assert "Chiffrer les sauvegardes" in pages.text("/siege/technologie")
    assert "Chiffrer les sauvegardes" in pages.text("/siege/technologie?lang=en")


@pytest.mark.parametrize(
    "path", ["/siege/absent", f"/produit/{REPOSITORY}/99", "/bilan/2026-W99", "/?depot=autre/depot", "/rien"]
)
def test_what_does_not_exist_says_so(pages, path):
    pages.holds(some_products())
    answer = pages.get(path)
    assert answer.status_code == 404
    assert "Cette page n’existe pas" in answer.get_data(as_text=True)
    assert "does not exist" in pages.get(path + ("&" if "?" in path else "?") + "lang=en").get_data(as_text=True)


def test_several_backlogs_are_kept_apart(pages):
    pages.holds(some_products())
    pages.holds([type(one)("dnum/autre", one.number, one.title, one.history) for one in some_products()[:1]])
    other = pages.text("/?depot=dnum/autre")
    assert "1 produit<" in other
    assert "comite=dnum/autre" in other
    assert "1 produit<" in pages.text("/?comite=dnum/autre")
    assert "5 produits<" in pages.text("/?depot=dnum/produits")


# Who may read


@pytest.mark.parametrize(
    ("setting", "public", "headers", "status"),
    [
        ("", False, {}, 403),
        ("", True, {}, 200),
        ("local", False, {}, 200),
        ("local", False, {"X-Forwarded-For": "203.0.113.9"}, 403),
        ("X-Forwarded-User", False, {}, 403),
        ("X-Forwarded-User", False, {"X-Forwarded-User": " "}, 403),
        ("X-Forwarded-User", False, {"X-Forwarded-User": "agent"}, 200),
    ],
)
def test_pages_are_private_unless_something_vouches_for_the_visitor(tmp_path, setting, public, headers, status):
    policy = parsed(SMALL + "follow_up: {public_pages: true}") if public else POLICY
    found = Pages(f"sqlite:///{tmp_path}/jalon.db", setting, policy)
    found.holds([Life(SMALL_POLICY, "Un", 1).filed(ago(days=3)).tracked])
    for path in ("/", "/sieges", "/indicateurs", "/bilan", "/portefeuille.csv", "/siege/securite.json"):
        assert found.get(path, **headers).status_code == status, path
    if status == 403:
        assert "JALON_PAGES" in found.get("/", **headers).get_data(as_text=True)
    assert found.get("/healthz").status_code == 200
    assert all("no-store" in found.get(path, **headers).headers["Cache-Control"] for path in ("/", "/bilan"))
    found.database.dispose()


ELSEWHERE = (
    {"Host": "mechant.example"},
    {"Host": "127.0.0.1.mechant.example"},
    {"Host": "["},
    {"Host": ""},
    {"Via": "1.1 relais"},
    {"X-Forwarded-Host": "jalon.exemple.fr"},
    {"X-Original-For": "203.0.113.9"},
    {"CF-Connecting-IP": "203.0.113.9"},
)


@pytest.mark.parametrize("headers", ELSEWHERE, ids=str)
def test_a_page_of_elsewhere_or_a_proxy_is_not_this_machine(tmp_path, headers):
    """A site whose name was made to lead to 127.0.0.1 asks under its own name; a proxy says that it is one."""
    found = Pages(f"sqlite:///{tmp_path}/jalon.db")
    assert found.get("/", **headers).status_code == 403
    assert found.get("/", Host="localhost:8080").status_code == 200
    assert found.client.get("/", environ_overrides={"SERVER_PROTOCOL": "HTTP/1.0"}).status_code == 403
    found.database.dispose()


def test_a_backlog_that_is_not_public_is_neither_named_nor_told_from_none(tmp_path):
    public, secret = parsed(SMALL + "follow_up: {public_pages: true}"), POLICY
    found = Pages(f"sqlite:///{tmp_path}/jalon.db", "")
    found.app.extensions["jalon"].rules = lambda name: public if name == "dnum/ouvert" else secret
    lives = [Life(SMALL_POLICY, "Un", number).filed(ago(days=3)).tracked for number in (1, 2)]
    found.holds([replace(lives[0], repository="dnum/ferme"), replace(lives[1], repository="dnum/ouvert")])
    assert "dnum/ferme" not in found.text("/")
    answers = [found.get(f"/?depot={name}") for name in ("dnum/ferme", "dnum/nulle-part")]
    assert [answer.status_code for answer in answers] == [404, 404]
    assert answers[0].text == answers[1].text.replace("nulle-part", "ferme")
    found.database.dispose()


def test_another_machine_is_not_local(tmp_path):
    found = Pages(f"sqlite:///{tmp_path}/jalon.db")
    for address in ("192.0.2.7", "", "inconnu"):
        assert found.client.get("/", environ_base={"REMOTE_ADDR": address}).status_code == 403
    assert found.client.get("/", environ_base={"REMOTE_ADDR": "::1"}).status_code == 200
    found.database.dispose()


def test_the_setting_is_read_from_the_environment():
    given = {
        "JALON_APP_ID": "1",
        "JALON_WEBHOOK_SECRET": "s",
        "JALON_PRIVATE_KEY": new_key(),
        "JALON_PAGES": " local ",
    }
    assert read_settings(given).pages == "local"


def test_a_missing_digest_is_told_on_the_page_and_to_prometheus(tmp_path):
    found = Pages(f"sqlite:///{tmp_path}/jalon.db", missing=(Week(2026, 46), Week(2026, 47)))
    found.holds(some_products())
    assert "nommées par leur lundi : 9 novembre 2026, 16 novembre 2026." in found.text("/")
    assert f'jalon_digests_missing{{repository="{REPOSITORY}"}} 2.0' in found.text("/metrics")
    found.database.dispose()


# Taking figures away


def table(pages, path):
    """As a program asks for it."""
    text = pages.get(f"{path}{'&' if '?' in path else '?'}sep=,").get_data(as_text=True)
    return list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"))))


def test_sheets_hold_what_the_pages_show(pages):
    pages.holds(some_products())
    lines = table(pages, "/portefeuille.csv?etat=gate")
    assert [line["number"] for line in lines] == ["1", "4"]
    assert tuple(lines[0]) == COLUMNS
    assert lines[0]["direction"] == "'=DGT"
    kept = json.loads(pages.text("/portefeuille.json?etat=gate"))
    assert [line["number"] for line in kept] == [1, 4]
    assert kept[0]["direction"] == "=DGT"
    (one,) = table(pages, f"/produit/{REPOSITORY}/2.csv")
    assert (one["open_conditions"], one["overdue_conditions"]) == ("1", "1")
    waits = table(pages, "/siege/design.csv")
    assert [line["number"] for line in waits] == ["4", "1"]
    assert len(json.loads(pages.text("/indicateurs.json"))) == len(table(pages, "/indicateurs.csv"))
    answer = pages.get("/portefeuille.csv")
    assert answer.headers["Content-Disposition"] == 'attachment; filename="portefeuille.csv"'


@pytest.mark.parametrize(
    "path", ["/portefeuille.csv", f"/produit/{REPOSITORY}/2.csv", "/siege/design.csv", "/indicateurs.csv"]
)
def test_a_french_spreadsheet_finds_its_columns_and_its_words(pages, path):
    pages.holds(some_products())
    lines = list(csv.reader(io.StringIO(pages.text(path).removeprefix("\ufeff")), delimiter=";"))
    machine = table(pages, path)
    assert len(lines) == 1 + len(machine)
    assert len(lines[0]) == len(set(lines[0])) == len(machine[0])
    assert set(lines[0]) <= set(HEADINGS.values())
    said = {cell for line in lines[1:] for cell in line}
    assert not said & {"True", "False", "steady", "committee", "team", "asked", "portfolio"}
    assert not [cell for cell in said if cell.startswith(("under_", "from_"))]
    assert pages.text(f"{path}?lang=en").startswith("\ufeff" + ",".join(machine[0]))


def test_every_column_and_every_word_of_a_sheet_has_its_french(pages):
    assert set(COLUMNS) <= HEADINGS.keys()
    assert CELLS["state"].keys() == set(STATES)


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "  =1", "\n=1", "＝1", "﹣1"])
def test_no_cell_runs_in_a_spreadsheet(text):
    sheet = Sheet(("a", "b"), ((text, -1),))
    (line,) = csv.reader(io.StringIO(as_csv(sheet).removeprefix("\ufeff").partition("\r\n")[2]))
    assert line == ["'" + text, "-1"]
    assert json.loads(as_json(sheet)) == [{"a": text, "b": -1}]


# The same figures everywhere


def test_digest_page_sheet_and_register_agree_on_a_real_portfolio(pages):
    pages.holds(real_products(POLICY))
    now = NOW
    products = pages.app.extensions["jalon"].portfolio_cache.products(REPOSITORY)
    week = Week.of(day_of(now, TIMEZONE))
    told = digest(products, POLICY, week, now)
    assert told.total == 240
    lines = table(pages, "/portefeuille.csv")
    assert len(lines) == 240
    for phase in told.phases:
        page = pages.text(f"/?phase={phase.id}")
        assert f">{phase.products} produit" in page
        assert sum(line["phase"] == phase.id for line in lines) == phase.products
    flow = indicators(rows(products, POLICY, now), POLICY, now)
    assert [(phase.id, phase.now, phase.usual_days) for phase in flow.phases] == [
        (phase.id, phase.products, phase.usual_days) for phase in told.phases
    ]
    text = digest_text(told, POLICY, Links("https://github.com", REPOSITORY), mermaid)
    cells = re.findall(r"<td[^>]*>([^<]*)", MarkdownIt("commonmark").enable("table").render(text))
    shown = re.findall(r"<td[^>]*>([^<]*)", pages.text("/bilan"))
    assert shown == cells
    entries = list(pages.register.entries())
    assert len({entry.product for entry in entries}) == told.total


def test_the_digest_is_taken_away_as_one_page(pages):
    pages.holds(some_products())
    address = re.search(r'href="(/bilan/[^"]*format=pdf[^"]*)"', pages.text("/bilan"))[1].replace("&amp;", "&")
    for path in (address, "/bilan?format=pdf", "/bilan/2026-W10?format=pdf&lang=en"):
        answer = pages.get(path)
        assert (answer.status_code, answer.mimetype) == (200, "application/pdf")
        (page,) = pypdf.PdfReader(io.BytesIO(answer.data)).pages
        assert ("Three things" if "lang=en" in path else "Trois choses") in page.extract_text()
    assert pages.get("/bilan/2026-W99?format=pdf").status_code == 404


def test_a_page_follows_the_register(pages):
    life = Life(POLICY, "Neuf", 1).filed(ago(days=3))
    pages.holds([life.tracked])
    assert "1 produit<" in pages.text("/")
    known = len(life.facts)
    life.asked(ago(days=1), "poc")
    pages.register.append(f"I_{REPOSITORY}_1", (REPOSITORY, 1), known, tuple(life.facts[known:]), "test")
    pages.holds([Life(POLICY, "Autre", 2).filed(ago(days=1)).tracked])
    assert "2 produits<" in pages.text("/")
    assert "Avis du comité demandé" in pages.text("/?q=neuf")


def test_a_seat_with_a_thousand_gates_has_a_page_of_fifty(pages):
    lives = [Life(POLICY, f"Produit {number}", number).filed(ago(days=60)) for number in range(1, 121)]
    pages.holds([life.asked(ago(days=5), "mvp").tracked for life in lives])
    first, last = pages.text("/siege/design"), pages.text("/siege/design?page=3")
    assert (first.count("<tr role"), last.count("<tr role")) == (51, 21)
    assert "120 dossiers attendent ce siège" in first
    assert 'href="/siege/design?page=2"' in first
    assert "Page 3 sur 3" in last
    assert "Page 3 sur 3" in pages.text("/siege/design?page=99")
    assert len(list(csv.reader(io.StringIO(pages.text("/siege/design.csv"))))) == 121


def test_a_seat_that_set_many_conditions_shows_the_nearest_and_counts_the_rest(pages):
    for number in range(1, 4):
        life = Life(POLICY, f"Produit {number}", number).filed(ago(days=60)).asked(ago(days=50), "mvp")
        texts = [(f"Réserve {rank}", f"2027-01-{rank:02}") for rank in range(number, 31)]
        pages.holds([life.decided(ago(days=40), "go", texts).tracked])
    text = pages.text("/siege/technologie")
    assert 'href="/?etat=conditions">et 37 autres' in text


# Words


def test_both_languages_have_the_same_words_and_all_are_used():
    assert words("fr").keys() == words("en").keys()
    folder = WORDS.parent
    source = "".join(
        path.read_text(encoding="utf-8") for path in [*folder.glob("*.py"), *folder.glob("templates/*.html")]
    )
    families = (
        "accessibility_",
        "act_",
        "accessibility_",
        "receipt_item_",
        "receipt_reuse_",
        "way_",
        "state_",
        "actor_",
        "outcome_",
        "choice_",
        "event_",
        "item_state_",
        "part_",
        "points_",
        "door_",
        "silence_",
        "reuse_is_",
        "common_kind_",
        "agenda_",
        "minutes_",
        "decide_",
        "decided_",
        "sits_",
        "calendar_",
        "second_",
        "proof_lacks_",
        "proof_not_",
        "proof_proves_",
        "proof_step_",
        "refused",
        "absent",
    )
    unused = [
        key
        for key in words("fr")
        if f'"{key}"' not in source
        and f"'{key}'" not in source
        and not key.startswith(families)
        and f'"{key.removesuffix("_text")}"' not in source
    ]
    assert unused == []
    for language in ("fr", "en"):
        files = [read_plain((WORDS / name.format(language)).read_text(encoding="utf-8")) for name in WORD_FILES]
        assert len(words(language)) == sum(map(len, files)), "no word is said twice"
        for key, text in words(language).items():
            assert text.count("|") <= 2, key
            assert sorted(re.findall(r"{(\w+)}", text.split("|")[0])) == sorted(
                set(re.findall(r"{(\w+)}", words("fr")[key].split("|")[0]))
            )
