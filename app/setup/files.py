"""Installed files: a fingerprint in the first line shows what people changed, which is never silently replaced."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable

from app.setup.changes import Plan, SetupChange, SetupRemark, WriteFile
from app.setup.model import CurrentState, DesiredState, File

HEADER = "# Posé par « jalon setup ». Si vous modifiez ce fichier, votre version est gardée. Empreinte : {}\n"
_HEADER = re.compile(re.escape(HEADER).replace(r"\{\}", "([0-9a-f]{16})"))
Check = Callable[[str, str, str], str]
"""(path, text, ours) → what keeps Jalon from working with that text, in French; empty when nothing does."""


def fingerprinted(text: str) -> str:
    """The text under a line that bears its fingerprint."""
    return HEADER.format(_digest(text)) + text


def is_untouched(text: str) -> bool:
    """Whether nobody has changed the file since it was installed."""
    found = _HEADER.match(_plain(text))
    return found is not None and found[1] == _digest(_plain(text)[found.end() :])


def plan_files(wanted: DesiredState, present: CurrentState, broken: Check, *, force: bool = False) -> Plan:
    """Pure. A file that people changed is kept while Jalon can work with it; its text stays in the git history."""
    changes: list[SetupChange] = []
    remarks: list[SetupRemark] = []
    for file in wanted.files:
        found = present.files.get(file.path)
        new = fingerprinted(file.text)
        if found is None:
            changes.append(SetupChange("fichier", file.path, "pose", WriteFile(File(file.path, new))))
        elif _plain(found.text) in {new, file.text}:
            continue
        elif is_untouched(found.text):
            changes.append(_replace(found, new, "mise à jour"))
        elif problem := broken(file.path, found.text, file.text):
            changes.append(_replace(found, new, f"remplacement : modifié à la main, inutilisable ({problem})"))
        elif force:
            changes.append(_replace(found, new, "remplacement : modifié à la main (--force)"))
        else:
            remarks.append(_kept(file.path))
    changes += (
        SetupChange("fichier", own.path, "pose", WriteFile(own))
        for own in (wanted.policy, *wanted.catalogue)
        if own.path not in present.files
    )
    return Plan(tuple(changes), tuple(remarks))


def _replace(found: File, text: str, how: str) -> SetupChange:
    return SetupChange("fichier", found.path, how, WriteFile(File(found.path, text, found.sha)))


def _kept(path: str) -> SetupRemark:
    return SetupRemark(
        f"{path} a été modifié à la main : votre version est gardée.",
        "Pour revenir à celle de Jalon : « jalon setup --force » (la vôtre reste dans l’historique git).",
    )


def _plain(text: str) -> str:
    return text.replace("\r\n", "\n")


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:16]
