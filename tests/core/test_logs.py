"""What goes to standard error: lines of JSON that hold no one's words."""

from __future__ import annotations

import json
import subprocess
import sys

FAILING = """
import logging
from panel_app.core import logs
logs.set_up()
logs.event("draw.made", size=22)
try:
    raise KeyError("canary 07700 900123")
except KeyError:
    logging.getLogger("some.library").exception("Something failed")
"""


def test_error_of_a_library_is_told_without_its_words() -> None:
    done = subprocess.run(
        [sys.executable, "-c", FAILING], capture_output=True, text=True, check=True
    )
    assert "canary" not in done.stderr
    event, fault = (json.loads(line) for line in done.stderr.splitlines())
    assert (event["event"], event["size"]) == ("draw.made", 22)
    assert (fault["event"], fault["kind"], fault["level"]) == (
        "Something failed",
        "KeyError",
        "error",
    )
    assert fault["where"].startswith("<string>:")
