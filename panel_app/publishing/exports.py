"""The data dictionary of all open data, and a panel's evidence: everything public of it, sealed."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from panel_app.core import clock
from panel_app.core.feature import offered
from panel_app.core.text import _
from panel_app.panels.models import Panel
from panel_app.publishing import verify
from panel_app.web.exports import (
    EVERY_PANEL,
    Dataset,
    Evidence,
    Field,
    Rows,
    datasets,
    log_head,
)

#: For whoever unpacks the evidence.
GUIDE = """How to check this evidence

You need Python 3.10 or newer (https://www.python.org) and nothing else, not even a connection.
Open a terminal in the folder where this file is, and type:

    python3 verify.py .

On Windows type py instead of python3. Every line must start with "ok". The last lines name the
newest entry of the audit log when this was made: compare it with the one on the panel's page, on
the minutes that you keep, or in an older copy of this evidence.

What is in the folder:

  data/             each set of open data as CSV and JSON; dictionary.csv says what fields mean
  ballots/          each closed ballot, with its votes where five or more were cast
  draw/             the lottery as it was fixed before the draw, and the draw
  manifest.json     the SHA-256 of each file, and the head of the audit log
  verify.py         the check
  verify_draw.py    checks the lottery
"""


def evidence_of(panel: Panel) -> dict[str, bytes]:
    """Return everything that is public of a panel, by path, with a manifest and the check."""
    files: dict[str, bytes] = {}
    for data in datasets_of(panel):
        files[f"data/{data.name}.csv"] = data.csv_file(panel).encode()
        files[f"data/{data.name}.json"] = data.json_file(panel).encode()
    for evidence in offered(Evidence):
        files |= evidence.files(panel)
    files["verify.py"] = Path(verify.__file__).read_bytes()
    files["README.txt"] = _guide(files).encode()
    return {**files, verify.MANIFEST: _manifest(panel, files)}


def datasets_of(panel: Panel) -> list[Dataset]:
    """Return the open data that a panel of its kind has."""
    return [data for data in datasets() if panel.kind in data.kinds]


def _guide(files: Iterable[str]) -> str:
    """Return the guide, which tells of those parts that there are."""
    parts = ("ballots/", "draw/", "verify_draw.py")
    absent = [part for part in parts if not any(path.startswith(part) for path in files)]
    lines = (line for line in GUIDE.splitlines() if not line.strip().startswith(tuple(absent)))
    return "".join(f"{line}\r\n" for line in lines)


def dictionary_rows(panel: Panel) -> Rows:
    """Return what each field of the open data means; the same for every panel."""
    return [
        {
            "about": data.about,
            "dataset": data.name,
            "field": field.name,
            "file": "CSV" if field in data.fields else "JSON",
            "type": field.type,
            "meaning": field.meaning,
        }
        for about in ("panel", "ballot")
        for data in datasets(about)
        for field in dict.fromkeys((*data.fields, *data.more))
    ]


DICTIONARY = Dataset(
    name="dictionary",
    title=_("What each field means"),
    fields=(
        Field("about", "code", "What the data set is about: a panel, or one of its ballots"),
        Field("dataset", "code", "The data set's name, as in its address"),
        Field("field", "code", "The CSV's column, or the path in the JSON; * is any key"),
        Field("file", "code", "CSV for a column, which JSON may hold as well; else JSON"),
        Field("type", "code", "What it holds; `document` is a format of its own"),
        Field("meaning", "text", "What it means, with its unit, and when it is empty"),
    ),
    rows=dictionary_rows,
    whole=dictionary_rows,
    kinds=EVERY_PANEL,
)


def _manifest(panel: Panel, files: Mapping[str, bytes]) -> bytes:
    told: dict[str, Any] = {
        "format": verify.FORMAT,
        "panel": panel.slug,
        "made_at": clock.now().isoformat(),
        "log_head": log_head(),
        "files": {path: hashlib.sha256(files[path]).hexdigest() for path in sorted(files)},
    }
    return (json.dumps(told, indent=2) + "\n").encode()
