"""Open data as JSON and CSV, safe to open in a spreadsheet."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import Response

#: A cell that starts like this, after quotes and spaces, would be run as a formula.
_FORMULA = re.compile(r"[\s\"']*[=+\-@|%\t\r\n\uff1d\uff0b\uff0d\uff20]")


Rows = list[dict[str, Any]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Dataset:
    """One set of a panel's open data, which a feature offers as JSON and as CSV."""

    #: Its name in addresses and file names.
    name: str
    columns: Sequence[str]
    #: The rows of the CSV file, by column.
    rows: Callable[[Any], Rows]
    #: What the JSON file holds: the rows, or whatever else is known.
    whole: Callable[[Any], Any]


def csv_text(rows: Iterable[Mapping[str, Any]], columns: Sequence[str]) -> str:
    """Write rows as CSV with a header; texts that look like formulas get a leading quote."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow([_cell(column) for column in columns])
    for row in rows:
        writer.writerow([_cell(row.get(column)) for column in columns])
    return out.getvalue()


def csv_response(name: str, rows: Iterable[Mapping[str, Any]], columns: Sequence[str]) -> Response:
    """Answer with a CSV file (UTF-8 with BOM, so that spreadsheets read every script)."""
    body = "\ufeff" + csv_text(rows, columns)
    return _file(f"{name}.csv", body, "text/csv")


def json_response(name: str, value: Any) -> Response:
    """Answer with a JSON file."""
    body = json.dumps(value, ensure_ascii=False, indent=2, default=str) + "\n"
    return _file(f"{name}.json", body, "application/json")


def _file(name: str, body: str, mimetype: str) -> Response:
    response = Response(body, mimetype=mimetype)
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _cell(value: Any) -> Any:
    if isinstance(value, str) and _FORMULA.match(value):
        return "'" + value
    return "" if value is None else value
