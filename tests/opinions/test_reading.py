"""What people read: picked by counts, gated, and never about too few."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from panel_app.gettext_protocol import plain_gettext, plain_ngettext
from panel_app.opinions import (
    Direction,
    Leanings,
    Reading,
    Reason,
    group_letter,
    tell,
    tell_group,
    tell_place,
    where_you_sit,
)
from panel_app.opinions.analysis import Analysis
from panel_app.opinions.api import analyse_given_groups, leanings_of, read_votes
from panel_app.opinions.reading import Counts
from panel_app.opinions.remarks import _Reader
from panel_app.opinions.sentences import size_sentence
from panel_app.opinions.statistics import Tally
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


def own(analysis: Analysis, person: str) -> dict[str, int]:
    """What somebody answered, as `where_you_sit` takes it."""
    row = analysis.matrix.participants.index(person)
    answers = zip(analysis.matrix.statement_ids, analysis.matrix.values[row].tolist(), strict=True)
    seen = analysis.matrix.seen[row].tolist()
    return {name: value for (name, value), known in zip(answers, seen, strict=True) if known}


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
    assert not reading.gate.shown
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
    remarks = reading.remarks
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
    found = replace(
        analysis,
        tally=Tally(nobody, nobody, by_group),
        everyone=Tally(nobody[:1], nobody[:1], everyone[None]),
    )
    told = _Reader(found).told
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
    common = tell("common_ground", reading, TEXTS, **WORDS)
    assert common[0].sentence == "20 of 20 people agree: “Plant trees”"
    assert common[0].by_group == ("Group A: 12 of 12 agree.", "Group B: 8 of 8 agree.")
    assert common[1].sentence == "20 of 20 people disagree: “Close the hall”"
    divides = tell("divides", reading, TEXTS, **WORDS)
    assert divides[0].sentence == (
        "People differ on “Ban cars”: of 20 people 12 agree and 8 disagree."
    )
    assert divides[0].by_group == ("Group A: 12 of 12 agree.", "Group B: 0 of 8 agree.")
    unsure = tell("unsure", reading, TEXTS, **WORDS)
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
    analysis = two_groups()
    place = where_you_sit(leanings_of(analysis), own(analysis, "15"))
    assert place.group == 1
    assert (place.majority.alike, place.majority.compared) == (2, 3)
    # a person of the south: alike on trees and hall, apart on cars
    assert (place.groups[0].alike, place.groups[0].compared) == (2, 3)
    assert (place.groups[1].alike, place.groups[1].compared) == (3, 3)
    sentences = tell_place(place, **WORDS)
    assert sentences[0] == "Your answers are closest to group B."
    assert "group B on 3 of the 3 statements" in sentences[2]
    assert sentences[-1] == "You answered like most people on 2 of 3 statements."


def test_where_you_sit_without_groups_is_beside_the_majority() -> None:
    analysis = two_groups(shown=False)
    place = where_you_sit(leanings_of(analysis), own(analysis, "15"))
    assert (place.group, place.groups) == (None, {})
    assert tell_place(place, **WORDS) == ("You answered like most people on 2 of 3 statements.",)


def test_newcomer_is_told_how_many_votes_are_missing() -> None:
    sentences = tell_place(where_you_sit(leanings_of(two_groups()), {}), **WORDS)
    assert sentences == ("Vote on 4 more statements to see where you sit.",)


def test_somebody_who_only_passed_is_compared_with_nobody() -> None:
    rows = [*NORTH, *SOUTH, [0, 0, 0, 0]]
    groups = {str(person): int(person >= len(NORTH)) for person in range(len(rows))}
    analysis = analyse_given_groups(matrix_from(rows), groups)
    place = where_you_sit(leanings_of(analysis), own(analysis, "20"))
    assert tell_place(place, **WORDS) == (
        "There is nothing yet that most people and you both took a side on.",
    )


@pytest.mark.parametrize(("label", "letter"), [(0, "A"), (4, "E"), (25, "Z"), (26, "AA")])
def test_groups_are_called_by_letters(label: int, letter: str) -> None:
    assert group_letter(label) == letter


@pytest.mark.parametrize("shown", [True, False])
def test_what_is_kept_comes_back_from_json_as_it_was(shown: bool) -> None:
    analysis = two_groups(shown=shown)
    reading, leanings = read_votes(analysis), leanings_of(analysis)
    assert Reading.from_json(json.loads(json.dumps(reading.to_json()))) == reading
    assert Leanings.from_json(json.loads(json.dumps(leanings.to_json()))) == leanings


def test_statement_taken_back_is_told_nowhere() -> None:
    reading, leanings = read_votes(two_groups()), leanings_of(two_groups())
    assert {remark.statement for remark in reading.remarks} == {"0", "1", "2", "3"}
    assert {remark.statement for remark in reading.only("023").remarks} == {"0", "2", "3"}
    left = leanings.without("1")
    assert "1" not in set(left.everyone).union(*left.groups.values())


def test_equally_close_groups_are_not_chosen_between() -> None:
    leanings = Leanings({}, {0: {"1": 1, "2": 1, "3": 1}, 1: {"4": 1, "5": 1, "6": 1}}, 6)
    place = where_you_sit(leanings, dict.fromkeys("123456", 1))
    assert place.group is None
    assert tell_place(place, **WORDS)[0].startswith("You answered like most of group A on 3")
