"""Labels and people of an issue, changed from its page by those who may."""

from __future__ import annotations

from collections.abc import Iterable

import flask
from flask.typing import ResponseReturnValue

from local_github.pages import visitor
from local_github.world import World


class TriagePages:
    def __init__(self, world: World) -> None:
        self._world = world

    def labels(self, number: int) -> ResponseReturnValue:
        world, login = self._world, visitor.me(self._world).login
        world.require(login, "label")
        added, removed = _asked("etiquette")
        now = world.issue(number).labels
        for name in removed & set(now):
            world.remove_label(login, number, name)
        world.add_labels(login, number, [name for name in world.labels if name in added])
        return self._back(number)

    def people(self, number: int) -> ResponseReturnValue:
        world, login = self._world, visitor.me(self._world).login
        added, removed = _asked("personne")
        now = world.issue(number).assignees
        kept = [name for name in now if name not in removed]
        world.set_assignees(login, number, [*kept, *sorted(added - set(kept))])
        return self._back(number)

    def _back(self, number: int) -> ResponseReturnValue:
        return flask.redirect(f"/{self._world.repository}/issues/{number}", 303)


def _asked(name: str) -> tuple[set[str], set[str]]:
    """What was added and removed on the page: what somebody else changed meanwhile stays as it is."""
    form = flask.request.form
    before, after = _names(form.getlist("avant")), _names(form.getlist(name))
    return after - before, before - after


def _names(values: Iterable[str]) -> set[str]:
    return {value for value in values if value}
