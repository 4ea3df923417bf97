"""Read and write Pabulib's .pb format: META, PROJECTS and VOTES, separated by semicolons."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from panel_app.counting.election import CountError
from sortition.csv_cells import CsvRows

_SPECIAL = re.compile('[;"\r\n]')
_SECTIONS = ("META", "PROJECTS", "VOTES")
_KEYS = {"PROJECTS": "project_id", "VOTES": "voter_id"}
#: Since April 2026 the format calls `target` `beneficiaries`.
_RENAMED = {"target": "beneficiaries"}


@dataclass
class PbFile:
    """A .pb file as written: every value a string, columns in the order of the file.

    `votes` holds the rows to write. Of what is read, `papers` counts equal pairs of (vote, points),
    `seen` gives the line of each one's first, `project_lines` those of the projects, and `faults`
    are those of the format.
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

    def says(self, paper: tuple[str, str], what: str) -> str:
        """Say what there is about a paper, with the line of the first of its like."""
        also = self.papers[paper] - 1
        return f"line {self.seen[paper]}: {what}" + (f" (and on {also} like it)" if also else "")


def read_pb(path: Path) -> PbFile:
    """Read a file (UTF-8, with or without byte order mark) whatever faults it has.

    They stay in `faults`. Raises CountError where a line is no text.
    """
    try:
        with path.open(encoding="utf-8-sig", newline="") as lines:
            return parse_pb(lines)
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


def unreadable(rows: CsvRows, reason: str) -> str:
    """Name a row that cannot be read: a quote left open would swallow all that follows it."""
    return f"line {rows.begins}: the quotes or the length are wrong ({reason})"


def parse_pb(lines: Iterable[str]) -> PbFile:
    """Read lines of a .pb file, leaving what is wrong with them in `faults`."""
    return _Reading(lines).whole()


def format_pb(document: PbFile) -> str:
    """Write the file; `parse_pb` reads the same values."""
    columns = document.project_columns
    rows: list[Sequence[str]] = [["META"], ["key", "value"], *document.meta.items()]
    rows += [["PROJECTS"], columns]
    rows += [[project.get(name, "") for name in columns] for project in document.projects]
    rows += [["VOTES"], document.vote_columns, *document.votes]
    return "".join(f"{';'.join(map(_quoted, row))}\n" for row in rows)


def _quoted(cell: str) -> str:
    """Quote a cell where it must be; the csv module leaves a carriage return bare."""
    return f'"{cell.replace(chr(34), chr(34) * 2)}"' if _SPECIAL.search(cell) else cell


class _Reading:
    """A file row by row: which section it is in, and what was seen of each."""

    def __init__(self, lines: Iterable[str]) -> None:
        self.found = PbFile()
        self.rows = CsvRows(lines, ";", strict=True, refuse=self._unreadable)
        self.columns: tuple[str, ...] = ()
        self.places = (0, -1)
        self.projects: dict[str, int] = {}
        self.voters: set[str] = set()

    def whole(self) -> PbFile:
        """Read to the end of the file."""
        read = {"META": self._meta, "PROJECTS": self._project, "VOTES": self._vote}
        seen: list[str] = []
        for row in self.rows:
            if len(row) == 1 and row[0].strip().upper() in _SECTIONS:
                self._headed(seen)
                seen.append(row[0].strip().upper())
                self.columns = ()
            elif row and not seen:
                self._fault(f"{row[0]!r} stands before any section")
            elif row and not self.columns and seen[-1] != "META":
                self._header(seen[-1], row)
            elif row:
                read[seen[-1]](row)
        self._headed(seen)
        faults = self.found.faults
        faults += [f"section {name} is missing" for name in _SECTIONS if name not in seen]
        if sorted(seen, key=_SECTIONS.index) != seen or len(set(seen)) != len(seen):
            faults.append("sections must come once each, in the order META, PROJECTS, VOTES")
        return self.found

    def _unreadable(self, reason: str) -> None:
        self.found.faults.append(unreadable(self.rows, reason))

    def _fault(self, problem: str) -> None:
        self.found.faults.append(f"line {self.rows.line}: {problem}")

    def _headed(self, seen: list[str]) -> None:
        if seen and seen[-1] != "META" and not self.columns:
            self._fault(f"{seen[-1]} has no row of column names")

    def _header(self, section: str, row: list[str]) -> None:
        """Read the row of column names, under their present names."""
        columns = tuple(_RENAMED.get(name.strip(), name.strip()) for name in row)
        key = _KEYS[section]
        if columns[0].lower() == key:
            columns = (key, *columns[1:])
        else:
            self._fault(f"{section} must begin with {key}, not {columns[0]!r}")
        for name in sorted({name for name in columns if columns.count(name) > 1}):
            self._fault(f"column {name!r} comes twice")
        if section == "PROJECTS":
            self.found.project_columns = columns
        elif "vote" not in columns:
            self._fault("VOTES has no column vote")
        else:
            points = columns.index("points") if "points" in columns else -1
            self.places = (columns.index("vote"), points)
        self.columns = columns

    def _meta(self, row: list[str]) -> None:
        found, key = self.found, row[0].strip()
        if not found.meta and key == "key":
            return  # the row of column names, which some cities leave out
        if key in found.meta:
            self._fault(f"{key} comes twice in META")
        found.meta[key] = ";".join(row[1:])
        found.meta_lines[key] = self.rows.line

    def _project(self, row: list[str]) -> None:
        self._check_width(row)
        name = row[0].strip()
        if not name:
            self._fault("the project has no id")
        elif name in self.projects:
            self._fault(f"project {name} was listed before, on line {self.projects[name]}")
        self.projects[name] = self.rows.line
        self.found.projects.append(dict(zip(self.columns, row, strict=False)))
        self.found.project_lines.append(self.rows.line)

    def _vote(self, row: list[str]) -> None:
        width = len(row)
        if width > len(self.columns):
            self._check_width(row)
        voter, (vote, points), papers = row[0], self.places, self.found.papers
        if voter in self.voters or not voter.strip():
            self._fault(
                f"voter {voter} has voted before" if voter.strip() else "the voter has no id"
            )
        self.voters.add(voter)
        paper = (row[vote] if vote < width else "", row[points] if 0 <= points < width else "")
        if paper in papers:
            papers[paper] += 1
        else:
            papers[paper] = 1
            self.found.seen[paper] = self.rows.line

    def _check_width(self, row: list[str]) -> None:
        width = len(self.columns)
        if len(row) > width and any(row[width:]):
            self._fault(f"{len(row)} values for {width} columns")
