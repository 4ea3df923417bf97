"""Lists: searched, filtered, ordered, in pages of 50, and as CSV of what is shown.

A page describes its list as a `Listing`; `shown` reads the address (`?q=`, `?state=`, `?order=`,
`?page=`) and asks the database for one page; `web/listing.html` draws it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from flask import Response, render_template, request
from sqlalchemy import ColumnElement, Select, SQLColumnExpression, func, or_
from sqlalchemy.sql.base import ExecutableOption
from werkzeug.datastructures import MultiDict

from panel_app.core.db import db, dialect_name
from panel_app.web import exports

PAGE_SIZE = 50
#: The longest CSV file; a longer list is narrowed down first, or exported by its own feature.
LONGEST_CSV = 100_000
_LONGEST_SEARCH = 100

Row = TypeVar("Row")
#: What a view with a list answers with: the page, or the CSV.
Listed = str | Response
#: A question to the database, whatever it gives.
AnySelect = Select[*tuple[Any, ...]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Column(Generic[Row]):
    """One column of a list."""

    key: str
    label: Any
    #: What the CSV holds, and the cell where nothing else is said; None keeps it out of the CSV,
    #: as everything that is sealed.
    plain: Callable[[Row], Any] | None = None
    #: What the cell shows: a text, or Markup such as a link.
    cell: Callable[[Row], Any] | None = None
    #: What the rows can be ordered by.
    order: SQLColumnExpression[Any] | None = None
    #: Figures stand at the end of their cell.
    figure: bool = False

    def shown(self, row: Row) -> Any:
        """Return what the row's cell shows."""
        write = self.cell or self.plain
        return write(row) if write else ""


@dataclass(frozen=True, slots=True)
class State:
    """A part of the list, offered with its count: "To decide 18"."""

    key: str
    label: Any
    where: SQLColumnExpression[bool]


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing(Generic[Row]):
    """A list of one kind of rows, described once for page and CSV."""

    #: What it lists, for screen readers and as the file's name.
    name: str
    label: Any
    #: The rows, without order; one entity or several a row, with `options` for loading them.
    query: AnySelect
    options: Sequence[ExecutableOption] = ()
    #: The first column names the row.
    columns: Sequence[Column[Row]]
    #: The order where none is chosen: a total one, so that pages neither repeat nor skip.
    order: Sequence[SQLColumnExpression[Any]]
    states: Sequence[State] = ()
    #: What a search matches, from the words typed.
    search: Callable[[str], ColumnElement[bool]] | None = None
    search_label: Any = None
    #: Makes rows of the page out of what the query gave, all at once.
    prepare: Callable[[Sequence[Any]], Iterable[Row]] | None = None
    #: What an empty list says: what to do first.
    empty: Any = None


@dataclass(frozen=True, slots=True)
class Asked:
    """What the address asks of a list."""

    words: str
    state: str
    order: str
    page: int

    def address(self, **changed: str | int) -> dict[str, str]:
        """Return the address's query with something changed; what is usual is left out."""
        asked = {"q": self.words, "state": self.state, "order": self.order, "page": self.page}
        return {key: str(value) for key, value in (asked | changed).items() if value not in ("", 1)}


