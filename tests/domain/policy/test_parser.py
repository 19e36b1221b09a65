"""A policy file read whole, and every problem in it told at once, with its line and column."""

from __future__ import annotations

from fractions import Fraction

import pytest

from app.domain.policy.document import FORMER_MOST, MOST_PROBLEMS, DocumentReader, Mark, Problem, ProblemKind
from app.domain.policy.label_names import RESERVED
from app.domain.policy.model import Policy
from app.domain.reading.logins import is_login
from app.github.published import LABELS
from app.shipped_files import asset, default_policy
from app.yaml_documents import LARGEST, read_plain, read_policy
from tests.builders import SMALL, a_small_policy, parsed

TEXT = SMALL.strip() + "\n"

# The text replaced, what replaces it, the problem's kind and path, and the words at whose place it must be found.
BROKEN = [
    ("version: 1", "version: 2", "not_one_of", "version", "2\nlanguage"),
    ("version: 1", "version: [1]", "not_one_of", "version", "[1]"),
    ("language: fr", "language: de", "not_one_of", "language", "de\n"),
    ("version: 1\n", "version: 1\ntimezone: Europe/Pariss\n", "unknown_id", "timezone", "Europe/Pariss"),
    ("version: 1\n", "version: 1\ntimezone: 2\n", "expected", "timezone", "2\n"),
    ("version: 1\n", "version: 1\ntimezone: localtime\n", "unknown_id", "timezone", "localtime"),
    ("language: fr", "language: 3", "expected", "language", "3\n"),
    ("language: fr\n", "", "missing_key", "", "version"),
    ("version: 1\n", "version: 1\nversion: 1\n", "repeated_key", "", "version: 1\nlang"),
    ("version: 1\n", "version: 1\ncouleur: bleu\n", "unknown_key", "", "couleur"),
    ("version: 1\n", "version: 1\nignored_commands: [lgtm, /go]\n", "own_command", "ignored_commands[2]", "/go"),
    ("version: 1\n", "version: 1\nignored_commands: ['a b']\n", "bad_form", "ignored_commands[1]", "'a b'"),
    ("[secretariat]", "secretariat", "expected", "committee.secretariat", "secretariat\n  seats"),
    ("[secretariat]", "[a, a]", "repeated_value", "committee.secretariat[2]", "a]"),
    ("[secretariat]", "['@a']", "not_an_account", "committee.secretariat[1]", "'@a'"),
    ("[secretariat]", "[[a]]", "expected", "committee.secretariat[1]", "[a]]"),
    ("  team: comite-produit", "  team: ''", "expected", "committee.team", "''"),
    ("  team: comite-produit", "  team: t\n  day: jeudi", "not_one_of", "committee.day", "jeudi"),
    ("  team: comite-produit", "  team: t\n  apps: [-5]", "expected", "committee.apps[1]", "-5"),
    ("  team: comite-produit", "  team: t\n  apps: [un assistant]", "bad_form", "committee.apps[1]", "un assistant"),
    ("  team: comite-produit", "  team: t\n  weeks_off: [2026-33]", "bad_form", "committee.weeks_off[1]", "2026-33"),
    ("holder: secu}", "holder: null}", "seat_without_holder", "committee.seats[2].holder", "null"),
    (", holder: secu}", "}", "seat_without_holder", "committee.seats[2].holder", "{id: securite"),
    ("holder: secu}", "holder: secu, until: demain}", "bad_date", "committee.seats[2].until", "demain"),
    ("{id: data, name: Data", "{id: design, name: Data", "repeated_id", "committee.seats[4]", "{id: design, name: Data"),
    ("{id: data, name: Data", "{id: data, name: {fr: D}", "missing_key", "committee.seats[4].name", "{fr: D}"),
    ("{id: valeur,", "{id: securite,", "repeated_id", "aspects[2]", "{id: securite, name: {fr: Sécurité, en: Security}}"),
    ("card: Idée", "card: MVP", "repeated_id", "phases[2]", "id: mvp\n"),
    ('label: "phase: idée"', 'label: "a,b"', "label_with_comma", "phases[1].label", '"a,b"'),
    ('label: "phase: idée"', f'label: "{"é" * 51}"', "label_too_long", "phases[1].label", '"éé'),
    ('label: "phase: idée"', 'label: "💡 ✨"', "label_of_emoji", "phases[1].label", '"💡'),
    ('label: "phase: idée"', 'label: "1️⃣"', "label_of_emoji", "phases[1].label", '"1️⃣'),
    ('label: "phase: idée"', 'label: "👩‍💻 🇫🇷 👍🏽 ‼️"', "label_of_emoji", "phases[1].label", '"👩'),
    ('label: "phase: idée"', 'label: {fr: "💡", en: Idea}', "label_of_emoji", "phases[1].label", '{fr: "💡'),
    ('label: "phase: idée"', 'label: "a\\tb"', "label_with_control", "phases[1].label", '"a'),
    ('label: "phase: idée"', 'label: "a\\u2028b"', "label_with_control", "phases[1].label", '"a'),
    ('label: "phase: mvp"', 'label: "PHASE: IDÉE"', "alike", "phases[2].label", '"PHASE'),
    ('label: "phase: mvp"', 'label: "phase:  ide\\u0301e\\u200b"', "alike", "phases[2].label", '"phase:  '),
    ("card: MVP", "card: IDÉE", "alike", "phases[2].card", "IDÉE"),
    ('label: "phase: idée"', 'label: "Produit"', "reserved_label", "phases[1].label", '"Produit'),
    ('label: "phase: idée"', 'label: "passage: DEMANDÉ"', "reserved_label", "phases[1].label", '"passage'),
    ('label: "phase: idée"', 'label: "besoin: Design"', "reserved_label", "phases[1].label", '"besoin'),
    ('label: "phase: idée"', 'label: "règles à corriger"', "reserved_label", "phases[1].label", '"règles'),
    ("holder: secu}", "holder: '@secu'}", "not_an_account", "committee.seats[2].holder", "'@secu'"),
    ("holder: secu}", "holder: '@dnum/securite'}", "not_an_account", "committee.seats[2].holder", "'@dnum"),
    ("holder: secu}", "holder: {fr: '@a', en: b}}", "not_an_account", "committee.seats[2].holder", "{fr: '@a'"),
    ("holder: secu}", f"holder: {'a' * 40}}}", "not_an_account", "committee.seats[2].holder", "aaaa"),
    ("[techno-suppleance]", "[jean_min_int]", "not_an_account", "committee.seats[1].substitutes[1]", "jean_min"),
    ("team: comite-produit", "team: Comité produit", "not_a_team", "committee.team", "Comité"),
    ("  team: comite-produit", "  team: t\n  weeks_off: [2027-W53]", "no_such_week", "committee.weeks_off[1]", "2027"),
    ("  team: comite-produit", "  team: t\n  weeks_off: [0000-W01]", "no_such_week", "committee.weeks_off[1]", "0000"),
    ("{id: valeur,", "{id: {fr: É, en: e},", "bad_form", "aspects[1].id.fr", "É, en"),
    ("deadline_days: 14", "deadline_days: 3000000", "number_too_great", "gates[1].deadline_days", "3000000"),
    ("quorum: 2, threshold: 2/3", "quorum: 99999, threshold: 2/3", "number_too_great", "gates[1].quorum", "99999"),
    ("required: true, until: mvp", "required: oui, until: mvp", "expected", "phases[1].checklist.securite[1].required", "oui"),
    ("until: mvp", "until: lune", "unknown_id", "phases[1].checklist.securite[1].until", "lune"),
    ("until: mvp}", "kind: photo}", "not_one_of", "phases[1].checklist.securite[1].kind", "photo"),
    ("until: mvp}", "kind: choice}", "missing_key", "phases[1].checklist.securite[1]", "{id: idee-dict"),
    ("until: mvp}", "kind: choice, choices: [a, a]}", "repeated_value", "phases[1].checklist.securite[1].choices[2]", "a]}"),
    ("until: mvp}", "choices: [a]}", "unknown_key", "phases[1].checklist.securite[1]", "[a]}"),
    ("until: mvp}", "kind: answer, expires: true}", "unknown_key", "phases[1].checklist.securite[1]", "true}\n  - id: mvp"),
    ("until: mvp}", "form: [probleme]}", "unknown_key", "phases[1].checklist.securite[1]", "[probleme]}"),
    ("until: mvp}", "kind: link, form: [probleme], private: data}", "unknown_key", "phases[1].checklist.securite[1]", "[probleme], p"),
    ("until: mvp}", "kind: answer, form: [lune]}", "unknown_id", "phases[1].checklist.securite[1].form[1]", "lune"),
    ("until: mvp}", "kind: link, private: lune}", "unknown_id", "phases[1].checklist.securite[1].private", "lune"),
    ("until: mvp}", "kind: date, expires: oui}", "expected", "phases[1].checklist.securite[1].expires", "oui"),
    ("id: mvp-homologation", "id: idee-dict", "repeated_id", "phases[2].checklist.securite[1]", "{id: idee-dict, text: {fr: Homo"),
    ("id: mvp-homologation", "id: MVP", "bad_form", "phases[2].checklist.securite[1].id", "MVP, text"),
    ("quorum: 2, threshold: 2/3", "quorum: 9, threshold: 2/3", "impossible_quorum", "gates[1].quorum", "9, thr"),
    ("quorum: 2, threshold: 2/3", "quorum: 0, threshold: 2/3", "expected_number", "gates[1].quorum", "0, thr"),
    ("quorum: 2, threshold: 2/3", "quorum: [2], threshold: 2/3", "expected_number", "gates[1].quorum", "[2]"),
    ("quorum: 2, threshold: 2/3", "quorum: true, threshold: 2/3", "expected_number", "gates[1].quorum", "true, thr"),
    ("threshold: 2/3", "threshold: 3/2", "bad_threshold", "gates[1].threshold", "3/2"),
    ("threshold: 2/3", "threshold: 1/0", "bad_threshold", "gates[1].threshold", "1/0"),
    ("threshold: 2/3", "threshold: [1]", "bad_threshold", "gates[1].threshold", "[1]"),
    ("mandatory: [securite]", "mandatory: [lune]", "unknown_id", "gates[1].mandatory[1]", "lune"),
    ("mandatory: [securite]", "mandatory: ['']", "expected", "gates[1].mandatory[1]", "'']"),
    ("mandatory: [securite]", "mandatory: [data, data]", "repeated_value", "gates[1].mandatory[2]", "data], veto"),
    ("{to: mvp, from: [idee]", "{to: lune, from: [idee]", "unknown_id", "gates[1].to", "lune"),
    ("{to: mvp, from: [idee]", "{to: mvp, from: [idee, mvp]", "gate_to_itself", "gates[1]", "{to: mvp"),
    ("{to: idee, from: [mvp]", "{to: arret, from: [mvp]", "repeated_id", "gates[3]", "{to: arret, from: [mvp], "),
    ("{to: mvp, from: [idee]", "{to: mvp, from: [mvp]", "unreachable_phase", "phases[2]", "id: mvp\n"),
    ("deadline_days: 14", "deadline_days: -1", "expected_number", "gates[1].deadline_days", "-1"),
    ("id: autre, labels", "id: probleme, labels", "repeated_id", "form[2]", '{id: probleme, labels: ["Autre'),
    ("version: 1", "version: 1\nregister: {keys: [abc]}", "bad_key", "register.keys[1]", "abc]"),
    ('"Autre chose ?"', '"Ancien titre"', "repeated_id", "form[2].labels", "{id: autre"),
]  # fmt: skip


