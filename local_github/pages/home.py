"""The first page: what a rehearsal is, in three steps, and who one may be."""

from __future__ import annotations

import flask
from flask.typing import ResponseReturnValue

from local_github.pages import markdown
from local_github.pages.guide import Stage, groups
from local_github.world import World


class HomePages:
    def __init__(self, world: World, stage: Stage) -> None:
        self._world, self._stage = world, stage

    def home(self) -> str:
        guide = markdown.to_html(self._stage.guide.replace("\n   ", " "), top=3)
        return flask.render_template("sandbox/home.html", groups=groups(self._world, self._stage), guide=guide)

    def person(self, login: str) -> ResponseReturnValue:
        """GitHub's address of a person leads to what the first page says of them."""
        if login == self._world.organisation:
            return flask.redirect("/#personnes")
        if login not in self._world.people:
            flask.abort(404)  # whoever calls the API is answered as by the API
        return flask.redirect(f"/#{login}")
