"""Open data as JSON and CSV, safe to open in a spreadsheet."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import Response

from sortition import csv_cells

Rows = list[dict[str, Any]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Dataset:
    """One set of a panel's open data, which a feature offers as JSON and as CSV."""

    #: Its name in addresses and file names.
    name: str
    #: What it is, for whoever chooses it on the public page (a lazy string).
    title: Any
    columns: Sequence[str]
    #: The rows of the CSV file, by column.
    rows: Callable[[Any], Rows]
    #: What the JSON file holds: the rows, or whatever else is known.
    whole: Callable[[Any], Any]


def csv_text(rows: Iterable[Mapping[str, Any]], columns: Sequence[str]) -> str:
    """Write rows as CSV with a header; texts that look like formulas get a leading quote."""
    cells = ([row.get(column) for column in columns] for row in rows)
    return csv_cells.csv_text(columns, cells, line_end="\r\n")


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
