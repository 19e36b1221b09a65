"""GitHub's own descriptions as judges: its OpenAPI for REST and webhooks, and the models of githubkit."""

from __future__ import annotations

import builtins
import functools
import importlib
import json
import re
import typing
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator
from jsonschema.exceptions import best_match
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT202012

from tests.contract.fetch import target

OPENAPI = "@octokit/openapi"
BASE = "urn:github"
VERSIONS = {"2022-11-28": "v2022_11_28", "2026-03-10": "v2026_03_10"}
ROOMS = ("apps", "issues", "projects", "reactions", "repos", "teams", "orgs", "users", "rate_limit")
ALWAYS = {"status"}
"""Keys GitHub adds to every error, which its description gives to some only."""
NEWER = {"archived_at", "archived_by"}
"""Keys of labels younger than the description; githubkit, which is fresher, requires them."""


class Description:
    """GitHub's OpenAPI 3.0, read as JSON Schema."""

    def __init__(self, document: dict[str, Any]) -> None:
        self.document = _plain(document)
        resource = Resource(contents=self.document, specification=DRAFT202012)
        self._registry = Registry().with_resource(BASE, resource)
        paths = [(path, _pattern(path)) for path in self.document["paths"]]
        self._paths = sorted(paths, key=lambda item: item[0].count("{"))  # a fixed name wins over a variable

    def operation(self, method: str, path: str) -> tuple[str, dict[str, Any]] | None:
        """Template and description of what answers a call; None when GitHub has no such route."""
        for template, pattern in self._paths:
            found = self.document["paths"][template].get(method.lower())
            if found and pattern.fullmatch(path):
                return template, found
        return None

    def problems(self, schema: Any, value: Any) -> list[str]:
        """Everything that does not fit, and every key the schema does not know."""
        validator = Draft202012Validator(schema, registry=self._registry)
        errors = [best_match([error]) for error in validator.iter_errors(value)]
        said = [f"{'/'.join(map(str, error.absolute_path))}: {error.message[:200]}" for error in errors if error]
        return said or [f"{place}: key unknown to GitHub" for place in self._strange(schema, value, "")]

    def response(self, operation: dict[str, Any], status: int) -> Any:
        """The schema of an answer; None for an answer without a body, KeyError when GitHub never gives this status."""
        found = self._deref(operation["responses"][str(status)])
        content = found.get("content", {}).get("application/json")
        return content["schema"] if content else None

    def request(self, operation: dict[str, Any]) -> Any:
        found = self._deref(operation.get("requestBody", {}))
        return found.get("content", {}).get("application/json", {}).get("schema")

    def webhook(self, event: str, action: str) -> Any:
        name = f"{event}-{action}".rstrip("-").replace("_", "-")
        body = self.document["x-webhooks"][name]["post"]["requestBody"]
        return body["content"]["application/json"]["schema"]

    def _deref(self, schema: Any) -> Any:
        while isinstance(schema, dict) and "$ref" in schema:
            parts = schema["$ref"].removeprefix(f"{BASE}#/").split("/")
            schema = functools.reduce(lambda at, part: at[part], parts, self.document)
        return schema

    # keys GitHub does not know

    def _strange(self, schema: Any, value: Any, place: str) -> list[str]:
        if isinstance(value, list):
            found = [shape["items"] for shape in self._shapes(schema)]
            return min(
                (
                    [x for n, item in enumerate(value) for x in self._strange(of, item, f"{place}/{n}")]
                    for of in found
                    if of
                ),
                key=len,
                default=[],
            )
        if not isinstance(value, dict):
            return []
        return min((self._of_object(shape, value, place) for shape in self._shapes(schema)), key=len, default=[])

    def _of_object(self, shape: dict[str, Any], value: dict[str, Any], place: str) -> list[str]:
        known, found = shape["properties"], []
        for key, item in value.items():
            if key in NEWER and "color" in value:
                continue
            if key in known:
                found += self._strange(known[key], item, f"{place}/{key}")
            elif not shape["open"]:
                found.append(f"{place}/{key}")
        return found

    def _shapes(self, schema: Any) -> list[dict[str, Any]]:
        """Every way a value may look: alternatives multiplied out."""
        schema = self._deref(schema)
        if not isinstance(schema, dict):
            return [{"properties": {}, "open": True, "items": {}}]
        own = schema.get("properties", {})
        combined = any(key in schema for key in ("allOf", "anyOf", "oneOf"))
        opened = bool(schema.get("additionalProperties", not own and not combined))
        shapes = [{"properties": own, "open": opened, "items": schema.get("items")}]
        for part in schema.get("allOf", ()):
            shapes = [_merged(one, two) for one in shapes for two in self._shapes(part)]
        for key in ("anyOf", "oneOf"):
            if key in schema:
                shapes = [_merged(one, two) for one in shapes for part in schema[key] for two in self._shapes(part)]
        return shapes


