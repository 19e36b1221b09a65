"""What is not understood for certain: nothing is recorded, and one answer says which words."""

from __future__ import annotations

from dataclasses import replace

import pytest

from app.domain.policy.model import IGNORED
from app.domain.product.facts import CommandRefused
from app.domain.publish.comments import wanted_comments
from app.domain.reading import mail
from app.domain.reading.command_table import SAFE
from app.domain.reading.command_types import Doubt, Doubtful, Unknown
from app.domain.reading.commands import COMMANDS, WORDS, parse
from tests.builders import T0, a_policy, at_gate, played, says

POLICY = a_policy()
HERE = "présents : techno, secu, design, archi, communs"

DOUBTS = {
    "unread": ("/go annulé", "annulé"),
    "unsplit": ("/levée 2 3 rapports", "2 3"),
    "miscounted": ("/go avec trois réserves :\n- audit\n- DICT", "trois"),
    "unread_day": ("/go sous réserve\n- audit, avant fin mars", "avant fin mars"),
    "two_days": ("/go sous réserve\n- a avant le 3 mars, b avant le 5 avril", "a avant le 3 mars, b avant le 5 avril"),
    "unread_owner": ("/go sous réserve\n- audit, @jean--minint", "@jean--minint"),
    "unread_minutes": ("/décision go\ninvités : le métier\nprésents : techno", "invités : le métier"),
    "unlisted": ("/décision go sous réserve\nprésents : techno", "go sous réserve"),
    "two_votes": ("/go\n/nogo trop tôt", "/go, /nogo"),
    "amid": ("Bonjour, /go", "/go"),
    "no_slash": ("Go sous réserve d’un audit", "/go"),
    "title": ("/go\n---\nSecrétariat", "/go"),
    "too_many": ("/aide\n" * 60, "11"),
    "too_long": ("/go\n" * 5000, ""),
    "unreadable": ("/go MAUDIT", ""),
    "quoted": ("Le 3 déc. 2026 à 10:12, Paul <p@dnum.example> a écrit :\n\n/nogo trop tôt", ""),
}


def test_each_doubt_is_tried() -> None:
    assert DOUBTS.keys() == set(Doubt) - {"unreadable_body"}  # no comment: in `test_heard.py`


@pytest.fixture(autouse=True)
def failing(monkeypatch: pytest.MonkeyPatch) -> None:
    """The reader of mail fails on one word, as an error of ours would make it fail on a text nobody foresaw."""
    read = mail.written_by_author

    def written(body: str, *, via_email: bool = False) -> mail.OwnWords:
        if "MAUDIT" in body:
            raise ZeroDivisionError
        return read(body, via_email=via_email)

    monkeypatch.setattr(mail, "written_by_author", written)


@pytest.mark.parametrize("why", DOUBTS)
def test_a_doubt_records_nothing_and_says_which_words(why: str) -> None:
    body, words = DOUBTS[why]
    before = at_gate(POLICY)
    product = played(says(before, "data", body), POLICY)
    added = product.history[len(before.history) :]
    refused = [fact for fact in added if isinstance(fact, CommandRefused)]
    assert [fact.reason for fact in refused] == [why]
    assert dict(refused[0].details)["words"] == words
    assert not product.standing.open_gate or not product.standing.open_gate.ballots
    replies = [one for one in wanted_comments(product, POLICY, T0) if one.key == f"reply:{refused[0].comment}"]
    assert len(replies) == 1


@pytest.mark.parametrize(
    "body",
    [
        "/go\n/nogo trop tôt",
        "/go sous réserve : audit\n/go",
        "/nogo a\n\n/nogo b",
        "/go annulé\n/go",
        "**/go**\n\n/abstention",
    ],
)
def test_votes_that_differ_in_one_comment_are_all_left_uncounted(body: str) -> None:
    (parsed,) = parse(body)
    assert isinstance(parsed.command, Doubtful)
    assert parsed.command.why == "two_votes"


def test_a_doubtful_line_does_not_stop_the_others() -> None:
    kinds = [type(parsed.command).__name__ for parsed in parse("/coche 1\n/coche tout\n/go\n/aide")]
    assert kinds == ["Tick", "Doubtful", "Go", "Help"]


@pytest.mark.parametrize(
    "word", ["report", "deporter", "décisions", "clor", "cloturer", "retirez", "retraits", "levees", "recus"]
)
def test_nothing_lasting_is_ever_suggested(word: str) -> None:
    (parsed,) = parse(f"/{word}")
    assert isinstance(parsed.command, Unknown)
    assert parsed.command.suggestion in {"", "décision report"} or parsed.command.suggestion in SAFE


@pytest.mark.parametrize("row", COMMANDS, ids=lambda row: row.name)
def test_a_letter_too_many_suggests_what_may_be_taken_back_only(row: object) -> None:
    for word in WORDS:
        for typo in (word + "s", word[:-1], word[0] + word):
            for parsed in parse(f"/{typo}"):
                if isinstance(parsed.command, Unknown) and parsed.command.suggestion not in {"", "décision report"}:
                    assert not WORDS[parsed.command.suggestion].is_lasting


@pytest.mark.parametrize("body", ["/assign @secu", "/lgtm", "/cc @secu", "/label bug", "/LGTM\n/assign"])
def test_the_commands_of_other_robots_get_silence(body: str) -> None:
    assert parse(body, ignored=IGNORED) == ()
    before = at_gate(POLICY)
    assert played(says(before, "data", body), POLICY).history == before.history


def test_the_rules_say_which_words_are_for_other_robots() -> None:
    rules = replace(POLICY, ignored_commands=frozenset({"close"}))
    before = at_gate(rules)
    assert played(says(before, "secretariat", "/close"), rules).history == before.history
    assert played(says(before, "secretariat", "/clore"), rules).history != before.history
    assert played(says(before, "data", "/lgtm"), rules).history != before.history


def test_a_comment_dressed_up_beyond_reason_is_not_read() -> None:
    (parsed,) = parse("/go " + "*a " * 9_000)
    assert parsed.command == Doubtful(Doubt.TOO_LONG)


def test_who_was_excused_and_the_day_are_kept_and_shown() -> None:
    body = "/décision go\nséance : 5/1\nprésents : techno, secu, design, archi, communs\nexcusés : le métier, data"
    product = played(says(at_gate(POLICY), "secretariat", body), POLICY)
    decided = product.standing.gates[1].decision
    assert decided
    assert (decided.held, decided.excused) == ("2026-01-05", ("le métier", "Produits data"))
    told = next(one.notice for one in wanted_comments(product, POLICY, T0) if one.key == "decision:1")
    assert (told.held, told.excused) == ("2026-01-05", ("le métier", "Produits data"))  # type: ignore[attr-defined]


def test_conditions_are_lifted_together_or_not_at_all() -> None:
    product = played(says(at_gate(POLICY), "secretariat", f"/décision go\n{HERE}\nréserves :\n- un\n- deux"), POLICY)
    assert len(played(says(product, "secretariat", "/levée 1 et 9 : fait"), POLICY).standing.open_conditions) == 2
    assert len(played(says(product, "secretariat", "/levée 1 et 2 : fait"), POLICY).standing.open_conditions) == 0
