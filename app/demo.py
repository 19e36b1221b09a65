"""The rehearsal stage: the seed of the local GitHub, made from the files that Jalon ships."""

from __future__ import annotations

from typing import Any

from app.assets import asset, default_policy
from app.documents import read_plain

FORMS = ("nouveau-produit.yml", "config.yml")
COLOURS = ("GRAY", "BLUE", "PURPLE", "ORANGE", "GREEN", "RED")
EVENTS = ["issues", "issue_comment", "projects_v2_item", "label", "membership", "team", "repository"]
PERMISSIONS = {
    "issues": "write",
    "metadata": "read",
    "organization_projects": "write",
    "members": "read",
    "single_file": "read",
}


def seed() -> dict[str, Any]:
    """An organisation with its committee, its repository and its board, ready for a first product."""
    policy = default_policy()
    committee = [seat.holder for seat in policy.committee.seats]
    files = {".github/jalon.yml": asset("policy.yml").read_text(encoding="utf-8")}
    for form in FORMS:
        files[f".github/ISSUE_TEMPLATE/{form}"] = asset(f"issue_templates/{form}").read_text(encoding="utf-8")
    options = [
        {"name": phase.card, "color": colour, "description": ""}
        for phase, colour in zip(policy.phases, COLOURS, strict=True)
    ]
    people = [
        {"login": "secretariat", "role": "write", "name": "Secrétariat du comité"},
        {"login": "administratrice", "role": "admin", "name": "Administratrice de l’organisation"},
        {"login": "cheffe-produit", "role": "triage", "name": "Cheffe de produit"},
        {"login": "chef-produit", "role": "triage", "name": "Chef de produit"},
        {"login": "visiteur", "role": "read", "name": "Visiteur"},
        *({"login": seat.holder, "role": "read", "name": seat.name} for seat in policy.committee.seats),
    ]
    return {
        "organisation": "dnum",
        "repository": {
            "name": "produits",
            "private": True,
            "labels": read_plain(asset("labels.yml").read_text(encoding="utf-8")),
            "files": files,
        },
        "people": people,
        "teams": [{"slug": "comite-produit", "name": "Comité produit", "members": committee}],
        "project": {"number": 1, "title": "Produits", "field": {"name": "Phase", "options": options}},
        "app": {
            "slug": "jalon",
            "permissions": PERMISSIONS,
            "events": EVENTS,
            "single_files": [".github/jalon.yml"],
        },
    }
