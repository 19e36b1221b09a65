"""The seal of the demonstration: a key made on the spot, and a decision proved by its issue alone."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from app.demo.running import write_private
from app.demo.scenario import Scene, StoryError
from app.demo.steps import Act
from app.domain.product import history_in_comments
from app.domain.product.facts import GateDecided, History
from app.domain.product.issue import Comment
from app.domain.product.proof import unpacked
from app.github import markers
from app.store.database import open_database
from app.store.log import Log
from app.transparency.notes import NoteError, new_signer, parse_vkey, read_signer, signer_text
from app.transparency.placed import entry_of
from app.transparency.proofs import check_proof, parse_proof

NAME, FILE = "demonstration.jalon.exemple/registre", "sceau.key"


def seal_demo(folder: Path, database: str, now: Callable[[], datetime]) -> dict[str, str]:
    """What has the App seal."""
    made_key(folder)
    engine = open_database(database)
    try:
        log = Log(engine)
        if not log.origin:
            log.open(NAME, now())
    finally:
        engine.dispose()
    return {"JALON_SEAL_KEY_FILE": str(folder.resolve() / FILE)}


def made_key(folder: Path) -> str:
    """What the rules tell of the key; that of a folder kept between two trials stays, as its register does."""
    path = folder.resolve() / FILE
    if not path.exists():
        write_private(path, f"{signer_text(new_signer(NAME))}\n")
    return read_signer(path.read_text(encoding="utf-8")).key.vkey


def proves_decision(product: str) -> Act:
    """Whoever has the issue and the key proves the decision: no server, no database is asked anything."""

    def act(scene: Scene) -> None:
        scene.app.settle()
        comments, key = tuple(_comments(scene, product)), scene.app.seal_key()
        history = history_in_comments.restored_history(comments).history
        try:
            n, size = _proved(comments, history, key)
        except (ValueError, LookupError) as error:
            raise StoryError(f"la décision de {product} devait se prouver avec son seul ticket : {error}") from error
        scene.tell(f"    ✓ le ticket de {product} et la clé suffisent : sa décision est l’entrée n° {n} d’un registre")
        scene.tell(f"      qui en avait {size} quand il fut signé, et pas un mot n’en a changé")
        if not _is_refused(comments, history, key):
            raise StoryError(f"la décision de {product}, changée d’une voix, ne devait plus se prouver")
        scene.tell("    ✓ d’une voix de plus pour le go, la même preuve ne tient plus")

    return act


def _is_refused(comments: Iterable[Comment], history: History, key: str) -> bool:
    forged = [replace(fact, go=fact.go + 1) if isinstance(fact, GateDecided) else fact for fact in history]
    try:
        _proved(comments, tuple(forged), key)
    except NoteError:
        return True
    return False


def _comments(scene: Scene, product: str) -> Iterable[Comment]:
    for one in scene.shown(product).comments:
        trace = markers.read_marker(one.body) if one.author.endswith("[bot]") else None
        at = datetime.fromisoformat(one.changed)
        yield Comment(one.id, "", one.body, one.author, at, by_bot=True, trace=trace)


def _proved(comments: Iterable[Comment], history: History, key: str) -> tuple[int, int]:
    """The number of the last decision's entry, and the size of the register that it was proved to be in."""
    seals = [one.trace.seal for one in comments if one.trace and one.trace.seal]
    proof = parse_proof(unpacked(seals[-1]).proof)
    ranks = {fact.sealed.n: rank for rank, fact in enumerate(history, 1) if fact.sealed}
    rank = ranks[proof.n]
    check_proof(proof, entry_of(proof.checkpoint.origin, history, rank).encode(), [parse_vkey(key)])
    return proof.n, proof.checkpoint.size
