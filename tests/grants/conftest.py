"""A published panel of six with a programme, a round and a facilitator."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import pytest
from flask import Flask

from panel_app.core.db import db
from panel_app.panels.models import Panel
from panel_app.staff.models import User
from panel_app.staff.roles import Role
from tests.checked_client import CheckedClient
from tests.factories.grants import make_programme, make_round
from tests.factories.panels import make_members, make_panel
from tests.factories.staff import make_user


@dataclass(frozen=True)
class Scene:
    """Row numbers, names in addresses and accounts of what was made."""

    panel: int
    slug: str
    members: list[int]
    programme: int
    programme_slug: str
    programme_id: str
    round: int
    round_id: str


@pytest.fixture
def scene(app: Flask) -> Scene:
    """Return a panel with a programme (quorum three, at most £2,000) and a pot of £10,000."""
    with app.app_context():
        panel = make_panel()
        members = make_members(panel, 6)
        programme = make_programme(panel)
        round_ = make_round(programme)
        db.session.commit()
        return Scene(
            panel.id,
            panel.slug,
            [member.id for member in members],
            programme.id,
            programme.slug,
            programme.public_id,
            round_.id,
            round_.public_id,
        )


@pytest.fixture
def enter(
    app: Flask, scene: Scene, sign_in: Callable[[User | str], CheckedClient]
) -> Callable[[Role], CheckedClient]:
    """Return a function that signs in somebody with a role on the scene's panel."""

    def as_role(role: Role) -> CheckedClient:
        with app.app_context():
            email = make_user(role, db.session.get_one(Panel, scene.panel)).email
            db.session.commit()
        return sign_in(email)

    return as_role
