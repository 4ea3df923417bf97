"""What people read: picked by counts, gated, and never about too few."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from panel_app.opinions import (
    Analysis,
    Counts,
    Direction,
    Reading,
    Reason,
    Remark,
    analyse_given_groups,
    describe_bar,
    describe_map,
    draw_map,
    group_letter,
    read_votes,
    size_sentence,
    tell_common_ground,
    tell_divides,
    tell_group,
    tell_seat,
    tell_unsure,
    where_you_sit,
)
from panel_app.opinions.reading import _told
from panel_app.opinions.tallies import Tally
from panel_app.opinions.wording import plain_gettext, plain_ngettext
from tests.opinions.made_up import matrix_from

WORDS = {"gettext": plain_gettext, "ngettext": plain_ngettext}
TEXTS = {"0": "Plant trees", "1": "Ban cars", "2": "Close the hall", "3": "Dig a pond"}

# columns: all agree; groups differ; all disagree; most pass
NORTH = [[1, 1, -1, 0]] * 10 + [[1, 1, -1, 1]] * 2
SOUTH = [[1, -1, -1, 0]] * 8


def two_groups(shown: bool = True, south: list[list[int]] = SOUTH) -> Analysis:
    rows = [*NORTH, *south]
    groups = {str(person): int(person >= len(NORTH)) for person in range(len(rows))}
    analysis = analyse_given_groups(matrix_from(rows), groups)
    reason = Reason.SHOWN if shown else Reason.UNSTEADY
    return replace(analysis, gate=replace(analysis.gate, reason=reason, stability=0.9))


def told(reading: Reading) -> dict[str, list[str]]:
    kinds = (reading.common_ground, reading.divides, reading.unsure)
    names = ("common", "divides", "unsure")
    return {n: [r.statement for r in kind] for n, kind in zip(names, kinds, strict=True)}


def test_shown_groups_are_read_statement_by_statement() -> None:
    reading = read_votes(two_groups())
    assert told(reading) == {"common": ["0", "2"], "divides": ["1"], "unsure": ["3"]}
    assert [remark.direction for remark in reading.common_ground] == [
        Direction.AGREE,
        Direction.DISAGREE,
    ]
    assert reading.divides[0].groups == {0: Counts(12, 0, 0), 1: Counts(0, 8, 0)}
    assert reading.divides[0].score == pytest.approx(13 / 14 - 1 / 10)


def test_hidden_groups_leave_majority_and_division_only() -> None:
    reading = read_votes(two_groups(shown=False))
    assert told(reading) == {"common": ["0", "2"], "divides": ["1"], "unsure": ["3"]}
    assert not reading.groups_shown
    assert reading.typical == {}
    assert reading.sizes == {}
    assert all(not remark.groups for remark in (*reading.common_ground, *reading.divides))
    # 8 of 20 disagree: the size of the minority, not a difference of groups
    assert reading.divides[0].score == pytest.approx(8 / 20)


def test_a_group_of_four_is_never_counted_out_loud() -> None:
    analysis = two_groups(south=SOUTH[:4])
    reading = read_votes(analysis)
    assert reading.common_ground == ()  # nothing is claimed of a group too small to count
    for remark in (*reading.divides, *reading.unsure):
        assert 1 not in remark.groups
    intro, typical = tell_group(reading, 1, TEXTS, **WORDS)
    assert intro == "Group B is fewer than 5 people."
    assert typical == ()


def remarks_of(reading: Reading) -> list[Remark]:
    kinds = (reading.common_ground, reading.divides, reading.unsure, *reading.typical.values())
    return [remark for kind in kinds for remark in kind]


def with_a_third_part(rest: int, placed: bool) -> Analysis:
    """As `two_groups`, with some more people: a group of their own, or on no map."""
    rows = [*NORTH, *SOUTH, *[[1, -1, 1, 0]] * rest, *[[1, 9, 9, 9]] * 5]
    groups = {str(person): int(person >= 12) + int(person >= 20) for person in range(20 + rest)}
    if not placed:
        groups = {person: group for person, group in groups.items() if group < 2}
    analysis = analyse_given_groups(matrix_from(rows), groups)
    return replace(analysis, gate=replace(analysis.gate, reason=Reason.SHOWN, stability=0.9))


@pytest.mark.parametrize("rest", [0, 1, 4, 5])
@pytest.mark.parametrize("placed", [True, False])
def test_no_answers_of_one_to_four_are_told_by_subtraction(rest: int, placed: bool) -> None:
    """A third group too small to count, or people on no map, are all answers less the groups'."""
    reading = read_votes(with_a_third_part(rest, placed))
    remarks = remarks_of(reading)
    assert {remark.statement for remark in remarks} >= {"3"}
    for remark in remarks:
        untold = remark.everyone.votes - sum(counts.votes for counts in remark.groups.values())
        assert untold == 0 or untold >= 5
    # what sets groups apart is told of groups side by side, or not at all
    assert all(len(remark.groups) > 1 for remark in reading.divides)
    assert bool(reading.divides) is (rest in (0, 5))


