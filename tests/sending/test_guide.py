"""What the guide and the shipped rules give as examples is what Jalon takes."""

from __future__ import annotations

import re

import apprise
import pytest
from click.testing import CliRunner

from app.cli import main
from app.domain.policy.model import Policy
from app.domain.policy.notice_settings import NEWS
from app.settings import CHANNELS, read_settings
from app.shipped_files import asset
from app.yaml_documents import read_policy
from local_github.keys import another_key
from tests.house import ROOT

GUIDE = (ROOT / "docs" / "avis.md").read_text(encoding="utf-8")
SHIPPED = asset("policy.yml").read_text(encoding="utf-8")


def block(beginning):
    return next(text for text in re.findall(r"```[a-z]*\n(.*?)```", GUIDE, re.DOTALL) if text.startswith(beginning))


def test_the_addresses_of_the_guide_are_taken_and_lead_somewhere():
    given = {"JALON_APP_ID": "1", "JALON_WEBHOOK_SECRET": "secret", "JALON_PRIVATE_KEY": another_key()}
    channels = read_settings(given | {"JALON_CHANNELS": block("# nom=adresse")}).channels
    assert [name for name, _ in channels] == ["comite", "direction", "tchap", "equipe", "teams"]
    for name, address in channels:
        assert apprise.Apprise.instantiate(address) is not None, name


def test_the_rules_of_the_guide_and_those_that_travel_in_comments_are_taken():
    commented = re.search(r"(?:^# ?(?:notices:| {2,}).*\n)+", SHIPPED[SHIPPED.index("# notices:") :], re.MULTILINE)[0]
    for section in (block("notices:"), re.sub(r"^# ", "", commented, flags=re.MULTILINE)):
        found = read_policy(f"{SHIPPED}\n{section}")
        assert isinstance(found, Policy), found
        assert [one.name for one in found.notices] == ["comite", "direction"]


@pytest.mark.parametrize(
    "words", [*(f"`{name}`" for name in NEWS), *(f"`{name}://" for name in CHANNELS if name[-1] == "s")]
)
def test_each_piece_of_news_and_each_kind_of_channel_is_in_the_guide(words):
    assert words in GUIDE


@pytest.mark.parametrize("command", sorted(set(re.findall(r"`jalon ([a-z ]+)`", GUIDE))))
def test_each_command_of_the_guide_exists(command):
    assert CliRunner().invoke(main, [*command.split(), "--help"]).exit_code == 0
