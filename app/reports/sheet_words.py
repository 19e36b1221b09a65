"""A sheet as people of a French office open it: its columns and the words of its cells in French."""

from __future__ import annotations

from typing import Any

from app.reports.sheets import Sheet

HEADINGS = {
    "committee": "comité",
    "repository": "dépôt",
    "number": "numéro",
    "title": "produit",
    "direction": "direction",
    "phase": "phase (identifiant)",
    "phase_name": "phase",
    "since": "depuis le",
    "days": "jours",
    "state": "situation",
    "actor": "qui agit",
    "gate_target": "passage demandé",
    "gate_since": "demandé le",
    "seats_awaited": "sièges attendus",
    "open_conditions": "réserves ouvertes",
    "overdue_conditions": "réserves en retard",
    "items_done": "points traités",
    "items": "points",
    "required_left": "points obligatoires restants",
    "last_activity": "dernière activité",
    "last_seen": "vu par le comité le",
    "needs": "accompagnement demandé",
    "target": "passage vers",
    "deadline": "échéance",
    "overdue": "en retard",
    "mandatory": "avis indispensable",
    "kind": "sujet",
    "of": "nom",
    "figure": "mesure",
    "value": "valeur",
    "day": "jour",
    "what": "quoi",
    "who": "qui",
}
CELLS = {
    "state": {
        "gate": "avis du comité demandé",
        "paused": "en pause",
        "conditions": "réserve à lever",
        "refused": "refusé, à retravailler",
        "stalled": "en sommeil",
        "ended": "terminé",
        "steady": "en cours",
    },
    "actor": {"committee": "comité", "secretariat": "secrétariat", "team": "équipe", "nobody": "personne"},
    "kind": {"portfolio": "portefeuille", "phase": "phase", "gate": "passage", "seat": "siège"}
    | {"quarter": "trimestre", "quarter_gate": "trimestre et passage", "quarter_phase": "trimestre et phase"}
    | {"aspect": "aspect refusé", "objector": "siège qui refuse", "condition": "réserve", "expiry": "ce qui expire"}
    | {"overdue_conditions": "réserves en retard", "silent": "siège sans avis"}
    | {"door": "propositions de réemploi", "needs": "besoins", "reused": "réemployé"},
    "figure": {
        "products": "produits",
        "reached": "l’ont atteinte",
        "now": "y sont",
        "usual_days": "durée habituelle, en jours",
        "asked": "demandés",
        "go": "go",
        "conditional": "go sous réserve",
        "nogo": "no-go",
        "withdrawn": "sans décision",
        "overridden": "passer outre, au titre de la direction",
        "waiting": "en attente",
        "go_share": "part de go, en %",
        "wait_days": "attente médiane, en jours",
        "longest_wait": "plus longue attente, en jours",
        "spoke": "s’est exprimé",
        "late": "en retard",
        "recused": "déports",
        "share": "part, en %",
        "points": "points refusés",
        "conditions": "réserves posées",
        "entered": "entrés",
        "answered": "réponses",
        "accepted": "retenues",
        "filed": "déposés",
        "covered": "couverts par l’existant",
    },
}
"""By column; a word that is not here stands as it is."""
SPANS = {"under": "depuis moins de {} jours", "from": "depuis {} jours et plus"}


def sheet_in_french(sheet: Sheet) -> Sheet:
    known = [CELLS.get(name, {}) for name in sheet.columns]
    rows = (tuple(_cell(value, words) for value, words in zip(row, known, strict=True)) for row in sheet.rows)
    return Sheet(tuple(HEADINGS.get(name, name) for name in sheet.columns), tuple(rows))


def _cell(value: Any, words: dict[str, str]) -> Any:
    if isinstance(value, bool):
        return "oui" if value else "non"
    if not isinstance(value, str):
        return value
    span, _, rest = value.partition("_")
    if words is CELLS["figure"] and span in SPANS:
        return SPANS[span].format(rest.removesuffix("_days"))
    return words.get(value, value)
