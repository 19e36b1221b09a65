"""Three committees on one GitHub: two in one organisation, a third in another, each with its people and its board."""

from __future__ import annotations

import re
from typing import Any

from app.demo.seed import seed
from app.shipped_files import asset
from local_github.several import Several

PRODUCTS, INNOVATION, PARTNERS = "dnum/produits", "dnum/innovation", "partenaires/suivi"
ROSTERS = {PRODUCTS: "", INNOVATION: "-innovation", PARTNERS: "-partenaires"}
"""What follows the logins of each committee's seats; one person holds a seat in the first two."""
BOTH = "techno"


def rules(repository: str) -> str:
    """The rules that ship, with the committee's own people, team and name."""
    text, end = asset("policy.yml").read_text(encoding="utf-8"), ROSTERS[repository]
    if end:
        text = re.sub(r"holder: (?!techno\b)([a-z-]+)", rf"holder: \1{end}", text)
        text = text.replace("team: comite-produit", f"team: comite{end}\n  name: Comité{end}")
        text = text.replace("secretariat: [secretariat]", f"secretariat: [secretariat{end}]")
        text += f"\nboard: {2 if repository == INNOVATION else 7}\n"
    return text


def holders(repository: str) -> list[str]:
    return re.findall(r"holder: ([a-z-]+)", rules(repository))


def three() -> Several:
    """Listening, its deliveries held back."""
    usual = seed()
    known = {person["login"]: person for person in usual["people"]}
    logins = {login for name in ROSTERS for login in (*holders(name), f"secretariat{ROSTERS[name]}")}
    everybody = [*known.values(), *({"login": one, "role": "read"} for one in sorted(logins - known.keys()))]
    hub = Several([_seed(usual, name, everybody) for name in ROSTERS])
    hub.hold = True
    hub.start()
    return hub


def _seed(usual: dict[str, Any], repository: str, people: list[dict[str, Any]]) -> dict[str, Any]:
    (organisation, _, name), end = repository.partition("/"), ROSTERS[repository]
    files = usual["repository"]["files"] | {".github/jalon.yml": rules(repository)}
    team = f"comite{end}" if end else "comite-produit"
    number = {PRODUCTS: 1, INNOVATION: 2, PARTNERS: 7}[repository]
    return usual | {
        "organisation": organisation,
        "repository": usual["repository"] | {"name": name, "files": files},
        "people": people,
        "teams": [{"slug": team, "name": team, "members": holders(repository)}],
        "project": usual["project"] | {"number": number},
    }
