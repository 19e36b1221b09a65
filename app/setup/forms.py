"""GitHub's rules for issue forms and workflows beyond their schemas; one French sentence per breach."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from typing import Any

from app.domain.policy.model import Policy
from app.domain.reading.text import normalised
from app.yaml_documents import NotYamlError, read_plain

FORMS = ".github/ISSUE_TEMPLATE/"
SWITCHES = re.compile(r"^[ \t]*+(?:-|[\w-]++:)\s++(yes|no|on|off|y|n)[ \t]*+(?:#.*)?$", re.IGNORECASE | re.MULTILINE)
SECRETS = re.compile(r"\b(password|passwd|mot de passe)\b", re.IGNORECASE)


def broken(path: str, text: str, ours: str, rules: Policy) -> str:
    """Why GitHub would reject the file, or Jalon miss answers it needs; empty when all is well."""
    try:
        found = read_plain(text)
    except NotYamlError:
        return "YAML illisible"
    if not isinstance(found, dict):
        return "fichier vide ou sans rubrique"
    if path.startswith(FORMS) and not path.endswith("/config.yml"):
        return next(iter(breaches(text) or _gone(found, read_plain(ours), rules)), "")
    return ""


def _gone(form: Any, ours: Any, rules: Policy) -> list[str]:
    """Required questions of ours that a form no longer asks, under any heading the policy knows."""
    asked = {normalised(label) for _, label in _asked(form)}
    wanted = {part for part, _ in _asked(ours)}
    return [
        f"la question « {question.labels[0]} » a disparu"
        for question in rules.questions
        if question.required and question.id in wanted and not asked & {normalised(label) for label in question.labels}
    ]


def _asked(form: Any) -> Iterator[tuple[str, str]]:
    """Id and title of each question."""
    for item in form["body"]:
        if isinstance(item, dict) and item.get("type") != "markdown":
            yield str(item.get("id", "")), str(item.get("attributes", {}).get("label", ""))


def breaches(text: str) -> list[str]:
    """Everything wrong with one form."""
    form = read_plain(text)
    if not isinstance(form, dict) or not isinstance(form.get("body"), list):
        return ["pas de questions (body)"]
    missing = [f"« {name} » manque" for name in ("name", "description") if not form.get(name)]
    return [*missing, *_body(form["body"]), *_switches(text)]


def repeated_names(texts: dict[str, str]) -> list[str]:
    """Names used by several forms, which GitHub would show alike."""
    names = Counter(str(read_plain(text).get("name", "")).casefold() for text in texts.values())
    return [name for name, count in names.items() if count > 1]


def _body(body: list[Any]) -> Iterator[str]:
    asked = list(_asked({"body": body}))
    if not asked:
        yield "aucune question"
    labels = [label for _, label in asked]
    for name, values in (("identifiant", [part for part, _ in asked]), ("question", list(map(normalised, labels)))):
        for value, count in Counter(value for value in values if value).items():
            if count > 1:
                yield f"{name} en double : {value}"
    for label in labels:
        if not label.strip():
            yield "question sans titre"
        if SECRETS.search(label):
            yield f"une question ne peut pas demander un mot de passe : {label}"
    for item in body:
        yield from _options(item) if isinstance(item, dict) else ("question mal formée",)


def _options(item: dict[str, Any]) -> Iterator[str]:
    options = item.get("attributes", {}).get("options", [])
    names = [option.get("label") if isinstance(option, dict) else option for option in options]
    for name in names:
        if not isinstance(name, str):
            yield f"option à mettre entre guillemets : {name}"
        elif name.strip().casefold() == "none":
            yield "l’option « None » est réservée par GitHub"
    for name, count in Counter(map(str, names)).items():
        if count > 1:
            yield f"option en double : {name}"


def _switches(text: str) -> Iterator[str]:
    """YAML reads these words as true or false: a value that is text must be quoted."""
    for found in SWITCHES.finditer(text):
        yield f"« {found[1]} » sans guillemets, ligne {text.count(chr(10), 0, found.start(1)) + 1}"
