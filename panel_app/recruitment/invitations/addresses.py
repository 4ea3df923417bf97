"""The list of addresses: uploaded, read by a job in bites, never on its own page by page."""

from __future__ import annotations

import re
import secrets
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import delete, exists, insert, select, update

from panel_app.core import audit, canonical, clock, crypto, ids
from panel_app.core.db import db, locked, reading
from panel_app.core.disclosure import FEWEST
from panel_app.core.errors import Conflict, Refused
from panel_app.core.text import _
from panel_app.live import versions
from panel_app.panels.models import Panel
from panel_app.recruitment import pool_files
from panel_app.recruitment.invitations.models import (
    UNDER_WAY,
    Address,
    AddressList,
    Invitation,
    Wave,
)
from sortition import workbook
from sortition.csv_files import Record, Table, likely_sheet, read_table
from sortition.faults import Fault, FaultList, InputFaults, refusal
from sortition.folding import fold
from sortition.households import likely_homes

#: Rows that are written before others get their turn.
BITE = 2_000
#: After which a job without a sign of life has died, and how long a file is kept to be read anew.
SILENCE, KEPT = timedelta(minutes=3), timedelta(days=1)
#: Groups of addresses that may be one home, and faults, which a page names.
HOMES_NAMED, FAULTS_NAMED = 30, 200

_ID = re.compile(r"^(uprn|id|address[ _-]?id|ref(erence)?|unique[ _-]?id)$", re.I)
_AREA = re.compile(r"ward|area|neighbou?rhood|district|estate|block|lsoa|msoa|zone", re.I)
_SOURCE = "list"
#: Headings by which the header is found, and the sheet.
_WANTED = ("address", "postcode", "ward", "area", "uprn")


def upload(*, panel: Panel, source: bytes | str, actor: str) -> AddressList:
    """Keep a file of addresses, sealed, to be read by `read_list`; it replaces the one before.

    Homes that were written to stay. Commit, then queue `read_list` with the panel's id. Raises
    Conflict while a wave is under way or a file is being read.
    """
    content = source.encode() if isinstance(source, str) else source
    pool_files.hold_size(content)
    _hold(panel)
    kept = list_of(panel)
    if kept is None:
        kept = AddressList(panel_id=panel.id, salt=secrets.token_hex(16))
        db.session.add(kept)
    kept.list_key = crypto.new_person_key()
    kept.upload = crypto.seal_bytes(content, kept.list_key)
    kept.sheets, kept.sheet = [], ""
    _guess_columns(kept)
    _wait(kept)
    audit.record("addresses.uploaded", actor=actor, subject=f"panel:{panel.public_id}")
    return kept


def choose_columns(
    *,
    panel: Panel,
    address_columns: Sequence[str],
    area_column: str,
    id_column: str = "",
    sheet: str = "",
    actor: str,
) -> AddressList:
    """Say which sheet is read, and which columns are address, area and id; it is then read again.

    Another sheet has columns of its own, which are guessed first. Raises Refused for columns that
    the file doesn't have, and Conflict where it is no longer kept.
    """
    _hold(panel)
    kept = list_of(panel)
    if kept is None or kept.upload is None:
        raise Conflict(_("The file is not kept any more. Choose it again."))
    if sheet in kept.sheets and sheet != kept.sheet:
        kept.sheet = sheet
        _guess_columns(kept)
    else:
        _take_columns(kept, address_columns, area_column, id_column)
    _wait(kept)
    subject, columns = f"panel:{panel.public_id}", len(kept.address_columns)
    audit.record("addresses.columns", actor=actor, subject=subject, columns=columns)
    return kept


def _guess_columns(kept: AddressList) -> None:
    """Have the columns guessed when the file is read."""
    kept.columns, kept.address_columns, kept.area_column, kept.id_column = [], [], "", ""


