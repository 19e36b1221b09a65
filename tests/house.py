"""The house: its rooms from the ground up, what each may import, and the arrows between them; `python -m tests.house`.

`python -m tests.house REVISION` counts them in a former commit.
"""

from __future__ import annotations

import ast
import io
import subprocess
import sys
import tarfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parent.parent
MODULES = sorted(path for folder in ("app", "local_github") for path in (ROOT / folder).rglob("*.py"))
TREES = {path: ast.parse(path.read_text(encoding="utf-8")) for path in MODULES}

ROOMS = {
    "local_github": "a strict GitHub for trials, which knows nothing of Jalon",
    "settings": "the environment, read once; the only reader of `os.environ`",
    "logs": "lines for people or for programs, without a secret",
    "domain.reading": "what a person wrote, as commands",
    "domain.policy": "the committee's rules as values, and how their file is read",
    "domain.session": "the committee's sessions and the absences of its seats, as comments tell them",
    "domain.reuse": "what may already answer a need: the catalogue, names recognised, needs that are near",
    "domain.product": "one product: its facts, and what follows from them",
    "domain.decide": "a request becomes facts",
    "domain.publish": "facts become what GitHub must show",
    "domain.report": "many products become lines and figures",
    "transparency": "the register as a log anybody can check: canonical entries, the tree of digests, notes, proofs",
    "yaml_documents": "YAML files whose values know their line and column",
    "shipped_files": "the files that travel with Jalon: rules, forms, labels, workflows",
    "messages": "every sentence said on GitHub, as templates in French and English",
    "github": "GitHub's API: an issue read, an effect applied, a limit kept",
    "store": "the database: every table, and who reads it",
    "setup": "what an organisation needs, what it has, the changes between them",
    "turns": "one wake-up processed: a product, a policy file, the labels of a repository",
    "importing": "a former follow-up taken over from a spreadsheet",
    "reports": "what reports are made from, and the shapes they are given in",
    "sending": "news of the committee told outside GitHub: channels, messages, links that expire",
    "anchoring": "others asked to vouch for our register: dates from an authority, cosignatures from witnesses",
    "witness": "vouches for the registers of others: cosignatures given, ballots read again on GitHub",
    "engine": "stored deliveries, their order, retries, schedules and sweeps",
    "bootstrap": "builds the services from the settings",
    "doctor": "what only the real GitHub can tell, tried on it",
    "web": "pages, the webhook, the health of the process",
    "demo": "the demonstration: its first state, and the story it plays",
    "cli": "the commands",
}
"""From the ground up: a room imports only rooms named before it."""

DOORS = {
    "a2wsgi": {"web"},
    "apprise": {"sending"},
    "clevercsv": {"importing"},
    "click": {"cli"},
    "cryptography": {"settings", "transparency", "store", "anchoring", "local_github"},
    "dbos": {"engine"},
    "flask": {"web", "local_github"},
    "github": {"github"},
    "graphql": {"local_github"},
    "icalendar": {"reports"},
    "jinja2": {"messages"},
    "jwt": {"local_github"},
    "markdown_it": {"domain.reading", "reports", "local_github"},
    "markupsafe": {"web", "local_github"},
    "orjson": {"web"},
    "isal": {"store"},
    "prometheus_client": {"web"},
    "psycopg": {"engine"},
    "quotequail": {"domain.reading"},
    "requests": {"github", "anchoring", "demo", "local_github"},
    "rfc3161_client": {"anchoring"},
    "snowballstemmer": {"domain.reuse"},
    "sqlalchemy": {"store", "turns", "engine", "web", "cli"},
    "typst": {"reports"},
    "uvicorn": {"web"},
    "waitress": {"local_github"},
    "werkzeug": {"web", "local_github"},
    "yaml": {"yaml_documents", "local_github"},
}
"""The rooms by which each library comes in; a library not named comes in nowhere."""

WHOLE = {"app", "domain", "__main__"}
"""What stands around the rooms, and imports what it starts."""


