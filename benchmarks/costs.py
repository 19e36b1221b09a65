"""(c) What each command costs GitHub, and (e) what ten thousand products then take, by its published rules."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import astuple

from app.github.budget import CREATIONS, HOUR_S, PACE_S
from benchmarks import points
from benchmarks.common import table
from benchmarks.scene import ALL, LAST, SEATS, Cost, Scene

PRODUCTS = 10_000
POINTS_AN_HOUR, COMMENTS_AN_HOUR = 5_000, 500
"""GitHub's limits: points of an installation, comments it lets anybody create."""
FILING, TICK, REQUEST, GO, DECISION = "dépôt d’un produit", "/coche (tout)", "/demande", "/go", "dernier /go : décision"
WRITES_AT_LEAST = {FILING: 2}
"""A new card's fields need the number that GitHub gives the card; all else fits in one call."""
Costs = dict[str, Cost]


def costs(scene: Scene) -> Costs:
    """Each command played once, on a GitHub left alone before and after."""
    world, found = scene.world, Costs()
    numbers: list[int] = []
    found[FILING] = scene.cost(lambda: numbers.append(scene.file()))
    number = numbers[0]

    def says(login: str, body: str) -> Callable[[], object]:
        return lambda: world.comment(login, number, body)

    found["commentaire sans commande"] = scene.cost(says("visiteur", "Bonjour"))
    found["/aide"] = scene.cost(says("visiteur", "/aide"))
    found[TICK] = scene.cost(says("cheffe-produit", f"/coche {ALL}"))
    found[REQUEST] = scene.cost(says("cheffe-produit", "/demande"))
    found["/go refusé (visiteur)"] = scene.cost(says("visiteur", "/go"))
    found[GO] = scene.cost(says("techno", "/go"))
    found["/nogo"] = scene.cost(says("archi", "/nogo trop tôt"))
    found["/go sous réserve"] = scene.cost(says("archi", "/go sous réserve\n- chiffrer"))
    for login in SEATS[2:]:
        world.comment(login, number, "/go")
    found[DECISION] = scene.cost(says(LAST, "/go"))
    found["/levée"] = scene.cost(says("archi", "/levée 1 fait"))
    card = scene.card(number)
    column = next(option for option in world.options if option.name == "Généralisation")
    found["carte déplacée à tort"] = scene.cost(lambda: world.move_card("visiteur", card.id, column.id))
    return found


def cost_table(now: Costs, before: Costs | None) -> None:
    print("## (c) Ce que coûte chaque commande à GitHub\n")
    header = ["Événement", "lectures", "écritures", "points de l’heure", "points de la minute", "commentaires créés"]
    former = ["avant : lectures", "écritures", "heure", "minute"] if before else []
    rows = []
    for name, cost in now.items():
        least = f"{min(cost.reads, 1)} + {min(cost.writes, WRITES_AT_LEAST.get(name, 1))}"
        rows.append((name, *astuple(cost), least, *(astuple(before[name])[:4] if before else ())))
    table((*header, "plancher (appels)", *former), rows)


def gate(found: Costs) -> Cost:
    """A gate from end to end: the checklist ticked, the request, six votes, the one that decides."""
    parts = [astuple(found[name]) for name in (TICK, REQUEST, DECISION, *[GO] * len(SEATS))]
    return Cost(*(sum(column) for column in zip(*parts, strict=True)))


def hours(now: Costs, before: Costs | None) -> None:
    print(f"## (e) Heures pour {PRODUCTS:,} produits sous les limites de GitHub\n".replace(",", " "))
    paths = {"": now} | ({", chemin d’avant": before} if before else {})
    rows = []
    for said, of in (("un dépôt chacun", lambda found: found[FILING]), ("un passage voté chacun", gate)):
        rows += [_hours(f"{said}{path}", of(found)) for path, found in paths.items()]
    kept = f"{CREATIONS[HOUR_S]} commentaires par heure (réglage de Jalon)"
    counted = ("", "points par produit", "écritures", "commentaires créés")
    limits = (f"{POINTS_AN_HOUR:,} points par heure".replace(",", " "), "une écriture par seconde", kept)
    table((*counted, *limits, f"minimum : {COMMENTS_AN_HOUR} commentaires par heure", "Jalon / minimum"), rows)
    sweep = points.query(next(text for text in points.OPERATIONS.values() if "query Glances" in text))
    pages = -(-PRODUCTS // 50)
    share = pages * sweep / POINTS_AN_HOUR
    print(f"Une ronde sans changement : {pages} requêtes, {pages * sweep} points, soit {share:.0%} d’une heure.\n")


def _hours(name: str, cost: Cost) -> tuple[object, ...]:
    """The slowest of the limits decides; GitHub's own on comments is the least that anybody could do."""
    taken = (
        PRODUCTS * cost.hour / POINTS_AN_HOUR,
        PRODUCTS * cost.writes * PACE_S / HOUR_S,
        PRODUCTS * cost.comments / CREATIONS[HOUR_S],
    )
    least = PRODUCTS * cost.comments / COMMENTS_AN_HOUR
    told = (f"{one:.0f} h" for one in (*taken, least))
    return (name, cost.hour, cost.writes, cost.comments, *told, f"{max(taken) / least:.2f}×")
