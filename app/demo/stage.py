"""The stage of a story: the local GitHub in this process, the App in another that can be killed and started again."""

from __future__ import annotations

import itertools
import subprocess
import sys
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import requests

import app
from app.demo.client import READER, FormPage
from app.demo.scenario import PULSE_S, StoryError
from app.demo.sealed import made_key, seal_demo
from app.engine import Inbox, open_database
from app.settings import inherited
from local_github.server import Sandbox
from local_github.several import Several

BOOT_S = 120.0
ROOT = Path(app.__file__).parent.parent
IDLE = 'jalon_inbox{state="waiting"} 0.0'
COMMAND = (sys.executable, "-P", "-m", "app")
"""`jalon`, whatever the folder one is in and however it was installed."""


class Stage:
    """One local GitHub and one App that talk over HTTP only; `folder` keeps the App's database and its log."""

    def __init__(
        self, hub: Sandbox | Several, port: int, folder: Path, command: Sequence[str] = COMMAND, boot: float = BOOT_S
    ) -> None:
        self.hub, self.url = hub, f"http://127.0.0.1:{port}"
        self._port, self._command, self._boot = port, tuple(command), boot
        self._database, self._log = f"sqlite:///{folder}/jalon.db", folder / "jalon.log"
        self._app: subprocess.Popen[bytes] | None = None
        self._folder, self._sealed = folder, dict[str, str]()

    def start_app(self) -> None:
        """Returns once the App answers; raises StoryError when it does not."""
        self._sealed = seal_demo(self._folder, self._database, lambda: datetime.now(UTC))
        with self._log.open("ab") as log:
            self._app = subprocess.Popen(  # noqa: S603 - our own command
                [*self._command, "serve", "--port", str(self._port)],
                env=self._environment(),
                stdout=log,
                stderr=log,
            )
        end = time.monotonic() + self._boot
        while not self._answers():
            if self._app.poll() is not None or time.monotonic() > end:
                raise StoryError(f"l’App ne répond pas à l’adresse {self.url} ; son journal : {self._log}")
            time.sleep(PULSE_S)

    def kill_app(self) -> None:
        """As a power cut would: no signal it could catch."""
        if self._app:
            self._app.kill()
            self._app.wait()

    def stop_app(self) -> None:
        """As an administrator would."""
        if self._app and self._app.poll() is None:
            self._app.terminate()
            try:
                self._app.wait(20)
            except subprocess.TimeoutExpired:
                self.kill_app()

    def deliver(self) -> int:
        """Lets GitHub attempt every delivery; how many it could not make since its latest success."""
        self.hub.wait_delivered()
        attempts = reversed(self.hub.world.deliveries)
        return sum(1 for _ in itertools.takewhile(lambda attempt: attempt.status != "OK", attempts))

    def settle(self) -> None:
        """Returns once the App has handled all it was sent; raises StoryError when it does not."""
        end, quiet = time.monotonic() + self._boot, 0
        while quiet < 2:  # what the App has just done comes back to it as deliveries of its own acts
            self.hub.wait_delivered()
            quiet = 0 if self._unhandled() else quiet + 1
            if time.monotonic() > end:
                raise StoryError("l’App ne vient pas à bout des événements reçus")
            time.sleep(PULSE_S)

    def waiting(self) -> int:
        """Deliveries the dead App had acknowledged and stored, and not handled yet."""
        database = open_database(self._database)
        try:
            return Inbox(database).counts()["waiting"]
        finally:
            database.dispose()

    def jalon(self, *arguments: str) -> str:
        """What a command of `jalon` prints, run beside the App; raises StoryError when it fails."""
        done = subprocess.run(  # noqa: S603 - our own command
            [*self._command, *arguments], env=self._environment(), capture_output=True, check=False, timeout=60
        )
        if done.returncode:
            said = (done.stdout + done.stderr).decode(errors="replace").strip()
            raise StoryError(f"« jalon {' '.join(arguments)} » a échoué : {said[-400:]}")
        return done.stdout.decode()

    def page(self) -> str:
        """The portfolio page of the App, read by somebody who signs in with their account of the local GitHub."""
        with requests.Session() as session:
            session.trust_env = False
            asked = session.get(f"{self.url}/connexion", params={"suite": "/?page=1"}, timeout=15)
            agreed = dict(FormPage(asked.text).hidden) | {"identite": READER}
            return session.post(f"{self.hub.url}/login/oauth/authorize", agreed, timeout=15).text

    def seal_key(self) -> str:
        """The public key of what seals the register."""
        return made_key(self._folder)

    def _unhandled(self) -> bool:
        """Read among the App's own figures, as those who watch over it do."""
        with requests.Session() as session:
            session.trust_env = False
            return IDLE not in session.get(f"{self.url}/metrics", timeout=15).text

    def _answers(self) -> bool:
        with requests.Session() as session:
            session.trust_env = False
            try:
                return session.get(f"{self.url}/healthz", timeout=2).ok
            except requests.RequestException:
                return False

    def _environment(self) -> dict[str, str]:
        own = {"JALON_DATABASE_URL": self._database, "PYTHONPATH": str(ROOT), "PYTHONUTF8": "1"}
        return inherited(self.hub.environment() | own | self._sealed)
