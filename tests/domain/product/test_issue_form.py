"""Answers read back out of an issue's body."""

from __future__ import annotations

import pytest

from app.domain.policy.model import Question
from app.domain.product import issue_form
from tests.builders import a_body, a_policy

QUESTIONS = (
    Question("probleme", ("Quel problème ?", "Ancien titre"), required=True),
    Question("autre", ("Autre chose ?",)),
)


@pytest.mark.parametrize(
    ("body", "answers"),
    [
        ("", {}),
        ("### Quel problème ?\n\nUn.", {"probleme": "Un."}),
        ("### Quel problème ?\r\n\r\nUn.\r\nDeux.\r\n", {"probleme": "Un.\nDeux."}),
        ("### QUEL PROBLEME ? ###\nUn.", {"probleme": "Un."}),
        ("###   Quel  problème ?\nUn.", {"probleme": "Un."}),
        ("## Ancien titre\nUn.", {"probleme": "Un."}),
        ("### Quel problème ?\n\n_No response_\n\n### Autre chose ?\n\nNone", {}),
        ("### Quel problème ?\n\n_Aucune réponse_", {}),
        ("### Quel problème ?\n\n- [ ] Un\n- [ ] Deux", {"probleme": "- [ ] Un\n- [ ] Deux"}),
        ("### Quel problème ?\n\n- [x] Un\n- [ ] Deux", {"probleme": "- [x] Un\n- [ ] Deux"}),
        ("### Quel problème ?\n<!-- rien -->\n", {}),
        ("### Quel problème ?\n### Un titre à moi\nUn.", {"probleme": "### Un titre à moi\nUn."}),
        ("### Autre chose ?\nUn.\n### Autre chose ?\nDeux.", {"autre": "Un.\n### Autre chose ?\nDeux."}),
        ("Avant.\n### Autre chose ?\nUn.", {"autre": "Un."}),
        (
            "### Quel problème ?\n```\n### Autre chose ?\n```\nUn.",
            {"probleme": "```\n### Autre chose ?\n```\nUn."},
        ),
        (
            "### Quel problème ?\n````\n```\n### Autre chose ?\n````\n### Autre chose ?\nDeux.",
            {"probleme": "````\n```\n### Autre chose ?\n````", "autre": "Deux."},
        ),
    ],
)
def test_answers(body: str, answers: dict[str, str]) -> None:
    assert issue_form.answers(body, QUESTIONS) == answers


def test_gaps_are_the_required_questions_left_without_an_answer() -> None:
    assert issue_form.gaps("", QUESTIONS) == QUESTIONS[:1]
    assert issue_form.gaps("### Quel problème ?\n\nUn.", QUESTIONS) == ()


def test_some_questions_are_required_of_the_forms_that_ask_them() -> None:
    phase = Question("phase-entree", ("Quelle phase ?",), required=True, only_if_asked=True)
    assert issue_form.gaps("", (phase,)) == ()
    assert issue_form.gaps("### Quelle phase ?\n\n_No response_", (phase,)) == (phase,)
    assert issue_form.gaps("### Quelle phase ?\n\nMVP", (phase,)) == ()
    assert not issue_form.is_filed_by_form("### Quelle phase ?", (phase,))


def test_a_body_comes_from_the_form_when_half_the_headings_are_there() -> None:
    assert issue_form.is_filed_by_form("### Quel problème ?\r\n", QUESTIONS)
    assert issue_form.is_filed_by_form("### Ancien titre", QUESTIONS)
    assert not issue_form.is_filed_by_form("Bonjour", QUESTIONS)
    assert not issue_form.is_filed_by_form("### Autre chose ?", ())


def test_the_shipped_form_is_read_whole() -> None:
    policy = a_policy()
    assert set(issue_form.answers(a_body(policy), policy.questions)) == {question.id for question in policy.questions}
    assert issue_form.is_filed_by_form(a_body(policy), policy.questions)
