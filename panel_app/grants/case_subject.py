"""How the panel sees an application: as a case of the scoring core."""

from __future__ import annotations

from typing import Any

from flask import url_for
from markupsafe import Markup
from sqlalchemy import select

from panel_app.casework import subjects
from panel_app.casework.models import Case
from panel_app.casework.subjects import Fact
from panel_app.core.db import db
from panel_app.core.text import _, gettext
from panel_app.grants.models import Application
from panel_app.grants.outcomes import CONDITIONS, OUTCOMES, REASONS, RULE
from panel_app.grants.queries import application_for, position
from panel_app.grants.questionnaire import told_panel
from panel_app.grants.services import CASE_KIND
from panel_app.live import versions
from panel_app.questions import asking
from panel_app.sessions.models import AgendaItem, Session
from panel_app.web.i18n import money, said

ACTIVITY_KIND = "grants"

#: What the panel reads elsewhere: as the title, and among the facts.
TOLD = frozenset({"title", "kind", "mission", "amount"})
#: Who asks, as far as the panel is told.
FROM = {
    "individual": _("A resident"),
    "group": _("A group of neighbours"),
    "organisation": _("An organisation"),
}
LONGEST_SUMMARY = 300


def where(case: Case) -> Any:
    """Say which programme and round the application is in."""
    application = application_for(case)
    if application.round is None:
        return said(application.programme.name)
    place, number = position(application)
    among = gettext(
        "round %(round)d · application %(place)d of %(number)d",
        round=application.round.number,
        place=place,
        number=number,
    )
    words = Markup(gettext("%(programme)s, %(place)s"))  # noqa: S704 - a sentence of our own
    return words % {"programme": said(application.programme.name), "place": among}


def facts(case: Case) -> list[Fact]:
    """Return what is asked for, by what kind of applicant, for which mission."""
    return application_facts(application_for(case))


def application_facts(application: Application) -> list[Fact]:
    """Return the facts of an application that anyone on the panel may see."""
    found: list[Fact] = [
        (_("Asks for"), money(application.asks or 0)),
        (_("From"), FROM[application.applicant_kind or "individual"]),
    ]
    mission = application.programme.mission_title(application.mission)
    return [*found, (_("Mission"), said(mission))] if mission else found


def summary(case: Case) -> str:
    """Return the beginning of what the applicant plans."""
    told = {question.code: answer for question, answer in told_panel(application_for(case))}
    plan = str(told.get("plan", ""))
    if len(plan) <= LONGEST_SUMMARY:
        return plan
    return plan[:LONGEST_SUMMARY].rsplit(" ", 1)[0] + " …"


def answers(case: Case) -> list[Fact]:
    """Return everything the applicant wrote but their name and contact."""
    application = application_for(case)
    found: list[Fact] = []
    for question, answer in told_panel(application):
        words = asking.in_words(question, answer, application.language)
        if words is not None and question.code not in TOLD:
            found.append((said(question.wording), words))
    if not dict(application.answers).get("fits", True):
        found.append((_("The rules"), _("The applicant is not sure that it fits all the rules.")))
    return found


def changed(case: Case) -> None:
    """Tell phones, wall and console of every session that has the application's round open."""
    application = application_for(case)
    if application.round is None:
        return
    open_items = (
        select(AgendaItem)
        .join(Session)
        .where(
            Session.panel_id == case.panel_id,
            AgendaItem.kind == ACTIVITY_KIND,
            AgendaItem.state == "open",
        )
    )
    for item in db.session.scalars(open_items):
        if item.settings.get("round") == application.round.public_id:
            versions.bump(item.session.topic)


SUBJECT = subjects.Subject(
    kind=CASE_KIND,
    where=where,
    facts=facts,
    summary=summary,
    answers=answers,
    outcomes=OUTCOMES,
    rule=RULE,
    reasons=REASONS,
    conditions=CONDITIONS,
    asks=lambda case: application_for(case).asks,
    list_url=lambda: url_for("grants.to_assess"),
    changed=changed,
)
