"""What the pages let each person do, what they refuse, and that nothing typed is lost or comes out as code."""

import re

import flask
import pytest
import requests

from local_github import pages
from local_github.pages import markdown
from local_github.pages.references import Place
from local_github.server import Sandbox
from tests.local_github.seed import seed

ISSUES = "/dnum/produits/issues"
BOARD = "/orgs/dnum/projects/1"
TASKS = "- [ ] un\n- [x] deux <!-- b -->\n- [ ] un\n\ntexte"


@pytest.fixture
def as_(web):
    """as_(login) -> a client that is this person."""

    def client(login):
        assert web.post("/_sandbox/identite", data={"identite": login}).status_code == 303
        return web

    return client


@pytest.fixture
def issue(world):
    return world.open_issue("directrice", "SILAV", TASKS, ["produit"])


# rights: who may do what, and the page says so


def post(client, world, path, **data):
    """One gesture; {comment} and {card} stand for those of the issue."""
    comment = world.issues[1].comments[0].id if world.issues[1].comments else 0
    card = next(iter(world.cards), "")
    return client.post(path.format(issue=f"{ISSUES}/1", comment=comment, card=card, board=BOARD), data=data)


GESTURES = [
    ("{issue}/comments", {"texte": "bonjour"}, {"visiteur", "cheffe-produit", "techno"}),
    ("{issue}/textes/0/reactions", {"reaction": "+1"}, {"visiteur", "cheffe-produit", "techno"}),
    ("{issue}/textes/{comment}/reactions", {"reaction": "eyes"}, {"visiteur", "cheffe-produit", "techno"}),
    ("{issue}/etiquettes", {"etiquette": "Phase : idée"}, {"cheffe-produit", "techno"}),
    ("{issue}/personnes", {"personne": "visiteur"}, {"cheffe-produit", "techno"}),
    ("{issue}/etat", {"etat": "closed", "raison": "not_planned"}, {"cheffe-produit", "techno"}),
    ("{issue}/textes/{comment}/supprimer", {}, {"techno"}),
    ("{board}/cartes/{card}", {"colonne": ""}, {"visiteur", "cheffe-produit", "techno"}),
]


@pytest.mark.parametrize(("path", "data", "allowed"), GESTURES, ids=[f"{path} {data}" for path, data, _ in GESTURES])
@pytest.mark.parametrize("login", ["visiteur", "cheffe-produit", "techno"])
def test_who_may_do_what(world, issue, as_, login, path, data, allowed):
    world.comment("directrice", 1, "à moi")
    world.add_card("directrice", 1)
    answer = post(as_(login), world, path, **data)
    assert answer.status_code == (303 if login in allowed else 403)
    if login not in allowed:
        assert f"Vous êtes <strong>{login}</strong>" in answer.text


def test_controls_are_shown_to_those_who_may_use_them(world, issue, seen):
    world.comment("visiteur", 1, "à moi")
    world.comment("directrice", 1, "à elle")
    words = ("/etiquettes", "/personnes", "/etat", "<summary>Modifier", "<summary>Supprimer")
    assert [seen(f"{ISSUES}/1", "visiteur").count(word) for word in words] == [0, 0, 0, 1, 1]
    assert [seen(f"{ISSUES}/1", "cheffe-produit").count(word) for word in words] == [1, 1, 1, 0, 0]
    assert [seen(f"{ISSUES}/1", "techno").count(word) for word in words] == [1, 1, 1, 3, 2]


def test_an_issue_is_never_deleted(issue, as_):
    answer = as_("directrice").post(f"{ISSUES}/1/textes/0/supprimer")
    assert answer.status_code == 422
    assert "fermez-le" in answer.text


def test_deleting_ones_own_comment(world, issue, as_):
    said = world.comment("visiteur", 1, "à moi")
    assert as_("visiteur").post(f"{ISSUES}/1/textes/{said.id}/supprimer").status_code == 303
    assert world.issues[1].comments == []


# triage


def test_labels_changed_on_a_page_leave_alone_what_others_did_meanwhile(world, issue, as_):
    world.create_label("directrice", "urgent")
    world.add_labels("techno", 1, ["urgent"])  # after the page was shown
    client = as_("cheffe-produit")
    client.post(f"{ISSUES}/1/etiquettes", data={"avant": ["produit"], "etiquette": ["Phase : idée", "inconnue"]})
    assert world.issues[1].labels == ["urgent", "Phase : idée"]


