"""(g) What people wait: from what they write to the label, the comment and the card, beside a Probot application."""

from __future__ import annotations

import random
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack
from pathlib import Path

from app.domain.publish.card_fields import DUE, GATE, PROGRESS
from benchmarks import points
from benchmarks.common import has_node, middle, table
from benchmarks.scene import LAST, Cost, Scene, jalon_staged, probot_staged

FIELD_MS = 40
PACES_MS = ((0, 0), (50, 0), (150, 0), (50, FIELD_MS), (150, FIELD_MS))
"""What GitHub takes: for a call, and more for each field of a mutation. Its REST calls have no field to pay for."""
AT_ONCE = PACES_MS[0]
ROUNDS, CALM_S = 3, 0.25
LATEST_S = 60
PROBOT, NOW, FORMER = "Probot, un appel Octokit après l’autre", "Jalon", "Jalon, chemin d’avant"
FILING, LAST_GO = "dépôt", "dernier `/go`"
LABEL, COMMENT, CARD, WHOLE = "étiquette", "commentaire", "carte", "tout"
WRITES_S, NOTIFIES_S = 1, 3
"""Probot's own plugin leaves a second between two writes or calls of GraphQL, and three between two comments."""
SHOWN = (LABEL, COMMENT, CARD, WHOLE)
Checks = dict[str, Callable[[], bool]]
Pace = tuple[int, int]
Found = dict[tuple[str, Pace, str], list[dict[str, float]]]


def slowed(scene: Scene, pace: Pace) -> None:
    scene.hub.faults.clear()
    call, field = pace
    if call:
        scene.hub.faults.add({"kind": "slow", "seconds": call / 1000, "each": field / 1000})


def shown_of_card(scene: Scene, number: int) -> dict[str, object]:
    """What people read on a product's card, by the name of the field."""
    card = scene.card(number)
    if card is None:
        return {}
    board = scene.world.board(card.board)
    read = {}
    for field in board.fields.values():
        if kept := card.values.get(field.node_id):
            option = field.option(str(kept.value))
            read[field.name] = option.name if option else kept.value
    return read


def filing_checks(scene: Scene, number: int) -> Checks:
    def card() -> dict[str, object]:
        return shown_of_card(scene, number)

    checks = {
        LABEL: lambda: "phase: idée" in scene.labels(number),
        COMMENT: lambda: scene.said(number) >= 1,
        CARD: lambda: card().get("Phase") == "Idée",
    }
    others = (lambda: scene.said(number) >= 2, lambda: {PROGRESS, "Direction"} <= card().keys())
    return checks | {WHOLE: lambda: all(check() for check in (*checks.values(), *others))}


def decision_checks(scene: Scene, number: int) -> Checks:
    """Labels, the decision, the card; and whatever else a decided gate changes."""
    comments = scene.world.issues[number].comments
    bodies = {comment.id: comment.body for comment in comments}

    def new() -> list[str]:
        return [comment.body for comment in list(comments) if comment.id not in bodies]

    def is_card_right() -> bool:
        card = shown_of_card(scene, number)
        return card.get("Phase") == "POC" and not {GATE, DUE} & card.keys() and card.get(PROGRESS) != 100

    checks = {
        LABEL: lambda: "phase: poc" in scene.labels(number),
        COMMENT: lambda: any("Décision" in body for body in new()),
        CARD: lambda: shown_of_card(scene, number).get("Phase") == "POC",
    }
    others = (
        lambda: set(scene.labels(number)) == {"produit", "phase: poc"},
        lambda: len(new()) == 3,  # the last `/go`, the decision, the next checklist
        lambda: sum(bodies.get(comment.id, comment.body) != comment.body for comment in list(comments)) == 3,
        lambda: any(comment.body == "/go" and comment.id not in bodies and comment.reactions for comment in comments),
        is_card_right,
    )
    return checks | {WHOLE: lambda: all(check() for check in (*checks.values(), *others))}


def seen(checks: Checks, begun: float) -> dict[str, float]:
    """Milliseconds until each is to be seen on GitHub."""
    found: dict[str, float] = {}
    while len(found) < len(checks):
        for name, check in checks.items():
            if name not in found and check():
                found[name] = (time.perf_counter() - begun) * 1000
        if time.perf_counter() - begun > LATEST_S:
            raise TimeoutError(f"never seen: {', '.join(checks.keys() - found.keys())}")
        time.sleep(0.001)
    return found


def filed(scene: Scene) -> tuple[int, dict[str, float]]:
    begun = time.perf_counter()
    number = scene.file()
    return number, seen(filing_checks(scene, number), begun)


def voted(scene: Scene, number: int) -> dict[str, float]:
    checks, begun = decision_checks(scene, number), time.perf_counter()
    scene.world.comment(LAST, number, "/go")
    return seen(checks, begun)


