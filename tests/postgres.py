"""A PostgreSQL server of the tests' own, in a temporary folder; it can be killed and started again."""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from pathlib import Path

import psycopg
import pytest

from tests.ports import free_port

FOLDERS = sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)


def programs() -> Path | None:
    """Where the server's programs are; Debian keeps them out of the PATH."""
    found = shutil.which("initdb")
    return Path(found).parent if found else next((folder for folder in FOLDERS if (folder / "initdb").exists()), None)


def need_postgres() -> Path:
    folder = programs()
    if folder is None:
        if os.environ.get("CONTRACT_REQUIRED"):
            pytest.fail("PostgreSQL is required here and is not installed")
        pytest.skip("needs a PostgreSQL server (Debian: apt-get install postgresql)")
    return folder


class Postgres:
    """The server refuses to run as root: an ordinary account of the machine runs it then."""

    def __init__(self) -> None:
        self._bin, self.port = need_postgres(), free_port()
        self._folder = Path(tempfile.mkdtemp(prefix="jalon-postgres-"))
        self._user = "nobody" if os.geteuid() == 0 else None
        if self._user:
            os.chown(self._folder, pwd.getpwnam(self._user).pw_uid, -1)
        self._data = self._folder / "data"
        self._run(
            "initdb", "-D", self._data, "-U", "jalon", "-A", "trust", "--no-sync", "-E", "UTF8", "--locale=C.UTF-8"
        )
        self._process: subprocess.Popen[bytes] | None = None
        self._count = 0

    def _command(self, name: str, *arguments: object) -> list[str]:
        return [str(self._bin / name), *map(str, arguments)]

    def _run(self, name: str, *arguments: object) -> None:
        subprocess.run(
            self._command(name, *arguments), check=True, user=self._user, cwd=self._folder, stdout=subprocess.DEVNULL
        )

    def start(self) -> None:
        settings = ["-p", self.port, "-k", self._folder, "-h", "127.0.0.1", "-c", "max_connections=200"]
        with (self._folder / "log").open("ab") as log:
            self._process = subprocess.Popen(
                self._command("postgres", "-D", self._data, *settings),
                user=self._user,
                cwd=self._folder,
                stdout=log,
                stderr=log,
            )
        end = time.monotonic() + 30
        while True:
            try:
                psycopg.connect(self._url("postgres"), connect_timeout=2).close()
            except psycopg.OperationalError:
                assert time.monotonic() < end, (self._folder / "log").read_text()
                time.sleep(0.05)
            else:
                return

    def _url(self, name: str) -> str:
        return f"postgresql://jalon@127.0.0.1:{self.port}/{name}"

    def new_database(self) -> str:
        """The address of an empty database."""
        self._count += 1
        return self.make(f"jalon{self._count}")

    def make(self, name: str) -> str:
        with psycopg.connect(self._url("postgres"), autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name}")
        return self._url(name)

    def make_for(self, account: str) -> str:
        """An empty database of an ordinary account, which owns it and may do nothing else."""
        with psycopg.connect(self._url("postgres"), autocommit=True) as connection:
            connection.execute(f"CREATE ROLE {account} LOGIN")
            connection.execute(f"CREATE DATABASE {account} OWNER {account}")
        return self._url(account).replace("jalon@", f"{account}@")

    def kill(self) -> None:
        """As a power cut: the server and all its sessions end at once."""
        assert self._process
        self._process.send_signal(signal.SIGQUIT)
        self._process.wait()

    def stop(self) -> None:
        if self._process and self._process.poll() is None:
            self.kill()
        shutil.rmtree(self._folder, ignore_errors=True)
