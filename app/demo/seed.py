"""The rehearsal stage: the seed of the local GitHub, made from the files that Jalon ships."""

from __future__ import annotations

from typing import Any

from app.domain.policy.model import Policy
from app.domain.reuse.catalogue_file import PATHS
from app.setup.desired import TITLE, VIEWS, catalogue, fields
from app.setup.model import OptionSpec
from app.shipped_files import asset, default_policy
from app.yaml_documents import read_plain

FORMS = ("nouveau-produit.yml", "refonte.yml", "evolution-majeure.yml", "accompagnement.yml", "config.yml")
EVENTS = ["issues", "issue_comment", "projects_v2_item", "label", "membership", "team", "repository"]
PERMISSIONS = {
    "issues": "write",
    "metadata": "read",
    "organization_projects": "write",
    "members": "read",
    "single_file": "read",
}
PEOPLE = (
    {
        "login": "secretariat",
        "role": "write",
        "name": "Secrétariat du comité",
        "about": "Prépare les séances, clôt les demandes, lève les réserves.",
    },
    {
        "login": "administratrice",
        "role": "admin",
        "name": "Administratrice de l’organisation",
        "about": "Installe l’application et règle le dépôt.",
    },
    {
        "login": "cheffe-produit",
        "role": "triage",
        "name": "Cheffe de produit",
        "about": "Dépose un produit, remplit sa liste de contrôle, demande les passages.",
    },
    {
        "login": "chef-produit",
        "role": "triage",
        "name": "Chef de produit",
        "about": "Une deuxième équipe, pour suivre plusieurs produits à la fois.",
    },
    {
        "login": "visiteur",
        "role": "read",
        "name": "Visiteur",
        "about": "Lit et commente, mais son avis ne compte pas comme un vote.",
    },
)
COMMITTEE = (
    "Chaque personne tient un siège et répond à une demande par /go, /go sous réserve, /nogo, /abstention ou /déport."
)
GUIDE = """
1. En tant que **cheffe-produit**, déposez un produit avec le formulaire. Jalon l’accueille, publie sa liste de
   contrôle et place sa carte sur le tableau.
2. Commentez `/demande` : c’est trop tôt, et Jalon dit ce qui manque. Traitez les points obligatoires, par exemple
   avec `/coche 2 3 4 5 7 11 13`, puis recommencez : le comité est saisi.
3. Devenez **visiteur** et commentez `/go` : cet avis ne compte pas. Devenez ensuite **techno**, **archi** et
   d’autres membres du comité : quand plus rien ne peut changer le résultat, la décision tombe et la carte avance.
4. Sur le tableau, déplacez vous-même une carte : sans décision du comité, Jalon la remet à sa place et dit pourquoi.

À tout moment, `/aide` rappelle ce que chacun peut écrire.
"""


def seed() -> dict[str, Any]:
    """An organisation with its committee, its repository and its board, ready for a first product."""
    policy = default_policy()
    committee = [seat.holder for seat in policy.committee.seats]
    files = {".github/jalon.yml": asset("policy.yml").read_text(encoding="utf-8")}
    for form in FORMS:
        files[f".github/ISSUE_TEMPLATE/{form}"] = asset(f"issue_templates/{form}").read_text(encoding="utf-8")
    seats = [{"login": seat.holder, "role": "read", "name": seat.name} for seat in policy.committee.seats]
    return {
        "guide": GUIDE,
        "organisation": "dnum",
        "repository": {
            "name": "produits",
            "private": True,
            "labels": read_plain(asset("labels.yml").read_text(encoding="utf-8")),
            "files": files,
        },
        "people": [*PEOPLE, *seats],
        "teams": [{"slug": "comite-produit", "name": "Comité produit", "members": committee, "about": COMMITTEE}],
        "project": _board(policy),
        "app": {
            "slug": "jalon-dnum",
            "permissions": PERMISSIONS,
            "events": EVENTS,
            "single_files": [".github/jalon.yml", *PATHS],
            "callback_paths": ["/connexion/retour"],
        },
    }


def rehearsal(seal_key: str = "") -> dict[str, Any]:
    """The same with a catalogue, under rules that let RADAR be ticked: the guide goes through a gate in minutes.

    They publish the key that seals the register, if there is one.
    """
    made = seed()
    files = made["repository"]["files"]
    files |= {file.path: file.text for file in catalogue()}
    rules = files[".github/jalon.yml"]
    published = f'\nregister:\n  keys: ["{seal_key}"]\n' if seal_key else ""
    files[".github/jalon.yml"] = rules.replace("\nreuse:\n", "\nreuse:\n  radar_required: false\n") + published
    return made


def _board(policy: Policy) -> dict[str, Any]:
    """As « jalon setup » makes it."""
    columns, *others = (
        {"name": field.name, "kind": field.kind, "options": [_option(option) for option in field.options]}
        for field in fields(policy)
    )
    views = [
        {"name": view.name, "layout": view.layout, "filter": view.filter, "columns": view.columns, "shown": view.shown}
        for view in VIEWS
    ]
    columns.pop("kind")
    return {"number": 1, "title": TITLE, "field": columns, "fields": others, "views": views}


def _option(option: OptionSpec) -> dict[str, str]:
    return {"name": option.name, "color": option.color, "description": option.description}
