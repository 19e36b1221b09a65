"""The hidden mark at the end of each of Jalon's comments: which notice it shows, from which data, untouched or not."""

from __future__ import annotations

import base64
import hashlib
import json
import re
import zlib
from collections.abc import Mapping

from app.domain.facts import Fact, from_json, to_json
from app.domain.notices import Notice
from app.domain.product import Trace

MARK = re.compile(r"\n*<!-- jalon:v1 ((?:[a-z]+=\S+ ?)+)-->\s*$")
BOX = re.compile(r"^\s*[-*] \[([ xX])\] .*<!-- ([a-z0-9-]+) -->\s*$", re.MULTILINE)


def mark(key: str, notice: Notice, text: str) -> str:
    """The comment's body: the text people read, then the mark."""
    text = text.rstrip()
    fields = {"key": key.replace(" ", ""), "data": notice.fingerprint, "body": _digest(text)}
    if notice.boxes:
        fields["boxes"] = ",".join(f"{item}:{int(ticked)}" for item, ticked in notice.boxes.items())
    if notice.record:
        fields["record"] = _pack(notice.record)
    return f"{text}\n\n<!-- jalon:v1 {' '.join(f'{name}={value}' for name, value in fields.items())} -->"


def read(body: str) -> Trace | None:
    """The trace of a comment of ours; None when it bears no mark."""
    body = body.replace("\r\n", "\n")
    found = MARK.search(body)
    if not found:
        return None
    fields = _fields(found)
    text = body[: found.start()].rstrip()
    boxes = dict(pair.split(":") for pair in fields.get("boxes", "").split(",") if ":" in pair)
    return Trace(
        key=fields.get("key", ""),
        data=fields.get("data", ""),
        intact=fields.get("body") == _digest(text),
        boxes={item: value == "1" for item, value in boxes.items()},
        drawn={item: box != " " for box, item in BOX.findall(text)},
    )


def record(body: str) -> tuple[Fact, ...]:
    """The facts published with a decision; empty when there are none."""
    found = MARK.search(body.replace("\r\n", "\n"))
    packed = _fields(found).get("record", "") if found else ""
    if not packed:
        return ()
    facts = json.loads(zlib.decompress(base64.urlsafe_b64decode(packed)))
    return tuple(from_json(fact) for fact in facts)


def _fields(found: re.Match[str]) -> Mapping[str, str]:
    return dict(part.split("=", 1) for part in found[1].split())


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def _pack(facts: tuple[Fact, ...]) -> str:
    data = json.dumps([to_json(fact) for fact in facts], ensure_ascii=False, separators=(",", ":"))
    return base64.urlsafe_b64encode(zlib.compress(data.encode(), 9)).decode()