def _merged(one: dict[str, Any], two: dict[str, Any]) -> dict[str, Any]:
    return {
        "properties": {**one["properties"], **two["properties"]},
        "open": one["open"] or two["open"],
        "items": one["items"] or two["items"],
    }


def _pattern(path: str) -> re.Pattern[str]:
    """`{path}` of a file, and a branch's name, may hold slashes."""
    parts = re.split(r"(\{[^}]+\})", path)
    free = {"{path}", "{ref}", "{name}"}
    made = [(".*" if part in free else "[^/]+") if part.startswith("{") else re.escape(part) for part in parts]
    return re.compile("".join(made))


LEFT = {"nullable", "example", "examples"}
RENAMED = {"oneOf": "anyOf"}
"""GitHub's alternatives are often open objects without a required key: one value is then of several of them."""


def _plain(schema: Any) -> Any:
    """OpenAPI 3.0 as JSON Schema: `nullable` becomes a type of its own, references become absolute."""
    if isinstance(schema, list):
        return [_plain(item) for item in schema]
    if not isinstance(schema, dict):
        return schema
    if isinstance(schema.get("$ref"), str):
        return {"$ref": schema["$ref"].replace("#/", f"{BASE}#/", 1)}
    made = {RENAMED.get(key, key): _inside(key, item) for key, item in schema.items() if key not in LEFT}
    if schema.get("nullable") is not True:
        return made
    return {"anyOf": [made, {"type": "null"}]}


def _inside(key: str, item: Any) -> Any:
    """Under `properties` stand names, which may well be called `example`."""
    if key == "properties":
        return {name: _plain(schema) for name, schema in item.items()}
    return item if key in {"enum", "required", "default"} else _plain(item)


@functools.cache
def description() -> Description:
    return Description(json.loads(target(OPENAPI).read_text(encoding="utf-8")))


# githubkit


@functools.cache
def all_models(version: str) -> Any:
    """githubkit's module of models, which warns about itself when it is imported."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return importlib.import_module(f"githubkit_schemas.{VERSIONS[version]}.models")


@functools.cache
def webhook_parser() -> Any:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return importlib.import_module("githubkit.webhooks").parse_obj


@functools.cache
def models(version: str) -> dict[tuple[str, str], tuple[Any, dict[str, Any]]]:
    """(method, template) to the model of the answer and those of its errors, as githubkit's client declares them."""
    module = all_models(version)
    folder = Path(module.__file__).parent.parent / "rest"
    return {key: found for room in ROOMS for key, found in _declared(folder / f"{room}.py", Names(module))}


class Names(dict[str, Any]):
    """Names of a module that makes each only when it is asked for."""

    def __init__(self, module: Any) -> None:
        super().__init__({**vars(builtins), **vars(typing)})
        self._module = module

    def __missing__(self, name: str) -> Any:
        return getattr(self._module, name)


def _declared(file: Path, names: Names) -> Iterator[tuple[tuple[str, str], tuple[Any, dict[str, Any]]]]:
    for part in file.read_text(encoding="utf-8").split("\n    def ")[1:]:
        url, method = re.search(r'url = f?"([^"]+)"', part), re.search(r'_github\.request\(\s*"(\w+)"', part)
        if not url or not method:
            continue
        model = re.search(r"response_model=(.+),\n", part)
        errors = dict(re.findall(r'"(\d{3})": (\w+),', part))
        found = eval(model[1], {}, names) if model else None
        yield (method[1], url[1]), (found, {code: names[name] for code, name in errors.items()})


def template_of(path: str) -> str:
    """githubkit names some variables after itself, not after GitHub's description."""
    return re.sub(r"\{[^}]+\}", "{}", path)
