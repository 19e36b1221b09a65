"""Answers to the items of a checklist: what each command records, what it refuses, and what is never repeated."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from app.domain.decide import comment_commands
from app.domain.product import dossier
from app.domain.product.facts import CommandRefused, Fact, ItemAnswered, ProductDescribed
from app.domain.product.history_in_comments import restored_history
from app.domain.product.state import Product
from app.domain.publish.reconcile import reconcile
from app.domain.reading.commands import (
    Adapt,
    AnswerItem,
    Confirm,
    Contest,
    Doubt,
    Doubtful,
    Near,
    Override,
    Pause,
    Rectify,
    RectifyLift,
    Resume,
    Reuse,
    SetAside,
)
from app.domain.reading.session_table import SESSION_TYPES
from tests.builders import AUTHOR, SMALL, T0, edited, filed, parsed, played, says, shown, turn

QUESTIONS = (
    SMALL.replace(
        "{fr: Vision formulée, en: Vision written}, required: true}",
        "{fr: Vision, en: Vision}, required: true, kind: answer, form: [probleme], until: mvp, help: Une phrase.}",
    )
    .replace("required: false}", "required: false, kind: link, private: securite}", 1)
    .replace("required: true, until: mvp}", "required: true, until: mvp, kind: choice, choices: [Faible, Forte]}")
    .replace(
        "      securite:\n        - {id: mvp-homologation, text: {fr: Homologation prononcée, en: Accreditation granted}, "
        "required: true}",
        "      valeur:\n        - {id: mvp-depot, text: Dépôt, required: false, kind: link}\n"
        "        - {id: mvp-tests, text: Tests, required: false}\n"
        "      securite:\n        - {id: mvp-homologation, text: Homologation, required: true, kind: date, expires: true}",
    )
)
POLICY = parsed(QUESTIONS)


def last(product: Product) -> Fact:
    return product.history[-1]


def after(*texts: str, product: Product | None = None, by: str = AUTHOR) -> Product:
    product = product or filed(POLICY)
    for text in texts:
        product = played(says(product, by, text), POLICY)
    return product


def listed(product: Product) -> str:
    """The checklist's comment, with ordinary spaces."""
    return shown(product, "checklist:1").body.replace("\u00a0", " ").replace("\u202f", " ")


def item(product: Product, item_id: str) -> dossier.ItemAnswer:
    return next(one for one in dossier.items(product.standing, POLICY) if one.item.id == item_id)


def refusal(product: Product) -> tuple[str, dict[str, str]]:
    fact = last(product)
    assert isinstance(fact, CommandRefused), fact
    return fact.reason, dict(fact.details)


def in_mvp() -> Product:
    """A product whose first phase left its answers behind."""
    product = after("/réponse 1 Dématérialiser.", "/réponse 3 forte", "/demande mvp")
    for seat in ("techno", "secu", "design"):
        product = played(says(product, seat, "/go"), POLICY)
    assert product.standing.phase == "mvp"
    return product


def test_an_answer_settles_its_item_with_every_line_of_it():
    product = after("/réponse 1 Une phrase.\n\n- un lien : https://forge.test/x\n- la suite\n\n/coche 3")
    found = item(product, "idee-vision")
    assert found.text == "Une phrase.\n- un lien : https://forge.test/x\n- la suite"
    assert (found.state, found.by, found.source, found.links) == ("done", AUTHOR, "comment", ("https://forge.test/x",))
    assert item(product, "idee-dict").is_bare


@pytest.mark.parametrize(
    ("text", "reason", "details"),
    [
        ("/réponse", "answer_missing", {}),
        ("/réponse 1", "answer_missing", {"number": "1", "kind": "answer"}),
        ("/réponse 9 oui", "items_unknown", {"items": "9", "last": "3", "whole": "yes"}),
        ("/réponse 2 le code est 1234", "answer_private", {"number": "2", "seat": "Sécurité"}),
        ("/réponse 2 voir https://coffre.test/1", "answer_private", {"number": "2", "seat": "Sécurité"}),
        ("/réponse 1 " + "a" * 4001, "answer_too_long", {"number": "1", "length": "4001", "most": "4000"}),
        ("/réponse 3 moyenne", "answer_unfit", {"number": "3", "kind": "choice", "choices": "Faible ; Forte", "first": "Faible"}),
        ("/confirme", "items_missing", {}),
        ("/confirme 9", "items_unknown", {"items": "9", "last": "3", "whole": "yes"}),
        ("/confirme 1 2 3", "nothing_proposed", {"items": "2, 3", "first": "2"}),
    ],
)  # fmt: skip
def test_what_cannot_be_taken_is_refused_whole_and_nothing_of_it_is_repeated(text, reason, details):
    product = after(text)
    assert refusal(product) == (reason, details)
    assert not any(isinstance(fact, ItemAnswered) for fact in product.history)


