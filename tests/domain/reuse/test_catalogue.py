"""The catalogue as values: everything is found by its id."""

from __future__ import annotations

from app.domain.reuse.catalogue import Catalogue, Common, Norm


def test_everything_is_found_by_its_id():
    grist, rgaa = Common("grist", "Grist", "Des tableaux partagés"), Norm("rgaa", "RGAA")
    catalogue = Catalogue((grist,), (rgaa,))
    assert grist.ref == "commun:grist"
    assert catalogue.by_id == {"grist": grist}
    assert catalogue.norms_by_id == {"rgaa": rgaa}
    assert not Catalogue().is_kept
