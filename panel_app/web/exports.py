"""Open data as JSON and CSV, safe to open in a spreadsheet, with what each field means."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from flask import Response

from panel_app.core import audit
from panel_app.core.db import found
from panel_app.core.feature import offered
from sortition import csv_cells

Rows = list[dict[str, Any]]
#: Files in an archive need a date; this one keeps archives of the same files the same.
_DATE = (1980, 1, 1, 0, 0, 0)
#: What a field holds. "by key" is a JSON object whose keys are data, such as languages;
#: "document" one whose inside another format describes; "record" and "list" hold more fields.
FieldType = Literal[
    "text",
    "number",
    "pence",
    "pounds",
    "date",
    "time",
    "yes or no",
    "code",
    "list",
    "record",
    "by key",
    "document",
]


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a data dictionary, in the English of the files themselves."""

    #: The CSV's column; what only the JSON holds, by its path: `counts.*.result`.
    name: str
    type: FieldType
    #: What it means, with its unit, and what it means where it is empty.
    meaning: str


#: Every kind of panel, also one where nobody has a seat.
EVERY_PANEL = frozenset({"drawn", "roll", "open"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Dataset:
    """One set of open data, which a feature offers as JSON and as CSV."""

    #: Its name in addresses and file names.
    name: str
    #: What it is, for whoever chooses it on the public page (a lazy string).
    title: Any
    #: The columns of the CSV file, in order.
    fields: Sequence[Field]
    #: What only the JSON file holds.
    more: Sequence[Field] = ()
    #: The rows of the CSV file, by column.
    rows: Callable[[Any], Rows]
    #: What the JSON file holds: the rows, or whatever else is known.
    whole: Callable[[Any], Any]
    #: What `rows` and `whole` are asked about.
    about: Literal["panel", "ballot"] = "panel"
    #: The kinds of panel on whose page it stands.
    kinds: frozenset[str] = frozenset({"drawn", "roll"})

    @property
    def columns(self) -> list[str]:
        """Return the columns of the CSV file."""
        return [field.name for field in self.fields]

    def csv_file(self, subject: Any) -> str:
        """Return the CSV file about a subject."""
        return csv_file(self.rows(subject), self.columns)

    def json_file(self, subject: Any) -> str:
        """Return the JSON file about a subject."""
        return json_text(self.whole(subject))


@dataclass(frozen=True, slots=True)
class Evidence:
    """What a feature puts into a panel's evidence beside the open data, by path."""

    files: Callable[[Any], Mapping[str, bytes]]


#: The fields of `log_head`, for every file that holds it.
LOG_HEAD = (
    Field("log_head", "record", "The audit log's newest entry when the file was made"),
    Field("log_head.number", "number", "The entry's number, from 1; 0 where there is none"),
    Field("log_head.hash", "code", "SHA-256 over this entry and all before it, hexadecimal"),
)


def log_head(head: audit.Head | None = None) -> dict[str, Any]:
    """Return the audit log's head as files hold it: as it is, or as it was."""
    head = head or audit.head()
    return {"number": head.number, "hash": head.hash}


def datasets(about: str = "panel") -> list[Dataset]:
    """Return the open data about a panel, or about a ballot, in the order of the features."""
    return [each for each in offered(Dataset) if each.about == about]


def dataset(name: str) -> Dataset:
    """Return the panel's open data called `name`. Raises NotFound."""
    return found(next((each for each in datasets() if each.name == name), None))


def csv_text(rows: Iterable[Mapping[str, Any]], columns: Sequence[str]) -> str:
    """Write rows as CSV with a header; texts that look like formulas get a leading quote."""
    cells = ([row.get(column) for column in columns] for row in rows)
    return csv_cells.csv_text(columns, cells, line_end="\r\n")


def csv_file(rows: Iterable[Mapping[str, Any]], columns: Sequence[str]) -> str:
    """Write a CSV file with a byte order mark, so that spreadsheets read every script."""
    return "\ufeff" + csv_text(rows, columns)


def csv_response(name: str, rows: Iterable[Mapping[str, Any]], columns: Sequence[str]) -> Response:
    """Answer with a CSV file."""
    return attachment(f"{name}.csv", csv_file(rows, columns), "text/csv")


def as_csv(data: Dataset, subject: Any, name: str) -> Response:
    """Answer with open data as CSV."""
    return attachment(f"{name}.csv", data.csv_file(subject), "text/csv")


def as_json(data: Dataset, subject: Any, name: str) -> Response:
    """Answer with open data as JSON."""
    return attachment(f"{name}.json", data.json_file(subject), "application/json")


def attachment(name: str, body: str | bytes, mimetype: str) -> Response:
    """Answer with a file to keep."""
    response = Response(body, mimetype=mimetype)
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def packed(files: Mapping[str, bytes]) -> bytes:
    """Return a zip of files by path, in the order given; the same files give the same bytes."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for path, content in files.items():
            archive.writestr(zipfile.ZipInfo(path, _DATE), content, zipfile.ZIP_DEFLATED)
    return made.getvalue()


def json_text(value: Any) -> str:
    """Write a JSON file as people read it."""
    return json.dumps(value, ensure_ascii=False, indent=2, default=str) + "\n"
