"""Who may register: areas and ages, as somebody who knows them by heart would say."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from panel_app.recruitment.registration import rules

LETTERS = st.sampled_from("ABCDEFGHJKLMNPRSTUWYZ")
OUTWARD = st.builds(
    lambda a, b, n: a + b + n, LETTERS, LETTERS | st.just(""), st.sampled_from(["1", "4", "14"])
)
INWARD = st.builds(lambda n, a, b: f"{n}{a}{b}", st.integers(0, 9), LETTERS, LETTERS)


@pytest.mark.parametrize(
    ("postcode", "area", "inside"),
    [
        ("E14 7AB", "E14", True),
        ("e147ab", "E14", True),
        ("E1 4AB", "E14", False),
        ("E14 7AB", "E1", False),
        ("E14 7AB", "E14 7", True),
        ("E14 8AB", "E14 7", False),
        ("E14 7AB", "E", True),
        ("EC1A 7AB", "E", False),
        ("E14 7AB", "E14 7AB", True),
        ("Canal Court", "E14", False),
        ("E১৪ ৭AB", "E14", True),
    ],
)
def test_a_district_is_never_taken_for_the_beginning_of_another(
    postcode: str, area: str, inside: bool
) -> None:
    assert rules.lies_in(postcode, area) is inside


@given(outward=OUTWARD, inward=INWARD, spaced=st.booleans())
def test_a_postcode_lies_in_its_own_district_however_it_is_typed(
    outward: str, inward: str, spaced: bool
) -> None:
    typed = f" {outward.lower()}{' ' if spaced else ''}{inward} "
    for area in (outward, f"{outward} {inward[0]}", f"{outward} {inward}"):
        kept = rules.area_of(area)
        assert kept == area
        assert rules.lies_in(typed, kept)
        assert rules.area_fault([kept], typed) is None


@given(
    st.integers(0, rules.OLDEST), st.none() | st.integers(0, 120), st.none() | st.integers(0, 120)
)
def test_ages_between_the_bounds_may_register(
    age: int, youngest: int | None, oldest: int | None
) -> None:
    allowed = (youngest is None or age >= youngest) and (oldest is None or age <= oldest)
    assert (rules.age_fault(youngest, oldest, age) is None) is allowed


@pytest.mark.parametrize("typed", ["", "High Street", "14", "E14!", "E14 77"])
def test_what_is_no_beginning_of_a_postcode_is_no_area(typed: str) -> None:
    assert rules.area_of(typed) is None


def test_only_a_feature_of_ages_takes_an_age() -> None:
    bands = ["16-34", "35+"]
    assert rules.ages_in("Age group", bands, date(2026, 1, 1)) is not None
    assert rules.ages_in("age_band", bands, date(2026, 1, 1)) is not None
    assert rules.ages_in("Wages", bands, date(2026, 1, 1)) is None
    assert rules.ages_in("Age", ["Younger", "Older"], date(2026, 1, 1)) is None
