"""Structured logs: an event and key values, never a name, a contact, an answer or a token."""

from __future__ import annotations

import json
import logging
import re
import sys
import traceback
from pathlib import Path
from typing import Any

from panel_app.core import clock

logger = logging.getLogger("panel_app")

#: Addresses that carry a secret; the log keeps their beginning only.
_SECRET_PATHS = re.compile(
    r"^(/[a-oq-z]/|/registration/|/ideas/own/|/photos/|/documents/|/live/stream|/staff/tf-setup/|/staff/recover/)(.*)$"
)


def event(name: str, **values: str | float | None) -> None:
    """Write one event: `event("draw.made", panel="k3…", size=22)`."""
    logger.info(name, extra={"values": values})


def place(error: BaseException) -> dict[str, str | float | None]:
    """Return what a log may hold of an error: its kind and where, never what it says."""
    steps = traceback.extract_tb(error.__traceback__)
    where = f"{Path(steps[-1].filename).name}:{steps[-1].lineno}" if steps else None
    return {"kind": type(error).__name__, "where": where}


def without_secrets(path: str) -> str:
    """Return `path` as a log may hold it: no token, no query."""
    path = path.partition("?")[0]
    return _SECRET_PATHS.sub(r"\1…", path)


class _Lines(logging.Formatter):
    """One JSON object a line."""

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, Any] = {
            "at": clock.now().isoformat(timespec="seconds"),
            "level": record.levelname.lower(),
            "event": record.getMessage(),
            **getattr(record, "values", {}),
        }
        error = record.exc_info[1] if record.exc_info else None
        if error is not None:
            line |= place(error)
        return json.dumps(line, ensure_ascii=False)


def set_up(*, quiet: bool = False) -> None:
    """Send events, and the warnings of libraries, to standard error as lines of JSON."""
    logger.setLevel(logging.WARNING if quiet else logging.INFO)
    if not logger.handlers:
        handler = logging.StreamHandler(sys.stderr)
        handler.setFormatter(_Lines())
        logger.addHandler(handler)
        logger.propagate = False
        # What a library's error says may hold what a person typed.
        logging.lastResort = handler
