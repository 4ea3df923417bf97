"""What each kind of database does to be copied and put back."""

from __future__ import annotations

from pathlib import Path
from typing import Protocol


class BackupError(Exception):
    """The copy could not be made or put back; the message says why, and nothing was changed."""


class Database(Protocol):
    """A database that can be copied; `str` says where it is, without a password."""

    def copy(self, target: Path) -> None:
        """Write what is committed now into the empty file `target`, and check it.

        Raises BackupError.
        """

    def hold_sound(self, source: Path) -> None:
        """Raise BackupError where `source` is damaged, something else, or another secret's."""

    def put_back(self, source: Path) -> Path | None:
        """Have `source` in place of what is there; return where that is now, or None.

        Raises BackupError.
        """


def free_name(beside: Path) -> Path:
    """Return the first of `beside`.before-1, -2, … that is free."""
    number = 1
    while (name := beside.with_name(f"{beside.name}.before-{number}")).exists():
        number += 1
    return name
