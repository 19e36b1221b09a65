"""One running local GitHub: its address, its threads, and what an App needs to know to talk to it."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

import flask
from waitress import create_server, wasyncore
from werkzeug.routing import Map

from local_github import api, pages, persistence
from local_github.auth import Doorman
from local_github.faults import LOOKUPS, Faults
from local_github.pages import apps, signin
from local_github.state import Refused
from local_github.webhooks import Deliver, Hooks
from local_github.world import World

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

HOST = "127.0.0.1"
THREADS = 8
ANSWER_LIMIT = 64 * 1024 * 1024
"""Bytes of an answer kept in memory: waitress puts a longer one in a file, which it forgets to close."""


class Sandbox:
    """Listens on this machine only. `state_file` keeps everything between two starts."""

    def __init__(
        self,
        seed: Mapping[str, Any],
        *,
        port: int = 0,
        app_url: str | None = None,
        state_file: Path | None = None,
        faults: Faults | None = None,
    ) -> None:
        known = state_file is not None and state_file.exists()
        self.world = World.of(persistence.load(state_file)) if state_file and known else World.from_seed(seed)
        self.calls: api.Calls = []
        self.doorman = Doorman(self.world)
        self.faults = faults or Faults()
        self.world.team_down = lambda: self.faults.take(LOOKUPS, "team") is not None
        if app_url and not self.world.app.hook_url:  # an App made from a manifest said its own addresses
            paths = seed["app"].get("callback_paths", [])
            self.world.app.callback_urls = [f"{app_url.rstrip('/')}{path}" for path in paths]
        self._hooks = Hooks(self.world, app_url, self.faults)
        self._door = api.Door(self.world, self.doorman, self.calls, self.faults)
        self._state_file = state_file
        self._stage = pages.stage_of(seed, app_url)
        self.web = self._flask()
        self._server = create_server(
            self.web, host=HOST, port=port, threads=THREADS, ident="sandbox", outbuf_overflow=ANSWER_LIMIT
        )
        self.url = self.world.url = f"http://{HOST}:{self._server.effective_port}"
        self._thread = threading.Thread(target=self._serve, name="sandbox-http", daemon=True)
        self._stopping = threading.Event()
        if state_file:
            self._save()
            self.world.saved = self._save

    def start(self) -> None:
        self._hooks.start()
        self._thread.start()

    def stop(self) -> None:
        """Ends both threads and frees the port."""
        self._stopping.set()
        self._door.trouble.end()
        if self._thread.is_alive():
            self._server.trigger.pull_trigger()
            self._thread.join(10)
        # Nobody polls any more and the workers have gone: only now can no thread touch a socket that was closed.
        self._server.task_dispatcher.shutdown()
        wasyncore.close_all(self._server._map)  # noqa: SLF001  # waitress offers no other way
        self._hooks.stop()

    @property
    def deliver(self) -> Deliver | None:
        return self._hooks.deliver

    @deliver.setter
    def deliver(self, value: Deliver | None) -> None:
        self._hooks.deliver = value

    @property
    def hold(self) -> bool:
        return self._hooks.hold

    @hold.setter
    def hold(self, value: bool) -> None:
        self._hooks.hold = value

    def take_held(self) -> list[tuple[dict[str, str], bytes]]:
        """Headers and raw body of what was held back, oldest first; they are then forgotten."""
        return self._hooks.take_held()

    def wait_delivered(self, timeout: float = 10) -> None:
        """Returns once every webhook was attempted; raises TimeoutError."""
        self._hooks.wait_delivered(timeout)

    def environment(self) -> dict[str, str]:
        return {**self._public(), "JALON_PRIVATE_KEY": self.world.app.private_key}

    def write_env_file(self, path: Path) -> None:
        """The key goes beside it, in a file of its own: a value of several lines does not fit KEY=value."""
        key = path.with_name(f"{path.stem}.pem").resolve()
        persistence.write_private(key, self.world.app.private_key)
        lines = {**self._public(), "JALON_PRIVATE_KEY_FILE": str(key)}
        persistence.write_private(path, "".join(f"{name}={value}\n" for name, value in lines.items()))

    def _public(self) -> dict[str, str]:
        app = self.world.app
        return {
            "GITHUB_API_URL": self.url,
            "JALON_APP_ID": str(app.id),
            "JALON_WEBHOOK_SECRET": app.webhook_secret,
            "JALON_PAGES": "local",  # a rehearsal's pages are for this machine
            "JALON_CLIENT_ID": app.client_id,
            "JALON_CLIENT_SECRET": app.client_secret,
        }

    def _save(self) -> None:
        if self._state_file:
            persistence.save(self.world, self._state_file)

    def _serve(self) -> None:
        while not self._stopping.is_set():
            wasyncore.loop(timeout=1, map=self._server._map, count=1)  # noqa: SLF001  # its own loop never ends

    def _flask(self) -> flask.Flask:
        web = _Web(f"{self.world.organisation} {self.world.repository}")
        web.json.ensure_ascii = False  # type: ignore[attr-defined]
        web.register_blueprint(self._door.blueprint())
        web.register_blueprint(pages.blueprint(self.world, self._stage))
        web.register_blueprint(apps.blueprint(self.world, self.doorman.registrations))
        web.register_blueprint(signin.blueprint(self.world, self.doorman.signins))
        web.wsgi_app = _Renamed(web.wsgi_app, self.world)  # type: ignore[assignment,method-assign]
        for status in (404, 405):
            web.register_error_handler(status, lambda _: _nothing_here())
        return web


class _Web(flask.Flask):
    """Local GitHubs of the same names answer at the same addresses: a process works these out once.

    There are hundreds of addresses, and tests start thousands of local GitHubs.
    """

    _worked_out: ClassVar[dict[str, tuple[Map, set[tuple[object, ...]]]]] = {}

    def __init__(self, names: str) -> None:
        super().__init__("local_github", static_folder=None)
        self.url_map, self._known = self._worked_out.setdefault(names, (self.url_map, set()))

    def add_url_rule(
        self, rule: str, endpoint: str | None = None, view_func: Any = None, *args: Any, **options: Any
    ) -> None:
        same = (rule, endpoint, *options.get("methods", ()))
        if endpoint and same in self._known:
            self.view_functions[endpoint] = view_func
            return
        super().add_url_rule(rule, endpoint, view_func, *args, **options)
        self._known.add(same)


class _Renamed:
    """Pages keep the addresses they began with; those of the names of today lead to them."""

    def __init__(self, pages: WSGIApplication, world: World) -> None:
        self._pages, self._world = pages, world
        self._began = (world.organisation, world.repository)

    def __call__(self, environ: WSGIEnvironment, start: StartResponse, /) -> Iterable[bytes]:
        organisation, repository = self._began
        today = {f"/{self._world.repository}/": f"/{repository}/"}
        today |= {f"/orgs/{self._world.organisation}/projects": f"/orgs/{organisation}/projects"}
        for now, first in today.items():
            if now != first and environ["PATH_INFO"].startswith(now):
                environ["PATH_INFO"] = first + environ["PATH_INFO"].removeprefix(now)
        return self._pages(environ, start)


def _nothing_here() -> flask.Response:
    """A page for a browser, GitHub's JSON for a program."""
    asked = flask.request.accept_mimetypes.best_match(["application/json", "text/html"])
    return pages.not_found() if asked == "text/html" else api.answer(api.refusal(Refused(404, "Not Found")))
