"""One message sent by one channel, through Apprise: in a shape it shows as it stands, and within a bounded time."""

from __future__ import annotations

import logging
import threading
from typing import Any

from app.logs import HIDDEN, safe
from app.messages.letters import Letter
from app.settings import parts_to_hide

SOCKET_S = 10.0
"""Seconds without a sign of a channel's server after which it is given up for this time."""
PATIENCE_S = 60.0
"""Seconds after which a sending is given up, however many signs it gives."""
MAIL = ("mailto", "mailtos")
PAGES = (*MAIL, "matrix", "matrixs")
"""The kinds of channels that take HTML; the others take Markdown."""
LONGEST = 300


class NotSentError(Exception):
    """The channel did not take the message; the text says why, without a word of its address."""


def send(address: str, letter: Letter, socket_s: float = SOCKET_S, patience_s: float = PATIENCE_S) -> None:
    """Raises NotSentError. What hangs longer is left to end by itself: it may still arrive, and is tried again."""
    ending = threading.Event()
    why: list[str] = ["elle n’a pas abouti dans le délai / it did not end in time"]

    def run() -> None:
        try:
            why[0] = _sent(address, letter, socket_s)
        except Exception as error:
            logging.getLogger(__name__).debug("a channel failed", exc_info=True)
            why[0] = type(error).__name__
        ending.set()

    threading.Thread(target=run, name="jalon-channel", daemon=True).start()
    ending.wait(patience_s)
    if why[0]:
        raise NotSentError(_hidden(why[0], address))


def _sent(address: str, letter: Letter, socket_s: float) -> str:
    """Why it was not sent; empty when it was."""
    import apprise  # noqa: PLC0415 - half a second, which a command that sends nothing does without
    from apprise.attachment.memory import AttachMemory  # noqa: PLC0415

    logging.getLogger("apprise").propagate = False  # it names servers and people
    asset = apprise.AppriseAsset(
        app_id="Jalon",
        app_desc="Jalon",
        app_url="",
        image_url_mask="",
        image_url_logo="",
        storage_mode=apprise.PersistentStoreMode.MEMORY,
    )
    server: Any = apprise.Apprise.instantiate(address, asset=asset, suppress_exceptions=True)
    if server is None:
        return "l’adresse est incomplète / the address is not whole"
    server.socket_connect_timeout = server.socket_read_timeout = socket_s
    server.request_rate_per_sec = 0.0  # one message a minute is pace enough
    door = apprise.Apprise(asset=asset)
    door.add(server)
    is_page, is_mail = address.startswith(PAGES), address.startswith(MAIL)
    if is_mail:
        server.headers["Auto-Submitted"] = "auto-generated"  # whoever is away need not say so (RFC 3834)
    file: Any = AttachMemory
    files = [file(content=held, name=name) for name, held in letter.files] if is_mail else []
    capture: Any = apprise.LogCapture
    with capture(level=logging.WARNING, fmt="%(message)s") as told:
        done = door.notify(
            body=letter.html if is_mail else letter.page if is_page else letter.markdown,
            title=letter.subject if is_mail else "",
            body_format=apprise.NotifyFormat.HTML if is_page else None,
            attach=apprise.AppriseAttachment(files) if files else None,
        )
        return "" if done else (str(told.getvalue()).strip() or "refus sans un mot / refused without a word")


def _hidden(text: str, address: str) -> str:
    for part in sorted({address, *parts_to_hide(address)}, key=len, reverse=True):
        text = text.replace(part, HIDDEN)
    return safe(" ".join(text.split()))[:LONGEST]
