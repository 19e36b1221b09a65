"""A reader of somebody else's register, on GitHub alone: what it had seen, what it sees, and what does not hold."""

from __future__ import annotations

import io
import json
import runpy
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import redirect_stdout
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zipfile import ZipFile

from app.shipped_files import asset
from app.transparency.notes import Key, NoteError, parse, parse_vkey, verified
from app.transparency.tree import leaf_hash, verify_inclusion
from app.witness.ballots import CLOCKS, RegisteredBallot, looked_at
from app.witness.lies import Lie, LieKind, found, lie
from app.witness.shown import ShownRegister

VERIFIER = "verifier/verifier.py"
"""What judges is the file that outsiders are given, run by itself: not a line of it is ours to import."""
SPAN = timedelta(hours=1)
"""As long as a request may take to be answered while others are: the outsider's tool says the same."""
EVER = datetime.min.replace(tzinfo=UTC)
Fetch = Callable[[int], Mapping[str, Any] | None]
"""The comment of that number, as GitHub's REST API gives it; None when it shows none."""


@dataclass(frozen=True)
class LastReading:
    """What was seen the last time: the newest checkpoint, each entry's digest by its number, and their last date."""

    note: str = ""
    leaves: Mapping[int, str] = field(default_factory=dict)
    last: str = ""

    @property
    def text(self) -> str:
        leaves = {str(n): leaf for n, leaf in sorted(self.leaves.items())}
        return json.dumps({"v": 1, "checkpoint": self.note, "last": self.last, "leaves": leaves}, ensure_ascii=False)


def read_memory(text: str) -> LastReading:
    """Raises ValueError for what is no such memory: one that cannot be read is never taken for an empty one."""
    try:
        told = json.loads(text)
        leaves = {int(n): str(leaf) for n, leaf in told["leaves"].items()}
        return LastReading(str(told["checkpoint"]), leaves, str(told["last"]))
    except (KeyError, TypeError, AttributeError) as error:
        raise ValueError(f"{type(error).__name__}: {error}") from error


@dataclass
class Reading:
    """What came of it: `lies` first; `ballots` by what was found of each, `is_whole` when every entry was there."""

    lies: list[Lie] = field(default_factory=list)
    ballots: dict[str, list[int]] = field(default_factory=dict)
    is_whole: bool = False


def judged_register(
    shown: ShownRegister, before: LastReading, keys: Sequence[str], fetch: Fetch, here: str, now: datetime
) -> Reading:
    """Everything shown, against what had been seen, the keys known otherwise, and the comments of new ballots."""
    reading = Reading(is_whole=bool(shown.proofs) and not shown.holes)
    reading.lies += _remembered(shown, before)
    reading.lies += _dated(shown, before, now)
    reading.lies += _proved(shown, [parse_vkey(one) for one in keys])
    if reading.is_whole:
        reading.lies += map(found, _outsider(shown, before, keys))
    for ballot in shown.ballots:
        if ballot.n not in before.leaves:
            told = fetch(ballot.cast.comment) if ballot.names_a_comment else None
            _look(ballot, looked_at(ballot, told, here), reading)
    return reading


def remembered(shown: ShownRegister) -> LastReading:
    last = max((line.at for line in shown.lines.values()), default=EVER)
    return LastReading(shown.newest, {n: line.leaf for n, line in shown.lines.items()}, last.isoformat())


def _look(ballot: RegisteredBallot, seen: str | Lie, reading: Reading) -> None:
    if isinstance(seen, Lie):
        reading.lies.append(seen)
    else:
        reading.ballots.setdefault(seen, []).append(ballot.n)


def _remembered(shown: ShownRegister, before: LastReading) -> Iterator[Lie]:
    for n, leaf in sorted(before.leaves.items()):
        if n not in shown.lines:
            yield lie(LieKind.SHORTER, n)
        elif shown.lines[n].leaf != leaf:
            yield lie(LieKind.REWRITTEN, n)


def _dated(shown: ShownRegister, before: LastReading, now: datetime) -> Iterator[Lie]:
    """What came since is not older than all that was there, nor of a day to come."""
    floor = datetime.fromisoformat(before.last) - SPAN if before.last else EVER
    for n, line in sorted(shown.lines.items()):
        if n not in before.leaves and line.at < floor:
            yield lie(LieKind.ENTRY_DATE, n, line.at.isoformat(), "et n’était pas là quand on en a vu de plus récentes")
        elif line.at > now + CLOCKS:
            yield lie(LieKind.ENTRY_DATE, n, line.at.isoformat(), "qui n’est pas encore venu")


def _proved(shown: ShownRegister, keys: Iterable[Key]) -> Iterator[Lie]:
    """Each decision by the proof that its own comment bears; who signed is asked here where all the rest is not."""
    known = tuple(keys)
    for proof in sorted(shown.proofs, key=lambda one: one.n):
        line, said = shown.lines.get(proof.n), proof.checkpoint
        leaf = leaf_hash(line.entry.encode()) if line else b""
        if not line or not verify_inclusion(leaf, proof.n, said.size, proof.path, said.root):
            yield lie(LieKind.ENTRY, proof.n)
        elif shown.holes and not _is_signed(proof.note, known):
            yield lie(LieKind.SIGNATURE, said.size)


def _is_signed(note: str, keys: Sequence[Key]) -> bool:
    try:
        return bool(verified(parse(note), keys))
    except NoteError:
        return False


def _outsider(shown: ShownRegister, before: LastReading, keys: Sequence[str]) -> Sequence[Mapping[str, Any]]:
    """What the tool of outsiders finds wrong in all this as an archive, beside the checkpoint that was kept."""
    with tempfile.TemporaryDirectory() as folder:
        archive, kept = Path(folder) / "registre.zip", Path(folder) / "garde.txt"
        with ZipFile(archive, "w") as file:
            lines = "".join(f"{shown.lines[n].text}\n" for n in sorted(shown.lines) if n < max(shown.notes))
            file.writestr("entries.jsonl", lines)
            for size, note in shown.notes.items():
                file.writestr(f"checkpoints/{size}.txt", note)
            file.writestr("keys.json", json.dumps({"keys": list(keys), "witnesses": [], "quorum": 0}))
        words = [str(archive), "--json", *(part for key in keys for part in ("--key", key))]
        if before.note:
            kept.write_text(before.note, encoding="utf-8")
            words.insert(1, str(kept))
        said = io.StringIO()
        with redirect_stdout(said):
            runpy.run_path(str(asset(VERIFIER)))["main"](words)
    told = json.loads(said.getvalue())
    problems: Sequence[Mapping[str, Any]] = told.get("problems", [{"code": "shape", "sentence": told["sentence"]}])
    return problems


def statement(shown: ShownRegister, reading: Reading, about: Mapping[str, Any]) -> str:
    """What was read, as one line of JSON: what an attestation is made of. Digests, numbers and sizes only."""
    told = {
        "v": 1,
        "kind": "registre-temoin",
        "register": shown.origin,
        "size": max(shown.notes, default=0),
        "checkpoint": shown.newest,
        "whole": reading.is_whole,
        "entries": len(shown.lines),
        "ballots": reading.ballots,
        **about,
    }
    return json.dumps(told, ensure_ascii=False, sort_keys=True)
