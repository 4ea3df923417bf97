"""Files that people send: sealed, in the data folder, each named by the digest of what lies there.

Their keys lie in the rows that name them, so that a file without its row is noise. A file that is
damaged or was exchanged no longer has its name, and is refused.
"""

from __future__ import annotations

import hashlib
import os
import re
import tarfile
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from secrets import token_hex

from flask import current_app

from panel_app.config import Settings
from panel_app.core import clock
from panel_app.core.errors import NotFound
from panel_app.core.feature import offered
from panel_app.core.text import _

#: How long a file that no row names is left: longer than any request is at work, and long enough
#: to notice that the wrong copy of the database was put back.
LEFT_FOR = timedelta(days=7)
_NAME = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class Named:
    """What a feature offers that keeps files: which of these names its rows name."""

    by_rows: Callable[[Collection[str]], Collection[str]]


def keep(sealed: bytes) -> str:
    """Keep a file, durable on the disk before this returns; return its name.

    The row that names it may still be undone: what nobody names is swept.
    """
    name = hashlib.sha256(sealed).hexdigest()
    _write(name, sealed)
    return name


def read(name: str) -> bytes:
    """Return a file. Raises NotFound where it is missing or damaged."""
    try:
        sealed = _place(name).read_bytes()
    except FileNotFoundError:
        sealed = b""
    if hashlib.sha256(sealed).hexdigest() != name:
        raise NotFound(_("This file is missing or damaged. Please tell the organiser."))
    return sealed


def is_here(name: str) -> bool:
    """Whether there is a file of that name."""
    return _place(name).exists()


def sweep() -> int:
    """Remove the files that no row names; return how many. One that came lately is left."""
    late = (clock.now() - LEFT_FOR).timestamp()
    aged = {file.name: file for file in _all() if file.stat().st_mtime < late}
    named = {name for each in offered(Named) for name in each.by_rows(aged.keys())}
    orphans = [file for name, file in aged.items() if name not in named]
    for file in orphans:
        file.unlink(missing_ok=True)
    return len(orphans)


def pack(target: Path) -> bool:
    """Copy every file into an archive; make none where there is no file."""
    files = list(_all())
    if files:
        target.touch(mode=0o600)
        with tarfile.open(target, "w") as archive:
            for file in files:
                _add(archive, file)
    return bool(files)


def unpack(source: Path) -> None:
    """Put back what an archive holds; files that are here stay.

    What is not named by its own digest is left out: it was damaged, or is none of ours.
    """
    with tarfile.open(source) as archive:
        for member in archive:
            content = archive.extractfile(member) if member.isfile() else None
            if content is None or not _NAME.fullmatch(member.name):
                continue
            sealed = content.read()
            if hashlib.sha256(sealed).hexdigest() == member.name:
                _write(member.name, sealed)


def _add(archive: tarfile.TarFile, file: Path) -> None:
    try:
        archive.add(file, arcname=file.name, recursive=False)
    except FileNotFoundError:
        return  # swept meanwhile, for no row names it


def _folder() -> Path:
    settings: Settings = current_app.extensions["settings"]
    return settings.data_dir / "files"


def _place(name: str) -> Path:
    """Return where a file lies: a folder for each of 256 beginnings, for folders stay quick."""
    return _folder() / name[:2] / name


def _all() -> Iterator[Path]:
    return (file for file in _folder().glob("??/*") if _NAME.fullmatch(file.name))


def _write(name: str, sealed: bytes) -> None:
    place = _place(name)
    if place.exists():
        return
    place.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    fresh = place.with_name(f".{token_hex(8)}")
    try:
        handle = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "wb") as content:
            content.write(sealed)
            content.flush()
            os.fsync(handle)
        fresh.replace(place)
    finally:
        fresh.unlink(missing_ok=True)