def _take_columns(kept: AddressList, address: Sequence[str], area: str, identifier: str) -> None:
    if not {*address, area, identifier} - {""} <= set(kept.columns):
        raise Refused(_("The file has no such column."))
    if not address:
        raise Refused(_("Tick at least one column of the address."), field="addresses")
    if identifier in address:
        raise Refused(_("The id can’t be a part of the address."), field="identifier")
    kept.address_columns, kept.area_column, kept.id_column = list(address), area, identifier


def list_of(panel: Panel) -> AddressList | None:
    """Return what is known of the panel's list of addresses."""
    query = select(AddressList).where(AddressList.panel_id == panel.id)
    return db.session.scalars(query).one_or_none()


def read_list(panel_id: int) -> None:
    """Read the uploaded file and keep its addresses, in bites; for the job process."""
    if not _begin(panel_id):
        return
    read: _Read | None = None
    try:
        read = _opened(panel_id)
        _beat(panel_id, 1)
        read.take()
        if _beat(panel_id, 2):
            _write(panel_id, read)
    except InputFaults as found:
        db.session.rollback()
        _end(panel_id, "failed", faults=found.faults, read=read)
    except Exception:
        db.session.rollback()
        _end(panel_id, "failed")
        raise


def tidy() -> None:
    """Give up readings that died, and forget files that nobody read anew; every hour."""
    now = clock.now()
    silent = AddressList.state.in_(("waiting", "reading")), AddressList.beat_at < now - SILENCE
    db.session.execute(update(AddressList).where(*silent).values(state="failed"))
    done = AddressList.state.in_(("ready", "failed")), AddressList.beat_at < now - KEPT
    db.session.execute(update(AddressList).where(*done).values(upload=None))
    db.session.commit()


def told(kept: AddressList) -> dict[str, list[Fault]]:
    """Return the `faults` and `notices` of the file that was read last."""
    rows = crypto.unseal(kept.told, kept.list_key) if kept.told else {}
    return {
        name: [Fault(code, _SOURCE, row, column, details) for code, row, column, details in faults]
        for name, faults in rows.items()
    }


def home_of(panel_public_id: str, cells: Iterable[str]) -> str:
    """Return the keyed hash by which rows of one address are one home."""
    folded = tuple(fold(cell) for cell in cells)
    return crypto.blind_index(canonical.dumps(folded), f"address:{panel_public_id}")


def topic_of(panel_id: int) -> str:
    """Return what the pages on a panel's letters follow."""
    return f"invitations:{panel_id}"


def _hold(panel: Panel) -> None:
    """Hold the panel against a wave that uses the list, or another file."""
    if locked(panel).kind != "drawn":
        raise Conflict(_("Nobody is drawn for this panel: it is for everybody on a list."))
    under_way = Wave.panel_id == panel.id, Wave.state.in_(UNDER_WAY)
    if db.session.scalar(select(Wave.id).where(*under_way)):
        raise Conflict(_("A round of letters is planned from this list. Draw it, or leave it."))
    kept = list_of(panel)
    if kept is not None and kept.state in {"waiting", "reading"}:
        raise Conflict(_("The list is being read. Wait for it."))


def _wait(kept: AddressList) -> None:
    kept.state, kept.done, kept.told, kept.beat_at = "waiting", 0, None, clock.now()
    db.session.flush()


def _begin(panel_id: int) -> bool:
    """Take the file on; False where another job has, or it is gone."""
    mine = AddressList.panel_id == panel_id, AddressList.state == "waiting"
    taken = update(AddressList).where(*mine).values(state="reading", beat_at=clock.now())
    number = db.session.scalar(taken.returning(AddressList.id))
    db.session.commit()
    return number is not None


def _opened(panel_id: int) -> _Read:
    """Return the file, with the columns that were chosen. Raises InputFaults.

    Nothing is held while it is taken apart.
    """
    with reading():
        kept = db.session.scalars(select(AddressList).where(AddressList.panel_id == panel_id)).one()
        content = crypto.unseal_bytes(kept.upload or b"", kept.list_key)
        panel = kept.panel.public_id
        db.session.expunge(kept)
        db.session.rollback()
    return _Read(panel, content, kept)


