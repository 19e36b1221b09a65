"""docs/openapi.yml is true: schemathesis plays it against the running server, and every such route is in it."""

from __future__ import annotations

import json
import uuid
from pathlib import Path

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from schemathesis.checks import not_a_server_error

from app.settings import Settings
from app.web import create_app
from app.web.webhook import PATH
from tests.security.doors import opened, signed

schemathesis = pytest.importorskip("schemathesis")
CHECKS = schemathesis.checks.CHECKS
FILE = Path(__file__).parents[2] / "docs/openapi.yml"
DESCRIBED = yaml.safe_load(FILE.read_text(encoding="utf-8"))
SCHEMA = schemathesis.openapi.from_path(FILE)
MANY = settings(deadline=None, max_examples=30, suppress_health_check=list(HealthCheck))
LENIENT = CHECKS.get_one("negative_data_rejection")
"""What GitHub adds one day, or leaves out of an event that is not for us, must not be refused."""
EVENTS = ("issues", "issue_comment", "projects_v2_item", "star")


@pytest.fixture(scope="module")
def door(tmp_path_factory):
    with opened(tmp_path_factory.mktemp("openapi")) as door:
        yield door


def test_every_route_for_machines_is_described():
    app = create_app(Settings(1, "PRIVATE KEY", ("x",)), None, None)
    routes = {
        (rule.rule, method.lower())
        for rule in app.url_map.iter_rules()
        for method in rule.methods - {"HEAD", "OPTIONS"}
        if rule.endpoint.startswith("watch.")
    } | {(PATH, "post")}
    assert routes == {(path, method) for path, methods in DESCRIBED["paths"].items() for method in methods}


@pytest.mark.contract
@SCHEMA.parametrize()
@MANY
def test_every_answer_is_one_that_is_described(case, door):
    """Without a signature, or with a wrong one: schemathesis makes both up."""
    before = door.stored
    # No worker lives beside this door: 503 is then the described answer of /readyz, and no error of ours.
    excluded = [not_a_server_error] if case.path == "/readyz" else []
    answer = case.call_and_validate(base_url=f"http://127.0.0.1:{door.port}", excluded_checks=excluded)
    assert answer.status_code < 500 or (case.path, answer.status_code) == ("/readyz", 503)
    assert door.stored == before


@pytest.mark.contract
@MANY
@given(case=SCHEMA["/webhooks/github"]["POST"].as_strategy())
def test_signed_deliveries_are_stored_once_or_refused_as_described(case, door):
    before = door.stored
    body = json.dumps(case.body).encode()
    case.headers["X-Hub-Signature-256"] = signed(body)
    case.headers["X-GitHub-Event"] = EVENTS[len(body) % len(EVENTS)]
    case.headers["X-GitHub-Delivery"] = str(uuid.uuid4())
    case.body = body
    answers = [case.call(base_url=f"http://127.0.0.1:{door.port}") for _ in range(2)]
    stored = door.stored - before
    for answer in answers:
        case.validate_response(answer, excluded_checks=[LENIENT])
        assert answer.status_code in {202, 400}
    assert stored == (answers[0].text == "Stored.\n")
    assert (answers[1].text == "Stored already.\n") == (answers[0].text == "Stored.\n")
