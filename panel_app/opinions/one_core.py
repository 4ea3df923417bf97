"""Keeping linear algebra on one core."""

from __future__ import annotations

from contextlib import AbstractContextManager
from importlib import import_module


def on_one_core() -> AbstractContextManager[object]:
    """Add up in the same order whatever the machine: the same input, the same last digit.

    It is no slower at our sizes, and several runs side by side don't fight for cores.
    """
    import_module("scipy.linalg")  # only libraries that are loaded can be limited
    limits = import_module("threadpoolctl").threadpool_limits
    context: AbstractContextManager[object] = limits(limits=1, user_api="blas")
    return context
