"""The demonstration's settings, left in its folder for the commands of a second terminal, and taken back at its end."""

from __future__ import annotations

import json
import os
import socket
import stat
import tempfile
from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from app.settings import SettingsError, inherited

REAL = (
    *("JALON_APP_ID", "JALON_PRIVATE_KEY", "JALON_PRIVATE_KEY_FILE", "JALON_WEBHOOK_SECRET", "JALON_DATABASE_URL"),
    *("GITHUB_API_URL", "GITHUB_TOKEN", "GITHUB_REPOSITORY"),
)
"""Whoever gives one of these speaks of an installation of their own."""
NAME = "demonstration.json"
PATIENCE_S = 2.0


def demo_environment() -> Mapping[str, str]:
    """The real environment if it says anything of an installation, else with the settings of the demonstration.

    Raises SettingsError when that demonstration has ended without taking its settings back.
    """
    env = inherited({})
    if any(env.get(name) for name in REAL):
        return env
    left = _left()
    if left is None:
        return env
    if not _answers(left["values"].get("GITHUB_API_URL", "")):
        raise SettingsError(
            [
                f"la démonstration du dossier {left['folder']} est terminée : relancez « make demo »",
                "ou donnez les réglages d’une installation, JALON_APP_ID en premier",
            ]
        )
    return {**env, **left["values"]}


def leave_settings(folder: Path, values: Mapping[str, str]) -> None:
    """Readable by their owner alone: they hold the App's key."""
    path = folder.resolve() / NAME
    write_private(path, json.dumps({"folder": str(folder.resolve()), "values": dict(values)}))
    write_private(_sign(), str(path))


def take_back(folder: Path) -> None:
    """Only what this demonstration left: another one, begun since, keeps its own."""
    path = folder.resolve() / NAME
    path.unlink(missing_ok=True)
    try:
        is_ours = _read(_sign()) == str(path)
    except OSError:
        return
    if is_ours:
        _sign().unlink(missing_ok=True)


def _sign() -> Path:
    """Says where the settings are: one for each person and each copy of Jalon."""
    env = inherited({})
    copy = sha256(str(Path(__file__).resolve().parent).encode()).hexdigest()[:12]
    return Path(env.get("XDG_RUNTIME_DIR") or tempfile.gettempdir()) / f"jalon-{os.getuid()}-{copy}"


def _left() -> Any:
    """None when there is nothing, or nothing that is surely ours."""
    try:
        found = json.loads(_read(Path(_read(_sign()))))
    except (OSError, ValueError):
        return None
    return found if isinstance(found, dict) and isinstance(found.get("values"), dict) else None


def _read(path: Path) -> str:
    """Raises OSError unless it is a plain file of this person, which nobody else reads or writes."""
    handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW)
    with os.fdopen(handle, encoding="utf-8") as file:
        held = os.fstat(handle)
        if not stat.S_ISREG(held.st_mode) or held.st_uid != os.getuid() or held.st_mode & 0o077:
            raise PermissionError(path)
        return file.read()


def write_private(path: Path, text: str) -> None:
    """A file that nobody but its owner reads, in the place of any other of that name."""
    path.unlink(missing_ok=True)
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(text)


def _answers(url: str) -> bool:
    parts = urlsplit(url)
    try:
        with socket.create_connection((parts.hostname or "", parts.port or 0), PATIENCE_S):
            return True
    except OSError:
        return False
