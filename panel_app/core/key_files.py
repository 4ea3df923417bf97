"""Keys that die: files outside the database and its copies, until what they open is closed."""

from __future__ import annotations

import hashlib
import os
import secrets
from pathlib import Path

from flask import current_app

from panel_app.config import Settings

KEY_BYTES = 32


def make(name: str) -> str:
    """Make a key, durable on the disk before this returns; return its digest.

    A key left by an opening that failed is replaced: nothing was kept under it.
    """
    key = secrets.token_bytes(KEY_BYTES)
    folder = _folder()
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    fresh = folder / f"{name}.new"
    fresh.unlink(missing_ok=True)
    _write(fresh, key, os.O_CREAT | os.O_EXCL)
    fresh.replace(_place(name))
    _settle(folder)
    return digest(key)


def read(name: str, wanted: str | None) -> bytes | None:
    """Return the key with this digest; None where it is missing or another."""
    try:
        key = _place(name).read_bytes()
    except OSError:
        return None
    return key if digest(key) == wanted else None


def destroy(name: str) -> None:
    """Overwrite and remove the key; nothing happens where it is gone already.

    A disk that writes elsewhere (flash, snapshots) may keep the old bytes: the folder belongs on
    an encrypted disk that is not backed up.
    """
    place = _place(name)
    if not place.exists():
        return
    _write(place, secrets.token_bytes(KEY_BYTES), 0)
    place.unlink(missing_ok=True)
    _settle(place.parent)


def digest(key: bytes) -> str:
    """Return what the database may know of a key: SHA-256 of 256 random bits tells nothing."""
    return hashlib.sha256(key).hexdigest()


def _folder() -> Path:
    settings: Settings = current_app.extensions["settings"]
    return settings.ballot_keys


def _place(name: str) -> Path:
    return _folder() / f"{name}.key"


def _write(place: Path, content: bytes, flags: int) -> None:
    handle = os.open(place, os.O_WRONLY | flags, 0o600)
    try:
        os.write(handle, content)
        os.fsync(handle)
    finally:
        os.close(handle)


def _settle(folder: Path) -> None:
    """Make the folder's own entries durable."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
