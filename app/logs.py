"""Logs: each line names the delivery and product it is about, and never holds a secret."""

from __future__ import annotations

import json
import logging
import re
import threading
import traceback
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from pathlib import Path

_DELIVERY: ContextVar[str] = ContextVar("delivery", default="")
_PRODUCT: ContextVar[str] = ContextVar("product", default="")
_TOKENS = re.compile(
    r"gh[opsur]_\w+|github_pat_\w+|sandbox-[\w-]+|eyJ[\w.-]{20,}"
    r"|-----BEGIN [A-Z ]{0,40}PRIVATE KEY-----.*?(?:-----END [A-Z ]{0,40}PRIVATE KEY-----|\Z)"
    r"|(?<=[Bb]earer )\S+|(?<=token )\S{8,}|(?<=/calendrier/)[\w-]{16,}|(?<=/bilan/lien/)[\w.-]{16,}",
    re.DOTALL,
)
"""What secrets look like: GitHub's tokens, JSON web tokens, keys, addresses that open a calendar or a digest."""
_ADDRESS = re.compile(r"(?<=://)[^\s@]++@?")
"""The user and password part of an address, taken whole so that a line is read only once."""
HIDDEN = "***"


@contextmanager
def about(delivery: str, product: str) -> Iterator[None]:
    """Lines logged inside are about this delivery and this product, whoever writes them."""
    first, second = _DELIVERY.set(delivery), _PRODUCT.set(product)
    try:
        yield
    finally:
        _DELIVERY.reset(first)
        _PRODUCT.reset(second)


def safe(text: object) -> str:
    """The same text without what looks like a secret."""
    return _TOKENS.sub(HIDDEN, _ADDRESS.sub(_without_password, str(text)))


def _without_password(found: re.Match[str]) -> str:
    """`name:password@`, hidden but for its last sign; anything else as it stands."""
    before, scheme, last = f"://{found[0]}".rpartition("://")
    name, colon, password = last.removesuffix("@").partition(":")
    if not (last.endswith("@") and colon and password) or "/" in name:
        return found[0]
    return f"{before}{scheme}{HIDDEN}@".removeprefix("://")


TELLING = ("app.", "sqlalchemy.", "requests.")
"""Packages whose error texts hold no words of people: ours, the database's without its values, the network's."""
APP = Path(__file__).parent


def brief(error: BaseException) -> str:
    """An error in one line: its name, where in our code, and its text if that cannot be people's words."""
    ours = [frame for frame in traceback.extract_tb(error.__traceback__) if APP in Path(frame.filename).parents]
    place = f" ({Path(ours[-1].filename).relative_to(APP.parent)}, line {ours[-1].lineno})" if ours else ""
    return f"{_named(error)}{place}"


def _named(error: BaseException) -> str:
    """« invalid literal for int(): '…' »: most errors quote what they failed on, and that may be a comment."""
    is_telling = type(error).__module__.startswith(TELLING) or isinstance(error, OSError)
    status = getattr(error, "status", None)
    said = f": {safe(error)}" if is_telling else f" {status}" if isinstance(status, int) else ""
    return f"{type(error).__name__}{said}"


def _told_error(error: BaseException | None) -> str:
    """The stacks of an error and of those it came from, the first one first, as Python writes them."""
    told: list[str] = []
    met: set[int] = set()
    while error is not None and id(error) not in met:
        met.add(id(error))
        stack = "".join(traceback.format_tb(error.__traceback__))
        told.append(f"Traceback (most recent call last):\n{stack}{_named(error)}")
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    return "\n\nwhich led to:\n\n".join(reversed(told))


class _Formatter(logging.Formatter):
    """`secrets` are hidden too, whatever they look like."""

    def __init__(self, secrets: Iterable[str]) -> None:
        super().__init__()
        self._secrets = sorted((secret for secret in secrets if len(secret) >= 6), key=len, reverse=True)

    def clean(self, text: str) -> str:
        for secret in self._secrets:
            text = text.replace(secret, HIDDEN)
        return safe(text)

    def parts(self, record: logging.LogRecord) -> dict[str, str]:
        """Time, level, logger, message, and what the line is about."""
        found = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "delivery": getattr(record, "delivery", "") or _DELIVERY.get(),
            "product": getattr(record, "product", "") or _PRODUCT.get(),
            "message": self.clean(record.getMessage()),
        }
        if record.exc_info:
            found["error"] = self.clean(_told_error(record.exc_info[1]))
        return found


class JsonLines(_Formatter):
    """One JSON object a line."""

    def format(self, record: logging.LogRecord) -> str:
        return json.dumps(self.parts(record), ensure_ascii=False)


class TextLines(_Formatter):
    """For people: `time level message [delivery product]`."""

    def format(self, record: logging.LogRecord) -> str:
        parts = self.parts(record)
        where = " ".join(part for part in (parts["delivery"], parts["product"]) if part)
        line = f"{parts['time']} {parts['level'].upper():<7} {parts['message']}" + (f" [{where}]" if where else "")
        return line + ("\n" + parts["error"] if "error" in parts else "")


def _told_dead(args: threading.ExceptHookArgs) -> None:
    """A thread that dies, even a library's, is logged rather than printed."""
    name = args.thread.name if args.thread else "?"
    told = (args.exc_type, args.exc_value or args.exc_type(), args.exc_traceback)
    logging.getLogger(__name__).critical("the thread « %s » has died: %s", name, args.exc_type.__name__, exc_info=told)


def configure(kind: str, secrets: Iterable[str] = ()) -> None:
    """Every line of the process goes to standard error, as text or JSON."""
    handler = logging.StreamHandler()
    handler.setFormatter((JsonLines if kind == "json" else TextLines)(secrets))
    root = logging.getLogger()
    for old in list(root.handlers):
        root.removeHandler(old)
    root.addHandler(handler)
    root.setLevel(logging.INFO)
    threading.excepthook = _told_dead
    # These log each request, as we do.
    for noisy in ("github", "urllib3", "alembic", "dbos"):
        logging.getLogger(noisy).setLevel(logging.WARNING)
