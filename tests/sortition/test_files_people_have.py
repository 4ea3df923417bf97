"""Files as people have them: read where the meaning is clear, asked about where it isn't."""

import csv
import io
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sortition.cli.main import main
from sortition.csv_cells import csv_text, plain_text, safe_cell
from sortition.faults import InputFaults
from sortition.folding import fold
from sortition.not_this_one import Choices
from sortition.pool import Pool, read_people
from sortition.targets import read_targets

TARGETS = "feature,value,min,max\nage,16-34,0,2\nage,35-54,0,2\n"
ROWS = ["id,name,age", "1,Zoë,16-34", "2,Bo,35-54"]
PLAIN = "\n".join(ROWS)


def _read(content: bytes | str, choices: Choices | None = None, **options: object) -> Pool:
    return read_people(content, read_targets(TARGETS), leave_out=choices, **options)  # type: ignore[arg-type]


def _codes(pool: Pool) -> list[tuple[str, int | None]]:
    return [(notice.code, notice.row) for notice in pool.notices]


def _refused(content: bytes | str, choices: Choices | None = None) -> list[str]:
    with pytest.raises(InputFaults) as refusal:
        _read(content, choices)
    return [fault.code for fault in refusal.value.faults]


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252"]
)
@pytest.mark.parametrize("mark", [",", ";", "\t", "|"])
def test_letters_and_delimiters_of_spreadsheets_are_read(encoding: str, mark: str) -> None:
    pool = _read(PLAIN.replace(",", mark).encode(encoding))
    assert [person.kept["name"] for person in pool] == ["Zoë", "Bo"]
    assert ("guessed_letters", None) in _codes(pool) or encoding != "cp1252"


@pytest.mark.parametrize(
    "text",
    [
        "id;name;age;Phone, if any\n1;Zoë;16-34;0\n2;Bo;35-54;0\n",
        "sep=;\nid;name;age\n1;Zoë, Ann;16-34\n2;Bo, Al;35-54\n",
        '"sep=|"\r\nid|name|age\r\n1|Zoë|16-34\r\n2|Bo|35-54\r\n',
        'id,name,age\n1,"a;b;c;d",16-34\n2,"e;f;g;h",35-54\n',
        "Register of 2026,,\n,,\nid,name,age\n1,Zoë,16-34\n2,Bo,35-54\n",
        "Register,2026\nid,name,age\n1,Zoë,16-34\n2,Bo,35-54\n",
    ],
)
def test_the_delimiter_and_the_header_are_found(text: str) -> None:
    assert [person.id for person in _read(text)] == ["1", "2"]


def test_rows_that_hold_nobody_are_skipped_with_a_notice() -> None:
    below = "\n,,\n,,FALSE\nTotal 2,,\nExported on 3 May,,\n"
    pool = _read(PLAIN + below)
    assert len(pool) == 2
    assert _codes(pool) == [
        ("blank_row", 4), ("no_person", 5), ("no_person", 6), ("no_person", 7)
    ]  # fmt: skip


def test_a_person_without_values_is_not_taken_for_a_remark() -> None:
    assert _refused(f"{PLAIN}\n3,,\n") == ["blank_cell"]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Saint-\u00c9tienne", "saint-E\u0301tienne"),
        ("35–54", "35 - 54"),
        ("35\u221254", "35\u201154"),
        ("2.0", "2"),
        ("2,0", "2"),
        ("50 %", "50%"),
        ("50\u00a0%", "50.0%"),
        ("\u200f16-34\u200e", "16-34"),
        ("১২", "12"),
        ("١٢", "12"),
        ("Flat 2\r\n10 High\tStreet ", "flat 2 10 high street"),
        ("STRASSE", "straße"),
    ],
)
def test_what_looks_alike_is_alike(one: str, other: str) -> None:
    assert fold(one) == fold(other)


@pytest.mark.parametrize(
    ("one", "other"), [("1,000", "1"), ("1.000", "1"), ("-1", "1"), ("a-b", "a b")]
)
def test_what_differs_stays_different(one: str, other: str) -> None:
    assert fold(one) != fold(other)


@given(text=st.text())
def test_folding_twice_changes_nothing_more(text: str) -> None:
    assert fold(fold(text)) == fold(text)


def test_a_line_break_in_an_address_makes_no_other_home() -> None:
    text = 'id,age,street\n1,16-34,"Flat 2\n10 High Street"\n2,35-54,flat  2 10 High Street\n'
    assert _read(text, address_columns=["street"]).households == (("1", "2"),)


def test_addresses_that_may_be_one_household_are_listed() -> None:
    streets = [
        "10 High Street|N1 1AB",
        "10, High St.|n11ab",
        "12 High Street|N1 1AB",
        "21 High Street|N1 1AB",
    ]
    rows = "".join(f"{at}|16-34|{street}\n" for at, street in enumerate(streets))
    pool = _read(f"id|age|street|postcode\n{rows}", address_columns=["street", "postcode"])
    assert [notice.details["rows"] for notice in pool.notices] == ["2, 3"]
    assert not pool.households


@pytest.mark.parametrize(
    "header", ["id,age,Name,name", "id,age,Name,Name ", "id,age,AGE,x", "id,age,a\tb,a b"]
)
def test_a_heading_twice_is_refused(header: str) -> None:
    assert _refused(f"{header}\n1,16-34,x,y\n") == ["repeated_column"]


def test_ids_that_look_alike_are_one_person() -> None:
    assert _refused("id,age\nA1,16-34\n a1 ,35-54\n") == ["duplicate_id"]


