"""Behind an office's proxy, the demonstration still talks to itself."""

from __future__ import annotations

import os

import pytest

from app.bootstrap import Jalon
from app.demo.seed import seed
from app.settings import read_settings
from local_github.server import Sandbox


@pytest.mark.parametrize("given", ["", "intranet.example"])
def test_the_local_github_is_reached_without_the_proxy(monkeypatch, tmp_path, given):
    for name in ("http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    monkeypatch.delenv("NO_PROXY", raising=False)
    monkeypatch.setenv("no_proxy", given)
    hub = Sandbox(seed())
    hub.start()
    jalon = Jalon(read_settings(hub.environment() | {"JALON_DATABASE_URL": f"sqlite:///{tmp_path}/jalon.db"}))
    try:
        assert jalon.client.bot == hub.world.bot
        assert os.environ["no_proxy"] == ",".join(filter(None, (given, "127.0.0.1", "localhost")))
    finally:
        hub.stop()
        jalon.database.dispose()
