"""The public pages are tried on the demo borough."""

from tests.demo.conftest import hillgrove, loaded

__all__ = ["hillgrove", "loaded"]
