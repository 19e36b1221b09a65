"""Pages by which nobody has to believe us: one decision and how to check it again, the seal of the whole register."""

from __future__ import annotations

import io
import threading
from dataclasses import dataclass, field

from flask import Blueprint, Response, abort, make_response

from app.domain.product.facts import GateWithdrawn, History
from app.domain.report.portfolio import ProductRow
from app.domain.report.product_file import product_file
from app.reports.by_hand import manual_steps
from app.reports.proof_files import (
    VERIFIER,
    NoProofError,
    Proved,
    Trusted,
    decision_proof,
    endings,
    trusted,
    trusted_keys,
    write_bundle,
)
from app.shipped_files import asset
from app.store.log import Log
from app.store.policy_store import PolicyStore
from app.transparency.notes import NoteError, Signer, read_signer
from app.web.context import PageContext, page, product_row, visit
from app.web.services import services

routes = Blueprint("proofs", __name__)


@routes.get("/produit/<owner>/<name>/<int:number>/preuve/<int:gate>")
def decision(owner: str, name: str, number: int, gate: int) -> str:
    """What was sealed of one decision, what that proves, and the commands by which anybody proves it again."""
    row, here = product_row(owner, name, number), visit()
    history = _history(row)
    if gate not in sealable(history):
        abort(404)
    shown = next((one for one in product_file(history, here.policy, here.now).gates if one.number == gate), None)
    found = _proved(history, gate)
    keys = trusted_keys(_log(), _trusted(here))
    steps = manual_steps(found, keys) if isinstance(found, Proved) else ()
    return page("proof.html", row=row, gate=shown, number=gate, found=found, steps=steps, keys=keys)


@routes.get("/produit/<owner>/<name>/<int:number>/preuve/<int:gate>.tlog-proof")
def proof_file(owner: str, name: str, number: int, gate: int) -> Response:
    """The same as one file, for the tool that everybody may take."""
    row, here = product_row(owner, name, number), visit()
    history = _history(row)
    found = _proved(history, gate) if gate in sealable(history) else None
    if not isinstance(found, Proved):
        abort(404)
    text = found.text(_trusted(here), _log().origin)
    return _file(text.encode(), "text/plain; charset=utf-8", f"decision-{number}-{gate}.tlog-proof")


@routes.get("/verifier.py")
def tool() -> Response:
    """To everybody: it holds nothing of anybody, and whoever was given an archive needs it."""
    answer = make_response(asset(VERIFIER).read_bytes())
    answer.headers["Content-Type"] = "text/plain; charset=utf-8"
    return answer


@routes.get("/registre")
def register() -> str:
    """The newest seal of the register, the keys that sign it, and the archive for whoever may read all it tells of."""
    here, log = visit(), _log()
    seal = log.latest()
    return page(
        "register.html", seal=seal, size=log.size, trust=_trusted(here), may_take=bool(seal) and _reads_all(here)
    )


@routes.get("/registre-public.zip")
def archive() -> Response:
    """Without the personal parts: links and answers given to one seat alone are in them."""
    here, log = visit(), _log()
    if not (log.latest() and _reads_all(here)):
        abort(404)
    return _file(_kept.of(log, _trusted(here)), "application/zip", "registre-public.zip")


def sealable(history: History) -> frozenset[int]:
    """The gates that ended: those of which there is a page."""
    return frozenset(getattr(fact, "gate", 0) for fact in endings(history))


def sealed_gates(history: History) -> frozenset[int]:
    """Those of them that were decided, where that has its place in the log."""
    decided = [fact for fact in endings(history) if fact.sealed and not isinstance(fact, GateWithdrawn)]
    return frozenset(getattr(fact, "gate", 0) for fact in decided)


def _history(row: ProductRow) -> History:
    return services().portfolio_cache.history(row.repository, row.number)


def _proved(history: History, gate: int) -> Proved | str:
    """What proves it, or why nothing does yet."""
    try:
        return decision_proof(_log(), history, gate)
    except NoProofError as error:
        return error.why


def _log() -> Log:
    return Log(services().register.engine)


def _trusted(here: PageContext) -> Trusted:
    return trusted([here.policy], _signer())


def _signer() -> Signer | None:
    key = services().settings.seal_key
    try:
        return read_signer(key) if key else None
    except NoteError:  # told where the process starts
        return None


def _reads_all(here: PageContext) -> bool:
    """One log holds every backlog: whoever may not read one of them is not given what tells of it."""
    return set(here.repositories) >= set(services().portfolio_cache.repositories())


@dataclass
class _Archive:
    """The last archive made, until something is sealed, cosigned or stamped: making it reads the whole register."""

    lock: threading.Lock = field(default_factory=threading.Lock)
    key: object = None
    made: bytes = b""

    def of(self, log: Log, trust: Trusted) -> bytes:
        seals = log.checkpoints()
        key = (log.origin, log.size, trust, tuple((one.whole, bool(one.stamp)) for one in seals))
        with self.lock:
            if self.key != key:
                file = io.BytesIO()
                texts = PolicyStore(services().register.engine).texts
                write_bundle(file, log, texts, trust, "registre-public.zip", public=True)
                self.key, self.made = key, file.getvalue()
            return self.made


_kept = _Archive()


def _file(made: bytes, kind: str, name: str) -> Response:
    answer = make_response(made)
    answer.headers["Content-Type"] = kind
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer
