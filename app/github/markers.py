"""The hidden mark at the end of each of Jalon's comments: which notice it shows, from which data, untouched or not."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping

from app.domain.product.issue import CommentMarker
from app.domain.publish.effects import Message

OPENING = "<!-- jalon:v1 "
# People with write access edit our comments too: nothing they put there may take more than linear time to read.
MARK = re.compile(OPENING + r"([a-z]+=\S+(?: [a-z]+=\S+)*) -->")
BARE = CommentMarker("", "", intact=False)
"""What is left of a comment of ours whose mark was taken away with its words."""
BOX = re.compile(r"^[ \t]*[-*] \[([ xX])\] .*<!-- ([a-z0-9-]+) -->[ \t]*$", re.MULTILINE)
READABLE = 36_000
"""Characters shown at most: with the packed facts, a comment stays under GitHub's 65,536."""


def mark(message: Message, text: str, over: str = "") -> str:
    """The comment's body: the text people read, then the mark; `over` names the edit it undoes."""
    text, notice = _fitted(text.rstrip()), message.notice
    fields = {"key": message.key.replace(" ", ""), "data": message.stamp, "body": _digest(text)}
    if notice.boxes:
        fields["boxes"] = ",".join(f"{item}:{int(ticked)}" for item, ticked in notice.boxes.items())
    if over:
        fields["over"] = over
    if message.record:
        fields["record"] = message.record
    return f"{text}\n\n{OPENING}{' '.join(f'{name}={value}' for name, value in fields.items())} -->"


def _fitted(text: str) -> str:
    """The text, cut after a whole line when it is longer than a comment can show."""
    return text if len(text) <= READABLE else text[: text.rindex("\n", 0, READABLE)].rstrip() + "\n\n…"


def read(body: str) -> CommentMarker | None:
    """The trace of a comment of ours; None when it bears no mark that can be read. Words below it do not hide it."""
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
    )


def _fields(text: str) -> Mapping[str, str]:
    """What a mark says; nothing when it says one thing twice, which no mark of ours does."""
    pairs = [(name, value) for name, _, value in (part.partition("=") for part in text.split(" "))]
    fields = dict(pairs)
    return fields if len(fields) == len(pairs) else {}


def _boxes(text: str) -> Mapping[str, bool] | None:
    """The boxes as they were drawn; None when they are written as no mark of ours writes them."""
    pairs = [pair.split(":") for pair in text.split(",")] if text else []
    if any(len(pair) != 2 or pair[1] not in {"0", "1"} for pair in pairs):
        return None
    return {item: value == "1" for item, value in pairs}


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:16]