LIMITS = {
    *("alike", "no_such_week"),
    *("number_too_great", "list_too_long", "label_with_control", "label_of_emoji", "reserved_label", "not_a_team"),
}
"""What former versions let pass."""


def problems(text: str) -> tuple[Problem, ...]:
    found = read_policy(text)
    assert not isinstance(found, Policy)
    return found


@pytest.mark.parametrize(("old", "new", "kind", "path", "there"), BROKEN)
def test_a_problem_is_told_with_its_place(old: str, new: str, kind: str, path: str, there: str) -> None:
    text = TEXT.replace(old, new, 1)
    assert text != TEXT
    before = text[: text.index(there)]
    place = (before.count("\n") + 1, len(before) - before.rfind("\n"))
    found = {(problem.kind, problem.path): (problem.line, problem.column) for problem in problems(text)}
    assert found.get((kind, path)) == place, found


def test_every_kind_of_problem_is_produced() -> None:
    assert {row[2] for row in BROKEN} | {"empty", "list_too_long"} == set(ProblemKind)


@pytest.mark.parametrize("path", ["phases", "committee.seats"])
def test_an_empty_list_is_a_problem(path: str) -> None:
    key = path.rpartition(".")[2]
    lines, kept, skipped = TEXT.split("\n"), [], False
    for line in lines:
        indent = len(line) - len(line.lstrip())
        if line.strip() == f"{key}:":
            skipped, depth = True, indent
            kept.append(f"{line} []")
        elif not skipped or indent <= depth:
            skipped = False
            kept.append(line)
    assert ("empty", path) in {(problem.kind, problem.path) for problem in problems("\n".join(kept))}


