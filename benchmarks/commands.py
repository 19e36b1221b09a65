"""(b) From a comment to what GitHub shows, Jalon's share apart; (c) what each command costs GitHub."""

from __future__ import annotations

import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path

import requests

from app.demo.seed import seed
from app.shipped_files import default_policy
from benchmarks import points
from benchmarks.common import jalon, middle, started, table, until
from local_github.server import Sandbox

PRODUCTS = 7
VOLLEY = 30
SEATS = ("techno", "archi", "communs", "design", "data", "secu")
LAST = "transfo"
ALL = " ".join(str(number) for number in range(1, 15))


class Clocked:
    """The local GitHub's own time, summed over its answers; they may overlap, so this share is an upper bound."""

    def __init__(self, hub: Sandbox) -> None:
        self.seconds, self._lock = 0.0, threading.Lock()
        server = hub._server  # noqa: SLF001
        inner = server.application

        def application(environ, start_response):
            before = time.perf_counter()
            try:
                return inner(environ, start_response)
            finally:
                with self._lock:
                    self.seconds += time.perf_counter() - before

        server.application = application


class Scene:
    def __init__(self, hub: Sandbox, app_url: str) -> None:
        self.hub, self.world, self.clock, self.app_url = hub, hub.world, Clocked(hub), app_url

    def file(self) -> int:
        questions = default_policy().questions
        body = "\n\n".join(f"### {question.labels[0]}\n\nUne réponse" for question in questions)
        return self.world.open_issue("cheffe-produit", "SILAV", body, ["produit"]).number

    def said(self, number: int) -> int:
        return sum(comment.author == self.world.bot for comment in self.world.issues[number].comments)

    def labels(self, number: int) -> list[str]:
        return self.world.issues[number].labels

    def handled(self) -> bool:
        """Whether every delivery sent so far has been answered."""
        self.hub.wait_delivered(60)
        return 'jalon_inbox{state="waiting"} 0.0' in requests.get(f"{self.app_url}/metrics", timeout=60).text

    def quiet(self) -> None:
        """Returns once every delivery has been handled and GitHub has been left alone for a while."""
        calls, since = -1, time.monotonic()
        while time.monotonic() - since < 0.5:
            if not self.handled() or len(self.hub.calls) != calls:
                calls, since = len(self.hub.calls), time.monotonic()
            time.sleep(0.02)

    def cost(self, act: Callable[[], object]) -> tuple[int, int, int, int]:
        """Calls that read, calls that write, points of the hour, points of the minute."""
        self.quiet()
        self.hub.calls.clear()
        act()
        self.quiet()
        calls = list(self.hub.calls)
        writes = sum(call["write"] for call in calls)
        return len(calls) - writes, writes, sum(map(points.of_the_hour, calls)), sum(map(points.of_the_minute, calls))


def prepared(scene: Scene) -> int:
    """A product at its gate, all seats but one heard."""
    number = scene.file()
    until(lambda: scene.said(number) >= 2)
    scene.world.comment("cheffe-produit", number, f"/coche {ALL}\n/demande")
    until(lambda: "passage: demandé" in scene.labels(number))
    for login in SEATS:
        scene.world.comment(login, number, "/go")
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


def latency(scene: Scene) -> None:
    print("## (b) De `/go` à l’étiquette changée\n")
    calm, busy = decided(scene, lambda *_: None), decided(scene, volley)
    told = ("total", "dont GitHub local", "dont Jalon (file, décision, attente)")
    table(
        ("", "au repos, ms", "part", f"juste après {VOLLEY} commentaires, ms", "part"),
        [
            (name, round(here), f"{here / calm[0]:.0%}", round(there), f"{there / busy[0]:.0%}")
            for name, here, there in zip(told, calm, busy, strict=True)
        ],
    )


