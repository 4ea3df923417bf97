"""Ages and dates of birth go into the bands that the targets name, and are counted aloud."""

from __future__ import annotations

from datetime import date

import pytest

from sortition.bands import band_of
from sortition.faults import InputFaults
from sortition.pool import read_people
from sortition.targets import read_targets

ON = date(2026, 11, 27)
BANDS = {
    "dash": ["16-29", "30–44", "45—64", "65+"],
    "words": ["16 to 29", "30 to 44", "45 to 64", "65 and over"],
    "aged": ["Aged 16-29", "Aged 30-44", "Aged 45-64", "Over 64"],
    "Bengali": ["১৬ থেকে ২৯", "৩০ থেকে ৪৪", "৪৫ থেকে ৬৪", "৬৫ ও তার বেশি"],
    "Arabic": ["من 16 إلى 29", "من 30 إلى 44", "من 45 إلى 64", "65 فأكثر"],
}
TARGETS = "feature,value,min,max\nage,under 30,0,9\nage,30-44,0,9\nage,45+,0,9\nage,Not said,0,9\n"


@pytest.mark.parametrize("values", BANDS.values(), ids=BANDS)
def test_every_age_goes_into_the_one_band_that_holds_it(values: list[str]) -> None:
    find = band_of(values, ON)
    assert find is not None
    for age in range(16, 121):
        right = values[(age > 29) + (age > 44) + (age > 64)]
        assert find(str(age)) == right, age
    assert find("15") is None
    assert find("unknown") is None


@pytest.mark.parametrize(
    ("cell", "right"),
    [
        ("1996-11-27", "30-44"),
        ("1996-11-28", "under 30"),
        ("27/11/1996", "30-44"),
        ("28.11.1996", "under 30"),
        ("1996-11-27T00:00:00", "30-44"),
        ("1850-01-01", None),
        ("2030-01-01", None),
        ("31/02/1990", None),
        ("৩০", "30-44"),
    ],
)
def test_a_date_of_birth_counts_by_the_age_on_the_day(cell: str, right: str | None) -> None:
    find = band_of(["under 30", "30-44", "45+"], ON)
    assert find is not None
    assert find(cell) == right


@pytest.mark.parametrize(
    "values",
    [["1", "2", "3"], ["Women", "Men"], ["16-30", "30-44"], ["16-29"], ["44-30", "50+"]],
    ids=["numbers", "words", "overlap", "one", "backwards"],
)
def test_what_is_no_set_of_bands_takes_nothing(values: list[str]) -> None:
    assert band_of(values, ON) is None


def test_reading_counts_what_it_put_into_bands() -> None:
    targets = read_targets(TARGETS)
    people = "id,age\n1,29\n2,30-44\n3,1990-01-01\n4,80\n5,Not said\n6,81\n"
    pool = read_people(people, targets, on=ON)
    ages = ["under 30", "30-44", "30-44", "45+", "Not said", "45+"]
    assert [person.values[0] for person in pool] == ages
    [notice] = pool.notices
    assert str(notice) == (
        "people, column age: 4 numbers or dates were put into the bands that hold them:"
        " under 30: 1, 30-44: 1, 45+: 2."
    )


def test_an_age_that_no_band_holds_is_a_fault() -> None:
    with pytest.raises(InputFaults) as refusal:
        read_people("id,age\n1,17\n", read_targets(TARGETS.replace("under 30", "18-29")))
    assert [fault.code for fault in refusal.value.faults] == ["unknown_value"]
