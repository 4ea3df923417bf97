"""Builds the wheel: packages, templates, static files, migrations and compiled catalogues.

A build backend of our own (PEP 517, PEP 660), since it needs nothing that a deployment does not
have anyway: no build tool is fetched, pinned or left behind in the environment that serves.
`migrations/`, `translations/` and `config.py` lie at the top of the repository; links lead to them
from the package, and the wheel holds what the links lead to.
"""

from __future__ import annotations

import base64
import hashlib
import os
import sys
import tarfile
import tomllib
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
PACKAGES = ("panel_app", "sortition")
#: What a source archive holds besides the packages: the build itself.
SOURCES = (*PACKAGES, "building", "migrations", "translations", "config.py", "pyproject.toml")
SKIPPED = {"__pycache__"}
TAG = "py3-none-any"
#: Every file carries the same moment (the oldest that zip knows): equal sources, equal wheels.
MOMENT = (1980, 1, 1, 0, 0, 0)


def build_wheel(wheel_directory: str, *_: Any) -> str:
    """Compile the catalogues and write the wheel; return its file name."""
    _compile_catalogues()
    files = {name: path.read_bytes() for name, path in _packaged()}
    return _write(Path(wheel_directory), files)


def build_editable(wheel_directory: str, *_: Any) -> str:
    """Write a wheel that leads to this folder; return its file name."""
    return _write(Path(wheel_directory), {"panel_app.pth": f"{ROOT}\n".encode()})


def build_sdist(sdist_directory: str, *_: Any) -> str:
    """Write an archive of everything that the wheel is built from; return its file name."""
    name = f"{_stem()}.tar.gz"
    with tarfile.open(Path(sdist_directory, name), "w:gz") as archive:
        for source in SOURCES:
            archive.add(ROOT / source, f"{_stem()}/{source}", filter=_kept)
    return name


def _kept(member: tarfile.TarInfo) -> tarfile.TarInfo | None:
    return None if Path(member.name).name in SKIPPED else member


def _compile_catalogues() -> None:
    sys.path.insert(0, str(ROOT))
    from panel_app.core import catalogues

    catalogues.compile_all()


def _packaged() -> Iterator[tuple[str, Path]]:
    """Yield every file of the packages by its name in the wheel, links followed."""
    for package in PACKAGES:
        for folder, folders, names in os.walk(ROOT / package, followlinks=True):
            folders[:] = sorted(set(folders) - SKIPPED)
            for name in sorted(names):
                file = Path(folder, name)
                yield file.relative_to(ROOT).as_posix(), file


def _project() -> dict[str, Any]:
    project: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    return project


def _stem() -> str:
    project = _project()
    return f"{project['name'].replace('-', '_')}-{project['version']}"


def _metadata(project: dict[str, Any]) -> str:
    lines = [
        "Metadata-Version: 2.1",
        f"Name: {project['name']}",
        f"Version: {project['version']}",
        f"Summary: {project['description']}",
        f"Requires-Python: {project['requires-python']}",
        *(f"Requires-Dist: {needed}" for needed in project["dependencies"]),
    ]
    for extra, needs in project.get("optional-dependencies", {}).items():
        lines.append(f"Provides-Extra: {extra}")
        lines += [f'Requires-Dist: {needed}; extra == "{extra}"' for needed in needs]
    return "\n".join(lines) + "\n"


def _write(folder: Path, files: dict[str, bytes]) -> str:
    """Write a wheel of `files` with its description and the list of hashes (PEP 427)."""
    project = _project()
    about = f"{_stem()}.dist-info"
    scripts = "".join(f"{name} = {where}\n" for name, where in project["scripts"].items())
    wheel = f"Wheel-Version: 1.0\nGenerator: whole_wheel\nRoot-Is-Purelib: true\nTag: {TAG}\n"
    files[f"{about}/METADATA"] = _metadata(project).encode()
    files[f"{about}/WHEEL"] = wheel.encode()
    files[f"{about}/entry_points.txt"] = f"[console_scripts]\n{scripts}".encode()
    record = [f"{name},{_hash(content)},{len(content)}" for name, content in files.items()]
    files[f"{about}/RECORD"] = "\n".join([*record, f"{about}/RECORD,,", ""]).encode()
    name = f"{_stem()}-{TAG}.whl"
    with zipfile.ZipFile(folder / name, "w", zipfile.ZIP_DEFLATED) as archive:
        for inside, content in files.items():
            entry = zipfile.ZipInfo(inside, MOMENT)
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, content, zipfile.ZIP_DEFLATED)
    return name


def _hash(content: bytes) -> str:
    digest = base64.urlsafe_b64encode(hashlib.sha256(content).digest())
    return f"sha256={digest.rstrip(b'=').decode()}"
