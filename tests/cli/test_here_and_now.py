"""A command runs on this machine and now; only whoever runs it in its own process hands it another hour."""

from __future__ import annotations

from datetime import UTC, datetime

import click
import pytest
from click.testing import CliRunner

from app.bootstrap import utc_now
from app.cli import here_and_now, main
from app.cli.here_and_now import HereAndNow
from app.demo import running

LONG_AGO = datetime(2020, 2, 29, 12, tzinfo=UTC)


@click.command()
def hour() -> None:
    click.echo(f"{here_and_now.now():%Y-%m-%d} {here_and_now.environment().get('PLACE', 'here')}")


def test_a_command_takes_the_hour_and_the_settings_it_is_handed():
    done = CliRunner().invoke(hour, obj=HereAndNow(lambda: {"PLACE": "there"}, lambda: LONG_AGO))
    assert done.output == "2020-02-29 there\n"


def test_otherwise_it_is_this_machine_now(monkeypatch):
    monkeypatch.setattr(running, "demo_environment", dict)
    before = utc_now()
    assert here_and_now.clock() is utc_now
    assert CliRunner().invoke(hour).output in {f"{day:%Y-%m-%d} here\n" for day in (before, utc_now())}


@pytest.mark.parametrize("name", ["JALON_NOW", "JALON_CLOCK", "FAKETIME", "NOW"])
def test_no_setting_moves_the_clock(monkeypatch, name):
    monkeypatch.setenv(name, LONG_AGO.isoformat())
    assert here_and_now.clock() is utc_now


def test_no_option_moves_the_clock():
    """Whatever the command of Jalon: an hour is never typed."""
    refused = CliRunner().invoke(main, ["agenda", "--now", "2020-02-29"])
    assert refused.exit_code == 2
