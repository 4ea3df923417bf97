"""Groups are shown only when they deserve it, and otherwise a reason is given."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from panel_app.gettext_protocol import plain_gettext, plain_ngettext
from panel_app.opinions import Gate, Reason, gate_sentence
from panel_app.opinions.api import analyse, analyse_given_groups
from panel_app.opinions.may_show import judge_groups
from tests.opinions.made_up import camps, matrix_from


@pytest.mark.parametrize(
    ("sizes", "change", "reason"),
    [
        ({0: 10, 1: 5}, {}, Reason.SHOWN),
        ({0: 10, 1: 5}, {"enough_votes": 14}, Reason.TOO_FEW_PEOPLE),
        ({0: 20}, {}, Reason.NO_SPLIT),
        ({0: 18, 1: 2}, {}, Reason.TINY_GROUP),
        ({0: 96, 1: 4}, {}, Reason.TINY_GROUP),
        ({0: 95, 1: 5}, {}, Reason.SHOWN),
        ({0: 50, 1: 50}, {"beyond_chance": 4.9, "stability": None}, Reason.CHANCE),
        ({0: 50, 1: 50}, {"beyond_chance": None}, Reason.NOT_MEASURED),
        ({0: 50, 1: 50}, {"stability": None}, Reason.NOT_MEASURED),
        ({0: 50, 1: 50}, {"stability": 0.799}, Reason.UNSTEADY),
        ({0: 50, 1: 50}, {"typical": 1}, Reason.NOTHING_TYPICAL),
    ],
)
def test_thresholds(sizes: dict[int, int], change: dict[str, Any], reason: Reason) -> None:
    gate = judged(sizes, **change)
    assert gate.reason is reason
    assert gate.shown is (reason is Reason.SHOWN)


def judged(sizes: dict[int, int], **change: Any) -> Gate:
    good: dict[str, Any] = {"beyond_chance": 5.0, "stability": 0.8, "typical": 2}
    return judge_groups(sizes, **{"enough_votes": sum(sizes.values()), **good, **change})


@pytest.mark.parametrize(
    ("sizes", "change", "sentence"),
    [
        (
            {0: 9, 1: 5},
            {"enough_votes": 1},
            "1 person answered enough statements, and it takes at least 15",
        ),
        ({0: 20}, {}, "the answers of 20 people don't divide into groups"),
        ({0: 99, 1: 4}, {}, "fewer than 6 people"),
        ({0: 50, 1: 50}, {"beyond_chance": 0.0}, "dealt out at random"),
        ({0: 50, 1: 50}, {"stability": 0.42}, "leave out one person in ten"),
        ({0: 50, 1: 50}, {"typical": 0}, "nothing that they say sets them apart"),
        ({0: 50, 1: 50}, {}, "100 people were placed"),
        ({0: 50, 1: 50}, {"stability": None}, "nobody has measured"),
    ],
)
def test_reason_is_said_in_words(
    sizes: dict[int, int], change: dict[str, Any], sentence: str
) -> None:
    gate = judged(sizes, **change)
    assert sentence in gate_sentence(gate, gettext=plain_gettext, ngettext=plain_ngettext)


def test_noise_is_not_shown_as_groups() -> None:
    rng = np.random.default_rng(5)
    analysis = analyse(matrix_from(rng.integers(-1, 2, size=(60, 15))))
    assert analysis.gate.reason is Reason.CHANCE


def test_ten_people_are_too_few_whatever_they_say() -> None:
    analysis = analyse(camps(sizes=[5, 5], noise=0.0))
    assert analysis.gate.reason is Reason.TOO_FEW_PEOPLE


def test_groups_that_nobody_measured_stay_hidden() -> None:
    matrix = camps()
    assert analyse(matrix, measured=False).gate.reason is Reason.NOT_MEASURED
    groups = {person: int(person) // 30 for person in matrix.participants}
    given = analyse_given_groups(matrix, groups)
    assert not given.gate.shown
    assert given.sizes == {0: 30, 1: 30, 2: 30}
    assert given.silhouette is not None
