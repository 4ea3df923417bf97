"""The public record of invitations: a bundle a wave that anyone can verify, and open data."""

from __future__ import annotations

from typing import Any

from flask import Response

from panel_app.core.db import found
from panel_app.core.disclosure import Told
from panel_app.core.text import _
from panel_app.panels.models import Panel
from panel_app.recruitment import queries as recruitment
from panel_app.recruitment.exports import VERIFIER
from panel_app.recruitment.invitations import queries
from panel_app.recruitment.invitations.models import Wave
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

FIELDS = (
    Field("wave", "number", "The number of the round of letters, from 1"),
    Field("area", "text", "The area, as the list of addresses names it"),
    Field("homes", "number", "How many homes of the area could be drawn"),
    Field("letters", "number", "How many of them were written to; empty where so few are not told"),
    Field("registered", "number", "How many of these registered; empty where that is not told"),
    Field("fingerprint", "code", "SHA-256 that fixed list and plan before the dice, hexadecimal"),
    Field("fixed_at", "time", "When the fingerprint was made public (UTC)"),
    Field("dice", "code", "The digits that were rolled; empty before"),
    Field("drawn_at", "time", "When the homes were drawn (UTC); empty before"),
)
#: For whoever unpacks the archive: a file beside the bundle, in plain words.
GUIDE = """How to check this draw of homes

You need Python 3.10 or newer (https://www.python.org) and nothing else, not even a connection.
Open a terminal in the folder where this file is, and type:

    {command}

On Windows type py instead of python3. The long number at the end is the fingerprint; compare it
with the one that was made public before the dice were rolled. Every line must start with "ok".

What is in the folder:

  addresses.csv     every home that could be drawn, under an invented name, with its area
  plan.csv          how many letters each area gets, and how many answers were expected
  settings.json     how the draw was made
  commitment.json   the fingerprint of all these, fixed before the dice
  draw.json         the dice (after the draw)
  invited.csv       the homes that they name, under their invented names (after the draw)

A home keeps its invented name from round to round: so anyone can see that none is drawn twice.
"""


def wave_files(wave: Wave) -> dict[str, str]:
    """Return the public bundle, name to text; empty before a wave is published."""
    return dict(wave.bundle or {}) if wave.state in {"ready", "drawing", "drawn"} else {}


def wave_download(wave: Wave) -> Response:
    """Answer with the bundle as a zip. Raises NotFound before the wave is published."""
    files = found(wave_files(wave) or None)
    guide = GUIDE.format(command=check_command(wave)).replace("\n", "\r\n")
    archive = packed(
        {
            **{f"{folder(wave)}/{name}": text.encode() for name, text in sorted(files.items())},
            "verify.py": VERIFIER.read_bytes(),
            "README.txt": guide.encode(),
        }
    )
    return attachment(f"{wave.panel.slug}-{folder(wave)}.zip", archive, "application/zip")


def folder(wave: Wave) -> str:
    """Return the folder of a wave's bundle inside archives."""
    return f"letters-{wave.number}"


def check_command(wave: Wave) -> str:
    """Return what to type where the zip was unpacked, to check the draw."""
    return f"python3 verify.py {folder(wave)} --commitment {wave.commitment}"


def evidence_files(panel: Panel) -> dict[str, bytes]:
    """Return every wave's bundle by path."""
    return {
        f"{folder(wave)}/{name}": text.encode()
        for wave in queries.waves_of(panel)
        for name, text in wave_files(wave).items()
    }


def rows(panel: Panel) -> Rows:
    """Return a row for each area of each published wave."""
    return [
        {
            "wave": public.wave.number,
            "area": area.area,
            "homes": area.homes,
            "letters": _exact(area.letters),
            "registered": _exact(area.used),
            "fingerprint": public.wave.commitment,
            "fixed_at": public.wave.committed_at.isoformat() if public.wave.committed_at else None,
            "dice": public.wave.dice,
            "drawn_at": public.wave.drawn_at.isoformat() if public.wave.drawn_at else None,
        }
        for public in queries.public_waves(panel)
        for area in public.areas
    ]


def whole(panel: Panel) -> dict[str, Any]:
    """Return the rows and the log's head."""
    return {"invitations": rows(panel), "log_head": log_head()}


def people_counts(panel: Panel) -> dict[str, int]:
    """Return how many were invited, registered, drawn, sit, gave up and came in; 0 before."""
    story, now = recruitment.draw_story(panel), recruitment.standing(panel)
    drawn = story is not None and story.drawn_at is not None
    return {
        "invited": queries.letters_sent(panel),
        "registered": story.pool_size if story else recruitment.pool_size(panel),
        "drawn": story.size if story and drawn else 0,
        "sitting": now.sitting if drawn else 0,
        "gone": now.gone if drawn else 0,
        "replaced": now.came if drawn else 0,
    }


def _exact(told: Told) -> int | None:
    return told.low if told.exact else None


INVITATIONS = Dataset(
    name="invitations",
    title=_("Who was invited, by area"),
    fields=FIELDS,
    more=(
        Field("invitations", "list", "A record for each area of each round"),
        *(Field(f"invitations.{each.name}", each.type, each.meaning) for each in FIELDS),
        *LOG_HEAD,
    ),
    rows=rows,
    whole=whole,
    kinds=frozenset({"drawn"}),
)
PEOPLE_FIELDS = (
    Field("invited", "number", "How many homes were written to"),
    Field("registered", "number", "How many people were in the pool that the panel was drawn from"),
    Field("drawn", "number", "How many were drawn at first; 0 before the draw"),
    Field("sitting", "number", "How many hold a seat now"),
    Field("gone", "number", "How many declined or left"),
    Field("replaced", "number", "How many came in by a lottery of replacements"),
)
PEOPLE = Dataset(
    name="people",
    title=_("From homes to seats, in figures"),
    fields=PEOPLE_FIELDS,
    rows=lambda panel: [people_counts(panel)],
    whole=people_counts,
    kinds=frozenset({"drawn"}),
)
EVIDENCE = Evidence(evidence_files)
