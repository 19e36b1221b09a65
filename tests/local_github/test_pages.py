import re

import flask
import pytest

from local_github import pages
from local_github.boards import Iteration

ISSUES = "/dnum/produits/issues"
BOARD = "/orgs/dnum/projects/1"
BODY = """### Vision

Une réponse

### Problème

ligne 1
ligne 2

### Journal

```shell
ls
```

### Données

Non

### Pistes

Réutiliser, Acheter

### Échéance

_No response_

### Aide

- [ ] Design
- [X] Sécurité

### Autre

_No response_
"""
ANSWERS = {
    "titre": "SILAV",
    "q1": "Une réponse",
    "q2": "ligne 1\r\nligne 2\r\n",
    "q3": "ls",
    "q4": "1",
    "q5": ["0", "2"],
    "q6": "",
    "q7": "1",
    "q8": "  ",
}


def become(web, login):
    assert web.post("/_sandbox/identite", data={"identite": login}).status_code == 303


def send(web, world, text_id, path="", **data):
    """Posts about a text one has just displayed."""
    page = web.get(f"{ISSUES}/1").text
    part = page[page.index(f'data-vif="t{text_id}"') :]
    vu = re.search(r'name="vu" value="(\w+)"', part)
    return web.post(f"{ISSUES}/1/textes/{text_id}{path}", data={"vu": vu[1] if vu else "", **data})


# who one is


def test_the_first_page_says_what_this_is_and_who_everybody_is(world):
    site = flask.Flask("site")
    words = {"people": [{"login": "techno", "about": "Dit <b>go</b>"}], "teams": [], "guide": "Commentez `/go`"}
    site.register_blueprint(pages.blueprint(world, pages.stage_of(words, "http://127.0.0.1:1")))
    page = site.test_client().get("/").text
    assert "rien ne part sur Internet" in page
    assert "<code>/go</code>" in page
    assert "Dit &lt;b&gt;go&lt;/b&gt;" in page
    assert page.count("http://127.0.0.1:1") == 2
    assert re.findall(r'<li id="(\S+)"', page) == ["cheffe-produit", "visiteur", "directrice", "techno"]
    assert "<h3>Comité produit</h3>" in page
    assert 'aria-label="Devenir techno"' in page


def test_the_list_is_empty_at_first(web):
    assert "Aucun ticket pour l’instant" in web.get(ISSUES).text


@pytest.mark.parametrize(
    ("path", "leads_to"),
    [
        ("/dnum", "/#personnes"),
        ("/techno", "/#techno"),
        ("/dnum/produits", ISSUES),
        ("/orgs/dnum/people", "/#personnes"),
        (f"{BOARD}/views/2", BOARD),
        (f"{ISSUES}/new", f"{ISSUES}/new/choose"),
    ],
)
def test_githubs_addresses_lead_somewhere(web, path, leads_to):
    assert web.get(path).location == leads_to


def test_one_chooses_who_one_is_and_never_the_app(web, seen):
    answer = web.post("/_sandbox/identite", data={"identite": "techno", "retour": BOARD})
    assert answer.location == BOARD
    assert "SameSite=Strict" in answer.headers["Set-Cookie"]
    assert '<option value="techno" selected>techno – Technologies</option>' in web.get(ISSUES).text
    assert 'value="jalon[bot]"' not in seen(ISSUES)
    assert web.post("/_sandbox/identite", data={"identite": "jalon[bot]"}).status_code == 422
    web.set_cookie("identite", "jalon[bot]")
    assert '<option value="cheffe-produit" selected>' in web.get(ISSUES).text


@pytest.mark.parametrize("back", ["https://ailleurs.example/", "//ailleurs.example", "/\\ailleurs.example", ""])
def test_changing_person_never_leads_elsewhere(web, back):
    assert web.post("/_sandbox/identite", data={"identite": "techno", "retour": back}).location == "/"


@pytest.mark.parametrize("origin", ["https://ailleurs.example", "null", "http://localhost:1", "https://localhost"])
def test_another_site_cannot_act(web, world, origin):
    world.open_issue("techno", "SILAV", "")
    answer = web.post(f"{ISSUES}/1/comments", data={"texte": "x"}, headers={"Origin": origin})
    assert answer.status_code == 403
    assert "autre site" in answer.text
    assert world.issues[1].comments == []


