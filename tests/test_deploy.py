"""What starts Jalon elsewhere than here: each command exists, each setting is read, nothing runs as root."""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
import tomllib
from pathlib import Path

import click
import pytest
import yaml
from click.testing import CliRunner

from app.cli import main
from tests.needs import need

ROOT = Path(__file__).parent.parent
SETTINGS = set(re.findall(r'"((?:JALON|GITHUB)_[A-Z_]+)"', (ROOT / "app/settings.py").read_text(encoding="utf-8")))
COMPOSE = yaml.safe_load((ROOT / "deploy/compose.yaml").read_text(encoding="utf-8"))
DOCKERFILE = (ROOT / "Dockerfile").read_text(encoding="utf-8")
UNIT = (ROOT / "deploy/jalon.service").read_text(encoding="utf-8")
PROCFILE = dict(line.split(": ", 1) for line in (ROOT / "Procfile").read_text(encoding="utf-8").splitlines())
IMAGE_COMMAND = re.search(r"^CMD (\[.*\])$", DOCKERFILE, re.MULTILINE)[1]
EXEC = re.search(r"^ExecStart=/opt/jalon/bin/jalon (.*)$", UNIT, re.MULTILINE)[1]
OURS = {name: service for name, service in COMPOSE["services"].items() if service.get("image") == "jalon:local"}

STARTED = {
    "image": yaml.safe_load(IMAGE_COMMAND),
    "systemd": shlex.split(EXEC),
    **{f"compose {name}": service["command"] for name, service in OURS.items()},
    **{f"Procfile {name}": shlex.split(line.replace("$PORT", "5000"))[1:] for name, line in PROCFILE.items()},
}


def checked(words: list[str]) -> click.Context:
    """Parsed as the command line would, without running anything."""
    command: click.Command = main
    while isinstance(command, click.Group):
        word, *words = words
        found = command.get_command(click.Context(command), word)
        assert found is not None, word
        command = found
    return command.make_context("jalon", list(words))


@pytest.mark.parametrize("words", STARTED.values(), ids=STARTED)
def test_every_command_exists_with_its_options(words):
    checked(words)


def test_only_what_stands_behind_something_else_listens_beyond_this_machine():
    hosts = {name: checked(words).params.get("host") for name, words in STARTED.items()}
    assert {name for name, host in hosts.items() if host == "0.0.0.0"} == {"image", "compose web", "Procfile web"}
    assert hosts["systemd"] == "127.0.0.1"
    assert COMPOSE["services"]["web"]["ports"] == ["127.0.0.1:8080:8080"]
    assert "ports" not in COMPOSE["services"]["db"]


@pytest.mark.parametrize("command", ["demo", "sandbox"])
def test_what_is_for_trying_never_leaves_the_machine(command):
    done = CliRunner().invoke(main, [command, "--host", "0.0.0.0"])
    assert done.exit_code == 2
    assert "l’option --host n’existe pas" in done.output


@pytest.mark.parametrize(
    "file",
    [
        "deploy/compose.yaml",
        "deploy/jalon.service",
        "deploy/jalon.env.exemple",
        "deploy/compose.env.exemple",
        "Dockerfile",
    ],
)
def test_every_setting_is_one_that_jalon_reads(file):
    text = (ROOT / file).read_text(encoding="utf-8")
    named = set(re.findall(r"\b((?:JALON|GITHUB)_[A-Z_]+)\b(?=[=:])", text))
    of_compose = {"JALON_DATABASE_PASSWORD", "JALON_PRIVATE_KEY_PATH", "JALON_SEAL_KEY_PATH"}
    assert named - of_compose <= SETTINGS
    assert named


def test_two_workers_share_postgresql_and_no_secret_is_written_down():
    assert COMPOSE["services"]["traitement"]["deploy"]["replicas"] == 2
    for service in OURS.values():
        environment = service["environment"]
        assert environment["JALON_DATABASE_URL"].startswith("postgresql://jalon:${")
        assert environment["JALON_WEBHOOK_SECRET"].startswith("${JALON_WEBHOOK_SECRET:?")
        assert "JALON_PRIVATE_KEY" not in environment
        assert service["read_only"]
        assert service["cap_drop"] == ["ALL"]
        assert service["security_opt"] == ["no-new-privileges:true"]


