"""What stands around one product when something is asked of it: the catalogue, the other products, the sessions."""

from __future__ import annotations

from typing import Protocol

from app.domain.reuse.catalogue import Catalogue
from app.domain.reuse.need import Filing, Need
from app.domain.reuse.suggest import Candidate
from app.domain.session.model import Absence, Session


class Surroundings(Protocol):
    """Nothing of it is asked of GitHub. It is read while a turn decides, so that what is decided is of one moment."""

    @property
    def catalogue(self) -> Catalogue: ...

    @property
    def sessions(self) -> tuple[Session, ...]:
        """Those of the committee whose issues are known, by day."""

    @property
    def absences(self) -> tuple[Absence, ...]:
        """From the committee's seats: those that are not over yet."""

    def numbered(self, number: int, /) -> Need | None:
        """The product of the same repository that an issue's number names."""

    def need(self, ref: str, /) -> Need | None:
        """The product that a reference names."""

    def called(self, name: str, /) -> tuple[Need, ...]:
        """The other products that bear a name, whatever its accents and capitals."""

    def found(self, filing: Filing, silenced: frozenset[str], /) -> tuple[Candidate, ...]:
        """At most three that may already answer a need; `silenced` are not shown."""

    def set_aside_by(self, product: str, /) -> frozenset[str]:
        """The references that must not be shown to a product, since one of both set the other aside."""


class Alone:
    """A product looked at by itself: no catalogue, no other product."""

    catalogue = Catalogue()
    sessions: tuple[Session, ...] = ()
    absences: tuple[Absence, ...] = ()

    def numbered(self, _: int) -> Need | None:
        return None

    def need(self, _: str) -> Need | None:
        return None

    def called(self, _: str) -> tuple[Need, ...]:
        return ()

    def found(self, _: Filing, __: frozenset[str]) -> tuple[Candidate, ...]:
        return ()

    def set_aside_by(self, _: str) -> frozenset[str]:
        return frozenset()


ALONE = Alone()
