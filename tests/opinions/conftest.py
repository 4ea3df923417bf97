"""Oracles on one thread: on a busy machine several of them only wait for each other."""

from __future__ import annotations

from collections.abc import Iterator
from importlib import import_module

import pytest
from threadpoolctl import threadpool_limits


@pytest.fixture(autouse=True, scope="session")
def _one_thread() -> Iterator[None]:
    import_module("sklearn.cluster")  # only libraries that are loaded can be limited
    with threadpool_limits(limits=1):
        yield
