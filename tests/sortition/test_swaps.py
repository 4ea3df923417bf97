"""Whole points by swaps: what is found meets every row and bound, and what fails says so."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sortition import swaps
from sortition.api import model_of
from sortition.feasibility import any_panel
from sortition.lottery_making.best_panel import Pricing
from sortition.lottery_making.splitting import Share, Split, split_with_others
from sortition.panel_model import Model, panel_from_counts, seats_of
from sortition.region import Region, whole_point_near
from sortition.swaps import repair, whole_point
from tests.sortition.pools import Case, case_of, sample_case, slack_case, tight_case


def _model(case: Case) -> Model:
    return model_of(case.pool, case.targets, case.size)


@settings(max_examples=60, deadline=None, derandomize=True)
@given(seed=st.integers(0, 10**6), households=st.booleans(), tight=st.booleans())
def test_what_swaps_find_is_a_valid_panel(seed: int, households: bool, tight: bool) -> None:
    make = tight_case if tight else slack_case
    try:
        model = _model(make(seed, households=households))
    except ValueError:
        return
    region, chance = Region.of_panels(model), np.random.default_rng(seed)
    start = chance.integers(0, model.counts + 1)
    found = repair(region, start, chance)
    if found is not None:
        assert region.holds(found)
        assert model.is_valid(panel_from_counts(region.types, found))
    near = np.full(len(model.types), model.size / int(model.counts.sum()))
    assert (whole_point(region, near, chance) is None) == (any_panel(model) is None)


def test_swaps_reach_a_panel_of_a_large_pool_from_no_seats_at_all() -> None:
    model = _model(sample_case(300, 30, 6))
    region = Region.of_panels(model)
    found = repair(region, np.zeros(len(model.types)), np.random.default_rng(1))
    assert found is not None
    assert model.is_valid(panel_from_counts(region.types, found))


def _without_a_panel() -> Region:
    """Two seats for one of each value of three features, that two of three people share in turn."""
    people = [("a", "a", "b"), ("a", "b", "a"), ("b", "a", "a")]
    targets = [(f"f{at}", value, 0, 1) for at in range(3) for value in "ab"]
    return Region.of_panels(_model(case_of(people, targets, 2)))


def test_swaps_without_a_point_get_stuck_and_the_integer_program_proves_it() -> None:
    region, chance = _without_a_panel(), np.random.default_rng(0)
    assert repair(region, np.zeros(3), chance) is None
    assert whole_point(region, np.full(3, 2 / 3), chance) is None
    assert whole_point_near(region, np.ones(3)) is None


def test_what_swaps_do_not_find_the_integer_program_does(monkeypatch: pytest.MonkeyPatch) -> None:
    region = Region.of_panels(_model(sample_case(100, 10, 3)))
    monkeypatch.setattr(swaps, "repair", lambda *_, **__: None)
    found = whole_point(region, np.full(len(region.types), 0.1), np.random.default_rng(0))
    assert found is not None
    assert region.holds(found)


def test_the_same_generator_gives_the_same_point() -> None:
    region = Region.of_panels(_model(sample_case(100, 10, 3)))
    near = np.full(len(region.types), 0.1)
    first, second = (whole_point(region, near, np.random.default_rng(7)) for _ in range(2))
    assert first is not None
    assert second is not None
    assert first.tolist() == second.tolist()


def test_a_gain_draws_the_panel_towards_it() -> None:
    model = _model(sample_case(300, 30, 4))
    pricing, chance = Pricing(model), np.random.default_rng(2)
    worth = chance.random(len(model.types))
    best = pricing.best(worth)
    assert best is not None
    good = [float(worth[panel].sum()) for panel in pricing.good(worth, chance)]
    assert good
    assert 0.8 * best[1] < max(good) <= best[1] + 1e-9


def test_what_cannot_be_split_alone_is_split_with_a_panel_made() -> None:
    """Seats of two panels, aabb, when a panel must hold a and b: aa and bb are not panels."""
    case = case_of([("a",)] * 4 + [("b",)] * 4, [("f0", v, 1, 1) for v in "ab"], 2)
    model = _model(case)
    made, unsplit = panel_from_counts(np.arange(2), np.ones(2, np.int64)), np.full(2, 2)
    split = Split([made] * 3, Share.of(unsplit, 2))
    again = split_with_others(model, split, np.random.default_rng(0))
    assert not again.left.panels
    assert len(again.panels) == 5
    assert seats_of(model, again.panels).tolist() == [5, 5]
    assert all(model.is_valid(panel) for panel in again.panels)
