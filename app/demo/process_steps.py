"""What happens to the App itself in the story: what a vote costs, a sudden death and a return, a register proved."""

from __future__ import annotations

from app.demo.client import READER
from app.demo.scenario import Scene, Screen, StoryError
from app.demo.steps import Act, all_say, opinions_counted, says

RULES = "/contents/.github/jalon.yml"
"""Read again once a minute whatever happens, so not a cost of the vote; GitHub does not count an unchanged file."""


def costs(login: str, product: str, text: str, seen: tuple[Screen, ...]) -> Act:
    """One comment, and what the App asked of GitHub for it: one read, and one write for all that changes."""

    def act(scene: Scene) -> None:
        scene.app.settle()
        scene.hub.forget_calls()
        says(login, product, text)(scene)
        scene.wait(product, *seen)
        scene.app.settle()
        calls = [call for call in scene.hub.calls() if not call["path"].endswith(RULES)]
        reads, written = ([c for c in calls if c["write"] is write] for write in (False, True))
        scene.tell(f"    coût de ce « {text} » : {len(reads)} lecture, {len(written)} écriture :")
        for call in calls:
            what = ", ".join(call["acts"]) or call["operation"] or call["method"]
            scene.tell(f"      {'écrit' if call['write'] else 'lit  '} {call['path']} : {what}")
        if len(reads) != 1 or len(written) != 1:
            raise StoryError("un vote doit coûter une lecture et une écriture")

    return act


def falls(product: str, before: tuple[str, ...], meanwhile: tuple[str, ...]) -> Act:
    """Votes acknowledged by the App, which is killed at once; then votes that GitHub cannot deliver."""

    def act(scene: Scene) -> None:
        scene.app.settle()
        all_say(product, dict.fromkeys(before, "/go"))(scene)
        scene.app.deliver()
        scene.app.kill_app()
        kept = scene.app.waiting()
        scene.tell(f"    l’App est tuée ; événements reçus, gardés et pas encore traités : {kept}")
        all_say(product, dict.fromkeys(meanwhile, "/go"))(scene)
        lost = scene.app.deliver()
        scene.tell(f"    livraisons que GitHub n’a pas pu faire, et ne refera pas de lui-même : {lost}")
        if lost < len(meanwhile):
            raise StoryError("l’App devait être arrêtée, et elle répond")

    return act


def comes_back(product: str, after: tuple[str, ...]) -> Act:
    """The App starts again from its database; when something waited there, every vote is counted without a new one."""

    def act(scene: Scene) -> None:
        waited = scene.app.waiting()
        scene.app.start_app()
        scene.tell("    l’App est redémarrée")
        if waited:
            sight = opinions_counted(5)
            scene.wait(product, sight)
            scene.tell(f"    ✓ {sight.words} sans nouvel événement : les cinq déjà donnés, tous retrouvés")
        all_say(product, dict.fromkeys(after, "/go"))(scene)

    return act


def proves_register(scene: Scene) -> None:
    """Raises StoryError when the register is broken or the App's page forgets a product."""
    scene.tell(f"    jalon register verify : {scene.app.jalon('register', 'verify').strip()}")
    scene.tell(f"    {READER} se connecte aux pages de Jalon avec son compte GitHub")
    page = scene.app.page()
    if missing := [product for product in scene.issues if product not in page]:
        raise StoryError(f"la page de Jalon ne montre pas {', '.join(missing)}")
    for product in scene.issues:
        shown = scene.shown(product)
        phase = next((label for label in shown.labels if label.startswith("phase: ")), "sans phase")
        scene.tell(f"    {product} : {phase}, carte dans « {shown.column} »")


def explains(product: str) -> Act:
    """`jalon explain`, as an administrator types it; reading GitHub afresh, so it also proves nothing is left to do."""

    def act(scene: Scene) -> None:
        scene.app.settle()
        said = scene.app.jalon("explain", str(scene.issues[product]))
        scene.tell("\n".join(f"      │ {line}" for line in said.splitlines() if line))
        if "rien à changer" not in said:
            raise StoryError("GitHub ne montre pas tout ce que dit le registre")

    return act
