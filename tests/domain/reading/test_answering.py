"""Answers to the items of a checklist, as people write them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.reading.commands import AnswerItem, Confirm, Doubtful, parse
from app.domain.reading.links import is_link_alone, links


def read(body):
    return [parsed.command for parsed in parse(body)]


@pytest.mark.parametrize(
    ("body", "item", "text"),
    [
        ("/réponse 3 oui", "3", "oui"),
        ("/REPONSE 03 : oui", "3", "oui"),
        ("/répondre au point 3, oui", "3", "oui"),
        ("/answer to item 3: yes", "3", "yes"),
        ("/réponse n° 3 — https://forge.test/x", "3", "https://forge.test/x"),
        ("/réponse 3) oui", "3", "oui"),
        ("/réponse 3 5 agents", "3", "5 agents"),
        ("/réponse 3 : 5, puis 7", "3", "5, puis 7"),
        ("/réponse 3 12/03/2027", "3", "12/03/2027"),
        ("/réponse 3 2027-03-12", "3", "2027-03-12"),
        ("/réponse Idee-Vision Une phrase.", "idee-vision", "Une phrase."),
        ("/réponse 3\nUne ligne.\nUne autre.", "3", "Une ligne.\nUne autre."),
        ("/réponse\n\n3 : Une ligne.", "3", "Une ligne."),
        ("/réponse 3\n\nUn paragraphe.\n\nUn autre.", "3", "Un paragraphe.\n\nUn autre."),
        ("/réponse 3 `make` et **gras** [lien](https://a.test)", "3", "`make` et **gras** [lien](https://a.test)"),
        ("**/réponse 3** oui", "3", "oui"),
        ("/réponse 3 non", "3", "non"),
        ("/réponse 3 annulé par la direction", "3", "annulé par la direction"),
        ("/réponse 3 merci", "3", ""),
        ("/réponse 3", "3", ""),
        ("/réponse", "", ""),
        ("/réponse 3 " + "a" * 5000, "3", "a" * 5000),
    ],
)
def test_one_number_then_every_word_of_the_answer(body, item, text):
    assert read(body) == [AnswerItem(item, text)]


@pytest.mark.parametrize(
    ("body", "why", "words"),
    [
        ("/réponse oui", "unread", "oui"),
        ("/réponse 3, 5 oui", "unsplit", "3 5"),
        ("/réponse 3 et 5 oui", "unsplit", "3 5"),
        ("/réponse 3 à 5 oui", "unsplit", "3 5"),
        ("/réponse 3 annulé", "unread", "annulé"),
        ("/réponse\n\n3 personnes ont relu", "unread", "3"),
        ("/confirme 3 oui", "unread", "oui"),
    ],
)
def test_words_in_doubt_are_asked_about_without_repeating_the_answer(body, why, words):
    (found,) = read(body)
    assert isinstance(found, Doubtful)
    assert (found.why, found.words) == (why, words)
    assert "relu" not in found.written


@pytest.mark.parametrize(
    "body",
    [
        "Bonjour, /réponse 3 sesame",
        "@jalon /Re\u0301pondre 3 sesame",
        "/réponse 3 sesame\n---\nSecrétariat",
        "/réponse 3 et 4 sesame",
        "/réponse trois sesame",
        "Le 3 déc. 2026 à 10:12, Paul <p@dnum.example> a écrit :\n\n/réponse 3 sesame",
    ],
)
def test_no_question_repeats_what_may_be_for_a_seat_alone(body):
    found = read(body)
    assert [type(one) for one in found] == [Doubtful]
    assert "sesame" not in repr(found)


def test_an_answer_ends_at_the_next_command():
    assert read("/réponse 3 oui\nsuite\n/réponse 4\n- a\n- b\n\n/confirme 5, 6\n/coche 1")[:3] == [
        AnswerItem("3", "oui\nsuite"),
        AnswerItem("4", "- a\n- b"),
        Confirm(("5", "6")),
    ]
    assert read("- /réponse 3 oui\n- /réponse 4 non") == [AnswerItem("3", "oui"), AnswerItem("4", "non")]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("voir https://a.test/x, puis (https://b.test/y_(z)).", ("https://a.test/x", "https://b.test/y_(z)")),
        ("https://a.test https://a.test", ("https://a.test",)),
        ("<HTTP://localhost:8080/x?y#z>", ("HTTP://localhost:8080/x?y#z",)),
        ("https://moi:secret@a.test/x, ftp://a.test, http:// et forge.test", ()),
    ],
)
def test_addresses_are_found_in_words(text, found):
    assert links(text) == found


@given(st.text(alphabet="ab :/.()<>https", max_size=40))
def test_a_link_alone_is_the_whole_text(text):
    if is_link_alone(text):
        assert text.strip().strip("<>") == links(text)[0]
