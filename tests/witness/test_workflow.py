"""The workflow of the reader: what it may do, in which job, and that its command is one of ours."""

from __future__ import annotations

import os
import re
import shlex
import subprocess

import click
import pytest

from app.cli import main
from app.shipped_files import asset
from app.witness.lies import LieKind
from app.yaml_documents import read_plain
from tests.house import ROOT

FLOW = read_plain(asset("workflows/registre-temoin.yml").read_text(encoding="utf-8"))
GUIDE = (ROOT / "docs" / "temoins.md").read_text(encoding="utf-8")
READING, ATTESTING = FLOW["jobs"]["lire"], FLOW["jobs"]["attester"]


def test_it_writes_nothing_and_only_the_job_that_attests_may_attest():
    assert FLOW["permissions"] == {}
    assert READING["permissions"] == {"contents": "read", "issues": "read"}
    assert ATTESTING["permissions"] == {"id-token": "write", "attestations": "write"}
    assert not any("jalon" in str(step.get("run", "")) for step in ATTESTING["steps"])
    assert set(FLOW[True]) == {"schedule", "workflow_dispatch"}
    for job in (READING, ATTESTING):
        assert job["timeout-minutes"] <= 20
        assert not any("${{" in step.get("run", "") for step in job["steps"])


def test_it_sleeps_until_keys_are_given():
    assert READING["if"] == "vars.JALON_REGISTER_KEYS != ''"


def step():
    return next(one for one in READING["steps"] if one.get("id") == "lecture")


@pytest.mark.parametrize("told", [True, False], ids=["sealed", "nothing sealed"])
def test_its_command_is_ours_and_its_statement_goes_to_the_other_job(tmp_path, told):
    fake = tmp_path / "jalon"
    fake.write_text(
        f"#!/bin/sh\nprintf '%s\\n' \"$@\" > {tmp_path}/asked\n" + ("echo '{}' > releve.json\n" if told else "")
    )
    fake.chmod(0o755)
    output = tmp_path / "output"
    env = {"PATH": f"{tmp_path}:{os.environ['PATH']}", "GITHUB_OUTPUT": str(output), "DEPOT": "dnum/produits"}
    subprocess.run(["bash", "-e", "-c", step()["run"]], cwd=tmp_path, env=env, check=True)
    words = (tmp_path / "asked").read_text(encoding="utf-8").split()
    assert words[:2] == ["witness", "read"]
    main.get_command(None, "witness").commands["read"].make_context("read", words[2:], parent=click.Context(main))
    assert (output.read_text(encoding="utf-8") if output.exists() else "") == ("releve={}\n" if told else "")


def test_each_status_is_in_the_guide():
    table = GUIDE[GUIDE.index("| Code de sortie") : GUIDE.index("Chaque mensonge est dit")]
    assert {int(number) for number in re.findall(r"^\| (\d\d) \|", table, re.MULTILINE)} == {
        int(one) for one in LieKind
    }


def test_the_variables_of_the_guide_are_its_own():
    text = asset("workflows/registre-temoin.yml").read_text(encoding="utf-8")
    for name in ("JALON_REGISTER_KEYS", "JALON_ATTESTER", "JALON_TEMOIN_DEPOT"):
        assert f"`{name}`" in GUIDE
        assert f"vars.{name}" in text
    assert shlex.split(step()["run"].splitlines()[0])[:3] == ["jalon", "witness", "read"]
