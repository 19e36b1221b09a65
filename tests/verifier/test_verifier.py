"""The outsider's tool: it says WHOLE of what is, and of anything else what is wrong and who could have done it."""

from __future__ import annotations

import ast
import json
import os
import sys
from dataclasses import replace
from datetime import timedelta
from zipfile import ZipFile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain.product.facts import GateDecided
from app.transparency import proofs
from tests.builders import T0 as DAY_ONE
from tests.builders import a_product, at_gate, parsed, played, says
from tests.domain.test_properties import PEOPLE, RULES, TEXTS
from tests.verifier.stage import KEY, ROOT, WITNESSES, Stage, a_decided, altered, said, verifier

TOOL, SPECIFICATION = ROOT / "verifier" / "verifier.py", ROOT / "verifier" / "rules_spec.py"
BEGINS, ENDS = "# --- the rules of a vote: rules_spec.py, word for word ---\n", "# --- end of the rules of a vote ---\n"


@pytest.fixture
def stage(tmp_path):
    found = Stage(tmp_path)
    yield found
    found.database.dispose()


@pytest.fixture
def witnessed(tmp_path):
    found = Stage(tmp_path, witnesses=WITNESSES)
    yield found
    found.database.dispose()


def filled(stage):
    """Two products, three seals, one decision each way."""
    first = stage.holds(a_decided())
    stage.seals()
    stage.holds(a_decided(votes={"techno": "/nogo trop tôt", "secu": "/go"}))
    stage.seals()
    stage.holds(a_decided(votes={"secu": "/go", "design": "/abstention"}))
    stage.seals()
    return first


# The file itself.


def test_the_rules_of_the_tool_are_the_very_file_that_the_proofs_compare_with_the_program():
    text = TOOL.read_text(encoding="utf-8")
    if os.environ.get("JALON_GOLDEN") == "write":
        before, after = text.split(BEGINS)[0], text.split(ENDS)[1]
        text = f"{before}{BEGINS}{SPECIFICATION.read_text(encoding='utf-8')}{ENDS}{after}"
        TOOL.write_text(text, encoding="utf-8")
    assert text.split(BEGINS)[1].split(ENDS)[0] == SPECIFICATION.read_text(encoding="utf-8")


