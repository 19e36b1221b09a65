"""Which changes hold up which when GitHub refuses one."""

from __future__ import annotations

import pytest

from app.domain.product.issue import Board, Card
from app.domain.publish.effects import (
    ChangeLabels,
    Close,
    EditComment,
    FillCard,
    Message,
    PlaceCard,
    PostComment,
    React,
    Reopen,
    RestoreCard,
    depends_on,
)
from app.domain.publish.notices import Continued

BOARD, CARD = Board("b", "f", {}), Card("c", None)
MESSAGE = Message("welcome", Continued(2, 2), "stamp")
PLACE, FILL, RESTORE = PlaceCard(BOARD, CARD, "POC", "o"), FillCard(BOARD, CARD, ()), RestoreCard(BOARD, CARD)
POST, EDIT = PostComment(MESSAGE), EditComment(1, MESSAGE)
LABELS, NOD = ChangeLabels(("phase: poc",)), React(1, "THUMBS_UP")


@pytest.mark.parametrize(
    ("effect", "other"), [(PLACE, RESTORE), (FILL, PLACE), (FILL, RESTORE), (POST, POST), (POST, Close())]
)
def test_one_that_needs_the_other(effect, other):
    assert depends_on(effect, other)


@pytest.mark.parametrize(
    ("effect", "other"),
    [(POST, PLACE), (POST, LABELS), (EDIT, POST), (NOD, POST), (LABELS, PLACE), (PLACE, LABELS), (Reopen(), PLACE)],
)
def test_all_the_rest_is_independent(effect, other):
    assert not depends_on(effect, other)
