"""An applicant's own links: the first, and those sent to somebody who lost it.

Only their hashes are kept, so a lost link can't be sent again: another one is. The earlier ones
go on working, so that nobody locks an applicant out by asking in their place.
"""

from __future__ import annotations

from datetime import datetime

from flask import current_app
from sqlalchemy import func, select

from panel_app.core import ids
from panel_app.core.db import db
from panel_app.grants.models import ApplicantLink, Application
from panel_app.outbox import lost_links


def address(token: str) -> str:
    """Return the whole link that a token makes; needs no request."""
    path = current_app.url_map.bind("").build("grants.application", {"token": token})
    return str(current_app.config["PUBLIC_URL"]) + path


def another(application: Application) -> str:
    """Give an application one more link and return it."""
    token = ids.token()
    link = ApplicantLink(application_id=application.id, token_digest=ids.digest(token))
    db.session.add(link)
    db.session.flush()
    return address(token)


def contact_index(contact: str) -> str | None:
    """Return the keyed hash by which an application is found from its contact."""
    return lost_links.index(contact, "applicant")


def last_made_at(application: Application) -> datetime | None:
    """Return when somebody last asked for another link."""
    newest = select(func.max(ApplicantLink.created_at)).where(
        ApplicantLink.application_id == application.id
    )
    return db.session.scalar(newest)