@given(
    st.lists(st.lists(st.integers(0, 12), min_size=3, max_size=3), min_size=1, max_size=4),
    st.lists(st.integers(0, 9), min_size=3, max_size=3),
)
def test_subtraction_never_leaves_one_to_four_votes(
    votes: list[list[int]], unplaced: list[int]
) -> None:
    by_group, nobody = np.array(votes, dtype=float), np.zeros((len(votes), 3))
    everyone = by_group.sum(axis=0) + unplaced
    analysis = two_groups()
    findings = replace(
        analysis.findings,
        tally=Tally(nobody, nobody, by_group),
        everyone=Tally(nobody[:1], nobody[:1], everyone[None]),
    )
    told = _told(replace(analysis, findings=findings))
    rest = everyone - (by_group * told).sum(axis=0)
    assert (by_group[told] >= 5).all()
    assert ((rest == 0) | (rest >= 5) | ~told.any(axis=0)).all()


def test_group_is_never_compared_with_nobody() -> None:
    for rest in range(7):
        reading = read_votes(with_a_third_part(rest, placed=True))
        for label in reading.sizes:
            for one in tell_group(reading, label, TEXTS, **WORDS)[1]:
                assert "of 0 in the other groups" not in one.sentence


def test_sizes_do_not_give_a_small_group_away() -> None:
    sizes = {0: 12, 1: 11, 2: 4}
    assert [size_sentence(sizes, label, **WORDS) for label in sizes] == [
        "Group A is 5 people or more.",
        "Group B is 5 people or more.",
        "Group C is fewer than 5 people.",
    ]


def test_statement_with_four_votes_is_not_spoken_of() -> None:
    rows = [[1, 1]] * 4 + [[1, 9]] * 12
    groups = {str(person): person % 2 for person in range(16)}
    analysis = analyse_given_groups(matrix_from(rows), groups)
    reading = read_votes(analysis)
    assert [remark.statement for remark in reading.common_ground] == ["0"]


def test_rejected_statements_are_not_read_out() -> None:
    rows = [[1, 1]] * 20
    analysis = analyse_given_groups(matrix_from(rows, moderation={0: -1}), {})
    assert [remark.statement for remark in read_votes(analysis).common_ground] == ["1"]


def test_sentences_carry_their_counts() -> None:
    reading = read_votes(two_groups())
    common = tell_common_ground(reading, TEXTS, **WORDS)
    assert common[0].sentence == "20 of 20 people agree: “Plant trees”"
    assert common[0].by_group == ("Group A: 12 of 12 agree.", "Group B: 8 of 8 agree.")
    assert common[1].sentence == "20 of 20 people disagree: “Close the hall”"
    divides = tell_divides(reading, TEXTS, **WORDS)
    assert divides[0].sentence == (
        "People differ on “Ban cars”: of 20 people 12 agree and 8 disagree."
    )
    assert divides[0].by_group == ("Group A: 12 of 12 agree.", "Group B: 0 of 8 agree.")
    unsure = tell_unsure(reading, TEXTS, **WORDS)
    assert unsure[0].sentence == "18 of 20 people passed on “Dig a pond”"
    assert unsure[0].by_group == ("Group A: 10 of 12 passed.", "Group B: 8 of 8 passed.")


