"""Ways in: made and changed by organisers; the text to consent to; what goes by itself."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import delete, select

from panel_app.core import audit, clock
from panel_app.core.db import db, locked
from panel_app.core.errors import Conflict, Refused
from panel_app.core.holdings import Who
from panel_app.core.text import _
from panel_app.core.translated import Translated
from panel_app.panels.models import Panel
from panel_app.recruitment import holdings as pool_holdings
from panel_app.recruitment import lottery_rows, near_matches
from panel_app.recruitment.models import Person, Pool
from panel_app.recruitment.registration import asked, columns, holdings
from panel_app.recruitment.registration.models import (
    ConsentText,
    Registration,
    RegistrationPage,
)
from panel_app.recruitment.registration.rules import area_of
from panel_app.recruitment.registration.services import KEPT_DAYS
from panel_app.recruitment.services import choose_columns


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """What an organiser says of a way in."""

    name: str
    opens_at: datetime | None = None
    closes_at: datetime | None = None
    by_code: bool = False
    youngest: int | None = None
    oldest: int | None = None
    #: As typed, one each: `E14`, `E14 7`.
    areas: list[str] = field(default_factory=list)
    testing: bool = False


def open_way(*, panel: Panel, terms: Terms, actor: str) -> RegistrationPage:
    """Make one more way in to a panel's pool. Raises Refused for what `change_way` refuses, and
    where there are no targets: their features are what is asked."""
    locked(panel)
    if panel.kind != "drawn":
        raise Conflict(_("Nobody is drawn for this panel: it is for everybody on a list."))
    if not lottery_rows.stored_targets(panel).rows:
        raise Refused(_("Import the targets first: they say what people are asked."))
    first = not columns.has_way_in(panel)
    page = RegistrationPage(panel=panel, name=terms.name)
    _apply(page, terms)
    db.session.add(page)
    asked.make_questionnaire(panel)
    if asked.consent_of(panel) is None:
        _keep_consent(panel, asked.default_consent(panel))
    db.session.flush()
    if first:
        _make_room(panel, actor)
    audit.record("way_in.made", actor=actor, subject=_subject(page), panel=panel.public_id)
    return page


def change_way(*, page: RegistrationPage, terms: Terms, actor: str) -> None:
    """Change a way in; whoever registered stays. Raises Refused for a name that another has, ages
    or times in the wrong order, and an area that is no beginning of a postcode."""
    locked(page)
    _apply(page, terms)
    db.session.flush()
    audit.record("way_in.changed", actor=actor, subject=_subject(page), testing=page.testing)


def reword_consent(*, panel: Panel, wording: Translated, actor: str) -> ConsentText:
    """Ask for consent to another text from now on; who consented before did to the earlier one."""
    locked(panel)
    before = asked.consent_of(panel)
    if before is not None and before.wording == wording:
        return before
    kept = _keep_consent(panel, wording, (before.number if before else 0) + 1)
    audit.record(
        "consent.worded", actor=actor, subject=f"panel:{panel.public_id}", number=kept.number
    )
    return kept


def both_stay(*, panel: Panel, first: Person, second: Person, actor: str) -> None:
    """Say that two of the pool who look like one are two people."""
    locked(panel)
    if first is second or not near_matches.tell_apart(first=first, second=second, actor=actor):
        return
    audit.record("people.are_two", actor=actor, subject=f"panel:{panel.public_id}")


def tidy() -> None:
    """Delete what was only begun, and erase whoever withdrew, 30 days after; every night."""
    before = clock.now() - timedelta(days=KEPT_DAYS)
    begun = Registration.state == "draft", Registration.created_at < before
    db.session.execute(delete(Registration).where(*begun))
    db.session.commit()
    left = select(Registration).join(Registration.person)
    gone = Registration.state == "withdrawn", Person.withdrawn_at < before
    kept = left.where(*gone, Registration.person_key != b"")
    for registration in db.session.scalars(kept).all():
        _erase(registration)


def _erase(registration: Registration) -> None:
    person = registration.person
    holdings.forget(registration)
    if person is not None:
        try:
            pool_holdings.erase(Who((f"person:{person.public_id}",)), "system")
        except Conflict:
            # A lottery is being computed: another night will do.
            db.session.rollback()
            return
    db.session.commit()


def _apply(page: RegistrationPage, terms: Terms) -> None:
    areas = [area_of(typed) for typed in terms.areas]
    if None in areas:
        wrong = terms.areas[areas.index(None)]
        raise Refused(
            _("%(area)s is not how a postcode begins, such as E14 or E14 7.", area=wrong),
            field="areas",
        )
    if terms.youngest is not None and terms.oldest is not None and terms.youngest > terms.oldest:
        raise Refused(_("The oldest is younger than the youngest."), field="oldest")
    if terms.opens_at and terms.closes_at and terms.opens_at >= terms.closes_at:
        raise Refused(_("It closes before it opens."), field="closes_at")
    others = RegistrationPage.panel_id == page.panel.id, RegistrationPage.name == terms.name
    with db.session.no_autoflush:
        other = db.session.scalar(select(RegistrationPage).where(*others))
    if other is not None and other is not page:
        raise Refused(_("Another way in has this name."), field="name")
    page.name, page.by_code, page.testing = terms.name, terms.by_code, terms.testing
    page.opens_at, page.closes_at = terms.opens_at, terms.closes_at
    page.youngest, page.oldest = terms.youngest, terms.oldest
    page.areas = [area for area in areas if area]


def _make_room(panel: Panel, actor: str) -> None:
    """Give the pool the columns of a registration; addresses of a file count with them."""
    before = db.session.scalar(select(Pool).where(Pool.panel_id == panel.id))
    pool = columns.prepare(panel)
    if before is not None and pool is not None and pool.address_columns:
        choose_columns(
            panel=panel,
            name_columns=pool.name_columns,
            address_columns=pool.address_columns,
            actor=actor,
        )


def _keep_consent(panel: Panel, wording: Translated, number: int = 1) -> ConsentText:
    kept = ConsentText(panel_id=panel.id, number=number, wording=wording)
    db.session.add(kept)
    db.session.flush()
    return kept


def _subject(page: RegistrationPage) -> str:
    return f"way_in:{page.public_id}"
