"""Read and write Pabulib's .pb format: META, PROJECTS and VOTES, separated by semicolons."""

import csv
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from panel_app.counting.election import CountError

_SPECIAL = re.compile('[;"\r\n]')
_SECTIONS = ("META", "PROJECTS", "VOTES")
_KEYS = {"META": "key", "PROJECTS": "project_id", "VOTES": "voter_id"}
#: Since April 2026 the format calls `target` `beneficiaries`.
_RENAMED = {"target": "beneficiaries"}


@dataclass
class PbFile:
    """A .pb file as written: every value a string, columns in the order of the file.

    `papers` counts equal pairs of (vote, points) and `seen` gives the line of each one's first;
    `votes` holds the rows themselves, unless the file was read without them. `faults` are those
    of the format; `project_lines` says where each project stands.
    """

    meta: dict[str, str] = field(default_factory=dict)
    project_columns: tuple[str, ...] = ()
    projects: list[dict[str, str]] = field(default_factory=list)
    vote_columns: tuple[str, ...] = ()
    votes: list[list[str]] = field(default_factory=list)
    papers: dict[tuple[str, str], int] = field(default_factory=dict)
    seen: dict[tuple[str, str], int] = field(default_factory=dict)
    meta_lines: dict[str, int] = field(default_factory=dict)
    project_lines: list[int] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)


def read_pb(path: Path, *, keep_votes: bool = True) -> PbFile:
    """Read a file (UTF-8, with or without byte order mark).

    Without `keep_votes` only the tally of papers is kept, which is enough to count. Raises
    CountError with line numbers, naming every fault of the format.
    """
    document = scan_pb(path, keep_votes=keep_votes)
    if document.faults:
        raise CountError(document.faults)
    return document


