"""The command that tries a new installation on the real GitHub and reports what is wrong."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError
from importlib.metadata import version as version_of
from pathlib import Path

import click

from app.cli.errors import REPOSITORY
from app.cli.here_and_now import environment
from app.doctor.findings import Finding, Verdict
from app.doctor.reading import DoctorReading
from app.doctor.report import finding_lines, report_document
from app.doctor.timed import LateError, Timed
from app.doctor.trial import Trial
from app.doctor.words import SUMMARY
from app.domain.policy.model import Policy
from app.domain.publish.policy_file import RulesState
from app.github.budget import Budget
from app.github.client import Client
from app.github.errors import LaterError, NotFoundError, RefusalError
from app.github.policies import Policies
from app.settings import Settings, avoid_proxy_on_this_machine, read_settings
from app.shipped_files import default_policy


@click.command()
@click.option("--repo", "repository", type=REPOSITORY, default="", help="Le dépôt de suivi, s’il y en a plusieurs.")
@click.option("--output", type=click.Path(path_type=Path, dir_okay=False), default=Path("jalon-doctor.json"))
@click.option("--read-only", is_flag=True, help="N’ouvre pas de ticket d’essai ; dit alors moins de choses.")
def doctor(repository: str, output: Path, read_only: bool) -> None:
    """Essaie, sur le vrai GitHub, tout ce que lui seul peut dire ; deux minutes, un ticket d’essai qui se ferme.

    Chaque point en défaut dit quoi faire. Le compte rendu ne contient ni secret ni texte de personne.
    """
    settings = read_settings(environment())
    if settings.is_rehearsal:
        avoid_proxy_on_this_machine()
    client = Client(settings, Budget(foresees=False))
    findings: list[Finding] = []
    language = _examine(client, settings, repository, read_only, findings)
    output.write_text(report_document(findings, settings.api_url, _version(), datetime.now(UTC)), encoding="utf-8")
    click.echo(_summary(findings, output, language))
    sys.exit(1 if any(item.state is Verdict.KO or item.how == "late" for item in findings) else 0)


def _examine(client: Client, settings: Settings, wanted: str, read_only: bool, findings: list[Finding]) -> str:
    """Prints each finding as it comes; the language is that of the repository's rules."""
    timed = Timed(time.monotonic)
    try:
        place, policy = timed.run(lambda: _place(client, wanted))
    except LateError:
        place, policy = wanted, default_policy()
    reading = DoctorReading(client, settings, lambda: datetime.now(UTC), timed)
    for finding in _all(reading, client, settings, place, policy, timed, read_only=read_only):
        findings.append(finding)
        click.echo("\n".join(finding_lines(finding, policy.language)))
    return policy.language


def _all(
    reading: DoctorReading,
    client: Client,
    settings: Settings,
    place: str,
    policy: Policy,
    timed: Timed,
    *,
    read_only: bool,
) -> Iterator[Finding]:
    yield from reading.of_app()
    if not reading.app:
        return
    if not place:
        yield reading.nowhere()
        return
    yield from reading.of_installation(place, policy)
    if not read_only:
        yield from Trial(client, settings, place, time.sleep, time.monotonic, timed).run()


def _place(client: Client, wanted: str) -> tuple[str, Policy]:
    """The repository to try, with its rules or the default ones: a failure here is told by what is tried."""
    policies = Policies(client)
    try:
        for name in (wanted,) if wanted else client.repositories():
            reading = policies.reading(name)
            if wanted or reading.state in {RulesState.GOOD, RulesState.FLAWED}:
                return name, reading.policy
    except (LaterError, NotFoundError, RefusalError):
        pass
    return wanted, default_policy()


def _version() -> str:
    try:
        return version_of("jalon")
    except PackageNotFoundError:  # run from a copy of its source
        return ""


def _summary(findings: list[Finding], output: Path, language: str) -> str:
    rank, ill = 0 if language == "fr" else 1, sum(item.state is Verdict.KO for item in findings)
    kept = {0: "well", 1: "one"}.get(ill, "ill")
    if not ill and any(item.how == "late" for item in findings):
        kept = "late"
    return f"\n{SUMMARY[kept][rank].format(count=ill)}\n{SUMMARY['file'][rank].format(path=output)}"


COMMANDS = (doctor,)
