"""The public record of a draw: the bundle that anyone can verify, and the composition."""

from __future__ import annotations

import io
import json
import zipfile
from pathlib import Path
from typing import Any

from flask import Response

import sortition
from panel_app.core import audit
from panel_app.core.db import found
from panel_app.core.text import _
from panel_app.panels.models import Panel
from panel_app.recruitment import queries
from panel_app.web.exports import Dataset, Rows

#: The stand-alone verifier, which travels with the bundle.
VERIFIER = Path(sortition.__file__).with_name("verify.py")
COMPOSITION_COLUMNS = ["feature", "value", "number", "minimum", "maximum"]
DRAW_COLUMNS = [
    "panel",
    "pool",
    "size",
    "possible_panels",
    "smallest_chance",
    "fingerprint",
    "fixed_at",
    "dice",
    "drawn",
    "drawn_at",
]
#: The folder of the bundle inside the archive.
FOLDER = "draw"
#: For whoever unpacks the archive: a file beside the bundle, in plain words.
GUIDE = """How to check this draw

You need Python 3.10 or newer (https://www.python.org) and nothing else, not even a connection.
Open a terminal in the folder where this file is, and type:

    {command}

On Windows type py instead of python3. The long number at the end is the fingerprint; compare it
with the one that was made public before the dice were rolled. Every line must start with "ok".

What is in the folder:

  pool.csv          everybody who could be drawn, under an invented name, with their features
  targets.csv       how few and how many of each kind the panel was to have
  portfolio.csv     the possible panels, numbered; each was equally likely
  certificate.json  the proof of how near the smallest chance is to the best possible
  settings.json     how the lottery was computed
  commitment.json   the fingerprint of all these, fixed before the draw
  draw.json         the dice, and the panel that they name (after the draw)
  selected.csv      the people of that panel, under their invented names (after the draw)
"""
#: Files in an archive need a date; this one keeps archives of one draw the same to the byte.
_DATE = (1980, 1, 1, 0, 0, 0)


def bundle_files(panel: Panel) -> dict[str, str]:
    """Return the public bundle, name to text; empty before a lottery is committed."""
    lottery = queries.lottery_of(panel)
    return dict(lottery.bundle or {}) if lottery and lottery.committed_at else {}


def bundle_download(panel: Panel) -> Response:
    """Answer with the bundle as a zip. Raises NotFound before a lottery is committed."""
    response = Response(bundle_archive(found(bundle_files(panel) or None)))
    response.mimetype = "application/zip"
    response.headers["Content-Disposition"] = f'attachment; filename="{panel.slug}-draw.zip"'
    return response


def bundle_archive(files: dict[str, str]) -> bytes:
    """Return a zip of the bundle in a folder of its own, with the verifier and how to use it."""
    commitment = json.loads(files["commitment.json"])["commitment"]
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in sorted(files.items()):
            archive.writestr(_entry(f"{FOLDER}/{name}"), text.encode())
        archive.writestr(_entry("verify.py"), VERIFIER.read_bytes())
        guide = GUIDE.format(command=check_command(commitment)).replace("\n", "\r\n")
        archive.writestr(_entry("README.txt"), guide.encode())
    return packed.getvalue()


def check_command(commitment: str) -> str:
    """Return what to type where the zip was unpacked, to check the draw."""
    return f"python3 verify.py {FOLDER} --commitment {commitment}"


def composition_rows(panel: Panel) -> Rows:
    """Return the composition as rows of COMPOSITION_COLUMNS, in the words of the file."""
    return [
        {
            "feature": feature.name,
            "value": value.name,
            "number": value.number,
            "minimum": value.minimum,
            "maximum": value.maximum,
        }
        for feature in queries.composition(panel)
        for value in feature.values
    ]


def draw_rows(panel: Panel) -> Rows:
    """Return how the panel was chosen, as one row of figures, or none before the draw."""
    story = queries.draw_story(panel)
    if story is None:
        return []
    return [
        {
            "panel": panel.slug,
            "pool": story.pool_size,
            "size": story.size,
            "possible_panels": story.panels,
            "smallest_chance": story.smallest_chance,
            "fingerprint": story.commitment,
            "fixed_at": story.committed_at.isoformat(),
            "dice": story.dice,
            "drawn": story.number,
            "drawn_at": story.drawn_at.isoformat() if story.drawn_at else None,
        }
    ]


def chosen(panel: Panel) -> dict[str, Any]:
    """Return how people were chosen: the draw and the composition against the targets."""
    head = audit.head()
    return {
        "draw": next(iter(draw_rows(panel)), None),
        "composition": composition_rows(panel),
        "log_head": {"number": head.number, "hash": head.hash},
    }


DRAW = Dataset(
    name="draw",
    title=_("How people were chosen"),
    columns=DRAW_COLUMNS,
    rows=draw_rows,
    whole=chosen,
)
COMPOSITION = Dataset(
    name="composition",
    title=_("Who they are"),
    columns=COMPOSITION_COLUMNS,
    rows=composition_rows,
    whole=composition_rows,
)


def _entry(name: str) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name, _DATE)
    entry.compress_type = zipfile.ZIP_DEFLATED
    return entry
