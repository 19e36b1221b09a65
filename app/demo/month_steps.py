"""What happens in a month: days that pass, papers published, pages read and filled in, commands typed at a terminal."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from typing import TypeVar, cast

from app.demo.client import READER, GitHubRefusedError, ShownProduct
from app.demo.month_clock import at, moment_told
from app.demo.month_stage import MonthStage
from app.demo.scenario import PULSE_S, ScenarioStep, Scene, Screen, StoryError
from app.demo.steps import Act, all_say
from app.demo.visit import Page, Visit, seen

REVIEW, PUBLISH, RECEIPT = "Relire avant de publier", "Publier ce commentaire", "Votre commentaire est publié"
WIDTH = 110
T = TypeVar("T")
NOTHING: Mapping[str, str] = {}


def stage(scene: Scene) -> MonthStage:
    return cast("MonthStage", scene.app)


def on_day(moment: str, words: str, product: str, act: Act, *then: Screen) -> ScenarioStep:
    """A step that begins another day: the days before it pass first."""
    day = moment_told(at(moment))

    def dated(scene: Scene) -> None:
        stage(scene).passes_to(at(moment))
        act(scene)

    return ScenarioStep(f"Le {day} : {words}", product, dated, then)


def same_day(words: str, product: str, act: Act, *then: Screen) -> ScenarioStep:
    return ScenarioStep(words, product, act, then)


def nothing(_: Scene) -> None:
    """Nobody does anything: what must be seen came by itself."""


def settled(scene: Scene) -> None:
    """Whatever Jalon had to do is done: what it has not said by now, it does not say."""
    scene.app.settle()


def finds(name: str, label: str, words: str) -> Act:
    """Looks for the issue that a paper was published as, by its label and its title; it then has a name here."""

    def act(scene: Scene) -> None:
        found = scene.hub.rest(READER, "GET", f"/issues?state=all&labels={label.replace(' ', '%20')}&per_page=100")
        papers = [issue for issue in found if words in seen(issue["title"])]
        if len(papers) != 1:
            raise StoryError(f"on attendait une issue « {label} », une seule, dont le titre dit « {words} »")
        scene.issues[name] = papers[0]["number"]

    return act


def unpublished(label: str, words: str) -> Act:
    """No issue of this label has such a title."""

    def act(scene: Scene) -> None:
        found = scene.hub.rest(READER, "GET", f"/issues?state=all&labels={label.replace(' ', '%20')}&per_page=100")
        if any(words in seen(issue["title"]) for issue in found):
            raise StoryError(f"aucune issue « {label} » ne devait dire « {words} »")
        scene.tell(f"    ✓ aucune issue « {label} » du {words}")

    return act


def reads(login: str, path: Callable[[Scene], str] | str, *words: str, absent: tuple[str, ...] = ()) -> Act:
    """Opens a page of Jalon, which must show all of these words and none of the absent ones."""

    def act(scene: Scene) -> None:
        with stage(scene).visit(login) as visit:
            where = path if isinstance(path, str) else path(scene)
            what = f"la page {where}, lue par {login},"
            reloaded(scene, lambda: require_words(visit.page(where).text, what, words, absent))
        tells(scene, what, words, absent)

    return act


def reloaded(scene: Scene, look: Callable[[], T]) -> T:
    """A page may be two seconds behind: a person loads it again, as long as patience lasts."""
    end = time.monotonic() + scene.patience
    while True:
        try:
            return look()
        except (StoryError, GitHubRefusedError):
            if time.monotonic() > end:
                raise
        time.sleep(PULSE_S)


def require_words(text: str, what: str, words: tuple[str, ...], absent: tuple[str, ...] = ()) -> None:
    """Raises StoryError unless the text holds all of these words, and none of the absent ones."""
    for one in words:
        if seen(one) not in text:
            raise StoryError(f"{what} ne montre pas « {one} », mais : {text[:1500]}")
    for one in absent:
        if seen(one) in text:
            raise StoryError(f"{what} montre « {one} », et ne le devrait pas")


def tells(scene: Scene, what: str, words: tuple[str, ...], absent: tuple[str, ...] = ()) -> None:
    for one in words:
        scene.tell(f"    ✓ {what} montre « {one} »")
    for one in absent:
        scene.tell(f"    ✓ {what} ne montre pas « {one} »")


def session_page(day: str, product: str) -> Callable[[Scene], str]:
    """The file of a product on the page of a session, as it is projected."""
    return lambda scene: f"/seances/{day}/dossier/{scene.issues[product]}"


def product_page(product: str, below: str = "") -> Callable[[Scene], str]:
    def path(scene: Scene) -> str:
        return f"/produit/{scene.home(product).repository}/{scene.issues[product]}{below}"

    return path


def acts(login: str, product: str, below: str, button: str, typed: Mapping[str, str] = NOTHING) -> Act:
    """An act on a product's page."""
    return fills_in(login, product_page(product, below), button, typed)


def fills_in(login: str, path: Callable[[Scene], str], button: str, typed: Mapping[str, str] = NOTHING) -> Act:
    """An act on a page: filled in, read again as the comment it will be, then published in this person's name."""

    def act(scene: Scene) -> None:
        with stage(scene).visit(login) as visit:
            where = path(scene)
            sends(scene, visit, reloaded(scene, lambda: offering(visit.page(where), button)), button, typed)

    return act


def offering(page: Page, button: str) -> Page:
    page.form(button)
    return page


def sends(scene: Scene, visit: Visit, page: Page, button: str, typed: Mapping[str, str]) -> None:
    preview = visit.sends(page, button, typed)
    if not any(form.button(PUBLISH) for form in preview.forms):
        raise GitHubRefusedError(f"la page n’accepte pas ce qui est saisi : {preview.text[:300]}")
    receipt = visit.sends(preview, PUBLISH, NOTHING)
    if RECEIPT not in receipt.text:
        raise StoryError(f"la page n’a pas publié le commentaire : {receipt.text[:300]}")
    scene.tell(f"    ✓ la page répond « {RECEIPT} »")


def terminal(*arguments: str, words: tuple[str, ...] = (), shown: int = 12) -> Act:
    """A command typed by an administrator; what it prints must hold these words."""

    def act(scene: Scene) -> None:
        said = stage(scene).jalon(*(one.format(**scene.issues) if "{" in one else one for one in arguments))
        shows_lines(scene, said, shown)
        what = f"« jalon {' '.join(arguments)} »"
        require_words(seen(said), what, words)
        tells(scene, what, words)

    return act


def shows_lines(scene: Scene, said: str, most: int) -> None:
    """The beginning of what a command printed."""
    lines = [line for line in said.splitlines() if line.strip()]
    scene.tell("\n".join(f"      │ {line[:WIDTH]}" for line in lines[:most]))


def says_on(login: str, issue: str, *lines: str) -> Act:
    """A comment on the issue of this name: a product, or a session."""
    return all_say(issue, {login: "\n".join(lines)})


def body_says(*words: str, absent: tuple[str, ...] = ()) -> Screen:
    """The body of an issue says all of this, and nothing of what is absent."""
    without = f", sans {', '.join(f'« {one} »' for one in absent)}" if absent else ""

    def holds(shown: ShownProduct) -> bool:
        body = seen(shown.body)
        return all(seen(one) in body for one in words) and not any(seen(one) in body for one in absent)

    return Screen(f"l’issue dit {', '.join(f'« {one} »' for one in words)}{without}", holds)


def silent(words: str) -> Screen:
    """Jalon does not say it, and has had the time to."""
    return Screen(f"nulle part « {words} »", lambda shown: not shown.saying(words))
