"""What `jalon register rebuild` proves of a sealed register: identical to what its seal signed, or what lacks."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import partial

import click

from app.bootstrap import Jalon
from app.cli.errors import tried_alone
from app.domain.product.issue import Issue
from app.messages.counting import counted
from app.turns.recovery import Recovery
from app.turns.seal_keys import readable_keys

IDENTICAL = "Registre scellé : identique, prouvé jusqu’à l’entrée {}."
BEFORE = "Registre scellé : {} ; la suite n’est pas prouvée."
UNKNOWN = "Registre scellé : aucun sceau d’une clé connue n’a été trouvé sur GitHub."
HELD = "Rien n’est scellé d’ici là : remettez une sauvegarde plus récente, puis relancez la commande."


def gathered_seal(jalon: Jalon, places: Iterable[tuple[str, int]]) -> Recovery | None:
    """What all the comments show together of the seal; None for a register that was never sealed."""
    keys, read = [jalon.signer.key] if jalon.signer else [], list[Issue]()
    for repository, number in places:
        issue = tried_alone(partial(jalon.product_turn.read, repository, number), f"{repository}#{number}")
        read += [issue] if isinstance(issue, Issue) else []
    for repository in dict.fromkeys(repository for repository, _ in places):
        keys += readable_keys(jalon.policies.of(repository).register.keys)
    recovery = Recovery(tuple(keys))
    for issue in read:
        recovery.read(f"{issue.repository}#{issue.number}", issue.comments)
    if not recovery.carried and not jalon.log.origin:
        return None
    recovery.judge(jalon.log)
    return recovery


def told_of(jalon: Jalon, recovery: Recovery) -> bool:
    """Say what is proved, what lacks, what nothing proves; whether the register is what its seal signed."""
    jalon.guard.settle()
    for place, ranks in recovery.on_trust.items():
        few = counted(len(ranks), "fait", "faits")
        click.echo(f"{place} : {few} d’après le dernier sceau (n° {_ranges(ranks)}), que rien ne prouve : à comparer.")
    if recovery.newest is None:
        click.echo(UNKNOWN)
        return False
    size, told = jalon.log.size, recovery.told
    if not jalon.log.wanted and size >= recovery.newest.size:
        click.echo(IDENTICAL.format(recovery.newest.size - 1))
        return True
    click.echo(BEFORE.format(counted(size, "entrée reprise dans l’ordre", "entrées reprises dans l’ordre")))
    if told.missing:
        click.echo(f"Entrées qui manquent, sur {recovery.newest.size} : n° {_ranges(told.missing)}.")
    if told.doubtful:
        click.echo(f"Entrées présentes que rien ne prouve plus : n° {_ranges(told.doubtful)}.")
    if told.forked:
        click.echo(f"Deux sceaux se contredisent, à la taille {_ranges(told.forked)} : la clé a servi ailleurs.")
    click.echo(HELD)
    return False


def _ranges(numbers: Sequence[int]) -> str:
    """« 3, 7 à 9 »."""
    runs = list[list[int]]()
    for number in numbers:
        if runs and number == runs[-1][1] + 1:
            runs[-1][1] = number
        else:
            runs.append([number, number])
    return ", ".join(str(first) if first == last else f"{first} à {last}" for first, last in runs)
