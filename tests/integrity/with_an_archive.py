"""Adversaries who hand an archive over to an outsider, or a seal to a witness; some hold the seal's key itself."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import timedelta
from itertools import groupby
from operator import attrgetter
from pathlib import Path
from zipfile import ZipFile

from app.domain.product.facts import BallotCast, Fact, GateDecided
from app.engine import open_database
from app.reports.proof_files import Trusted, write_bundle
from app.store.log import Log
from app.store.log_keys import hand_over, seal_again
from app.store.register import Register
from app.transparency.key_ring import THEFT, KeyChange
from app.transparency.notes import Checkpoint, Signer, note, parse
from app.transparency.witnessing import checkpoint_request
from app.witness.cosigner import Cosigner
from app.witness.ledger import CosigningLedger
from tests.integrity.scene import Scene, Seen, adversary, verifier
from tests.stage import SIGNER

VERIFIER, KEPT, WITNESS = "`verifier.py`", "`verifier.py`, devant un sceau gardé", "Un témoin"
VOUCHING = Signer("temoin.exemple.gouv.fr", bytes(range(1, 33)))
STRANGER, NEW = Signer(SIGNER.name, bytes(range(2, 34))), Signer(SIGNER.name, bytes(range(3, 35)))
MONTH = timedelta(days=30)


def histories(play: Scene) -> list[tuple[tuple[str, int, str], tuple[Fact, ...]]]:
    """Every product where it is, with its facts, their seals taken off."""
    found = groupby(play.stage.register.entries(), key=attrgetter("repository", "number", "product"))
    return [(place, tuple(replace(one.fact, sealed=None) for one in entries)) for place, entries in found]


def rewritten(play: Scene, change: Callable[[Fact], Fact], *, more: int = 0) -> Log:
    """The whole register written anew by whoever holds the server: another database, another tree, sealed again.

    `more`: facts of one product more.
    """
    engine = open_database(f"sqlite:///{play.folder}/forged.db")
    log, register = Log(engine), Register(engine)
    log.open(SIGNER.name, play.stage.now - timedelta(days=1))
    for (repository, number, product), facts in histories(play):
        register.append(product, (repository, number), 0, tuple(map(change, facts)), "d")
    register.append("I_autre", ("dnum/produits", 99), 0, histories(play)[0][1][:more], "d")
    log.checkpoint(SIGNER, play.stage.now)
    return log


def otherwise(kind: type[Fact], **fields: object) -> Callable[[Fact], Fact]:
    return lambda fact: replace(fact, **fields) if isinstance(fact, kind) else fact


def archived(play: Scene, log: Log, *, witnesses: Iterable[Signer] = (), signer: Signer = SIGNER) -> Path:
    """What outsiders are handed."""
    path = play.folder / "registre.zip"
    keys = tuple(one.witness_key.vkey for one in witnesses)
    with path.open("wb") as file:
        write_bundle(file, log, lambda _: {}, Trusted((signer.key.vkey,), keys, len(keys)), path.name)
    return path


def changed(path: Path, change: Callable[[list[str]], list[str]]) -> Path:
    """The same archive, the lines of its entries changed on the way."""
    other = path.with_name("change.zip")
    with ZipFile(path) as before, ZipFile(other, "w") as after:
        for name in before.namelist():
            data = before.read(name)
            lines = change(data.decode().splitlines()) if name == "entries.jsonl" else []
            after.writestr(name, "".join(f"{line}\n" for line in lines).encode() if lines else data)
    return other


def kept(play: Scene) -> Path:
    """The newest seal, as somebody keeps it: out of a decision, of a week's digest, of a mail."""
    path = play.folder / "sceau.txt"
    path.write_text(play.stage.log.checkpoints()[-1].note, encoding="utf-8")
    return path


def cosigned(play: Scene, log: Log) -> Log:
    """A witness saw the newest seal now."""
    found = log.checkpoints()[-1]
    log.add_cosignature(found.size, VOUCHING.cosign(parse(found.note).text, int(play.stage.now.timestamp())))
    return log


