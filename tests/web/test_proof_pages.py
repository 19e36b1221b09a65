"""Pages by which nobody has to believe us: what they say, who reads them, and that their very commands hold."""

from __future__ import annotations

import html
import io
import re
import shutil
import subprocess
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zipfile import ZipFile

import pytest

from app.domain.policy.register_settings import RegisterSettings, Witness
from app.domain.report.portfolio import Tracked
from app.store.log import Log
from app.transparency.notes import parse
from tests.builders import a_small_policy
from tests.verifier.stage import KEY, ORIGIN, ROOT, WITNESSES, a_decided, said
from tests.web.conftest import Pages

NOW = datetime(2026, 1, 10, tzinfo=UTC)
REPOSITORY = "dnum/produits"
SECTION = RegisterSettings(
    (KEY.key.vkey,), tuple(Witness(one.witness_key.vkey, "https://t.fr") for one in WITNESSES), 2
)
POLICY = replace(a_small_policy(), register=SECTION)
PAGE = f"/produit/{REPOSITORY}/1/preuve/1"


def sealed(found, **asked):
    """One decision, cosigned, and what it takes to change one of these."""
    log = Log(found.database)
    if asked.get("opened", True):
        log.open(ORIGIN, NOW)
    history = a_decided(POLICY)
    found.holds([Tracked(REPOSITORY, 1, "Portail des agréments", history, ())])
    if asked.get("signed", True):
        seal = log.checkpoint(KEY, NOW)
        for witness in WITNESSES:
            log.add_cosignature(seal.size, witness.cosign(parse(seal.note).text, int(NOW.timestamp())))
    return found


@pytest.fixture
def site(tmp_path):
    found = Pages(f"sqlite:///{tmp_path}/jalon.db", policy=POLICY)
    yield found
    found.database.dispose()


def plain(text):
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", text)).split())


def commands(text):
    """Each step's, with what its last one must show."""
    steps = re.findall(
        r'<pre class="exact" tabindex="0"><code>([^<]*)</code></pre>\s*<p>[^<]*<code class="key">([^<]*)</code>',
        text,
        re.DOTALL,
    )
    return [(html.unescape(typed), html.unescape(expected)) for typed, expected in steps]


def test_a_decision_has_its_page_and_its_file(site, tmp_path):
    text = sealed(site).text(PAGE)
    told = plain(text)
    assert "Vérifier cette décision" in told
    assert "Cette décision est l’entrée nº 9 du registre scellé, sous le sceau de 11 entrées" in told
    for part in ("Ce que cela prouve", "Ce que cela ne prouve pas", "python3 verifier.py decision-1-1.tlog-proof"):
        assert part in told
    assert [expected for _, expected in commands(text)][:3] == ["Signature Verified Successfully"] * 3
    answer = site.get(f"{PAGE}.tlog-proof")
    assert answer.headers["Content-Disposition"] == 'attachment; filename="decision-1-1.tlog-proof"'
    (tmp_path / "p.tlog-proof").write_bytes(answer.get_data())
    status, found = said(tmp_path / "p.tlog-proof", "--key", KEY.key.vkey)
    assert (status, found["figures"]["decided"], found["figures"]["signatures"]) == (0, 1, 3)


def test_the_page_speaks_english(site):
    told = plain(sealed(site).text(f"{PAGE}?lang=en"))
    assert "Verify this decision" in told
    assert "decision-1-1.tlog-proof --lang en" in told


def test_the_product_leads_to_it(site):
    assert f'href="{PAGE}"' in sealed(site).text(f"/produit/{REPOSITORY}/1")


def test_what_is_not_sealed_yet_is_said(tmp_path):
    for name, opened, expected in (("a", False, "n’est pas scellée"), ("b", True, "attend son sceau")):
        found = sealed(Pages(f"sqlite:///{tmp_path}/{name}.db", policy=POLICY), opened=opened, signed=False)
        assert expected in plain(found.text(PAGE))
        assert found.get(f"{PAGE}.tlog-proof").status_code == 404
        assert ("preuve/1" in found.text(f"/produit/{REPOSITORY}/1")) == opened
        told = plain(found.text("/registre"))
        assert "Le registre n’est pas scellé" in told
        assert found.get("/registre-public.zip").status_code == 404
        found.database.dispose()


