"""`jalon reuse N` and `jalon reuse replay`: what is nearest to a product, what other thresholds would show."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator

import click

from app.bootstrap import Jalon
from app.cli.common import from_environment
from app.cli.errors import REPOSITORY
from app.domain.policy.calendar import day_of
from app.domain.policy.model import Policy, ReuseSettings
from app.domain.report.reuse_replay import LivedProduct, Replay, ThresholdReplay, replay
from app.messages.counting import counted
from app.messages.typography import spaced
from app.reports.nearest import ComparisonContext, NearestRow
from app.shipped_files import default_policy

STEP = 0.04
"""Between the threshold of the rules and the two others tried unless told."""
WHY = {
    "answered_reuse": "réutilisé par l’équipe",
    "answered_adapt": "adapté par l’équipe",
    "answered_aside": "écarté par l’équipe",
    "shown": "proposé, attend une réponse",
    "passes": "assez proche pour être proposé",
    "below": "sous le seuil",
    "set_aside": "l’un des deux a déjà écarté l’autre",
    "not_proposed": "commun reconnu par son nom seulement",
    "too_old": "fiche non relue depuis deux ans",
    "more_than_three": "trois autres passent avant",
}
DOORS = {"name": "cités dans le dossier", "reflex": "questions posées", "near": "besoins proches"}
where = click.option(
    "--repo",
    "--repository",
    "repository",
    type=REPOSITORY,
    default="",
    help="Le dépôt, s’il y en a plusieurs.",
)


class ByNumber(click.Group):
    """A group whose command may be the number of a product."""

    def get_command(self, context: click.Context, name: str) -> click.Command | None:
        if not name.isdecimal():
            return super().get_command(context, name)

        @click.command(name, help=f"Les dix produits et communs les plus proches du produit {name}.")
        @where
        def nearest(repository: str) -> None:
            for line in _nearest(from_environment(), int(name), repository):
                click.echo(line)

        return nearest


def _nearest(jalon: Jalon, number: int, repository: str) -> Iterator[str]:
    found = [(product, place) for product, place in jalon.register.numbered(number) if repository in {"", place}]
    if not found:
        inside = f" dans {repository}" if repository else ""
        raise click.ClickException(f"le registre ne connaît aucun produit n° {number}{inside}")
    if len(found) > 1:
        places = ", ".join(sorted(place for _, place in found))
        raise click.ClickException(f"plusieurs produits portent le n° {number} ({places}) : précisez avec --repo")
    ((product, place),) = found
    policy = _rules(jalon, place)
    today = day_of(jalon.clock(), policy.timezone)
    around = ComparisonContext(jalon.needs, policy, jalon.catalogues.of(place, policy.language), today)
    near = around.nearest(place, number, jalon.register.history(product))
    least = (policy.reuse or ReuseSettings()).least
    yield spaced(f"Les plus proches du produit n° {number} ({place}), proposés à partir de {_decimal(least)} :")
    yield from (spaced(line) for line in _lines(near))
    if not near:
        yield "Rien n’est proche, même de loin."


def _lines(near: Iterable[NearestRow]) -> Iterator[str]:
    for rank, one in enumerate(near, start=1):
        what = f"produit n° {one.need.number}" if one.need else "commun"
        ended = f", arrêté le {one.need.ended}" if one.need and one.need.ended else ""
        yield f"{rank:>2}. {_decimal(one.candidate.score)}  {one.candidate.name} ({what}{ended}) : {WHY[one.why]}"
        if one.candidate.words:
            yield f"          mots partagés : {', '.join(one.candidate.words)}"


def _rules(jalon: Jalon, repository: str) -> Policy:
    """The last good rules known here: GitHub is not asked."""
    return jalon.policies.remembered(repository) or default_policy()


@click.command("replay")
@click.option(
    "--least",
    type=click.FloatRange(0, 1),
    multiple=True,
    help="Un seuil à essayer ; plusieurs fois s’il le faut. Sinon celui des règles et deux voisins.",
)
@where
def replay_command(least: tuple[float, ...], repository: str) -> None:
    """Rejoue tout l’historique à d’autres seuils, hors ligne, face aux réponses des personnes."""
    jalon = from_environment()
    repository = repository or _only(jalon.register.repositories())
    policy = _rules(jalon, repository)
    usual = (policy.reuse or ReuseSettings()).least
    tried = sorted(set(least)) or [max(0.0, round(usual - STEP, 3)), usual, min(1.0, round(usual + STEP, 3))]
    catalogue = jalon.catalogues.of(repository, policy.language)
    for line in _told(replay(_recorded(jalon, repository), repository, policy, catalogue, tried)):
        click.echo(spaced(line))


def _only(known: tuple[str, ...]) -> str:
    if len(known) != 1:
        told = ", ".join(sorted(known)) or "aucun"
        raise click.ClickException(f"indiquez le dépôt de suivi avec --repo (connus : {told})")
    return known[0]


def _recorded(jalon: Jalon, repository: str) -> Iterator[LivedProduct]:
    histories = defaultdict(list)
    for entry in jalon.register.entries():
        if entry.repository == repository:
            histories[entry.product, entry.number].append(entry.fact)
    for (product, number), facts in histories.items():
        yield LivedProduct(product, number, tuple(facts))


def _told(found: Replay) -> Iterator[str]:
    filings = counted(found.filings, "dépôt rejoué", "dépôts rejoués", "fr")
    answers = counted(found.answers, "réponse", "réponses", "fr")
    yield f"{filings}, {answers} de personnes."
    for one in found.thresholds:
        yield ""
        yield f"Seuil {_decimal(one.least)} : parle à {one.spoken} sur {found.filings}"
        yield from _threshold(one)
    if not found.is_enough:
        yield ""
        yield f"{answers} : trop peu pour conclure ; aucune justesse n’est calculée sous trente."


def _threshold(one: ThresholdReplay) -> Iterator[str]:
    for door in one.doors:
        share = f", justesse {door.precision} %" if door.precision is not None else ""
        told = (
            counted(door.shown, "montré", "montrés"),
            counted(door.accepted, "retenu", "retenus"),
            counted(door.aside, "écarté", "écartés"),
            f"{door.unanswered} sans réponse{share}",
        )
        yield f"  {DOORS[door.door]} : {', '.join(told)}"
    if one.missed:
        yield f"  retenus par des personnes sans être montrés : {one.missed}"


def _decimal(value: float) -> str:
    return f"{value:.2f}".replace(".", ",")
