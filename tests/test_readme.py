"""The README names the commands, settings and make targets that exist, and only those."""

from __future__ import annotations

import re
from pathlib import Path

import click

from panel_app.cli import main
from panel_app.config import VARIABLES, Settings

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text()


def commands(group: click.Group, prefix: str = "panel-app") -> set[str]:
    """Return every command below `group` by its whole name."""
    found: set[str] = set()
    context = click.Context(group)
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        whole = f"{prefix} {name}"
        found |= commands(command, whole) if isinstance(command, click.Group) else {whole}
    return found


def test_commands_are_those_of_the_code() -> None:
    table = README.partition("## Commands")[2]
    assert set(re.findall(r"^\| `(panel-app [a-z -]+)`", table, re.M)) == commands(main)


def test_settings_are_those_of_the_code() -> None:
    table = README.partition("## Settings")[2].partition("## Commands")[0]
    named = dict(re.findall(r"^\| `(\w+)` \|.*\| (.+) \|$", table, re.M))
    assert set(named) == set(VARIABLES.values())
    for field, variable in VARIABLES.items():
        default = Settings.__dataclass_fields__[field].default
        shown = ",".join(default) if isinstance(default, tuple) else str(default)
        if named[variable].startswith("`"):
            assert named[variable] == f"`{shown}`", variable


def test_every_make_target_named_exists() -> None:
    targets = set(re.findall(r"^([a-z-]+)(?: [a-z-]+)*:", (ROOT / "Makefile").read_text(), re.M))
    assert set(re.findall(r"`make ([a-z-]+)`", README)) <= targets


def test_every_file_named_exists() -> None:
    for named in re.findall(r"\]\((docs/[\w./-]+)\)", README):
        assert (ROOT / named).exists(), named
    for named in re.findall(r"`(panel_app/[\w/]+(?:\.py)?)`", README):
        assert (ROOT / named).exists(), named
