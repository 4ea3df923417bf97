"""Workbooks are read as they are shown; damaged and hostile ones are refused and harm nothing."""

from __future__ import annotations

import pytest

from sortition.faults import FaultList, InputFaults
from sortition.pool import Pool, read_people
from sortition.targets import read_targets
from tests.sortition.workbooks import Date, Rows, ods, packed, xlsx

TARGETS = "feature,value,min,max\nage,16-34,0,2\nage,35-54,0,2\n"
PEOPLE: Rows = [["id", "name", "age"], [1, "Zoë", "16-34"], [2, "Bo, Jr", "35-54"]]


def read(content: bytes) -> Pool:
    return read_people(content, read_targets(TARGETS))


def refused(content: bytes) -> list[str]:
    with pytest.raises(InputFaults) as refusal:
        read(content)
    return [fault.code for fault in refusal.value.faults]


@pytest.mark.parametrize("content", [xlsx({"People": PEOPLE}), ods(PEOPLE)], ids=["xlsx", "ods"])
def test_a_workbook_is_read_as_its_csv_file_would_be(content: bytes) -> None:
    pool = read(content)
    assert [(p.id, p.values, dict(p.kept)) for p in pool] == [
        ("1", ("16-34",), {"name": "Zoë"}),
        ("2", ("35-54",), {"name": "Bo, Jr"}),
    ]
    assert pool.notices == ()


def test_rows_stand_at_their_numbers() -> None:
    rows: Rows = [["Our people"], [], *PEOPLE, [3, "Al", "unknown"]]
    with pytest.raises(InputFaults) as refusal:
        read(xlsx({"People": rows}))
    assert [(fault.code, fault.row) for fault in refusal.value.faults] == [("unknown_value", 6)]


def test_numbers_and_dates_stand_as_people_read_them() -> None:
    rows: Rows = [["id", "born", "flat", "age"], [1.0, Date(29587), 12.5, 20]]
    [person] = read(xlsx({"People": rows}))
    assert (person.id, dict(person.kept)) == ("1", {"born": "1981-01-01", "flat": "12.5"})
    assert person.values == ("16-34",)


def test_the_sheet_with_the_wanted_headings_is_read_and_named() -> None:
    sheets = {"Notes": [["To do"], ["ring Zoë"]], "People": PEOPLE, "Old": [["id"], [9]]}
    pool = read(xlsx(sheets, hidden=["Old"]))
    assert len(pool) == 2
    assert str(pool.notices[0]) == (
        "people: The sheet People was read. The others were not: Notes."
    )


def test_a_workbook_without_anything_is_empty() -> None:
    assert refused(xlsx({"Sheet1": []})) == ["empty_file"]


#: One cell at the far corner: unrolled, a sheet of 17 thousand million cells.
FAR = '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row><row r="1"><c r="A1"><v>1</v></c></row>'
HOSTILE = {
    "damaged": xlsx({"People": PEOPLE})[:-40],
    "no workbook": packed({"a.txt": "hello"}),
    "only a signature": b"PK\x03\x04" + b"\0" * 500,
    "an old signature": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 500,
    "a far corner": xlsx({"People": FAR}),
    "a bomb": xlsx({"People": "<row><c><v>1</v></c></row>" * 3_000_000}),
}


@pytest.mark.parametrize("content", HOSTILE.values(), ids=HOSTILE)
def test_a_workbook_that_cannot_be_read_is_refused_in_a_sentence(content: bytes) -> None:
    assert refused(content) == ["excel"]


def test_the_fault_has_words() -> None:
    log = FaultList("people")
    log.add("excel")
    assert "Save it as “CSV UTF-8”" in str(log.faults[0])
