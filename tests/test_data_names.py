"""Names that are data: kept in registers, comments, databases, scripts and dashboards, so they outlive any rewriting.

What a release adds is written to names.txt (`JALON_GOLDEN=write`); a line that would go away is a loss for somebody.
"""

from __future__ import annotations

import inspect
import os
import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import fields, is_dataclass
from importlib import resources
from pathlib import Path

import click
import pytest
from prometheus_client.parser import text_string_to_metric_families

from app.cli import main
from app.domain.product import erasure_facts, facts, reuse_facts, second_thought_facts
from app.domain.reading import command_types
from app.domain.reading.conditions import ConditionText
from app.engine import Inbox, inbox, open_database, worker
from app.github.markers import OPENING
from app.settings import Settings, SettingsError, read_settings, read_token_settings
from app.store import schema
from app.store.register import Register
from app.store.troubles import KINDS
from app.web import create_app
from local_github.keys import another_key

GOLDEN = Path(__file__).parent / "data" / "names.txt"


def classes(module) -> Iterator[type]:
    for _, one in inspect.getmembers(module, inspect.isclass):
        if one.__module__ == module.__name__:
            yield one


def facts_and_their_fields() -> Iterator[str]:
    """Each is written in the register under its class's name, with these fields."""
    for one in (
        *classes(facts),
        *classes(reuse_facts),
        *classes(second_thought_facts),
        *classes(erasure_facts),
        ConditionText,
    ):
        if is_dataclass(one) and one is not facts.Fact:
            yield f"{one.__name__}: {' '.join(field.name for field in fields(one))}"


def commands() -> Iterator[str]:
    """A refused command is kept under its class's name."""
    for one in classes(command_types):
        if issubclass(one, command_types.Command) and one is not command_types.Command:
            yield one.__name__


def tables() -> Iterator[str]:
    for table in schema.METADATA.sorted_tables:
        yield f"{table.name}: {' '.join(column.name for column in table.columns)}"


def engine() -> Iterator[str]:
    """What deliveries under way are found by, by the release after and by the one before."""
    yield from (f"queue {inbox.QUEUE}", f"workflow {inbox.WORKFLOW}", f"application {inbox.NAME}")
    yield f"version {worker.VERSION}"


def marks() -> Iterator[str]:
    yield OPENING.strip()


def templates() -> Iterator[str]:
    """Named after the notices that our comments name."""
    folder = resources.files("app") / "messages"
    for path in sorted(Path(str(folder)).rglob("*.j2")):
        yield path.relative_to(str(folder)).as_posix()


def operations() -> Iterator[str]:
    """GraphQL queries by their names, which GitHub's own logs show."""
    for path in sorted(Path(str(resources.files("app"))).rglob("*.graphql")):
        yield from re.findall(r"^(?:query|mutation|fragment) \w+", path.read_text(encoding="utf-8"), re.MULTILINE)


def command_line(command: click.Command = main, path: str = "jalon") -> Iterator[str]:
    if isinstance(command, click.Group):
        context = click.Context(command)
        for name in sorted(command.list_commands(context)):
            yield from command_line(command.get_command(context, name), f"{path} {name}")
        return
    words = [f"[{'|'.join(one.opts)}]" if isinstance(one, click.Option) else one.name.upper() for one in command.params]
    yield " ".join([path, *sorted(words)])


class Asked(dict):
    """An environment that remembers which of its variables were looked at."""

    def __init__(self, **given: str) -> None:
        super().__init__(given)
        self.names: set[str] = set()

    def get(self, name, default=None):
        self.names.add(name)
        return super().get(name, default)


def environment() -> Iterator[str]:
    asked = Asked(JALON_APP_ID="1", JALON_WEBHOOK_SECRET="secret", JALON_PRIVATE_KEY=another_key())
    read_settings(asked)
    with suppress(SettingsError):
        read_token_settings(asked)
    yield from sorted(asked.names)


def pages(app) -> Iterator[str]:
    for rule in app.url_map.iter_rules():
        yield f"{' '.join(sorted(rule.methods - {'HEAD', 'OPTIONS'}))} {rule.rule}"


def metrics(app) -> Iterator[str]:
    for family in text_string_to_metric_families(app.test_client().get("/metrics").text):
        labels = {name for sample in family.samples for name in sample.labels}
        yield " ".join([family.name, *sorted(labels)])


@pytest.fixture
def app(tmp_path):
    database = open_database(f"sqlite:///{tmp_path}/jalon.db")
    yield create_app(Settings(1, "PRIVATE KEY", ("secret",)), Inbox(database), Register(database))
    database.dispose()


def test_the_names_that_are_data_stay(app):
    sections = {
        "facts": facts_and_their_fields(),
        "commands": commands(),
        "tables": tables(),
        "engine": engine(),
        "marks": marks(),
        "templates": templates(),
        "graphql": operations(),
        "command line": command_line(),
        "environment": environment(),
        "pages": pages(app),
        "metrics": metrics(app),
        "troubles": KINDS,
    }
    blocks = (f"# {title}\n" + "".join(f"{one}\n" for one in sorted(names)) for title, names in sections.items())
    found = "\n".join(blocks)
    if os.environ.get("JALON_GOLDEN") == "write":
        GOLDEN.write_text(found, encoding="utf-8")
    assert found == GOLDEN.read_text(encoding="utf-8")
