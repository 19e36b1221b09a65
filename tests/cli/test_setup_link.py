"""The one-time link of the set-up is read at a terminal or in a file of one's own, never in a journal."""

from __future__ import annotations

import os
import pty
import re
import stat
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from app.cli import setup_link
from tests.engine.test_inbox import SETTINGS

CODE = re.compile(r"/setup\?code=([\w-]+)")
URL = "http://127.0.0.1:1/setup?code=abc"


def started(tmp_path, *words, **options):
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("JALON_", "GITHUB_"))}
    return subprocess.Popen(
        [sys.executable, "-m", "app", "serve", "--port", "0", *words],
        env={**kept, "PYTHONPATH": str(Path.cwd()), "TMPDIR": str(tmp_path), **options.pop("env", {})},
        cwd=tmp_path,
        text=True,
        **options,
    )


@pytest.mark.slow
@pytest.mark.parametrize("first", [True, False], ids=["first start", "later"])
def test_a_service_keeps_it_in_a_file_and_takes_it_away(tmp_path, first):
    words = ("--setup",) if first else ("--no-worker",)
    env = {} if first else {**SETTINGS, "JALON_DATABASE_URL": f"sqlite:///{tmp_path}/jalon.db"}
    link = tmp_path / setup_link.NAME
    with started(tmp_path, *words, env=env, stdout=subprocess.PIPE, stderr=subprocess.STDOUT) as process:
        try:
            told = next(line for line in process.stdout if "Installation" in line)
            assert str(link) in told
            assert stat.S_IMODE(link.stat().st_mode) == 0o600
            code = CODE.search(link.read_text(encoding="utf-8"))[1]
        finally:
            process.terminate()
            rest, _ = process.communicate(timeout=60)
    assert code not in told + rest
    assert not CODE.search(told + rest)
    assert not link.exists()


@pytest.mark.slow
def test_a_person_at_a_terminal_reads_it_there(tmp_path):
    ours, theirs = pty.openpty()
    with started(tmp_path, "--setup", stdout=theirs, stderr=subprocess.DEVNULL) as process:
        os.close(theirs)
        try:
            with os.fdopen(ours, encoding="utf-8") as terminal:
                assert any(CODE.search(line) for line in terminal)
        finally:
            process.terminate()
    assert not (tmp_path / setup_link.NAME).exists()


@pytest.mark.slow
def test_secrets_meant_for_a_terminal_are_not_given_to_a_journal(tmp_path):
    with started(tmp_path, "--setup", "--env-file", "-", stdout=subprocess.PIPE, stderr=subprocess.STDOUT) as process:
        told, _ = process.communicate(timeout=60)
    assert process.returncode == 1
    assert "lancez cette commande dans un terminal" in told


def test_a_file_that_somebody_else_left_there_is_not_written_through(tmp_path):
    stranger = tmp_path / "lu-par-tous"
    stranger.write_text("", encoding="utf-8")
    for leave in (lambda one: one.symlink_to(stranger), lambda one: (one.write_text("", "utf-8"), one.chmod(0o666))):
        leave(tmp_path / setup_link.NAME)
        path = setup_link.show(URL, tmp_path)
        assert stat.S_IMODE(path.lstat().st_mode) == 0o600
        assert path.read_text(encoding="utf-8") == f"{URL}\n"
        setup_link.take_away(path)
    assert not stranger.read_text(encoding="utf-8")


def test_without_a_folder_that_can_be_written_it_is_elsewhere_or_told(tmp_path, monkeypatch, caplog, capsys):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    path = setup_link.show(URL, tmp_path / "absent")
    assert (path.parent, stat.S_IMODE(path.stat().st_mode)) == (tmp_path, 0o600)
    setup_link.take_away(path)
    assert not list(tmp_path.iterdir())
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "absent"))
    assert setup_link.show(URL, None) is None
    assert "relancez Jalon dans un terminal" in caplog.text
    assert URL not in caplog.text + capsys.readouterr().out


@pytest.mark.parametrize(
    ("url", "folder"),
    [
        ("sqlite:////data/jalon.db", Path("/data")),
        ("sqlite:///jalon.db", Path()),
        ("sqlite:///:memory:", None),
        ("postgresql://a@b/c", None),
    ],
)
def test_the_folder_of_the_data(url, folder):
    assert setup_link.data_folder(url) == folder
