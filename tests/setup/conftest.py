import copy
from contextlib import contextmanager
from dataclasses import fields
from functools import partial

import pytest

from app.settings import Administration
from app.setup.install import Installation
from local_github.server import Sandbox
from local_github.state import State

ADMIN = "directrice"


def empty(**more):
    """An organisation with one repository that holds nothing, and no board."""
    return {
        "organisation": "dnum",
        "repository": {"name": "produits"},
        "people": [
            {"login": ADMIN, "role": "admin"},
            {"login": "cheffe-produit", "role": "triage"},
        ],
        "app": {"slug": "jalon", "installed": False},
        **more,
    }


@contextmanager
def running():
    hub = Sandbox(empty())
    hub.start()
    yield hub
    hub.stop()


def administered(hub, token=f"sandbox-{ADMIN}", repository="produits", **options):
    access = Administration(token, hub.url, "git+https://example.org/jalon@abc")
    return Installation(access, "dnum", repository, **options)


@pytest.fixture
def hub():
    with running() as one:
        yield one


@pytest.fixture
def installation(hub):
    return partial(administered, hub)


@pytest.fixture(scope="session")
def done_once():
    """The state after a set-up, with one product in the second phase: made once, copied by each test."""
    with running() as hub:
        administered(hub).run(lambda line: None)
        issue = hub.world.open_issue(ADMIN, "Agréments", "…", ["produit", "phase: poc"])
        card = hub.world.add_card(ADMIN, issue.number)
        columns = hub.world.boards[1].field_named("Phase").options
        hub.world.move_card(ADMIN, card.id, next(option.id for option in columns if option.name == "POC"))
        return {item.name: getattr(hub.world, item.name) for item in fields(State) if item.name != "url"}


@pytest.fixture
def set_up(hub, done_once):
    """The organisation once set up."""
    for name, value in copy.deepcopy(done_once).items():
        setattr(hub.world, name, value)
    return hub
