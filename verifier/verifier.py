#!/usr/bin/env python3
"""Says whether a sealed register of decisions is whole, offline, with Python 3.9 or later and nothing else.

    python3 verifier.py registre.zip                        the whole register
    python3 verifier.py decision.tlog-proof                 one decision, by the one file that proves it
    python3 verifier.py proof.tlog-proof --entry FILE       the same, from a proof and an entry kept apart
    python3 verifier.py registre.zip sceau.txt              … and that a seal you kept is of that same history
        --key VKEY    a key as you know it, the seal's or a witness's (else those that travel with the archive)
        --lang en     in English;  --json  for a program

It shares no line with the program that keeps the register. It checks, in this order: the tree under each seal, who
signed it, the quorum of witnesses; numbers; what personal parts commit to; dates, against those of witnesses and
time-stamps; each gate, decided again from its ballots, its rule and its electorate; the rules' texts. It leaves to
others the signature inside a time-stamp (`openssl ts -verify`), and that each ballot stood on GitHub (the witness that
reads). Status: 0 whole, 1 something is wrong, 2 what was given cannot be read.
"""

import argparse
import base64
import bisect
import collections
import datetime
import functools
import hashlib
import json
import re
import sys
import zipfile
import zlib

# --- the rules of a vote: rules_spec.py, word for word ---
"""The rules of a vote, written from the committee's guide and not from the program, of which this imports nothing.

rule: {"quorum": 5, "people": 3, "threshold": "2/3", "mandatory": [seat, …], "veto": [seat, …]}; no outcome is ""
electorate: [{"seat": id, "voices": [rank, …]}, …], holders first; aside: ranks of those recused before the opening
words: [(rank, [seat, …], choice, holds), …]: go, nogo, abstain, recuse, back (a recusal taken back); holds: not voided
"""

from fractions import Fraction
from itertools import combinations_with_replacement, product


def count(electorate, aside, words, edition=2):
    """The seats by what they say: people who recuse leave with all they said, the last word of the others stands."""
    gone, kept, last = set(aside), [], {}
    for who, seats, choice, holds in words:
        kept = [one for one in kept if one[0] != who] if choice == "back" else [*kept, (who, seats, choice, holds)]
        gone = gone - {who} if choice == "back" else gone | {who} if choice == "recuse" else gone
    for who, seats, choice, holds in kept:
        for seat in seats if holds else ():  # in edition 0, a recusal took back the last word of its author, no more
            if who not in gone if edition else choice != "recuse" or last.get(seat, ("", who))[1] == who:
                last[seat] = (choice, who)
    counted = {"go": [], "nogo": [], "abstain": [], "recuse": [], "silent": [], "gone": gone, "last": last}
    for one in electorate:
        choice = last.get(one["seat"], ("recuse" if edition else "silent", 0))[0]
        counted["silent" if choice == "recuse" and not gone.issuperset(one["voices"]) else choice].append(one["seat"])
    return {**counted, "people": len({last[seat][1] for one in ("go", "nogo", "abstain") for seat in counted[one]})}


def may_speak(electorate, counted, who):
    """The seats a person may speak for: a substitute gives way once the holder has spoken."""
    seats = [(one["seat"], one["voices"]) for one in electorate if who in one["voices"] and who not in counted["gone"]]
    return [seat for seat, voices in seats if who == voices[0] or counted["last"].get(seat, "  ")[1] != voices[0]]


def closing(rule, counted):
    """What the ballots decide when nobody speaks any more: at the deadline, or closed by the secretariat."""
    go, nogo, heard = len(counted["go"]), len(counted["nogo"]), counted["go"] + counted["nogo"] + counted["abstain"]
    short = len(heard) < rule["quorum"] or counted["people"] < rule.get("people", 0)
    lost = set(rule["veto"]) & set(counted["nogo"]) or not go or Fraction(go, go + nogo) < Fraction(rule["threshold"])
    return "" if short else "nogo" if lost else "go" if set(rule["mandatory"]) <= set(heard) else ""


def at_once(rule, counted, quiet=False):
    """What is decided before the deadline: the one outcome of all that silent seats may say; no no-go while quiet."""
    end, choices = closing(rule, counted), ("go", "nogo", "abstain", "silent")
    named = [seat for seat in counted["silent"] if seat in (*rule["mandatory"], *rule["veto"])]
    alike = [seat for seat in counted["silent"] if seat not in named]  # how many of them say what is all that matters
    for one, two in product(product(choices, repeat=len(named)), combinations_with_replacement(choices, len(alike))):
        then = {word: counted[word] + [s for s, w in zip(named + alike, one + two) if w == word] for word in choices}
        end = end if end and closing(rule, {**counted, **then}) == end else ""
    return "" if quiet and end == "nogo" else end


def in_session(rule, electorate, counted, present, edition=2):
    """The outcomes open to a session, decided or rectified; since edition 2, a recused seat is never there."""
    able = {one["seat"] for one in electorate} - set(counted["recuse"] if edition > 1 else ())
    short = not set(present) <= able or len(set(present)) < max(rule["quorum"], rule.get("people", 0))
    barred = set(rule["mandatory"]) - set(present) or set(rule["veto"]) & set(counted["nogo"])
    return set() if short else {"nogo"} if barred else {"go", "nogo"}
# --- end of the rules of a vote ---


class Unreadable(Exception):
    """What was given is not what it should be."""


# 1. Entries and the tree over them: RFC 8785, RFC 6962, RFC 9162.


