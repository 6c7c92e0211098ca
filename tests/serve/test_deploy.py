"""The files for operators name commands, options, volumes and folders that there are."""

from __future__ import annotations

import configparser
import json
import re
import shlex
from pathlib import Path
from typing import Any

import click
import pytest
import yaml  # type: ignore[import-untyped]

from soramame.cli import cli

DEPLOY = Path(__file__).parents[2] / "deploy"
WORKER = DEPLOY.parent / "src/soramame/serve/worker.py"
COMPOSE: dict[str, Any] = yaml.safe_load((DEPLOY / "compose.yaml").read_text(encoding="utf-8"))
DOCKERFILE = (DEPLOY / "Dockerfile").read_text(encoding="utf-8")


def entrypoint() -> list[str]:
    found = re.search(r"^ENTRYPOINT (\[.*\])$", DOCKERFILE, re.M)
    assert found is not None
    words: list[str] = json.loads(found[1])
    return words


def unit() -> configparser.ConfigParser:
    told = configparser.ConfigParser(interpolation=None, strict=False, delimiters=("=",))
    told.optionxform = str  # type: ignore[assignment,method-assign]
    told.read(DEPLOY / "soramame.service", encoding="utf-8")
    return told


def check(words: list[str]) -> None:
    """Whether ``soramame`` takes these words."""
    command: click.Command = cli
    assert words[0].endswith("soramame")
    words = words[1:]
    while isinstance(command, click.Group):
        command = command.commands[words.pop(0)]
    options = {option: one for one in command.params if isinstance(one, click.Option) for option in one.opts}
    while words:
        word = words.pop(0)
        assert word in options, word
        if not options[word].is_flag:
            words.pop(0)


def test_the_image_and_its_server_run_what_there_is() -> None:
    check(entrypoint() + COMPOSE["services"]["server"]["command"])


def test_the_unit_runs_what_there_is() -> None:
    service = unit()["Service"]
    check(shlex.split(service["ExecStart"]))
    assert service["ExecReload"].endswith("-HUP $MAINPID")
    assert service["KillMode"] == "mixed"


def test_workers_are_told_options_that_they_have() -> None:
    known = re.findall(r'add_argument\("(--[a-z-]+)"', WORKER.read_text(encoding="utf-8"))
    words = COMPOSE["services"]["worker"]["entrypoint"]
    assert words[:3] == ["python", "-m", "soramame.serve.worker"]
    assert {word for word in words if word.startswith("--")} <= set(known)


@pytest.mark.parametrize("name", COMPOSE["services"])
def test_services_name_each_other_volumes_and_secrets(name: str) -> None:
    service = COMPOSE["services"][name]
    assert set(service.get("depends_on", ())) <= set(COMPOSE["services"])
    assert {one.partition(":")[0] for one in service.get("volumes", ())} <= set(COMPOSE["volumes"])
    assert set(service.get("secrets", ())) <= set(COMPOSE["secrets"])


def test_who_signs_is_the_same_in_server_and_workers() -> None:
    home = re.search(r"SORAMAME_HOME=(\S+)", DOCKERFILE)
    assert home is not None
    for name in ("server", "worker"):
        assert f"identity:{home[1]}" in COMPOSE["services"][name]["volumes"]


def test_volumes_lie_where_the_image_lets_its_user_write() -> None:
    made = re.search(r"install -d -o soramame -g soramame ([^\n]+)", DOCKERFILE)
    assert made is not None
    for name in ("server", "worker"):
        assert {one.partition(":")[2] for one in COMPOSE["services"][name]["volumes"]} <= set(made[1].split())


def test_every_password_is_asked_for() -> None:
    asked = set(re.findall(r"\$\{([A-Z_]+):\?", (DEPLOY / "compose.yaml").read_text(encoding="utf-8")))
    assert asked == set(re.findall(r"^([A-Z_]+)=", (DEPLOY / "env.example").read_text(encoding="utf-8"), re.M))


def test_nothing_is_published_but_on_this_machine() -> None:
    ports = [port for service in COMPOSE["services"].values() for port in service.get("ports", ())]
    assert ports == ["127.0.0.1:8000:8000"]


def test_what_the_image_copies_is_there() -> None:
    kept = {line[1:] for line in (DEPLOY / "Dockerfile.dockerignore").read_text().splitlines() if line.startswith("!")}
    copied = {word for line in re.findall(r"^COPY (?!--from)(.*) \S+$", DOCKERFILE, re.M) for word in line.split()}
    assert copied <= kept
    assert all((DEPLOY.parent / name).exists() for name in kept)
