import pytest

from app.demo.seed import seed
from local_github.server import Sandbox
from tests.postgres import Postgres


@pytest.fixture
def hub():
    running = Sandbox(seed(), port=0)
    running.start()
    yield running
    running.stop()


@pytest.fixture
def postgres():
    server = Postgres()
    server.start()
    yield server
    server.stop()
