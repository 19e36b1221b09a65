"""Builds one running Jalon from its settings: every room, connected."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import cached_property
from urllib.parse import urlsplit

from app.anchoring.round import AnchorRound
from app.anchoring.ruled import RuledWitnesses
from app.engine import Inbox, Worker, open_database
from app.engine.catalogue_watch import CatalogueWatch
from app.engine.catchup import CatchUp
from app.engine.courier import Courier
from app.engine.installation_watch import InstallationWatch
from app.engine.pulse import Pulse
from app.engine.reminders import Reminders
from app.engine.schedules import Schedules
from app.engine.seal_watch import SealWatch
from app.engine.sweep import Sweep
from app.github.apply import apply
from app.github.backlog import ACTIONS
from app.github.boards import Boards
from app.github.budget import Budget
from app.github.changes import Together, at_once
from app.github.client import Client
from app.github.policies import Policies
from app.reports.watch import DigestWatch
from app.sending.links import DigestLinks
from app.sending.newsroom import Newsroom
from app.sending.writer import Writer
from app.settings import Settings, SettingsError, avoid_proxy_on_this_machine, web_url
from app.store.anchors import Anchors
from app.store.catalogue_store import Catalogues, CatalogueStore
from app.store.key_values import KeyValues
from app.store.log import Log
from app.store.log_check import LogFlaw, flaws
from app.store.needs import Needs
from app.store.outbox import Outbox
from app.store.policy_store import PolicyStore
from app.store.presents import Presents
from app.store.rate_limits import LedgerInDatabase
from app.store.register import Register, Seal
from app.store.reminder_log import ReminderLog
from app.store.sessions import Absences, Sessions
from app.store.shown_seals import ShownSeals
from app.store.troubles import Troubles
from app.transparency.notes import NoteError, Signer, read_signer
from app.turns.catalogue_turn import CatalogueTurn
from app.turns.departure_turn import DepartureTurn
from app.turns.fork_guard import ForkGuard
from app.turns.label_turn import LabelTurn
from app.turns.memory import Memory
from app.turns.place_turn import PlaceTurn
from app.turns.policy_turn import PolicyTurn
from app.turns.product_turn import Applier, ProductTurn
from app.turns.session_turn import SessionTurn
from app.turns.surroundings import Neighbourhood
from app.turns.turns import Turns, TurnsOfClient

MEMORY, SERVER_MEMORY = timedelta(days=3), timedelta(days=7)
"""How long GitHub can redeliver a webhook: on github.com and data-residency hosts, and on one's own server."""


Clock = Callable[[], datetime]


def utc_now() -> datetime:
    return datetime.now(UTC)


