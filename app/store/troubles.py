"""What keeps the App from its work: noted by whoever meets it, told where an administrator looks, until it is over.

Told by `/readyz`, `/metrics` (`jalon_trouble`) and the alerts; docs/exploitation.md says what to do for each kind.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from app.store.schema import TROUBLES
from app.store.upsert import insert_into

log = logging.getLogger(__name__)
FRESH_S = 1.0
"""How long a reading of the table may be reused before a trouble is declared over: a healthy App pays nothing."""
AGAIN_S = 60.0
"""A trouble that keeps happening is written once a minute."""
FORGOTTEN_S = 2 * 24 * 3600.0
"""A trouble not met for this long is forgotten: its subject may be gone for good."""


@dataclass(frozen=True)
class TroubleKind:
    """`blocks`: deliveries cannot be received or handled, and `/readyz` answers 503; otherwise it is a warning.

    The sentences say what is wrong and what to do; `{subject}` is who or what it is about.
    """

    blocks: bool
    french: str
    english: str


KINDS: Mapping[str, TroubleKind] = {
    "database": TroubleKind(
        True,
        "la base ne répond pas : vérifiez que le serveur PostgreSQL, ou le disque du fichier, est là",
        "the database does not answer: look at the PostgreSQL server, or at the disk of the file",
    ),
    "disk": TroubleKind(
        True,
        "le disque de la base est plein : libérez de la place ; rien de ce qui est accepté n’est perdu",
        "the disk of the database is full: make room; nothing that was accepted is lost",
    ),
    "corrupt": TroubleKind(
        True,
        "la base est abîmée : arrêtez Jalon et remettez une sauvegarde (« Restaurer », docs/exploitation.md)",
        "the database is damaged: stop Jalon and restore a back-up (docs/exploitation.md)",
    ),
    "worker": TroubleKind(
        True,
        "aucun traitement n’est en marche : lancez « jalon worker », ou « jalon serve » sans --no-worker",
        "no worker is running: start `jalon worker`, or `jalon serve` without --no-worker",
    ),
    "thread": TroubleKind(
        True,
        "une partie de Jalon s’est arrêtée ({subject}) : le processus se termine de lui-même ; sinon, redémarrez-le",
        "a part of Jalon has stopped ({subject}): the process ends by itself; restart it if it does not",
    ),
    "queue": TroubleKind(
        True,
        "des événements attendent depuis trop longtemps : lisez le journal, qui dit ce qui les retient",
        "deliveries have waited for too long: the journal says what holds them",
    ),
    "schedule": TroubleKind(
        True,
        "les travaux à heure fixe ne se font plus (échéances, rattrapage, rappels) : redémarrez le traitement",
        "what is done at fixed hours is no longer done (deadlines, catch-up, reminders): restart the worker",
    ),
    "credentials": TroubleKind(
        True,
        "GitHub ne reconnaît pas l’App : vérifiez que JALON_APP_ID et la clé privée viennent de la même App, "
        "et que l’horloge est à l’heure",
        "GitHub does not recognise the App: JALON_APP_ID and the private key must come from one App, "
        "and the clock be right",
    ),
    "uninstalled": TroubleKind(
        True,
        "l’App n’est plus installée sur {subject} : réinstallez-la depuis sa page ; ce qui attend sera repris",
        "the App is no longer installed on {subject}: install it again from its page; what waits will be taken up",
    ),
    "suspended": TroubleKind(
        True,
        "l’App est suspendue sur {subject} : un propriétaire de l’organisation doit lever la suspension",
        "the App is suspended on {subject}: an owner of the organisation must lift the suspension",
    ),
    "webhook": TroubleKind(
        True,
        "GitHub n’arrive plus à nous livrer ses événements : vérifiez que le webhook de l’App est actif, son adresse "
        "et son secret",
        "GitHub no longer manages to deliver its events: look whether the App's webhook is active, at its address "
        "and its secret",
    ),
    "register": TroubleKind(
        True,
        "le registre des décisions n’est pas entier ({subject}) : lancez « jalon register verify »",
        "the register of decisions is not whole ({subject}): run `jalon register verify`",
    ),
    "seal": TroubleKind(
        False,
        "le registre {subject} n’est plus scellé, les votes et décisions continuent : « jalon seal status » dit "
        "pourquoi et quoi faire",
        "the register {subject} is no longer sealed, votes and decisions go on: `jalon seal status` says why and what "
        "to do",
    ),
    "clock": TroubleKind(
        True,
        "l’horloge de cette machine et celle de GitHub diffèrent de plus de cinq minutes : remettez-la à l’heure ; "
        "d’ici là aucun passage ne s’ouvre ni ne se ferme",
        "this machine's clock and GitHub's are over five minutes apart: set it right; until then no gate opens or "
        "closes",
    ),
    "unreachable": TroubleKind(
        False,
        "GitHub est injoignable : vérifiez GITHUB_API_URL, le réseau et le proxy ; Jalon réessaie",
        "GitHub cannot be reached: look at GITHUB_API_URL, the network and the proxy; Jalon tries again",
    ),
    "permission": TroubleKind(
        False,
        "GitHub refuse un droit à l’App sur {subject} : vérifiez ses permissions (page /setup)",
        "GitHub refuses the App a right on {subject}: look at its permissions (page /setup)",
    ),
    "addresses": TroubleKind(
        False,
        "l’organisation de {subject} n’admet que certaines adresses IP : ajoutez celle de Jalon à sa liste (Settings, "
        "Authentication security, IP allow list) ; Jalon réessaie",
        "the organisation of {subject} admits only some IP addresses: add Jalon's to its list (Settings, "
        "Authentication security, IP allow list); Jalon tries again",
    ),
    "sso": TroubleKind(
        False,
        "l’organisation de {subject} exige son authentification unique (SAML) : un propriétaire doit y autoriser "
        "l’App ; Jalon réessaie",
        "the organisation of {subject} enforces its single sign-on (SAML): an owner must authorise the App; "
        "Jalon tries again",
    ),
    "archived": TroubleKind(
        False,
        "le dépôt {subject} est archivé : GitHub n’y laisse rien écrire ; désarchivez-le, Jalon reprendra",
        "the repository {subject} is archived: GitHub lets nothing be written there; unarchive it, Jalon will go on",
    ),
    "team": TroubleKind(
        False,
        "l’équipe du comité de {subject} ne se lit pas : vérifiez son nom dans les règles et la permission « Members »",
        "the committee's team of {subject} cannot be read: look at its name in the rules and at “Members”",
    ),
    "secretariat": TroubleKind(
        False,
        "un nom du secrétariat, dans les règles de {subject}, est passé à un autre compte, qui n’a aucune voix : "
        "retirez-le du fichier puis remettez-le si ce compte est le bon, ou nommez une équipe",
        "a name of the secretariat, in the rules of {subject}, has passed to another account, which has no voice: "
        "take it out of the file, then put it back if that account is the right one, or name a team",
    ),
    "board": TroubleKind(
        False,
        "le tableau de {subject} manque, ou ne peut être modifié : lancez « jalon setup » ; les votes et décisions "
        "continuent",
        "the board of {subject} is missing or cannot be changed: run `jalon setup`; votes and decisions go on",
    ),
    "channel": TroubleKind(
        False,
        "le canal « {subject} » ne reçoit pas les nouvelles du comité : lancez « jalon notices check » ; les décisions "
        "n’en dépendent pas, et Jalon réessaie pendant trois jours",
        "the channel {subject} does not receive the committee's news: run `jalon notices check`; no decision depends "
        "on it, and Jalon tries again for three days",
    ),
    "anchor": TroubleKind(
        False,
        "{subject} ne se porte plus garant du registre : regardez l’adresse et la clé ; les décisions n’en dépendent "
        "pas, et Jalon redemande",
        "{subject} no longer vouches for the register: look at the address and the key; no decision depends on it, "
        "and Jalon asks again",
    ),
    "witness": TroubleKind(
        False,
        "le témoin {subject} a vu un autre registre que celui-ci sous le même nom : une sauvegarde ancienne a-t-elle "
        "été remise ? Comparez avec lui avant toute chose",
        "the witness {subject} has seen another register than this one under its name: was an old backup put back? "
        "Compare with it before anything else",
    ),
    "refusal": TroubleKind(
        False,
        "GitHub refuse ce que Jalon demande sur {subject} : sa phrase dit pourquoi ; Jalon réessaie",
        "GitHub refuses what Jalon asks on {subject}: its sentence says why; Jalon tries again",
    ),
}
"""Each needs an alert in deploy/alertes.yml and a line in docs/exploitation.md: tests/store/test_troubles.py."""


@dataclass(frozen=True)
class Trouble:
    """`detail` is the sentence of GitHub or of the database; `since` is in seconds since 1970."""

    kind: str
    subject: str = ""
    detail: str = ""
    since: float = 0

    @property
    def blocks(self) -> bool:
        return KINDS[self.kind].blocks

    @property
    def french(self) -> str:
        return KINDS[self.kind].french.format(subject=self.subject)

    @property
    def english(self) -> str:
        return KINDS[self.kind].english.format(subject=self.subject)


class Troubles:
    """Troubles that outlast the call that met them, in the database: every process of an installation reports them.

    Noting one never raises, whatever the state of the database: whoever meets a trouble has enough to do.
    """

    def __init__(self, engine: sa.Engine, clock: Callable[[], float] = time.time) -> None:
        self._engine, self._clock = engine, clock
        self._read_at, self._known = -FRESH_S, dict[tuple[str, str], Any]()

    def note(self, kind: str, subject: str = "", detail: str = "") -> None:
        """Met just now; `since` stays that of the first time."""
        assert kind in KINDS
        detail = detail[:500]
        try:
            row, now = self._rows().get((kind, subject)), self._clock()
            if row and row.detail == detail and abs(now - row.seen) < AGAIN_S:
                return
            if row is None:
                log.error("trouble %s: %s (%s)", kind, KINDS[kind].english.format(subject=subject), detail)
            new = {"kind": kind, "subject": subject, "since": now, "seen": now, "detail": detail}
            query = insert_into(TROUBLES, self._engine).values(**new)
            again = {"seen": now, "detail": detail}
            with self._engine.begin() as connection:
                connection.execute(query.on_conflict_do_update(index_elements=["kind", "subject"], set_=again))
        except sa.exc.SQLAlchemyError as error:
            log.warning("trouble %s %s could not be noted: %s", kind, subject, type(error).__name__)
        self._known_no_more()

    def clear(self, kind: str, subject: str = "") -> None:
        """Over, if it was ever noted."""
        try:
            if (kind, subject) not in self._rows():
                return
            mine = sa.and_(TROUBLES.c.kind == kind, TROUBLES.c.subject == subject)
            with self._engine.begin() as connection:
                connection.execute(sa.delete(TROUBLES).where(mine))
            log.warning("trouble over: %s %s", kind, subject)
        except sa.exc.SQLAlchemyError as error:
            log.warning("trouble %s %s could not be cleared: %s", kind, subject, type(error).__name__)
        self._known_no_more()

    def known(self, subject: str) -> set[str]:
        """Kinds noted about a subject, at most a second ago: asked at each turn, and usually free."""
        try:
            return {kind for kind, about in self._rows() if about == subject}
        except sa.exc.SQLAlchemyError:
            return set()

    def keep(self, kind: str, found: Mapping[str, str]) -> None:
        """Everything there is of a kind, detail by subject: what was noted of that kind and is absent here is over."""
        for subject, detail in found.items():
            self.note(kind, subject, detail)
        try:
            over = [one.subject for one in self.told() if one.kind == kind and one.subject not in found]
        except sa.exc.SQLAlchemyError as error:
            log.warning("troubles could not be read: %s", type(error).__name__)
            return
        for subject in over:
            self.clear(kind, subject)

    def told(self) -> tuple[Trouble, ...]:
        """Troubles that are not over, oldest first; raises SQLAlchemyError."""
        query = sa.select(TROUBLES).where(TROUBLES.c.seen > self._clock() - FORGOTTEN_S)
        with self._engine.connect() as connection:
            rows = connection.execute(query.order_by(TROUBLES.c.since, TROUBLES.c.kind, TROUBLES.c.subject)).all()
        # A later version may have written kinds that this one does not know.
        return tuple(Trouble(row.kind, row.subject, row.detail, row.since) for row in rows if row.kind in KINDS)

    def _rows(self) -> dict[tuple[str, str], Any]:
        if abs(self._clock() - self._read_at) >= FRESH_S:
            with self._engine.connect() as connection:
                found = connection.execute(sa.select(TROUBLES)).all()
            self._known = {(row.kind, row.subject): row for row in found}
            self._read_at = self._clock()
        return self._known

    def _known_no_more(self) -> None:
        self._read_at = -FRESH_S