def _table_of(content: bytes, sheet: str, log: FaultList) -> tuple[Table, list[str], str]:
    """Return the table of a file, its sheets where it is a workbook, and which of them was read.

    Raises InputFaults.
    """
    if not content.startswith(workbook.SIGNATURES):
        return read_table(content, log, wanted=_WANTED), [], ""
    try:
        sheets = dict(workbook.sheets_of(content))
    except ValueError:
        raise refusal("excel", _SOURCE) from None
    if not sheets:
        raise refusal("empty_file", _SOURCE)
    name = sheet if sheet in sheets else likely_sheet(list(sheets.items()), _WANTED)[0]
    return read_table(sheets[name], log, wanted=_WANTED), list(sheets), name


class _Read:
    """What a file held: rows for the database, and what is to be told of it."""

    def __init__(self, panel: str, content: bytes, kept: AddressList) -> None:
        self.panel, self.log = panel, FaultList(_SOURCE)
        self.table, self.sheets, self.sheet = _table_of(content, kept.sheet, self.log)
        self.columns = [name for name in self.table.columns if name]
        self.address = list(kept.address_columns) or _guess_address(self.columns)
        chosen = bool(kept.address_columns)
        self.area = kept.area_column if chosen else _first(_AREA, self.columns, self.address)
        self.id = kept.id_column if chosen else _first(_ID, self.columns, self.address)
        self.rows: list[dict[str, Any]] = []

    def take(self) -> None:
        """Take the rows apart. Raises InputFaults with every fault."""
        self.log.raise_any()
        at = {name: self.table.position(name, self.log) for name in self.columns}
        if not self.address:
            place = self.table.header_row
            self.log.add("missing_column", row=place, column="address", name="address")
        self.log.raise_any()
        rows = [row for record in self.table.records if (row := self._row(record, at))]
        self._check(rows)
        self.log.raise_any()
        self.rows = list({row["reference"]: row for row in reversed(rows)}.values())[::-1]

    def _row(self, record: Record, at: dict[str, int]) -> dict[str, Any] | None:
        if not record.filled:
            return None
        cells = record.cells
        address = [cells[at[name]] for name in self.address]
        if not any(address):
            self.log.add("blank_cell", row=record.row, column=self.address[0])
        if self.area and not cells[at[self.area]]:
            self.log.add("blank_cell", row=record.row, column=self.area)
        if self.id and not cells[at[self.id]]:
            self.log.add("blank_id", row=record.row, column=self.id)
        return {
            "row": record.row,
            "reference": cells[at[self.id]] if self.id else str(record.row),
            "area": cells[at[self.area]][:120] if self.area else "",
            "address": tuple(address),
            "home": home_of(self.panel, address),
            "details": {name: cells[at[name]] for name in self.columns if name != self.id},
        }

    def _check(self, rows: list[dict[str, Any]]) -> None:
        """Tell of ids used twice, areas with few homes, and addresses that look alike."""
        if not rows:
            self.log.add("no_entries")
        areas = {row["home"]: row["area"] for row in reversed(rows)}
        first: dict[str, dict[str, Any]] = {}
        for row in rows:
            known = first.setdefault(fold(row["reference"]), row)
            if known is not row:
                same = known["home"] == row["home"]
                code = "merged_rows" if same else "duplicate_id"
                pair = f"{known['row']}, {row['row']}"
                self.log.add(code, notice=same, id=row["reference"], rows=pair)
            # A home lies in one area: that of its first row.
            row["reference"], row["area"] = known["reference"], areas[row["home"]]
            if len(row["reference"]) > Address.reference.type.length:
                longest = Address.reference.type.length
                length = len(row["reference"])
                self.log.add("long_cell", row=row["row"], length=length, longest=longest)
        homes = Counter(area for area, _home in {(row["area"], row["home"]) for row in rows})
        for area, number in sorted(homes.items()):
            if number < FEWEST:
                self.log.add("few_homes", area=area or "-", homes=number)
        self._note_likely(rows)

    def _note_likely(self, rows: list[dict[str, Any]]) -> None:
        at: dict[tuple[str, ...], int] = {}
        for row in rows:
            at.setdefault(tuple(fold(cell) for cell in row["address"]), row["row"])
        for group in likely_homes(at)[:HOMES_NAMED]:
            numbers = sorted(at[address] for address in group)
            self.log.add("likely_home", notice=True, rows=", ".join(map(str, numbers)))


