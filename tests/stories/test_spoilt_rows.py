"""A row of the register spoilt by a hand or by a disk: its product stands still, and every other goes on."""

from __future__ import annotations

import json
import sqlite3
from types import SimpleNamespace

import pytest
import sqlalchemy as sa
from click.testing import CliRunner

from app.cli import main
from app.store.chain import chained_digest
from app.store.schema import FACTS
from app.turns.outcome import LostHistoryError

pytestmark = pytest.mark.slow

SPOILT = {
    "no UTF-8": ("fact", "CAST(x'7b22ff227d' AS TEXT)"),
    "no JSON": ("fact", "'{'"),
    "nested": ("fact", "'" + "[" * 90_000 + "'"),
    "a list": ("fact", "'[]'"),
    "no kind": ("fact", "'{}'"),
    "bytes": ("fact", "x'00ff'"),
    "a rank in words": ("seq", "'deux'"),
    "a rank in bytes": ("seq", "x'00ff'"),
    "a number in words": ("number", "'un'"),
    "a name no UTF-8": ("repository", "CAST(x'64ff' AS TEXT)"),
    "a cause no UTF-8": ("cause", "CAST(x'64ff' AS TEXT)"),
    "a digest in bytes": ("digest", "x'00ff'"),
    "a delivery in bytes": ("delivery", "x'00ff'"),
}


@pytest.fixture
def command(stage, monkeypatch):
    url = stage.database.url.render_as_string(hide_password=False)
    for name, value in (stage.hub.environment() | {"JALON_DATABASE_URL": url}).items():
        monkeypatch.setenv(name, value)

    def run(*words):
        done = CliRunner().invoke(main, list(words))
        assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
        return done.exit_code, done.output

    return run


def spoil(stage, column, value):
    with sqlite3.connect(stage.database.url.database) as connection:
        done = connection.execute(f"UPDATE {FACTS.name} SET {column} = {value} WHERE number = 1 AND seq = 2")
        assert done.rowcount == 1


def forget_all(stage):
    """The stage looks at every history once the story is over."""
    with stage.database.begin() as connection:
        connection.execute(sa.delete(FACTS))


@pytest.mark.parametrize("how", SPOILT)
def test_a_row_spoilt_stops_its_product_alone(stage, command, how):
    spoilt, sound = stage.filed(), stage.filed("chef-produit", "VRB")
    spoil(stage, *SPOILT[how])
    is_read = how == "a delivery in bytes"  # outside the chain: no more than a hint for whoever reads the journal
    code, told = command("register", "verify")
    assert (code, "le fait n° 2 manque ou a été modifié" in told) == ((0, False) if is_read else (1, True))
    assert f"#{sound} " not in told
    code, told = command("register", "export")
    assert '"title": "VRB"' in told
    if how not in ("a name no UTF-8", "a cause no UTF-8"):
        assert code == 1
        assert "ne peut pas être lu" in told
    code, told = command("register", "rebuild")
    assert f"#{sound}" not in told
    code, told = command("sweep", "--dry-run")
    assert f"#{sound} VRB | demandé" not in told
    for number in (spoilt, sound):
        assert command("explain", str(number))[0] == 0
    stage.says("chef-produit", sound, "/aide")
    assert stage.nothing_left_to_do(sound)
    if not is_read:
        with pytest.raises(LostHistoryError):
            stage.says("cheffe-produit", spoilt, "/aide")
    forget_all(stage)


def test_a_row_that_cannot_be_read_shows_even_if_its_digest_was_made_anew(stage, command):
    number = stage.filed()
    with stage.database.begin() as connection:
        row = connection.execute(sa.select(FACTS).where(FACTS.c.number == number, FACTS.c.seq == 2)).one()
        first = connection.execute(sa.select(FACTS.c.digest).where(FACTS.c.number == number, FACTS.c.seq == 1)).scalar()
        text = json.dumps(json.loads(row.fact) | {"kind": "Inconnu"})
        digest = chained_digest(first, SimpleNamespace(**{**row._mapping, "fact": text}))
        connection.execute(sa.update(FACTS).where(FACTS.c.seq == 2).values(fact=text, digest=digest))
    code, told = command("register", "verify")
    assert (code, told.splitlines()[0]) == (1, "dnum/produits#1 : le fait n° 2 manque ou a été modifié.")
    with pytest.raises(LostHistoryError) as error:
        stage.says("cheffe-produit", number, "/aide")
    assert error.value.flaws == (("chain", "2"),)
    forget_all(stage)
