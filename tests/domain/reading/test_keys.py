"""The key of a command is what says that it was answered: where a comment means what it meant, its key is the same."""

from __future__ import annotations

import pytest

from app.domain.reading.commands import parse

FORMER = [
    ("/go", "1f23e61576d2"),
    ("/GO", "1f23e61576d2"),
    ("/Go.", "1f23e61576d2"),
    ("/go !", "1f23e61576d2"),
    ("**/go**", "1f23e61576d2"),
    ("- /go", "1f23e61576d2"),
    ("/go sous réserve de tests", "2a981ee54885"),
    ("/go sous réserve\n- un\n- deux", "36df63495b80"),
    ("/go sous condition : un", "b884c89399fb"),
    ("/go avec réserves\n1. un\n2. deux", "36df63495b80"),
    ("/go with conditions\n• one", "f0f9b24ed0dc"),
    ("/go if tests pass", "053372c82f91"),
    ("/go mais sous réserve de livrer", "cbf977a6636f"),
    ("/go sous réserve", "68db123661da"),
    ("/nogo", "75bcb5c66de3"),
    ("/nogo trop tôt", "62c35cfa4bd0"),
    ("/no-go : trop tôt", "31facb053069"),
    ("/no‑go trop tôt", "31facb053069"),
    ("/nogo trop tôt\n\net trop cher", "025b8c1708bc"),
    ("/nogo\nla raison est dessous", "3d55bf925cf8"),
    ("/nogo\n- un\n- deux", "4d603bca956f"),
    ("**/nogo** : trop tôt", "62c35cfa4bd0"),
    ("/nogo voir le `DICT` et **l’audit**", "d60136ded285"),
    ("/abstention", "699dc4112d66"),
    ("/abstain pas d’avis", "e22d73175a13"),
    ("/déport", "6203e47f6534"),
    ("/recuse conflit", "fffb501ce1a1"),
    ("/clore faute de temps", "5c203d224712"),
    ("/clôture", "33304b631ef1"),
    ("/demande", "62a5b08c2a3b"),
    ("/demande MVP", "126bc8d64d19"),
    ("/demande: généralisation", "61118879c482"),
    ("/retrait pas prêts", "626a97a5da42"),
    ("/coche 3 5", "3622f4024200"),
    ("/coche 3,5", "3622f4024200"),
    ("/coche #3 n°4 no5", "fc0c444dc7de"),
    ("/coche idee-vision IDEE-DICT", "57fe26bda4dd"),
    ("/cocher", "e8dcd3d61273"),
    ("/décoche 3", "9225865aca01"),
    ("/na 4 pas de données", "f2aec78f8d10"),
    ("/na 4 : pas de données, aucune", "507d0027123d"),
    ("/na 4,5 pas de données", "379677b34905"),
    ("/na 4\nparce que", "80e80c6587e9"),
    ("/levée 2 rapport joint", "f0630e9f9ee4"),
    ("/levee #2", "0d5433abf2d0"),
    ("/lever", "123b89a3f23a"),
    ("/décision go\nprésents : techno, @secu et Design", "ef3fb9a09501"),
    ("/decision nogo trop tôt\nPrésents : techno", "c20f36991442"),
    ("/décision report au 15/12/2026", "34c783a09ea1"),
    ("/décision go sous réserve\n- un\n- deux\nprésentes : secu; data", "d0d5a0529aad"),
    ("/décision", "f06a6e304c3e"),
    ("/aide", "fdb542caa35d"),
    ("/commandes", "5e123ad8199f"),
    ("/demnade mvp", "c60f98e0b647"),
    ("/xyzzyx", "9990cf15aecb"),
    ("/got", "d029e6fe5206"),
    ("Bonjour,\n/coche 1\n/nogo car\nsuite\n/aide", "e1d28cc6a760 0236d59d797c fdb542caa35d"),
    ("/aide\n/aide", "fdb542caa35d 9c9df92ebe18"),
]
"""Bodies, and the keys that the first version (15a87a5) gave their commands."""


@pytest.mark.parametrize(("body", "keys"), FORMER, ids=[body for body, _ in FORMER])
def test_a_key_outlives_the_versions(body: str, keys: str) -> None:
    assert " ".join(parsed.key for parsed in parse(body)) == keys