def test_our_own_pages_can_act(web, world):
    world.open_issue("techno", "SILAV", "")
    web.post(f"{ISSUES}/1/comments", data={"texte": "x"}, headers={"Origin": "http://localhost"})
    assert len(world.issues[1].comments) == 1


# forms


def test_the_choice_leaves_out_what_is_not_a_form(seen):
    page = seen(f"{ISSUES}/new/choose")
    assert f'href="{ISSUES}/new?template=produit.yml"' in page
    assert "casse.yml" not in page
    assert "config.yml" not in page
    assert "https://guide.example/" in page
    assert "javascript:" not in page


def test_a_form_shows_its_questions(seen):
    page = seen(f"{ISSUES}/new?template=produit.yml")
    assert "<h2>Le besoin</h2>" in page
    assert "En <strong>une</strong> phrase" in page
    assert '<label for="q1">Vision <span class="attendu">(attendu)</span></label>' in page
    assert "<legend>Pistes</legend>" in page
    assert page[page.index("<main") :].count(" required") == 1  # the title, which GitHub asks for everywhere


def test_a_form_gives_githubs_body_to_the_letter(web, world):
    answer = web.post(f"{ISSUES}/new?template=produit.yml", data=ANSWERS)
    assert answer.location == f"{ISSUES}/1"
    issue = world.issues[1]
    assert issue.body == BODY
    assert (issue.title, issue.author, issue.labels) == ("SILAV", "cheffe-produit", ["produit"])


def test_a_refused_form_keeps_what_was_typed(web, world):
    answer = web.post(f"{ISSUES}/new?template=produit.yml", data={**ANSWERS, "titre": " "})
    assert answer.status_code == 422
    assert "Erreur : Nouveau produit" in answer.text
    assert 'value="Une réponse"' in answer.text
    assert '<option value="1" selected>Non</option>' in answer.text
    assert answer.text.count(" checked") == 3
    assert world.issues == {}


@pytest.mark.parametrize(
    ("name", "status"), [("absent.yml", 404), ("config.yml", 404), ("casse.yml", 422), ("../jalon.yml", 404)]
)
def test_a_form_that_cannot_be_shown(web, name, status):
    assert web.get(f"{ISSUES}/new?template={name}").status_code == status


# one issue


TASKS = "<!-- jalon:v1 key=a -->\r\n- [ ] un **a** <!-- x -->\r\n\r\n```\r\n- [ ] code\r\n```\r\n- [x] deux\r\n  - [X] trois\r\n"


def test_ticking_rewrites_the_boxes_and_nothing_else(web, world):
    world.open_issue("techno", "SILAV", "")
    comment = world.comment("jalon[bot]", 1, TASKS)
    become(web, "techno")
    answer = send(web, world, comment.id, "/cases", case=["0", "2"])
    assert answer.location == f"{ISSUES}/1#issuecomment-{comment.id}"
    assert comment.body == TASKS.replace("[ ] un", "[x] un").replace("[x] deux", "[ ] deux")
    assert comment.editor == "techno"


def test_boxes_of_the_issue_itself(web, world):
    world.open_issue("cheffe-produit", "SILAV", "- [ ] un\n1. [ ] deux")
    send(web, world, 0, "/cases", case="1")
    assert world.issues[1].body == "- [ ] un\n1. [x] deux"


def test_only_those_who_may_edit_can_tick(web, world, seen):
    world.open_issue("techno", "SILAV", "")
    comment = world.comment("jalon[bot]", 1, TASKS)
    page = seen(f"{ISSUES}/1", "visiteur")
    assert page.count('name="case"') == page.count(" disabled") == 3
    assert "Enregistrer les cases" not in page
    page = seen(f"{ISSUES}/1", "techno")
    assert page.count(f'form="cases-{comment.id}"') == 3
    assert f'id="cases-{comment.id}"' in page
    data = {
        "vu": re.search(r'name="vu" value="(\w+)">\n<button class="petit">Enregistrer les cases', page)[1],
        "case": "0",
    }
    become(web, "visiteur")
    refused = web.post(f"{ISSUES}/1/textes/{comment.id}/cases", data=data)
    assert refused.status_code == 403
    assert "Ce geste demande le droit « écriture » sur ce dépôt." in refused.text
    assert '<span lang="en">Must have write rights' in refused.text
    assert "Vous êtes <strong>visiteur</strong>" in refused.text
    assert comment.body == TASKS


