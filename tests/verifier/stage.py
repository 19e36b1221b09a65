"""A sealed register made in memory, its archive, and the outsider's tool run on it as a stranger would run it."""

from __future__ import annotations

import importlib.util
import io
import json
import sys
from contextlib import redirect_stdout
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zipfile import ZipFile

from app.engine import open_database
from app.reports.proof_files import Trusted, decision_proof, write_bundle
from app.store.log import Log
from app.store.register import Register
from app.transparency.notes import Signer, parse
from app.yaml_documents import as_kept, digest_of
from tests.builders import SMALL, a_small_policy, at_gate, voting

ROOT = Path(__file__).parent.parent.parent
ORIGIN = "registre.exemple.gouv.fr/dnum"
T0 = datetime(2026, 1, 5, 9, tzinfo=UTC)
KEY, NEXT_KEY, STRANGER = (Signer(ORIGIN, bytes([seed]) * 32) for seed in (1, 2, 3))
WITNESSES = tuple(Signer(f"temoin{seed}.exemple.fr", bytes([seed]) * 32) for seed in (4, 5))


def _loaded(name: str):
    """As a file of its own, part of no package: under another name than the folder's, which others import from."""
    alone = f"{name}_alone"
    spec = importlib.util.spec_from_file_location(alone, ROOT / "verifier" / f"{name}.py")
    module = importlib.util.module_from_spec(spec)
    sys.modules[alone] = module
    spec.loader.exec_module(module)
    return module


verifier = _loaded("verifier")


@dataclass
class Stage:
    """One register, its log open from the first day; each decision is sealed as it is taken."""

    folder: Path
    policy: object = field(default_factory=a_small_policy)
    witnesses: tuple = ()
    signer: Signer = KEY
    trust: Trusted = None
    count: int = 0

    def __post_init__(self):
        self.database = open_database("sqlite:///:memory:" if self.folder is None else f"sqlite:///{self.folder}/j.db")
        self.register, self.log = Register(self.database), Log(self.database)
        self.log.open(ORIGIN, T0 - timedelta(days=1))
        keys = tuple(one.witness_key.vkey for one in self.witnesses)
        self.trust = self.trust or Trusted((KEY.key.vkey,), keys, len(keys))

    def holds(self, facts, number=0, repository="dnum/produits"):
        """One more product with these facts; what proves its place comes with them."""
        self.count += 1
        number = number or self.count
        return self.register.append(f"I_{number}", (repository, number), 0, tuple(facts), "d")

    def seals(self, at=T0 + timedelta(days=40), cosigned=True):
        found = self.log.checkpoint(self.signer, at)
        for witness in self.witnesses if cosigned else ():
            self.log.add_cosignature(found.size, witness.cosign(parse(found.note).text, int(at.timestamp())))
        return found

    def bundle(self, name="registre.zip", **asked) -> Path:
        path = self.folder / name
        texts = {digest_of(SMALL): as_kept(SMALL)}
        with path.open("wb") as file:
            write_bundle(
                file,
                self.log,
                lambda digests: {one: texts[one] for one in texts if one in digests},
                self.trust,
                name,
                **asked,
            )
        return path

    def proof(self, history, gate=1, name="decision.tlog-proof") -> Path:
        path = self.folder / name
        path.write_text(decision_proof(self.log, history, gate).text(self.trust, ORIGIN), encoding="utf-8")
        return path


def said(*arguments, lang="fr"):
    """Its status, and what it says as an object."""
    told = io.StringIO()
    with redirect_stdout(told):
        status = verifier.main([*map(str, arguments), "--json", "--lang", lang])
    return status, json.loads(told.getvalue())


def codes(found):
    return [one["code"] for one in found[1]["problems"]]


def altered(path: Path, change, name="entries.jsonl") -> Path:
    """A copy of an archive with the lines of one file changed."""
    other = path.with_name(f"altered-{path.name}")
    with ZipFile(path) as before, ZipFile(other, "w") as after:
        for one in before.namelist():
            data = before.read(one)
            if one == name:
                lines = change(data.decode(errors="replace").splitlines())
                data = "".join(f"{line}\n" for line in lines).encode()
            after.writestr(one, data)
    return other


def a_decided(policy=None, votes=None, **more):
    policy = policy or a_small_policy()
    words = votes or {"techno": "/go", "secu": "/go", "design": "/go"}
    return voting(at_gate(policy), policy, words, **more).history


def judged(database, folder, now):
    """What is wrong, for an outsider, in all that a register holds; sealed for that, if it is not yet."""
    log = Log(database)
    if not log.origin:
        log.open(ORIGIN, now)
    signer = KEY if log.origin == ORIGIN else None
    if signer:
        log.checkpoint(signer, now)
    if not log.latest() or log.wanted:
        return []
    path = Path(folder) / "jugement.zip"
    with path.open("wb") as file:
        write_bundle(file, log, lambda digests: {}, Trusted())
    told = said(path)[1]
    problems = told.get("problems", [{"code": "", "sentence": told["sentence"]}])
    return [one["sentence"] for one in problems if one["code"] not in {"unsigned", "key"}]
