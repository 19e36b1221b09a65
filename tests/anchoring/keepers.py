"""A sealed register of its own, witnesses that answer in this process or over HTTP, and the round that asks them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

from app.anchoring.cosignatures import Cosigning, WitnessService
from app.anchoring.posting import Between, HttpAnswer, NotVouchedError
from app.anchoring.round import AnchorRound
from app.engine import open_database
from app.store.anchors import Anchors
from app.store.log import Log
from app.store.troubles import Troubles
from app.transparency.notes import Signer, new_signer
from app.web.server import Server
from app.witness.cosigner import Cosigner
from app.witness.door import WitnessDoor
from app.witness.ledger import CosigningLedger

ORIGIN = "registre.exemple.gouv.fr/dnum"
NOON = datetime(2026, 11, 28, 12, 0, tzinfo=UTC)


class Keeper:
    """A witness of one log; `door` is its server once `opens` was called."""

    def __init__(self, folder: Path, name: str, log: Signer, clock=lambda: NOON) -> None:
        self.signer = new_signer(name)
        self.ledger = CosigningLedger(str(folder / f"{name}.db"))
        self.cosigner = Cosigner(self.signer, {log.name: [log.key]}, self.ledger, clock)
        self.door: Server | None = None

    def opens(self, port: int = 0) -> str:
        self.door = Server(WitnessDoor(self.cosigner), "127.0.0.1", port)
        self.door.start()
        return f"http://127.0.0.1:{self.door.port}"

    def closes(self) -> None:
        if self.door:
            self.door.stop()
            self.door = None

    @property
    def key(self):
        return self.signer.witness_key

    @property
    def seen(self) -> int:
        return max((one.size for one in self.ledger.known()), default=0)


class House:
    """A register that grows by itself (`grows`), seals itself, and asks `keepers` at each `tick`; no network."""

    def __init__(self, folder: Path, url: str = "sqlite://") -> None:
        self.folder, self.now, self.signer = folder, NOON, new_signer(ORIGIN)
        self.database = open_database(url)
        self.log, self.anchors = Log(self.database), Anchors(self.database)
        self.troubles = Troubles(self.database, self.seconds)
        self.keepers: dict[str, Keeper] = {}
        self.away: set[str] = set()
        self.asked: list[tuple[str, int]] = []
        self.guarded: list[tuple[str, int]] = []
        self.quorum = 1
        self.round = self.another_round()

    def another_round(self) -> AnchorRound:
        house = self

        class Authorities:
            def stamp(self, text: str, _when: Between) -> bytes:
                house.asked.append(("tsa", len(text)))
                if "tsa" in house.away:
                    raise NotVouchedError("réponse 503")
                return b"DATE " + text.encode()

        class Named:
            quorum = property(lambda _self: house.quorum)

            def __call__(self) -> list[WitnessService]:
                return house.witnesses()

        cosigning = Cosigning(self.log.consistency, lambda: self.log.size, self.post)
        return AnchorRound(
            *(self.log, self.anchors, self.troubles, lambda: self.now, Authorities(), Named()),
            signer=self.signer,
            guard=lambda name, size: self.guarded.append((name, size)),
            cosigning=cosigning,
        )

    def seconds(self) -> float:
        return self.now.timestamp()

    def post(self, url: str, body: bytes, _kind: str) -> HttpAnswer:
        name = url.removeprefix("https://").partition("/")[0]
        if name in self.away:
            raise NotVouchedError("injoignable (ConnectTimeout)")
        reply = self.keepers[name].cosigner.add_checkpoint(body)
        self.asked.append((name, reply.status))
        return HttpAnswer(reply.status, reply.body.encode())

    def witnesses(self) -> list[WitnessService]:
        return [WitnessService(one.key, f"https://{name}") for name, one in self.keepers.items()]

    def welcomes(self, name: str, log: Signer | None = None) -> Keeper:
        self.keepers[name] = Keeper(self.folder, name, log or self.signer, lambda: self.now)
        return self.keepers[name]

    def grows(self, count: int = 1, word: str = "Essai") -> int:
        """So many entries more, and the seal over them; the size."""
        if not self.log.origin:
            self.log.open(ORIGIN, self.now)
            count -= 1
        for _ in range(count):
            self.log.event({"kind": word, "size": self.log.size}, self.now)
        made = self.log.checkpoint(self.signer, self.now)
        assert made
        return made.size

    def tick(self, **later: float) -> None:
        self.now += timedelta(**later)
        self.round.tick()

    def told(self) -> set[tuple[str, str]]:
        return {(one.kind, one.subject) for one in self.troubles.told()}

    def close(self) -> None:
        self.database.dispose()
        for one in self.keepers.values():
            one.closes()