def test_assigning_people(world, issue, as_):
    world.set_assignees("techno", 1, ["techno"])
    client = as_("cheffe-produit")
    client.post(f"{ISSUES}/1/personnes", data={"avant": ["techno"], "personne": ["visiteur", "cheffe-produit"]})
    assert world.issues[1].assignees == ["cheffe-produit", "visiteur"]
    answer = client.post(f"{ISSUES}/1/personnes", data={"personne": "inconnue"})
    assert answer.status_code == 422
    assert "Cette personne n’existe pas ici." in answer.text


def test_a_reaction_is_given_then_taken_back(world, issue, as_):
    client = as_("visiteur")
    for shown in ('aria-pressed="true" aria-label="fusée : 1"', None):
        client.post(f"{ISSUES}/1/textes/0/reactions", data={"reaction": "rocket"})
        page = client.get(f"{ISSUES}/1").text
        assert (shown in page) if shown else ("aria-pressed" not in page)
    assert client.post(f"{ISSUES}/1/textes/0/reactions", data={"reaction": "pouce"}).status_code == 422


def test_closing_says_why(world, issue, as_):
    as_("techno").post(f"{ISSUES}/1/etat", data={"etat": "closed", "raison": "not_planned"})
    assert (issue.state, issue.state_reason) == ("closed", "not_planned")
    assert 'class="etat closed ecarte"' in as_("techno").get(f"{ISSUES}/1").text


# ticking one box


def boxes(page):
    return re.findall(r'name="case" value="(\d)" data-point="(\w+)"', page)


def test_one_box_is_ticked_wherever_it_stands_now(world, issue, as_):
    client = as_("directrice")
    (_, first), (_, second), (_, third) = boxes(client.get(f"{ISSUES}/1").text)
    assert first == third != second
    world.edit_issue("techno", 1, body="- [ ] zéro\n" + TASKS)
    client.post(f"{ISSUES}/1/textes/0/case", data={"rang": "1", "point": second, "cochee": "non"})
    assert issue.body == "- [ ] zéro\n" + TASKS.replace("[x]", "[ ]")
    client.post(f"{ISSUES}/1/textes/0/case", data={"rang": "3", "point": third, "cochee": "oui"})
    assert issue.body == "- [ ] zéro\n- [ ] un\n- [ ] deux <!-- b -->\n- [x] un\n\ntexte"


@pytest.mark.parametrize("sent", [{"rang": "0", "point": "disparu"}, {"rang": "1"}, {"rang": "x"}, {}])
def test_a_box_that_is_gone_changes_nothing(world, issue, as_, sent):
    answer = as_("directrice").post(f"{ISSUES}/1/textes/0/case", data={"cochee": "oui", **sent})
    assert answer.status_code == 409
    assert issue.body == TASKS


def test_two_boxes_with_the_same_words_are_told_apart_by_their_rank(issue, as_):
    client = as_("directrice")
    point = boxes(client.get(f"{ISSUES}/1").text)[0][1]
    assert client.post(f"{ISSUES}/1/textes/0/case", data={"rang": "1", "point": point}).status_code == 409


def test_ticking_needs_the_right_to_edit(issue, as_):
    client = as_("cheffe-produit")
    point = boxes(client.get(f"{ISSUES}/1").text)[1][1]
    answer = client.post(f"{ISSUES}/1/textes/0/case", data={"rang": "1", "point": point, "cochee": "non"})
    assert answer.status_code == 403
    assert issue.body == TASKS


# other sites

WRITES = [
    "/_sandbox/apercu",
    "/_sandbox/identite",
    f"{ISSUES}/new?template=produit.yml",
    f"{ISSUES}/1/comments",
    f"{ISSUES}/1/textes/0",
    f"{ISSUES}/1/textes/0/case",
    f"{ISSUES}/1/textes/0/cases",
    f"{ISSUES}/1/textes/0/reactions",
    f"{ISSUES}/1/textes/0/supprimer",
    f"{ISSUES}/1/etat",
    f"{ISSUES}/1/etiquettes",
    f"{ISSUES}/1/personnes",
    f"{BOARD}/cartes/x",
    "/_sandbox/livraisons/1",
]


@pytest.mark.parametrize("path", WRITES)
@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://ailleurs.example"},
        {"Origin": "null"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site", "Origin": "http://localhost"},
    ],
)
def test_no_write_is_taken_from_another_site(world, issue, web, path, headers):
    before = world.version
    assert web.post(path, data={"texte": "x", "titre": "x", "etat": "closed"}, headers=headers).status_code == 403
    assert world.version == before


def test_every_page_that_writes_is_in_this_table(world):
    site = flask.Flask("site")
    site.register_blueprint(pages.blueprint(world))
    rules = [str(rule) for rule in site.url_map.iter_rules() if "POST" in (rule.methods or ())]
    assert len(rules) == len(WRITES)


