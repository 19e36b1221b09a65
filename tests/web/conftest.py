"""Pages served from a register filled by hand."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from app.domain.reuse.catalogue import Catalogue
from app.engine import Inbox, open_database
from app.settings import Settings
from app.store.register import Register
from app.web import Pages as WebPages
from app.web import create_app
from tests.builders import a_policy

POLICY = a_policy()
NOW = datetime(2026, 11, 26, 11, tzinfo=UTC)
"""The hour of these pages, far from a midnight: what days old is so at any hour the tests are run."""
NOTHING_KEPT = Catalogue()


class Pages:
    """The App's web side over a register of its own."""

    def __init__(self, url: str, pages: str = "local", policy=POLICY, missing=(), catalogue=NOTHING_KEPT) -> None:
        self.database = open_database(url)
        self.register, self.inbox = Register(self.database), Inbox(self.database)
        settings = Settings(1, "PRIVATE KEY", ("s" * 32,), pages=pages)
        asked = WebPages(lambda _: policy, lambda *_: missing, lambda *_: catalogue, clock=lambda: NOW)
        self.app = create_app(settings, self.inbox, self.register, None, asked)
        self.app.extensions["jalon"].portfolio_cache._clock = iter(range(0, 10**9, 10)).__next__
        self.client = self.app.test_client()

    def holds(self, products) -> None:
        for product in products:
            where = (product.repository, product.number)
            self.register.append(f"I_{product.repository}_{product.number}", where, 0, product.history, "test")

    def get(self, path: str, **headers: str):
        answer = self.client.get(path, headers=headers)
        answer.get_data()
        answer.close()
        return answer

    def text(self, path: str) -> str:
        answer = self.get(path)
        assert answer.status_code == 200, (path, answer.status_code)
        return answer.get_data(as_text=True)


@pytest.fixture
def pages(tmp_path):
    found = Pages(f"sqlite:///{tmp_path}/jalon.db")
    yield found
    found.database.dispose()
