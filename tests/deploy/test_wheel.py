"""The wheel is whole: what is installed needs nothing of the repository, and writes nothing."""

from __future__ import annotations

import os
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path
from typing import Any

import pytest

from tests.test_imports import SOURCES, imported

ROOT = Path(__file__).resolve().parents[2]
BUILD = "import sys; sys.path.insert(0, 'building'); import whole_wheel as w; w.build_wheel({!r})"
#: Modules whose distribution has another name.
DISTRIBUTIONS = {
    "PIL": "pillow",
    "argon2": "argon2-cffi",
    "psycopg": "psycopg[binary]",
    "sklearn": "scikit-learn",
    "sqlalchemy": "sqlalchemy>=2",
}


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> zipfile.ZipFile:
    """Return the wheel as a deployment builds it."""
    folder = tmp_path_factory.mktemp("wheel")
    subprocess.run([sys.executable, "-c", BUILD.format(str(folder))], cwd=ROOT, check=True)
    (built,) = folder.glob("*.whl")
    return zipfile.ZipFile(built)


@pytest.fixture(scope="module")
def installed(wheel: zipfile.ZipFile, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder that holds what the wheel installs."""
    folder = tmp_path_factory.mktemp("site")
    wheel.extractall(folder)
    return folder


def files_below(folder: Path) -> set[Path]:
    return {file for file in folder.rglob("*") if file.is_file()}


def run(installed: Path, data: Path, folder: Path, *arguments: str) -> str:
    """Call the installed command in `folder`."""
    environ = {name: v for name, v in os.environ.items() if not name.startswith("PANEL_")}
    environ |= {
        "PYTHONPATH": str(installed),
        "PYTHONDONTWRITEBYTECODE": "1",
        "HOME": str(folder),
        "PANEL_DATA_DIR": str(data),
        "DATABASE_URL": "",
    }
    code = "from panel_app.cli import main; main()"
    done = subprocess.run(
        [sys.executable, "-c", code, *arguments],
        cwd=folder, env=environ, capture_output=True, text=True,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_it_holds_two_packages_and_nothing_of_a_common_name(wheel: zipfile.ZipFile) -> None:
    tops = {name.partition("/")[0] for name in wheel.namelist()}
    assert {top for top in tops if not top.endswith(".dist-info")} == {"panel_app", "sortition"}
    assert wheel.testzip() is None


def test_it_holds_every_file_of_the_repository_that_runs(wheel: zipfile.ZipFile) -> None:
    listed = subprocess.run(
        ["git", "ls-files", "panel_app", "sortition"], cwd=ROOT, capture_output=True, text=True
    ).stdout.split()
    if not listed:
        pytest.skip("this is no checkout")
    held = set(wheel.namelist())
    assert [file for file in listed if (ROOT / file).is_file() and file not in held] == []
    for moved in ("migrations/env.py", "migrations/alembic.ini", "config.py"):
        assert wheel.read(f"panel_app/{moved}") == (ROOT / moved).read_bytes()
    for language in ("ar", "bn"):
        assert len(wheel.read(f"panel_app/translations/{language}/LC_MESSAGES/messages.mo")) > 9_999


def test_command_runs_in_any_folder_and_writes_to_the_data_folder_alone(
    installed: Path, tmp_path: Path
) -> None:
    elsewhere, data = tmp_path / "elsewhere", tmp_path / "data"
    elsewhere.mkdir()
    before = files_below(installed)
    assert "up to date" in run(installed, data, elsewhere, "db", "upgrade")
    assert "Ready." in run(installed, data, elsewhere, "check")
    version = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"]
    assert f"Version: {version}" in next(installed.glob("*.dist-info/METADATA")).read_text()
    assert files_below(installed) == before
    assert files_below(elsewhere) == set()
    assert (data / "panel.db").exists()


@pytest.fixture
def project() -> dict[str, Any]:
    return tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]


def test_every_import_is_declared(project: dict[str, list[str]]) -> None:
    own = {"panel_app", "sortition", *sys.stdlib_module_names}
    used = {name.partition(".")[0] for file in SOURCES for name in imported(file)} - own
    declared = set(project["dependencies"])
    needed = {DISTRIBUTIONS.get(module, module.replace("_", "-")) for module in used}
    assert needed - declared == set()
