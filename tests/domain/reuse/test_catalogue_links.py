"""What files name of one another is in them, told with its place otherwise."""

from __future__ import annotations

import pytest

from app.domain.policy.document import Problem
from app.domain.reuse.catalogue_links import unknown_commons, unknown_items, unknown_norms, unknown_seats
from app.yaml_documents import read_document

RULES = (
    "phases:\n  - checklist:\n      donnees:\n        - {id: a, norme: rgaa}\n        - {id: b, norme: [rgpd, rgs]}\n"
)
COMMONS = "- {id: a, regle: [x, y], siege: communs}\n- {id: b, regle: z, siege: [secu]}\n- rien\n"


@pytest.mark.parametrize(
    ("find", "text", "known", "expected"),
    [
        (unknown_norms, RULES, ["rgaa", "rgpd", "rgs"], []),
        (unknown_norms, RULES, ["rgs"], [(4, "phases[1].checklist.donnees[1].norme"), (5, "phases[1].checklist.donnees[2].norme")]),
        (unknown_commons, "- {id: rgaa, commun: ara}\n", ["ara"], []),
        (unknown_commons, "- {id: rgaa, commun: ara}\n", [], [(1, "[1].commun")]),
        (unknown_items, COMMONS, ["x", "z"], [(1, "[1].regle")]),
        (unknown_seats, COMMONS, ["communs"], [(2, "[2].siege")]),
    ],
)  # fmt: skip
def test_what_is_named_is_beside(find, text, known, expected):
    document = read_document(text)
    assert not isinstance(document, Problem)
    assert [(one.line, one.path) for one in find(document, known)] == expected
