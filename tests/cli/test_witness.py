"""`jalon witness`: a key made once, a door that cosigns, and each mistake told in one sentence."""

from __future__ import annotations

import http.client
import signal
import stat
import subprocess
import sys

import pytest
from click.testing import CliRunner

from app.cli import main
from app.settings import inherited
from app.transparency.notes import WITNESS, parse_vkey, read_signer
from app.yaml_documents import read_plain
from tests.house import ROOT
from tests.ports import free_port
from tests.witness.logs import MemoryLog, entries

NAME = "temoin.exemple.gouv.fr"


def run(*words, **env):
    return CliRunner().invoke(main, list(words), env=env)


def refused(*words, **env):
    done = run(*words, **env)
    assert done.exit_code, done.output
    return plain(done.output)


def plain(text):
    """With the spaces that people type."""
    return text.replace("\u00a0", " ").replace("\u202f", " ")


@pytest.mark.parametrize("word", ["witness", "temoin", "témoin"])
def test_a_key_is_made_for_its_owner_alone_and_what_to_give_is_shown(tmp_path, word):
    path = tmp_path / "temoin.key"
    done = run(word, "init", "--name", NAME, "--key-file", str(path))
    assert done.exit_code == 0, done.output
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    text = path.read_text(encoding="utf-8")
    assert text.strip() not in done.output
    rules = read_plain(done.output[done.output.index("register:") :])
    (witness,) = rules["register"]["witnesses"]
    key = parse_vkey(witness["key"])
    assert (key.name, key.kind, key) == (NAME, WITNESS, read_signer(text).witness_key)


def test_a_key_is_never_replaced(tmp_path):
    path = str(tmp_path / "temoin.key")
    run("witness", "init", "--name", NAME, "--key-file", path)
    before = (tmp_path / "temoin.key").read_bytes()
    assert "jamais remplacée" in refused("witness", "init", "--name", NAME, JALON_WITNESS_KEY_FILE=path)
    assert (tmp_path / "temoin.key").read_bytes() == before


def test_each_mistake_is_told_in_one_sentence(tmp_path):
    path, log = str(tmp_path / "temoin.key"), MemoryLog([])
    assert "ni espace" in refused("witness", "init", "--name", "mon témoin", "--key-file", path)
    assert "ne peut être écrit" in refused("witness", "init", "--name", NAME, "--key-file", f"{tmp_path}/x/y")
    serve = ("witness", "serve", "--port", "0", "--key-file", path, "--database", f"{tmp_path}/temoin.db", "--log")
    assert "« jalon witness init » la crée" in refused(*serve, log.signer.key.vkey)
    run("witness", "init", "--name", NAME, "--key-file", path)
    assert "n’est pas une clé de registre" in refused(*serve, "n’importe quoi")
    assert "clé d’un témoin" in refused(*serve, log.signer.witness_key.vkey)
    assert "ne s’ouvre pas" in refused(*serve[:-2], f"{tmp_path}/absent/temoin.db", "--log", log.signer.key.vkey)
    (tmp_path / "temoin.key").write_text("abîmée", encoding="utf-8")
    assert "illisible" in refused(*serve, log.signer.key.vkey)
    assert "illisible" in refused(*serve[:4], "--log", log.signer.key.vkey, JALON_WITNESS_KEY="abîmée aussi")


@pytest.mark.slow
def test_it_serves_until_it_is_stopped_and_remembers(tmp_path):
    """A process of its own, stopped and started again, as a machine does."""
    log, port, path = MemoryLog(entries(8)), free_port(), str(tmp_path / "temoin.key")
    run("witness", "init", "--name", NAME, "--key-file", path)
    env = {"JALON_WITNESS_KEY_FILE": path, "JALON_WITNESS_DATABASE": str(tmp_path / "temoin.db")}
    told = []
    for old, size, status in ((0, 3, 200), (0, 8, 409), (3, 8, 200)):
        words = ("-m", "app", "witness", "serve", "--port", str(port), "--log", log.signer.key.vkey)
        process = subprocess.Popen(
            [sys.executable, *words], cwd=ROOT, env=inherited(env), stdout=subprocess.PIPE, text=True
        )
        lines = [process.stdout.readline() for _ in range(3)]
        assert lines[2] == f"répond à http://127.0.0.1:{port}/add-checkpoint\n"
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
        connection.request("POST", "/add-checkpoint", log.asks(old, size))
        answer = connection.getresponse()
        told.append((answer.status, answer.read().decode()))
        assert answer.status == status
        connection.close()
        process.send_signal(signal.SIGTERM)
        assert process.wait(10) == 0
        process.stdout.close()
    assert told[1] == (409, "3\n")
