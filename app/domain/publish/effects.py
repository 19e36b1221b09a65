"""The changes Jalon may want on GitHub; each can be applied twice without harm."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from app.domain.product.issue import Board, Card
from app.domain.product.proof import ShownProof
from app.domain.publish.card_fields import Fill
from app.domain.publish.notice import Notice


@dataclass(frozen=True)
class Effect:
    """Base of all effects."""


@dataclass(frozen=True)
class ChangeLabels(Effect):
    """Additions are made first: cut in the middle, an issue has two phase labels for a while, never none."""

    add: tuple[str, ...] = ()
    remove: tuple[str, ...] = ()


@dataclass(frozen=True)
class PlaceCard(Effect):
    """Put the product's card in a column, creating the card when `card` is None; its fields are filled with it."""

    board: Board
    card: Card | None
    column: str
    option: str
    fills: tuple[Fill, ...] = ()


@dataclass(frozen=True)
class FillCard(Effect):
    """Write the fields of a card that stands where it should, all in one call."""

    board: Board
    card: Card
    fills: tuple[Fill, ...]


@dataclass(frozen=True)
class RestoreCard(Effect):
    """Take an archived card back onto the board."""

    board: Board
    card: Card


@dataclass(frozen=True)
class Reopen(Effect):
    """Open the issue again."""


@dataclass(frozen=True)
class Close(Effect):
    """Close the issue of a product that had ended before it was imported."""


@dataclass(frozen=True)
class Message:
    """A comment of Jalon's to be: its key, what it says, a stamp of all it holds, the packed facts it carries, or the
    session; a decision's has the proof that it is sealed.
    """

    key: str
    notice: Notice
    stamp: str
    record: str = ""
    session: str = ""
    seal: ShownProof | None = None


@dataclass(frozen=True)
class PostComment(Effect):
    message: Message


@dataclass(frozen=True)
class EditComment(Effect):
    """`over`: a digest of the human edit that this one reverts; empty otherwise.

    It makes our text differ always. GitHub ignores an edit that changes nothing: the person would stay the last
    editor, and Jalon would write the same again at every turn.
    """

    comment: int
    message: Message
    over: str = ""


class Removal(StrEnum):
    """Why a comment of ours is taken away: it is there twice, or another account wrote in it."""

    TWICE = "twice"
    FORGED = "forged"


@dataclass(frozen=True)
class RemoveComment(Effect):
    """Delete a comment of ours that repeats another, or holds words that another account wrote."""

    comment: int
    why: Removal = Removal.TWICE


@dataclass(frozen=True)
class React(Effect):
    """A reaction to the comment that asked: THUMBS_UP when accepted, CONFUSED when refused."""

    comment: int
    content: str


@dataclass(frozen=True)
class TakeBack(Effect):
    """Remove our reaction from a comment that no longer says what we answered."""

    comment: int
    content: str


@dataclass(frozen=True)
class HideComment(Effect):
    """Fold an answer of ours that is no longer true, as outdated: it is still there for whoever opens it."""

    comment: int


@dataclass(frozen=True)
class ShowComment(Effect):
    """Unfold an answer that we had folded, and that is true again."""

    comment: int


CARD_EFFECTS = (PlaceCard, FillCard, RestoreCard)
"""Effects on the board, which may be closed to us while the rest of GitHub is not."""


def depends_on(effect: Effect, other: Effect) -> bool:
    """Whether an effect must not be made once another, planned before it, could not be.

    A card is written once it is back on the board; comments are posted in their order, and the one that ends an import
    says that the issue is closed. All the rest is independent.
    """
    match effect:
        case PlaceCard() | FillCard():
            return isinstance(other, CARD_EFFECTS)
        case PostComment():
            return isinstance(other, PostComment | Close)
        case _:
            return False
