"""The hidden marker at the end of each of Jalon's comments: which notice it shows, from which data, and a checksum."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping

from app.domain.product.issue import CommentMarker
from app.domain.publish.effects import Message

OPENING = "<!-- jalon:v1 "
# Writers of the repository can edit our comments: whatever they put there must be read in linear time.
MARK = re.compile(OPENING + r"([a-z]+=\S+(?: [a-z]+=\S+)*) -->")
BARE = CommentMarker("", "", intact=False)
"""What stands in a comment of ours whose marker was removed."""
BOX = re.compile(r"^[ \t]*[-*] \[([ xX])\] .*<!-- ([a-z0-9-]+) -->[ \t]*$", re.MULTILINE)
READABLE = 36_000
"""Characters shown at most: with the packed facts, a comment stays under GitHub's 65,536."""


def marked_body(message: Message, text: str, over: str = "", foot: str = "") -> str:
    """The comment's body: the text and its last line, then the marker; `over` identifies the edit that it undoes."""
    text, notice = _fitted(text.rstrip()) + (f"\n\n{foot}" if foot else ""), message.notice
    fields = {"key": message.key.replace(" ", ""), "data": message.stamp, "body": _digest(text)}
    if notice.boxes:
        fields["boxes"] = ",".join(f"{item}:{int(ticked)}" for item, ticked in notice.boxes.items())
    if over:
        fields["over"] = over
    if message.record:
        fields["record"] = message.record
    if message.session:
        fields["session"] = message.session
    if message.seal:
        fields["seal"] = message.seal.packed
    return f"{text}\n\n{OPENING}{' '.join(f'{name}={value}' for name, value in fields.items())} -->"


def _fitted(text: str) -> str:
    """The text, cut after a whole line when it is longer than a comment allows."""
    return text if len(text) <= READABLE else text[: text.rindex("\n", 0, READABLE)].rstrip() + "\n\n…"


def read_marker(body: str) -> CommentMarker | None:
    """The marker of a comment of ours, even with words below it; None when there is none that can be read."""
    body = body.replace("\r\n", "\n")
    found = MARK.match(body, start) if (start := body.rfind(OPENING)) >= 0 else None
    if not found:
        return None
    fields, text = _fields(found[1]), body[: found.start()].rstrip()
    boxes = _boxes(fields.get("boxes", ""))
    if boxes is None or not fields:
        return None
    return CommentMarker(
        key=fields.get("key", ""),
        data=fields.get("data", ""),
        intact=fields.get("body") == _digest(text) and not body[found.end() :].strip(),
        boxes=boxes,
        drawn={item: box != " " for box, item in BOX.findall(text)},
        record=fields.get("record", ""),
        session=fields.get("session", ""),
        seal=fields.get("seal", ""),
    )


def _fields(text: str) -> Mapping[str, str]:
    """The fields of a marker; none when one appears twice, which no marker of ours does."""
    pairs = [(name, value) for name, _, value in (part.partition("=") for part in text.split(" "))]
    fields = dict(pairs)
    return fields if len(fields) == len(pairs) else {}


def _boxes(text: str) -> Mapping[str, bool] | None:
    """The tick boxes as drawn; None when they are not written as our markers write them."""
    pairs = [pair.split(":") for pair in text.split(",")] if text else []
    if any(len(pair) != 2 or pair[1] not in {"0", "1"} for pair in pairs):
        return None
    return {item: value == "1" for item, value in pairs}


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:16]
