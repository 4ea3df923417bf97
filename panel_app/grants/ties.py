"""Whose contact an application shares, found by keyed hashes alone, for a person to look at."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from panel_app.core.db import db
from panel_app.core.text import _
from panel_app.grants import links
from panel_app.grants.models import Application
from panel_app.recruitment.queries import told_by_panel
from panel_app.staff.models import User

WORDS: dict[str, Any] = {
    "member": _("a member of the panel, or somebody of their home"),
    "staff": _("somebody who works here"),
    "applicant": _("another application to this programme"),
}
#: As many applications by one contact as are looked for.
FEW = 1


def found(application: Application) -> list[str]:
    """Return who else has the contact that an application gave; by hash, never by name."""
    mine = application.contact_index
    if mine is None:
        return []
    others = select(Application.id).where(
        Application.programme_id == application.programme_id,
        Application.contact_index == mine,
        Application.id != application.id,
        Application.state.in_(("submitted", "decided")),
    )
    emails = db.session.scalars(select(User.email).where(User.active))
    ties = {
        "member": mine in map(_index, told_by_panel(application.programme.panel)),
        "staff": mine in map(_index, emails),
        "applicant": db.session.scalar(others.limit(FEW)) is not None,
    }
    return [tie for tie, there in ties.items() if there]


def _index(contact: str) -> str | None:
    return links.contact_index(contact)
