"""`make test-fast` runs what a change touches."""

from __future__ import annotations

from tests.touched import HOUSE, covering, touched


def test_package_leads_to_its_tests() -> None:
    assert touched(["panel_app/grants/desk/views.py"]) == ["tests/grants", *HOUSE]
    assert touched(["sortition/pool.py"]) == ["tests/sortition", *HOUSE]


def test_test_that_changed_runs_alone_unless_its_package_does() -> None:
    assert touched(["tests/grants/test_desk.py"]) == ["tests/grants/test_desk.py", *HOUSE]
    both = ["tests/grants/test_desk.py", "panel_app/grants/models.py"]
    assert touched(both) == ["tests/grants", *HOUSE]


def test_prose_touches_the_house_only() -> None:
    assert covering("docs/glossary.md") is None
    assert touched(["docs/glossary.md"]) == HOUSE
