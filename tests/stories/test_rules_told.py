"""The policy file broken, removed, withheld and mended, told where the person who changed it looks, and once."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from app.github.client import LaterError
from app.github.errors import RefusalError
from app.github.markers import read_marker
from app.github.policies import PATH, Policies, UnreadablePolicyError
from app.store.schema import RULES_SAID
from app.turns.wakeup import wake_up
from app.yaml_documents import LARGEST, version_of
from tests.stage import Stage

BROKEN = "version: 1\nlanguage: fr\nlanguage: fr\n"


@pytest.fixture
def good(stage):
    return stage.world.files[PATH]


@pytest.fixture
def listening(stage):
    """An organisation that chose to give the App « Contents » and the `push` event."""
    stage.world.app.permissions = stage.world.app.permissions | {"contents": "read"}
    stage.world.app.events = [*stage.world.app.events, "push"]


@pytest.fixture
def seeing(stage, listening):
    """… and « Pull requests »."""
    stage.world.app.permissions = stage.world.app.permissions | {"pull_requests": "read"}


def write(stage, text):
    stage.world.write_file("secretariat", PATH, text)
    return stage.settle()


def wake(stage):
    """What the hours of a worker do."""
    return stage.reads_rules()


def grant(stage, *names):
    """The App has these permissions from now on: GitHub gives it a new token, the old one being refused once."""
    levels = {"issues": "write", "organization_projects": "write"}
    stage.world.app.permissions = {name: levels.get(name, "read") for name in names}
    stage.hub.doorman.expire_all()
    with pytest.raises(LaterError):
        stage.policies.reading(stage.world.repository, again=True)


def with_database(stage, path):
    """A Jalon born anew on the same GitHub, with this database."""
    return Stage(stage.hub, f"sqlite:///{path}")


def issues_told(stage):
    return [issue for issue in stage.world.issues.values() if "règles à corriger" in issue.labels]


def on_commits(stage):
    return [(said.sha, said.body) for said in stage.world.commit_comments]


def test_a_broken_file_is_told_on_its_commit_and_the_last_good_one_holds(stage, good, listening):
    number = stage.filed()
    write(stage, BROKEN)
    sha, text = on_commits(stage)[0]
    assert sha == stage.world.commits[-1].sha
    assert (
        f"[Ligne 3]({stage.hub.url}/{stage.world.repository}/blob/HEAD/{PATH}#L3), colonne 1 : la clé « language » est écrite deux fois"
        in text
    )
    assert "la clé « committee » manque" in text
    assert f"la version `{version_of(good)}`, la dernière valable, reste en vigueur" in text
    assert "Vers POC" in text
    assert issues_told(stage) == []
    assert stage.nothing_left_to_do(number)


@pytest.mark.slow
def test_mended_is_said_once_in_the_same_place_and_a_good_change_is_no_news(stage, good, listening):
    stage.filed()
    write(stage, good + "# un mot\n")
    assert on_commits(stage) == []
    write(stage, BROKEN)
    broken = stage.world.commits[-1].sha
    write(stage, good)
    assert [sha for sha, _ in on_commits(stage)] == [broken, broken]
    assert "de nouveau valable" in on_commits(stage)[1][1]
    write(stage, good + "# encore\n")
    assert wake(stage).effects == ()
    assert len(on_commits(stage)) == 2


def test_a_second_mistake_is_told_where_it_was_made_and_both_are_taken_back(stage, good, listening):
    write(stage, good)
    write(stage, BROKEN)
    write(stage, BROKEN + "encore: 1\n")
    write(stage, good)
    shas = [sha for sha, _ in on_commits(stage)]
    assert len(shas) == 4
    assert sorted(shas[:2]) == sorted(shas[2:])
    assert all("de nouveau valable" in text for _, text in on_commits(stage)[2:])


def test_a_file_broken_by_a_pull_request_is_told_there(stage, good, seeing):
    write(stage, good)
    pull = stage.world.merge_file("secretariat", PATH, BROKEN, "Revoir le quorum")
    stage.settle()
    stage.settle()
    assert [comment.author for comment in pull.comments] == [stage.world.bot]
    assert "#L3), colonne 1" in pull.comments[0].body
    wake(stage)
    write(stage, good)
    assert ["de nouveau valable" in comment.body for comment in pull.comments] == [False, True]
    assert on_commits(stage) == []
    assert issues_told(stage) == []


@pytest.mark.parametrize("status", [403, 404, 422])
def test_where_github_refuses_the_issue_is_used(stage, good, seeing, status):
    write(stage, good)
    stage.hub.faults.add({"kind": "refused", "match": "POST .*/comments", "status": status})
    pull = stage.world.merge_file("secretariat", PATH, BROKEN, "Revoir le quorum")
    stage.settle()
    (issue,) = issues_told(stage)
    assert pull.comments == []
    assert "#L3), colonne 1" in issue.body
    write(stage, good)
    assert issue.state == "closed"


@pytest.mark.parametrize("what", ["commits$", "pulls$"])
def test_a_place_that_github_does_not_show_is_passed_over(stage, good, seeing, what):
    write(stage, good)
    stage.hub.faults.add({"kind": "refused", "match": f"GET .*{what}", "status": 404})
    stage.world.merge_file("secretariat", PATH, BROKEN, "Revoir le quorum")
    stage.settle()
    assert (len(issues_told(stage)), len(on_commits(stage))) == ((0, 1) if what == "pulls$" else (1, 0))


def test_an_unexpected_answer_is_a_failure_and_not_a_place(stage, good, seeing):
    write(stage, good)
    stage.world.write_file("secretariat", PATH, BROKEN)
    stage.hub.faults.add({"kind": "refused", "match": "POST .*/comments", "status": 410})
    stage.hub.faults.add({"kind": "refused", "match": "POST .*/issues$", "status": 403})
    with pytest.raises(RefusalError):
        stage.settle()
    assert not any(said.is_open for said in stage.policy_store.said(stage.world.repository))


def test_it_is_told_in_the_language_of_the_last_good_rules(stage, good, listening):
    english = good.replace("language: fr", "language: en")
    assert english != good
    write(stage, english)
    write(stage, BROKEN)
    assert "the last valid one, stays in force" in on_commits(stage)[0][1]
    write(stage, good)
    assert "de nouveau valable" in on_commits(stage)[1][1]


def test_a_push_delivered_twice_or_late_changes_nothing(stage, good, listening):
    write(stage, good)
    stage.world.write_file("secretariat", PATH, BROKEN)
    held = stage.hub.take_held()
    for headers, body in [*held, *held]:
        stage.hear(headers, body)
    assert len(on_commits(stage)) == 1


@pytest.mark.on_time("a message whose answer was lost is looked for in a listing, which may be late")
@pytest.mark.parametrize("listens", [True, False])
def test_an_answer_lost_or_a_death_before_the_record_makes_no_second_message(stage, good, listens, request):
    if listens:
        request.getfixturevalue("listening")
    wake(stage)
    stage.world.write_file("secretariat", PATH, BROKEN)
    stage.rests()
    stage.hub.faults.add({"kind": "error-after", "match": "POST .*/(comments|issues)$", "next": 1})
    with pytest.raises(LaterError):
        wake(stage)
    record, stage.policy_store.record = stage.policy_store.record, lambda *_: 1 / 0
    with pytest.raises(ZeroDivisionError):
        wake(stage)
    stage.policy_store.record = record
    assert wake(stage).ignored == ""
    assert wake(stage).effects == ()
    assert len(on_commits(stage)) + len(issues_told(stage)) == 1


def forgotten(stage):
    """The database no longer knows what was told: GitHub does."""
    with stage.database.begin() as connection:
        connection.execute(sa.delete(RULES_SAID))
    stage.reads_rules()
    return len(stage.world.commit_comments)


def test_what_was_told_is_found_again_by_the_number_of_the_app_and_not_by_its_name(stage, good, listening):
    write(stage, BROKEN)
    (told,) = stage.world.commit_comments
    former = stage.world.bot
    assert stage.client.bot == former
    stage.world.rename_app("administratrice", "comite-produit-dnum")
    assert told.author == stage.world.bot
    assert forgotten(stage) == 1
    stage.world.sign_up(former, "read", "Bot")
    told.author = former  # the very words and mark, by another that took the name
    stage.world.changed()
    stage.rests()
    assert forgotten(stage) == 2


def test_with_its_own_permissions_the_app_keeps_one_issue(stage, good):
    wake(stage)
    write(stage, BROKEN)
    assert issues_told(stage) == []  # GitHub sends no `push` to an App without « Contents »
    wake(stage)
    (issue,) = issues_told(stage)
    assert issue.title == "Règles du comité à corriger : le fichier contient 6 erreurs"
    assert "#L3), colonne 1" in issue.body
    assert "@secretariat" in issue.body
    write(stage, BROKEN.replace("fr", "de"))
    wake(stage)
    assert "« de » n’est pas possible" in issue.body
    write(stage, good)
    wake(stage)
    assert (issue.state, issue.title) == ("closed", "Règles du comité réparées")
    write(stage, BROKEN)
    wake(stage)
    assert (issue.state, len(issues_told(stage))) == ("open", 1)
    stage.settle()
    assert issue.comments == []  # it is no product


def test_an_issue_told_before_the_database_was_lost_is_closed_all_the_same(stage, good, tmp_path):
    wake(stage)
    write(stage, BROKEN)
    wake(stage)
    (issue,) = issues_told(stage)
    stage.rests()
    with_database(stage, f"{tmp_path}/neuve.db").reads_rules()
    assert (len(issues_told(stage)), issue.state) == (1, "open")
    assert "Aucune version valable n’a encore été lue" in issue.body
    write(stage, good)
    stage.rests()
    emptier = with_database(stage, f"{tmp_path}/vide.db")
    emptier.reads_rules()
    assert (issue.title, issue.state) == ("Règles du comité réparées", "closed")
    stage.world.edit_issue("secretariat", issue.number, state="open")
    assert with_database(stage, f"{tmp_path}/vide.db").reads_rules().effects == ()


def test_words_of_the_file_are_shown_short_and_harmless(stage, good, listening):
    write(stage, good)
    write(stage, good.replace("day: tuesday", f'day: "@all {"x" * 40_000} <!-- "'))
    text = on_commits(stage)[0][1]
    assert "@all" not in text
    assert "xx…" in text
    assert "reste en vigueur" in text
    assert len(text) < 5_000


def test_the_last_good_rules_outlive_the_process(stage, good):
    changed = good.replace("day: tuesday", "day: thursday")
    assert changed != good
    write(stage, changed)
    wake(stage)
    write(stage, BROKEN)
    reborn = Policies(stage.client, stage.policy_store)
    assert reborn.of(stage.world.repository).committee.day == "thursday"
    assert not reborn.of(stage.world.repository).flawed


def test_what_another_worker_read_last_is_the_last_good_version(stage, good):
    now = [0.0]
    asleep = Policies(stage.client, stage.policy_store, lambda: now[0])
    assert asleep.of(stage.world.repository).committee.day == "tuesday"
    write(stage, good.replace("day: tuesday", "day: thursday"))
    wake(stage)
    write(stage, BROKEN)
    now[0] = 61.0
    assert asleep.of(stage.world.repository).committee.day == "thursday"


@pytest.mark.slow
def test_a_file_removed_leaves_the_last_good_rules_and_is_told(stage, good, listening):
    write(stage, good)
    stage.world.delete_file("secretariat", PATH)
    stage.settle()
    assert "n’est plus dans la branche principale" in on_commits(stage)[0][1]
    assert stage.policies.of(stage.world.repository).version == version_of(good)
    write(stage, good)
    assert "de nouveau valable" in on_commits(stage)[1][1]


def test_a_file_that_never_was_is_no_mistake(stage):
    stage.world.files.clear()
    stage.world.changed()
    stage.rests()
    assert wake(stage).effects == ()
    assert stage.policies.of(stage.world.repository).flawed
    assert issues_told(stage) == []


def test_rules_withheld_stop_everything_until_they_are_known(stage, good):
    grant(stage, "issues", "metadata", "members", "organization_projects")
    stage.world.open_issue("cheffe-produit", "SILAV", "", ["produit"])
    with pytest.raises(UnreadablePolicyError, match="Single file"):
        stage.settle()
    assert wake(stage).effects == ()
    assert stage.policy_store.states() == {stage.world.repository: "unreadable"}
    assert stage.world.issues[1].comments == []
    grant(stage, "issues", "metadata", "members", "organization_projects", "single_file")
    wake(stage)
    assert stage.policy_store.states() == {stage.world.repository: "good"}
    assert stage.policies.news() == {stage.world.repository}


def test_rules_withheld_later_go_on_holding(stage, good):
    stage.filed()
    wake(stage)
    grant(stage, "issues", "metadata", "members", "organization_projects")
    reborn = with_database(stage, stage.database.url.database)
    assert reborn.policies.of(stage.world.repository).version == version_of(good)
    assert reborn.policies.news() == {stage.world.repository}
    assert reborn.reads_rules().effects == ()
    assert stage.policy_store.states() == {stage.world.repository: "unreadable"}
    assert issues_told(stage) == []


def test_an_outage_of_github_leaves_the_rules_known(stage, good):
    now = [0.0]
    policies = Policies(stage.client, stage.policy_store, lambda: now[0])
    assert policies.of(stage.world.repository).version == version_of(good)
    stage.hub.faults.add({"kind": "error-before", "match": "contents", "status": 503})
    now[0] = 61.0
    assert policies.of(stage.world.repository).version == version_of(good)
    assert policies.news() == frozenset()
    with pytest.raises(LaterError):
        policies.reading(stage.world.repository, again=True)
    with pytest.raises(LaterError):
        Policies(stage.client).of(stage.world.repository)
    assert Policies(stage.client, stage.policy_store).of(stage.world.repository).version == version_of(good)


def test_a_comment_bears_the_mark_that_finds_it_again(stage, good, listening):
    write(stage, good)
    write(stage, BROKEN)
    assert read_marker(on_commits(stage)[0][1]).key == "policy-flawed"


def test_a_repository_out_of_sight_is_left_alone(stage):
    assert stage.turns.take(wake_up("push", push("dnum/ailleurs")), "d1").ignored.startswith("not visible")


def push(repository="dnum/produits", ref="refs/heads/main", **more):
    about = {"full_name": repository, "default_branch": "main"}
    return {"ref": ref, "repository": about, "sender": {"login": "secretariat"}, "commits": [], **more}


REFUSED_NOW = "unseen_months: 5000"


@pytest.fixture
def former(good):
    """Rules that a former version took, and that are refused since."""
    text = good.replace("unseen_months: 12", REFUSED_NOW)
    assert text != good
    return text


def test_rules_in_force_that_an_upgrade_refuses_stop_nothing(stage, former):
    """Held by a database of a former version, or by none: an organisation without a server remembers nothing."""
    for remembered in (True, False):
        stage.world.files[PATH] = former
        stage.world.changed()
        stage.rests()
        if remembered:
            stage.policy_store.keep(stage.world.repository, former.encode(), version_of(former))
        else:
            stage.policies = Policies(stage.policies._client)
        reading = stage.policies.reading(stage.world.repository, again=True)
        assert (reading.state, reading.kept, reading.policy.flawed) == ("flawed", True, False)
        assert (reading.policy.version, reading.policy.follow_up.unseen_months) == (version_of(former), 5000)
    number = stage.filed(ready=True)
    stage.says("cheffe-produit", number, "/demande poc")
    assert "passage: demandé" in stage.labels(number)
    wake(stage)
    (issue,) = issues_told(stage)
    assert "Depuis sa mise à jour, Jalon refuse ce qui suit" in issue.body
    assert "d’au plus 120, on trouve 5000" in issue.body
    assert wake(stage).effects == ()


def test_a_change_that_is_refused_never_replaces_rules_that_are_right(stage, good, former):
    stage.filed()
    write(stage, good + "# avant\n")
    wake(stage)
    write(stage, former)
    reading = stage.policies.reading(stage.world.repository, again=True)
    assert (reading.kept, reading.policy.version) == (False, version_of(good + "# avant\n"))


def test_a_file_too_large_is_said_and_never_parsed(stage, good):
    """GitHub gives no text of a file over a megabyte, only its size."""
    stage.filed()
    write(stage, good + "# avant\n")
    wake(stage)
    for size in (LARGEST, 2 * 1024 * 1024):
        write(stage, good + "#" * size)
        reading = stage.policies.reading(stage.world.repository, again=True)
        assert [problem.kind for problem in reading.problems] == ["too_large"]
        assert reading.policy.version == version_of(good + "# avant\n")