def test_reading_never_writes(world, issue, web):
    before = world.version
    for path in WRITES:
        if "new?" not in path:
            assert web.get(path).status_code in {404, 405}
    assert world.version == before


# what was typed


def test_a_huge_text_is_refused_and_given_back(issue, web):
    answer = web.post(f"{ISSUES}/1/comments", data={"texte": "é" * 65_537})
    assert answer.status_code == 422
    assert "Ce texte dépasse 65\u202f536 caractères" in answer.text
    assert "é" * 65_537 in answer.text
    assert issue.comments == []


def test_the_longest_text_is_taken(issue, web):
    assert web.post(f"{ISSUES}/1/comments", data={"texte": "é" * 65_536}).status_code == 303


def test_what_is_far_too_big_is_not_even_read(issue, web):
    answer = web.post(f"{ISSUES}/1/comments", data={"texte": "x" * 1_000_000})
    assert answer.status_code == 413
    assert "trop volumineux" in answer.text
    assert len(answer.text) < 20_000


def test_a_preview_publishes_nothing(world, issue, web):
    before = world.version
    page = web.post("/_sandbox/apercu", data={"texte": "**gras** @techno <script>"}).text
    assert '<p><strong>gras</strong> <a href="/techno"' in page
    assert page.count("<script") == 1
    assert world.version == before


def test_a_bug_is_told_in_french_and_shows_nothing_of_itself(issue, web, monkeypatch):
    monkeypatch.setattr(markdown, "to_html", lambda *_, **__: 1 / 0)
    answer = web.get(f"{ISSUES}/1")
    assert answer.status_code == 500
    assert "Le GitHub local s’est trompé" in answer.text
    assert "ZeroDivisionError" not in answer.text


def test_an_organisation_without_a_board(world, seen):
    world.boards.clear()
    assert "Aucun tableau" in seen("/orgs/dnum/projects")
    assert 'href="/orgs/dnum/projects">Tableau' in seen("/")


def test_a_refused_edit_gives_the_text_back(issue, as_):
    answer = as_("directrice").post(f"{ISSUES}/1/textes/0", data={"vu": "ancien", "texte": "<b>mon texte</b>"})
    assert answer.status_code == 409
    assert "&lt;b&gt;mon texte&lt;/b&gt;</textarea>" in answer.text


# nothing typed becomes code

HOSTILE = '"><script>alert(1)</script>'


def test_hostile_words_everywhere(world, web, seen):
    world.create_label("directrice", HOSTILE, "ff0000", HOSTILE)
    world.files[".github/ISSUE_TEMPLATE/piege.yml"] = (
        f"name: '{HOSTILE}'\ndescription: '{HOSTILE}'\nbody:\n"
        f"  - {{type: input, id: a, attributes: {{label: '{HOSTILE}', placeholder: '{HOSTILE}', value: '{HOSTILE}'}}}}\n"
        f"  - {{type: dropdown, attributes: {{label: B, options: ['{HOSTILE}']}}}}\n"
    )
    world.options[0].name = HOSTILE
    sent = {"titre": HOSTILE, "q0": HOSTILE, "q1": "0"}
    assert web.post(f"{ISSUES}/new?template=piege.yml", data=sent).status_code == 303
    world.comment("visiteur", 1, f"{HOSTILE} @techno{HOSTILE} #1 https://a.example/{HOSTILE}")
    world.add_labels("techno", 1, [HOSTILE])
    card = world.add_card("techno", 1)
    world.move_card("techno", card.id, world.options[0].id)
    for path in (
        "/",
        ISSUES,
        f"{ISSUES}?q={HOSTILE}&etiquette={HOSTILE}&etat={HOSTILE}&page={HOSTILE}",
        f"{ISSUES}/1",
        f"{ISSUES}/new/choose",
        f"{ISSUES}/new?template=piege.yml&title={HOSTILE}&a={HOSTILE}",
        f"{ISSUES}/new?template=BLANK_ISSUE&title={HOSTILE}&body={HOSTILE}",
        "/dnum/produits/labels",
        BOARD,
    ):
        page = seen(path, "techno")
        assert re.findall(r"<script[^>]*>", page) in (
            ['<script type="module" src="/_sandbox/live.js">'],
            ['<script type="module" src="/_sandbox/live.js">', '<script type="module" src="/_sandbox/board.js">'],
        )
        assert not re.search(r" on\w+=", page)


