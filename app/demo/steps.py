"""What people do in the story, and what can then be seen: the words its steps are made of."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from app.demo.client import SeenComment, ShownProduct
from app.demo.products import Dossier
from app.demo.scenario import Scene, Screen, StoryError

Act = Callable[[Scene], None]
FORM = "nouveau-produit.yml"
KEY = re.compile(r"<!-- jalon:v1 key=(\S+)")
BOX = re.compile(r"^- \[([ x])\] (\d+)\. (.*)$", re.MULTILINE)
CHECKLIST = "Liste de contrôle"
REQUIRED = "(obligatoire)"


def files(dossier: Dossier, without: tuple[str, ...] = ()) -> Act:
    """Files a product on the form's own page, some questions left empty."""

    def act(scene: Scene) -> None:
        answers = dossier.without(*without)
        scene.issues[dossier.name] = scene.home(dossier.name).file_by_form(dossier.by, FORM, dossier.name, answers)

    return act


def files_by_api(dossier: Dossier) -> Act:
    """Files a product as a script would."""

    def act(scene: Scene) -> None:
        body = {"title": dossier.name, "body": dossier.body, "labels": ["produit"]}
        scene.issues[dossier.name] = scene.home(dossier.name).rest(dossier.by, "POST", "/issues", **body)["number"]

    return act


def completes(dossier: Dossier) -> Act:
    """Rewrites the description with every answer."""

    def act(scene: Scene) -> None:
        scene.home(dossier.name).rest(dossier.by, "PATCH", f"/issues/{scene.issues[dossier.name]}", body=dossier.body)

    return act


def says(login: str, product: str, *lines: str) -> Act:
    return all_say(product, {login: "\n".join(lines)})


def all_say(product: str, words: Mapping[str, str]) -> Act:
    """Comments of several people, one right after the other."""

    def act(scene: Scene) -> None:
        for login, text in words.items():
            scene.home(product).comment(login, scene.issues[product], text)

    return act


def ticks(login: str, product: str, *items: int) -> Act:
    """Ticks boxes in Jalon's own comment."""

    def act(scene: Scene) -> None:
        listed, wanted = _checklist(scene.shown(product)), set(map(str, items))
        body = BOX.sub(lambda box: box[0].replace("[ ]", "[x]") if box[2] in wanted else box[0], listed.body)
        scene.home(product).rest(login, "PATCH", f"/issues/comments/{listed.id}", body=body)

    return act


def checks_required(login: str, product: str) -> Act:
    """Reads the checklist and answers, in one comment, every required item still open."""

    def act(scene: Scene) -> None:
        boxes = BOX.findall(_checklist(scene.shown(product)).body)
        numbers = [number for box, number, text in boxes if box == " " and REQUIRED in text]
        scene.home(product).comment(login, scene.issues[product], f"/coche {' '.join(numbers)}")

    return act


def moves_card(login: str, product: str, column: str) -> Act:
    """Drags a card once the issue has settled, as a person who reads it would."""

    def act(scene: Scene) -> None:
        scene.app.settle()
        scene.home(product).move_card(login, scene.issues[product], column)

    return act


def waits_for(product: str, sight: Screen) -> Act:
    def act(scene: Scene) -> None:
        scene.wait(product, sight)

    return act


def in_turn(*acts: Act) -> Act:
    def act(scene: Scene) -> None:
        for one in acts:
            one(scene)

    return act


def _checklist(shown: ShownProduct) -> SeenComment:
    """The checklist of the current phase."""
    found = shown.saying(CHECKLIST)
    if not found:
        raise StoryError(f"{shown.title} n’a pas de liste de contrôle")
    return found[-1]


def labelled(*names: str) -> Screen:
    return Screen(f"étiquette {_quoted(names)}", lambda shown: set(names) <= set(shown.labels))


def not_labelled(*names: str) -> Screen:
    return Screen(f"plus d’étiquette {_quoted(names)}", lambda shown: not set(names) & set(shown.labels))


def in_column(name: str) -> Screen:
    return Screen(f"carte dans la colonne « {name} »", lambda shown: shown.column == name)


def comment_says(*words: str) -> Screen:
    """One comment of Jalon says all of it."""

    def holds(shown: ShownProduct) -> bool:
        return any(all(word in one.text for word in words) for one in shown.saying(words[0]))

    return Screen(f"Jalon écrit {_quoted(words)}", holds)


def opinions_counted(votes: int) -> Screen:
    """The table of the last gate counts so many opinions."""

    def holds(shown: ShownProduct) -> bool:
        tables = shown.saying("Avis reçus :")
        return bool(tables) and f"Avis reçus : **{votes}**" in tables[-1].text

    return Screen(f"le tableau du passage compte {votes} avis", holds)


def decided_once(words: str) -> Screen:
    return Screen(f"une décision, et une seule : « {words} »", lambda shown: len(shown.saying(words)) == 1)


def said_once() -> Screen:
    """No comment of Jalon stands twice on the issue."""

    def holds(shown: ShownProduct) -> bool:
        keys = [key for one in shown.comments for key in KEY.findall(one.body)]
        return len(keys) == len(set(keys))

    return Screen("aucun commentaire de Jalon en double", holds)


def nodded(*logins: str) -> Screen:
    """Jalon acknowledged the last comment of each."""

    def holds(shown: ShownProduct) -> bool:
        last = {one.author: one for one in shown.comments}
        return all(last[login].reactions["+1"] == 1 for login in logins)

    return Screen(f"un pouce levé, un seul, sous l’avis de {', '.join(logins)}", holds)


def _quoted(words: tuple[str, ...]) -> str:
    return ", ".join(f"« {word} »" for word in words)