@pytest.mark.parametrize("text", ["/réponse 1 oui", "/confirme 1"])
def test_the_products_people_and_the_secretariat_alone_answer(text):
    assert refusal(after(text, by="data"))[0] == "not_team"
    assert isinstance(last(after(text, by="secretariat")), ItemAnswered)


@pytest.mark.parametrize(
    ("text", "reason"), [("/réponse 2 forge.test", "answer_unfit"), ("/réponse 5 au printemps", "answer_unfit")]
)
def test_a_link_that_is_none_and_a_day_that_is_none_are_refused(text, reason):
    assert refusal(after(text, product=in_mvp()))[0] == reason


def test_a_day_is_read_and_kept():
    product = after("/réponse mvp-homologation 12 mars 2027, par la RSSI", product=in_mvp())
    assert last(product).day == "2027-03-12"  # type: ignore[attr-defined]
    assert str(item(product, "mvp-homologation").expiry) == "2027-03-12"


def test_a_private_answer_is_its_link_alone():
    product = after("/réponse 2 <https://coffre.test/1>")
    assert last(product).text == "https://coffre.test/1"  # type: ignore[attr-defined]
    assert item(product, "idee-cadrage").text == ""


@pytest.mark.parametrize("text", ["/confirme 1", "/coche 1"])
def test_a_confirmation_keeps_what_the_form_said(text):
    product = after(text)
    assert (last(product).text, last(product).source) == ("Une réponse.", "form")  # type: ignore[attr-defined]
    assert not item(product, "idee-vision").to_confirm


def test_a_box_ticked_confirms_too_and_one_unticked_takes_back():
    product = turn(filed(POLICY), POLICY)
    comment = shown(product, "checklist:1")
    ticked = comment.body.replace("- [ ] 1.", "- [x] 1.")
    product = played(edited(product, comment.id, AUTHOR, ticked, T0 + timedelta(minutes=1)), POLICY)
    assert (last(product).text, last(product).source) == ("Une réponse.", "form")  # type: ignore[attr-defined]
    back = after("/décoche 1", product=product)
    assert (item(back, "idee-vision").state, item(back, "idee-vision").to_confirm) == ("open", True)
    assert item(after("/confirme 1", product=back), "idee-vision").state == "done"


def test_answers_given_before_count_and_are_confirmed_without_being_repeated():
    product = in_mvp()
    assert [(one.item.id, one.state, one.to_confirm) for one in dossier.items(product.standing, POLICY)] == [
        ("idee-vision", "done", True),
        ("mvp-depot", "open", False),
        ("mvp-tests", "open", False),
        ("idee-dict", "done", True),
        ("mvp-homologation", "open", False),
    ]
    confirmed = after("/confirme 1 4", product=product)
    assert not any(one.to_confirm for one in dossier.items(confirmed.standing, POLICY))
    assert [fact.text for fact in confirmed.history[-2:]] == ["", ""]  # type: ignore[attr-defined]
    enriched = item(after("/réponse 1 Dématérialiser, partout.", product=product), "idee-vision")
    assert [one.text for one in enriched.former] == ["Dématérialiser."]


def test_a_tick_is_confirmed_once_done_and_what_does_not_apply_stays_so():
    assert refusal(after("/confirme 3", product=in_mvp()))[0] == "nothing_proposed"
    done = after("/coche 3", "/confirme 3", product=in_mvp())
    assert (last(done).item, last(done).answer) == ("mvp-tests", "done")  # type: ignore[attr-defined]
    away = after("/na 2 pas de code", "/confirme 2", product=in_mvp())
    assert (last(away).answer, last(away).reason) == ("na", "pas de code")  # type: ignore[attr-defined]


def test_a_gate_freezes_which_text_each_item_had():
    product = after("/réponse 1 Une.", "/coche 3", "/demande mvp")
    request = product.standing.open_gate.request  # type: ignore[union-attr]
    given = next(fact for fact in product.history if isinstance(fact, ItemAnswered))
    assert request.texts == (("idee-vision", given.cause),)
    changed = after("/réponse 1 Deux.", product=product)
    assert [one.text for one in dossier.changed_since(request, changed.standing, POLICY)] == ["Deux."]


def test_an_answer_rewritten_in_its_comment_replaces_it_and_one_brought_back_too():
    product = after("/réponse 1 Une.")
    number = product.issue.comments[-1].id
    for minute, text in enumerate(("Deux.", "Une."), start=1):
        product = edited(product, number, AUTHOR, f"/réponse 1 {text}", T0 + timedelta(minutes=minute))
        product = played(product, POLICY)
    found = item(product, "idee-vision")
    assert ([one.text for one in found.former], found.text) == (["Une.", "Deux."], "Une.")


def test_an_old_comment_mended_after_a_gate_changes_nothing():
    product = after("/réponse 1 Une.")
    number = product.issue.comments[-1].id
    product = after("/coche 3", "/demande mvp", product=product)
    product = played(edited(product, number, AUTHOR, "/réponse 1 Deux.", T0 + timedelta(days=1)), POLICY)
    assert refusal(product)[0] == "other_moment"