def room_of(module: str) -> str:
    """« domain.reading » of « app.domain.reading.text »; « local_github » of all that is beside `app`."""
    parts = module.split(".")
    if parts[0] == "local_github":
        return "local_github"
    if parts[:2] == ["app", "domain"] and len(parts) > 2:
        return f"domain.{parts[2]}"
    return parts[1] if len(parts) > 1 else parts[0]


def module_of(path: Path) -> str:
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


NAMES = {module_of(path) for path in MODULES}


def imports(path: Path) -> Iterator[str]:
    """Modules, ours and others', wherever the import stands in the file."""
    for node in ast.walk(TREES[path]):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            full = [f"{node.module}.{alias.name}" for alias in node.names]
            yield from (name if name in NAMES else node.module for name in full)


def ours(path: Path) -> set[str]:
    return {name for name in imports(path) if name.split(".")[0] in {"app", "local_github"}}


def libraries(path: Path) -> set[str]:
    found = {name.split(".")[0] for name in imports(path)} - {"app", "local_github", "_typeshed"}
    return found - sys.stdlib_module_names


def arrows() -> Counter[tuple[str, str]]:
    """How many imports lead from a room to another."""
    found: Counter[tuple[str, str]] = Counter()
    for path in MODULES:
        here = room_of(module_of(path))
        if here not in WHOLE:
            found.update((here, there) for name in ours(path) if (there := room_of(name)) not in {here, *WHOLE})
    return found


def picture() -> str:
    """The rooms as Mermaid draws them: from each, an arrow to those right below it that no other path leads to."""
    direct = {
        (one, other) for one, other in arrows() if one not in {"settings", "logs"} and other not in {"settings", "logs"}
    }
    kept = sorted((a, b) for a, b in direct if not _leads(direct - {(a, b)}, a, b))
    return "\n".join(
        [
            "flowchart BT",
            *(f"  {one.replace('.', '_')}[{one}] --> {other.replace('.', '_')}[{other}]" for one, other in kept),
        ]
    )


def _leads(edges: set[tuple[str, str]], start: str, end: str) -> bool:
    seen, left = set(), [start]
    while left:
        here = left.pop()
        for one, other in edges:
            if one == here and other not in seen:
                seen.add(other)
                left.append(other)
    return end in seen


def table() -> str:
    rows = (f"| `{name}` | {sentence} |" for name, sentence in reversed(ROOMS.items()))
    return "\n".join(["| Room | Says |", "|---|---|", *rows])


def former(revision: str) -> str:
    """The same in another commit, whatever its rooms were: a folder is one, and a module that stands loose in `app/`."""
    archive = subprocess.run(["git", "archive", revision, "app"], cwd=ROOT, capture_output=True, check=True).stdout
    with tarfile.open(fileobj=io.BytesIO(archive)) as files:
        texts = {
            ".".join(Path(one.name).with_suffix("").parts).removesuffix(".__init__"): files.extractfile(one).read()
            for one in files
            if one.isfile() and one.name.endswith(".py")
        }

    def room(module: str) -> str:
        _, first, *rest = (*module.split("."), "")
        return f"domain.{rest[0]}" if first == "domain" and len(rest) > 2 else first

    drawn, lines = set(), 0
    for module, text in texts.items():
        lines += text.count(b"\n")
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("app."):
                full = [f"{node.module}.{alias.name}" for alias in node.names]
                drawn |= {(room(module), room(one if one in texts else node.module)) for one in full}
    arrows = {(here, there) for here, there in drawn if here != there}
    around = sum(_leads(arrows, there, here) for here, there in arrows)
    rooms = {room(module) for module in texts if module != "app"}
    return (
        f"{revision}: {len(rooms)} rooms, {len(arrows)} arrows, {around} of them in a circle, {lines} lines of Python"
    )


if __name__ == "__main__":
    if len(sys.argv) > 1:
        sys.stdout.write(f"{former(sys.argv[1])}\n")
        sys.exit()
    here = {room for arrow in arrows() for room in arrow}
    sys.stdout.write(f"{len(here)} rooms, {len(arrows())} arrows\n\n{table()}\n\n{picture()}\n")