def test_scripts_come_from_here_alone(web):
    policy = web.get(ISSUES).headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "script-src 'self';" in policy
    assert "unsafe" not in policy
    for name in ("live.js", "board.js"):
        answer = web.get(f"/_sandbox/{name}")
        assert answer.mimetype == "text/javascript"
        assert "http" not in answer.text
        assert not re.search(r"innerHTML|insertAdjacentHTML|document\.write|\beval\b", answer.text)


PLACE = Place({"techno": "/techno", "dnum/comite-produit": "/equipe"}, {1: "/1"})


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("@techno, @Techno", ["/techno", "/techno"]),
        ("@dnum/comite-produit", ["/equipe"]),
        ("@inconnue a@techno.fr @dnum/autre", []),
        ("#1 et #2, a#1", ["/1"]),
        ("`@techno #1` [@techno](https://a.example)", ["https://a.example"]),
        ("voir https://a.example/x?y=1&amp;z. Puis", ["https://a.example/x?y=1&amp;z"]),
        ("(https://a.example/a_(b)) **https://b.example**", ["https://a.example/a_(b)", "https://b.example"]),
        ("« https://a.example »", ["https://a.example"]),
        ("javascript:alert(1) ftp://a.example", []),
        ("https://a.example/@techno#1", ["https://a.example/@techno#1"]),
    ],
)
def test_references_become_links(text, shown):
    assert re.findall(r'href="([^"]*)"', markdown.to_html(text, place=PLACE)) == shown


# the list


def titles(page):
    return re.findall(r'class="titre" href="[^"]*">([^<]*)</a>', page)


@pytest.fixture
def many(world):
    world.open_issue("techno", "Idée d’agrément", "le corps", ["produit"])
    world.open_issue("visiteur", "Autre", "sans étiquette")
    world.comment("techno", 2, "Un mot RARE")
    world.open_issue("techno", "Fermé", "", ["Phase : idée"])
    world.edit_issue("techno", 3, state="closed")
    world.set_assignees("techno", 2, ["cheffe-produit"])


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", ["Autre", "Idée d’agrément"]),
        ("?q=IDEE", ["Idée d’agrément"]),
        ("?q=agrement+corps", ["Idée d’agrément"]),
        ("?q=rare", ["Autre"]),
        ("?q=%232", ["Autre"]),
        ('?q="sans étiquette"', ["Autre"]),
        ('?q="étiquette sans"', []),
        ("?etat=closed", ["Fermé"]),
        ("?etat=all", ["Fermé", "Autre", "Idée d’agrément"]),
        ("?etiquette=produit", ["Idée d’agrément"]),
        ('?q=is:issue is:closed label:"phase : idée"', ["Fermé"]),
        ("?q=state:closed", ["Fermé"]),
        ("?q=author:visiteur", ["Autre"]),
        ("?q=assignee:cheffe-produit", ["Autre"]),
        ("?etat=nawak&page=-3", ["Autre", "Idée d’agrément"]),
        ("?page=x", ["Autre", "Idée d’agrément"]),
    ],
)
def test_searching(many, seen, query, found):
    assert titles(seen(ISSUES + query)) == found


def test_the_search_stays_on_the_page(many, seen):
    page = seen(f"{ISSUES}?q=rare&etat=all&etiquette=produit")
    assert 'value="rare"' in page
    assert "<option selected>produit</option>" in page
    assert '<option value="all" selected>Tous (0)</option>' in page
    assert "Aucun ticket ne correspond" in page


def test_paging(world, seen):
    for number in range(1, 28):
        world.open_issue("techno", f"Produit {number}", "")
    page = seen(f"{ISSUES}?q=produit")
    assert titles(page)[0] == "Produit 27"
    assert len(titles(page)) == 25
    assert "Page 1 sur 2" in page
    assert f'href="{ISSUES}?q=produit&amp;page=2" rel="next"' in page
    assert titles(seen(f"{ISSUES}?q=produit&page=2")) == ["Produit 2", "Produit 1"]
    assert titles(seen(f"{ISSUES}?page=99")) == ["Produit 2", "Produit 1"]


def test_labels_lead_to_their_issues(many, seen):
    page = seen("/dnum/produits/labels")
    assert f'href="{ISSUES}?etiquette=produit">1 ticket ouvert<' in page
    assert "0 ticket ouvert<" in page


# forms


