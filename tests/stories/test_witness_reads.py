"""A reader with a job's token, `issues: read` alone, goes over a sealed register on GitHub: each lie has its sentence."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from types import SimpleNamespace

import pytest
from click.testing import CliRunner

from app.cli import main
from app.domain.product.facts import BallotCast
from app.github.backlog import read_whole
from app.github.policies import Policies
from app.github.token import TokenClient
from app.settings import read_token_settings
from app.transparency.notes import new_signer
from app.transparency.proofs import InclusionProof
from app.transparency.tree import inclusion, leaf_hash
from app.witness.lies import SENTENCES, LieKind
from app.witness.reader import LastReading, judged_register, read_memory, remembered
from app.witness.shown import Line, shown_by
from tests.stage import SEATS, SIGNER, Stage
from tests.witness.logs import MemoryLog

KEYS = [SIGNER.key.vkey]


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    """A sealed register with one decision, on a local GitHub, and what its comments carry. Tests change copies alone."""
    stage = Stage.at(tmp_path_factory.mktemp("registre"), sealed=True)
    number = stage.filed(ready=True)
    stage.says("cheffe-produit", number, "/demande")
    stage.decided(number)
    token, *_ = stage.hub.doorman.new_token({"issues": "read", "single_file": "read"})
    env = {
        "GITHUB_TOKEN": token,
        "GITHUB_API_URL": stage.hub.url,
        "GITHUB_REPOSITORY": stage.world.repository,
        "JALON_BOT": stage.world.bot,
        "JALON_REGISTER_KEYS": KEYS[0],
    }
    yield SimpleNamespace(stage=stage, number=number, env=env)
    stage.close()


def command(place, folder, *words, **env):
    given = ["witness", "read", "--state", str(folder / "temoin.json"), "--statement", str(folder / "releve.json")]
    done = CliRunner().invoke(main, [*given, *words], env=place.env | env)
    return SimpleNamespace(exit_code=done.exit_code, output=done.output.replace("\u00a0", " ").replace("\u202f", " "))


def read(place):
    settings = read_token_settings(place.env)
    client = TokenClient(settings)
    policy = Policies(client).of(settings.repository)
    return shown_by(read_whole(client, settings.repository, policy, frozenset(settings.bots)).comments)


@pytest.fixture(scope="module")
def shown(place):
    return read(place)


@pytest.fixture(scope="module")
def comments(place):
    """As GitHub's REST API gives them, by number."""
    client, repository = place.stage.client, place.stage.world.repository
    listed = client.listed(client.requester(repository), f"/repos/{repository}/issues/comments")
    return {one["id"]: one for one in listed}


def judge(place, shown, before=None, comments=None, keys=KEYS, now=None):
    return judged_register(
        shown, before or LastReading(), keys, (comments or {}).get, place.stage.world.repository, now or place.stage.now
    )


def kinds(reading):
    return sorted({one.kind for one in reading.lies})


def test_all_is_there_the_first_time_and_the_next(place, tmp_path):
    place.stage.hub.calls.clear()
    done = command(place, tmp_path)
    assert done.exit_code == 0, done.output
    assert "Tout y est : chaque décision a été recomptée" in done.output
    assert f"{len(SEATS)} nouveaux avis sur GitHub tels qu’ils ont été comptés" in done.output
    calls = [(one["method"], one["path"]) for one in place.stage.hub.calls]
    assert sum(path.rpartition("/")[0].endswith("/issues/comments") for _, path in calls) == len(SEATS)
    assert all(method == "GET" or path.endswith("/graphql") for method, path in calls)
    told = json.loads((tmp_path / "releve.json").read_text(encoding="utf-8"))
    assert (told["register"], told["whole"], len(told["ballots"]["seen"])) == (SIGNER.name, True, len(SEATS))
    assert told["checkpoint"].startswith(f"{SIGNER.name}\n{told['size']}\n")
    assert not any(login in json.dumps(told) for login in SEATS)
    again = command(place, tmp_path)
    assert again.exit_code == 0, again.output
    assert "nouv" not in again.output
    assert "ballots" in json.loads((tmp_path / "releve.json").read_text(encoding="utf-8"))