@pytest.mark.parametrize("text", ["", "bonjour", "[1, 2]", "3"])
def test_a_file_that_is_no_table_is_one_problem(text: str) -> None:
    (problem,) = problems(text)
    assert (problem.kind, problem.path, problem.line) == ("expected", "", 1)


def test_all_problems_are_told_at_once_in_reading_order() -> None:
    text = TEXT.replace("version: 1", "version: 7").replace("threshold: 2/3", "threshold: beaucoup")
    text = text.replace("holder: secu}", "holder: ''}").replace("until: mvp", "until: lune")
    found = problems(text)
    assert [problem.kind for problem in found] == ["not_one_of", "seat_without_holder", "unknown_id", "bad_threshold"]
    assert list(found) == sorted(found)


def test_a_policy_without_anything_misses_everything() -> None:
    found = problems("board: 1")
    assert {problem.kind for problem in found} == {"missing_key"}
    assert len(found) == 7


def test_a_table_where_values_have_the_wrong_shape() -> None:
    found = problems(
        "version: 1\nlanguage: fr\ncommittee: rien\naspects: rien\nphases: rien\ngates: rien\nform: rien\n"
    )
    assert {(problem.kind, problem.line) for problem in found} == {("expected", line) for line in range(3, 8)} | {
        ("empty", 5)
    }


