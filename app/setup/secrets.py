"""The App's secrets, written once to a file only its owner can read, or shown as lines for a hosting platform."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

from app.github.manifest import Registered


def app_variables(app: Registered, api_url: str) -> dict[str, str]:
    """The variables Jalon needs to start. An App without a webhook gets a random secret: nobody can sign with it."""
    values = {
        "GITHUB_API_URL": api_url,
        "JALON_APP_ID": str(app.id),
        "JALON_PRIVATE_KEY": app.private_key.strip().replace("\n", "\\n"),
        "JALON_WEBHOOK_SECRET": app.webhook_secret or secrets.token_hex(32),
    }
    if app.webhook_secret:  # without a server there are no pages to sign in to
        values |= {"JALON_PUBLIC_URL": app.address.rstrip("/")}
        values |= {"JALON_CLIENT_ID": app.client_id, "JALON_CLIENT_SECRET": app.client_secret}
    return values


def variable_lines(values: dict[str, str]) -> str:
    """`KEY="value"` lines, read alike by a shell, systemd, Docker Compose and most platforms."""
    return "".join(f'{name}="{value}"\n' for name, value in values.items())


def write_once(path: Path, values: dict[str, str]) -> None:
    """Raises FileExistsError rather than replace secrets that may be the only copy."""
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(variable_lines(values))
        file.flush()
        os.fsync(file.fileno())