def test_a_lie_fails_with_its_status_and_what_was_seen_stays(place, tmp_path):
    assert command(place, tmp_path).exit_code == 0
    state = tmp_path / "temoin.json"
    told = json.loads(state.read_text(encoding="utf-8"))
    told["leaves"]["3"] = "00" * 32
    state.write_text(json.dumps(told), encoding="utf-8")
    before = state.read_bytes()
    done = command(place, tmp_path)
    assert done.exit_code == LieKind.REWRITTEN
    assert "✗ l’entrée n° 3 n’est plus celle qui avait été vue." in done.output
    assert state.read_bytes() == before
    state.write_text("{}", encoding="utf-8")
    assert "effacez-le pour repartir de zéro en le sachant" in command(place, tmp_path).output
    other = command(place, tmp_path / "..", JALON_REGISTER_KEYS="pas une clé")
    assert other.exit_code == 1
    assert "JALON_REGISTER_KEYS" in other.output


def test_the_app_whose_words_are_read_must_be_named(place, tmp_path):
    done = command(place, tmp_path, JALON_BOT=" ")
    assert done.exit_code == 1
    assert "JALON_BOT manque" in done.output


def test_keys_of_the_rules_are_told_to_be_so(place, tmp_path):
    done = command(place, tmp_path, JALON_REGISTER_KEYS="")
    assert "copiez-les vous-même dans JALON_REGISTER_KEYS" in done.output


def test_a_key_that_is_not_ours_has_signed_nothing(place, shown, comments):
    other = new_signer(SIGNER.name).key.vkey
    assert kinds(judge(place, shown, comments=comments, keys=[other])) == [LieKind.SIGNATURE]


def changed(comment, **values):
    return comment | values


def of_another_account(comment):
    return changed(comment, user=comment["user"] | {"id": 999, "login": "quelqu-un"})


def of_another_day(comment):
    return changed(comment, created_at="2026-01-01T00:00:00Z", updated_at="2026-01-01T00:00:00Z")


def with_other_words(comment):
    return changed(comment, body="/nogo")


def in_another_issue(comment):
    return changed(comment, issue_url=comment["issue_url"].rpartition("/")[0] + "/99")


def nowhere(_comment):
    return None


@pytest.mark.parametrize(
    ("lie", "kind"),
    [
        (of_another_account, LieKind.AUTHOR),
        (of_another_day, LieKind.DATE),
        (with_other_words, LieKind.TEXT),
        (in_another_issue, LieKind.PLACE),
        (nowhere, LieKind.ABSENT),
    ],
    ids=lambda one: getattr(one, "__name__", ""),
)
def test_a_ballot_that_its_comment_does_not_bear_out(place, shown, comments, lie, kind):
    ballot = shown.ballots[2]
    told = comments | {ballot.cast.comment: lie(comments[ballot.cast.comment])}
    reading = judge(place, shown, comments=told)
    assert kinds(reading) == [kind]
    assert f"n° {ballot.n}" in reading.lies[0].sentence
    assert len(reading.ballots["seen"]) == len(SEATS) - 1
    assert judge(place, shown, remembered(shown), told).lies == [], "a ballot is looked at once"


def test_what_was_edited_since_can_no_longer_be_seen_which_is_no_lie(place, shown, comments):
    ballot = shown.ballots[0]
    later = changed(comments[ballot.cast.comment], body="Bonjour", updated_at="2099-01-01T00:00:00Z")
    reading = judge(place, shown, comments=comments | {ballot.cast.comment: later})
    assert (reading.lies, reading.ballots["changed"]) == ([], [ballot.n])


def test_a_deletion_that_the_register_tells_is_no_lie(place, shown, comments):
    copy = replace_ballot(shown, is_gone=True)
    reading = judge(place, copy, comments=comments | {copy.ballots[0].cast.comment: None})
    assert (reading.lies, reading.ballots["gone"]) == ([], [copy.ballots[0].n])


