"""The link that opens the set-up pages: shown to a person at a terminal, else kept in a file for its owner alone."""

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
    """What a service or a container prints is kept in a journal, which others read, and for months."""
    return sys.stdout.isatty()


def show(url: str, folder: Path | None) -> Path | None:
    """The file it was put in, to be taken away when the process ends; None when a person has read it."""
    if is_read_by_a_person():
        click.echo(f"Installation : {url} (ce lien sert une fois)")
        return None
    try:
        path = _kept(url, folder)
    except OSError as error:
        log.warning("le lien d’installation n’a pu être écrit (%s) : relancez Jalon dans un terminal", error.strerror)
        return None
    click.echo(f"Installation : le lien, qui sert une fois, est dans le fichier {path}, lisible par son propriétaire.")
    return path


def take_away(path: Path | None) -> None:
    if path:
        with suppress(OSError):  # another process of ours has taken it away, or put its own
            path.unlink(missing_ok=True)


def _kept(url: str, folder: Path | None) -> Path:
    """In the folder of the data if it can be written, else in one that nobody else can guess; raises OSError."""
    if folder is not None:
        with suppress(OSError):
            return _written(folder.resolve() / NAME, url)
    return _written(Path(tempfile.mkdtemp(prefix="jalon-")) / NAME, url)


def _written(path: Path, url: str) -> Path:
    """A file made anew: never through a link, or into a file that somebody else had made and can read."""
    path.unlink(missing_ok=True)
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(f"{url}\n")
    return path


def data_folder(database_url: str) -> Path | None:
    """Where a database of this machine is; None when it is elsewhere, or in memory."""
    name = database_url.removeprefix("sqlite:///").partition("?")[0]
    is_file = database_url.startswith("sqlite:///") and name and not name.startswith((":", "file:"))
    return Path(name).parent if is_file else None