def test_group_is_described_by_its_most_typical_statements() -> None:
    reading = read_votes(two_groups())
    intro, typical = tell_group(reading, 0, TEXTS, **WORDS)
    assert intro == "Group A is 12 people out of 20."
    assert typical[0].sentence == (
        "“Ban cars”: 12 of 12 in group A agree, and 0 of 8 in the other groups."
    )
    _, typical = tell_group(reading, 1, TEXTS, **WORDS)
    assert "“Ban cars”: 8 of 8 in group B disagree, and 0 of 12 in the other groups." in [
        one.sentence for one in typical
    ]


def test_where_you_sit_compares_answers_with_each_group() -> None:
    seat = where_you_sit(two_groups(), "15")
    assert seat.group == 1
    assert (seat.majority.alike, seat.majority.compared) == (2, 3)
    # a person of the south: alike on trees and hall, apart on cars
    assert (seat.groups[0].alike, seat.groups[0].compared) == (2, 3)
    assert (seat.groups[1].alike, seat.groups[1].compared) == (3, 3)
    sentences = tell_seat(seat, **WORDS)
    assert sentences[0] == "Your answers are closest to group B."
    assert "group B on 3 of the 3 statements" in sentences[2]
    assert sentences[-1] == "You answered like most people on 2 of 3 statements."


def test_where_you_sit_without_groups_is_beside_the_majority() -> None:
    seat = where_you_sit(two_groups(shown=False), "15")
    assert (seat.group, seat.groups, seat.point) == (None, {}, None)
    assert tell_seat(seat, **WORDS) == ("You answered like most people on 2 of 3 statements.",)


def test_newcomer_is_told_how_many_votes_are_missing() -> None:
    sentences = tell_seat(where_you_sit(two_groups(), "nobody yet"), **WORDS)
    assert sentences == ("Vote on 4 more statements to see where you sit.",)


def test_somebody_who_only_passed_is_compared_with_nobody() -> None:
    rows = [*NORTH, *SOUTH, [0, 0, 0, 0]]
    groups = {str(person): int(person >= len(NORTH)) for person in range(len(rows))}
    analysis = analyse_given_groups(matrix_from(rows), groups)
    seat = where_you_sit(analysis, "20")
    assert tell_seat(seat, **WORDS) == (
        "There is nothing yet that most people and you both took a side on.",
    )


def test_map_has_areas_for_groups_and_a_text_alternative() -> None:
    analysis = two_groups()
    picture = draw_map(analysis, where_you_sit(analysis, "0"))
    assert picture is not None
    assert [(area.label, area.size) for area in picture.areas] == [(0, 12), (1, 8)]
    for area in picture.areas:
        assert -1 <= area.x <= 1
        assert -1 <= area.y <= 1
    assert picture.you is not None
    assert describe_map(picture, **WORDS) == (
        "Map of 2 groups: people who answered alike are close together. "
        "Group A is 12 people out of 20. Group B is 8 people out of 20. You are in group A."
    )


def test_hidden_groups_have_no_map() -> None:
    assert draw_map(two_groups(shown=False)) is None


def test_bar_has_a_text_alternative() -> None:
    assert describe_bar(Counts(3, 2, 1), ngettext=plain_ngettext) == (
        "Of 6 votes, 3 agree, 2 disagree and 1 pass."
    )


@pytest.mark.parametrize(("label", "letter"), [(0, "A"), (4, "E"), (25, "Z"), (26, "AA")])
def test_groups_are_called_by_letters(label: int, letter: str) -> None:
    assert group_letter(label) == letter
