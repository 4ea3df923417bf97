"""The keys of open ballots."""

from __future__ import annotations

from panel_app.balloting.models import Ballot
from panel_app.core import key_files
from panel_app.core.errors import DomainError
from panel_app.core.text import _


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


def read(ballot: Ballot) -> bytes:
    """Return the open ballot's key. Raises KeyMissing; a new one is never made silently."""
    key = key_files.read(ballot.public_id, ballot.key_digest)
    if key is None:
        raise KeyMissing
    return key