@adversary("m", sealed=True)
def rewrites_all_with_the_seal_s_key(play: Scene) -> Seen:
    play.decided()
    seal = kept(play)
    forged = rewritten(play, otherwise(BallotCast, reason="tout autre chose"))
    seen = verifier(archived(play, forged), seal)
    return {KEPT: seen, VERIFIER: verifier(archived(play, forged, witnesses=[VOUCHING]))}


@adversary("n", sealed=True)
def hands_over_a_register_cut_at_its_end(play: Scene) -> Seen:
    play.decided()
    return {VERIFIER: verifier(changed(archived(play, play.stage.log), lambda lines: lines[:-2]))}


@adversary("o", sealed=True)
def changes_an_archive_on_its_way(play: Scene) -> Seen:
    play.decided()

    def change(lines: list[str]) -> list[str]:
        return [one.replace('\\"choice\\":\\"go\\"', '\\"choice\\":\\"nogo\\"') for one in lines]

    return {VERIFIER: verifier(changed(archived(play, play.stage.log), change))}


@adversary("p", sealed=True)
def changes_a_personal_part(play: Scene) -> Seen:
    play.decided()

    def change(lines: list[str]) -> list[str]:
        told = [json.loads(line) for line in lines]
        next(one for one in told if '"GateDecided"' in one["entry"])["personal"]["by"] = "quelquun-d-autre"
        return [json.dumps(one, ensure_ascii=False) for one in told]

    return {VERIFIER: verifier(changed(archived(play, play.stage.log), change))}


@adversary("q", sealed=True)
def signs_a_register_of_one_s_own(play: Scene) -> Seen:
    play.decided()
    forged = rewritten(play, otherwise(BallotCast, choice="go"))
    seal_again(forged._engine, 0, STRANGER)
    return {VERIFIER: verifier(archived(play, forged), "--key", SIGNER.key.vkey)}


@adversary("r", sealed=True)
def seals_with_a_stolen_key(play: Scene) -> Seen:
    """The key is declared dead from the last seal known to be ours; the thief goes on signing with it."""
    play.decided()
    log = play.stage.log
    last = log.checkpoints()[-1].size
    change = KeyChange(log.size, SIGNER.key, NEW.key, THEFT, dead_from=last)
    hand_over(log._engine, change.event, play.stage.now, [NEW])
    cosigned(play, log)
    stolen = Checkpoint(SIGNER.name, log.size, log.root()).text
    path = changed_seal(archived(play, log, signer=NEW), log.size, note(stolen, [SIGNER.sign(stolen)]))
    return {VERIFIER: verifier(path)}


def changed_seal(path: Path, size: int, text: str) -> Path:
    other = path.with_name("vole.zip")
    with ZipFile(path) as before, ZipFile(other, "w") as after:
        for name in before.namelist():
            after.writestr(name, text.encode() if name == f"checkpoints/{size}.txt" else before.read(name))
    return other


@adversary("s", sealed=True)
def back_dates_a_decision_with_the_seal_s_key(play: Scene) -> Seen:
    """A witness saw what had been sealed until then; the decision written since says that it is older."""
    play.at_gate("techno", "archi", "communs", "design", "data")
    log = play.stage.log
    log.checkpoint(SIGNER, play.stage.now)
    cosigned(play, log)
    product, history = play.product, play.stage.register.history(play.product)
    late = GateDecided(
        at=play.stage.now - MONTH, by="secretariat", cause="comment:1:close", gate=1, outcome="go",
        go=5, nogo=0, abstain=0, recused=0, silent=5, policy="x", counting=2,
    )  # fmt: skip
    play.stage.register.append(product, ("dnum/produits", play.number), len(history), (late,), "d")
    log.checkpoint(SIGNER, play.stage.now)
    return {VERIFIER: verifier(archived(play, log, witnesses=[VOUCHING]))}


