"""The public record of a draw: the bundle that anyone can verify, and the composition."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import sortition
from panel_app.panels.models import Panel
from panel_app.recruitment import queries

#: The stand-alone verifier, which travels with the bundle.
VERIFIER = Path(sortition.__file__).with_name("verify.py")
#: The folder of the bundle inside the archive.
FOLDER = "draw"
#: Files in an archive need a date; this one keeps archives of one draw the same to the byte.
_DATE = (1980, 1, 1, 0, 0, 0)


def bundle_files(panel: Panel) -> dict[str, str]:
    """Return the public bundle, name to text; empty before a lottery is committed."""
    lottery = queries.lottery_of(panel)
    return dict(lottery.bundle or {}) if lottery and lottery.committed_at else {}


def bundle_archive(files: dict[str, str]) -> bytes:
    """Return a zip of the bundle in a folder of its own, with the verifier beside it."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in sorted(files.items()):
            archive.writestr(_entry(f"{FOLDER}/{name}"), text.encode())
        archive.writestr(_entry("verify.py"), VERIFIER.read_bytes())
    return packed.getvalue()


def composition_rows(panel: Panel) -> list[dict[str, str | int]]:
    """Return the composition as rows: feature, value, number, minimum, maximum."""
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


def _entry(name: str) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name, _DATE)
    entry.compress_type = zipfile.ZIP_DEFLATED
    return entry
