"""A command of `jalon` run in this process, with the settings and the hour of whoever asks, and what it printed."""

from __future__ import annotations

import io
import logging
import sys
from collections.abc import Callable, Mapping
from contextlib import redirect_stdout
from datetime import datetime

import click

from app.cli import main
from app.cli.here_and_now import HereAndNow
from app.demo.scenario import StoryError


def run_here(settings: Mapping[str, str], clock: Callable[[], datetime], arguments: tuple[str, ...]) -> str:
    """Raises StoryError when the command fails."""
    said, level = io.StringIO(), logging.getLogger().level
    logging.disable(logging.WARNING)  # a command writes its log beside what it prints: here, into the story
    try:
        with redirect_stdout(said):
            main.main(list(arguments), standalone_mode=False, obj=HereAndNow(lambda: settings, clock))
    except SystemExit as end:
        if end.code:
            raise _failed(arguments, said.getvalue()) from end
    except click.ClickException as error:
        raise _failed(arguments, error.format_message()) from error
    finally:
        logging.disable(logging.NOTSET)
        logging.getLogger().setLevel(level)
        sys.stdout.flush()
    return said.getvalue()


def _failed(arguments: tuple[str, ...], why: str) -> StoryError:
    return StoryError(f"« jalon {' '.join(arguments)} » a échoué : {why.strip()[-400:]}")
