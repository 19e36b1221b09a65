"""Every route, answered well or refused, judged by GitHub's OpenAPI and by githubkit's models, in both API versions."""

import re

import pytest
from pydantic import BaseModel, TypeAdapter, ValidationError

from local_github.rest.routes import ROUTES
from tests.contract import scenario
from tests.contract.judges import ALWAYS, VERSIONS, all_models, description, models, template_of
from tests.contract.recorder import record

pytestmark = pytest.mark.contract
MISDESCRIBED = {
    ("GET", "/app/installations"): {"type": "array", "items": {"$ref": "urn:github#/components/schemas/installation"}}
}
"""There, an account is said to be a person and an enterprise at once; its own schema says one of both."""
GONE = ("'assignee'", "'rate'", "'has_downloads'")
"""Keys the description, which is of the oldest version, requires and the latest version no longer has."""
UNMODELLED = {"/meta"}
"""What githubkit does not offer among the calls it declares."""
UNDESCRIBED = {301, 307, 400, 401, 403, 404, 409, 422}
"""Redirections and refusals any route may give, which GitHub's description does not repeat for each."""


@pytest.fixture(scope="module", params=VERSIONS)
def exchanges(request, make_hub):
    hub = make_hub()
    kept = record(hub)
    scenario.play(hub, request.param)
    scenario.register(hub, request.param)
    return [item for item in kept if not item.path.startswith("/_sandbox")]


def problems(exchange):
    """What GitHub would never have answered, or never have been asked."""
    path = re.sub(r"^/repositories/\d+", "/repos/dnum/produits", exchange.path)  # where redirections lead
    found = description().operation(exchange.method, path)
    if found is None:
        return [] if exchange.status == 404 else ["no such route at GitHub"]
    template, operation = found
    said = [f"answer {problem}" for problem in of_answer(exchange, operation)]
    said += [f"githubkit: {problem}" for problem in of_models(exchange, template)]
    if exchange.status < 400 and exchange.asked is not None:
        said += [f"request {problem}" for problem in of_request(exchange, operation)]
    return said


def of_answer(exchange, operation):
    answered, schema = exchange.answered, "#/components/schemas/basic-error"
    if (exchange.method, exchange.path) in MISDESCRIBED and exchange.status == 200:
        schema = MISDESCRIBED[exchange.method, exchange.path]
    elif str(exchange.status) in operation["responses"]:
        schema = description().response(operation, exchange.status)
    elif exchange.status not in UNDESCRIBED:
        return [f"status {exchange.status} is not one GitHub gives here"]
    elif exchange.status == 422:
        schema = "#/components/schemas/validation-error"
    if exchange.status >= 400:
        answered = {key: value for key, value in answered.items() if key not in ALWAYS}
    if schema is None and exchange.status >= 300:
        schema = "#/components/schemas/basic-error"
    if schema is None:
        return [] if answered is None or answered == {} else ["a body where GitHub sends none"]
    if isinstance(schema, str):
        schema = {"$ref": f"urn:github{schema}"}
    said = description().problems(schema, answered)
    gone = [f": {key} is a required property" for key in GONE] if exchange.version != min(VERSIONS) else []
    return [problem for problem in said if not problem.endswith(tuple(gone))]


def of_models(exchange, template):
    declared = {(method, template_of(url)): found for (method, url), found in models(exchange.version).items()}
    if template in UNMODELLED:
        return []
    model, errors = declared[exchange.method, template_of(template)]
    judge = model if exchange.status < 300 else errors.get(str(exchange.status))
    if judge is None or exchange.answered is None:
        return []
    return refused_by(judge, exchange)


def refused_by(judge, exchange):
    """What a model of githubkit does not accept, and the keys its version of the API no longer has."""
    try:
        found = TypeAdapter(judge).validate_python(exchange.answered)
    except ValidationError as error:
        return [f"{'/'.join(map(str, item['loc']))}: {item['msg']}" for item in error.errors()[:3]]
    return [f"{place}: key gone from {exchange.version}" for place in outdated(found, "")]


def outdated(item, place):
    """Keys that no model of this version has, and that the same model had in the oldest one."""
    if isinstance(item, list):
        return [found for rank, one in enumerate(item) for found in outdated(one, f"{place}/{rank}")]
    if not isinstance(item, BaseModel):
        return []
    former = getattr(all_models(min(VERSIONS)), type(item).__name__, type(item)).model_fields
    own = [f"{place}/{key}" for key in item.model_extra or () if key in former]
    return own + [found for key in type(item).model_fields for found in outdated(getattr(item, key), f"{place}/{key}")]


def of_request(exchange, operation):
    """GitHub's own description forgets that a field's value may be null, which its text allows."""
    schema, asked = description().request(operation), exchange.asked
    if isinstance(asked, dict) and isinstance(asked.get("fields"), list):
        asked = {"fields": [item for item in asked["fields"] if item["value"] is not None]}
    return description().problems(schema, asked) if schema else ["a body where GitHub wants none"]


def test_every_exchange_is_one_github_could_have(exchanges, tell):
    found = {str(item): said for item in exchanges if (said := problems(item))}
    good = sum(item.status < 400 for item in exchanges)
    version = exchanges[0].version
    tell(
        f"REST {version}: {len(ROUTES)} routes, {good} answers and {len(exchanges) - good} refusals checked, {len(found)} wrong"
    )
    assert found == {}


def test_every_route_was_called_with_and_without_success(exchanges):
    seen = {(item.method, rule) for item in exchanges if item.status < 400 for rule in rules(item)}
    refused = {(item.method, rule) for item in exchanges if item.status >= 400 for rule in rules(item)}
    every = {(route.method, route.path) for route in ROUTES}
    assert every - seen == set()
    assert every - refused == set()


def rules(exchange):
    """The routes a path could be; the fixed one before the variable one, as the server chooses."""
    for route in sorted(ROUTES, key=lambda route: route.path.count("<")):
        shape = re.sub(r"<path:\w+>", ".+", re.sub(r"<int:\w+>", r"\\d+", route.path))
        if route.method == exchange.method and re.fullmatch(re.sub(r"<\w+>", "[^/]+", shape), exchange.path):
            yield route.path
            return
