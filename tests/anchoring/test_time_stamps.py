"""A date on a checkpoint: asked of an authority of RFC 3161, checked on arrival, and read by openssl afterwards."""

from __future__ import annotations

import time

import pytest

from app.anchoring.posting import Between, HttpAnswer, NotVouchedError, post_bytes
from app.anchoring.time_stamps import Authority
from tests.anchoring.authority import LocalAuthority, openssl

NOW = Between(time.time(), time.time() + 60)
TEXT = "registre.exemple.gouv.fr/dnum\n18\nXcnaeZ1eFhBYIbKmvlNnAoKDbWtIQFQ6KVRhAC6XGdQ=\n"


def test_openssl_reads_what_is_kept(authority):
    kept = Authority(authority.url, authority.roots).stamp(TEXT, NOW)
    assert "Verification: OK" in authority.reads(kept, TEXT)
    with pytest.raises(Exception, match="non-zero exit status"):
        authority.reads(kept, TEXT.replace("18", "19"))


def test_without_roots_it_is_kept_for_whoever_will_know_them(authority):
    kept = Authority(authority.url).stamp(TEXT, NOW)
    assert "Verification: OK" in authority.reads(kept, TEXT)


def test_an_authority_of_somebody_else_is_not_believed(authority, tmp_path):
    other = LocalAuthority(tmp_path / "autre", "Un autre")
    with pytest.raises(NotVouchedError, match="horodatage faux"):
        Authority(authority.url, other.roots).stamp(TEXT, NOW)
    other.stop()


def replayed(authority):
    """The answer to a former question: its nonce is another."""
    former = []

    def spoil(answer):
        former.append(answer)
        return former[0]

    authority.spoil = spoil
    Authority(authority.url).stamp(TEXT, NOW)


def changed(authority):
    """One bit of the signature, which is what an answer ends with."""
    authority.spoil = lambda answer: answer[:-1] + bytes([answer[-1] ^ 1])


def nonsense(authority):
    authority.spoil = lambda _answer: b"<html>502</html>"


def other_text(authority):
    """An honest date, on something else."""
    question = authority.folder / "autre.txt"
    question.write_text("autre chose", encoding="utf-8")
    asked = openssl("ts", "-query", "-data", question, "-sha256", "-cert")
    authority.spoil = lambda _answer: authority.answer(asked)


LIES = [(lie, roots) for lie in (replayed, nonsense, other_text) for roots in (True, False)] + [(changed, True)]


@pytest.mark.parametrize(("lie", "roots"), LIES, ids=lambda one: getattr(one, "__name__", str(one)))
def test_no_lie_is_kept(authority, lie, roots):
    """A signature alone needs the roots to be judged."""
    lie(authority)
    with pytest.raises(NotVouchedError, match="horodatage"):
        Authority(authority.url, authority.roots if roots else "").stamp(TEXT, NOW)


def test_an_authority_that_is_away_is_asked_again_later(authority):
    authority.away = True
    with pytest.raises(NotVouchedError, match="réponse 503"):
        Authority(authority.url).stamp(TEXT, NOW)


def test_nobody_there_is_said_in_a_few_words(tmp_path):
    gone = LocalAuthority(tmp_path)
    gone.stop()
    with pytest.raises(NotVouchedError, match=r"injoignable \(ConnectionError\)"):
        Authority(gone.url).stamp(TEXT, NOW)


def test_an_answer_without_end_is_left(authority):
    authority.spoil = lambda _answer: b"x" * 200_000
    with pytest.raises(NotVouchedError, match="sans fin"):
        post_bytes(authority.url, authority_question(authority), "application/timestamp-query")


def authority_question(authority):
    path = authority.folder / "question.txt"
    path.write_text(TEXT, encoding="utf-8")
    return openssl("ts", "-query", "-data", path, "-sha256", "-cert")


def test_a_redirection_leads_nowhere():
    seen = []

    def send(url, body, kind):
        seen.append(url)
        return HttpAnswer(302, b"")

    with pytest.raises(NotVouchedError, match="réponse 302"):
        Authority("https://horodatage.exemple.fr", send=send).stamp(TEXT, NOW)
    assert seen == ["https://horodatage.exemple.fr"]


@pytest.mark.parametrize(("when", "why"), [(-3600, "avenir"), (3600, "avant le sceau")])
def test_a_date_that_cannot_be_is_not_kept(authority, when, why):
    now = time.time() + when
    with pytest.raises(NotVouchedError, match=why):
        Authority(authority.url, authority.roots).stamp(TEXT, Between(now, now))