def test_a_ballot_of_another_repository_is_told_apart(place, shown, comments):
    copy = replace_ballot(shown, repository="dnum/ancien")
    reading = judge(place, copy, comments=comments | {copy.ballots[0].cast.comment: None})
    assert (reading.lies, reading.ballots["elsewhere"]) == ([], [copy.ballots[0].n])


def test_who_has_no_account_any_more_cannot_be_told(place, shown, comments):
    ballot = shown.ballots[0]
    for user in (None, {"login": "ghost", "id": 10137}):
        told = comments | {ballot.cast.comment: changed(comments[ballot.cast.comment], user=user)}
        reading = judge(place, shown, comments=told)
        assert (reading.lies, reading.ballots["unknown"]) == ([], [ballot.n])


BEFORE = {"by_id": 0, "said_at": None, "digest": ""}
"""What former versions kept of a ballot."""


@pytest.mark.parametrize("field", BEFORE)
def test_what_is_not_kept_of_a_ballot_is_excused_only_before_the_seal(place, shown, comments, field):
    cast = replace(shown.ballots[0].cast, **{field: BEFORE[field]})
    former = judge(place, replace_ballot(shown, cast=cast, is_former=True), comments=comments)
    assert (former.lies, len(former.ballots["seen"])) == ([], len(SEATS))
    assert len(judge(place, replace_ballot(shown, cast=cast), comments=comments).lies) == 1


def test_a_former_ballot_without_a_comment_or_under_another_name_is_told_unknown(place, shown, comments):
    for values in ({"comment": 0}, {"by_id": 0, "by": "ancien-nom"}):
        cast = replace(shown.ballots[0].cast, **values)
        reading = judge(place, replace_ballot(shown, cast=cast, is_former=True), comments=comments)
        assert (reading.lies, reading.ballots["unknown"]) == ([], [shown.ballots[0].n])
    cast = replace(shown.ballots[0].cast, comment=0)
    assert kinds(judge(place, replace_ballot(shown, cast=cast), comments=comments)) == [LieKind.ABSENT]


def test_a_ballot_whose_author_was_erased_is_not_asked_for(place, shown, comments):
    cast = shown.ballots[0].cast
    erased = replace(cast, sealed=replace(cast.sealed, erased="00" * 32))
    asked = comments | {cast.comment: None}
    reading = judge(place, replace_ballot(shown, cast=erased), comments=asked)
    assert (reading.lies, reading.ballots["erased"]) == ([], [shown.ballots[0].n])


def replace_ballot(shown, **values):
    first, *others = shown.ballots
    return replace(shown, ballots=[replace(first, **values), *others])


def with_lines(shown, **changes):
    """`shown` with the entries of these numbers replaced, or left out."""
    lines = dict(shown.lines)
    for name, line in changes.items():
        number = int(name.removeprefix("n"))
        if line is None:
            del lines[number]
        else:
            lines[number] = line
    return replace(shown, lines=lines)


def decision(shown):
    return next(one.n for one in shown.proofs)


def test_a_history_cut_short_is_seen_by_who_had_seen_it(place, shown, comments):
    before = remembered(shown)
    cut = with_lines(shown, **{f"n{max(shown.lines)}": None})
    assert LieKind.SHORTER in kinds(judge(place, cut, before, comments))
    gone = replace(shown, lines={}, proofs=[], ballots=[])
    assert kinds(judge(place, gone, before)) == [LieKind.SHORTER]


def test_an_entry_changed_is_seen_at_once_and_by_who_had_seen_it(place, shown, comments):
    number = shown.ballots[0].n
    line = shown.lines[number]
    other = with_lines(shown, **{f"n{number}": Line(line.entry.replace('"go"', '"nogo"', 1), line.personal, line.salt)})
    assert LieKind.ENTRY in kinds(judge(place, other, comments=comments))
    found = kinds(judge(place, other, remembered(shown), comments))
    assert LieKind.REWRITTEN in found


