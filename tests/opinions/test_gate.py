"""Groups are shown only when they deserve it, and otherwise a reason is given."""

from __future__ import annotations

import numpy as np
import pytest

from panel_app.opinions import Reason, analyse, analyse_given_groups, gate_sentence
from panel_app.opinions.gate import judge_groups
from panel_app.opinions.wording import plain_gettext, plain_ngettext
from tests.opinions.made_up import camps, matrix_from


@pytest.mark.parametrize(
    ("sizes", "enough_votes", "stability", "reason"),
    [
        ({0: 10, 1: 5}, 15, 0.8, Reason.SHOWN),
        ({0: 10, 1: 5}, 14, 1.0, Reason.TOO_FEW_PEOPLE),
        ({0: 20}, 20, 1.0, Reason.NO_SPLIT),
        ({0: 18, 1: 2}, 20, 1.0, Reason.TINY_GROUP),
        ({0: 96, 1: 4}, 100, 1.0, Reason.TINY_GROUP),
        ({0: 95, 1: 5}, 100, 1.0, Reason.SHOWN),
        ({0: 50, 1: 50}, 100, 0.799, Reason.UNSTEADY),
        ({0: 50, 1: 50}, 100, None, Reason.NOT_MEASURED),
    ],
)
def test_thresholds(
    sizes: dict[int, int], enough_votes: int, stability: float | None, reason: Reason
) -> None:
    gate = judge_groups(sizes, enough_votes=enough_votes, stability=stability)
    assert gate.reason is reason
    assert gate.shown is (reason is Reason.SHOWN)


@pytest.mark.parametrize(
    ("sizes", "enough_votes", "stability", "sentence"),
    [
        ({0: 9, 1: 5}, 1, 1.0, "1 person has voted on enough statements, and it takes at least 15"),
        ({0: 20}, 20, None, "the answers of 20 people don't divide into groups"),
        ({0: 99, 1: 4}, 103, 1.0, "only 4 people, and the least is 6"),
        ({0: 50, 1: 50}, 100, 0.42, "match by 42 out of 100; it takes 80"),
        ({0: 50, 1: 50}, 100, 0.93, "100 people were placed"),
        ({0: 50, 1: 50}, 100, None, "nobody has measured"),
    ],
)
def test_reason_is_said_with_its_counts(
    sizes: dict[int, int], enough_votes: int, stability: float | None, sentence: str
) -> None:
    gate = judge_groups(sizes, enough_votes=enough_votes, stability=stability)
    assert sentence in gate_sentence(gate, gettext=plain_gettext, ngettext=plain_ngettext)


def test_noise_is_not_shown_as_groups() -> None:
    rng = np.random.default_rng(5)
    analysis = analyse(matrix_from(rng.integers(-1, 2, size=(60, 15))))
    assert analysis.gate.reason is Reason.UNSTEADY


def test_ten_people_are_too_few_whatever_they_say() -> None:
    analysis = analyse(camps(sizes=[5, 5], noise=0.0))
    assert analysis.gate.reason is Reason.TOO_FEW_PEOPLE


def test_without_measured_stability_groups_stay_hidden() -> None:
    matrix = camps()
    assert analyse(matrix, with_stability=False).gate.reason is Reason.NOT_MEASURED
    groups = {person: int(person) // 30 for person in matrix.participants}
    given = analyse_given_groups(matrix, groups)
    assert not given.gate.shown
    assert given.sizes == {0: 30, 1: 30, 2: 30}
    assert given.silhouette is not None