def test_the_image_runs_as_nobody_in_particular_and_copies_what_exists():
    users = re.findall(r"^USER (.*)$", DOCKERFILE, re.MULTILINE)
    assert users == ["10001:10001"]
    assert "urlopen('http://127.0.0.1:8080/readyz'" in DOCKERFILE
    lines = re.findall(r"^COPY (?!--from)(.*)$", DOCKERFILE, re.MULTILINE)
    copied = [word for line in lines for word in line.split()[:-1]]
    let_in = {line[1:] for line in (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines() if line[:1] == "!"}
    assert {word.rstrip("/") for word in copied} == let_in
    assert all((ROOT / word).exists() for word in copied)


def test_the_image_copies_all_that_the_wheel_is_made_of():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    wheel = project["tool"]["hatch"]["build"]["targets"]["wheel"]
    needed = {
        *wheel["packages"],
        *wheel["force-include"],
        project["project"]["readme"],
        *project["project"]["license-files"],
    }
    assert all(re.search(rf"^COPY .*\b{re.escape(name)}\b", DOCKERFILE, re.MULTILINE) for name in needed)


sys.path.insert(0, str(ROOT / ".ci"))
import images  # noqa: E402

IMAGES = {name: images.NAMED.findall((ROOT / name).read_text(encoding="utf-8")) for name in images.FILES}
TOLD = {"sha256:" + digit * 64 for digit in "0123456789"}


@pytest.mark.parametrize("name", IMAGES)
def test_every_image_is_named_to_the_patch(name):
    text = (ROOT / name).read_text(encoding="utf-8")
    stages = set(re.findall(r"^FROM \S+ AS (\w+)", text, re.MULTILINE))
    written = re.findall(r"^(?:FROM|\s+image:) ?(\S+)", text, re.MULTILINE)
    named = [f"{image}{digest}" for _, image, digest in IMAGES[name]]
    assert [one for one in written if one not in stages] == named != []
    for _, image, _ in IMAGES[name]:
        patch = r"\d+\.\d+-" if image.startswith("postgres:") else r"\d+\.\d+\.\d+-"
        assert image == images.LOCAL or re.match(patch, image.rpartition(":")[2]), image


def test_the_digest_of_each_image_is_written_then_checked(tmp_path, capsys):
    for name in images.FILES:
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text((ROOT / name).read_text(encoding="utf-8"), encoding="utf-8")
    every = {image for found in IMAGES.values() for _, image, _ in found} - {images.LOCAL}
    today = dict(zip(sorted(every), sorted(TOLD), strict=False))
    assert images.main(["--check"], tmp_path, today.__getitem__) == 1
    assert "Dockerfile" in capsys.readouterr().err
    assert images.main([], tmp_path, today.__getitem__) == 0
    assert images.main(["--check"], tmp_path, today.__getitem__) == 0
    text = "".join((tmp_path / name).read_text(encoding="utf-8") for name in images.FILES)
    assert all(f"{image}@{digest}" in text for image, digest in today.items())
    assert f"{images.LOCAL}@" not in text
    changed = dict.fromkeys(today, "sha256:" + "f" * 64)
    assert images.main(["--check"], tmp_path, changed.__getitem__) == 1
    with pytest.raises(ValueError, match="is no digest"):
        images.main([], tmp_path, lambda _: "")


PINNED = re.compile(r"^([\w.-]+)(?:\[[\w,-]+\])?==([^\s;\\]+)", re.MULTILINE)


def test_what_is_installed_there_is_what_is_tested_here():
    here = dict(PINNED.findall((ROOT / "requirements.lock").read_text(encoding="utf-8")))
    there = dict(PINNED.findall((ROOT / "deploy/requirements.lock").read_text(encoding="utf-8")))
    assert there.items() <= here.items()
    assert not {"pytest", "mypy", "playwright", "githubkit"} & set(there)
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    direct = {re.match(r"[\w.-]+", line)[0].lower() for line in project["dependencies"]}
    assert direct <= set(there)


def analyze(*arguments):
    need("systemd-analyze")
    return subprocess.run(["systemd-analyze", *arguments], capture_output=True, text=True, check=False, timeout=60)


def test_systemd_finds_nothing_wrong_with_the_unit(tmp_path):
    unit = tmp_path / "jalon.service"
    unit.write_text(UNIT.replace("/opt/jalon/bin/jalon", "/bin/sleep"), encoding="utf-8")
    done = analyze("verify", str(unit))
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_systemd_judges_the_unit_well_locked(tmp_path):
    unit = tmp_path / "jalon.service"
    unit.write_text(UNIT, encoding="utf-8")
    done = analyze("security", "--offline=true", "--no-pager", str(unit))
    found = re.search(r"Overall exposure level for jalon.service: ([\d.]+)", done.stdout)
    assert float(found[1]) <= 2.0, done.stdout + done.stderr


GUIDE = ROOT / "docs/exploitation.md"


def test_every_command_and_setting_of_the_operations_guide_exists():
    text = GUIDE.read_text(encoding="utf-8")
    commands = re.findall(
        r"^(?:.*?\s)?(?:\.venv/bin/|/opt/jalon/bin/)?jalon ([a-z][^\n#|>]*)", "\n".join(blocks(text)), re.MULTILINE
    )
    assert len(commands) >= 5
    for command in commands:
        checked(shlex.split(command))
    assert (
        set(re.findall(r"\b(?:JALON|GITHUB)_[A-Z_]+\b", text)) - {"JALON_DATABASE_PASSWORD", "JALON_PRIVATE_KEY_PATH"}
        <= SETTINGS
    )
    for path in re.findall(r"\]\((?!http|#)([^)#]+)", text):
        assert (GUIDE.parent / path).exists(), path


def blocks(text):
    return re.findall(r"^```(?:bash|sh)[^\n]*\n(.*?)^```", text, re.MULTILINE | re.DOTALL)


def test_alerts_watch_figures_that_exist():
    groups = yaml.safe_load((ROOT / "deploy/alertes.yml").read_text(encoding="utf-8"))["groups"]
    expressions = [rule["expr"] for group in groups for rule in group["rules"]]
    named = {name.removesuffix("_total") for text in expressions for name in re.findall(r"\bjalon_\w+", text)}
    text = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "app/web").glob("*.py"))
    assert named == {name for name in named if f'"{name}"' in text}
    assert len(named) >= 2
