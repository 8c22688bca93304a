"""What deploy/ and docs/ tell people to type exists, and the files say what the pages say."""

import os
import re
import subprocess
from pathlib import Path

import pytest
from django.core.management import get_commands, load_command_class

from config import database
from config.environment import VARIABLES

ROOT = Path(__file__).resolve().parent.parent
DEPLOY = sorted(path for path in (ROOT / "deploy").rglob("*") if path.is_file())
PAGES = [*sorted((ROOT / "docs").rglob("*.md")), *(path for path in DEPLOY if path.suffix != ".env")]
UNITS = [path for path in DEPLOY if path.suffix == ".service"]


def commands_named(text: str) -> set[str]:
    """Every X of "manage.py X", also as the parts of a list in YAML, JSON or a shell's quoted words."""
    return set(re.findall(r"""manage\.py["']?,?\s+["']?([a-z_]+)""", text))


@pytest.mark.parametrize("path", PAGES, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_command_is_known(path):
    assert commands_named(path.read_text()) <= set(get_commands())


def test_the_walk_sees_commands_however_they_are_written():
    assert commands_named('["python", "manage.py", "migrate"] manage.py backup X') == {"migrate", "backup"}
    everything = set().union(*(commands_named(path.read_text()) for path in PAGES))
    assert {"migrate", "backup", "restore", "verify_books", "procrastinate", "collectstatic", "check"} <= everything


@pytest.mark.parametrize("path", PAGES, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_option_is_known(path):
    """Of the commands that are ours, and of `check` and `collectstatic`."""
    for name, rest in re.findall(r"manage\.py (\w+)([^\n`]*)", path.read_text()):
        if name in ("backup", "restore", "verify_books", "migrate", "check", "collectstatic", "rehearse"):
            parser = load_command_class(get_commands()[name], name).create_parser("manage.py", name)
            known = {option for action in parser._actions for option in action.option_strings}
            assert set(re.findall(r"(?<=\s)--[a-z-]+", rest.split("&&")[0])) <= known


def variables(name: str) -> dict[str, str]:
    text = (ROOT / "deploy" / name).read_text()
    return dict(re.findall(r"^#? ?([A-Z_]+)=(.*)$", text, re.M))


def test_the_example_environment_names_what_a_production_site_needs():
    named = variables("site.env.example")
    assert set(named) <= {variable.name for variable in VARIABLES}
    assert {variable.name for variable in VARIABLES if variable.production} <= set(named)
    assert set(variables("owner.env.example")) == {"MIGRATION_DATABASE_URL"}


def test_the_processes_that_serve_do_not_hold_the_owners_password():
    assert variables("site.env.example")["MIGRATION_DATABASE_URL"].count(":") == 2  # of the scheme and the port
    for name in ("toad-lane-web.service", "toad-lane-worker.service"):
        assert "owner.env" not in (ROOT / "deploy" / "systemd" / name).read_text()
    serving = (ROOT / "deploy" / "compose.yaml").read_text().split("\n  app:")[1].split("\n  # By the machine")[0]
    assert "owner.env" not in serving


def test_the_roles_are_those_of_the_project():
    script = (ROOT / "deploy" / "make-roles.sql").read_text()
    for name in (database.SITE_ROLE, database.OWNER_ROLE, database.DATABASE_NAME):
        assert name in script
    assert f"ALTER ROLE {database.SITE_ROLE} NOSUPERUSER NOCREATEROLE NOCREATEDB" in script


@pytest.mark.parametrize("path", UNITS, ids=lambda path: path.name)
def test_units_are_hardened_and_run_what_is_there(path):
    lines = path.read_text().splitlines()
    for wanted in ("User=toad-lane", "NoNewPrivileges=yes", "ProtectSystem=strict", "CapabilityBoundingSet=",
                   "SystemCallFilter=@system-service", "EnvironmentFile=/etc/toad-lane/site.env"):  # fmt: skip
        assert wanted in lines
    (start,) = (line.removeprefix("ExecStart=").split()[0] for line in lines if line.startswith("ExecStart="))
    inside = start.removeprefix("/srv/toad-lane/")
    assert inside.startswith(".venv/bin/") or os.access(ROOT / inside, os.X_OK)


def test_timers_start_a_unit_that_is_there():
    names = {path.name for path in DEPLOY}
    timers = [path for path in DEPLOY if path.suffix == ".timer"]
    assert timers
    assert all(path.with_suffix(".service").name in names for path in timers)


@pytest.mark.parametrize("name", ["nightly.sh", "make-roles.sh"])
def test_scripts_are_shell_and_may_be_run(name):
    path = ROOT / "deploy" / name
    assert os.access(path, os.X_OK)
    assert subprocess.run(["sh", "-n", path], capture_output=True, check=False).returncode == 0


def test_containers_run_as_an_ordinary_user_and_are_asked_how_they_are():
    lines = (ROOT / "deploy" / "Dockerfile").read_text().splitlines()
    instructions = [line.split()[0] for line in lines if re.match(r"[A-Z]+ ", line)]
    assert instructions.index("USER") < instructions.index("CMD")
    assert "USER toad-lane" in lines
    assert "HEALTHCHECK" in instructions
    for source in re.findall(r"^COPY (?!--)(\S+)", "\n".join(lines), re.M):
        assert (ROOT / source).exists()


def test_images_are_official_names_and_nothing_else():
    """One word and a version: no registry's address, no other person's image."""
    docker, compose = ((ROOT / "deploy" / name).read_text() for name in ("Dockerfile", "compose.yaml"))
    images = re.findall(r"^FROM (\S+)", docker, re.M) + re.findall(r"^ +image: (\S+)", compose, re.M)
    assert set(images) == {"python:3.11-slim-bookworm", "postgres:17", "toad-lane"}


def test_the_compose_file_is_plain_and_its_parts_are_there():
    text = (ROOT / "deploy" / "compose.yaml").read_text()
    assert "\t" not in text
    assert all(len(re.match(" *", line)[0]) % 2 == 0 for line in text.splitlines())
    services = re.findall(r"^  (\w+):$", text.split("\nservices:")[1].split("\nvolumes:")[0], re.M)
    assert services == ["database", "migrate", "app", "worker", "nightly"]
    waited_for = set(re.findall(r"^      (\w+): \{condition", text, re.M))
    assert waited_for <= set(services)
    mounted = set(re.findall(r"^      - (\w+):/", text, re.M))
    assert mounted == set(re.findall(r"^  (\w+):$", text.split("\nvolumes:")[1], re.M))
    for local in re.findall(r"^      - \./([^:]+):", text, re.M):
        assert (ROOT / "deploy" / local).exists()


def test_the_server_is_started_alike_everywhere():
    """The same application and the same options, whoever starts it."""
    found = [re.sub(r'["\\,\]\s]+', " ", text) for path in PAGES if (text := path.read_text()).count("granian")]
    options = "--workers 2 --blocking-threads 4 --no-ws --respawn-failed-workers config.wsgi:application"
    assert sum(options in text for text in found) == 3


def test_secrets_beside_the_files_are_never_committed_or_copied_into_an_image():
    assert "/deploy/*.env" in (ROOT / ".gitignore").read_text().splitlines()
    assert "deploy/*.env" in (ROOT / ".dockerignore").read_text().splitlines()
