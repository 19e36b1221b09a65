"""What outsiders are given to check without us: the whole register as one archive, one decision as one file."""

from __future__ import annotations

import base64
import json
import zlib
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import IO, Any
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from app.domain.policy.model import Policy
from app.domain.product.facts import (
    AccountsBound,
    BallotCast,
    BallotVoided,
    Fact,
    GateDecided,
    GatePostponed,
    GateRequested,
    GateWithdrawn,
    History,
    PhaseEntered,
    RecusalEnded,
)
from app.domain.product.second_thought_facts import DecisionOverridden, DecisionRectified
from app.shipped_files import asset
from app.store.log import Log, LogRow, SignedCheckpoint
from app.transparency import entries, proofs
from app.transparency.notes import Key, Signer, parse_vkey

VERIFIER = "verifier/verifier.py"
Rules = Callable[[Collection[str]], Mapping[str, bytes]]
"""The texts of the rules that have these digests."""
REPLAYED = (
    *(GateRequested, AccountsBound, BallotCast, BallotVoided, RecusalEnded, GatePostponed, GateWithdrawn),
    *(GateDecided, DecisionRectified, DecisionOverridden, PhaseEntered),
)
"""What a gate is decided again from."""
ENDINGS = (GateDecided, DecisionOverridden, GateWithdrawn)
README = """\
REGISTRE SCELLÉ DES DÉCISIONS

Pour savoir s’il est entier, sans réseau et sans nous croire :

    python3 verifier.py {name}

Python 3.9 ou plus récent suffit. « ENTIER » : chaque fait est celui qui fut scellé, à sa place, et chaque décision
recomptée depuis ses avis est celle qui fut publiée. Comparez la clé qu’il affiche avec celle des règles du comité
(« register: keys ») ou du relevé fondateur, ou donnez-la : --key CLÉ. Un sceau gardé ailleurs (bilan de la semaine,
commentaire de décision) se compare ainsi : python3 verifier.py {name} SCEAU.txt

entries.jsonl   les entrées, une par ligne : ce qui est scellé en clair, la partie personnelle et son sel
checkpoints/    les sceaux (notes signées) et leurs horodatages (.tsr)
rules/          les textes des règles, nommés par leur SHA-256
keys.json       les clés, les témoins et combien il en faut
verifier.py     ce qui vérifie, lisible d’une traite

A SEALED REGISTER OF DECISIONS. To know whether it is whole, without a network and without believing us:
python3 verifier.py {name} --lang en
"""


class NoProofError(Exception):
    """There is nothing to prove a decision by yet; `why` is unsealed, unsigned, unknown or open."""

    def __init__(self, why: str) -> None:
        self.why = why
        super().__init__(why)


@dataclass(frozen=True)
class Trusted:
    """By what a register is checked: the keys that sign it, the witnesses, and how many of them must vouch."""

    keys: tuple[str, ...] = ()
    witnesses: tuple[str, ...] = ()
    quorum: int = 0

    def told(self, origin: str, *, public: bool = False) -> dict[str, Any]:
        found = {"origin": origin, "keys": self.keys, "witnesses": self.witnesses, "quorum": self.quorum}
        return found | ({"public": True} if public else {})


def trusted(rules: Iterable[Policy], signer: Signer | None) -> Trusted:
    """What the rules of the committees say, all together; where they name no key, the one that seals here."""
    sections = [policy.register for policy in rules]
    keys = dict.fromkeys(key for one in sections for key in one.keys)
    witnesses = dict.fromkeys(witness.key for one in sections for witness in one.witnesses)
    own = (signer.key.vkey,) if signer else ()
    return Trusted(tuple(keys) or own, tuple(witnesses), max((one.quorum for one in sections), default=0))


def trusted_keys(log: Log, trust: Trusted) -> tuple[Key, ...]:
    """The keys that are trusted, those that the log's own entries name, and the witnesses."""
    events = (entries.read_entry(text)["event"] for text in log.events())
    named = [event[name] for event in events for name in ("former", "new") if name in event]
    return tuple(map(parse_vkey, dict.fromkeys((*trust.keys, *named, *trust.witnesses))))