def test_a_text_changed_meanwhile_is_not_overwritten(web, world):
    world.open_issue("cheffe-produit", "SILAV", "- [ ] un")
    old = re.search(r'name="vu" value="(\w+)"', web.get(f"{ISSUES}/1").text)[1]
    world.edit_issue("techno", 1, body="- [ ] zéro\n- [ ] un")
    for path in ("textes/0", "textes/0/cases"):
        assert web.post(f"{ISSUES}/1/{path}", data={"vu": old, "case": "0"}).status_code == 409
    assert world.issues[1].body == "- [ ] zéro\n- [ ] un"


@pytest.mark.parametrize("case", ["1", "-1", "x", "00"])
def test_a_box_that_is_not_there(web, world, case):
    world.open_issue("cheffe-produit", "SILAV", "- [ ] un")
    assert send(web, world, 0, "/cases", case=case).status_code == 422


HOSTILE = """<script>alert(1)</script> <img src=x onerror=alert(1)>

[clic](javascript:alert(1)) [clic](JaVaScRiPt:alert(1)) [clic](data:text/html,x) ![vue](https://ailleurs.example/pixel.png)

# Grand titre

</label></form></article></main><form action="https://ailleurs.example">

- [ ] <b onclick=x>case</b> "><script>alert(2)</script>

| a | b |
|---|--:|
| ~~c~~ | <i>d</i> |
"""


def test_a_hostile_comment_is_harmless(world, seen):
    world.open_issue("visiteur", "<script>alert(3)</script>", "")
    world.comment("visiteur", 1, HOSTILE)
    page = seen(f"{ISSUES}/1", "techno")
    page = page.replace('<script type="module" src="/_sandbox/live.js">', "")
    for mischief in ("<script", "<img", "<b ", '<form action="https', "<i>"):
        assert mischief not in page
    assert not re.search(r"(href|src)=\"\s*(javascript|data:text)", page, re.IGNORECASE)
    assert page.count("<h1") == page.count("</main>") == 1
    assert "<h3>Grand titre</h3>" in page
    assert "<s>c</s>" in page
    assert "Image : vue" in page


def test_nothing_may_come_from_outside(web):
    headers = web.get(ISSUES).headers
    assert "default-src 'none'" in headers["Content-Security-Policy"]
    assert headers["Referrer-Policy"] == "same-origin"
    assert not re.search(r"https?://", web.get(ISSUES).text)
    assert "http" not in web.get("/_sandbox/pages.css").text


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("<!-- jalon:v1 key=a -->\n\ntexte", "<p>texte</p>\n"),
        ("<!-- a\n\nb -->\n# Titre", "<h3>Titre</h3>\n"),
        ("mot <!-- caché --> mot", "<p>mot  mot</p>\n"),
        ("<!-- caché --> mot", "<p> mot</p>\n"),
        ("<!-- jamais fermé\n\n- [ ] x", ""),
        ("`<!-- vu -->`", "<p><code>&lt;!-- vu --&gt;</code></p>\n"),
        ("    <!-- vu -->", "<pre><code>&lt;!-- vu --&gt;\n</code></pre>\n"),
        ("a <!-- b", "<p>a &lt;!-- b</p>\n"),
    ],
)
def test_hidden_comments(text, shown):
    assert pages.markdown.to_html(text) == shown


@pytest.mark.parametrize("text", ["- []", "- [ ]", "- [y] a", "[ ] a", "- [ ]a", "- a [ ] b"])
def test_what_is_not_a_box(text):
    assert pages.markdown.boxes(text) == 0
    assert pages.markdown.tick(text, {0}) == text


def test_an_issue_says_where_it_stands(world, seen):
    world.open_issue("techno", "SILAV", "")
    world.add_labels("techno", 1, ["Phase : idée"])
    world.set_assignees("techno", 1, ["visiteur"])
    card = world.add_card("techno", 1)
    world.move_card("techno", card.id, world.options[1].id)
    comment = world.comment("visiteur", 1, "/go")
    world.react("techno", comment, "+1")
    world.react("directrice", comment, "+1")
    page = seen(f"{ISSUES}/1")
    main = page[page.index("<main") :]
    for part in ("Phase : idée", ">visiteur</li>", "Produits</a> : Preuve de concept", 'aria-label="pouce levé : 2"'):
        assert part in main
    assert "Phase : idée" in seen(ISSUES)
    assert "· 1 commentaire · attribué à visiteur" in seen(ISSUES)


def test_a_minimised_comment_is_folded(world, seen):
    world.open_issue("techno", "SILAV", "")
    world.minimize("techno", world.comment("visiteur", 1, "ancien").id, "OUTDATED")
    assert "Commentaire masqué (dépassé)" in seen(f"{ISSUES}/1")


