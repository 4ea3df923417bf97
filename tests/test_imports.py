"""Imports run one way, floor by floor; heavy libraries wait until they are needed."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
DRAWING = ROOT / "docs" / "architecture.md"


def drawn(text: str) -> tuple[tuple[str, ...], ...]:
    """Return the modules of each floor that the drawing shows, from the ground up."""
    lines = text.split("```floors\n")[1].split("```")[0].splitlines()
    floors = {int(number): names for number, *names in map(str.split, lines)}
    assert [*floors] == [*reversed(range(len(floors)))], "floors are numbered from the top down"
    return tuple(tuple(map(_in_full, floors[number])) for number in sorted(floors))


def _in_full(name: str) -> str:
    """`sortition` stands beside the application, all else inside it."""
    return name if (ROOT / name / "__init__.py").exists() else f"panel_app.{name}"


#: From the ground up. A package may import what is on its own floor or below.
FLOORS = drawn(DRAWING.read_text())
#: Packages of one floor that may not know each other.
STRANGERS = {("panel_app.balloting", "panel_app.sessions")}
SOURCES = sorted([*ROOT.glob("panel_app/**/*.py"), *ROOT.glob("sortition/**/*.py")])


def floor_of(module: str) -> int | None:
    """Return the floor of a module of ours; None for a library's."""
    standing = [
        (len(package), number)
        for number, packages in enumerate(FLOORS)
        for package in packages
        if module == package or module.startswith(package + ".")
    ]
    return max(standing)[1] if standing else None


def package_of(module: str) -> str:
    return ".".join(module.split(".")[:2])


def imported(file: Path) -> Iterator[str]:
    """Return the modules that a file imports, for types too."""
    for node in ast.walk(ast.parse(file.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def module_of(file: Path) -> str:
    return ".".join(file.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


def test_every_module_stands_on_a_floor() -> None:
    homeless = [m for m in map(module_of, SOURCES) if m != "panel_app" and floor_of(m) is None]
    assert not homeless


def test_what_is_drawn_is_there() -> None:
    here = {module_of(file) for file in SOURCES}
    assert not [name for names in FLOORS for name in names if name not in here]


def test_imports_point_down() -> None:
    upwards = set()
    for file in SOURCES:
        here = floor_of(module_of(file))
        for other in imported(file):
            there = floor_of(other)
            if here is not None and there is not None and there > here:
                upwards.add(f"{module_of(file)} imports {other}")
    assert not upwards, "\n".join(sorted(upwards))


def test_strangers_do_not_know_each_other() -> None:
    known = {
        (package_of(module_of(file)), package_of(other))
        for file in SOURCES
        for other in imported(file)
    }
    assert not known & STRANGERS


def test_the_counting_engine_has_one_door() -> None:
    """Its other modules are its own, but for `own_share`, which a function of that name hides."""
    engine = {module_of(file) for file in ROOT.glob("panel_app/counting/*.py")}
    rooms = engine - {"panel_app.counting", "panel_app.counting.own_share"}
    through_the_wall = {
        f"{module_of(file)} imports {name}"
        for file in SOURCES
        if module_of(file) not in engine
        for name in imported(file)
        if name in rooms or name.startswith("panel_app.counting.own_share.")
    }
    assert not through_the_wall


@pytest.mark.parametrize("file", [ROOT / "panel_app" / "__init__.py"])
def test_package_itself_is_empty(file: Path) -> None:
    assert file.read_text() == ""


def loaded_by(statement: str) -> set[str]:
    """Return the top-level modules that a fresh process has loaded after `statement`."""
    code = f"{statement}\nimport sys\nprint(*{{m.partition('.')[0] for m in sys.modules}})"
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    )
    return set(done.stdout.split())


def test_application_starts_without_the_heavy_libraries() -> None:
    heavy = {"numpy", "scipy", "sklearn", "highspy"}
    assert not loaded_by("import panel_app.app") & heavy


def test_a_worker_has_loaded_what_counts_before_a_ballot_closes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PANEL_DATA_DIR", str(tmp_path))
    started = "from panel_app import server; server.make(); import threading"
    joined = "[t.join() for t in threading.enumerate() if t.name == 'load counting']"
    assert "numpy" in loaded_by(f"{started}; {joined}")


def test_sortition_needs_neither_web_nor_database() -> None:
    web = {"flask", "sqlalchemy", "panel_app", "jinja2", "werkzeug"}
    assert not loaded_by("import sortition") & web
    for file in ROOT.glob("sortition/**/*.py"):
        tops = {name.partition(".")[0] for name in imported(file)}
        assert not tops & web, file.name


def test_command_line_starts_light() -> None:
    assert not loaded_by("import panel_app.cli") & {"flask", "sqlalchemy", "numpy"}
