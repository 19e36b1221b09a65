"""The policy's section on the sealed register: the keys that sign it, the witnesses asked, and how many must vouch.

It is here, and not with the server, so that whoever reads the rules knows by what the register is checked.
"""

from __future__ import annotations

import base64
import hashlib
import re
from dataclasses import dataclass

from app.domain.policy.document import DocumentReader, Node, ProblemKind

VERIFIER_KEY = re.compile(r"([^\s+\x00-\x1f]{1,255})\+([0-9a-f]{8})\+([A-Za-z0-9+/]{44})")
"""A key as C2SP's signed notes write it: its name, its number, then its kind and itself."""
SIGNS, VOUCHES = 1, 4
"""The kinds of Ed25519 keys: the register's own, and a witness's."""
WITNESS = r"(https://|http://127\.0\.0\.1[:/])[^\s<>\"@]{1,500}"
MOST_KEYS, MOST_WITNESSES = 10, 20


@dataclass(frozen=True)
class Witness:
    """Somebody who vouches that one register is shown to everybody, and where it is asked to."""

    key: str
    url: str

    @property
    def name(self) -> str:
        return self.key.partition("+")[0]


@dataclass(frozen=True)
class RegisterSettings:
    """`quorum` witnesses must have vouched for a seal to be believed; none is asked for where the rules are silent."""

    keys: tuple[str, ...] = ()
    witnesses: tuple[Witness, ...] = ()
    quorum: int = 0


def read_register(reader: DocumentReader, node: Node | None) -> RegisterSettings:
    """The section; silent rules demand nothing of the register, as those of former versions did."""
    if node is None:
        return RegisterSettings()
    entry = reader.table(node, "register", (), ("keys", "witnesses", "quorum"))
    keys = reader.texts(entry.get("keys"), "register.keys", lambda item, where: _key(reader, item, where, SIGNS))
    found: list[Witness] = []
    for path, item in reader.items(entry.get("witnesses"), "register.witnesses", MOST_WITNESSES):
        witness = _witness(reader, item, path)
        if witness.key and any(one.name == witness.name for one in found):
            reader.note(item.mark, f"{path}.key", ProblemKind.REPEATED_VALUE, value=witness.name)
        found.append(witness)
    if found and "quorum" not in entry:
        # Nobody is to guess how many are enough: it is what an outsider is told to check.
        reader.note(node.mark, "register", ProblemKind.MISSING_KEY, key="quorum")
    quorum = reader.number(entry["quorum"], "register.quorum", 0, len(found)) if "quorum" in entry else 0
    return RegisterSettings(keys, tuple(found), quorum)


def _witness(reader: DocumentReader, node: Node, path: str) -> Witness:
    entry = reader.table(node, path, ("key", "url"))
    key = _key(reader, entry["key"], f"{path}.key", VOUCHES) if "key" in entry else ""
    return Witness(key, reader.text(entry.get("url"), f"{path}.url", WITNESS))


def _key(reader: DocumentReader, node: Node, path: str, kind: int) -> str:
    text = reader.text(node, path)
    wrong = _wrong(text, kind) if text else ""
    if wrong:
        reader.note(node.mark, path, ProblemKind.BAD_KEY, value=text, why=wrong)
        return ""
    return text


def _wrong(text: str, kind: int) -> str:
    """What is wrong with a key: its form, its number, which is a digest of the rest, or what it is for."""
    found = VERIFIER_KEY.fullmatch(text)
    if found is None:
        return "form"
    held = base64.b64decode(found[3])
    if hashlib.sha256(f"{found[1]}\n".encode() + held).hexdigest()[:8] != found[2]:
        return "number"
    return "" if held[0] == kind else "witness" if held[0] == VOUCHES else "kind"