def costs(scene: Scene) -> dict[str, tuple[int, int, int, int]]:
    print("## (c) Ce que coûte chaque commande à GitHub\n")
    world, found = scene.world, {}
    numbers: list[int] = []
    found["dépôt d’un produit"] = scene.cost(lambda: numbers.append(scene.file()))
    number = numbers[0]

    def says(login: str, body: str) -> Callable[[], object]:
        return lambda: world.comment(login, number, body)

    found["commentaire sans commande"] = scene.cost(says("visiteur", "Bonjour"))
    found["/aide"] = scene.cost(says("visiteur", "/aide"))
    found["/coche (tout)"] = scene.cost(says("cheffe-produit", f"/coche {ALL}"))
    found["/demande"] = scene.cost(says("cheffe-produit", "/demande"))
    found["/go refusé (visiteur)"] = scene.cost(says("visiteur", "/go"))
    found["/go"] = scene.cost(says("techno", "/go"))
    found["/nogo"] = scene.cost(says("archi", "/nogo trop tôt"))
    found["/go sous réserve"] = scene.cost(says("archi", "/go sous réserve\n- chiffrer"))
    for login in SEATS[2:]:
        world.comment(login, number, "/go")
    found["dernier /go : décision"] = scene.cost(says(LAST, "/go"))
    found["/levée"] = scene.cost(says("archi", "/levée 1 fait"))
    (card,) = [card for card in world.cards.values() if card.issue == number] or [next(iter(world.cards.values()))]
    column = next(option for option in world.options if option.name == "Généralisation")
    found["carte déplacée à tort"] = scene.cost(lambda: world.move_card("visiteur", card.id, column.id))
    table(
        ("Événement", "lectures", "écritures", "points de l’heure", "points de la minute"),
        [(name, *cost) for name, cost in found.items()],
    )
    return found


def hours(found: dict[str, tuple[int, int, int, int]], products: int = 10_000) -> None:
    print(f"## (e) Heures pour {products:,} produits sous les limites de GitHub\n".replace(",", " "))
    filing = found["dépôt d’un produit"]
    life = [found[name] for name in ("/coche (tout)", "/demande", "dernier /go : décision")]
    votes = [found["/go"]] * 6
    per_gate = [sum(column) for column in zip(*life, *votes, strict=True)]
    rows = []
    for name, cost, comments in (
        ("premier passage : un dépôt chacun", filing, 2),
        ("un passage voté chacun", per_gate, 2),
    ):
        spent = products * cost[2] / 5_000
        created = products * comments / 400
        floor = products * comments / 500
        rows.append(
            (
                name,
                cost[2],
                f"{spent:.0f} h",
                f"{created:.0f} h",
                f"{floor:.0f} h",
                f"{max(spent, created) / floor:.2f}×",
            )
        )
    table(
        (
            "",
            "points par produit",
            "5 000 points par heure",
            "400 commentaires par heure (réglage de Jalon)",
            "minimum théorique (500 par heure)",
            "Jalon / minimum",
        ),
        rows,
    )
    sweep = points.query(next(text for text in points.OPERATIONS.values() if "query Glances" in text))
    pages = -(-products // 50)
    share = pages * sweep / 5_000
    print(f"Une ronde sans changement : {pages} requêtes, {pages * sweep} points, soit {share:.0%} d’une heure.\n")


def main() -> None:
    with tempfile.TemporaryDirectory(prefix="jalon-banc-") as folder:
        first = Sandbox(seed())  # only to know the App's secrets before its address
        place = {"JALON_DATABASE_URL": f"sqlite:///{Path(folder)}/jalon.db", "JALON_LOG_FORMAT": "json"}
        first.start()
        command = jalon("serve", "--port", "0")
        with started(command, first.environment() | place, r"Jalon : http://127.0.0.1:(\d+)") as (port, _):
            first._hooks._url = f"http://127.0.0.1:{port}/webhooks/github"  # noqa: SLF001
            scene = Scene(first, f"http://127.0.0.1:{port}")
            latency(scene)
            hours(costs(scene))
        first.stop()


if __name__ == "__main__":
    main()
