"""A product before its committee, the hands that tamper with it, and everybody who may notice."""

from __future__ import annotations

import io
import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, redirect_stdout
from pathlib import Path
from typing import Any
from unittest.mock import patch

from click.testing import CliRunner

from app.cli import main
from app.transparency.notes import signer_text
from tests.stage import SEATS, SIGNER, Stage
from tests.stories.test_belief import forged, ours
from tests.verifier.stage import verifier as tool

ISSUE, VERIFY, GITHUB = "Jalon, sur l’issue", "`jalon register verify`", "`jalon register verify --github`"
RULES = ".github/jalon.yml"
NOBODY = "Personne"
"""Who may see what was done, as the page names them."""
Seen = Mapping[str, str]
Play = Callable[["Scene"], Seen]
PLAYED: dict[str, Play] = {}
"""Each adversary, by its number: plays it, and gives what each of those who look says afterwards."""
SEALED: set[str] = set()
"""Those played against a register that is sealed from its first day."""


def adversary(number: str, *, sealed: bool = False) -> Callable[[Play], Play]:
    def keep(play: Play) -> Play:
        assert number not in PLAYED, number
        PLAYED[number] = play
        SEALED.update({number} if sealed else ())
        return play

    return keep


class Scene:
    """Jalon on a local GitHub of its own; `stage` is where people write and where Jalon hears them."""

    def __init__(self, stage: Stage, folder: Path, settings: Mapping[str, str]) -> None:
        self.stage, self.world, self.folder, self.settings = stage, stage.world, folder, settings
        self.number = 0

    # What people do.

    def at_gate(self, *ballots: str) -> Scene:
        """A product whose gate to the next phase is open; these seats said go."""
        self.number = self.stage.filed(ready=True)
        self.stage.says("cheffe-produit", self.number, "/demande")
        for login in ballots:
            self.stage.says(login, self.number, "/go")
        return self

    def decided(self) -> Scene:
        """The committee said go."""
        self.at_gate()
        self.stage.decided(self.number)
        assert self.phase == "phase: poc"
        return self

    def says(self, login: str, text: str) -> None:
        self.stage.says(login, self.number, text)

    def restarted(self, database: Path) -> None:
        """Jalon started anew on another database: an older one, a copy."""
        self.stage.database.dispose()
        self.stage = Stage(self.stage.hub, f"sqlite:///{database}", sealed=bool(self.settings))

    # What hands do on GitHub.

    def spoken(self, login: str) -> Any:
        """The last comment of somebody."""
        return [one for one in self.world.issues[self.number].comments if one.author == login][-1]

    def ours(self, key: str) -> Any:
        return ours(self.stage, self.number, key)

    def edits(self, login: str, comment: Any, text: str) -> None:
        self.world.edit_comment(login, comment.id, text)
        self.stage.settle()

    def deletes(self, login: str, comment: Any) -> None:
        self.world.delete_comment(login, comment.id)
        self.stage.settle()

    def forges(self, login: str, key: str, **what: Any) -> None:
        """A comment of Jalon's rewritten, its digests made right again."""
        comment = self.ours(key)
        self.edits(login, comment, forged(comment.body, **what))

    def rules(self, found: str, instead: str) -> None:
        """Somebody who may write in the repository changes the rules."""
        text = self.world.files[RULES]
        assert found in text
        self.world.write_file("secretariat", RULES, text.replace(found, instead, 1), "Règles")
        self.stage.settle()
        self.stage.reads_rules()

    # What those who look see.

    @property
    def product(self) -> str:
        """The product, as the register names it."""
        return str(self.world.issues[self.number].node_id)

    @property
    def phase(self) -> str:
        (found,) = [name for name in self.stage.labels(self.number) if name.startswith("phase: ")]
        return found

    def on_the_issue(self) -> str:
        return "\n".join(self.stage.said(self.number))

    def gate(self, seat: str) -> str:
        """The line of a seat in the comment of the gate."""
        shown = next(text for text in self.stage.said(self.number) if text.startswith("## Passage"))
        return next(line for line in shown.splitlines() if line.startswith(f"| {seat}"))

    def command(self, *words: str, environment: Mapping[str, str] | None = None) -> str:
        """What a command prints, with its exit status on the last line: the administrator's, or somebody else's."""
        url = self.stage.database.url.render_as_string(hide_password=False)
        own = self.stage.hub.environment() | {"JALON_DATABASE_URL": url} | dict(self.settings)
        environment = own if environment is None else environment
        self.stage.rests()
        with patch.dict(os.environ, environment):
            done = CliRunner().invoke(main, list(words))
        assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
        return f"{done.output}\n[{done.exit_code}]"

    def verify(self) -> str:
        return self.command("register", "verify")

    def verify_on_github(self) -> str:
        return self.command("register", "verify", "--github")


def verifier(*given: object) -> str:
    """What the outsider's tool prints of these files, and its status on the last line."""
    told = io.StringIO()
    with redirect_stdout(told):
        status = tool.main([str(one) for one in given])
    return f"{told.getvalue()}\n[{status}]"


@contextmanager
def scene(folder: Path, *, sealed: bool = False) -> Iterator[Scene]:
    settings = {"JALON_SEAL_KEY": signer_text(SIGNER)} if sealed else {}
    play = Scene(Stage.at(folder, sealed=sealed), folder, settings)
    try:
        yield play
    finally:
        play.stage.close()


__all__ = ["SEATS"]
