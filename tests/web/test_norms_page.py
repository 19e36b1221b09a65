"""The page of norms: each under the phases whose points name it, with its evidence and the common that helps."""

from __future__ import annotations

import pytest

from app.domain.reuse.catalogue import Catalogue, Common, Norm
from app.shipped_files import default_policy
from app.web.norms_page import followed, nowhere
from tests.web.test_signin import Browser, Site

RGAA = Norm("rgaa", "RGAA", "DINUM", "Toute interface", "La déclaration", "ara", "https://example.org/rgaa")
CATALOGUE = Catalogue(
    (Common("ara", "Ara", "Auditer"),), (RGAA, Norm("rgpd", "RGPD"), Norm("lune", "Norme de la Lune")), is_kept=True
)


@pytest.fixture(scope="module", params=[CATALOGUE, Catalogue(is_kept=True)])
def site(request, tmp_path_factory):
    found = Site(f"sqlite:///{tmp_path_factory.mktemp('norms')}/jalon.db", catalogue=request.param)
    yield found, request.param
    found.close()


def test_the_page_tells_when_and_how_each_is_shown(site):
    there, catalogue = site
    answer = Browser(there).signs_in("visiteur", "/normes")
    if not catalogue.norms:
        assert answer.status_code == 404
        return
    text = " ".join(answer.text.split())
    assert "Normes, par phase" in text
    for told in ("https://example.org/rgaa", "Toute interface", "La déclaration", "Ara", "Norme de la Lune"):
        assert told in text


def test_each_is_under_the_phases_whose_points_name_it():
    policy = default_policy()
    found = {phase.id: [one.norm.id for one in followed(CATALOGUE, phase.items)] for phase in policy.phases}
    assert found["idee"] == ["rgpd"]
    assert found["mvp"] == ["rgaa", "rgpd"]
    assert found["construction"] == []
    mvp = followed(CATALOGUE, policy.phase("mvp").items)
    assert [(item.id for item in one.items) and one.common for one in mvp] == [CATALOGUE.commons[0], None]
    assert [one.norm.id for one in nowhere(CATALOGUE, policy)] == ["lune"]
