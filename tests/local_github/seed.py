"""A small local GitHub for these tests: four people, one team, three columns."""

from typing import Any

POLICY = ".github/jalon.yml"


def seed(**app: Any) -> dict[str, Any]:
    """`app` replaces keys of the App's part."""
    return {
        "organisation": "dnum",
        "repository": {
            "name": "produits",
            "private": True,
            "labels": [
                {"name": "produit", "color": "0052cc", "description": "Un produit"},
                {"name": "Phase : idée", "color": "ededed", "description": ""},
            ],
            "files": {POLICY: "version: 1\n", ".github/ISSUE_TEMPLATE/produit.yml": "name: Produit\n"},
        },
        "people": [
            {"login": "cheffe-produit", "name": "Cheffe de produit", "role": "triage"},
            {"login": "techno", "name": "Technologies", "role": "write"},
            {"login": "visiteur", "role": "read"},
            {"login": "directrice", "role": "admin"},
        ],
        "teams": [{"slug": "comite-produit", "name": "Comité produit", "members": ["techno"]}],
        "project": {
            "number": 1,
            "title": "Produits",
            "field": {
                "name": "Phase",
                "options": [
                    {"name": "Idée", "color": "GRAY"},
                    {"name": "Preuve de concept", "color": "BLUE"},
                    {"name": "Construction", "color": "GREEN"},
                ],
            },
        },
        "app": {
            "slug": "jalon",
            "permissions": {
                "issues": "write",
                "metadata": "read",
                "organization_projects": "write",
                "members": "read",
                "single_file": "read",
            },
            "single_files": [POLICY],
            **app,
        },
    }
