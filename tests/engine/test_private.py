"""The database's files are their owner's alone, whatever the umask of whoever starts Jalon."""

from __future__ import annotations

import os
import stat

import sqlalchemy as sa

from app.engine import open_database


def test_no_file_of_the_database_is_read_by_others(tmp_path):
    before = os.umask(0)
    try:
        database = open_database(f"sqlite:///{tmp_path}/jalon.db")
        with database.begin() as connection:
            connection.execute(sa.text("CREATE TABLE essai (n INTEGER)"))
            modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in tmp_path.iterdir()}
    finally:
        os.umask(before)
    database.dispose()
    assert modes == dict.fromkeys(("jalon.db", "jalon.db-wal", "jalon.db-shm"), 0o600)


def test_one_that_others_could_read_is_theirs_no_longer(tmp_path):
    (tmp_path / "jalon.db").touch(mode=0o644)
    open_database(f"sqlite:///{tmp_path}/jalon.db").dispose()
    assert stat.S_IMODE((tmp_path / "jalon.db").stat().st_mode) == 0o600
