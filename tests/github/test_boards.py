"""Which board is a repository's, and how long the answer holds."""

import pytest

from app.github.boards import MISSING_S, Boards, choose, marker, renamed
from app.github.client import LaterError

REPOSITORY = "dnum/produits"


def board(name, number, title="Autre", *, linked=False, phase=False, readme="", closed=False):
    return {
        "name": name,
        "number": number,
        "title": title,
        "closed": closed,
        "readme": readme,
        "repositories": {"nodes": [{"nameWithOwner": "DNUM/Produits"}] if linked else []},
        "field": {"options": [{"id": "1"}]} if phase else None,
    }


BARE = board("bare", 9)
MARKED = board("marked", 8, "Renommé", readme=f"… {marker('DNUM/Produits')}")
FOREIGN = board("foreign", 1, "Produits", linked=True, phase=True, readme=marker("dnum/autre"))
LINKED = board("linked", 7, linked=True, phase=True)
TITLED = board("titled", 3, "Produits")
CLOSED = board("closed", 2, "Produits", closed=True)


@pytest.mark.parametrize(
    ("boards", "chosen"),
    [
        ([], None),
        ([BARE, FOREIGN, None, board("x", 4, linked=True)], None),
        ([TITLED, LINKED, MARKED, FOREIGN], "marked"),
        ([TITLED, LINKED], "linked"),
        ([CLOSED, TITLED], "titled"),
        ([CLOSED], "closed"),
        ([board("half", 6, "Produits", linked=True), TITLED], "half"),
    ],
)
def test_the_right_board_is_chosen(boards, chosen):
    found = choose(boards, REPOSITORY, "Produits")
    assert (found and found["name"]) == chosen


class Hub:
    def __init__(self):
        self.boards, self.asked, self.down = [], 0, False

    def requester(self, repository):
        return repository

    def graphql(self, requester, operation, accept=None, **values):
        self.asked += 1
        if self.down:
            raise LaterError("down")
        return {"organization": {"projectsV2": {"pageInfo": {"hasNextPage": False}, "nodes": self.boards}}}


def test_the_number_is_asked_once_in_a_while_and_survives_a_breakdown():
    hub, now = Hub(), [0.0]
    boards = Boards(hub, clock=lambda: now[0])
    assert boards.number(REPOSITORY) == 0
    hub.boards = [LINKED]
    assert boards.number(REPOSITORY) == 0
    now[0] += MISSING_S
    assert boards.number(REPOSITORY) == 7
    assert boards.number(REPOSITORY) == 7
    assert hub.asked == 2
    now[0] += 3600
    hub.down = True
    assert boards.number(REPOSITORY) == 7


def test_a_breakdown_at_the_first_question_is_told():
    hub = Hub()
    hub.down = True
    with pytest.raises(LaterError):
        Boards(hub).number(REPOSITORY)


def test_the_environment_may_choose():
    hub = Hub()
    assert Boards(hub, chosen=4).number(REPOSITORY) == 4
    assert hub.asked == 0


def test_a_board_marked_with_a_name_that_the_repository_had_is_still_its_own():
    """As after a rename: GitHub finds the repository by the old name too."""
    former = board("former", 5, linked=True, phase=True, readme=marker("dnum/ancien"))
    names = {"dnum/ancien": "dnum/produits", "dnum/autre": "dnum/autre"}
    assert renamed([None, BARE, FOREIGN, former], REPOSITORY, lambda name: names.get(name, "")) is former
    assert renamed([FOREIGN, BARE], REPOSITORY, lambda name: names.get(name, "")) is None