def with_body(product: Product, answer: str) -> Product:
    body = product.issue.body.replace("Une réponse.", answer, 1)
    return replace(product, issue=replace(product.issue, body=body))


def test_a_description_rewritten_proposes_anew():
    product = played(with_body(filed(POLICY), "Autrement."), POLICY)
    assert last(product).answers == (("probleme", "Autrement."),)  # type: ignore[attr-defined]
    assert item(product, "idee-vision").text == "Autrement."
    assert played(product, POLICY) == product


def test_a_description_that_nobody_can_read_erases_nothing(monkeypatch):
    monkeypatch.setattr("app.domain.product.issue_form.failure", lambda body: ValueError("x"))
    product = played(with_body(filed(POLICY), "Autrement."), POLICY)
    assert not any(isinstance(fact, ProductDescribed) for fact in product.history)


@pytest.mark.parametrize("text", ["/réponse 1 Oui.", "/confirme 1", "/réponse 1 et 3 oui"])
def test_a_comment_that_a_former_version_did_not_know_keeps_its_answer_until_it_is_rewritten(text):
    product = says(filed(POLICY), AUTHOR, text)
    comment = product.issue.comments[-1]
    word = text.split()[0].lstrip("/")
    told = CommandRefused(
        at=comment.at,
        by=AUTHOR,
        cause=f"comment:{comment.id}:0123456789ab:2",
        command="Unknown",
        reason="unknown_command",
        comment=comment.id,
        details=(("word", word), ("suggestion", "")),
    )
    product = product.with_facts((told,))
    assert played(product, POLICY).history == product.history
    rewritten = edited(product, comment.id, AUTHOR, text, comment.at + timedelta(minutes=1))
    assert len(played(rewritten, POLICY).history) == len(product.history) + 1
    assert not comment_commands.was_unknown(AnswerItem(), comment, {})
    later = (AnswerItem(), Confirm(), Reuse(), Adapt(), SetAside(), Near())
    later = (*later, Rectify(), RectifyLift(), Contest(), Override(), Pause(), Resume())
    assert {type(command) for command in later} == set(comment_commands.LATER) - set(SESSION_TYPES)
    assert Doubtful(Doubt.UNREAD, "answer").name in comment_commands.LATER.values()


def test_the_list_tells_what_waits_and_its_comments_give_the_same_history_back():
    product = turn(filed(POLICY), POLICY)
    assert "« Une réponse. » — _repris du formulaire, à confirmer : `/confirme 1`" in listed(product)
    secret = "le mot de passe est sesame"
    product = turn(says(product, AUTHOR, f"/réponse 2 {secret}\n/réponse 1 La mienne.\n/coche 3"), POLICY)
    product = turn(says(product, AUTHOR, "/réponse 2 https://coffre.test/1"), POLICY)
    body = listed(product)
    assert "_Communiqué au siège Sécurité._" in body
    assert "coffre.test" not in body
    assert "« La mienne. »" in body
    assert "_Coché sans réponse écrite. Pour l’écrire : `/réponse 3 votre texte`_" in body
    ours = "".join(comment.body for comment in product.issue.comments if comment.trace)
    assert "sesame" not in ours
    assert "Supprimez votre commentaire" in ours
    assert restored_history(product.issue.comments).history == product.history
    assert all("sesame" not in str(fact) for fact in product.history)
    assert reconcile(product, POLICY, T0) == ()


def test_the_list_tells_what_was_given_before_and_what_the_form_says_since():
    product = turn(in_mvp(), POLICY)
    body = shown(product, "checklist:2").body
    assert "donnée en phase Idée, à confirmer (`/confirme 1`) ou à enrichir (`/réponse 1 votre texte`)" in body
    before = turn(says(filed(POLICY), AUTHOR, "/confirme 1"), POLICY)
    body = listed(turn(with_body(before, "Autrement."), POLICY))
    assert "« Une réponse. » — _le formulaire dit maintenant « Autrement. » : `/confirme 1` pour le reprendre" in body
    back = listed(turn(says(before, AUTHOR, "/décoche 1"), POLICY))
    assert "« Une réponse. » — _réponse retirée, à confirmer (`/confirme 1`)" in back


def test_an_item_asked_again_in_a_later_phase_shows_what_was_answered_to_it():
    policy = parsed(
        QUESTIONS.replace("kind: answer, form: [probleme], until: mvp,", "kind: answer,").replace(
            "{id: mvp-depot, text: Dépôt, required: false, kind: link}",
            "{id: idee-vision, text: Vision revue, required: true, kind: answer}",
        )
    )
    product = says(filed(policy), AUTHOR, "/réponse 1 Dématérialiser.\n/réponse 3 forte\n/demande mvp")
    product = played(product, policy)
    for seat in ("techno", "secu", "design"):
        product = played(says(product, seat, "/go"), policy)
    first = dossier.items(product.standing, policy)[0]
    assert (first.item.text, first.text, first.state, first.to_confirm) == (
        "Vision revue",
        "Dématérialiser.",
        "done",
        True,
    )
