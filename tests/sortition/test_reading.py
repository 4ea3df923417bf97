"""Bad input is refused with every fault, its row and its column; good input is read generously."""

import csv
import tracemalloc

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sortition.faults import Fault, InputFaults
from sortition.pool import Pool, read_people
from sortition.sample import sample_pool
from sortition.targets import Targets, read_targets, size_faults

TARGETS = "feature,value,min,max\nAge,young,1,2\nAge,old,0,2\n"


def _codes(refusal: pytest.ExceptionInfo[InputFaults]) -> list[tuple[str, int | None, str | None]]:
    return [(fault.code, fault.row, fault.column) for fault in refusal.value.faults]


def _people(text: str | bytes, **options: str) -> Pool:
    return read_people(text, read_targets(TARGETS), **options)


@pytest.mark.parametrize(
    "header",
    ["feature,value,min,max", "category,name,min,max", "category,feature,min,max"],
)
def test_the_three_header_sets_read_alike(header: str) -> None:
    targets = read_targets(f"{header}\nAge,young,1,2\nAge,old,0,2")
    assert targets.rows == read_targets(TARGETS).rows


def test_flex_columns_are_read_and_default_to_the_widest_sum() -> None:
    assert [row.flex_maximum for row in read_targets(TARGETS)] == [4, 4]
    text = "feature,value,min,max,min_flex,max_flex\nAge,young,1,2,1,3\n"
    (row,) = read_targets(text).rows
    assert (row.flex_minimum, row.flex_maximum) == (1, 3)


def test_byte_order_mark_blank_rows_comments_and_extra_columns_are_accepted() -> None:
    text = "\ufefffeature,value,min,max,note\n\n Age , young ,1,2,x\n# a comment,,,,\nAge,old,0,2"
    targets = read_targets(text.encode())
    assert [(row.feature, row.value) for row in targets] == [("Age", "young"), ("Age", "old")]
    notices = [(notice.code, notice.row) for notice in targets.notices]
    assert notices == [("blank_row", 2), ("no_minimum", 4)]


def test_every_fault_of_the_targets_is_listed() -> None:
    text = "feature,value,min,max\nAge,young,3,2\nAge,,0,2\nAge,old,x,2\nAge,YOUNG,0,-1\n"
    with pytest.raises(InputFaults) as refusal:
        read_targets(text)
    assert _codes(refusal) == [
        ("out_of_order", 2, "min"),
        ("blank_cell", 3, "value"),
        ("not_a_number", 4, "min"),
        ("not_a_number", 5, "max"),
    ]


def test_one_flex_column_alone_is_refused() -> None:
    with pytest.raises(InputFaults) as refusal:
        read_targets("feature,value,min,max,min_flex\nAge,young,1,2,0\n")
    assert _codes(refusal) == [("missing_column", 1, "max_flex")]


def test_sums_of_minimums_and_maximums_must_hold_the_size() -> None:
    targets = read_targets(TARGETS)
    assert [fault.code for fault in size_faults(targets, 5)] == ["maxima_below_size"]
    assert [fault.code for fault in size_faults(targets, 0)] == ["no_seats"]
    assert not size_faults(targets, 2)


def test_every_fault_of_the_people_is_listed() -> None:
    text = "id,AGE\n1,young\n2,\n3,ancient\n1,old\n,old\n"
    with pytest.raises(InputFaults) as refusal:
        _people(text)
    assert sorted(_codes(refusal), key=str) == sorted(
        [
            ("blank_cell", 3, "AGE"),
            ("unknown_value", 4, "AGE"),
            ("blank_id", 6, "id"),
            ("duplicate_id", 5, None),
        ],
        key=str,
    )


def test_values_match_whatever_their_case_and_keep_the_targets_spelling() -> None:
    pool = _people("unique_id,aGe\na, YOUNG \nb,Old\n")
    assert [person.values for person in pool] == [("young",), ("old",)]
    assert [person.id for person in pool] == ["a", "b"]


def test_identical_rows_are_merged_with_a_notice() -> None:
    pool = _people("id,age\n1,old\n1,old\n2,young\n")
    assert len(pool) == 2
    assert [(notice.code, notice.row) for notice in pool.notices] == [("merged_rows", 3)]


def test_people_without_an_id_column_are_numbered() -> None:
    assert [person.id for person in _people("age\nold\nyoung\n")] == ["1", "2"]


def test_a_feature_column_missing_or_repeated_is_refused() -> None:
    for text, code in (
        ("id\n1\n", "missing_column"),
        ("id,age,Age\n1,old,old\n", "repeated_column"),
    ):
        with pytest.raises(InputFaults) as refusal:
            _people(text)
        assert _codes(refusal)[0][0] == code


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"PK\x03\x04 workbook", "excel"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 old workbook", "excel"),
        (b"id,age\n1,old\n2,caf\x81\n", "encoding"),
        (b"", "empty_file"),
        (b"id,age\n", "no_people"),
        (b'id,age\n1,"old\n', "malformed"),
        (b"id,age\n1,old,extra\n", "extra_cells"),
        (b"id,age\n1,old\x00\n", "null_character"),
        (b"id,age\n" + b"x" * 1_000_001 + b",old\n", "malformed"),
        (b"id,age\n" + b"x" * 100_000 + b",old\n", "long_cell"),
    ],
)
def test_files_that_are_no_table_are_refused_in_words(content: bytes, code: str) -> None:
    with pytest.raises(InputFaults) as refusal:
        _people(content)
    assert code in [fault.code for fault in refusal.value.faults]
    assert len(str(refusal.value)) < 2_000


def test_utf16_and_semicolons_are_read() -> None:
    assert len(_people("id;age\n1;old\n2;young\n".encode("utf-16"))) == 2


@settings(max_examples=150, deadline=None)
@given(content=st.binary(max_size=200), prefix=st.sampled_from([b"", b"id,age\n", b"\xff\xfe"]))
def test_no_bytes_at_all_end_in_anything_but_faults(content: bytes, prefix: bytes) -> None:
    for read in (_people, read_targets):
        refused: tuple[Fault, ...] | None = None
        try:
            assert isinstance(read(prefix + content), Pool | Targets)
        except InputFaults as refusal:
            refused = refusal.faults
        assert refused != ()


def test_what_else_runs_in_the_process_changes_no_answer() -> None:
    before = csv.field_size_limit(10)
    try:
        assert len(_people("id,age\nsomebody with a long name,old\n")) == 1
    finally:
        csv.field_size_limit(before)


def test_a_large_register_is_read_in_little_memory() -> None:
    """A person takes about what the file and the person's own texts take, and nothing twice."""
    made = sample_pool(size=3000, panel=50, features=8, seed=1)
    targets = read_targets(made.targets)
    tracemalloc.start()
    pool = read_people(made.people, targets, address_columns=("address", "postcode"))
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert most < 1500 * len(pool)
