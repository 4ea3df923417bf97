"""Structured logs: an event and key values, never a name, a contact, an answer or a token."""

from __future__ import annotations

import json
import logging
import re
import sys
from typing import Any

from panel_app.core import clock

logger = logging.getLogger("panel_app")

#: Addresses that carry a secret; the log keeps their beginning only.
_SECRET_PATHS = re.compile(r"^(/j/|/a/|/live/stream|/live/ticket)(.*)$")


def event(name: str, **values: str | float | None) -> None:
    """Write one event: `event("draw.made", panel="k3…", size=22)`."""
    logger.info(name, extra={"values": values})


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
        return json.dumps(line, ensure_ascii=False)


def set_up(*, quiet: bool = False) -> None:
    """Send events to standard error as lines of JSON, once."""
    logger.setLevel(logging.WARNING if quiet else logging.INFO)
    if not logger.handlers:
        handler = logging.StreamHandler(sys.stderr)
        handler.setFormatter(_Lines())
        logger.addHandler(handler)
        logger.propagate = False
