"""The public record of a draw: the bundle that anyone can verify, and the composition."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

from flask import Response

import sortition
from panel_app.core.db import found
from panel_app.core.text import _
from panel_app.panels.models import Panel
from panel_app.recruitment import queries
from panel_app.recruitment.models import Lottery
from panel_app.web.exports import (
    LOG_HEAD,
    Dataset,
    Evidence,
    Field,
    Rows,
    attachment,
    log_head,
    packed,
)

#: The stand-alone verifier, which travels with the bundle.
VERIFIER = Path(sortition.__file__).with_name("verify.py")
COMPOSITION_FIELDS = (
    Field("feature", "text", "What the panel was balanced by, in the words of the targets' file"),
    Field("value", "text", "One of the feature's values, in the words of that file"),
    Field("number", "number", "How many of the people drawn have the value"),
    Field("minimum", "number", "How many of them the panel had to have at least"),
    Field("maximum", "number", "How many of them the panel could have at most"),
)
DRAW_FIELDS = (
    Field("panel", "code", "The panel's name in addresses"),
    Field("pool", "number", "How many people could be drawn"),
    Field("size", "number", "How many people a panel has"),
    Field("possible_panels", "number", "How many equally likely panels the lottery had"),
    Field("smallest_chance", "number", "The smallest chance of anybody whom a panel can hold, 0-1"),
    Field("fingerprint", "code", "SHA-256 that fixed the lottery before the draw, hexadecimal"),
    Field("fixed_at", "time", "When the fingerprint was made public (UTC)"),
    Field("dice", "code", "The digits that were rolled; empty before the draw"),
    Field("drawn", "number", "The number of the panel that they name, from 0; empty before"),
    Field("drawn_at", "time", "When it was drawn (UTC); empty before"),
)
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
  selected.csv      the people of that panel, under their invented names (after the draw);
                    reserves stand in the order in which they are called
"""


def bundle_files(lottery: Lottery | None) -> dict[str, str]:
    """Return the public bundle, name to text; empty before a lottery is committed."""
    committed = lottery is not None and lottery.state in {"ready", "drawn"}
    return dict(lottery.bundle or {}) if lottery and committed else {}


def bundle_download(lottery: Lottery | None) -> Response:
    """Answer with the bundle as a zip. Raises NotFound before a lottery is committed."""
    committed = found(lottery)
    archive = bundle_archive(found(bundle_files(committed) or None))
    number = "" if committed.kind == "panel" else f"-{committed.public_id}"
    return attachment(f"{committed.panel.slug}-draw{number}.zip", archive, "application/zip")


def bundle_archive(files: dict[str, str]) -> bytes:
    """Return a zip of the bundle in a folder of its own, with the verifier and how to use it."""
    commitment = json.loads(files["commitment.json"])["commitment"]
    guide = GUIDE.format(command=check_command(commitment)).replace("\n", "\r\n")
    return packed(
        {
            **{f"{FOLDER}/{name}": text.encode() for name, text in sorted(files.items())},
            "verify.py": VERIFIER.read_bytes(),
            "README.txt": guide.encode(),
        }
    )


def evidence_files(panel: Panel) -> dict[str, bytes]:
    """Return every bundle's files, and the verifier that reads them, by path."""
    folders = {FOLDER: queries.lottery_of(panel)} | {
        f"{FOLDER}-{lottery.public_id}": lottery for lottery in queries.after_the_draw(panel)
    }
    files = {
        f"{folder}/{name}": text.encode()
        for folder, lottery in folders.items()
        for name, text in bundle_files(lottery).items()
    }
    return files | {"verify_draw.py": VERIFIER.read_bytes()} if files else {}


def check_command(commitment: str) -> str:
    """Return what to type where the zip was unpacked, to check the draw."""
    return f"python3 verify.py {FOLDER} --commitment {commitment}"


def composition_rows(panel: Panel) -> Rows:
    """Return the composition as rows of COMPOSITION_FIELDS, in the words of the file."""
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
    return {
        "draw": next(iter(draw_rows(panel)), None),
        "composition": composition_rows(panel),
        "log_head": log_head(),
    }


DRAW = Dataset(
    name="draw",
    title=_("How people were chosen"),
    fields=DRAW_FIELDS,
    more=(
        Field("draw", "record", "The row of the CSV file; null before a lottery is fixed"),
        *[replace(each, name=f"composition.{each.name}") for each in COMPOSITION_FIELDS],
        Field("composition", "list", "The rows of the data set `composition`"),
        *LOG_HEAD,
    ),
    rows=draw_rows,
    whole=chosen,
    kinds=frozenset({"drawn"}),
)
COMPOSITION = Dataset(
    name="composition",
    title=_("Who was drawn"),
    fields=COMPOSITION_FIELDS,
    rows=composition_rows,
    whole=composition_rows,
    kinds=frozenset({"drawn"}),
)
EVIDENCE = Evidence(evidence_files)