def test_items_that_are_no_tables_are_told_one_by_one() -> None:
    text = (
        "version: 1\nlanguage: fr\ncommittee: {team: t, seats: [a]}\naspects: [a]\nphases: [a]\ngates: [a]\nform: [a]\n"
    )
    assert {problem.line for problem in problems(text)} == {3, 4, 5, 6, 7}


def test_applications_are_named_by_their_slug_or_their_number() -> None:
    policy = read_policy(TEXT.replace("  team: comite-produit", "  team: t\n  apps: [assistant, 123]"))
    assert isinstance(policy, Policy)
    assert policy.committee.apps == ("assistant", "123")


def test_a_right_policy_says_what_it_says() -> None:
    policy = read_policy(TEXT.replace("holder: secu}", "holder: secu, from: '2026-01-01', until: '2026-12-31'}"))
    assert isinstance(policy, Policy)
    seat = policy.committee.seats[1]
    assert seat.since
    assert seat.until
    assert (seat.since.month, seat.until.month) == (1, 12)
    rules = [gate.rule for gate in policy.gates]
    assert [rule.threshold for rule in rules] == [Fraction(2, 3), Fraction(1, 2), Fraction(1, 2)]
    assert rules[0].mandatory == ("securite",)
    assert rules[1].deadline_days == 14
    assert [gate.checklist for gate in policy.gates] == [True, False, False]
    assert policy.phases[0].items[2].until == "mvp"
    assert policy.aspects == {"valeur": "Valeur métier", "securite": "Sécurité"}
    assert a_small_policy("en").aspects["securite"] == "Security"


def test_unanimity_is_written_as_a_number() -> None:
    policy = read_policy(TEXT.replace("threshold: 2/3", "threshold: 1"))
    assert isinstance(policy, Policy)
    assert policy.gates[0].rule.threshold == 1


def doubts(text: str) -> list[tuple[str, str, int]]:
    policy = read_policy(text)
    assert isinstance(policy, Policy), policy
    return [(doubt.kind, doubt.path, doubt.line) for doubt in policy.doubts]


def test_a_secretariat_is_a_team_or_logins_and_logins_are_weaker() -> None:
    by_logins = read_policy(TEXT)
    by_team = read_policy(TEXT.replace("[secretariat]", "'@dnum/secretariat-du-comite'"))
    assert isinstance(by_logins, Policy)
    assert isinstance(by_team, Policy)
    assert (by_logins.committee.secretariat, by_logins.committee.secretariat_team) == (("secretariat",), "")
    assert (by_team.committee.secretariat, by_team.committee.secretariat_team) == ((), "secretariat-du-comite")
    assert doubts(TEXT) == [("secretariat_by_logins", "committee.secretariat", 5)]
    assert by_team.doubts == ()