def scan_pb(path: Path, *, keep_votes: bool = True) -> PbFile:
    """Read a file whatever faults it has, and leave them in `faults`."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as lines:
            return _scan(lines, keep_votes=keep_votes)
    except UnicodeDecodeError as error:
        raise CountError(undecodable(path)) from error


def undecodable(path: Path) -> list[str]:
    """Name every line of a file that is not UTF-8 text."""
    faults = []
    with path.open("rb") as lines:
        for number, line in enumerate(lines, start=1):
            try:
                line.decode()
            except UnicodeDecodeError as error:
                faults.append(f"line {number}: not UTF-8 text ({error.reason})")
    return faults


def parse_pb(lines: Iterable[str]) -> PbFile:
    """Read lines of a .pb file; raises CountError naming every fault with its line."""
    document = _scan(lines, keep_votes=True)
    if document.faults:
        raise CountError(document.faults)
    return document


def _scan(lines: Iterable[str], *, keep_votes: bool) -> PbFile:
    found = PbFile()
    rows = _Rows(lines, found.faults)
    seen = []
    for section in rows.sections():
        seen.append(section)
        if section == "META":
            _read_meta(rows, found)
        elif section == "PROJECTS":
            _read_projects(rows, found)
        else:
            _read_votes(rows, found, keep_votes)
    found.faults += [f"section {name} is missing" for name in _SECTIONS if name not in seen]
    if sorted(seen, key=_SECTIONS.index) != seen or len(set(seen)) != len(seen):
        found.faults.append("sections must come once each, in the order META, PROJECTS, VOTES")
    return found


def format_pb(document: PbFile) -> str:
    """Write the file back; what `parse_pb` read comes out with the same values."""
    columns = document.project_columns
    rows: list[Sequence[str]] = [["META"], ["key", "value"], *document.meta.items()]
    rows += [["PROJECTS"], columns]
    rows += [[project.get(name, "") for name in columns] for project in document.projects]
    rows += [["VOTES"], document.vote_columns, *document.votes]
    return "".join(f"{';'.join(map(_quoted, row))}\n" for row in rows)


def _quoted(cell: str) -> str:
    """Quote a cell where it must be; the csv module leaves a carriage return bare."""
    return f'"{cell.replace(chr(34), chr(34) * 2)}"' if _SPECIAL.search(cell) else cell


class NumberedRows:
    """Every row that can be read, and the line it ends on.

    The others are faults: a quote left open would swallow all that follows it.
    """

    def __init__(self, lines: Iterable[str], delimiter: str, faults: list[str]) -> None:
        self.reader = csv.reader(lines, delimiter=delimiter, strict=True)
        self.faults = faults

    @property
    def line(self) -> int:
        return self.reader.line_num

    def __iter__(self) -> Iterator[list[str]]:
        while True:
            begins = self.line + 1
            try:
                yield next(self.reader)
            except StopIteration:
                return
            except csv.Error as error:
                self.faults.append(f"line {begins}: the quotes or the length are wrong ({error})")


class _Rows:
    """Rows with their line numbers, section by section."""

    def __init__(self, lines: Iterable[str], faults: list[str]) -> None:
        self.lines = NumberedRows(lines, ";", faults)
        self.faults = faults
        self.next_section: str | None = None

    @property
    def line(self) -> int:
        return self.lines.line

    def sections(self) -> Iterator[str]:
        """Yield the name of each section; its rows must be read to their end in between."""
        for row in self.body():
            self.faults.append(f"line {self.line}: {row[0]!r} stands before any section")
        while self.next_section:
            section, self.next_section = self.next_section, None
            yield section

    def body(self) -> Iterator[list[str]]:
        """Yield rows up to the next section, without blank ones."""
        for row in self.lines:
            if len(row) == 1 and row[0].strip().upper() in _SECTIONS:
                self.next_section = row[0].strip().upper()
                return
            if row:
                yield row

    def header(self, section: str) -> tuple[str, ...]:
        """Read the row of column names, under their present names."""
        faults = self.faults
        row = next(self.body(), None)
        if row is None:
            faults.append(f"line {self.line}: {section} has no row of column names")
            return ()
        columns = tuple(_RENAMED.get(name.strip(), name.strip()) for name in row)
        if columns[0].lower() == _KEYS[section]:
            columns = (_KEYS[section], *columns[1:])
        else:
            faults.append(
                f"line {self.line}: {section} must begin with {_KEYS[section]}, not {columns[0]!r}"
            )
        twice = {name for name in columns if columns.count(name) > 1}
        faults += [f"line {self.line}: column {name!r} comes twice" for name in sorted(twice)]
        return columns


def _read_meta(rows: _Rows, found: PbFile) -> None:
    for row in rows.body():
        key = row[0].strip()
        if not found.meta and key == _KEYS["META"]:
            continue  # the row of column names, which some cities leave out
        if key in found.meta:
            found.faults.append(f"line {rows.line}: {key} comes twice in META")
        found.meta[key] = ";".join(row[1:])
        found.meta_lines[key] = rows.line


def _read_projects(rows: _Rows, found: PbFile) -> None:
    found.project_columns = columns = rows.header("PROJECTS")
    lines: dict[str, int] = {}
    for row in rows.body():
        _check_width(row, columns, rows.line, found.faults)
        project = dict(zip(columns, row, strict=False))
        name = row[0].strip()
        if not name:
            found.faults.append(f"line {rows.line}: the project has no id")
        elif name in lines:
            found.faults.append(
                f"line {rows.line}: project {name} was listed before, on line {lines[name]}"
            )
        lines[name] = rows.line
        found.projects.append(project)
        found.project_lines.append(rows.line)


def _read_votes(rows: _Rows, found: PbFile, keep_votes: bool) -> None:
    found.vote_columns = columns = rows.header("VOTES")
    if "vote" not in columns:
        found.faults.append(f"line {rows.line}: VOTES has no column vote")
        columns = ("vote",)
    vote = columns.index("vote")
    points = columns.index("points") if "points" in columns else None
    voters: set[str] = set()
    papers, seen = found.papers, found.seen
    width = len(columns)
    for row in rows.body():
        if len(row) > width:
            _check_width(row, columns, rows.line, found.faults)
        if row[0] in voters or not row[0].strip():
            found.faults.append(_voter_fault(row[0], rows.line))
        voters.add(row[0])
        paper = (_cell(row, vote), "" if points is None else _cell(row, points))
        if paper in papers:
            papers[paper] += 1
        else:
            papers[paper] = 1
            seen[paper] = rows.line
        if keep_votes:
            found.votes.append(row)


def _voter_fault(voter: str, line: int) -> str:
    if not voter.strip():
        return f"line {line}: the voter has no id"
    return f"line {line}: voter {voter} has voted before"


def _cell(row: Sequence[str], place: int) -> str:
    return row[place] if place < len(row) else ""


def _check_width(row: list[str], columns: Sequence[str], line: int, faults: list[str]) -> None:
    if len(row) > len(columns) and any(row[len(columns) :]):
        faults.append(f"line {line}: {len(row)} values for {len(columns)} columns")