def test_a_blank_issue_if_the_repository_allows_it(world, web, seen):
    assert "template=BLANK_ISSUE" in seen(f"{ISSUES}/new/choose")
    assert web.post(f"{ISSUES}/new?template=BLANK_ISSUE", data={"titre": " ", "texte": "gardé"}).status_code == 422
    answer = web.post(f"{ISSUES}/new?template=BLANK_ISSUE", data={"titre": "Vide", "texte": "ligne\r\n"})
    assert answer.location == f"{ISSUES}/1"
    assert (world.issues[1].title, world.issues[1].body, world.issues[1].labels) == ("Vide", "ligne\n", [])
    world.files[".github/ISSUE_TEMPLATE/config.yml"] = "blank_issues_enabled: false"
    assert "BLANK_ISSUE" not in seen(f"{ISSUES}/new/choose")
    assert web.post(f"{ISSUES}/new?template=BLANK_ISSUE", data={"titre": "x"}).status_code == 404
    assert web.get(f"{ISSUES}/new?template=BLANK_ISSUE").status_code == 404


def test_a_public_repository_enforces_what_a_private_one_only_expects(world, web, seen):
    sent = {"titre": "SILAV", "q1": " "}
    assert web.post(f"{ISSUES}/new?template=produit.yml", data=sent).status_code == 303
    world.private = False
    page = seen(f"{ISSUES}/new?template=produit.yml")
    assert 'Vision <span class="attendu">(obligatoire)</span>' in page
    assert page[page.index("<main") :].count(" required") == 2
    answer = web.post(f"{ISSUES}/new?template=produit.yml", data=sent)
    assert answer.status_code == 422
    assert "Il manque une réponse à : « Vision »." in answer.text
    assert len(world.issues) == 1


EVERY_KIND = """
name: Tout
title: "[Produit] "
body:
  - {type: input, id: un, attributes: {label: Un, value: proposé}}
  - {type: dropdown, id: deux, attributes: {label: Deux, options: [a, b], default: 1}, validations: {required: true}}
  - {type: checkboxes, id: trois, attributes: {label: Trois, options: [{label: x, required: true}, {label: y}]}}
  - {type: upload, id: quatre, attributes: {label: Quatre}}
"""


def test_an_address_fills_a_form_in(world, seen):
    world.files[".github/ISSUE_TEMPLATE/tout.yml"] = EVERY_KIND
    page = seen(f"{ISSUES}/new?template=tout.yml")
    assert 'name="titre" value="[Produit] "' in page
    assert 'value="proposé"' in page
    assert '<option value="1" selected>b</option>' in page
    page = seen(f"{ISSUES}/new?template=tout.yml&title=SILAV&un=donné&deux=a&trois=z")
    assert 'name="titre" value="SILAV"' in page
    assert 'value="donné"' in page
    assert '<option value="0" selected>a</option>' in page


def test_required_options_and_files(world, web, seen):
    world.files[".github/ISSUE_TEMPLATE/tout.yml"] = EVERY_KIND
    assert "ne reçoit pas de fichiers" in seen(f"{ISSUES}/new?template=tout.yml")
    world.private = False
    answer = web.post(f"{ISSUES}/new?template=tout.yml", data={"titre": "t", "q2": "1"})
    assert "« Deux », « Trois »" in answer.text
    assert web.post(f"{ISSUES}/new?template=tout.yml", data={"titre": "t", "q1": "0", "q2": "0"}).status_code == 303
    assert world.issues[1].body.endswith("### Trois\n\n- [X] x\n- [ ] y\n\n### Quatre\n\n_No response_\n")


# what a page that watches asks


def test_the_version_changes_with_the_state_alone(world, web):
    first = web.get("/_sandbox/version").text
    assert web.get("/_sandbox/version").text == first
    world.open_issue("techno", "SILAV", "")
    assert web.get("/_sandbox/version").text != first
    assert f'data-version="{web.get("/_sandbox/version").text}"' in web.get(ISSUES).text


def test_a_page_for_people_and_json_for_programs(sandbox):
    for path in ("/nulle-part", "/nulle/part"):
        page = requests.get(sandbox.url + path, headers={"Accept": "text/html,*/*;q=0.8"}, timeout=5)
        assert (page.status_code, page.headers["Content-Type"]) == (404, "text/html; charset=utf-8")
        assert "Page introuvable" in page.text
        assert "script-src 'self'" in page.headers["Content-Security-Policy"]
        answer = requests.get(sandbox.url + path, timeout=5)
        assert (answer.status_code, answer.json()["message"]) == (404, "Not Found")


def test_the_seed_says_who_people_are(tmp_path):
    words = seed()
    words["guide"] = "Bienvenue"
    words["people"][0]["about"] = "Dépose"
    words["teams"][0]["about"] = "Vote"
    sandbox = Sandbox(words)
    sandbox.start()
    try:
        page = requests.get(sandbox.url, timeout=5).text
        assert all(word in page for word in ("Bienvenue", "Dépose", "Vote"))
    finally:
        sandbox.stop()
