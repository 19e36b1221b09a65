"""What is read out of a condition: when it is due, who owns it."""

from __future__ import annotations

from datetime import date

import pytest

from app.domain.reading import dates, logins
from app.domain.reading.conditions import read_condition, unread_day, unread_owner

SINCE = date(2026, 11, 28)


@pytest.mark.parametrize(
    ("text", "due"),
    [
        ("audit avant le 31/12/2026", "2026-12-31"),
        ("audit avant le 31/12/26", "2026-12-31"),
        ("audit avant le 31.12.2026", "2026-12-31"),
        ("audit avant le 31-12-2026", "2026-12-31"),
        ("audit avant le 2026-12-31", "2026-12-31"),
        ("audit avant le 31 décembre 2026", "2026-12-31"),
        ("audit avant le 1er mars 2027", "2027-03-01"),
        ("audit avant le mardi 8 décembre 2026", "2026-12-08"),
        ("audit d’ici au 15 décembre 2026", "2026-12-15"),
        ("audit, échéance : 15 janv. 2027", "2027-01-15"),
        ("audit by March 31, 2027", "2027-03-31"),
        ("audit before 31st March 2027", "2027-03-31"),
        ("audit pour le 15 janvier", "2027-01-15"),
        ("audit avant le 15/1", "2027-01-15"),
        ("audit avant le 1er décembre", "2026-12-01"),
        ("audit avant le 29 février", "2028-02-29"),
        ("audit, 31/12/2026", "2026-12-31"),
        ("selon le rapport du 3 mars 2026, audit avant le 31/12/2026", "2026-12-31"),
        ("selon le rapport du 3 mars 2026", ""),
        ("audit du 3 mars", ""),
        ("3/4 des tests", ""),
        ("version 2.1.10", ""),
        ("audit", ""),
    ],
)
def test_when_a_condition_is_due(text: str, due: str) -> None:
    assert read_condition(text, {}, SINCE).due == due
    assert unread_day(text) == ""


def test_without_a_day_to_count_from_a_year_is_not_guessed() -> None:
    assert read_condition("audit pour le 15 janvier", {}).due == ""


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("audit avant fin mars", "avant fin mars"),
        ("audit d’ici fin mars 2027", "d’ici fin mars 2027"),
        ("le 31/02/2027, audit", "31/02/2027"),
        ("audit sous 15 jours", "sous 15 jours"),
        ("audit courant avril", "courant avril"),
        ("audit avant le troisième trimestre", "avant le troisième trimestre"),
    ],
)
def test_a_day_that_is_none_is_told(text: str, words: str) -> None:
    assert unread_day(text) == words


@pytest.mark.parametrize(
    ("text", "owner"),
    [
        ("audit, @chef-produit", "chef-produit"),
        ("audit, @jean_minint.", "jean_minint"),
        ("audit, @vieux-compte-", "vieux-compte-"),
        ("audit, @dnum/securite", "dnum/securite"),
        ("écrire à secu@dnum.example", ""),
    ],
)
def test_who_owns_a_condition(text: str, owner: str) -> None:
    assert read_condition(text, {}).owner == owner
    assert unread_owner(text) == ""


def test_what_is_no_account_is_told() -> None:
    assert unread_owner("audit, @jean--minint") == "@jean--minint"
    assert not logins.is_login("a" * 40)
    assert not logins.is_login("-a")


def test_the_day_of_a_session_is_the_last_one() -> None:
    assert dates.latest("--12-08", SINCE) == "2025-12-08"
    assert dates.latest("--11-24", SINCE) == "2026-11-24"
    assert dates.latest("--02-29", SINCE) == "2024-02-29"
    assert dates.latest("2026-11-24", SINCE) == "2026-11-24"