def test_a_decision_that_its_own_proof_does_not_cover(place, shown, comments):
    number = decision(shown)
    line = shown.lines[number]
    other = with_lines(shown, **{f"n{number}": Line(line.entry.replace('"go"', '"nogo"', 1), line.personal, line.salt)})
    assert any(
        one.sentence == SENTENCES[LieKind.ENTRY].format(number) for one in judge(place, other, comments=comments).lies
    )


def test_of_a_register_that_other_repositories_hold_in_part_decisions_are_checked_one_by_one(place, shown, comments):
    part = with_lines(shown, n0=None)
    reading = judge(place, part, comments=comments)
    assert (reading.lies, reading.is_whole) == ([], False)
    assert len(reading.ballots["seen"]) == len(SEATS)
    other = new_signer(SIGNER.name).key.vkey
    assert kinds(judge(place, part, comments=comments, keys=[other])) == [LieKind.SIGNATURE]


def test_a_seal_kept_of_another_history_is_not_this_one_s(place, shown, comments):
    """The tool of outsiders is given the checkpoint that was kept, and says so itself."""
    size = max(shown.notes)
    text = f"{SIGNER.name}\n{size}\n{'A' * 43}=\n"
    before = LastReading(f"{text}\n{SIGNER.sign(text)}\n", {})
    assert LieKind.REWRITTEN in kinds(judge(place, shown, before, comments))


def decided_otherwise(shown, change):
    """The same register, an entry of which its operator changed and all of which it signed again: it has the key."""
    number = decision(shown)
    lines = dict(shown.lines)
    lines[number] = replace(lines[number], entry=change(lines[number].entry))
    log = MemoryLog([lines[n].entry.encode() for n in sorted(lines)], SIGNER, SIGNER.name)
    proof = InclusionProof(number, inclusion(log.node, number, log.size), log.note())
    return replace(shown, lines=lines, proofs=[proof])


def test_a_decision_that_does_not_follow_from_its_ballots_is_seen_whoever_signed_it(place, shown, comments):
    other = decided_otherwise(shown, lambda entry: entry.replace('"outcome":"go"', '"outcome":"nogo"', 1))
    assert other.lines != shown.lines
    assert kinds(judge(place, other, comments=comments)) == [LieKind.RULES]
    assert kinds(judge(place, decided_otherwise(shown, str), comments=comments)) == []


def test_an_entry_is_neither_back_dated_nor_of_a_day_to_come(place, shown, comments):
    at = shown.lines[decision(shown)].at
    seen = remembered(shown)
    known = replace(seen, leaves={n: leaf for n, leaf in seen.leaves.items() if n < decision(shown)})
    late = replace(known, last=(at + timedelta(hours=2)).isoformat())
    assert kinds(judge(place, shown, late, comments)) == [LieKind.ENTRY_DATE]
    assert judge(place, shown, replace(known, last=at.isoformat()), comments).lies == []
    assert LieKind.ENTRY_DATE in kinds(judge(place, shown, comments=comments, now=at - timedelta(hours=1)))


def test_what_is_remembered_is_read_again(shown):
    before = remembered(shown)
    assert read_memory(before.text) == before
    assert set(before.leaves.values()) == {leaf_hash(one.entry.encode()).hex() for one in shown.lines.values()}


def test_every_ballot_of_the_history_is_there(place, shown):
    cast = [one.fact for one in place.stage.register.entries() if isinstance(one.fact, BallotCast)]
    assert [one.cast for one in shown.ballots] == cast
    assert shown.holes == ()


@pytest.mark.slow
def test_a_repository_without_a_sealed_register_is_said_so(tmp_path):
    stage = Stage.at(tmp_path)
    stage.filed()
    env = {
        "GITHUB_TOKEN": "sandbox-secretariat",
        "GITHUB_API_URL": stage.hub.url,
        "JALON_BOT": stage.world.bot,
        "GITHUB_REPOSITORY": "",
    }
    words = ["witness", "read", "--state", f"{tmp_path}/temoin.json", "--repository", stage.world.repository]
    done = CliRunner().invoke(main, words, env=env)
    stage.close()
    assert done.exit_code == 0, done.output
    assert "aucun registre scellé à relire" in done.output
    assert not (tmp_path / "temoin.json").exists()