def canonical(value):
    """The one way in which a value is written: on strings, whole numbers, true, false and null, this is RFC 8785."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def leaf_hash(entry):
    return hashlib.sha256(b"\0" + entry).digest()


def node_hash(left, right):
    return hashlib.sha256(b"\1" + left + right).digest()


def roots_at(leaves, sizes):
    """The root over the first leaves, at each of these sizes: complete subtrees stand side by side, joined from the right."""
    found, edge = {}, []
    for n, right in enumerate(leaves):
        size = n + 1
        while n & 1:
            right, n = node_hash(edge.pop(), right), n >> 1
        edge.append(right)
        if size in sizes:
            found[size] = functools.reduce(lambda under, left: node_hash(left, under), reversed(edge))
    return found


def root_of_path(leaf, n, size, path):
    """The root to which a path leads from leaf n in a tree of that size (RFC 9162, 2.1.3.2); None when it does not fit."""
    last, found = size - 1, leaf
    if not 0 <= n <= last:
        return None
    for sibling in path:
        if last == 0:
            return None
        if n & 1 or n == last:
            found = node_hash(sibling, found)
            while n and not n & 1:
                n, last = n >> 1, last >> 1
        else:
            found = node_hash(found, sibling)
        n, last = n >> 1, last >> 1
    return found if last == 0 else None


# 2. Signatures: Ed25519 (RFC 8032) on the points of the curve as (x, y, z, xy), and the notes they sign (C2SP).

P, ORDER = 2**255 - 19, 2**252 + 27742317777372353535851937790883648493
D, ROOT = -121665 * pow(121666, P - 2, P) % P, pow(2, (P - 1) // 4, P)


def point(data):
    """The point that 32 bytes encode, None when they encode none."""
    y = int.from_bytes(data, "little")
    sign, y = y >> 255, y & (1 << 255) - 1
    square = (y * y - 1) * pow(D * y * y + 1, P - 2, P) % P
    x = pow(square, (P + 3) // 8, P)
    x = x if (x * x - square) % P == 0 else x * ROOT % P
    if len(data) != 32 or y >= P or (x * x - square) % P or (x == 0 and sign):
        return None
    x = x if x & 1 == sign else P - x
    return x, y, 1, x * y % P


def add(one, two):
    a, b = (one[1] - one[0]) * (two[1] - two[0]) % P, (one[1] + one[0]) * (two[1] + two[0]) % P
    c, d = 2 * one[3] * two[3] * D % P, 2 * one[2] * two[2] % P
    e, f, g, h = b - a, d - c, d + c, b + a
    return e * f % P, g * h % P, f * g % P, e * h % P


ZERO, BASE = (0, 1, 1, 0), point((4 * pow(5, P - 2, P) % P).to_bytes(32, "little"))


@functools.lru_cache(maxsize=None)
def multiples(of):
    """0 to 15 times the point, then 0 to 15 times 16 times it, and so on: a product is then 64 additions."""
    rows = []
    for _ in range(64):
        row = [ZERO]
        while len(row) < 16:
            row.append(add(row[-1], of))
        rows.append(row)
        of = add(row[15], of)
    return rows


def times(number, of):
    found = ZERO
    for row in multiples(of):
        found, number = add(found, row[number & 15]), number >> 4
    return found


def is_signed(public, signature, message):
    """RFC 8032, 5.1.7: whether S·B − h·A is R."""
    key, s = point(public), int.from_bytes(signature[32:], "little")
    if key is None or len(signature) != 64 or s >= ORDER:
        return False
    h = int.from_bytes(hashlib.sha512(signature[:32] + public + message).digest(), "little") % ORDER
    x, y, z, _ = add(times(s, BASE), times(h, (P - key[0], key[1], 1, P - key[3])))
    inverse = pow(z, P - 2, P)
    return (y * inverse % P | (x * inverse % P & 1) << 255).to_bytes(32, "little") == signature[:32]


Key = collections.namedtuple("Key", "name id kind public vkey")
Note = collections.namedtuple("Note", "body lines origin size root")
LOG, WITNESS = 1, 4


def b64(text):
    try:
        return base64.b64decode(text, validate=True)
    except ValueError:
        raise Unreadable(f"base64: {text[:40]}") from None


def parse_key(vkey):
    name, number, data = (vkey.strip().split("+", 2) + ["", ""])[:3]
    data = b64(data)
    if len(data) != 33 or hashlib.sha256(name.encode() + b"\n" + data).hexdigest()[:8] != number:
        raise Unreadable(f"vkey: {vkey[:80]}")
    return Key(name, data[:1] and bytes.fromhex(number), data[0], data[1:], vkey.strip())


def parse_note(text):
    """A checkpoint as a signed note: its text, and the lines under it as (name, key id, rest)."""
    body, _, under = text.replace("\r\n", "\n").rstrip("\n").rpartition("\n\n")
    head, lines = (body + "\n").split("\n"), []
    for line in under.split("\n"):
        found = re.fullmatch("— ([^ +]+) ([A-Za-z0-9+/=]+)", line)
        lines += [(found[1], b64(found[2])[:4], b64(found[2])[4:])] if found else []
    if len(head) < 4 or not head[1].isdecimal() or not lines:
        raise Unreadable("note")
    return Note(body + "\n", lines, head[0], int(head[1]), b64(head[2]))


def signatures(note, keys):
    """What each known key says under a note: (key, whether it is right, its time for a witness, else 0)."""
    known = {(key.name, key.id): key for key in keys}
    for name, number, rest in note.lines:
        key = known.get((name, number))
        if key and key.kind == LOG:
            yield key, is_signed(key.public, rest, note.body.encode()), 0
        elif key and key.kind == WITNESS:
            at = int.from_bytes(rest[:8], "big")
            yield key, is_signed(key.public, rest[8:], f"cosignature/v1\ntime {at}\n{note.body}".encode()), at


# 3. Time-stamps: what an RFC 3161 token says of its time and of what it stamps; its signature is left to openssl.


def der(data):
    """Each value written one after the other: its tag, its content."""
    place = 0
    while place + 2 <= len(data):
        tag, size, place = data[place], data[place + 1], place + 2
        if size & 128:
            size, place = int.from_bytes(data[place : place + (size & 127)], "big"), place + (size & 127)
        yield tag, data[place : place + size]
        place += size


def stamped(data):
    """(digest stamped, seconds since 1970) of a token or of the whole answer of an authority."""
    mark = data.find(bytes.fromhex("060b2a864886f70d0109100104"))  # the type of what is signed: id-ct-TSTInfo
    try:
        mark = mark if mark >= 0 else len(data)
        wrapped = next(content for tag, content in der(data[mark + 13 :]) if tag == 0xA0)
        _, info = next(der(next(der(wrapped))[1]))
        _, _, imprint, _, time = [content for _, content in der(info)][:5]
        moment = datetime.datetime.strptime(time[:14].decode() + "+0000", "%Y%m%d%H%M%S%z")
        return list(der(imprint))[1][1], int(moment.timestamp())
    except (StopIteration, ValueError, IndexError):
        raise Unreadable("RFC 3161") from None


def digest_like(digest, data):
    return {20: hashlib.sha1, 32: hashlib.sha256, 48: hashlib.sha384, 64: hashlib.sha512}[len(digest)](data).digest()


# 4. What is given: an archive, or one proof. Everything in it is doubted.

LARGEST = 2**30
FIRST_LINE = "c2sp.org/tlog-proof@v1"


class Archive:
    """Entries, seals by size, time-stamps by size, rules by digest, keys; `paths` are those of a single proof."""

    def __init__(self):
        self.texts, self.entries, self.opened, self.paths = [], [], [], {}
        self.seals, self.stamps, self.rules, self.keys = {}, {}, {}, {}

    def line(self, one):
        if not isinstance(one, dict) or not isinstance(one.get("entry"), str):
            raise Unreadable("entries.jsonl")
        entry = json.loads(one["entry"])
        if not isinstance(entry, dict):
            raise Unreadable("entries.jsonl")
        self.texts.append(one["entry"].encode())
        self.entries.append(entry)
        self.opened.append((one.get("personal"), one.get("salt")))
        return entry

    def seal(self, text):
        note = parse_note(text)
        self.seals[note.size] = note


def read_zip(path):
    found = Archive()
    with zipfile.ZipFile(path) as file:
        if sum(one.file_size for one in file.infolist()) > LARGEST:
            raise Unreadable("> 1 Go")
        for name in file.namelist():
            base, data = name.rpartition("/")[2], file.read(name)
            if base == "entries.jsonl":
                for line in data.decode().splitlines():
                    found.line(json.loads(line))
            elif base == "keys.json":
                found.keys = json.loads(data)
            elif "checkpoints/" in name and base.endswith(".txt"):
                found.seal(data.decode())
            elif "checkpoints/" in name and base.endswith(".tsr"):
                found.stamps[int(base[:-4])] = data
            elif "rules/" in name and base.endswith(".yml"):
                found.rules[base[:-4]] = data
    if not found.entries or not found.seals:
        raise Unreadable("entries.jsonl, checkpoints/")
    return found


def read_proof(text, entry=None):
    """One proof; what it needs beside the path travels on its line « extra », which proves nothing by itself."""
    head, _, note = text.replace("\r\n", "\n").partition("\n\n")
    lines, found = head.split("\n")[1:], Archive()
    extra = lines.pop(0)[6:] if lines and lines[0].startswith("extra ") else ""
    if not lines or not re.fullmatch("index (0|[1-9][0-9]{0,15})", lines[0]):
        raise Unreadable(FIRST_LINE)
    found.seal(note)
    n, path = int(lines[0][6:]), lines[1:]
    told = json.loads(zlib.decompressobj().decompress(b64(extra), LARGEST)) if extra else {}
    found.keys = told.get("keys", {})
    found.stamps = {size: b64(told["stamp"]) for size in found.seals if told.get("stamp")}
    found.rules = {name: content.encode() for name, content in told.get("rules", {}).items()}
    for one in told.get("entries", []):
        found.paths[found.line(one)["n"]] = [b64(step) for step in one["path"]]
    if entry is not None:
        one = json.loads(entry)
        found.line(one if "entry" in one else {"entry": entry.strip()})
    if n not in [one.get("n") for one in found.entries]:
        raise Unreadable(f"n = {n} ?")
    found.paths[n] = [b64(step) for step in path]
    return found


# 5. The checks. What is wrong has a code, the values of its sentence, and whoever could have done it (the table below).


class Report:
    def __init__(self):
        self.problems, self.remarks, self.figures, self.decided = [], [], collections.Counter(), []

    def wrong(self, code, **values):
        self.problems.append((code, values))

    def note(self, code, **values):
        self.remarks.append((code, values))


def check(archive, trusted, report, others=()):
    """Everything, in order; `others` are notes that were kept elsewhere."""
    newest = max(archive.seals)
    report.origin, report.size = archive.seals[newest].origin, newest
    report.root = base64.b64encode(archive.seals[newest].root).decode()
    check_tree(archive, report)
    anchors, trail = check_seals(archive, trusted, report)
    check_kept(archive, others, trail, report)
    if check_numbers(archive, report):
        check_personal(archive, report)
        check_dates(archive, anchors, report)
        for product in by_product(archive.entries).values():
            Product(product, archive, report).replay()
    check_rules(archive, report)
    if archive.paths:
        report.note("part")


def check_tree(archive, report):
    """Each entry under the root of each seal; the first seal that does not hold tells between which entries."""
    leaves = [leaf_hash(text) for text in archive.texts]
    report.figures.update(entries=len(leaves), seals=len(archive.seals))
    if archive.paths:
        (size, seal), *_ = archive.seals.items()
        for leaf, entry in zip(leaves, archive.entries):
            if root_of_path(leaf, entry["n"], size, archive.paths.get(entry["n"], [])) != seal.root:
                report.wrong("path", n=entry["n"], size=size)
        return
    found, good = roots_at(leaves, set(archive.seals)), 0
    for size, seal in sorted(archive.seals.items()):
        if size > len(leaves):
            report.wrong("short", size=size, here=len(leaves))
            break
        if found.get(size) != seal.root:
            report.wrong("root", size=size, first=good, last=size - 1)
            break
        good = size
    if len(leaves) > max(archive.seals):
        report.note("unsealed", count=len(leaves) - max(archive.seals))


def check_seals(archive, trusted, report):
    """Who signed each seal. Gives, by size, the second at which a witness or a time-stamp had seen it, and the keys."""
    given, told, anchors, quorate = [parse_key(one) for one in trusted], archive.keys, {}, [0]
    if not any(key.kind == LOG for key in given):
        given += [parse_key(one) for one in told.get("keys", [])]
        report.note("keys", keys=", ".join(key.vkey for key in given if key.kind == LOG) or "–")
    trail = Trail(archive, given)
    quorum = sum(key.kind == WITNESS for key in given) or told.get("quorum", 0)
    if quorum and not any(key.kind == WITNESS for key in given):
        report.note("witnesses", quorum=quorum, names=", ".join(sorted(key.name for key in trail.witnesses)))
    for size, seal in sorted(archive.seals.items()):
        right, seen = trail.signers(seal, report)
        if not right & trail.of(size):
            is_dead = bool(right & trail.dead(size))
            if is_dead and size < report.size:
                report.note("dead", size=size)
                continue
            report.wrong("dead" if is_dead else "unsigned", size=size)
        if quorum and len(right & trail.witnesses) >= quorum:
            quorate.append(size)
        trail.seen(size, right, quorate[-1] == size)
        seen += stamp_of(size, seal, archive, report)
        anchors.update({size: min(seen)} if seen else {})
    for change in trail.unvouched():
        report.wrong("key", n=change["n"], why=change["event"]["why"])
    if quorum and not quorate[1:]:
        report.wrong("quorum", quorum=quorum)
    elif quorum and quorate[-1] < report.size:
        report.note("late", size=quorate[-1], count=report.size - quorate[-1])
    if not anchors:
        report.note("clock")
    return anchors, trail


def check_kept(archive, others, trail, report):
    """A seal kept elsewhere must be of this very history, if it is signed by a key believed at that size."""
    found = roots_at([leaf_hash(text) for text in archive.texts], {note.size for note in others})
    for note in others:
        right, _ = trail.signers(note, report)
        report.figures["kept"] += 1
        if note.origin != report.origin:
            report.wrong("elsewhere", size=note.size, origin=note.origin)
        elif not right & trail.of(note.size):
            report.note("foreign", size=note.size)
        elif note.size > len(archive.texts):
            report.wrong("short", size=note.size, here=len(archive.texts))
        elif found.get(note.size) != note.root:
            report.wrong("fork", size=note.size)


def stamp_of(size, seal, archive, report):
    """The second at which an authority saw a seal; it may have been given its text, or the whole note."""
    if size not in archive.stamps:
        return []
    lines = [(name, base64.b64encode(number + rest).decode()) for name, number, rest in seal.lines]
    texts = [seal.body, *(f"{seal.body}\n— {name} {line}\n" for name, line in lines)]
    try:
        digest, at = stamped(archive.stamps[size])
        if digest in [digest_like(digest, text.encode()) for text in texts]:
            report.figures["stamps"] += 1
            report.stamped = {"size": size, "digest": digest.hex()}
            return [at]
    except (Unreadable, KeyError):
        pass
    report.wrong("stamp", size=size)
    return []


class Trail:
    """The keys of the log one after the other, as its own entries tell, and which is believed of a seal of which size.

    A stolen key signs no seal larger than its entry says: what was sealed since is sealed again with the new one.
    """

    def __init__(self, archive, trusted):
        told = archive.keys.get("witnesses", [])
        self.witnesses = {one for one in trusted if one.kind == WITNESS} or {parse_key(one) for one in told}
        self.trusted, self.vouched = {one for one in trusted if one.kind == LOG}, set()
        self.changes = [one for one in archive.entries if one.get("event", {}).get("kind") == "SealKeyChanged"]
        self.steps = []
        for entry in self.changes:
            event, n = entry["event"], entry["n"]
            last = min(event["dead_from"], n) if event["why"] == "theft" else n
            self.steps.append((n, last, event["why"], parse_key(event["former"]), parse_key(event["new"])))
        line = [*(step[3] for step in self.steps[:1]), *(step[4] for step in self.steps)]
        self.is_known = not line or bool(self.trusted.intersection(line))
        self.keys = {*line, *self.trusted, *self.witnesses}

    def signers(self, seal, report):
        """Whose signatures under a seal are right, and when witnesses saw it."""
        found = [(key, holds, at) for key, holds, at in signatures(seal, self.keys)]
        report.figures["signatures"] += len(found)
        for key, holds, _ in found:
            if not holds:
                report.wrong("signature", size=seal.size, name=key.name)
        return {key for key, holds, _ in found if holds}, [at for _, holds, at in found if holds and at]

    def of(self, size):
        """The key in force at a size; those that are trusted, where the log tells of no change."""
        before = [new for _, last, _, _, new in self.steps if last < size]
        named = {before[-1]} if before else {step[3] for step in self.steps[:1]} or self.trusted
        return named if self.is_known else set()

    def dead(self, size):
        """Keys declared stolen, of seals larger than the last one that is believed of them."""
        return {former for _, last, why, former, _ in self.steps if why == "theft" and last < size}

    def seen(self, size, right, is_quorate):
        """A new key is vouched for by the former one under the same seal, or by the quorum of witnesses."""
        for n, _, why, former, new in self.steps:
            if n < size and new in right and (is_quorate or (why != "theft" and former in right)):
                self.vouched.add(n)

    def unvouched(self):
        """Changes for which nothing vouches but the key they bring; who knows that key, or a later one, needs no more."""
        known = max([place for place, step in enumerate(self.steps) if step[4] in self.trusted], default=-1)
        for place, (n, _, _, former, _) in enumerate(self.steps):
            if (place > known and n not in self.vouched) or (place and former != self.steps[place - 1][4]):
                yield self.changes[place]


OF_FACT = {"at", "fact", "issue", "log", "n", "number", "personal", "product", "repository", "seq", "v"}
OF_LOG = {"at", "event", "log", "n", "v"}


def check_numbers(archive, report):
    """The shape of each entry, its number, the log it is of; the ranks of each product, without a hole."""
    before = len(report.problems)
    for place, (entry, text) in enumerate(zip(archive.entries, archive.texts)):
        n = place if not archive.paths else entry.get("n")
        if set(entry) not in (OF_FACT, OF_LOG) or entry["v"] != 1 or canonical(entry) != text:
            report.wrong("shape", n=n)
        elif entry["n"] != n:
            report.wrong("number", n=n, found=entry["n"])
        elif entry["log"] != report.origin:
            report.wrong("log", n=n, origin=entry["log"])
    if len(report.problems) > before:
        return False
    for product, held in by_product(archive.entries).items():
        if not archive.paths and ([one["seq"] for one in held] != [*range(1, len(held) + 1)] or held[0]["n"] != product):
            report.wrong("ranks", n=held[0]["n"], product=name_of(held[0]))
    return len(report.problems) == before


def by_product(entries):
    held = collections.defaultdict(list)
    for entry in entries:
        if "fact" in entry:
            held[entry["product"]].append(entry)
    return {product: sorted(found, key=lambda one: one["seq"]) for product, found in held.items()}


def name_of(entry):
    return f"{entry['repository']}#{entry['number']}"


def check_personal(archive, report):
    """What each personal part commits to; one that was erased, or is not given, keeps its commitment."""
    archive.personal = {entry["n"]: personal for entry, (personal, _) in zip(archive.entries, archive.opened)}
    for entry, (personal, salt) in zip(archive.entries, archive.opened):
        if "fact" not in entry:
            continue
        if personal is None or salt is None:
            report.figures["closed"] += 1
        elif hashlib.sha256(bytes.fromhex(salt) + canonical(personal)).hexdigest() != entry["personal"]:
            report.wrong("personal", n=entry["n"], product=name_of(entry))
        else:
            report.figures["open"] += 1
    if report.figures["closed"]:
        report.note("public" if archive.keys.get("public") else "closed", count=report.figures["closed"])


CLOCKS, SPAN = 600, 3600
"""Seconds by which two clocks may differ; seconds that a request may take to be answered, while others are."""


def seconds(text):
    return datetime.datetime.fromisoformat(text).timestamp()


def said(at):
    return datetime.datetime.fromtimestamp(at, datetime.timezone.utc).strftime("%Y-%m-%d %H:%M UTC")


def check_dates(archive, anchors, report):
    """No entry under a witnessed seal is dated after it was seen; none that came after it, before what it held."""
    sizes, ends, newest = sorted(anchors), {}, float("inf")
    for size in reversed(sizes):
        newest = ends[size] = min(newest, anchors[size])
    last, floor, floors = float("-inf"), float("-inf"), iter([*sizes, None])
    size = next(floors)
    for entry in archive.entries:
        at, n = seconds(entry["at"]), entry["n"]
        while size is not None and n >= size:
            floor, size = last, next(floors)
        above = bisect.bisect_right(sizes, n)
        if above < len(sizes) and at > ends[sizes[above]] + CLOCKS:
            report.wrong("future", n=n, at=said(at), seen=said(ends[sizes[above]]))
        if at < floor - SPAN:
            report.wrong("past", n=n, at=said(at), size=sizes[above - 1], seen=said(anchors[sizes[above - 1]]))
        last = max(last, at)


def check_rules(archive, report):
    """The text of the rules of each gate, by its digest."""
    wanted = {one["fact"]["rules"] for one in archive.entries if "fact" in one and one["fact"].get("rules")}
    for name in sorted(wanted | set(archive.rules)):
        if name not in archive.rules and not archive.paths:
            report.note("norules", digest=name[:12])
        elif name in archive.rules and hashlib.sha256(archive.rules[name]).hexdigest() != name:
            report.wrong("rules", digest=name[:12])
    report.figures["rules"] = len(archive.rules)


# 6. One product, replayed: each gate decided again from its ballots, the rule it froze, and its electorate.


OVERRIDE = {"open": ("go", "nogo"), "nogo": ("go",)}
"""What whoever the rules name may decide over the committee, by what stood until then."""


class Gate:
    def __init__(self, request):
        self.request, self.words, self.ballots = request, [], {}
        self.outcome, self.edition, self.deadline = None, 2, seconds(request["deadline"])

    def counted(self, edition=None):
        edition = self.edition if edition is None else edition
        return count(self.request["electorate"], self.request["aside"], [tuple(one) for one in self.words], edition)


class Product:
    def __init__(self, entries, archive, report):
        self.entries, self.archive, self.report, self.name = entries, archive, report, name_of(entries[-1])
        self.is_part = bool(archive.paths)
        self.gates, self.phase, self.open, self.awaited, self.before, self.paused = {}, None, None, None, "", False

    def wrong(self, code, entry, **values):
        self.report.wrong(code, n=entry["n"], product=self.name, gate=entry["fact"].get("gate", 0), **values)

    def personal(self, entry):
        return self.archive.personal.get(entry["n"]) or {}

    def replay(self):
        for entry in self.entries:
            fact = entry["fact"]
            if self.awaited and fact["kind"] not in ("ConditionAdded", "PhaseEntered"):
                self.wrong("notentered", entry, phase=self.awaited[1])
                self.awaited = None
            act = getattr(self, fact["kind"], None)
            if self.is_part and fact.get("gate") and fact["kind"] != "GateRequested" and fact["gate"] not in self.gates:
                self.report.note("alone", n=entry["n"])
            elif act:
                try:
                    act(entry, fact)
                except (KeyError, TypeError, ValueError, IndexError):
                    self.wrong("unlawful", entry, kind=fact["kind"])
            self.before = fact["kind"]
        if self.awaited:
            self.wrong("notentered", self.entries[-1], phase=self.awaited[1])

    def of(self, fact):
        """The gate of a fact, which must be open."""
        if self.open is None or self.open.request["gate"] != fact["gate"]:
            raise ValueError
        return self.open

    def close(self, entry, gate, outcome):
        gate.outcome, self.open = outcome, None
        self.tell(entry, gate)
        self.report.figures["closed_gates"] += 1
        if outcome == "go":
            self.awaited = gate.request["gate"], gate.request["target"]

    def tell(self, entry, gate):
        told = {one: gate.request[one] for one in ("gate", "origin", "target")}
        self.report.decided.append({"product": self.name, **told, "outcome": gate.outcome, "at": entry["at"], "n": entry["n"]})

    def PhaseEntered(self, entry, fact):
        self.report.figures["phases"] += 1
        if fact.get("gate") is None:
            lawful = self.before == ("ProductImported" if fact.get("imported") else "ProductFiled")
        else:
            lawful = (fact["gate"], fact["phase"]) == self.awaited
        if not lawful:
            self.wrong("phase", entry, phase=fact["phase"])
        self.phase, self.awaited = fact["phase"], None

    def ProductPaused(self, entry, fact):
        self.paused = True

    def ProductResumed(self, entry, fact):
        self.paused = False

    def GateRequested(self, entry, fact):
        self.report.figures["gates"] += 1
        expected = fact["gate"] if self.is_part else len(self.gates) + 1
        origin = fact["origin"] if self.is_part else self.phase
        starts = self.open is None and not self.paused and fact["target"] != fact["origin"] == origin
        if fact["gate"] != expected or not starts or seconds(fact["deadline"]) < seconds(entry["at"]):
            self.wrong("opening", entry)
        self.gates[fact["gate"]] = self.open = Gate(fact)
        personal = self.personal(entry)
        self.open.people = people = list(dict.fromkeys(one.lower() for seat in personal.get("seats", []) for one in seat["logins"]))
        voices = [[people.index(one.lower()) + 1 for one in seat["logins"]] for seat in personal.get("seats", [])]
        self.open.accounts = {one["id"]: one["login"].lower() for one in personal.get("accounts", [])}
        if people and voices != [seat["voices"] for seat in fact["electorate"]]:
            self.wrong("electorate", entry)

    def AccountsBound(self, entry, fact):
        personal = self.personal(entry)
        self.of(fact).accounts.update({one["id"]: one["login"].lower() for one in personal.get("accounts", [])})

    def BallotCast(self, entry, fact):
        self.report.figures["ballots"] += 1
        gate, who = self.of(fact), fact["voter"]
        held = {seat["seat"] for seat in gate.request["electorate"] if who in seat["voices"]}
        if not fact["seats"] or not held.issuperset(fact["seats"]) or fact["choice"] not in ("go", "nogo", "abstain", "recuse"):
            self.wrong("ballot", entry)
        personal = self.personal(entry)
        name = gate.accounts.get(personal.get("by_id")) if personal.get("by_id") and gate.accounts else personal.get("by", "").lower()
        if personal and gate.people and (name not in gate.people or gate.people.index(name) + 1 != who):
            self.wrong("voter", entry)
        gate.ballots[entry["n"]] = word = [who, fact["seats"], fact["choice"], True]
        gate.words.append(word)

    def BallotVoided(self, entry, fact):
        gate = self.gates[fact["gate"]]
        if "ballot" in fact:
            gate.ballots[fact["ballot"]][3] = False

    def RecusalEnded(self, entry, fact):
        if fact.get("gate"):
            self.of(fact).words.append([fact["voter"], [], "back", True])

    def GatePostponed(self, entry, fact):
        self.of(fact).deadline = seconds(fact["deadline"])

    def GateWithdrawn(self, entry, fact):
        self.close(entry, self.of(fact), "withdrawn")

    def GateDecided(self, entry, fact):
        """The figures, then whether the rule gives that outcome: in session, at once, at the deadline, or closed by hand."""
        gate, rule, edition = self.of(fact), self.of(fact).request["rule"], fact.get("counting", 0)
        gate.edition, counted = edition, gate.counted(edition)
        expected = [len(counted[one]) for one in ("go", "nogo", "abstain", "recuse", "silent")]
        told = [fact[one] for one in ("go", "nogo", "abstain", "recused", "silent")]
        if told != expected:
            self.wrong("figures", entry, told="/".join(map(str, told)), expected="/".join(map(str, expected)))
        at, personal = seconds(entry["at"]), self.personal(entry)
        by_hand = str(personal.get("cause", "comment:")).startswith("comment:")
        quiet = bool(gate.request.get("quiet_until")) and at < seconds(gate.request["quiet_until"])
        if fact["present"]:
            open_to = in_session(rule, gate.request["electorate"], counted, fact["present"], edition)
        else:
            open_to = {at_once(rule, counted, quiet)} | ({closing(rule, counted)} if by_hand or at >= gate.deadline else set())
        if fact["outcome"] not in open_to - {""}:
            self.wrong("outcome", entry, told=fact["outcome"], expected=" / ".join(sorted(open_to - {""})) or "–")
        self.report.figures["decided"] += 1
        self.close(entry, gate, fact["outcome"])

    def DecisionRectified(self, entry, fact):
        gate = self.gates[fact["gate"]]
        rule, electorate = gate.request["rule"], gate.request["electorate"]
        open_to = {"later"} | in_session(rule, electorate, gate.counted(), fact["present"], gate.edition)
        wanted = gate.request["target" if fact["outcome"] == "go" else "origin"]
        enters = "" if self.phase == wanted else wanted
        lawful = fact["outcome"] in open_to and fact["was"] == gate.outcome and fact["gate"] == max(self.gates)
        if not lawful or (fact["phase"] != enters and not self.is_part):
            self.wrong("second", entry, told=fact["outcome"])
        gate.outcome = fact["outcome"]
        self.tell(entry, gate)
        self.awaited = (fact["gate"], fact["phase"]) if fact["phase"] else None

    def DecisionOverridden(self, entry, fact):
        gate = self.gates[fact["gate"]]
        was = "open" if gate is self.open else gate.outcome
        if fact["was"] != was or fact["outcome"] not in OVERRIDE.get(was, ()) or fact["gate"] != max(self.gates):
            self.wrong("second", entry, told=fact["outcome"])
        self.close(entry, gate, fact["outcome"])


# 7. The words, in French and in English. Each thing that is wrong says who could have done it.

WHO = {
    "hands": (
        "Qui a pu le faire : quiconque a tenu cette archive, ou l’exploitant du registre.",
        "Who could have done it: anybody who held this archive, or whoever runs the register.",
    ),
    "forger": (
        "Qui a pu le faire : quelqu’un qui n’a pas la clé du sceau et a voulu écrire un registre à sa main.",
        "Who could have done it: somebody without the seal’s key, who wrote a register of their own.",
    ),
    "operator": (
        "Qui a pu le faire : l’exploitant seul, ou qui lui a pris à la fois la base et la clé du sceau.",
        "Who could have done it: whoever runs the register, or took both its database and the seal’s key.",
    ),
    "rules": (
        "Qui a pu le faire : l’exploitant, ou une faute de son programme : l’entrée, elle, est bien celle qui fut scellée.",
        "Who could have done it: whoever runs the register, or a fault of its program: the entry itself is as sealed.",
    ),
}
WRONG = {
    "path": ("hands", "L’entrée nº {n} n’est pas celle qui est sous le sceau de {size} entrées.",
             "Entry {n} is not the one under the seal of {size} entries."),
    "short": ("operator", "{size} entrées ont été scellées, {here} seulement sont ici.",
              "{size} entries were sealed, only {here} are here."),
    "root": ("hands", "Entre les entrées nº {first} et nº {last}, une au moins a été changée, ajoutée, retirée ou déplacée : le sceau de {size} entrées ne leur correspond pas.",
             "Between entries {first} and {last}, at least one was changed, added, taken away or moved: the seal of {size} entries does not match them."),
    "fork": ("operator", "Le sceau de {size} entrées que vous aviez gardé est celui d’une autre histoire : le registre a été réécrit.",
             "The seal of {size} entries that you kept is that of another history: the register was rewritten."),
    "elsewhere": ("hands", "Le sceau que vous avez gardé est celui d’un autre registre : {origin}.",
                  "The seal that you kept is that of another register: {origin}."),
    "unsigned": ("forger", "Le sceau de {size} entrées n’est signé par aucune clé du registre.",
                 "The seal of {size} entries is signed by no key of the register."),
    "signature": ("forger", "La signature de {name} sous le sceau de {size} entrées est fausse.",
                  "The signature of {name} under the seal of {size} entries is not right."),
    "dead": ("forger", "Le sceau de {size} entrées est signé d’une clé déclarée volée avant lui.",
             "The seal of {size} entries is signed with a key that was declared stolen before it."),
    "key": ("operator", "L’entrée nº {n} change la clé du sceau ({why}), et ni l’ancienne clé ni les témoins n’en répondent. Si vous savez la nouvelle clé par ailleurs, donnez-la par --key.",
            "Entry {n} changes the seal’s key ({why}), and neither the former key nor the witnesses vouch for it. If you know the new key from elsewhere, give it with --key."),
    "quorum": ("operator", "Témoins qu’il faut sous un sceau : {quorum}. Aucun sceau n’en porte autant.",
               "Witnesses that a seal takes: {quorum}. No seal bears as many."),
    "stamp": ("hands", "L’horodatage du sceau de {size} entrées est celui d’autre chose, ou ne se lit pas.",
              "The time-stamp of the seal of {size} entries is that of something else, or cannot be read."),
    "shape": ("hands", "L’entrée nº {n} n’est pas écrite comme une entrée.", "Entry {n} is not written as an entry is."),
    "number": ("hands", "À la place nº {n} se trouve l’entrée nº {found} : une entrée manque ou a été déplacée.",
               "In place {n} stands entry {found}: one is missing or was moved."),
    "log": ("hands", "L’entrée nº {n} vient d’un autre registre : {origin}.", "Entry {n} comes from another register: {origin}."),
    "ranks": ("operator", "{product} : ses faits ne se suivent pas de 1 en 1, ou ne commencent pas à l’entrée nº {n}.",
              "{product}: its facts do not follow each other from 1, or do not begin at entry {n}."),
    "personal": ("hands", "{product} : la partie personnelle de l’entrée nº {n} n’est pas celle qui a été scellée.",
                 "{product}: the personal part of entry {n} is not the one that was sealed."),
    "future": ("operator", "L’entrée nº {n} se dit du {at}, alors qu’un témoin ou un horodatage l’avait vue scellée le {seen}.",
               "Entry {n} says it is of {at}, whereas a witness or a time-stamp had seen it sealed on {seen}."),
    "past": ("operator", "L’entrée nº {n} se dit du {at} : elle est antidatée, car le sceau de {size} entrées, vu le {seen}, ne la contenait pas et va déjà plus loin.",
             "Entry {n} says it is of {at}: it is back-dated, since the seal of {size} entries, seen on {seen}, was without it and goes further already."),
    "notentered": ("rules", "{product}, passage nº {gate} : un go n’a pas été suivi de l’entrée dans la phase « {phase} » (entrée nº {n}).",
                   "{product}, gate {gate}: a go was not followed by the phase “{phase}” (entry {n})."),
    "phase": ("rules", "{product} : l’entrée nº {n} le met en phase « {phase} » sans qu’aucune décision l’y mène.",
              "{product}: entry {n} puts it in the phase “{phase}”, and no decision led there."),
    "opening": ("rules", "{product} : le passage nº {gate} (entrée nº {n}) ne pouvait pas être ouvert ainsi : numéro, phase de départ, échéance ou passage déjà ouvert.",
                "{product}: gate {gate} (entry {n}) could not be opened so: its number, the phase it leaves, its deadline, or another one open."),
    "electorate": ("operator", "{product}, passage nº {gate} : le corps électoral scellé n’est pas celui que dit sa partie personnelle (entrée nº {n}).",
                   "{product}, gate {gate}: the electorate sealed is not the one that its personal part tells (entry {n})."),
    "ballot": ("rules", "{product}, passage nº {gate} : l’avis de l’entrée nº {n} est d’une personne qui ne pouvait pas parler pour ce siège.",
               "{product}, gate {gate}: the ballot of entry {n} is of somebody who could not speak for that seat."),
    "voter": ("operator", "{product}, passage nº {gate} : l’avis de l’entrée nº {n} est compté à une autre personne que celle qui l’a donné.",
              "{product}, gate {gate}: the ballot of entry {n} is counted as another person’s than the one who cast it."),
    "unlawful": ("rules", "{product}, passage nº {gate} : l’entrée nº {n} ({kind}) vient quand elle ne le pouvait pas : passage clos, ou jamais ouvert.",
                 "{product}, gate {gate}: entry {n} ({kind}) comes when it could not: the gate was closed, or never opened."),
    "figures": ("rules", "{product}, passage nº {gate} : la décision (entrée nº {n}) dit {told} (go, no-go, abstentions, déports, silences) ; les avis donnent {expected}.",
                "{product}, gate {gate}: the decision (entry {n}) says {told} (go, no-go, abstentions, recusals, silent); the ballots give {expected}."),
    "outcome": ("rules", "{product}, passage nº {gate} : « {told} » (entrée nº {n}) ne suit pas des avis et de la règle ; il en suit : {expected}.",
                "{product}, gate {gate}: “{told}” (entry {n}) does not follow from the ballots and the rule; from them follows: {expected}."),
    "second": ("rules", "{product}, passage nº {gate} : la décision revue (« {told} », entrée nº {n}) ne pouvait pas l’être ainsi.",
               "{product}, gate {gate}: the decision thought again (“{told}”, entry {n}) could not be so."),
    "rules": ("hands", "Le texte des règles {digest} n’est pas celui sous lequel un passage fut ouvert.",
              "The text of the rules {digest} is not the one under which a gate was opened."),
}
KNOW = {
    "keys": ("La clé du sceau est celle que l’archive apporte : {keys}. Comparez-la avec celle des règles du comité ou du relevé fondateur, ou donnez la vôtre par --key.",
             "The seal’s key is the one that the archive brings: {keys}. Compare it with the one in the committee’s rules or its founding minutes, or give yours with --key."),
    "witnesses": ("Les témoins ({names}) et leur nombre ({quorum}) sont ceux que l’archive nomme. Comparez-les aussi, ou donnez leurs clés par --key.",
                  "The witnesses ({names}) and how many it takes ({quorum}) are those that the archive names. Compare them too, or give their keys with --key."),
    "unsealed": ("Entrées qui attendent encore leur sceau : {count}. Rien ne les prouve.", "Entries that still wait for their seal: {count}. Nothing proves them."),
    "late": ("Entrées qu’aucun témoin n’a encore vues, après {size} : {count}. Elles ne reposent que sur la clé du sceau.",
             "Entries that no witness has seen yet, after {size}: {count}. They rest on the seal’s key alone."),
    "clock": ("Aucun témoin ni horodatage : les dates sont celles de l’horloge du serveur, et l’exploitant aurait pu tout récrire avant que quelqu’un garde un sceau.",
              "No witness nor time-stamp: dates are those of the server’s clock, and whoever runs it could have rewritten everything before anybody kept a seal."),
    "dead": ("Le sceau de {size} entrées est signé d’une clé déclarée volée avant lui : il ne compte pas.",
             "The seal of {size} entries is signed with a key declared stolen before it: it does not count."),
    "foreign": ("Le sceau de {size} entrées que vous avez gardé n’est signé par aucune clé en vigueur : il ne prouve rien.",
                "The seal of {size} entries that you kept is signed by no key in force: it proves nothing."),
    "closed": ("Parties personnelles absentes, effacées ou non transmises : {count}. Leurs engagements restent scellés ; décomptes, décisions et ordre se prouvent sans elles.",
               "Personal parts absent, erased or not handed on: {count}. What they commit to stays sealed; counts, decisions and order are proved without them."),
    "public": ("Archive publique : {count} parties personnelles n’y sont pas. Décomptes, décisions et ordre se prouvent sans elles.",
               "A public archive: {count} personal parts are not in it. Counts, decisions and order are proved without them."),
    "norules": ("Le texte des règles {digest} n’est pas ici.", "The text of the rules {digest} is not here."),
    "part": ("Une preuve ne dit pas si la décision a été revue depuis, ni ce que l’on n’y a pas mis : l’archive entière le dit.",
             "A proof does not tell whether the decision was thought again since, nor what was left out of it: the whole archive does."),
    "alone": ("L’entrée nº {n} est bien sous le sceau ; les avis de son passage n’étant pas ici, rien n’est recompté.",
              "Entry {n} is under the seal; the ballots of its gate are not here, and nothing is counted again."),
    "openssl": ("La signature des horodatages reste à vérifier, ainsi : openssl ts -verify -digest {digest} -in {size}.tsr -CAfile AUTORITE.pem",
                "The signature of time-stamps is left to check, so: openssl ts -verify -digest {digest} -in {size}.tsr -CAfile AUTHORITY.pem"),
}
DECISION = (
    "→ {product}, passage nº {gate}, {origin} → {target} : {outcome}, le {at} (entrée nº {n})",
    "→ {product}, gate {gate}, {origin} → {target}: {outcome}, on {at} (entry {n})",
)
FIGURES = {
    "entries": ("entrées", "entries"), "seals": ("sceaux", "seals"), "signatures": ("signatures", "signatures"),
    "stamps": ("horodatages", "time-stamps"), "kept": ("sceaux gardés ailleurs", "seals kept elsewhere"),
    "open": ("parties personnelles conformes", "personal parts as sealed"), "gates": ("passages ouverts", "gates opened"),
    "ballots": ("avis", "ballots"), "decided": ("décisions recomptées", "decisions counted again"),
    "phases": ("phases", "phases"), "rules": ("textes des règles", "texts of rules"),
}
HEADS = {
    "whole": ("ENTIER : le registre {origin}, {size} entrées, racine {root}", "WHOLE: the register {origin}, {size} entries, root {root}"),
    "part": ("PROUVÉ : entrées du registre {origin} sous le sceau de {size}, racine {root}",
             "PROVED: entries of the register {origin} under the seal of {size}, root {root}"),
    "broken": ("PAS ENTIER : le registre {origin}, {size} entrées, racine {root}",
               "NOT WHOLE: the register {origin}, {size} entries, root {root}"),
    "unreadable": ("ILLISIBLE : ce n’est ni une archive ni une preuve ({why})", "UNREADABLE: neither an archive nor a proof ({why})"),
}


def told(pair, lang, **values):
    """A sentence in the language asked; in French, some blanks must not break."""
    text = pair[0 if lang == "fr" else 1]
    return (re.sub(" ([:;?!»])|(?<=«) ", lambda at: "\u00a0" + (at[1] or ""), text) if lang == "fr" else text).format(**values)


def verdict(report, archive, lang):
    """What is shown, as one object."""
    if report.figures["stamps"]:
        report.note("openssl", **report.stamped)
    state = "broken" if report.problems else "part" if archive.paths else "whole"
    return {
        "verdict": state,
        "sentence": told(HEADS[state], lang, origin=report.origin, size=report.size, root=report.root),
        "origin": report.origin, "size": report.size, "root": report.root, "figures": dict(report.figures),
        "decisions": report.decided if archive.paths else [],
        "problems": [
            {"code": code, **values, "sentence": told(WRONG[code][1:], lang, **values), "who": told(WHO[WRONG[code][0]], lang)}
            for code, values in report.problems
        ],
        "remarks": [{"code": code, "sentence": told(KNOW[code], lang, **values)} for code, values in report.remarks],
    }


def lines(shown, lang):
    """The same for people."""
    yield shown["sentence"]
    for one in shown["decisions"]:
        yield told(DECISION, lang, **one)
    counted = ["%s %s" % (told(pair, lang), shown["figures"][name]) for name, pair in FIGURES.items() if shown["figures"].get(name)]
    yield told(("Lu et vérifié : ", "Read and checked: "), lang) + ", ".join(counted)
    for one in shown["problems"]:
        yield f"✗ {one['sentence']}\n  {one['who']}"
    for one in shown["remarks"]:
        yield f"· {one['sentence']}"


def read(paths, entry_path):
    """An archive or a proof first; then what else was given: seals and proofs kept elsewhere."""
    others, first = [], None
    for path in paths:
        if zipfile.is_zipfile(path):
            if first:
                raise Unreadable(path)
            first = read_zip(path)
            continue
        with open(path, encoding="utf-8") as file:
            text = file.read()
        if text.startswith(FIRST_LINE) and not first:
            with open(entry_path or path, encoding="utf-8") as file:
                first = read_proof(text, file.read() if entry_path else None)
        else:
            others.append(parse_note(text.partition("\n\n")[2] if text.startswith(FIRST_LINE) else text))
    if not first:
        raise Unreadable("?")
    return first, others


READ_ERRORS = (Unreadable, OSError, ValueError, LookupError, TypeError, AttributeError, ArithmeticError, RecursionError)
READ_ERRORS += (NotImplementedError, EOFError, zipfile.BadZipFile, zlib.error)


def main(arguments=None):
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("files", nargs="+", metavar="FILE")
    parser.add_argument("--key", action="append", metavar="VKEY")
    parser.add_argument("--entry", metavar="FILE")
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--lang", choices=("fr", "en"), default="fr")
    asked = parser.parse_args(arguments)
    report = Report()
    try:
        archive, others = read(asked.files, asked.entry)
        check(archive, asked.key or [], report, others)
        shown = verdict(report, archive, asked.lang)
        text = lines(shown, asked.lang)
    except READ_ERRORS as error:
        shown = {"verdict": "unreadable", "sentence": told(HEADS["unreadable"], asked.lang, why=str(error)[:200] or type(error).__name__)}
        text = [shown["sentence"]]
    print(json.dumps(shown, ensure_ascii=False, indent=1) if asked.json else "\n".join(text))
    return {"whole": 0, "part": 0, "broken": 1}.get(shown["verdict"], 2)


if __name__ == "__main__":
    sys.exit(main())
