"""After an upgrade the presents are made again behind everything else, whoever dies meanwhile and however many work."""

from __future__ import annotations

from collections import Counter
from itertools import islice, zip_longest

import pytest
import sqlalchemy as sa

from app.domain.product.facts import ProductFiled
from app.engine import open_database
from app.engine.present_filler import AT_ONCE, BUSY_S, LOOKED_AT, PresentFiller
from app.engine.pulse import Pulse
from app.store.present_rows import mark
from app.store.presents import Presents
from app.store.register import Register
from app.store.schema import FACTS, PRESENTS
from tests.domain.report.test_present import NOW
from tests.engine.stage import until
from tests.stage import Stage

pytestmark = pytest.mark.slow  # whole lives and processes: `make long`

PRODUCTS = LOOKED_AT + 2 * AT_ONCE + 3
"""More than one look, and no whole number of slices."""


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def upgraded(request, tmp_path):
    """A register whose presents were made by former code, but for one that has none and one that is late."""
    if request.param == "postgresql":
        url = request.getfixturevalue("postgres").new_database()
    else:
        url = f"sqlite:///{tmp_path}/jalon.db"
    engine = open_database(url)
    register = Register(engine)
    for number in range(PRODUCTS):
        filed = ProductFiled(at=NOW, by="chef-produit", cause=f"issue:{number}", title=f"Produit {number}")
        register.append(f"I_{number:04}", ("dnum/produits", number), 0, (filed,), "d")
    with engine.begin() as connection:
        connection.execute(sa.update(PRESENTS).values(mark="another version"))
        connection.execute(sa.update(PRESENTS).where(PRESENTS.c.product == "I_0000").values(mark=mark(), seq=0))
        connection.execute(sa.delete(PRESENTS).where(PRESENTS.c.product == "I_0001"))
    yield register
    engine.dispose()


class Counted(Presents):
    """How often each present is made."""

    def __init__(self, register, made):
        super().__init__(register)
        self.made = made

    def make(self, products):
        self.made.update(products)
        super().make(products)


def filler(register, made, *, is_backward=False, is_busy=lambda: False):
    return PresentFiller(Counted(register, made), is_busy, Pulse(), is_backward=is_backward)


def slices(one):
    """Its slices, each made when it is asked for."""
    return iter(one.slice, None)


def every(register):
    with register.engine.connect() as connection:
        return set(connection.execute(sa.select(FACTS.c.product)).scalars())


def all_made(register):
    presents = Presents(register)
    with register.engine.connect() as connection:
        marks = set(connection.execute(sa.select(PRESENTS.c.mark)).scalars())
    return marks == {mark()} and len(presents._believed(sorted(every(register)), presents.tips())) == PRODUCTS


@pytest.mark.parametrize("is_backward", [False, True])
def test_each_present_is_made_again_once(upgraded, is_backward):
    made = Counter()
    assert len(list(slices(filler(upgraded, made, is_backward=is_backward)))) > PRODUCTS // AT_ONCE
    assert made == Counter(every(upgraded))
    assert all_made(upgraded)
    assert list(slices(filler(upgraded, made)))
    assert made.total() == PRODUCTS, "made once, they are only looked at"


@pytest.mark.parametrize("done", [1, 2, 3, 9])
def test_one_killed_in_the_middle_leaves_the_rest_to_the_next(upgraded, done):
    made = Counter()
    list(islice(slices(filler(upgraded, made)), done))
    list(slices(filler(upgraded, made)))
    assert made == Counter(every(upgraded))
    assert all_made(upgraded)


def test_two_processes_share_the_work(upgraded):
    made = Counter()
    ends = [slices(filler(upgraded, made, is_backward=is_backward)) for is_backward in (False, True)]
    list(zip_longest(*ends))
    assert set(made) == every(upgraded)
    assert made.total() <= PRODUCTS + LOOKED_AT, "at most what both had looked at before the other made it"
    assert all_made(upgraded)


def test_two_processes_on_the_same_way_do_no_harm(upgraded):
    made = Counter()
    list(zip_longest(*(slices(filler(upgraded, made)) for _ in range(2))))
    assert all_made(upgraded)


def test_nothing_is_made_while_a_delivery_waits_for_its_turn(upgraded):
    made, looks = Counter(), []

    def is_busy():
        looks.append(made.total())
        return len(looks) <= 3

    one = filler(upgraded, made, is_busy=is_busy)
    rests = []
    one._stop.wait = lambda pause: rests.append(pause) or False
    one._run()
    assert rests[:4] == [0.0, BUSY_S, BUSY_S, BUSY_S]
    assert looks[:4] == [0, 0, 0, 0]
    assert all_made(upgraded)


def test_a_database_that_is_away_is_tried_again(upgraded):
    failures = [sa.exc.OperationalError("SELECT", {}, Exception("disk I/O error"))] * 2
    made = Counter()
    one = filler(upgraded, made, is_busy=lambda: failures and (_ for _ in ()).throw(failures.pop()))
    one._stop.wait = lambda _: False
    one._run()
    assert failures == []
    assert all_made(upgraded)


def test_a_worker_fills_them_in_by_itself(tmp_path):
    stage = Stage.at(tmp_path)
    stage.filed()
    with stage.database.begin() as connection:
        connection.execute(sa.update(PRESENTS).values(mark="another version"))

    def is_made():
        with stage.database.connect() as connection:
            return connection.execute(sa.select(PRESENTS.c.mark)).scalar() == mark()

    stage.jalon.worker.start()
    try:
        until(is_made)
    finally:
        stage.jalon.worker.stop()
        stage.close()
