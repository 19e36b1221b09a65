"""What the guide of those who vouch gives to type, and as rules, is what Jalon takes."""

from __future__ import annotations

import re
import shlex

import click

from app.cli import main
from app.domain.policy.model import Policy
from app.shipped_files import asset
from app.transparency.notes import LOG, parse_vkey
from app.yaml_documents import read_policy
from tests.house import ROOT

GUIDE = (ROOT / "docs" / "temoins.md").read_text(encoding="utf-8")


def blocks(language):
    return re.findall(rf"```{language}\n(.*?)```", GUIDE, re.DOTALL)


def test_the_rules_of_the_guide_name_a_witness():
    found = read_policy(f"{asset('policy.yml').read_text(encoding='utf-8')}\n{blocks('yaml')[0]}")
    assert isinstance(found, Policy), found
    assert found.register.witnesses[0].url == "https://temoin.exemple.gouv.fr"
    assert found.register.quorum == 1


def test_the_commands_of_the_guide_exist():
    lines = [line for block in blocks("sh") for line in block.splitlines() if "jalon witness " in line]
    assert len(lines) >= 3
    for line in lines:
        _, group, name, *given = shlex.split(line[line.index("jalon witness ") :])
        command = main.get_command(None, group).commands[name]
        command.make_context(name, given, parent=click.Context(main))


def test_the_log_of_the_guide_is_a_log_s_key():
    (text,) = re.findall(r'--log "([^"]+)"', GUIDE)
    assert parse_vkey(text).kind == LOG