def test_commenting_and_editing_ones_own_words(web, world):
    world.open_issue("techno", "SILAV", "")
    become(web, "visiteur")
    answer = web.post(f"{ISSUES}/1/comments", data={"texte": "/go\r\nvoilà"})
    comment = world.issues[1].comments[0]
    assert answer.location == f"{ISSUES}/1#issuecomment-{comment.id}"
    assert (comment.author, comment.body) == ("visiteur", "/go\nvoilà")
    assert send(web, world, comment.id, texte="/nogo").status_code == 303
    assert comment.body == "/nogo"
    assert "</a> · modifié</span>" in web.get(f"{ISSUES}/1").text
    assert web.post(f"{ISSUES}/1/comments", data={"texte": " "}).status_code == 422
    world.comment("techno", 1, "autre")
    assert web.get(f"{ISSUES}/1").text.count("<summary>Modifier") == 1
    assert web.get(f"{ISSUES}/1").text.count("<summary>Supprimer") == 1


def test_editing_the_issue(web, world):
    world.open_issue("cheffe-produit", "SILAV", "avant")
    send(web, world, 0, titre="SILAV 2", texte="après")
    assert (world.issues[1].title, world.issues[1].body) == ("SILAV 2", "après")


def test_closing_and_reopening(web, world):
    world.open_issue("techno", "SILAV", "")
    assert "Fermer le ticket" in web.get(f"{ISSUES}/1").text
    web.post(f"{ISSUES}/1/etat", data={"etat": "closed"})
    assert world.issues[1].state == "closed"
    assert "Rouvrir le ticket" in web.get(f"{ISSUES}/1").text
    web.post(f"{ISSUES}/1/etat", data={"etat": "open"})
    assert world.issues[1].state == "open"
    become(web, "visiteur")
    assert "Fermer le ticket" not in web.get(f"{ISSUES}/1").text
    assert web.post(f"{ISSUES}/1/etat", data={"etat": "closed"}).status_code == 403
    assert web.post(f"{ISSUES}/1/etat").status_code == 403


def test_what_does_not_exist(web, world):
    world.open_issue("techno", "SILAV", "")
    world.open_issue("techno", "Autre", "")
    comment = world.comment("techno", 2, "ailleurs")
    assert web.get(f"{ISSUES}/9").status_code == 404
    assert web.post(f"{ISSUES}/1/textes/{comment.id}", data={"texte": "x"}).status_code == 404
    assert web.post(f"{ISSUES}/1/textes/7/cases").status_code == 404


# board, deliveries, looks


def test_the_board(web, world, seen):
    for title in ("Un", "Deux", "Rangé"):
        world.add_card("techno", world.open_issue("techno", title, "").number)
    first, _, archived = world.cards.values()
    world.archive_card("techno", archived.id)
    assert web.post(f"{BOARD}/cartes/{first.id}", data={"colonne": world.options[2].id}).status_code == 303
    assert first.option == world.options[2].id
    page = seen(BOARD)
    assert re.findall(r'<h2 id="colonne[^>]*>(.*?) <span class="compte"[^>]*>(\d)<', page) == [
        ("Sans colonne", "1"),
        ("Idée", "0"),
        ("Preuve de concept", "0"),
        ("Construction", "1"),
    ]
    assert "Rangé" not in page
    assert web.post(f"{BOARD}/cartes/{first.id}", data={"colonne": "inconnue"}).status_code == 422
    web.post(f"{BOARD}/cartes/{first.id}", data={"colonne": ""})
    assert first.option is None
    assert web.post(f"{BOARD}/cartes/PVTI_x").status_code == 404


