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


def test_module_of_core_leads_to_the_tests_that_name_it() -> None:
    assert touched(["panel_app/core/money.py"]) == ["tests/core/test_money.py", *HOUSE]
    assert "tests/core/test_backup_and_check.py" in touched(["panel_app/core/backup.py"])
    assert touched(["panel_app/core/unheard_of.py"]) == ["tests/core", *HOUSE]


def test_file_above_the_packages_leads_to_its_own_test() -> None:
    assert touched(["panel_app/cli.py"]) == ["tests/test_cli.py", *HOUSE]
    assert "tests/core/test_catalogues.py" in touched(["translations/bn/LC_MESSAGES/desk.po"])


def test_prose_touches_the_house_only() -> None:
    assert covering("docs/glossary.md") == []
    assert touched(["docs/glossary.md"]) == HOUSE