def write_bundle(
    file: IO[bytes], log: Log, rules: Rules, trust: Trusted, name: str = "registre.zip", *, public: bool = False
) -> int:
    """The whole register as an archive; how many entries it holds."""
    wanted, count = set[str](), 0
    with ZipFile(file, "w", ZIP_DEFLATED) as archive:
        with archive.open(_named("entries.jsonl"), "w", force_zip64=True) as lines:
            for row in log.entries():
                count += 1
                lines.write(f"{json.dumps(_line(row, public=public), ensure_ascii=False)}\n".encode())
                wanted |= {str(entries.read_entry(row.entry).get("fact", {}).get("rules", ""))}
        for seal in log.checkpoints():
            archive.writestr(_named(f"checkpoints/{seal.size}.txt"), seal.whole)
            if seal.stamp:
                archive.writestr(_named(f"checkpoints/{seal.size}.tsr"), seal.stamp)
        for digest, text in sorted(rules(wanted).items()):
            archive.writestr(_named(f"rules/{digest}.yml"), text)
        archive.writestr(_named("keys.json"), json.dumps(trust.told(log.origin, public=public), indent=1))
        archive.writestr(_named("verifier.py"), asset(VERIFIER).read_bytes())
        archive.writestr(_named("LISEZ-MOI.txt"), README.format(name=name))
    return count


def _named(name: str) -> ZipInfo:
    """Without a date of its own: the same register gives the same archive."""
    info = ZipInfo(name)
    info.compress_type = ZIP_DEFLATED
    return info


def _line(row: LogRow, *, public: bool = False) -> dict[str, Any]:
    personal = None if public or row.personal is None else json.loads(row.personal)
    return {"entry": row.entry, "personal": personal, "salt": None if public else row.salt}


@dataclass(frozen=True)
class Proved:
    """One decision with what proves it: its entry, its checkpoint, and all that it is decided again from."""

    n: int
    row: LogRow
    path: tuple[bytes, ...]
    seal: SignedCheckpoint
    others: tuple[tuple[LogRow, tuple[bytes, ...]], ...] = field(default=(), repr=False)

    @property
    def plain(self) -> str:
        """The proof alone, as C2SP writes it."""
        return proofs.proof_text(self.n, self.path, self.seal.whole)

    def text(self, trust: Trusted, origin: str) -> str:
        """The same with all the rest on its line « extra », which others leave aside."""
        every = ((self.row, self.path), *self.others)
        told = {
            "keys": trust.told(origin),
            "entries": [_line(row) | {"path": [_text(step) for step in path]} for row, path in every],
        }
        if self.seal.stamp:
            told["stamp"] = _text(self.seal.stamp)
        packed = zlib.compress(json.dumps(told, ensure_ascii=False).encode(), 9)
        first, _, rest = self.plain.partition("\n")
        return f"{first}\nextra {_text(packed)}\n{rest}"


def decision_proof(log: Log, history: History, gate: int) -> Proved:
    """What proves how a gate ended; raises NoProofError while nothing does."""
    facts = [fact for fact in history if isinstance(fact, REPLAYED) and getattr(fact, "gate", None) == gate]
    ending = next((fact for fact in facts if isinstance(fact, ENDINGS)), None)
    if ending is None:
        raise NoProofError("open" if facts else "unknown")
    if ending.sealed is None:
        raise NoProofError("unsealed")
    n, numbers = ending.sealed.n, [fact.sealed.n for fact in facts if fact.sealed]
    seal = log.covering(max(numbers)) or log.covering(n)
    if seal is None or seal.size > log.size:
        raise NoProofError("unsigned")
    events = [entries.read_entry(text)["n"] for text in log.events()]
    others = [one for one in (*events, *numbers) if one != n and one < seal.size]

    def of(number: int) -> tuple[LogRow, tuple[bytes, ...]]:
        return next(log.entries(number)), log.inclusion(number, seal.size)

    row, path = of(n)
    return Proved(n, row, path, seal, tuple(map(of, others)))


def endings(history: History) -> Sequence[Fact]:
    """The facts by which gates ended, in order: what may be proved."""
    return [fact for fact in history if isinstance(fact, ENDINGS)]


def _text(data: bytes) -> str:
    return base64.b64encode(data).decode()
