"""(b) From a comment to what GitHub shows, Jalon's share apart; then what each command costs GitHub."""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path

from benchmarks.common import middle, table, until
from benchmarks.costs import cost_table, costs, hours
from benchmarks.scene import LAST, Clocked, Scene, jalon_staged

__all__ = ["Clocked"]
PRODUCTS = 5
VOLLEY = 30
NOW, FORMER = "Jalon", "Jalon, chemin d’avant"


def prepared(scene: Scene) -> int:
    """A product at its gate, all seats but one heard."""
    number = scene.file()
    scene.requested(number)
    scene.heard(number)
    scene.quiet()
    return number


def volley(scene: Scene, number: int) -> None:
    """Returns as soon as the last of many comments has been answered."""
    for _ in range(VOLLEY):
        scene.world.comment("visiteur", number, "Bonjour")
    until(scene.handled)


def decided(scene: Scene, before: Callable[[Scene, int], None]) -> list[float]:
    """Milliseconds from the last `/go` to the label: whole, GitHub's share, ours; medians."""
    rows = []
    for rank in range(PRODUCTS):
        number = prepared(scene)
        before(scene, number)
        theirs, begun = scene.clock.seconds, time.perf_counter()
        scene.world.comment(LAST, number, "/go")
        until(lambda: "phase: poc" in scene.labels(number), step=0.001)  # noqa: B023
        total, hub = time.perf_counter() - begun, scene.clock.seconds - theirs
        scene.quiet()
        if rank:  # the first one warms up
            rows.append((total, hub, total - hub))
    return [middle([row[column] for row in rows]) * 1000 for column in range(3)]


def latency(scenes: dict[str, Scene]) -> None:
    print("## (b) De `/go` à l’étiquette changée\n")
    told, rows = ("total", "dont GitHub local", "dont Jalon (file, décision, attente)"), []
    for path, scene in scenes.items():
        calm, busy = decided(scene, lambda *_: None), decided(scene, volley)
        rows += [
            (path, name, round(here), f"{here / calm[0]:.0%}", round(there), f"{there / busy[0]:.0%}")
            for name, here, there in zip(told, calm, busy, strict=True)
        ]
    table(("", "", "au repos, ms", "part", f"juste après {VOLLEY} commentaires, ms", "part"), rows)


def main(*, before: bool) -> None:
    with tempfile.TemporaryDirectory(prefix="jalon-banc-") as folder, ExitStack() as running:
        scenes = {NOW: running.enter_context(jalon_staged(Path(folder)))}
        if before:
            scenes[FORMER] = running.enter_context(jalon_staged(Path(folder), before=True))
        latency(scenes)
        found = {path: costs(scene) for path, scene in scenes.items()}
    cost_table(found[NOW], found.get(FORMER))
    hours(found[NOW], found.get(FORMER))


if __name__ == "__main__":
    main(before="--before" in sys.argv[1:])
