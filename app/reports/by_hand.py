"""How anybody checks one decision again with `openssl` and `sha256sum` alone: commands that hold the very bytes."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from shlex import quote

from app.reports.proof_files import Proved
from app.transparency import entries, notes, tree
from app.transparency.canonical import canonical
from app.transparency.notes import WITNESS, Key

DER = bytes.fromhex("302a300506032b6570032100")
"""What stands before the 32 bytes of an Ed25519 key where programs keep keys (RFC 8410)."""
VERIFIED = "Signature Verified Successfully"


@dataclass(frozen=True)
class ManualStep:
    """`kind` names its sentence; `expected` is what the last command must show."""

    kind: str
    commands: str
    expected: str
    name: str = ""
    at: datetime | None = None


def manual_steps(found: Proved, keys: Iterable[Key]) -> tuple[ManualStep, ...]:
    """The steps in order: typed one after the other in an empty folder, each uses the files of those before."""
    return (*_seal(found, tuple(keys)), _leaf(found), _path(found), *_personal(found))


def _seal(found: Proved, keys: Sequence[Key]) -> Iterator[ManualStep]:
    signed = notes.parse(found.seal.whole)
    written = f"printf '%s\\n' {' '.join(map(quote, signed.text.splitlines()))} > sceau.txt"
    for one in signed.signatures:
        key = next((key for key in keys if (key.name, key.id) == (one.name, one.data[: len(key.id)])), None)
        if key is None:
            continue
        if key.kind == WITNESS:
            time = one.time
            told = f"(printf '%s\\n' cosignature/v1 {quote(f'time {time}')}; cat sceau.txt) > temoin.txt"
            commands = _checked(told, "temoin", one.data[notes.ID_BYTES + notes.TIME_BYTES :], key)
            yield ManualStep("witness", commands, VERIFIED, key.name, datetime.fromtimestamp(time, UTC))
        else:
            yield ManualStep("seal", _checked(written, "sceau", one.data[notes.ID_BYTES :], key), VERIFIED, key.name)
    if found.seal.stamp:
        check = "openssl ts -verify -in sceau.tsr -data sceau.txt -CAfile autorite.pem"
        yield ManualStep("stamp", f"{_kept(found.seal.stamp, 'sceau.tsr')}\n{check}", "Verification: OK")


def _checked(written: str, name: str, signature: bytes, key: Key) -> str:
    verify = f"openssl pkeyutl -verify -pubin -keyform DER -inkey {name}.der -rawin -in {name}.txt -sigfile {name}.sig"
    return "\n".join((written, _kept(signature, f"{name}.sig"), _kept(DER + key.public, f"{name}.der"), verify))


def _kept(data: bytes, name: str) -> str:
    return f"echo {_text(data)} | openssl base64 -d -A > {name}"


def _leaf(found: Proved) -> ManualStep:
    commands = (f"printf '%s' {quote(found.row.entry)} > entree.json", "(printf '\\000'; cat entree.json) | sha256sum")
    return ManualStep("leaf", "\n".join(commands), tree.leaf_hash(found.row.entry.encode()).hex())


def _path(found: Proved) -> ManualStep:
    """From the leaf to the root that the seal signs: at each turn, which side the other half stands on."""
    commands = ["(printf '\\000'; cat entree.json) | openssl dgst -sha256 -binary > noeud"]
    n, last, root = found.n, found.seal.size - 1, tree.leaf_hash(found.row.entry.encode())
    for sibling in found.path:
        is_right = bool(n & 1) or n == last
        pair = "voisin noeud" if is_right else "noeud voisin"
        root = tree.node_hash(sibling, root) if is_right else tree.node_hash(root, sibling)
        joined = f"(printf '\\001'; cat {pair}) | openssl dgst -sha256 -binary > suivant; mv suivant noeud"
        commands += [_kept(sibling, "voisin"), joined]
        while is_right and n and not n & 1:
            n, last = n >> 1, last >> 1
        n, last = n >> 1, last >> 1
    return ManualStep("path", "\n".join([*commands, "openssl base64 -A -in noeud"]), _text(root))


def _personal(found: Proved) -> Iterator[ManualStep]:
    row = found.row
    if row.personal is None or row.salt is None:
        return
    personal = canonical(json.loads(row.personal)).decode()
    salt = _text(bytes.fromhex(row.salt))
    written = f"(echo {salt} | openssl base64 -d -A; printf '%s' {quote(personal)}) | sha256sum"
    yield ManualStep("personal", written, str(entries.read_entry(row.entry)["personal"]))


def _text(data: bytes) -> str:
    return base64.b64encode(data).decode()
