"""What `panel-app check` looks for in the ballot box."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import select

from panel_app.balloting import keys
from panel_app.balloting.models import Ballot
from panel_app.core.check import Finding
from panel_app.core.db import db


def look() -> Iterator[Finding]:
    """Find open ballots without their key, closed ones that were not cleaned, altered piles."""
    for ballot in db.session.scalars(select(Ballot).where(Ballot.state != "draft")):
        name = f"Ballot {ballot.public_id}"
        if ballot.state == "open" and not _has_key(ballot):
            yield Finding(
                f"{name} is open and its key is missing or another: no vote can be cast. Put the"
                " key back into the folder of keys, from the machine that it opened on"
            )
        if ballot.state == "closed" and not ballot.cleaned:
            yield Finding(
                f"{name} is closed and not yet cleaned: a reader or a full disk is in the way; the"
                " job process tries again every minute",
                False,
            )
        if ballot.altered:
            yield Finding(f"{name}: {ballot.altered} papers no longer fitted their seals")


def _has_key(ballot: Ballot) -> bool:
    try:
        keys.read(ballot)
    except keys.KeyMissing:
        return False
    return True
