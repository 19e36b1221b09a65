"""The command that erases personal data from the register and from our comments, upon a request that it names."""

from __future__ import annotations

from collections.abc import Iterable

import click
from sqlalchemy.exc import SQLAlchemyError

from app.bootstrap import Jalon
from app.cli.common import from_environment
from app.cli.errors import REPOSITORY, cause, told_flaws
from app.cli.maintenance import one_step, replay_outcome, working
from app.cli.named_product import named_product
from app.domain.product.fact_json import to_json
from app.domain.product.issue import Comment
from app.engine.sweep import Stale
from app.github.errors import NotFoundError
from app.messages.counting import counted
from app.store.erasing import Erasing
from app.store.register import ConflictError
from app.turns.erasing import ErasurePlan, ErasureRefusedError, ErasureRequest, ErasureTurn
from app.turns.outcome import LostHistoryError

WHY_NOT = {
    "unknown": "« {} » n’est nommé dans aucun fait de ce produit",
    "several": "plusieurs comptes ont porté ce nom : donnez le numéro du compte ({}) à la place du nom",
    "rank": "le fait n° {} n’existe pas : ce produit en a {}",
    "nothing": "il n’y a rien à effacer là : ces faits ne portent ni nom ni mots de cette personne, ou l’issue les dit "
    "encore (son titre, les réponses de son formulaire) ; corrigez d’abord l’issue sur GitHub",
    "open": "cette personne est nommée au passage n° {}, qui est ouvert : attendez sa décision, ou retirez-le "
    "(« /retrait »)",
    "assigned": "l’issue nomme encore cette personne : retirez-la d’abord des personnes assignées, sinon le prochain "
    "passage de Jalon la noterait de nouveau",
    "shown": "un titre, une description ou un commentaire dit encore sur GitHub ce qui est à effacer : corrigez-le "
    "d’abord là, sinon le prochain passage de Jalon le noterait de nouveau",
}
CHANGED_MEANWHILE = "ce produit a changé pendant ce temps : recommencez"
LOST = "l’histoire de ce produit ne peut pas être crue, et rien n’a été effacé : {}"
GONE = "GitHub ne montre plus cette issue : ses commentaires ne peuvent pas être réécrits, et rien n’a été effacé"
LEFT_IN_FILE = (
    "Le fichier de la base garde encore la place de ce qui a été effacé ({}) : arrêtez Jalon, puis « sqlite3 jalon.db "
    "VACUUM » ou « VACUUM FULL » sur PostgreSQL."
)
TOLD_APART = (
    "Restent aussi, hors de Jalon : les courriels que GitHub a envoyés, les sauvegardes de la base (jusqu’à leur "
    "expiration), les relevés de séance et bilans déjà publiés, et les archives déjà remises à des tiers."
)


@click.command("erase")
@click.argument("number", type=int, metavar="N")
@click.option("--repo", "repository", type=REPOSITORY, help="Le dépôt du produit, s’il y en a plusieurs.")
@click.option("--person", default="", help="Le compte à ne plus nommer : son nom, ou son numéro.")
@click.option("--entry", "ranks", type=int, multiple=True, help="Le rang d’un fait dont les mots partent ; répétable.")
@click.option("--request", "reference", required=True, help="La référence de la demande, gardée au registre.")
@click.option("--dry-run", is_flag=True, help="Montre ce qui serait effacé, sans rien changer.")
def erase(
    number: int, repository: str | None, person: str, ranks: tuple[int, ...], reference: str, dry_run: bool
) -> None:
    """Efface des données personnelles du produit N ; ce qui a été décidé reste, et se prouve encore."""
    if not person and not ranks:
        raise click.UsageError("dites qui n’est plus à nommer (--person) ou quels faits perdent leurs mots (--entry)")
    jalon = from_environment()
    product, place = named_product(jalon, number, repository)
    turn = ErasureTurn(jalon.client, jalon.product_turn, Erasing(jalon.register), jalon.clock)
    plan = _planned(turn, place, number, ErasureRequest(reference, person, ranks))
    _tell(plan, jalon)
    if dry_run:
        click.echo("Rien n’a été changé.")
        return
    _carry_out(jalon, turn, plan, Stale(product, place, number, plan.issue.title, "asked"))


def _planned(turn: ErasureTurn, repository: str, number: int, asked: ErasureRequest) -> ErasurePlan:
    try:
        return turn.plan(repository, number, asked)
    except ErasureRefusedError as error:
        told = WHY_NOT[error.kind].format(*(error.what.split() if error.kind == "rank" else [error.what]))
        raise click.ClickException(told) from error
    except LostHistoryError as error:
        raise click.ClickException(LOST.format(told_flaws(error.flaws))) from error
    except NotFoundError as error:
        raise click.ClickException(GONE) from error


def _carry_out(jalon: Jalon, turn: ErasureTurn, plan: ErasurePlan, stale: Stale) -> None:
    written = list[str]()

    def next_turn() -> None:
        with working(jalon):
            written.extend(replay_outcome(jalon, name) for _, name in jalon.sweep.wake([stale], one_step))

    try:
        anew = turn.carry_out(plan, next_turn)
    except ConflictError as error:
        raise click.ClickException(CHANGED_MEANWHILE) from error
    click.echo(f"Effacé. Sur GitHub : {' ; '.join(written)}.")
    _addresses(
        "GitHub garde les versions d’avant de ces commentaires de Jalon, que chacun peut encore lire : ouvrez "
        "chacun, « modifié », choisissez chaque version, « Supprimer la révision » :",
        plan,
        anew,
    )
    try:
        Erasing(jalon.register).compact()
    except SQLAlchemyError as error:
        click.echo(LEFT_IN_FILE.format(cause(error)))
    click.echo(TOLD_APART)


def _tell(plan: ErasurePlan, jalon: Jalon) -> None:
    done = plan.done
    click.echo(f"{plan.issue.repository}#{plan.issue.number} : {counted(len(done.changed), 'fait', 'faits')} à effacer")
    for rank in done.changed:
        fact = to_json(plan.product.history[rank - 1])
        click.echo(f"  - n° {rank}, {fact['kind']}, {plan.product.history[rank - 1].at:%d/%m/%Y}")
    if done.person:
        click.echo(f"La personne y devient « {done.person} ».")
    if plan.wordy:
        told = "Faits qui gardent des mots écrits par cette personne (--entry, pour les effacer aussi)"
        click.echo(f"{told} : {_listed(plan.wordy)}.")
    if plan.doubtful:
        click.echo(f"Faits dont les mots la nomment peut-être, à relire : {_listed(plan.doubtful)}.")
    if plan.is_in_body:
        click.echo(f"La description de l’issue le dit encore, à corriger à la main : {plan.issue.url}")
    _addresses(
        "Commentaires de personnes, qui restent à elles : seuls leur auteur, ou qui administre le dépôt, "
        "peuvent les supprimer sur GitHub :",
        plan,
        plan.theirs,
    )
    if not jalon.log.origin:
        click.echo("Le registre n’est pas scellé : ses empreintes sont refaites à partir du premier fait effacé.")


def _addresses(title: str, plan: ErasurePlan, comments: Iterable[Comment]) -> None:
    listed = [f"  - {plan.issue.url}#issuecomment-{one.id}" for one in comments]
    if listed:
        click.echo("\n".join([title, *listed]))


def _listed(ranks: Iterable[int]) -> str:
    return ", ".join(map(str, ranks))


OF_REGISTER = (erase,)