@adversary("t", sealed=True)
def seals_a_decision_that_no_vote_gave(play: Scene) -> Seen:
    """The operator writes it in the register, and seals it with the right key: the outsider counts again."""
    play.at_gate("techno")
    forged = GateDecided(
        at=play.stage.now, by="secretariat", cause="comment:1:close", gate=1, outcome="go",
        go=7, nogo=0, abstain=0, recused=0, silent=3, policy="x", counting=2,
    )  # fmt: skip
    history = play.stage.register.history(play.product)
    play.stage.register.append(play.product, ("dnum/produits", play.number), len(history), (forged,), "d")
    play.stage.log.checkpoint(SIGNER, play.stage.now)
    return {VERIFIER: verifier(archived(play, play.stage.log))}


@adversary("u", sealed=True)
def shows_two_registers_to_two_readers(play: Scene) -> Seen:
    play.decided()
    log, signed = play.stage.log, play.stage.log.checkpoints()[-1]
    witness = Cosigner(
        VOUCHING, {SIGNER.name: [SIGNER.key]}, CosigningLedger(str(play.folder / "temoin.db")), lambda: play.stage.now
    )
    assert witness.add_checkpoint(checkpoint_request(0, (), signed.note).encode()).status == 200
    forged = rewritten(play, otherwise(GateDecided, outcome="nogo"), more=2)
    asked = checkpoint_request(signed.size, forged.consistency(signed.size, forged.size), forged.checkpoints()[-1].note)
    reply = witness.add_checkpoint(asked.encode())
    assert log.size < forged.size
    return {WITNESS: f"{reply.status} {reply.body}", KEPT: verifier(archived(play, forged), kept(play))}


@adversary("v", sealed=True)
def invents_ballots_with_every_key(play: Scene) -> Seen:
    """The operator, with the App's key and the seal's: lawful ballots, said to come from somebody else's comment."""
    play.at_gate("techno")
    cast = next(one for one in play.stage.register.history(play.product) if isinstance(one, BallotCast))
    for seat in play.stage.policies.of("dnum/produits").committee.seats:
        if seat.holder in {"archi", "communs", "design", "data", "secu"}:
            history, account = play.stage.register.history(play.product), play.world.people[seat.holder]
            cause = f"comment:{cast.comment}:{seat.holder}"
            invented = replace(cast, by=seat.holder, by_id=account.id, cause=cause, seats=(seat.id,), sealed=None)
            play.stage.register.append(play.product, ("dnum/produits", play.number), len(history), (invented,), "d")
    play.says("transfo", "/go")
    assert play.phase == "phase: poc"
    reader = {
        "GITHUB_API_URL": play.stage.hub.url,
        "GITHUB_TOKEN": "sandbox-visiteur",
        "JALON_BOT": play.world.bot.removesuffix("[bot]"),
        "JALON_REGISTER_KEYS": SIGNER.key.vkey,
    }
    words = ("witness", "read", "--repository", "dnum/produits", "--state", str(play.folder / "vu.json"))
    return {"`jalon witness read`": play.command(*words, environment=reader)}


@adversary("j2", sealed=True)
def gives_a_seat_for_the_time_of_one_opening(play: Scene) -> Seen:
    """The rules are put back at once, and the history of the repository may be rewritten: their text was kept."""
    play.rules("holder: secu", "holder: chef-produit")
    play.at_gate()
    play.rules("holder: chef-produit", "holder: secu")
    play.stage.decided(play.number, seats=("techno", "archi", "communs", "design", "data", "transfo"))
    play.stage.log.checkpoint(SIGNER, play.stage.now)
    path = play.folder / "registre.zip"
    play.command("register", "bundle", "-o", str(path))
    with ZipFile(path) as archive:
        texts = [archive.read(name).decode() for name in archive.namelist() if name.startswith("rules/")]
    return {"Les règles dans l’archive (`rules/`)": "\n".join(texts), VERIFIER: verifier(path)}
