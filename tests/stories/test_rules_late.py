"""The policy file told where it was changed although one read of GitHub, or each, is late: one look is not the present."""

from __future__ import annotations

import pytest

from app.github.policies import PATH
from tests.stories.test_rules_told import BROKEN, good, issues_told, listening, on_commits, seeing, wake, write

pytestmark = pytest.mark.on_time("says itself which reads are late, and by how much")
__all__ = ["good", "listening", "seeing"]
READS = (r"GET .*/commits$", r"GET .*/contents/", r"GET .*/pulls$", r"GET .*/comments$", r"GET /repos/")


def late(stage, match, *, times=1):
    """What these reads show is as it was before the last change, as often as that."""
    stage.hub.faults.add({"kind": "stale", "changes": 1, "match": match, "next": times})


@pytest.mark.parametrize("match", READS)
@pytest.mark.parametrize("times", [1, 3])
def test_a_mistake_is_told_on_its_own_commit_whatever_is_late(stage, good, listening, match, times):
    write(stage, good)
    write(stage, BROKEN)
    (first,) = on_commits(stage)
    late(stage, match, times=times)
    write(stage, BROKEN + "encore: 1\n")
    assert [sha for sha, _ in on_commits(stage)] == [first[0], stage.world.commits[-1].sha]
    assert issues_told(stage) == []


@pytest.mark.parametrize("match", READS)
def test_a_pull_request_shown_after_its_commit_is_found(stage, good, seeing, match):
    write(stage, good)
    late(stage, match, times=2)
    pull = stage.world.merge_file("secretariat", PATH, BROKEN, "Revoir le quorum")
    stage.settle()
    assert [comment.author for comment in pull.comments] == [stage.world.bot]
    assert on_commits(stage) == []
    assert issues_told(stage) == []


@pytest.mark.parametrize("match", READS)
def test_a_file_removed_or_mended_is_told_though_reads_are_late(stage, good, listening, match):
    write(stage, good)
    late(stage, match, times=2)
    stage.world.delete_file("secretariat", PATH)
    stage.settle()
    gone = stage.world.commits[-1].sha
    assert [(sha, "n’est plus dans" in text) for sha, text in on_commits(stage)] == [(gone, True)]
    late(stage, match, times=2)
    write(stage, good)
    assert [(sha, "de nouveau valable" in text) for sha, text in on_commits(stage)[1:]] == [(gone, True)]


@pytest.mark.slow
def test_what_is_never_shown_is_taken_as_it_is_in_the_end(stage, good, listening):
    """A branch pushed over by force no longer has the commit that was told: the file that is there is what counts."""
    write(stage, good)
    stage.world.write_file("secretariat", PATH, BROKEN)
    held = stage.hub.take_held()
    stage.world.commits.pop()
    stage.world.files[PATH] = good
    stage.world.changed()
    for headers, body in held:
        assert [outcome.effects for outcome in stage.hear(headers, body)] == [()]
    assert on_commits(stage) == []
    assert wake(stage).effects == ()


def test_a_commit_that_is_withheld_half_way_ends_in_the_issue(stage, good, listening):
    """Shown in the branch, then no more: the permission was taken back between two looks."""
    write(stage, good)
    stage.world.write_file("secretariat", PATH, BROKEN)
    real = stage.client.rest

    def rest(requester, method, path, *more, **named):
        withheld = "commits?path=" in path
        return real(
            requester, method, path.replace("/commits?path=", "/absent?path=") if withheld else path, *more, **named
        )

    stage.client.rest = rest
    stage.settle()
    stage.client.rest = real
    assert (len(issues_told(stage)), on_commits(stage)) == (1, [])
