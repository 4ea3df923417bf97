"""The demo's staff."""

from __future__ import annotations

from datetime import timedelta

from panel_app.core.story import Part, Story
from panel_app.staff.accounts import create_user
from panel_app.staff.roles import Role

PASSWORD = "three-otters-dance"  # noqa: S105
STAFF: tuple[tuple[str, str, Role], ...] = (
    ("admin@hillgrove.example", "Ada Administrator", "administrator"),
    ("organiser@hillgrove.example", "Oren Organiser", "organiser"),
    ("facilitator@hillgrove.example", "Fola Facilitator", "facilitator"),
)


def hired(story: Story) -> None:
    """Make an account for each role that runs a panel."""
    for email, name, role in STAFF:
        create_user(email=email, name=name, password=PASSWORD, role=role)


PARTS = (Part(ago=timedelta(days=60), play=hired),)
