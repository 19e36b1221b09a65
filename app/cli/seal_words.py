"""What `jalon seal` says: where the seal stands, what is wrong, what to publish and what to do."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from app.messages.counting import counted
from app.store.log import Log
from app.transparency.key_ring import KeyChange
from app.transparency.notes import Key, NoteError

SEALED_ALREADY = "le registre est déjà scellé, sous le nom {} : « jalon seal status » dit où il en est"
BEGUN_ALREADY = (
    "GitHub montre déjà un sceau du registre {} ({}) : deux suites d’un même registre ne vaudraient rien. Lancez "
    "« jalon register rebuild » avec sa clé ; si elle est perdue, donnez un autre nom à ce registre-ci (--name)"
)
NO_NAME = "donnez un nom au registre : jalon seal init --name registre.ministere.gouv.fr/comite"
NO_KEY_TO_ROTATE = "la clé actuelle manque (JALON_SEAL_KEY_FILE) ; si elle est perdue : « jalon seal lost »"
UNSEALED = "Le registre n’est pas scellé. « jalon seal init » fait la clé et le scelle."
KEY_WITHOUT_LOG = (
    "✗ Une clé du sceau est donnée, et cette base ne contient aucun registre scellé. Base neuve : « jalon seal init ». "
    "Base perdue : « jalon register rebuild »."
)
NO_KEY = (
    "La clé du sceau manque : rien n’est plus signé, les votes et décisions continuent. Donnez JALON_SEAL_KEY_FILE ; "
    "si la clé est perdue, « jalon seal lost »."
)
ANOTHER_KEY = (
    "La clé donnée ({}) n’est pas celle qui signe ce registre ({}) : rien n’est plus signé. Donnez le bon fichier dans "
    "JALON_SEAL_KEY_FILE, et redémarrez."
)
UNPUBLISHED = "Les règles de {} ne publient pas la clé {} : ajoutez-la sous register.keys, dans .github/jalon.yml."
KEPT_ALREADY = "La clé est celle que donnent les réglages."
ROTATED = (
    "La clé du sceau a changé : le dernier sceau est signé des deux, les suivants le seront de la nouvelle seule.\n"
    "Elle est dans {}, lisible par son propriétaire. Donnez ce fichier dans JALON_SEAL_KEY_FILE et redémarrez Jalon "
    "tout de suite : l’ancienne clé ne signe plus rien."
)
LOST = (
    "L’ancienne clé est déclarée perdue : ce qu’elle a signé reste prouvé, elle ne signera plus rien.\n"
    "La nouvelle est dans {}, lisible par son propriétaire. Donnez ce fichier dans JALON_SEAL_KEY_FILE et redémarrez."
)
STOLEN = (
    "L’ancienne clé est déclarée volée : au-delà de {1}, rien de ce qu’elle a signé n’est plus cru ; en deçà, "
    "tout reste prouvé.\n"
    "La nouvelle est dans {0}, lisible par son propriétaire. Donnez ce fichier dans JALON_SEAL_KEY_FILE et redémarrez."
)
SEALED_AGAIN = "{} par la nouvelle clé ; ce que les témoins en avaient signé reste."


def key_told(key: Key) -> str:
    """The number of a key, as its vkey bears it."""
    return f"n° {key.id.hex()}"


def day(seconds: float) -> str:
    """When a seal was made; one found on GitHub, after a back-up was restored, does not say."""
    if not seconds:
        return "relu sur GitHub"
    return datetime.fromtimestamp(seconds, UTC).strftime("%d/%m/%Y %H:%M UTC")


def seal_opened(name: str, facts: int, now: datetime) -> str:
    """What the seal proves from today on, and what it does not."""
    begun = f"Le registre est scellé, sous le nom {name}, à partir du {day(now.timestamp())}."
    if not facts:
        return f"{begun}\nIl était vide : tout ce qui s’y écrira sera scellé."
    there = counted(facts, "fait y était déjà, scellé tel qu’il est", "faits y étaient déjà, scellés tels qu’ils sont")
    return (
        f"{begun}\n{there} aujourd’hui : s’ils changent désormais, cela se verra. Ce qu’ils étaient avant ce jour, le "
        "sceau ne le prouve pas."
    )


def key_kept(path: Path) -> str:
    return (
        f"La clé est dans {path}, lisible par son propriétaire, et nulle part ailleurs : gardez-en une copie dans "
        "votre coffre, à part de la clé de l’App. Donnez ce fichier dans JALON_SEAL_KEY_FILE, et redémarrez Jalon."
    )


def to_publish(key: Key) -> str:
    """The lines for the rules, and for paper: whoever has them checks the register without asking us."""
    return (
        "\nÀ mettre dans les règles (.github/jalon.yml) :\n\n"
        f"register:\n  keys:\n    - {key.vkey}\n\n"
        "À recopier sur papier, dans le prochain relevé du comité :\n\n"
        f"Registre {key.name}, clé du sceau {key_told(key)} :\n{key.vkey}"
    )


def seal_standing(kept_log: Log) -> Iterator[str]:
    """Where the seal stands, good or bad."""
    yield f"Registre scellé : {kept_log.origin}"
    last = kept_log.latest()
    yield f"Entrées : {kept_log.size}"
    if last:
        yield f"Dernier sceau : {counted(last.size, 'entrée', 'entrées')}, {day(last.at)}, racine {last.root[:8]}"
    else:
        yield "Dernier sceau : aucun encore"
    yield f"Faits qui attendent d’être scellés : {kept_log.pending()}"


def behind(kept_log: Log) -> Iterator[str]:
    """Why nothing is sealed any more."""
    wanted, size = kept_log.wanted, kept_log.size
    if wanted > size:
        yield (
            f"Le sceau a signé {counted(wanted, 'entrée', 'entrées')}, cette base n’en tient que {size} : une "
            "sauvegarde plus ancienne a été remise. Rien n’est scellé ni signé d’ici là ; lancez "
            "« jalon register rebuild », qui reprend des commentaires ce qui manque et dit ce qu’il ne trouve pas."
        )
    elif wanted:
        yield (
            f"Les premières entrées ({wanted}) ne sont pas celles que le sceau a signées : le registre a deux suites. "
            "Rien n’est plus scellé ni signé ; remettez une sauvegarde d’avant, puis lancez « jalon register rebuild »."
        )


def unvouched(change: KeyChange, quorum: int) -> str:
    if change.why == "rotation":
        return "Aucun sceau n’est signé des deux clés, l’ancienne et la nouvelle : refaites « jalon seal rotate »."
    return (
        f"La nouvelle clé {key_told(change.new)} n’est encore crue de personne : il faut la signature de "
        f"{counted(quorum, 'témoin', 'témoins')} sous un sceau d’après."
    )


def witnessed(quorum: int) -> str:
    if not quorum:
        return (
            "Les règles ne demandent aucun témoin : rien d’autre que ce fichier de règles ne répond de la nouvelle "
            "clé. Nommez-en au moins un (register.witnesses, register.quorum)."
        )
    asked = counted(quorum, "témoin signe", "témoins signent")
    return f"Elle ne sera crue qu’une fois que {asked} un sceau d’après : « jalon seal status » dit où cela en est."


def key_change_refused(error: Exception, kept_log: Log) -> str:
    """Why a change of key could not be sealed."""
    told = next(behind(kept_log), "")
    if isinstance(error, NoteError):
        return "la clé serait dite morte avant d’avoir signé : donnez une taille d’après le changement précédent"
    return told or "le registre attend des entrées qu’il avait scellées : « jalon register rebuild »"
