"""What the commands share: reading their files, writing CSV and JSON."""

import argparse
import json
import signal
import threading
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from sortition.csv_cells import csv_text
from sortition.csv_files import read_table
from sortition.faults import Fault, FaultList, InputFaults
from sortition.folding import fold
from sortition.meanings import Meanings, with_no_answer
from sortition.pool import KNOWN_ID_COLUMNS, Person, Pool, known_id_column, read_people
from sortition.progress import CancelCheck
from sortition.targets import Targets, read_targets


@dataclass(frozen=True)
class Inputs:
    """The files of one command, read."""

    targets: Targets
    pool: Pool
    selected: tuple[Person, ...]


def names(text: str) -> tuple[str, ...]:
    """The names in a comma-separated option."""
    return tuple(name.strip() for name in text.split(",") if name.strip())


def read_inputs(options: argparse.Namespace) -> Inputs:
    """The targets, the pool and the people already selected. Raises InputFaults."""
    targets = read_targets(options.targets, options.size)
    pool = _people(options, options.people, targets, "people")
    if options.no_answer == "exclude":
        pool = pool.without_the_silent()
    targets = with_no_answer(targets, (one.values for one in pool), options.size)
    selected: tuple[Person, ...] = ()
    if options.already_selected is not None:
        selected = _already_selected(options, pool, targets)
    return Inputs(targets, pool, selected)


def _already_selected(
    options: argparse.Namespace, pool: Pool, targets: Targets
) -> tuple[Person, ...]:
    """The people of a file: by id where the pool holds them all, else with their own columns."""
    source, path = "already-selected", options.already_selected
    ids, columns = read_ids(path, pool, source)
    strangers = any(fold(identity) not in pool.by_folded_id for identity in ids)
    if strangers and {fold(feature) for feature in targets.features} <= columns:
        return _people(options, path, targets, source).people
    return known(pool, ids, source)


def _people(options: argparse.Namespace, path: Path, targets: Targets, source: str) -> Pool:
    return read_people(
        path,
        targets,
        id_column=options.id_column,
        address_columns=names(options.address_columns),
        leave_out=_choices(options.leave_out),
        meanings=_meanings(options),
        name=source,
    )


def _meanings(options: argparse.Namespace) -> Meanings:
    """What the options say of columns and cells."""
    values: dict[str, dict[str, str]] = {}
    for text in options.value:
        feature, colon, rest = text.partition(":")
        cell, equals, value = rest.partition("=")
        if not (colon and equals):
            raise refuse("people", f"“{text}” is not FEATURE:CELL=VALUE.")
        values.setdefault(feature, {})[cell] = value.strip()
    columns = dict(text.partition("=")[::2] for text in options.column)
    if not all(columns.values()):
        raise refuse("people", "A column is said as FEATURE=COLUMN.")
    silent = options.no_answer != "fault"
    return Meanings(columns, values, sheet=options.sheet, may_be_silent=silent)


def _choices(texts: Iterable[str]) -> dict[str, tuple[str, ...]]:
    """The values to leave out by column: `COLUMN=VALUE,VALUE`, or `COLUMN=` for nobody."""
    found: dict[str, tuple[str, ...]] = {}
    for text in texts:
        column, separator, values = text.partition("=")
        if not separator:
            raise refuse("people", f"“{text}” is not COLUMN=VALUE,VALUE.")
        found[column] = (*found.get(column, ()), *names(values))
    return found


def read_ids(path: Path, pool: Pool, source: str) -> tuple[tuple[str, ...], set[str]]:
    """The ids in a CSV file, of the pool's id column or a well-known one; its columns' names.

    Raises InputFaults, also where no column has such a name.
    """
    faults = FaultList(source)
    name = pool.id_column or KNOWN_ID_COLUMNS[-1]
    table = read_table(path, faults, wanted=(name, *KNOWN_ID_COLUMNS))
    faults.raise_any()
    table.check_repeats(faults)
    found = known_id_column(table)
    at = table.position(name, faults) if table.positions(name) or found is None else found
    faults.raise_any()
    ids = (record.cells[at] for record in table.records if record.cells[at])
    return tuple(dict.fromkeys(ids)), {fold(column) for column in table.columns}


def known(pool: Pool, ids: Iterable[str], source: str) -> tuple[Person, ...]:
    """The people with these ids. Raises InputFaults naming each id the pool doesn't have."""
    faults = FaultList(source)
    for identity in ids:
        if fold(identity) not in pool.by_folded_id:
            faults.add("unknown_id", id=identity)
    faults.raise_any()
    return tuple(pool.by_folded_id[identity] for identity in dict.fromkeys(map(fold, ids)))


def refuse(source: str, message: str) -> InputFaults:
    """An input fault of a command's own option."""
    return InputFaults([Fault("option", source, details={"text": message})])


def write_files(directory: Path, files: Mapping[str, str]) -> None:
    """Write text files into a folder, made when needed."""
    directory.mkdir(parents=True, exist_ok=True)
    for name, text in files.items():
        (directory / name).write_text(text, encoding="utf-8", newline="")


def people_csv(pool: Pool, ids: Iterable[str]) -> str:
    """People of the pool as CSV: id, kept columns, address columns, features."""
    someone = next(iter(pool.people), None)
    every = tuple(someone.kept) if someone else ()
    addresses = [name for name in every if name in pool.address_columns]
    kept = [name for name in every if name not in pool.address_columns]
    rows = [
        [person.id, *(person.kept.get(name, "") for name in (*kept, *addresses)), *person.values]
        for person in map(pool.by_id.__getitem__, ids)
    ]
    return csv_text(["id", *kept, *addresses, *pool.features], rows)


@contextmanager
def stopped_by_signal() -> Iterator[CancelCheck]:
    """Let the first interrupt (or request to end) stop a run at its next step, result saved.

    Who asks twice isn't kept waiting. Outside the main thread signals can't be listened to.
    """
    asked = threading.Event()
    if threading.current_thread() is not threading.main_thread():
        yield asked.is_set
        return
    before = {kind: signal.getsignal(kind) for kind in (signal.SIGINT, signal.SIGTERM)}

    def ask(*_: object) -> None:
        asked.set()
        for kind in before:
            signal.signal(kind, signal.SIG_DFL)

    try:
        for kind in before:
            signal.signal(kind, ask)
        yield asked.is_set
    finally:
        for kind, handler in before.items():
            signal.signal(kind, handler)


def tell(
    options: argparse.Namespace,
    value: Mapping[str, object],
    lines: Sequence[str],
    files: Mapping[str, str] | None = None,
) -> int:
    """Write the files where `--out` says, print one JSON object or the lines, and return 0."""
    if files and options.out is not None:
        write_files(options.out, files)
    print(json.dumps(value, ensure_ascii=False) if options.json else "\n".join(lines))
    return 0
