"""Plain pages of the local GitHub, to read only: the issues, one issue with its comments, the board."""

from __future__ import annotations

from flask import Blueprint, abort, render_template_string
from markdown_it import MarkdownIt

from app.sandbox.world import World

LAYOUT = """<!doctype html><html lang="fr"><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1"><title>{{ title }}</title>
<body style="font:1rem/1.5 system-ui,sans-serif;max-width:60rem;margin:auto;padding:1rem;color:#161616">
<p><strong>GitHub local pour répéter.</strong> <a href="{{ issues }}">Produits</a> · <a href="{{ board }}">Tableau</a></p>
<h1>{{ title }}</h1>"""
ISSUES = """<ul>{% for i in rows %}<li><a href="{{ issues }}/{{ i.number }}">#{{ i.number }} {{ i.title }}</a>
({{ i.labels|join(", ") }})</li>{% else %}<li>Aucune issue pour l’instant.</li>{% endfor %}</ul>"""
ISSUE = """<p>{{ labels|join(" · ") }}</p>{% for author, text in said %}<h2>{{ author }}</h2><article>{{ text|safe }}</article>
{% endfor %}"""
BOARD = """{% for name, cards in columns %}<h2>{{ name }}</h2><ul>{% for i in cards %}<li><a href="{{ issues }}/{{ i.number }}">
#{{ i.number }} {{ i.title }}</a></li>{% else %}<li>Aucune carte.</li>{% endfor %}</ul>{% endfor %}"""


def _html(text: str) -> str:
    """Markdown with raw HTML turned off; hidden comments are left out as GitHub does."""
    shown = text
    while "<!--" in shown:
        before, _, rest = shown.partition("<!--")
        shown = before + rest.partition("-->")[2]
    return MarkdownIt("js-default", {"html": False}).enable("table").render(shown)


def blueprint(world: World) -> Blueprint:
    """The pages of one local GitHub."""
    pages = Blueprint("pages", __name__)
    links = {"issues": f"/{world.repository}/issues"}
    links["board"] = f"/orgs/{world.organisation}/projects/{world.board_number}"

    @pages.get(links["issues"])
    def issues() -> str:
        rows = sorted(world.issues.values(), key=lambda issue: -issue.number)
        return render_template_string(LAYOUT + ISSUES, title="Produits", rows=rows, **links)

    @pages.get(links["issues"] + "/<int:number>")
    def issue(number: int) -> str:
        found = world.issues.get(number)
        if found is None:
            abort(404)
        said = [(item.author, _html(item.body)) for item in (found, *found.comments)]
        return render_template_string(LAYOUT + ISSUE, title=found.title, labels=found.labels, said=said, **links)

    @pages.get(links["board"])
    def board() -> str:
        columns = [
            (option.name, [world.issues[card.issue] for card in world.cards.values() if card.option == option.id])
            for option in world.options
        ]
        return render_template_string(LAYOUT + BOARD, title=world.board_title, columns=columns, **links)

    return pages
