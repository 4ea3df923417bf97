"""What columns and cells mean: said by somebody, guessed for somebody, never silently."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sortition.api import make_lottery
from sortition.bundle import seal
from sortition.cli.main import main
from sortition.faults import InputFaults
from sortition.meanings import (
    NO_ANSWER,
    Meanings,
    before_damage,
    is_cut_number,
    likely_value,
    with_no_answer,
)
from sortition.pool import Pool, read_people
from sortition.targets import read_targets
from sortition.verify import main as verify
from tests.sortition.workbooks import xlsx

TARGETS = "feature,value,min,max\nage,16-34,1,2\nage,35-54,1,2\n"
SILENT = "id,age\n1,16-34\n2,35-54\n3,\n4,Prefer not to say\n5,16-34\n"
ROOMS = ["1", "2-3", "4-5", "6+"]


def _read(text: str, meanings: Meanings | None = None) -> Pool:
    return read_people(text, read_targets(TARGETS), meanings=meanings)


def test_a_feature_is_read_from_the_column_that_somebody_chose() -> None:
    pool = _read("id,age,band\n1,x,16-34\n2,y,35-54\n", Meanings({"age": "band"}))
    assert [one.values for one in pool] == [("16-34",), ("35-54",)]
    assert pool.people[0].kept == {"age": "x"}


def test_a_cell_stands_for_the_value_that_somebody_said() -> None:
    pool = _read("id,age\n1,Young\n2,35-54\n", Meanings(values={"age": {"young": "16-34"}}))
    assert pool.people[0].values == ("16-34",)
    assert [(n.code, n.details["count"]) for n in pool.notices] == [("explained", 1)]


def test_a_feature_column_may_be_part_of_the_address_too() -> None:
    pool = read_people(
        "id,age,flat\n1,16-34,A\n2,35-54,A\n", read_targets(TARGETS),
        address_columns=["age", "flat"], meanings=Meanings(also_kept=["age"]),
    )  # fmt: skip
    assert pool.people[0].kept == {"age": "16-34", "flat": "A"}
    assert pool.households == ()


def test_the_sheet_is_chosen() -> None:
    rows = [["id", "age"], ["1", "16-34"]]
    book = xlsx({"Notes": [["id", "age"], ["9", "35-54"]], "People": rows})
    pool = read_people(book, read_targets(TARGETS), meanings=Meanings(sheet="People"))
    assert [one.id for one in pool] == ["1"]
    with pytest.raises(InputFaults, match="no sheet Other"):
        read_people(book, read_targets(TARGETS), meanings=Meanings(sheet="Other"))


@pytest.mark.parametrize(
    "cell", ["02-Mar", "2-Mar", "03-Feb", "Mar-02", "2026-03-02", "02/03/2026"]
)
def test_what_a_spreadsheet_made_a_date_of_is_recognised(cell: str) -> None:
    assert before_damage(cell, ROOMS) == "2-3"
    assert likely_value(cell, ROOMS) == "2-3"


@pytest.mark.parametrize("cell", ["", "2", "March", "12-Dec", "2026-13-45", "2-3-4"])
def test_what_is_no_damage_is_not_taken_for_it(cell: str) -> None:
    assert before_damage(cell, ROOMS) is None


def test_damage_is_named_and_can_be_explained() -> None:
    targets = read_targets("feature,value,min,max\nrooms,2-3,0,2\nrooms,4-5,0,2\n")
    people = "id,rooms\n1,02-Mar\n2,4-5\n"
    with pytest.raises(InputFaults, match="what spreadsheets make of 2-3") as refusal:
        read_people(people, targets)
    assert refusal.value.unknown == {"rooms": {"02-Mar": 1}}
    told = Meanings(values={"rooms": {"02-Mar": "2-3"}})
    assert read_people(people, targets, meanings=told).people[0].values == ("2-3",)


def test_ids_that_a_spreadsheet_cut_short_are_refused_and_other_numbers_noted() -> None:
    assert is_cut_number("4.47701E+11")
    assert not is_cut_number("4.5")
    with pytest.raises(InputFaults, match="cut short"):
        _read("id,age\n4.47701E+11,16-34\n")
    notices = _read("id,age,phone\n1,16-34,4.47701E+11\n").notices
    assert [notice.code for notice in notices] == ["cut_numbers"]


def test_twenty_thousand_wrong_cells_are_one_sentence() -> None:
    rows = "".join(f"{n},wrong\n" for n in range(20_000))
    with pytest.raises(InputFaults) as refusal:
        _read(f"id,age\n{rows}")
    assert len(str(refusal.value).splitlines()) == 1
    assert "and 19992 more" in str(refusal.value)
    assert len(str(refusal.value)) < 400


def test_no_answer_is_a_fault_until_somebody_says_otherwise() -> None:
    with pytest.raises(InputFaults):
        _read(SILENT)
    pool = _read(SILENT, Meanings(may_be_silent=True))
    assert [one.values[0] for one in pool] == ["16-34", "35-54", NO_ANSWER, NO_ANSWER, "16-34"]
    assert len(pool.without_the_silent()) == 3


def test_no_answer_counts_for_no_target_and_the_bundle_still_verifies(tmp_path: Path) -> None:
    pool = _read(SILENT, Meanings(may_be_silent=True))
    targets = with_no_answer(read_targets(TARGETS), (one.values for one in pool), 3)
    made = make_lottery(pool, targets, 3, panels=100, seed=1)
    for name, text in seal(made, salt="s", randomness="dice").files.items():
        (tmp_path / name).write_text(text, encoding="utf-8", newline="")
    assert verify([str(tmp_path)]) == 0
    chances = {one.id: one.values for one in pool}
    for panel in made.panels:
        answered = [chances[person][0] for person in panel]
        assert 1 <= answered.count("16-34") <= 2


def test_the_command_line_reads_with_the_same_meanings(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "t.csv").write_text(TARGETS)
    (tmp_path / "p.csv").write_text("id,band\n1,Young\n2,35-54\n3,\n4,16-34\n")
    options = ["check", "--targets", str(tmp_path / "t.csv"), "--people", str(tmp_path / "p.csv")]
    options += ["--size", "2", "--column", "age=band", "--value", "age:Young=16-34"]
    assert main(options) == 2
    assert main([*options, "--no-answer", "leave"]) == 0
    assert main([*options, "--no-answer", "exclude"]) == 0
    capsys.readouterr()


@given(st.text(max_size=12), st.lists(st.text(max_size=8), max_size=5))
def test_no_cell_breaks_the_guess(cell: str, values: list[str]) -> None:
    assert likely_value(cell, values) in {None, "", *values}
