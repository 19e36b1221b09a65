"""What Jalon needs, from the files it ships and, for phases, from the committee's own policy."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache
from itertools import cycle
from pathlib import Path
from typing import Any

from app.domain.policy.label_names import PRODUCT_LABEL, STATE_LABELS
from app.domain.policy.model import Phase, Policy
from app.domain.publish.card_fields import CONDITIONS, DUE, GATE, KINDS, OFFICE, PROGRESS, REFUSED, REQUESTED
from app.domain.reuse.catalogue_file import COMMONS, NORMS
from app.github.read import FIELD
from app.setup.model import DesiredState, FieldSpec, File, LabelSpec, OptionSpec, ViewSpec
from app.shipped_files import asset, default_policy
from app.yaml_documents import read_plain

POLICY = ".github/jalon.yml"
TITLE = "Produits"
SUMMARY = "Les produits suivis par le comité : leur phase, leurs passages, leurs échéances."
README = """\
Chaque carte est un produit ; sa colonne est sa phase. Le comité produit décide des passages dans les tickets.

- **Demander un passage** : déplacez la carte vers la phase suivante, ou écrivez `/demande` dans le ticket.
- **Une carte revient à sa place** tant que le comité n’a pas décidé : Jalon explique ce qui manque dans le ticket.

Les champs et les vues de ce tableau sont posés par « jalon setup » ; ajoutez-y les vôtres librement.
"""
COLOURS = ("GRAY", "BLUE", "PURPLE", "ORANGE", "GREEN", "RED")
PHASE = FIELD
GATE_OPTIONS = (
    OptionSpec(REQUESTED, "YELLOW", "Le comité se prononce"),
    OptionSpec(CONDITIONS, "ORANGE", "Une réserve reste à lever avant le prochain passage"),
    OptionSpec(REFUSED, "RED", "Seuls les points refusés seront réexaminés"),
)
VIEWS = (
    ViewSpec("Phases", "board", "is:issue is:open", columns=PHASE, shown=("Title", GATE, PROGRESS, DUE, OFFICE)),
    ViewSpec(
        "Passages en cours",
        "table",
        'is:issue is:open label:"passage: demandé"',
        shown=("Title", PHASE, GATE, PROGRESS, DUE, OFFICE),
    ),
    ViewSpec("Feuille de route", "roadmap", "is:issue is:open"),
)
SOURCE = "git+https://github.com/ORGANISATION/jalon@VERSION"
"""Placeholder in our workflow files for the copy of Jalon to install."""


BOT = "${{ vars.JALON_BOT }}"
"""Placeholder for the name of the App whose decisions the workflows believe."""
NAMED = re.compile(r"\$\{\{ vars\.JALON_BOT \|\| '([a-z0-9-]+)' \}\}")


def desired_state(policy: Policy | None, source: str, bot: str = "") -> DesiredState:
    """`policy` is the repository's own, None without one that can be read; `source` is what pip installs.

    `bot` is the App's name, empty before there is an App: a variable of the repository may then tell it.
    """
    rules = policy or default_policy()
    return DesiredState(
        labels=desired_labels(rules),
        title=TITLE,
        summary=SUMMARY,
        readme=README,
        fields=fields(rules),
        views=VIEWS,
        files=(*forms(), *workflows(source, bot)),
        policy=File(POLICY, asset("policy.yml").read_text(encoding="utf-8")),
        catalogue=catalogue(),
    )


def catalogue() -> tuple[File, ...]:
    """The hand-kept files; the imported one is made by « jalon reuse import »."""
    folder = asset("catalogue")
    return tuple(File(path, (folder / Path(path).name).read_text(encoding="utf-8")) for path in (COMMONS, NORMS))


def desired_labels(policy: Policy) -> tuple[LabelSpec, ...]:
    """The labels of labels.yml; that of a phase takes the name the policy gives it."""
    known = {phase.label: phase.id for phase in default_policy().phases}
    named = {phase.id: phase.label for phase in policy.phases}
    fixed = {*STATE_LABELS, PRODUCT_LABEL, *known}
    result = []
    for item in _shipped_labels():
        name, former = item["name"], tuple(item.get("former", ()))
        if name in known and known[name] not in named:
            continue  # a phase this committee does not have
        if (chosen := named.get(known.get(name, ""), name)) != name:
            name, former = chosen, (*former, name)
        result.append(LabelSpec(name, item["color"], item["description"], former, fixed=item["name"] in fixed))
    own = [phase for phase in policy.phases if phase.id not in known.values()]
    return (*result, *(LabelSpec(phase.label, "b3d4f3", phase.goal[:100]) for phase in own))


def fields(policy: Policy) -> tuple[FieldSpec, ...]:
    """The columns are the phases, in the order of the rules."""
    options = [_option(phase, colour) for phase, colour in zip(policy.phases, cycle(COLOURS), strict=False)]
    return (FieldSpec(PHASE, "SINGLE_SELECT", tuple(options)), *beside_columns())


def beside_columns() -> tuple[FieldSpec, ...]:
    """The fields that Jalon fills on each card."""
    return tuple(FieldSpec(name, kind, GATE_OPTIONS if name == GATE else ()) for name, kind in KINDS.items())


def _option(phase: Phase, colour: str) -> OptionSpec:
    """The description identifies an option that people renamed: it does not use the policy's words."""
    label = default_policy().phase(phase.id).label
    described = {item["name"]: item["description"] for item in _shipped_labels()}
    return OptionSpec(phase.card, colour, described.get(label, phase.goal))


@cache
def _shipped_labels() -> Any:
    return read_plain(asset("labels.yml").read_text(encoding="utf-8"))


def forms() -> tuple[File, ...]:
    found = sorted(asset("issue_templates").glob("*.yml"))
    return tuple(File(f".github/ISSUE_TEMPLATE/{path.name}", path.read_text(encoding="utf-8")) for path in found)


def workflows(source: str, bot: str = "") -> tuple[File, ...]:
    """Each workflow with the copy of Jalon to install and the App's name written in."""
    believed = f"${{{{ vars.JALON_BOT || '{bot}' }}}}" if bot else BOT
    return tuple(
        File(
            f".github/workflows/{path.name}",
            path.read_text(encoding="utf-8").replace(SOURCE, source).replace(BOT, believed),
        )
        for path in sorted(asset("workflows").glob("*.yml"))
    )


def believed_in(files: Iterable[File]) -> str:
    """The App's name written in the installed workflows; empty when there is none."""
    return next((found[1] for file in files if (found := NAMED.search(file.text))), "")
