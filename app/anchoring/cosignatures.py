"""A witness asked to vouch for a checkpoint: what it answers, read as C2SP `tlog-witness` says."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from app.anchoring.posting import Between, HttpAnswer, NotVouchedError, Post, post_bytes
from app.transparency.notes import Key, NoteError, parse, verified
from app.transparency.witnessing import checkpoint_request, size_told

PATH = "/add-checkpoint"
KIND = "text/plain; charset=utf-8"
REASONS = {403: "ne connaît pas la clé du sceau", 404: "ne connaît pas ce registre", 429: "demande d’attendre"}
Consistency = Callable[[int, int], Sequence[bytes]]


@dataclass(frozen=True)
class WitnessService:
    """`key` is that of its cosignatures, `url` the prefix of its address."""

    key: Key
    url: str

    @property
    def name(self) -> str:
        return self.key.name


class OtherHistoryError(Exception):
    """A witness has seen another register under this name: a larger one, or another root for a size of ours.

    `size` is the larger size; 0 when it is the root that differs.
    """

    def __init__(self, witness: str, size: int) -> None:
        super().__init__(f"{witness}: {size}")
        self.witness, self.size = witness, size


class PassedError(Exception):
    """The witness has seen a later checkpoint of ours, of this size: it cosigns no former one."""

    def __init__(self, size: int) -> None:
        super().__init__(str(size))
        self.size = size


class Cosigning:
    """`consistency` gives the proof between two sizes of our log; `size` tells how long that is now."""

    def __init__(self, consistency: Consistency, size: Callable[[], int], send: Post = post_bytes) -> None:
        self._consistency, self._size, self._post = consistency, size, send

    def ask(self, witness: WitnessService, size: int, note: str, seen: int, when: Between) -> tuple[str, ...]:
        """Signature lines of a checkpoint; `seen`: the size that this witness is thought to have seen last.

        Raises NotVouchedError, PassedError or OtherHistoryError.
        """
        answer = self._send(witness, seen, size, note)
        if answer.status == 409 and (theirs := _size(answer)) != seen:
            if theirs > size:
                raise PassedError(theirs) if theirs <= self._size() else OtherHistoryError(witness.name, theirs)
            seen, answer = theirs, self._send(witness, theirs, size, note)
        if answer.status == 409 and (theirs := _size(answer)) != seen:
            raise NotVouchedError("a vu passer une autre demande entre-temps")
        if answer.status in {409, 422}:
            raise OtherHistoryError(witness.name, 0)
        if answer.status != 200:
            raise NotVouchedError(REASONS.get(answer.status, f"réponse {answer.status}"))
        return _cosignatures(witness, note, answer, when)

    def _send(self, witness: WitnessService, seen: int, size: int, note: str) -> HttpAnswer:
        proof = self._consistency(seen, size) if 0 < seen < size else ()
        return self._post(witness.url.rstrip("/") + PATH, checkpoint_request(seen, proof, note).encode(), KIND)


def _size(answer: HttpAnswer) -> int:
    theirs = size_told(answer.body.decode("ascii", errors="replace"))
    if theirs is None:
        raise NotVouchedError("refuse sans dire quelle taille il a vue")
    return theirs


def _cosignatures(witness: WitnessService, note: str, answer: HttpAnswer, when: Between) -> tuple[str, ...]:
    """The lines of this witness alone, once checked: whatever else it sent is left out."""
    try:
        found = parse(f"{parse(note).text}\n{answer.body.decode('utf-8')}")
        right = verified(found, [witness.key])
    except (NoteError, UnicodeDecodeError) as error:
        raise NotVouchedError("cosignature fausse ou illisible") from error
    if not right:
        raise NotVouchedError("réponse sans cosignature de sa clé")
    for one in right:
        when.holds(one.time)
    mine = (one for one in found.signatures if one.name == witness.name and one.data.startswith(witness.key.id))
    return tuple(dict.fromkeys(one.line for one in mine))