def test_how_many_persons_a_rule_asks_for() -> None:
    policy = a_small_policy()
    assert [gate.rule.people for gate in policy.gates] == [2, 2, 2], "a majority of the quorum, unless the rule says"
    said = read_policy(TEXT.replace("quorum: 2, threshold: 2/3", "quorum: 2, people: 3, threshold: 2/3"))
    assert isinstance(said, Policy)
    assert said.gates[0].rule.people == 3
    few = (
        TEXT.replace("holder: design", "holder: secu")
        .replace("holder: data", "holder: secu")
        .replace("holder: techno,", "holder: secu,")
    )
    assert ("too_few_people", "gates[1]", 50) not in doubts(few), "the substitute makes two"
    alone = few.replace("substitutes: [techno-suppleance]", "substitutes: [Secu]")
    assert [kind for kind, _, _ in doubts(alone)] == ["secretariat_by_logins", *["too_few_people"] * 3]


@pytest.mark.parametrize(
    "label", ["phase: idée 💡", "V2", "«»", "!?", "日本", "a\u200db", "produits", "besoin: rien", "∑", "x" * 50, "→ →"]
)
def test_labels_that_github_takes(label: str) -> None:
    assert isinstance(read_policy(TEXT.replace('"phase: idée"', f"'{label}'")), Policy)


def test_no_phase_bears_a_label_that_says_something_else() -> None:
    """Those shipped, but for the phases' own, and those under which Jalon publishes."""
    shipped = {item["name"] for item in read_plain(asset("labels.yml").read_text(encoding="utf-8"))}
    phases = {phase.label for phase in default_policy().phases}
    assert set(RESERVED) == shipped - phases
    assert {label.name for label in LABELS.values()} <= set(RESERVED)


@pytest.mark.parametrize(
    ("login", "right"),
    [
        *[(name, True) for name in ("jean_minint", "ancien-", "a", "A-b-c", "x" * 39, "jean-luc_mi1")],
        *[(name, False) for name in ("-a", "a--b", "a_b_c", "_a", "a_", "x" * 40, "é", "a.b", "app[bot]", "@a")],
    ],
)
def test_one_definition_of_an_account(login: str, right: bool) -> None:
    places = (("holder: secu}", f"holder: '{login}'}}"), ("[techno-suppleance]", f"['{login}']"))
    for old, new in (*places, ("[secretariat]", f"['{login}']")):
        assert isinstance(read_policy(TEXT.replace(old, new)), Policy) == right
    never = read_policy(f"{TEXT}follow_up: {{reminders: {{never: ['{login}']}}}}\n")
    assert isinstance(never, Policy) == right
    assert is_login(login) == right


@pytest.mark.parametrize("team", ["comite-produit", "@dnum/comite-produit", "dnum/comite-produit"])
def test_a_team_is_named_alone_or_with_its_organisation(team: str) -> None:
    policy = read_policy(TEXT.replace("team: comite-produit", f"team: '{team}'"))
    assert isinstance(policy, Policy)
    assert policy.committee.team == "comite-produit"


@pytest.mark.parametrize(("old", "new", "kind", "path", "there"), [row for row in BROKEN if row[2] in LIMITS])
def test_what_a_former_version_took_goes_on_holding(old: str, new: str, kind: str, path: str, there: str) -> None:
    policy = read_policy(TEXT.replace(old, new, 1), former=True)
    assert isinstance(policy, Policy) == ("99999" not in new), "a quorum nobody can reach was refused already"
    if isinstance(policy, Policy):
        assert all(gate.rule.deadline_days <= FORMER_MOST for gate in policy.gates)


def test_former_files_keep_their_meaning() -> None:
    policy = read_policy(
        TEXT.replace("deadline_days: 14", "deadline_days: 5000").replace("secu}", f"{'a' * 40}}}"), former=True
    )
    assert isinstance(policy, Policy)
    assert policy.gates[0].rule.deadline_days == 5000
    assert policy.committee.seats[1].holder == "a" * 40
    translated = TEXT.replace("{id: valeur,", "{id: {fr: É, en: e},").replace("      valeur:\n", "      É:\n")
    assert isinstance(read_policy(translated, former=True), Policy)


def test_no_more_seats_than_anybody_has_and_no_more_phases_than_a_column_of_a_board() -> None:
    seat = "    - {id: data, name: Data, holder: data}\n"
    many = TEXT.replace(seat, "".join(f"    - {{id: s{n}, name: S, holder: s{n}}}\n" for n in range(98)))
    (problem,) = problems(many)
    assert (problem.kind, problem.path, problem.line) == ("list_too_long", "committee.seats[101]", 107)
    assert isinstance(read_policy(many, former=True), Policy)
    assert isinstance(read_policy(many.replace("    - {id: s97, name: S, holder: s97}\n", "")), Policy)


