"""The package stays cheap to import and keeps the names that others call."""

import subprocess
import sys

import pytest

import sortition


def test_importing_the_package_loads_no_solver_and_no_arrays() -> None:
    script = "import sys, sortition; print([m for m in ('numpy', 'highspy') if m in sys.modules])"
    told = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )
    assert told.stdout.strip() == "[]"


@pytest.mark.parametrize("name", sortition.__all__)
def test_every_public_name_is_there(name: str) -> None:
    assert getattr(sortition, name).__name__ == name


def test_an_unknown_name_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="nothing"):
        sortition.nothing  # noqa: B018
