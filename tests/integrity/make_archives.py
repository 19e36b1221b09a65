"""`python -m tests.integrity.make_archives FOLDER`: the archives of a small register, to keep as test data.

Two are made: one as the register is after a decision and a refusal, one after its key was changed and a person erased.
Run once for each edition of the format: what is kept is never made again.
"""

from __future__ import annotations

import shutil
import sys
import tempfile
from pathlib import Path

from app.transparency.notes import Signer, parse, read_signer
from tests.integrity.scene import Scene, scene
from tests.stage import SIGNER

NAMES = ("entier.zip", "efface.zip")
VOUCHING = Signer("temoin.exemple.gouv.fr", bytes(range(1, 33)))
RULES = """\
register:
  keys: ["{seal}"]
  witnesses:
    - {{key: "{witness}", url: "https://temoin.exemple.gouv.fr"}}
  quorum: 1
committee:"""


def make(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=False)
    with tempfile.TemporaryDirectory() as name, scene(Path(name), sealed=True) as play:
        play.rules("committee:", RULES.format(seal=SIGNER.key.vkey, witness=VOUCHING.witness_key.vkey))
        _lived(play)
        _seen(play)
        done = play.command("register", "bundle", "-o", str(Path(name) / NAMES[0]))
        assert done.endswith("[0]"), done
        key = Path(name) / "nouvelle.key"
        assert play.command("seal", "rotate", "--key", str(key)).endswith("[0]")
        signer = read_signer(key.read_text(encoding="utf-8"))
        play.settings = {"JALON_SEAL_KEY_FILE": str(key)}
        told = play.command("register", "erase", str(play.number), "--person", "secu", "--request", "RGPD 2026-12")
        assert told.endswith("[0]"), told
        play.stage.log.checkpoint(signer, play.stage.now)
        play.rules(SIGNER.key.vkey, signer.key.vkey)
        _seen(play)
        done = play.command("register", "bundle", "-o", str(Path(name) / NAMES[1]))
        assert done.endswith("[0]"), done
        for one in NAMES:
            shutil.copy(Path(name) / one, folder / one)


def _lived(play: Scene) -> None:
    """A product decided with a condition, another refused, the first at its next gate."""
    play.at_gate()
    first = play.number
    for login in ("techno", "archi", "communs", "design", "data"):
        play.says(login, "/go")
    play.says("secu", "/go sous réserve\n- relire le plan de reprise")
    play.says("transfo", "/abstention")
    play.says("cloud-ops", "/go")
    play.at_gate()
    for login in ("techno", "archi", "communs", "design", "data"):
        play.says(login, "/nogo le besoin n’est pas démontré")
    play.number = first


def _seen(play: Scene) -> None:
    """The witness cosigns every seal it has not seen."""
    for one in play.stage.log.checkpoints():
        if not one.cosigned:
            line = VOUCHING.cosign(parse(one.note).text, int(play.stage.now.timestamp()))
            play.stage.log.add_cosignature(one.size, line)


if __name__ == "__main__":
    make(Path(sys.argv[1]))
