"""The pool: the people who registered, read and checked against the targets."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from sortition.faults import Fault, FaultList, InputFaults
from sortition.tables import Record, Source, Table, fold, read_table
from sortition.targets import Targets

_SOURCE = "people"

#: Id columns of the tools whose exports we read, best first.
KNOWN_ID_COLUMNS = (
    "unique_id",
    "external_id",
    "nationbuilder_id",
    "pool_member_identifier",
    "person_id",
    "member_id",
    "id",
)


@dataclass(frozen=True, slots=True)
class Person:
    """One registered person: feature values in the order and spelling of the targets."""

    id: str
    values: tuple[str, ...]
    address: tuple[str, ...] | None = None
    kept: Mapping[str, str] = field(default_factory=dict)
    row: int | None = None


@dataclass(frozen=True)
class Pool:
    """The people a panel may be drawn from, with unique ids, and notices from the reading."""

    features: tuple[str, ...]
    people: tuple[Person, ...]
    address_columns: tuple[str, ...] = ()
    notices: tuple[Fault, ...] = ()

    def __len__(self) -> int:
        return len(self.people)

    def __iter__(self) -> Iterator[Person]:
        return iter(self.people)

    @cached_property
    def by_id(self) -> dict[str, Person]:
        """Each person by id."""
        return {person.id: person for person in self.people}

    def with_ids(self, ids: Iterable[str]) -> "Pool":
        """The same pool with only the people named."""
        wanted = set(ids)
        kept = tuple(person for person in self.people if person.id in wanted)
        return Pool(self.features, kept, self.address_columns)

    def without_ids(self, ids: Iterable[str]) -> "Pool":
        """The same pool without the people named."""
        unwanted = set(ids)
        kept = tuple(person for person in self.people if person.id not in unwanted)
        return Pool(self.features, kept, self.address_columns)

    def without_addresses(self, addresses: Collection[tuple[str, ...]]) -> "Pool":
        """The same pool without the people living at one of `addresses`."""
        kept = tuple(person for person in self.people if person.address not in addresses)
        return Pool(self.features, kept, self.address_columns)

    @cached_property
    def households(self) -> tuple[tuple[str, ...], ...]:
        """The ids of people who share an address with someone else in the pool, by address."""
        homes: defaultdict[tuple[str, ...], list[str]] = defaultdict(list)
        for person in self.people:
            if person.address is not None:
                homes[person.address].append(person.id)
        return tuple(tuple(ids) for ids in homes.values() if len(ids) > 1)


def read_people(
    source: Source,
    targets: Targets,
    *,
    id_column: str | None = None,
    address_columns: Sequence[str] = (),
    keep_columns: Sequence[str] | None = None,
    name: str = _SOURCE,
) -> Pool:
    """Read the pool from a CSV file's path, bytes or text, or from rows.

    Without `id_column` a well-known one is looked for; where there is none the rows are numbered
    from 1. With `address_columns`, people whose cells there are alike share an address. Columns
    to keep default to all that have no other use. Faults call the source `name`. Raises
    InputFaults with every fault found.
    """
    faults, notices = FaultList(name), FaultList(name)
    table = read_table(source, faults)
    if not table.columns:
        raise InputFaults(faults.faults)
    reader = _PeopleReader(table, targets, faults, notices)
    people = reader.people(id_column, tuple(address_columns), keep_columns)
    faults.raise_any()
    return Pool(targets.features, people, tuple(address_columns), tuple(notices.faults))


class _PeopleReader:
    """Reads one table of people."""

    def __init__(
        self, table: Table, targets: Targets, faults: FaultList, notices: FaultList
    ) -> None:
        self.table, self.faults, self.notices = table, faults, notices
        self.targets = targets
        self.spelling = [
            {fold(value): value for value in targets.values(feature)}
            for feature in targets.features
        ]

    def people(
        self,
        id_column: str | None,
        address_columns: tuple[str, ...],
        keep_columns: Sequence[str] | None,
    ) -> tuple[Person, ...]:
        features = [self._column(feature) for feature in self.targets.features]
        addresses = [self._column(column) for column in address_columns]
        id_at = self._column(id_column) if id_column else self._known_id_column()
        if keep_columns is None:
            kept = self._unused({id_at, *features, *addresses})
        else:
            kept = [self._column(column) for column in keep_columns]
        if self.faults.faults:
            return ()
        read = [
            self._person(record, id_at, features, addresses, kept) for record in self.table.records
        ]
        if not read:
            self.faults.add("no_people")
        return self._merged(read, numbered=id_at is None)

    def _column(self, name: str) -> int:
        return self.table.position(name, self.faults)

    def _known_id_column(self) -> int | None:
        for name in KNOWN_ID_COLUMNS:
            found = self.table.positions(name)
            if len(found) == 1:
                return found[0]
        self.notices.add("no_id_column")
        return None

    def _unused(self, used: set[int | None]) -> list[int]:
        return [at for at, name in enumerate(self.table.columns) if at not in used and name]

    def _person(
        self,
        record: Record,
        id_at: int | None,
        features: list[int],
        addresses: list[int],
        kept: list[int],
    ) -> Person:
        cells, columns = record.cells, self.table.columns
        values = tuple(
            self._value(record, at, spelling)
            for at, spelling in zip(features, self.spelling, strict=True)
        )
        home = tuple(fold(cells[at]) for at in addresses)
        if addresses and not any(home):
            self.notices.add("no_address", row=record.row)
        if id_at is not None and not cells[id_at]:
            self.faults.add("blank_id", row=record.row, column=columns[id_at])
        identity = cells[id_at] if id_at is not None else ""
        kept_cells = {columns[at]: cells[at] for at in (*kept, *addresses)}
        return Person(identity, values, home if any(home) else None, kept_cells, record.row)

    def _value(self, record: Record, at: int, spelling: Mapping[str, str]) -> str:
        cell = record.cells[at]
        known = spelling.get(fold(cell))
        if known is not None:
            return known
        column = self.table.columns[at]
        if not cell:
            self.faults.add("blank_cell", row=record.row, column=column)
        else:
            self.faults.add(
                "unknown_value",
                row=record.row,
                column=column,
                value=cell,
                feature=column,
                known=", ".join(spelling.values()),
            )
        return ""

    def _merged(self, read: list[Person], *, numbered: bool) -> tuple[Person, ...]:
        """One person an id: identical rows become one with a notice, different ones are faults."""
        if numbered:
            return tuple(
                Person(str(number), person.values, person.address, person.kept, person.row)
                for number, person in enumerate(read, start=1)
            )
        by_id: defaultdict[str, list[Person]] = defaultdict(list)
        for person in read:
            by_id[person.id].append(person)
        for identity, rows in by_id.items():
            if identity and len(rows) > 1:
                self._report_duplicate(identity, rows)
        return tuple(rows[0] for rows in by_id.values())

    def _report_duplicate(self, identity: str, rows: list[Person]) -> None:
        first = rows[0]
        same = all(
            (row.values, row.address, row.kept) == (first.values, first.address, first.kept)
            for row in rows
        )
        numbers = ", ".join(str(row.row) for row in rows)
        log = self.notices if same else self.faults
        log.add(
            "merged_rows" if same else "duplicate_id",
            row=rows[1].row,
            id=identity,
            rows=numbers,
        )