def test_the_fields_of_a_view_on_its_cards_and_in_its_table(web, world, seen):
    board = world.board()
    fields = {kind: world.create_field("techno", 1, kind, kind) for kind in ("TEXT", "NUMBER", "DATE")}
    week = Iteration("w1", "Semaine 1", "2026-11-23", 7)
    fields["ITERATION"] = world.create_field("techno", 1, "ITERATION", "ITERATION", iterations=[week])
    fields["SINGLE_SELECT"] = world.create_field("techno", 1, "CHOIX", "SINGLE_SELECT", [{"name": "Oui & non"}])
    chosen = fields["SINGLE_SELECT"].options[0].id
    numbers = [field.id for field in fields.values()]
    (columns,) = [view for view in board.views if view.layout == "board"]
    columns.visible_fields = numbers
    table = world.create_view("techno", 1, "Ouverts", "table", {"visible_fields": numbers, "filter": "is:open"}).number
    whole = world.create_view("techno", 1, "Tous", "table", {"visible_fields": numbers}).number
    for title in ("Plein", "Fermé"):
        card = world.add_card("techno", world.open_issue("techno", title, "").number)
    first = world.card_of(1)
    given = {"TEXT": "<i>mot", "NUMBER": 66.5, "DATE": "2026-12-31", "ITERATION": "w1", "SINGLE_SELECT": chosen}
    for kind, value in given.items():
        world.set_value("techno", first.id, fields[kind].node_id, value)
    world.edit_issue("techno", 2, state="closed")
    world.add_draft("techno", "Un brouillon")
    page = seen(BOARD)
    for name, value in (
        ("TEXT", "&lt;i&gt;mot"),
        ("NUMBER", "66.5"),
        ("DATE", "31/12/2026"),
        ("CHOIX", "Oui &amp; non"),
    ):
        assert f"<dt>{name}</dt><dd>{value}</dd>" in page
    assert page.count("<dl") == 1, "a card with empty fields shows none"
    assert f'href="{BOARD}/views/{table}">Ouverts</a>' in page
    rows = re.findall("<tr>(.*?)</tr>", seen(f"{BOARD}/views/{table}"))
    assert len(rows) == 2
    assert "<td>&lt;i&gt;mot</td><td>66.5</td><td>31/12/2026</td><td>Semaine 1</td><td>Oui &amp; non</td>" in rows[1]
    assert len(re.findall("<tr>", seen(f"{BOARD}/views/{whole}"))) == 4
    world.archive_card("techno", card.id)
    assert "Fermé" not in seen(f"{BOARD}/views/{whole}")
    assert web.get(f"{BOARD}/views/{columns.number}").headers["Location"].endswith(BOARD)
    world.edit_view("techno", board.views[-2].node_id, {"filter": "label:absent"})
    assert "Aucune carte dans cette vue." in seen(f"{BOARD}/views/{table}")


def test_several_boards_and_their_drafts(web, world, seen):
    assert "Tous les tableaux" not in seen(BOARD)
    other = world.create_board("techno", "Deuxième <b>")
    draft = world.add_draft("techno", "Une idée <i>", board=other.number)
    world.add_card("techno", world.open_issue("techno", "SILAV", "").number, other.number)
    assert "Tous les tableaux" in seen(BOARD)
    assert "Deuxième &lt;b&gt;" in seen("/orgs/dnum/projects")
    page = seen(f"/orgs/dnum/projects/{other.number}")
    assert "Une idée &lt;i&gt;</span>" in page
    assert "brouillon" in page
    todo = other.columns[0]
    answer = web.post(f"/orgs/dnum/projects/{other.number}/cartes/{draft.id}", data={"colonne": todo.id})
    assert answer.location == f"/orgs/dnum/projects/{other.number}#{draft.id}"
    assert draft.option == todo.id
    assert "Deuxième &lt;b&gt;</a> : sans colonne" in seen(f"{ISSUES}/1")
    assert "SILAV" not in seen(BOARD)
    assert web.get("/orgs/dnum/projects/99").status_code == 404


