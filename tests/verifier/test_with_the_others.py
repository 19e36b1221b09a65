"""The outsider's tool on what the other rooms make: keys changed by their commands, time-stamps, an erasure."""

from __future__ import annotations

import shutil
import subprocess
import time
from pathlib import Path

import pytest

from app.anchoring.posting import Between
from app.anchoring.time_stamps import Authority
from app.reports.proof_files import Trusted, write_bundle
from app.transparency.notes import parse
from tests.anchoring.authority import LocalAuthority
from tests.cli.test_seal import HISTORY, LATER, place, sealed
from tests.stories.test_erasing import REASON, ErasureRequest, decided, erase
from tests.stories.test_erasing import stage as erasing_stage
from tests.verifier.stage import KEY, Stage, a_decided, altered, codes, said

pytestmark = pytest.mark.slow  # processes and whole lives: `make long`
__all__ = ["erasing_stage", "place", "sealed"]


def archive(log, folder: Path, *keys) -> Path:
    path = folder / "registre.zip"
    with path.open("wb") as file:
        write_bundle(file, log, lambda digests: {}, Trusted(tuple(keys)))
    return path


@pytest.mark.parametrize("word", ["rotate", "lost", "stolen"])
def test_a_key_changed_by_its_command(sealed, word):
    former = sealed.signer("un.key")
    sealed.append(3, 5)
    before = sealed.log.checkpoint(former, LATER).note
    more = ("--from", str(sealed.log.size)) if word == "stolen" else ()
    assert sealed.runs(word, "--key", "deux.key", *more)[0] == 0
    new = sealed.signer("deux.key")
    sealed.append(5, len(HISTORY))
    assert sealed.log.checkpoint(new, LATER)
    path = archive(sealed.log, sealed.folder, new.key.vkey)
    assert codes(said(path, "--key", new.key.vkey)) == []
    (sealed.folder / "sceau.txt").write_text(before, encoding="utf-8")
    status, told = said(path, sealed.folder / "sceau.txt", "--key", new.key.vkey)
    assert (status, told["figures"]["kept"]) == (0, 1)
    # Who knows the former key alone believes a rotation, which it signed, and asks for more after a loss or a theft.
    assert codes(said(path, "--key", former.key.vkey)) == ([] if word == "rotate" else ["key"])


@pytest.fixture(scope="module")
def authority(tmp_path_factory):
    if not shutil.which("openssl"):
        pytest.skip("openssl is not here")
    one = LocalAuthority(tmp_path_factory.mktemp("horodatage"))
    yield one
    one.stop()


def test_a_time_stamp_bounds_the_dates_and_openssl_is_given_its_line(tmp_path, authority):
    stage = Stage(tmp_path)
    stage.holds(a_decided())
    seal = stage.seals()
    answer = Authority(authority.url, authority.roots).stamp(parse(seal.note).text, Between(seal.at, time.time()))
    stage.log.add_stamp(seal.size, answer)
    path = stage.bundle()
    status, told = said(path, "--key", KEY.key.vkey)
    assert (status, told["figures"]["stamps"]) == (0, 1)
    line = next(one["sentence"] for one in told["remarks"] if one["code"] == "openssl").partition("openssl ")[2]
    assert "OK" in ran(authority, answer, line)
    other = altered(path, lambda _: ["un horodatage"], f"checkpoints/{seal.size}.tsr")
    assert codes(said(other, "--key", KEY.key.vkey)) == ["stamp"]
    stage.database.dispose()


def ran(authority, answer, line) -> str:
    """The very line, with the names it leaves to whoever types it."""
    (authority.folder / "11.tsr").write_bytes(answer)
    words = line.replace("AUTORITE.pem", "ca.pem").split()
    done = subprocess.run(["openssl", *words], cwd=authority.folder, capture_output=True, text=True, check=False)
    return done.stdout + done.stderr


def test_what_was_erased_is_counted_and_everything_else_still_proves(erasing_stage, tmp_path):
    number = decided(erasing_stage)
    erase(erasing_stage, number, ErasureRequest("demande 12", person="transfo"))
    erasing_stage.passes(60)
    log, signer = erasing_stage.log, erasing_stage.jalon.signer
    assert log.checkpoint(signer, erasing_stage.now)
    path = archive(log, tmp_path, signer.key.vkey)
    status, told = said(path)
    assert (told["problems"], status) == ([], 0)
    assert told["figures"]["closed"] > 0
    assert REASON not in str(told)