@dataclass(frozen=True, slots=True)
class Shown(Generic[Row]):
    """One page of a list, ready for the template."""

    listing: Listing[Row]
    asked: Asked
    rows: list[Row]
    #: How many match, and how many are in each state whatever is searched for within it.
    matching: int
    counts: Mapping[str, int]

    @property
    def pages(self) -> int:
        """Return how many pages there are, at least one."""
        return max(1, -(-self.matching // PAGE_SIZE))

    @property
    def first(self) -> int:
        """Return the number of the first row on the page, from 1."""
        return (self.asked.page - 1) * PAGE_SIZE + 1

    @property
    def last(self) -> int:
        """Return the number of the last row on the page."""
        return self.first + len(self.rows) - 1

    def sort_of(self, column: Column[Row]) -> str:
        """Return how the list is ordered by a column, as `aria-sort` says it."""
        ways = {column.key: "ascending", f"-{column.key}": "descending"}
        return ways.get(self.asked.order, "none")

    def ordered_by(self, column: Column[Row]) -> dict[str, str]:
        """Return the address's query for ordering by a column; a second press turns it round."""
        turned = f"-{column.key}" if self.asked.order == column.key else column.key
        return self.asked.address(order=turned, page=1)


def page(template: str, listing: Listing[Any], **context: Any) -> Listed:
    """Render a page with a list, or answer with the CSV where the address asks for it."""
    if request.args.get("as") == "csv":
        return csv_of(listing, request.args)
    return render_template(template, listing=shown(listing, request.args), **context)


def shown(listing: Listing[Row], arguments: MultiDict[str, str]) -> Shown[Row]:
    """Return the page of a list that an address asks for; what it can't mean is passed over."""
    asked = _asked(listing, arguments)
    found = _searched(listing, asked)
    counts = _counts(listing, found)
    narrowed = _in_state(listing, found, asked)
    matching = counts[asked.state]
    last_page = max(1, -(-matching // PAGE_SIZE))
    asked = Asked(asked.words, asked.state, asked.order, min(asked.page, last_page))
    part = narrowed.order_by(*_order(listing, asked)).limit(PAGE_SIZE)
    # Nothing is looked for twice among fifty thousand.
    rows = _rows(listing, part.offset((asked.page - 1) * PAGE_SIZE)) if matching else []
    return Shown(listing, asked, rows, matching, counts)


def csv_of(listing: Listing[Any], arguments: MultiDict[str, str]) -> Response:
    """Answer with everything that matches, every page of it, as CSV."""
    asked = _asked(listing, arguments)
    query = _in_state(listing, _searched(listing, asked), asked)
    rows = _rows(listing, query.order_by(*_order(listing, asked)).limit(LONGEST_CSV))
    kept = {column.key: column.plain for column in listing.columns if column.plain}
    table = [{key: write(row) for key, write in kept.items()} for row in rows]
    return exports.csv_response(listing.name, table, list(kept))


def _asked(listing: Listing[Any], arguments: MultiDict[str, str]) -> Asked:
    words = " ".join(arguments.get("q", "").split())[:_LONGEST_SEARCH] if listing.search else ""
    state, order = arguments.get("state", ""), arguments.get("order", "")
    if state not in {each.key for each in listing.states}:
        state = ""
    if order.removeprefix("-") not in {c.key for c in listing.columns if c.order is not None}:
        order = ""
    return Asked(words, state, order, _page_number(arguments.get("page", "")))


def _page_number(typed: str) -> int:
    return max(1, int(typed)) if typed.isascii() and typed.isdigit() and len(typed) < 7 else 1


def _searched(listing: Listing[Any], asked: Asked) -> AnySelect:
    if not (listing.search and asked.words):
        return listing.query
    return listing.query.where(listing.search(asked.words))


def _in_state(listing: Listing[Any], query: AnySelect, asked: Asked) -> AnySelect:
    where = [state.where for state in listing.states if state.key == asked.state]
    return query.where(*where)


def _counts(listing: Listing[Any], query: AnySelect) -> dict[str, int]:
    """Count everything and each state in one look."""
    counts = [func.count().filter(state.where) for state in listing.states]
    row = db.session.execute(
        query.with_only_columns(func.count(), *counts, maintain_column_froms=True)
    ).one()
    return dict(zip(["", *(state.key for state in listing.states)], row, strict=True))


def _order(listing: Listing[Any], asked: Asked) -> list[SQLColumnExpression[Any]]:
    chosen = next(
        (c.order for c in listing.columns if c.key == asked.order.removeprefix("-")), None
    )
    if chosen is None:
        return list(listing.order)
    return [chosen.desc() if asked.order.startswith("-") else chosen.asc(), *listing.order]


def _rows(listing: Listing[Row], query: AnySelect) -> list[Row]:
    found = db.session.execute(query.options(*listing.options)).all()
    rows: list[Any] = [row[0] if len(row) == 1 else row for row in found]
    return list(listing.prepare(rows)) if listing.prepare else rows


def holds(column: SQLColumnExpression[Any], words: str) -> ColumnElement[bool]:
    """Find the words in a column, in capitals or not.

    SQLite's LIKE makes no difference by itself; to spell all of a column small doubles its time.
    """
    if dialect_name() == "sqlite":
        return column.contains(words, autoescape=True)
    return column.icontains(words, autoescape=True)


def contains(*columns: SQLColumnExpression[Any]) -> Callable[[str], ColumnElement[bool]]:
    """Return a search that finds the words typed anywhere in one of the columns."""

    def where(words: str) -> ColumnElement[bool]:
        return or_(*(holds(column, words) for column in columns))

    return where
