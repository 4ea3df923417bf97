"""Ballots' keys: files outside the database, from a ballot's opening to its closing."""

from __future__ import annotations

import hashlib
import os
import secrets
from pathlib import Path

from flask import current_app

from panel_app.balloting.models import Ballot
from panel_app.config import Settings
from panel_app.core.errors import DomainError
from panel_app.core.text import _

KEY_BYTES = 32


class KeyMissing(DomainError):
    """The ballot's key can't be read, or is not the one that the ballot opened with."""

    status = 503

    def __init__(self) -> None:
        super().__init__(
            _(
                "Votes can’t be taken just now: this ballot’s key is missing. Votes already cast"
                " are safe. Please tell the organiser."
            )
        )


def make(public_id: str) -> str:
    """Make the ballot's key, durable on the disk before this returns; return its digest.

    A key left by an opening that failed is replaced: no paper was cast under it.
    """
    key = secrets.token_bytes(KEY_BYTES)
    folder = _folder()
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    fresh = folder / f"{public_id}.new"
    fresh.unlink(missing_ok=True)
    _write(fresh, key, os.O_CREAT | os.O_EXCL)
    fresh.replace(_place(public_id))
    _settle(folder)
    return digest(key)


def read(ballot: Ballot) -> bytes:
    """Return the open ballot's key. Raises KeyMissing; a new one is never made silently."""
    try:
        key = _place(ballot.public_id).read_bytes()
    except OSError as error:
        raise KeyMissing from error
    if digest(key) != ballot.key_digest:
        raise KeyMissing
    return key


def destroy(public_id: str) -> None:
    """Overwrite and remove the key; nothing happens where it is gone already.

    A disk that writes elsewhere (flash, snapshots) may keep the old bytes: the folder belongs on
    an encrypted disk that is not backed up.
    """
    place = _place(public_id)
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


def _place(public_id: str) -> Path:
    return _folder() / f"{public_id}.key"


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
