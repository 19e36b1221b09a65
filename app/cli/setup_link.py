"""The link that opens the set-up pages: printed at a terminal, otherwise written to a file only its owner can read."""

from __future__ import annotations

import logging
import os
import sys
import tempfile
from contextlib import suppress
from pathlib import Path

import click

NAME = "installation.lien"
log = logging.getLogger(__name__)


def is_read_by_a_person() -> bool:
    """What a service or container prints goes to a log that others read, and that is kept for months."""
    return sys.stdout.isatty()


def show(url: str, folder: Path | None) -> Path | None:
    """The file that holds the link, to be deleted when the process ends; None when it was printed."""
    if is_read_by_a_person():
        click.echo(f"Installation : {url} (ce lien sert une fois)")
        return None
    try:
        path = _kept(url, folder)
    except OSError as error:
        log.warning("le lien d’installation n’a pu être écrit (%s) : relancez Jalon dans un terminal", error.strerror)
        return None
    click.echo(f"Installation : le lien, qui sert une fois, est dans le fichier {path}, lisible par son propriétaire.")
    return path


def take_away(path: Path | None) -> None:
    if path:
        with suppress(OSError):  # another process of ours has taken it away, or put its own
            path.unlink(missing_ok=True)


def _kept(url: str, folder: Path | None) -> Path:
    """In the data folder if it can be written, otherwise under a name nobody can guess; raises OSError."""
    if folder is not None:
        with suppress(OSError):
            return _as_new_file(folder.resolve() / NAME, url)
    handle, name = tempfile.mkstemp(f"-{NAME}", "jalon-")
    _fill(handle, url)
    return Path(name)


def _as_new_file(path: Path, url: str) -> Path:
    """Always a new file: never through a link, nor into a file that somebody else created and can read."""
    path.unlink(missing_ok=True)
    _fill(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600), url)
    return path


def _fill(handle: int, url: str) -> None:
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(f"{url}\n")


def data_folder(database_url: str) -> Path | None:
    """The folder of a database on this machine; None when it is elsewhere, or in memory."""
    name = database_url.removeprefix("sqlite:///").partition("?")[0]
    is_file = database_url.startswith("sqlite:///") and name and not name.startswith((":", "file:"))
    return Path(name).parent if is_file else None