def _write(panel_id: int, read: _Read) -> None:
    """Replace the addresses that were never written to, in bites that let others write."""
    written_to = exists().where(Invitation.address_id == Address.id)
    gone = delete(Address).where(Address.panel_id == panel_id, ~written_to)
    db.session.execute(gone)
    known = select(Address.reference, Address.home).where(Address.panel_id == panel_id)
    kept = list(db.session.execute(known))
    db.session.commit()
    references, homes = {row.reference for row in kept}, {row.home for row in kept}
    new = [r for r in read.rows if r["reference"] not in references and r["home"] not in homes]
    for number, bite in enumerate(_bites(new), 1):
        sealed = [_sealed(panel_id, row) for row in bite]
        db.session.execute(insert(Address), sealed)
        if not _beat(panel_id, min(99, 100 * number * BITE // max(1, len(new)))):
            return
    _end(panel_id, "ready", notices=read.log.notices, read=read)


def _sealed(panel_id: int, row: dict[str, Any]) -> dict[str, Any]:
    key = crypto.new_person_key()
    return {
        "public_id": ids.public_id(),
        "panel_id": panel_id,
        "reference": row["reference"],
        "area": row["area"],
        "home": row["home"],
        "address_key": key,
        "sealed": crypto.seal(row["details"], key),
    }


def _beat(panel_id: int, done: int) -> bool:
    """Give a sign of life; return False where the reading was given up as dead meanwhile."""
    mine = AddressList.panel_id == panel_id, AddressList.state == "reading"
    beat = update(AddressList).where(*mine).values(done=done, beat_at=clock.now())
    alive = db.session.scalar(beat.returning(AddressList.id))
    versions.bump(topic_of(panel_id))
    db.session.commit()
    return alive is not None


def _end(
    panel_id: int,
    state: str,
    *,
    faults: Iterable[Fault] = (),
    notices: Iterable[Fault] = (),
    read: _Read | None = None,
) -> None:
    mine = select(AddressList).where(AddressList.panel_id == panel_id)
    kept = locked(db.session.scalars(mine).one())
    if kept.state != "reading":
        return
    rows = {"faults": _plain(faults), "notices": _plain(notices)}
    kept.told = crypto.seal(rows, kept.list_key)
    kept.state, kept.done, kept.beat_at = state, 100, clock.now()
    if read is not None:
        kept.columns, kept.area_column, kept.id_column = read.columns, read.area, read.id
        kept.address_columns, kept.sheets, kept.sheet = read.address, read.sheets, read.sheet
    subject = f"panel:{kept.panel.public_id}"
    figures = {"addresses": len(read.rows)} if read and state == "ready" else {}
    audit.record(f"addresses.{state}", actor="system", subject=subject, **figures)
    versions.bump(topic_of(panel_id))
    db.session.commit()


def _plain(faults: Iterable[Fault]) -> list[list[Any]]:
    some = list(faults)[:FAULTS_NAMED]
    return [[fault.code, fault.row, fault.column, dict(fault.details)] for fault in some]


def _guess_address(columns: Sequence[str]) -> list[str]:
    likely = pool_files.guess_addresses(columns)
    return [name for name in likely if not _ID.search(name)]


def _first(looks: re.Pattern[str], columns: Sequence[str], but: Sequence[str]) -> str:
    return next((name for name in columns if looks.search(name) and name not in but), "")


def _bites(rows: Sequence[dict[str, Any]]) -> Iterator[Sequence[dict[str, Any]]]:
    return (rows[at : at + BITE] for at in range(0, len(rows), BITE))