def test_a_file_made_to_be_long_to_answer_is_answered_in_few_words() -> None:
    ids = ", ".join(f"i{number}" for number in range(3000))
    found = problems(TEXT.replace("mandatory: [securite]", f"mandatory: [{ids}]"))
    assert len(found) == MOST_PROBLEMS
    wide = TEXT.replace("holder: secu}", f"holder: '{'@' * 9000}'}}").replace("quorum: 2,", f"quorum: {'9' * 3000},")
    told = problems(wide)
    assert all(len(words) <= 300 for problem in told for _, words in problem.detail)


def test_a_file_too_large_is_refused_at_once() -> None:
    (problem,) = problems("a: [" * 100_000)
    assert (problem.kind, dict(problem.detail)) == ("too_large", {"size": "390", "most": "256"})
    assert isinstance(read_policy(TEXT + "#" * LARGEST, former=True), Policy)
    assert len(asset("policy.yml").read_bytes()) * 5 < LARGEST


def test_the_place_is_a_time_zone_by_its_name_and_the_nearest_ones_are_told_of_a_slip() -> None:
    found = read_policy(TEXT.replace("version: 1\n", "version: 1\ntimezone: Pacific/Noumea\n"))
    assert isinstance(found, Policy)
    assert (found.timezone, a_small_policy().timezone) == ("Pacific/Noumea", "Europe/Paris")
    (slip,) = problems(TEXT.replace("version: 1\n", "version: 1\ntimezone: pacific/nouméa\n"))
    assert dict(slip.detail)["known"].startswith("Pacific/Noumea")
    (stray,) = problems(TEXT.replace("version: 1\n", "version: 1\ntimezone: '???'\n"))
    assert dict(stray.detail)["known"] == "Europe/Paris"


def test_what_is_told_of_a_file_has_an_end() -> None:
    reader = DocumentReader()
    for line in range(1, MOST_PROBLEMS + 3):
        reader.doubt(Mark(line, 1), "committee", "secretariat_by_logins")
        reader.note(Mark(line, 1), "committee", "expected")
    assert len(reader.doubts) == len(reader.problems) == MOST_PROBLEMS


def test_the_secretariat_is_known_whatever_the_case() -> None:
    policy = a_small_policy()
    assert policy.is_secretariat("Secretariat")
    assert not policy.is_secretariat("secu")


def test_an_item_tells_what_settles_it() -> None:
    text = TEXT.replace(
        "until: mvp}",
        "until: mvp, kind: choice, help: {fr: Au plus juste, en: At best}, choices: [Oui, Non], form: [probleme]}",
    ).replace(
        "{fr: Homologation prononcée, en: Accreditation granted}, required: true}",
        "{fr: H, en: A}, required: true, kind: date, expires: true}",
    )
    text = text.replace("required: false}", "required: false, kind: link, private: securite}", 1)
    vision, private, choice, day = (item for phase in parsed(text).phases for item in phase.items)
    assert (vision.kind, vision.is_question) == ("tick", False)
    assert (choice.kind, choice.help, choice.choices, choice.form) == (
        "choice",
        "Au plus juste",
        ("Oui", "Non"),
        ("probleme",),
    )
    assert (private.kind, private.private, private.is_question) == ("link", "securite", True)
    assert (day.kind, day.expires) == ("date", True)


def test_a_file_that_leaves_a_word_of_ours_to_a_robot_keeps_its_meaning() -> None:
    text = TEXT.replace("version: 1\n", "version: 1\nignored_commands: [reponse]\n")
    assert isinstance(read_policy(text, former=True), Policy)


def test_a_later_phase_may_ask_again_under_the_same_id_once_the_item_is_asked_no_longer() -> None:
    again = TEXT.replace("id: mvp-homologation", "id: idee-vision")
    policy = parsed(again)
    assert [item.id for item in policy.checklist("mvp")] == ["idee-dict", "idee-vision"]
    kept = again.replace("en: Vision written}, required: true}", "en: Vision written}, required: true, until: arret}")
    assert [(one.kind, one.path) for one in problems(kept)] == [("repeated_id", "phases[2].checklist.securite[1]")]
    twice = TEXT.replace("id: idee-cadrage", "id: idee-vision")
    assert [(one.kind, one.path) for one in problems(twice)] == [("repeated_id", "phases[1].checklist.valeur[2]")]
