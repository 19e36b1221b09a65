"""The installation check tells what the App may read of the catalogue, and what is wrong in it; none is no fault."""

from __future__ import annotations

import pytest

from app.domain.reuse.catalogue_file import COMMONS
from app.github.policies import PATH
from app.setup.checks import Checks
from tests.stage import Stage


@pytest.fixture
def stage(tmp_path):
    found = Stage.at(tmp_path)
    yield found
    found.close()


def check(stage):
    found = Checks(stage.client, stage.jalon.settings.api_url).run()
    return next(one for one in found if one.name.startswith("Catalogue de"))


@pytest.mark.parametrize(
    ("text", "granted", "state", "told"),
    [
        ("", True, "ok", "Aucun"),
        ("[]", True, "ok", f"{COMMONS} : valable"),
        ("- {id: a}", True, "ko", "2 erreurs"),
        ("[]", False, "ok", "n’a pas le droit de lire"),
    ],
)
def test_each_state_is_told(stage, text, granted, state, told):
    if text:
        stage.world.write_file("secretariat", COMMONS, text)
    if not granted:
        stage.world.app.single_files = [PATH]
    found = check(stage)
    plain = found.found.replace("\u00a0", " ")
    assert (found.state, told in plain) == (state, True), plain