def test_the_tool_needs_nothing_but_an_old_python():
    tree = ast.parse(TOOL.read_text(encoding="utf-8"), feature_version=(3, 9))
    named = {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
    named |= {node.module for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    assert named <= sys.stdlib_module_names
    assert not named & {"socket", "subprocess", "urllib", "http", "os"}


def test_each_sentence_of_one_language_has_the_values_of_the_other():
    assert {who for who, *_ in verifier.WRONG.values()} <= set(verifier.WHO)
    pairs = [*verifier.KNOW.values(), *verifier.HEADS.values(), *(pair for _, *pair in verifier.WRONG.values())]
    for french, english in pairs:
        assert {one.split("}")[0] for one in french.split("{")[1:]} == {
            one.split("}")[0] for one in english.split("{")[1:]
        }


# RFC 8032 (7.1), RFC 6962, and keys published by others.

RFC_8032 = [
    (
        "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
        "",
        "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b",
    ),
    (
        "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
        "72",
        "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00",
    ),
    (
        "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025",
        "af82",
        "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a",
    ),
]


@pytest.mark.parametrize(("public", "message", "signature"), RFC_8032)
def test_signatures_are_those_of_rfc_8032(public, message, signature):
    public, message, signature = map(bytes.fromhex, (public, message, signature))
    assert verifier.is_signed(public, signature, message)
    assert not verifier.is_signed(public, signature, message + b"x")
    assert not verifier.is_signed(public, signature[:32] + bytes(32), message)
    larger = (int.from_bytes(signature[32:], "little") + verifier.ORDER).to_bytes(33, "little")[:32]
    assert not verifier.is_signed(public, signature[:32] + larger, message)
    assert not verifier.is_signed(public, signature[:63], message)


def test_points_that_are_none_are_refused():
    assert verifier.point((verifier.P + 1).to_bytes(32, "little")) is None
    assert verifier.point(b"\x02" + bytes(31)) is None
    assert verifier.point((1 | 1 << 255).to_bytes(32, "little")) is None


@settings(max_examples=10)
@given(st.binary(max_size=60), st.binary(min_size=32, max_size=32))
def test_signatures_are_those_of_another_library(message, seed):
    signer = replace(KEY, seed=seed)
    signature = signer._private.sign(message)
    assert verifier.is_signed(signer.key.public, signature, message)
    assert not verifier.is_signed(signer.key.public, signature, message + b"!")


def test_the_tree_is_that_of_rfc_6962():
    leaves = [
        bytes.fromhex(one)
        for one in ("", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f")
    ]
    roots = verifier.roots_at([verifier.leaf_hash(one) for one in leaves], {1, 2, 3, 8})
    assert roots[1].hex() == "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d"
    assert roots[2].hex() == "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125"
    assert roots[8].hex() == "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328"


def test_keys_published_by_others_are_read():
    key = verifier.parse_key("sum.golang.org+033de0ae+Ac4zctda0e5eza+HJyk9SxEdh+s3Ux18htTTAD8OuAn8")
    assert (key.name, key.kind, key.id.hex()) == ("sum.golang.org", verifier.LOG, "033de0ae")
    with pytest.raises(verifier.Unreadable):
        verifier.parse_key("sum.golang.org+033de0af+Ac4zctda0e5eza+HJyk9SxEdh+s3Ux18htTTAD8OuAn8")


# What is whole.


def test_a_register_is_whole(stage):
    filled(stage)
    status, told = said(stage.bundle(), "--key", KEY.key.vkey)
    assert (status, told["verdict"], told["problems"]) == (0, "whole", [])
    assert told["figures"]["decided"] == 2
    assert told["figures"]["seals"] == told["figures"]["signatures"] == 3
    assert [one["code"] for one in told["remarks"]] == ["clock"]
    assert said(stage.bundle(), lang="en")[1]["sentence"].startswith(
        "WHOLE: the register registre.exemple.gouv.fr/dnum"
    )


def test_the_key_that_travels_with_the_archive_is_told_as_such(stage):
    filled(stage)
    told = said(stage.bundle())[1]
    assert next(one["sentence"] for one in told["remarks"] if one["code"] == "keys").count(KEY.key.vkey) == 1


def test_witnesses_vouch_for_it(witnessed):
    filled(witnessed)
    status, told = said(witnessed.bundle())
    assert (status, told["figures"]["signatures"]) == (0, 9)
    assert "clock" not in [one["code"] for one in told["remarks"]]


def test_late_witnesses_break_nothing_and_are_told(witnessed):
    filled(witnessed)
    witnessed.holds(a_decided())
    witnessed.seals(cosigned=False)
    status, told = said(witnessed.bundle())
    assert (status, [one["code"] for one in told["remarks"] if one["code"] == "late"]) == (0, ["late"])


def test_without_personal_parts_everything_is_still_counted(stage):
    filled(stage)
    path = stage.bundle(public=True)
    status, told = said(path)
    assert (status, told["figures"]["decided"]) == (0, 2)
    assert "public" in [one["code"] for one in told["remarks"]]
    assert b"cheffe-produit" not in ZipFile(path).read("entries.jsonl")
    assert b"cheffe-produit" in ZipFile(stage.bundle()).read("entries.jsonl")


def test_parts_erased_are_counted_and_break_nothing(stage):
    filled(stage)

    def erase(lines):
        found = [json.loads(line) for line in lines]
        for one in found[4:9]:
            one |= {"personal": None, "salt": None}
        return map(json.dumps, found)

    status, told = said(altered(stage.bundle(), erase))
    assert (status, told["figures"]["closed"]) == (0, 5)
    assert "Parties personnelles absentes, effacées ou non transmises\u00a0: 5" in told["remarks"][-1]["sentence"]


def test_one_decision_is_proved_by_one_small_file(witnessed):
    history = filled(witnessed)
    path = witnessed.proof(history)
    status, told = said(path, "--key", KEY.key.vkey)
    assert (status, told["verdict"], told["figures"]["decided"]) == (0, "part", 1)
    assert path.stat().st_size < 8_000
    assert [(one["outcome"], one["product"], one["gate"]) for one in told["decisions"]] == [
        ("go", "dnum/produits#1", 1)
    ]
    plain = proofs.parse_proof(path.read_text(encoding="utf-8"))
    assert plain.n == next(fact.sealed.n for fact in history if isinstance(fact, GateDecided))


def test_a_proof_and_an_entry_kept_apart_are_enough(stage, tmp_path):
    history = filled(stage)
    n = next(fact.sealed.n for fact in history if isinstance(fact, GateDecided))
    (tmp_path / "p.tlog-proof").write_text(stage.log.proof(n), encoding="utf-8")
    row = next(stage.log.entries(n))
    (tmp_path / "entry.json").write_text(row.entry + "\n", encoding="utf-8")
    status, told = said(tmp_path / "p.tlog-proof", "--entry", tmp_path / "entry.json", "--key", KEY.key.vkey)
    assert (status, told["verdict"]) == (0, "part")
    assert [one["code"] for one in told["remarks"]] == ["clock", "closed", "alone", "part"]


def test_a_seal_kept_elsewhere_is_of_the_same_history(stage, tmp_path):
    history = filled(stage)
    (tmp_path / "sceau.txt").write_text(stage.log.checkpoints()[0].note, encoding="utf-8")
    status, told = said(stage.bundle(), tmp_path / "sceau.txt", stage.proof(history))
    assert (status, told["figures"]["kept"]) == (0, 2)


# Whatever people do.

ACTS = st.lists(st.tuples(st.sampled_from(PEOPLE), st.sampled_from(TEXTS), st.integers(0, 6)), max_size=25)


def lived(acts):
    policy, now = parsed(RULES), DAY_ONE
    product = at_gate(policy) if len(acts) % 2 else played(a_product(policy), policy)
    for who, text, days in acts:
        now += timedelta(days=days)
        product = played(says(product, who, text), policy, now)
    return product.history


def check_any_life(tmp_path_factory, lives):
    stage = Stage(tmp_path_factory.mktemp("lives"))
    for acts in lives:
        stage.holds(lived(acts))
        stage.seals()
    status, told = said(stage.bundle())
    stage.database.dispose()
    assert (status, told["problems"]) == (0, [])


@settings(max_examples=7)
@given(st.lists(ACTS, min_size=1, max_size=3))
def test_whatever_people_do_the_register_is_whole(tmp_path_factory, lives):
    check_any_life(tmp_path_factory, lives)


@pytest.mark.nightly_proofs
@settings(max_examples=300)
@given(st.lists(ACTS, min_size=1, max_size=4))
def test_whatever_people_do_the_register_is_whole_at_length(tmp_path_factory, lives):
    check_any_life(tmp_path_factory, lives)
