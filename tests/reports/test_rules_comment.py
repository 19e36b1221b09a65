"""What a pull request changes in the rules, told in one comment of it, by the App or by a job's token."""

from __future__ import annotations

import pytest
from click.testing import CliRunner

from app.cli import main
from app.github.policies import PATH
from app.github.rules_comment import LIMIT, MARK, post_rules_comment
from app.github.token import TokenClient
from app.settings import TokenSettings
from app.shipped_files import asset

pytestmark = pytest.mark.slow
RULES = asset("policy.yml").read_text(encoding="utf-8")
STRICTER = RULES.replace("quorum: 6", "quorum: 7")


@pytest.fixture
def pull(stage):
    """A pull request; the rules in force are the shipped ones."""
    stage.world.write_file("secretariat", PATH, RULES)
    return stage.world.merge_file("secretariat", "docs/lisez-moi.md", "Bonjour", "Revoir le quorum")


def by_app(stage):
    return stage.environment


def by_token(stage):
    return {
        "GITHUB_TOKEN": "sandbox-secretariat",
        "GITHUB_REPOSITORY": stage.world.repository,
        "GITHUB_API_URL": stage.hub.url,
        "JALON_BOT": stage.world.app.slug,
        "JALON_APP_ID": "",
    }


def diff(env, tmp_path, text, *options):
    file = tmp_path / "proposé.yml"
    file.write_text(text, encoding="utf-8")
    result = CliRunner().invoke(main, ["policy", "diff", str(file), *options], env=env)
    return result.exit_code, result.output.replace("\u00a0", " ").replace("\u202f", " ")


@pytest.mark.parametrize("way", [by_app, by_token])
def test_one_comment_is_posted_then_edited_then_left_alone(stage, pull, tmp_path, way):
    options = ("--publish", "--pull", str(pull.number))
    code, told = diff(way(stage), tmp_path, STRICTER, *options)
    assert code == 0, told
    (comment,) = pull.comments
    assert told.strip().endswith(f"#issuecomment-{comment.id}")
    assert "passe de 6 à 7 avis." in comment.body.replace("\u00a0", " ")
    assert comment.body.endswith(MARK)
    stage.hub.calls.clear()
    assert diff(way(stage), tmp_path, STRICTER, *options)[0] == 0
    assert not [call for call in stage.hub.calls if call["write"] and "access_tokens" not in call["path"]]
    assert diff(way(stage), tmp_path, RULES, *options)[0] == 0
    assert [one.id for one in pull.comments] == [comment.id]
    assert "Rien ne change." in pull.comments[0].body


def test_a_mark_that_somebody_copied_is_not_ours(stage, pull, tmp_path):
    stage.world.comment("techno", pull.number, f"Regardez\n\n{MARK}")
    assert diff(by_token(stage), tmp_path, STRICTER, "--publish", "--pull", str(pull.number))[0] == 0
    assert [one.author for one in pull.comments] == ["techno", "secretariat"]
    assert pull.comments[0].body == f"Regardez\n\n{MARK}"


@pytest.mark.parametrize("way", [by_app, by_token])
def test_the_register_or_github_alone_tells_what_would_have_changed(stage, pull, tmp_path, way):
    stage.played()
    code, told = diff(way(stage), tmp_path, STRICTER.replace("deadline_days: 14", "deadline_days: 13"), "--simulate")
    assert code == 0, told
    assert "# Ce que ces règles changent" in told
    assert "## Ce que ces règles auraient changé" in told
    assert "4 produits, 3 passages demandés." in told


def test_nothing_is_said_of_a_change_that_is_none(stage, pull, tmp_path):
    code, told = diff(by_token(stage), tmp_path, RULES + "# un mot\n", "--publish", "--pull", str(pull.number))
    assert (code, told, pull.comments) == (0, "Rien ne change : rien n’est dit.\n", [])


def test_a_place_where_nothing_may_be_written_is_said(stage, pull, tmp_path):
    code, told = diff(by_token(stage), tmp_path, STRICTER, "--publish", "--pull", "9999")
    assert code == 1
    assert "GitHub ne laisse rien écrire dans la demande n° 9999" in told


def test_without_rules_in_force_these_would_be_the_first(stage, tmp_path):
    stage.world.files.pop(PATH, None)
    code, told = diff(by_token(stage), tmp_path, STRICTER)
    assert (code, "celles-ci seraient les premières" in told) == (0, True)


def test_a_text_longer_than_a_comment_is_cut_at_a_line(stage, pull):
    client = TokenClient(TokenSettings("sandbox-secretariat", stage.world.repository, stage.hub.url))
    post_rules_comment(client, stage.world.repository, pull.number, "une ligne\n" * LIMIT)
    assert len(pull.comments[0].body) < 65_536
    assert pull.comments[0].body.endswith(f"une ligne\n\n…\n\n{MARK}")
