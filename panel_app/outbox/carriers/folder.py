"""A folder with one `.eml` file a message: for trying out, or for another program to fetch."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from panel_app.outbox.carriers.carrier import Letter, NotNow, Send, Unreachable
from panel_app.outbox.carriers.mail import composed
from panel_app.outbox.models import Channel


@dataclass(frozen=True, slots=True)
class Folder:
    """Writes each e-mail as a file that only its owner reads."""

    place: Path
    sender: str
    name = "file"

    @property
    def carries(self) -> frozenset[Channel]:
        """What it can send."""
        return frozenset({"mail"})

    @contextmanager
    def opened(self) -> Iterator[Send]:
        """Make the folder where it is missing. Raises Unreachable."""
        try:
            self.place.mkdir(mode=0o700, parents=True, exist_ok=True)
        except OSError as fault:
            raise Unreachable from fault
        yield self._write

    def _write(self, letter: Letter) -> None:
        """Write the whole file under its name at once, or nothing."""
        content = composed(letter, self.sender).as_bytes()
        half = self.place / f".{letter.number}"
        try:
            with os.fdopen(
                os.open(half, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb"
            ) as out:
                out.write(content)
                out.flush()
                os.fsync(out.fileno())
        except OSError as fault:
            raise NotNow from fault
        half.replace(self.place / f"{letter.number}.eml")