def one_round(scenes: dict[str, Scene], pace: Pace) -> Iterator[tuple[str, str, dict[str, float]]]:
    """A filing and a last `/go` for each application, one after the other; what leads to the vote is not measured."""
    numbers = {}
    for name in random.sample(list(scenes), len(scenes)):
        slowed(scenes[name], pace)
        numbers[name], waits = filed(scenes[name])
        slowed(scenes[name], AT_ONCE)
        scenes[name].quiet(CALM_S)
        yield FILING, name, waits
    for name, scene in scenes.items():
        scene.requested(numbers[name])
        scene.heard(numbers[name])
    for scene in scenes.values():
        scene.quiet(CALM_S)
    for name in random.sample(list(scenes), len(scenes)):
        slowed(scenes[name], pace)
        waits = voted(scenes[name], numbers[name])
        slowed(scenes[name], AT_ONCE)
        scenes[name].quiet(CALM_S)
        yield LAST_GO, name, waits


def measured(scenes: dict[str, Scene]) -> Found:
    found: Found = defaultdict(list)
    for rank in range(ROUNDS + 1):
        for pace in PACES_MS if rank else PACES_MS[:1]:  # the first one warms up
            for event, name, waits in one_round(scenes, pace):
                if rank:
                    found[event, pace, name].append(waits)
    return found


def costed(scenes: dict[str, Scene]) -> list[tuple[str, str, Cost, int]]:
    """What both events cost, counted on one more product; and the seconds that Probot's plugin would add."""
    found = []
    for name, scene in scenes.items():
        numbers: list[int] = []
        cost = scene.cost(lambda: numbers.append(scene.file()))  # noqa: B023
        found.append((FILING, name, cost, throttled(scene.hub.calls)))
        scene.requested(numbers[0])
        scene.heard(numbers[0])
        cost = scene.cost(lambda: scene.world.comment(LAST, numbers[0], "/go"))  # noqa: B023
        found.append((LAST_GO, name, cost, throttled(scene.hub.calls)))
    for event in (FILING, LAST_GO):
        alike = {cost.writes for one, name, cost, _ in found if one == event and name != NOW}
        assert len(alike) <= 1, f"{event}: the peer does not change as much as Jalon, {alike}"
    return found


def throttled(calls: Iterable[dict]) -> int:
    """Seconds that Probot's plugin leaves between the first of these calls and the last, by its rules."""
    now, written, told = 0, -WRITES_S, -NOTIFIES_S
    for call in calls:
        if call["write"] or call["path"] == "/graphql":
            now = written = max(now, written + WRITES_S)
        if points.comments(call):
            now = told = max(now, told + NOTIFIES_S)
    return now


def waited(found: Found, names: list[str]) -> None:
    """One line for each event, pace of GitHub and application; the ratio is that of the last thing seen."""
    rows = []
    for event in (FILING, LAST_GO):
        for pace in PACES_MS:
            middles = {
                name: {what: middle([one[what] for one in found[event, pace, name]]) for what in SHOWN}
                for name in names
            }
            for name, waits in middles.items():
                ratio = f"{waits[WHOLE] / middles[PROBOT][WHOLE]:.2f}×" if PROBOT in middles else ""
                rows.append((event, *pace, name, *(round(waits[what]) for what in SHOWN), ratio))
    header = ("Événement", "GitHub, ms par appel", "ms par champ", "", *(f"{what}, ms" for what in SHOWN))
    table((*header, "de Probot (tout)"), rows)


def paced(costs: Iterable[tuple[str, str, Cost, int]]) -> None:
    """GitHub asks for a second between two writes: arithmetic, from the writes counted."""
    rows = [
        (event, name, cost.reads, cost.writes, f"{cost.writes - 1} s", f"{throttle} s" if name == PROBOT else "")
        for event, name, cost, throttle in sorted(costs, key=lambda item: item[0])
    ]
    header = ("Événement", "", "lectures", "écritures", "à une écriture par seconde, en plus")
    table((*header, "par le greffon de Probot, en plus"), rows)


def main(*, before: bool) -> None:
    print("## (g) Ce que les gens attendent\n")
    with tempfile.TemporaryDirectory(prefix="jalon-banc-") as folder, ExitStack() as running:
        scenes = {NOW: running.enter_context(jalon_staged(Path(folder)))}
        if before:
            scenes[FORMER] = running.enter_context(jalon_staged(Path(folder), before=True))
        if has_node():
            scenes[PROBOT] = running.enter_context(probot_staged())
        waited(measured(scenes), list(scenes))
        paced(costed(scenes))


if __name__ == "__main__":
    main(before="--before" in sys.argv[1:])
