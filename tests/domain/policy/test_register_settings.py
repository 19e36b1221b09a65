"""The rules' section on the sealed register: what may be written, and each mistake where it is."""

from __future__ import annotations

import base64
import hashlib

import pytest

from app.domain.policy.model import Policy
from app.domain.policy.register_settings import RegisterSettings, Witness
from app.shipped_files import default_policy
from app.yaml_documents import read_policy
from tests.builders import SMALL


def vkey(name: str, kind: int, seed: int = 7) -> str:
    held = bytes([kind]) + bytes([seed]) * 32
    number = hashlib.sha256(name.encode() + b"\n" + held).hexdigest()[:8]
    return f"{name}+{number}+{base64.b64encode(held).decode()}"


OURS, NEXT = vkey("registre.exemple.gouv.fr/comite", 1), vkey("registre.exemple.gouv.fr/comite", 1, 8)
FIRST, SECOND = vkey("temoin.exemple.gouv.fr", 4), vkey("autre.exemple.fr", 4)
KNOWN = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
"""The key that Go publishes with its implementation of signed notes."""


def read(section: str) -> object:
    return read_policy(f"{SMALL}\n{section}")


def test_rules_without_the_section_demand_nothing():
    found = read("register: {}")
    assert isinstance(found, Policy)
    assert default_policy().register == found.register == RegisterSettings()


def test_each_key_is_read():
    found = read(
        f"register:\n  keys: ['{OURS}', '{NEXT}', '{KNOWN}']\n  quorum: 1\n  witnesses:\n"
        f"    - {{key: '{FIRST}', url: 'https://temoin.exemple.gouv.fr/'}}\n"
        f"    - {{key: '{SECOND}', url: 'http://127.0.0.1:8181/'}}\n"
    )
    assert isinstance(found, Policy)
    witnesses = (Witness(FIRST, "https://temoin.exemple.gouv.fr/"), Witness(SECOND, "http://127.0.0.1:8181/"))
    assert found.register == RegisterSettings((OURS, NEXT, KNOWN), witnesses, 1)
    assert [one.name for one in witnesses] == ["temoin.exemple.gouv.fr", "autre.exemple.fr"]


def one(key: str, url: str = "https://temoin.exemple.gouv.fr/") -> str:
    return f"{{key: '{key}', url: '{url}'}}"


HTTPS = "https://temoin.exemple.gouv.fr/"


@pytest.mark.parametrize(
    ("section", "kind", "path", "why"),
    [
        ("[]", "expected", "register", ""),
        (f"{{key: '{OURS}'}}", "unknown_key", "register", ""),
        ("{keys: ['registre+1+A']}", "bad_key", "register.keys[1]", "form"),
        (f"{{keys: ['{OURS[:-1]}!']}}", "bad_key", "register.keys[1]", "form"),
        (f"{{keys: ['{'x' * 4}+{'0' * 8}+{'=' * 44}']}}", "bad_key", "register.keys[1]", "form"),
        (f"{{keys: ['{'x' * 4}+{'0' * 8}+{'A' * 44}']}}", "bad_key", "register.keys[1]", "number"),
        (f"{{keys: ['x{OURS}']}}", "bad_key", "register.keys[1]", "number"),
        (f"{{keys: ['{FIRST}']}}", "bad_key", "register.keys[1]", "witness"),
        (f"{{keys: ['{vkey('x', 2)}']}}", "bad_key", "register.keys[1]", "kind"),
        (f"{{keys: ['{OURS}', '{OURS}']}}", "repeated_value", "register.keys[2]", ""),
        ("{keys: [3]}", "expected", "register.keys[1]", ""),
        ("{quorum: 1}", "number_too_great", "register.quorum", ""),
        ("{quorum: -1}", "expected_number", "register.quorum", ""),
        (f"{{witnesses: [{one(FIRST)}]}}", "missing_key", "register", ""),
        (f"{{quorum: 1, witnesses: [{{key: '{FIRST}'}}]}}", "missing_key", "register.witnesses[1]", ""),
        (f"{{quorum: 1, witnesses: [{{url: '{HTTPS}'}}]}}", "missing_key", "register.witnesses[1]", ""),
        (f"{{quorum: 2, witnesses: [{one(FIRST)}]}}", "number_too_great", "register.quorum", ""),
        (f"{{quorum: 1, witnesses: [{one(OURS)}]}}", "bad_key", "register.witnesses[1].key", "kind"),
        (f"{{quorum: 1, witnesses: [{one(FIRST, 'http://temoin.fr/')}]}}", "bad_form", "register.witnesses[1].url", ""),
        (f"{{quorum: 1, witnesses: [{one(FIRST)}, {one(FIRST)}]}}", "repeated_value", "register.witnesses[2].key", ""),
    ],
)  # fmt: skip
def test_each_mistake_is_told_where_it_is(section, kind, path, why):
    problems = read(f"register: {section}")
    assert [(one.kind, one.path) for one in problems] == [(kind, path)]
    assert problems[0].line == SMALL.count("\n") + 2
    assert dict(problems[0].detail).get("why", "") == why
