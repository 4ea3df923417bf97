"""A ballot that takes papers."""

from __future__ import annotations

import pytest
from flask import Flask

from tests.factories.balloting import Vote, make_vote


@pytest.fixture
def vote(app: Flask) -> Vote:
    """Return an open ballot of six members on five projects."""
    return make_vote(app)