def test_a_column_full_of_unknown_values_is_one_fault() -> None:
    ages = "".join(f"{at},about {at}\n" for at in range(16, 40))
    assert _refused(f"id,age\n{ages}") == ["unknown_values"]


@pytest.mark.parametrize(
    ("heading", "cells"),
    [
        ("Eligible", "Yes No"),
        ("can_attend", "y n"),
        ("Can they come?", "1 0"),
        ("Status", "registered withdrawn"),
        ("OptedOut", "TRUE FALSE"),
        ("deleted_at", "2026-01-02 "),
        ("Under 16?", "no yes"),
        ("over 18", "yes no"),
        ("Remarks", "fine withdrew"),
        ("Column1", "ok ineligible"),
        ("note", "asked do-not-contact"),
        ("যোগ্য?", "হ্যাঁ না"),
        ("উপস্থিত থাকতে পারবেন", "হ্যাঁ না"),
        ("অবস্থা", "নিবন্ধিত প্রত্যাহার"),
        ("মুছে ফেলা হয়েছে", "না হ্যাঁ"),
        ("মন্তব্য", "ঠিক সরে_দাঁড়িয়েছেন"),
        ("الأهلية", "نعم لا"),
        ("مؤهل", "نعم لا"),
        ("يستطيع الحضور", "نعم لا"),
        ("الحالة", "مسجل منسحب"),
        ("دون السن", "لا نعم"),
        ("ملاحظات", "جيد انسحبت"),
    ],
)
def test_columns_that_may_say_not_this_one_are_asked_about(heading: str, cells: str) -> None:
    first, second = cells.split(" ")
    text = f"id,age,{heading}\n1,16-34,{first}\n2,35-54,{second}\n"
    with pytest.raises(InputFaults) as refusal:
        _read(text)
    (fault,) = refusal.value.faults
    assert fault.code == "not_this_one"
    assert f"{first} 1" in str(fault)
    assert [person.id for person in _read(text, {heading: []})] == ["1", "2"]
    left = _read(text, {heading.upper(): [second]}) if second else None
    assert left is None or [person.id for person in left] == ["1"]


@pytest.mark.parametrize(
    "heading",
    [
        *("name", "Notes", "marital status", "phone", "tenure", "date of birth"),
        *("নাম", "মন্তব্য", "ঠিকানা", "বৈবাহিক অবস্থা", "শিক্ষাগত যোগ্যতা"),
        *("الاسم", "ملاحظات", "العنوان", "الحالة الاجتماعية", "تاريخ الميلاد"),
    ],
)
def test_other_columns_are_not_asked_about(heading: str) -> None:
    assert len(_read(f"id,age,{heading}\n1,16-34,a\n2,35-54,b\n")) == 2


def test_a_choice_about_a_column_that_is_not_there_is_refused() -> None:
    assert _refused(PLAIN, {"status": ["x"]}) == ["missing_column"]


def test_numbers_of_targets_are_read_generously() -> None:
    text = "feature;value;min;max;min_flex;max_flex\nage;a;1.0;২;;\nage;b;0;3;0;4\nTotal;;1;5;;\n"
    first, _ = read_targets(text).rows
    assert (first.minimum, first.maximum, first.flex_minimum, first.flex_maximum) == (1, 2, 0, 5)


def _command(folder: Path, dropped: str) -> list[str]:
    people = "nr,unique_id,age\n" + "".join(f"{9 - n},A{n},16-34\n" for n in range(1, 6))
    for name, text in {
        "t": "feature,value,min,max\nage,16-34,2,2\n",
        "p": people,
        "d": dropped,
    }.items():
        (folder / f"{name}.csv").write_text(text)
    (folder / "s.csv").write_text(
        "name,UNIQUE ID\nAnn,a1\nBo,A2\n".replace("UNIQUE ID", "unique_id")
    )
    given = ["replace", "--size", "2", "--json"]
    for option, name in {
        "targets": "t",
        "people": "p",
        "already-selected": "s",
        "dropped": "d",
    }.items():
        given += [f"--{option}", str(folder / f"{name}.csv")]
    return given


def test_ids_of_members_are_found_by_the_columns_name(tmp_path: Path) -> None:
    assert main(_command(tmp_path, "reason,unique_id\nill,A1\n")) == 0


def test_members_without_an_id_column_are_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(_command(tmp_path, "reason,who\nill,A1\n")) == 2
    assert "dropped, row 1, column unique_id" in capsys.readouterr().err


FORMULAS = ("=", "+", "-", "@", "|", "%", "\uff1d")


@settings(max_examples=300)
@given(text=st.text("a;\n\r\t '\"=-@"))
def test_no_cell_begins_like_a_formula_wherever_a_program_cuts_it(text: str) -> None:
    written = str(safe_cell(text))
    for mark in ";\t\r\n":
        for part in written.split(mark):
            assert not part.lstrip(' "\t\r\n').startswith(FORMULAS)
    assert plain_text(written) == text


def test_numbers_stay_numbers_and_lines_stay_lines() -> None:
    text = csv_text(["a", "b"], [[-1, "=1"], [None, "x\r\ny"]])
    assert list(csv.reader(io.StringIO(text))) == [["a", "b"], ["-1", "'=1"], ["", "x\r\ny"]]


def test_targets_in_per_cent_are_of_the_panels_size() -> None:
    typed = 'feature,value,min,max\nGender,Women,45%,"55,5 %"\nGender,Men,৪৫ %,55%\n'
    read = read_targets(typed, 22)
    assert [(row.minimum, row.maximum) for row in read] == [(9, 13), (9, 13)]
    with pytest.raises(InputFaults) as refused:
        read_targets(typed)
    assert {fault.code for fault in refused.value.faults} == {"not_a_number"}
