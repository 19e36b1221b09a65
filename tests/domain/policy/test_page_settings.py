"""What the policy says of the pages: read when it is there, told of when it is wrong, silent otherwise."""

from __future__ import annotations

import pytest

from app.domain.policy.model import Policy
from app.domain.policy.page_settings import Accessibility, Legal, PageSettings
from app.yaml_documents import read_policy
from tests.builders import a_policy
from tests.domain.policy.test_parser import TEXT

WHOLE = """
pages:
  institution: {fr: "Ministère de l’Exemple", en: "Ministry of Examples"}
  accessibility: {status: partial, contact: acces@exemple.gouv.fr, report: "https://exemple.gouv.fr/audit"}
  legal: {publisher: La direction, director: La directrice, host: Un hébergeur, contact: "https://exemple.gouv.fr/ecrire"}
"""


def test_a_policy_that_says_nothing_of_its_pages() -> None:
    assert a_policy().pages == PageSettings()
    assert PageSettings().accessibility.status == "none"


def test_the_whole_section() -> None:
    found = read_policy(TEXT + WHOLE)
    assert isinstance(found, Policy)
    assert found.pages == PageSettings(
        "Ministère de l’Exemple",
        Accessibility("partial", "acces@exemple.gouv.fr", "https://exemple.gouv.fr/audit"),
        Legal("La direction", "La directrice", "Un hébergeur", "https://exemple.gouv.fr/ecrire"),
    )


@pytest.mark.parametrize("part", ["{}", "{accessibility: {}}", "{legal: {}}", "{accessibility: {status: none}}"])
def test_each_key_is_optional(part: str) -> None:
    found = read_policy(f"{TEXT}pages: {part}\n")
    assert isinstance(found, Policy)
    assert found.pages == PageSettings()


@pytest.mark.parametrize(
    ("part", "path"),
    [
        ("[]", "pages"),
        ("{colour: blue}", "pages"),
        ("{institution: 3}", "pages.institution"),
        ("{accessibility: {status: perfect}}", "pages.accessibility.status"),
        ("{accessibility: {status: 3}}", "pages.accessibility.status"),
        ("{accessibility: {contact: nobody}}", "pages.accessibility.contact"),
        ("{accessibility: {report: 'http://exemple.fr'}}", "pages.accessibility.report"),
        ("{accessibility: {report: 'javascript:alert(1)'}}", "pages.accessibility.report"),
        ("{legal: {contact: 'javascript:alert(1)'}}", "pages.legal.contact"),
        ("{legal: {owner: x}}", "pages.legal"),
        ("{legal: [x]}", "pages.legal"),
    ],
)
def test_each_mistake_has_its_place(part: str, path: str) -> None:
    found = read_policy(f"{TEXT}pages: {part}\n")
    assert not isinstance(found, Policy)
    assert [problem.path.removesuffix(".colour").removesuffix(".owner") for problem in found] == [path]
