"""A panel with a case of a programme before it."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from flask import Flask

from panel_app.core.db import db
from tests.factories.grants import make_application, make_programme, make_round
from tests.factories.panels import make_members, make_panel


@dataclass(frozen=True)
class Scene:
    """Row numbers and public identifiers of what was made."""

    panel: int
    members: list[int]
    case: int
    case_id: str
    slug: str
    application: str
    round_id: str


@pytest.fixture
def scene(app: Flask) -> Scene:
    """Return a panel of six with one application that is to be decided; quorum three."""
    with app.app_context():
        panel = make_panel()
        members = make_members(panel, 6)
        programme = make_programme(panel)
        round_ = make_round(programme)
        application = make_application(programme)
        db.session.commit()
        case = application.case
        assert case
        return Scene(
            panel.id,
            [member.id for member in members],
            case.id,
            case.public_id,
            panel.slug,
            application.public_id,
            round_.public_id,
        )
