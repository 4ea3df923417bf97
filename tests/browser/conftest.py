"""A server of the demo borough, for tests that look at it."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.browser import harness
from tests.demo.conftest import loaded

__all__ = ["loaded"]


@pytest.fixture
def hillgrove_served(loaded: Path, tmp_path: Path) -> Iterator[harness.Running]:
    """Return a server of the demo borough."""
    folder = tmp_path / "borough"
    shutil.copytree(loaded, folder)
    with harness.running(f"sqlite:///{folder / 'panel.db'}", tmp_path, start=False) as server:
        shutil.copytree(folder / "keys", tmp_path / "keys")
        server.start()
        yield server