@pytest.mark.parametrize("path", [f"/produit/{REPOSITORY}/1/preuve/2", f"/produit/{REPOSITORY}/7/preuve/1"])
def test_there_is_no_page_of_what_was_not_decided(site, path):
    assert sealed(site).get(path).status_code == 404
    assert site.get(f"{path}.tlog-proof").status_code == 404


def test_the_seal_of_the_register_can_be_copied_and_its_archive_taken(site, tmp_path):
    text = sealed(site).text("/registre")
    block = html.unescape(re.search(r"<code>(registre\..*?)</code>", text, re.DOTALL)[1])
    (tmp_path / "sceau.txt").write_text(block, encoding="utf-8")
    assert KEY.key.vkey in html.unescape(text)
    made = site.get("/registre-public.zip").get_data()
    assert made == site.get("/registre-public.zip").get_data()
    (tmp_path / "r.zip").write_bytes(made)
    status, found = said(tmp_path / "r.zip", tmp_path / "sceau.txt")
    assert (status, found["figures"]["kept"], found["figures"].get("open")) == (0, 1, None)
    assert b"cheffe-produit" not in ZipFile(io.BytesIO(made)).read("entries.jsonl")


def test_the_archive_follows_what_is_sealed_and_cosigned(site):
    made = sealed(site).get("/registre-public.zip").get_data()
    log = Log(site.database)
    site.holds([Tracked(REPOSITORY, 2, "Autre", a_decided(POLICY), ())])
    log.checkpoint(KEY, NOW + timedelta(days=1))
    site.app.extensions["jalon"].portfolio_cache.rows(REPOSITORY, POLICY, NOW)
    assert site.get("/registre-public.zip").get_data() != made


def test_the_tool_is_given_to_everybody_as_it_stands(tmp_path):
    closed = Pages(f"sqlite:///{tmp_path}/jalon.db", pages="", policy=POLICY)
    answer = sealed(closed).get("/verifier.py")
    assert answer.get_data() == (ROOT / "verifier" / "verifier.py").read_bytes()
    assert answer.headers["Content-Type"] == "text/plain; charset=utf-8"
    for path in (PAGE, f"{PAGE}.tlog-proof", "/registre", "/registre-public.zip"):
        assert closed.get(path).status_code == 403
    closed.database.dispose()


@pytest.mark.slow
@pytest.mark.skipif(not shutil.which("openssl"), reason="openssl is not here")
@pytest.mark.parametrize("others", [0, 1, 6])
def test_the_commands_of_the_page_hold_as_they_are(site, tmp_path, others):
    """In an empty folder, by the plainest shell; in trees of other shapes too."""
    Log(site.database).open(ORIGIN, NOW)
    for number in range(others):
        site.holds([Tracked(REPOSITORY, number + 2, "L’autre d'à côté", a_decided(POLICY), ())])
    Log(site.database).checkpoint(KEY, NOW)
    sealed(site, opened=False)
    steps = commands(site.text(PAGE))
    assert len(steps) == 6
    for typed, expected in steps:
        done = subprocess.run(["sh", "-e"], input=typed, cwd=tmp_path, capture_output=True, text=True, check=False)
        assert done.returncode == 0, (typed, done.stderr)
        shown = (done.stdout.split() or [""])[0] if expected not in done.stdout else expected
        assert shown == expected, (typed, done.stdout, done.stderr)
    root = (tmp_path / "sceau.txt").read_text(encoding="utf-8").splitlines()[2]
    assert steps[-2][1] == root


@pytest.mark.slow
@pytest.mark.skipif(not shutil.which("openssl"), reason="openssl is not here")
def test_a_byte_changed_is_seen_by_hand_too(site, tmp_path):
    steps = commands(sealed(site).text(PAGE))
    done = subprocess.run(
        ["sh"],
        input=steps[0][0].replace("registre.", "registrf."),
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert "Verified Successfully" not in done.stdout
    changed = steps[3][0].replace('"outcome":"go"', '"outcome":"no"')
    assert changed != steps[3][0]
    done = subprocess.run(["sh"], input=changed, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert steps[3][1] not in done.stdout