class Jalon:
    """The services shared by the web and the command line, all with one clock: this machine's unless given."""

    def __init__(
        self,
        settings: Settings,
        clock: Clock | None = None,
        applier: Applier = apply,
        together: Together | None = at_once,
    ) -> None:
        """`applier` makes one effect, `together` those of a turn in one call; None: each by a call of its own."""
        if settings.is_rehearsal:
            avoid_proxy_on_this_machine()
        self.settings, self.clock = settings, clock or utc_now
        self.database = open_database(settings.database_url)
        self.register = Register(self.database)
        self.log = Log(self.database)
        self.signer = _signer(settings)
        self.shown_seals = ShownSeals(self.log, self.signer, self.clock)
        self.needs = Needs(self.register)
        self.inbox = Inbox(self.database)
        self.troubles = Troubles(self.database)
        self.guard = ForkGuard(self.log, self.signer, self.troubles)
        self.ledger = LedgerInDatabase(self.database, self._seconds)
        self.pulse, budget = Pulse(), Budget(self.ledger, self._seconds, foresees=not settings.is_rehearsal)
        self.client = Client(settings, budget, self.pulse.sign)
        self.policy_store = PolicyStore(self.database)
        self.policies = Policies(self.client, self.policy_store)
        self.catalogue_store = CatalogueStore(self.database)
        self.catalogues = Catalogues(self.catalogue_store)
        self.boards = Boards(self.client, settings.board, self._seconds, self._board)
        self.digests = DigestWatch(self.client, lambda: frozenset({ACTIONS}))
        self.memory = Memory.of(self.database, self.troubles)
        self.sessions, self.absences = Sessions(self.database), Absences(self.database)
        self.notes = KeyValues(self.database)
        self._applier, self._together, unhurried = applier, together, self.client.in_background()
        urgent = self._turns(self.client)
        self.product_turn, self.turns = urgent.products, Turns(urgent, self._turns(unhurried))
        self.catch_up = CatchUp(unhurried, self.inbox, self.notes, self.clock, _memory(settings.api_url))
        self._schedule(unhurried)

    def _seconds(self) -> float:
        """Seconds since 1970, by that clock."""
        return self.clock().timestamp()

    def _board(self, repository: str) -> int:
        """The one the rules name; raises LaterError when GitHub cannot tell them."""
        return self.policies.of(repository).board

    def _turns(self, client: Client) -> TurnsOfClient:
        departures = DepartureTurn(client, self.register, self.memory.recent, self.clock)
        products = ProductTurn(
            client,
            self.policies,
            self.register,
            self.clock,
            self.boards.number,
            departures,
            self.memory,
            self._applier,
            self._clocks,
            self._together,
            self.settings.public_url,
            Neighbourhood(self.catalogues, self.needs, self.sessions, self.absences),
            self.shown_seals,
            self.guard,
        )
        return TurnsOfClient(
            client,
            products,
            departures,
            PolicyTurn(client, self.policies, self.policy_store, self.memory.sworn, web_url(self.settings.api_url)),
            CatalogueTurn(client, self.policies, self.catalogue_store, web_url(self.settings.api_url)),
            LabelTurn(client, self.policies, self.notes, self.memory.recent, self.clock),
            PlaceTurn(client, self.memory.places),
            SessionTurn(
                *(client, self.policies, self.memory, self.sessions, self.clock, self.boards.number),
                self._applier,
                self._together,
            ),
        )

    def _schedule(self, client: Client) -> None:
        """Everything done at fixed hours, with a client that leaves people their share, and the worker that runs it."""
        settings, notes = self.settings, self.notes
        self.sweep = Sweep(
            client,
            self.policies,
            self.register,
            self.memory.snapshots,
            self.inbox,
            self.clock,
            self.boards.number,
            self.memory.undone,
            self.memory.places,
        )
        self.reminder_log = ReminderLog(self.database)
        reminders = Reminders(
            client, self.policies, self.register, notes, self.reminder_log, self.clock, web_url(settings.api_url)
        )
        self.standing = InstallationWatch(
            client, self.seal, notes, self.troubles, self.database, self.clock, settings.api_url
        )
        self.seal_watch = SealWatch(client, self.log, self.guard, self.register.repositories)
        watch = CatalogueWatch(client, self.catalogue_store, self.register)
        self.schedules = Schedules(
            *(self.inbox, notes, self.sweep, self.catch_up, self.clock, reminders, self.pulse, self.standing),
            catalogues=watch,
            seals=self.shown_seals,
            seal_watch=self.seal_watch,
        )
        presents, courier = Presents(self.register), self._courier()
        self.worker = Worker(self.database, self.inbox, self.turns, self.schedules, self.pulse, presents, courier)

    def _courier(self) -> Courier:
        """What tells the committee's news outside GitHub."""
        settings, clock, channels = self.settings, self.clock, dict(self.settings.channels)
        self.outbox, self.digest_links = Outbox(self.database), DigestLinks(settings.private_key, self.notes)
        kept = (self.register, self.outbox, self.notes, self.policies, self.troubles)
        web, pages = web_url(settings.api_url), settings.public_url
        writer = Writer(self.register, self.policies, self.digest_links, clock, web, pages, self.shown_seals.today)
        newsroom = Newsroom(*kept, channels, clock)
        self.anchor_round = self._anchor_round()
        return Courier(
            self.outbox, newsroom, writer, self.troubles, channels, clock, self.pulse, beside=[self.anchor_round.tick]
        )

    def _anchor_round(self) -> AnchorRound:
        """Those who vouch for the register: an authority named here, witnesses named by the rules."""
        url, roots = self.settings.tsa
        authority = None
        if url:
            from app.anchoring.time_stamps import Authority  # noqa: PLC0415 - few installations name one

            authority = Authority(url, roots)
        here = self.settings.is_rehearsal
        known = RuledWitnesses(self.register.repositories, self.policies.remembered, self.clock, here=here)
        kept = (self.log, Anchors(self.database), self.troubles)
        return AnchorRound(*kept, self.clock, authority, known, self.guard.heard, self.signer)

    def _clocks(self, apart: timedelta | None) -> None:
        """Told at each turn how far GitHub's clock is from ours, when that is too far to open or close a gate."""
        if apart is None:
            self.troubles.clear("clock")
        else:
            self.troubles.note("clock", detail=f"GitHub {apart.total_seconds():+.0f} s")

    @cached_property
    def seal(self) -> Seal:
        """Whether the register is intact: checked by the worker at start and each minute, reported by `/readyz`."""
        return Seal(self.register, sealed=self._of_log)

    def _of_log(self) -> dict[str, str]:
        """The first thing wrong with the sealed log, by its name; nothing when it is whole."""
        found = self.log_flaws()
        return {self.log.origin: f"{found[0].kind} {found[0].n}"} if found else {}

    def log_flaws(self) -> tuple[LogFlaw, ...]:
        """Everything wrong with the sealed log, its facts and its seals."""
        return flaws(self.database, self.log, self.guard.ring())


def _signer(settings: Settings) -> Signer | None:
    """Who seals the register; None when nothing does. Raises SettingsError."""
    try:
        return read_signer(settings.seal_key) if settings.seal_key else None
    except NoteError as error:
        told = "JALON_SEAL_KEY ne contient pas la clé d’un sceau : donnez le fichier fait par « jalon seal init »"
        raise SettingsError([told]) from error


def _memory(api_url: str) -> timedelta:
    host = urlsplit(api_url).hostname or ""
    return MEMORY if host == "api.github.com" or host.endswith(".ghe.com") else SERVER_MEMORY