def test_the_timeline_says_who_did_what(world, seen):
    world.open_issue("cheffe-produit", "SILAV", "- [ ] un", ["produit", "Phase : idée"])
    world.edit_issue("techno", 1, body="- [x] un")
    world.edit_issue("techno", 1, body="- [ ] un")
    world.edit_issue("cheffe-produit", 1, title="<b>SILAV</b>")
    said = world.comment("visiteur", 1, "à modifier")
    world.edit_comment("visiteur", said.id, "par soi")
    world.edit_comment("techno", said.id, "par un autre")
    world.delete_comment("visiteur", world.comment("visiteur", 1, "à supprimer").id)
    world.remove_label("techno", 1, "produit")
    world.set_assignees("techno", 1, ["techno", "visiteur"])
    world.set_assignees("techno", 1, [])
    card = world.add_card("techno", 1)
    for option in (world.options[0].id, world.options[1].id, None):
        world.move_card("techno", card.id, option)
    world.delete_card("techno", card.id)
    world.edit_issue("techno", 1, state="closed", reason="not_planned")
    world.edit_issue("techno", 1, state="open")
    lines = re.findall(r'<li class="fait".*?<p>(.*?)<span class="discret">', seen(f"{ISSUES}/1"), re.DOTALL)
    told = [" ".join(re.sub(r"<[^>]*>", "", line).split()) for line in lines]
    assert told == [
        "cheffe-produit a ajouté les étiquettes produit Phase : idée",
        "techno a modifié la description",
        "cheffe-produit a renommé « SILAV » en « &lt;b&gt;SILAV&lt;/b&gt; »",
        "techno a modifié un commentaire de visiteur",
        "visiteur a supprimé un commentaire de visiteur",
        "techno a retiré l’étiquette produit",
        "techno s’est attribué le ticket",
        "techno a attribué le ticket à visiteur",
        "techno s’est retiré du ticket",
        "techno a retiré visiteur du ticket",
        "techno a ajouté le ticket au tableau",
        "techno a placé la carte dans « Idée »",
        "techno a déplacé la carte de « Idée » à « Preuve de concept »",
        "techno a sorti la carte de « Preuve de concept »",
        "techno a retiré le ticket du tableau",
        "techno a fermé le ticket comme non prévu",
        "techno a rouvert le ticket",
    ]


def test_deliveries_can_be_sent_again(sandbox):
    sandbox.hold = False
    answers = iter((500, 202))
    sandbox.deliver = lambda headers, body: next(answers)
    sandbox.world.app.events = ["issues"]
    sandbox.world.open_issue("techno", "<b>SILAV</b>", "")
    sandbox.wait_delivered()
    web = flask.Flask("site")
    web.register_blueprint(pages.blueprint(sandbox.world))
    client = web.test_client()
    page = client.get("/_sandbox/livraisons").text
    assert '500 <span lang="en">Internal Server Error</span>' in page
    assert "issues.opened" in page
    assert "<b>" not in page
    assert client.post(f"/_sandbox/livraisons/{sandbox.world.deliveries[0].id}").status_code == 303
    sandbox.wait_delivered()
    page = client.get("/_sandbox/livraisons").text
    assert '<span class="etat open">202</span>' in page
    assert "rattrapée depuis" in page
    assert '<span class="puce">renvoi</span>' in page
    failures = client.get("/_sandbox/livraisons?etat=echecs").text
    assert failures.count('class="livraison"') == 1
    detail = client.get(f"/_sandbox/livraisons/{sandbox.world.deliveries[0].id}").text
    assert "X-Hub-Signature-256" in detail
    assert "&lt;b&gt;SILAV" in detail
    assert client.get("/_sandbox/livraisons/1").status_code == 404
    assert client.post("/_sandbox/livraisons/1").status_code == 404


def test_labels_stay_readable(web, world):
    world.create_label("directrice", "clair", "ffffff")
    world.create_label("directrice", "piège").color = "red;}"
    css = web.get("/_sandbox/pages.css").text
    by_name = {name: re.search(rf"\.e{label.id} (.*)", css)[1] for name, label in world.labels.items()}
    assert by_name["clair"] == "{ background: #ffffff; color: #000; }"
    assert by_name["produit"] == "{ background: #0052cc; color: #fff; }"
    assert by_name["piège"] == "{ background: #ededed; color: #000; }"


def test_every_control_has_a_label_and_ids_are_unique(web, world, seen):
    world.open_issue("cheffe-produit", "SILAV", TASKS)
    world.comment("cheffe-produit", 1, TASKS)
    world.add_card("techno", 1)
    for path in (
        "/",
        ISSUES,
        "/dnum/produits/labels",
        f"{ISSUES}/new/choose",
        f"{ISSUES}/new?template=produit.yml",
        f"{ISSUES}/new?template=BLANK_ISSUE",
        f"{ISSUES}/1",
        BOARD,
        "/_sandbox/livraisons",
    ):
        page = seen(path)
        ids = re.findall(r'\bid="([^"]+)"', page)
        assert len(ids) == len(set(ids))
        assert page.count("<h1") == 1
        assert 'class="saut" href="#contenu"' in page
        for tag in re.findall(r"<(?:input|select|textarea)\b[^>]*>", page):
            wrapped = 'type="hidden"' in tag or 'type="checkbox"' in tag
            assert wrapped or f'<label for="{re.search(r"id=.([^ >]+).[ >]", tag)[1]}"' in page
        for target in re.findall(r'aria-(?:labelledby|describedby)="([^"]+)"', page):
            assert target in ids
