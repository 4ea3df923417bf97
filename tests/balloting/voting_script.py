"""Run in a process of its own: close a ballot and die at a given point of it."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from sqlalchemy import event
from sqlalchemy.orm import Session

from panel_app.app import create_app
from panel_app.balloting import cleaning
from panel_app.balloting.services import close_ballot
from panel_app.core import key_files
from panel_app.core.db import db
from tests.conftest import settings_for
from tests.factories.balloting import Vote, the_ballot

#: Where the closing may be cut off, in order.
POINTS = (
    "before-commit",
    "after-commit",
    "before-key",
    "after-key",
    "before-rewrite",
    "after-rewrite",
    "before-mark",
)


def die(*_arguments: Any, **_named: Any) -> None:
    """End as a power cut would: nothing of ours runs any more."""
    os.kill(os.getpid(), signal.SIGKILL)


def before(owner: Any, name: str) -> None:
    """Die where `owner.name` would be called."""
    setattr(owner, name, die)


def after(owner: Any, name: str) -> None:
    """Die once `owner.name` has done its work."""
    done: Callable[..., Any] = getattr(owner, name)

    def then_die(*arguments: Any) -> None:
        done(*arguments)
        die()

    setattr(owner, name, then_die)


def arrange(point: str) -> None:
    """Set the place of death."""
    arrangements: dict[str, Callable[[], None]] = {
        "before-commit": lambda: event.listen(Session, "before_commit", die),
        "after-commit": lambda: before(cleaning, "finish"),
        "before-key": lambda: before(key_files, "destroy"),
        "after-key": lambda: after(key_files, "destroy"),
        "before-rewrite": lambda: before(cleaning, "_rewrite"),
        "after-rewrite": lambda: after(cleaning, "_rewrite"),
        "before-mark": lambda: before(cleaning, "update"),
    }
    arrangements[point]()


def main(url: str, folder: str, public_id: str, point: str) -> None:
    """Close the ballot and die at `point`."""
    app = create_app(settings_for(url, Path(folder)))
    with app.app_context():
        ballot = the_ballot(Vote("", public_id, 0, [], []))
        arrange(point)
        close_ballot(ballot=ballot, actor="system")
        db.session.commit()


if __name__ == "__main__":
    main(*sys.argv[1:])
