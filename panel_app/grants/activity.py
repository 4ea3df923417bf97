"""The activity that this feature brings to sessions: deciding a round's applications."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from flask import url_for
from markupsafe import Markup
from wtforms import SelectField

from panel_app.casework import queries as cases
from panel_app.casework.forms import ConflictForm, vote_form
from panel_app.casework.rubric import CONFLICTS
from panel_app.casework.rules import excluded, may_read
from panel_app.core.text import _, gettext
from panel_app.grants import case_subject, live_item
from panel_app.grants.desk import pages as desk_pages
from panel_app.grants.models import Round
from panel_app.grants.outcomes import BASES, DECIDED, RULE
from panel_app.grants.queries import applications_in, programmes, results, rounds_of
from panel_app.panels.current import this_panel
from panel_app.panels.models import Member
from panel_app.sessions import activities
from panel_app.sessions.models import AgendaItem
from panel_app.web import charts
from panel_app.web.forms import SelectChoice, chosen
from panel_app.web.fragments import fragment
from panel_app.web.i18n import wording


class GrantsForm(activities.ActivityForm):
    """Which round the item is about."""

    round = SelectField(_("Round"), [chosen()])

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self.round.choices = [
            SelectChoice(
                one_round.public_id,
                gettext(
                    "%(programme)s, round %(number)d",
                    programme=wording(one_round.programme.name).text,
                    number=one_round.number,
                ),
            )
            for one_round in rounds_of(this_panel())
            if one_round.state != "closed"
        ]


def first() -> activities.First | None:
    """Say which step towards a round comes first: its programme, or the round itself."""
    panel = this_panel()
    if any(one_round.state != "closed" for one_round in rounds_of(panel)):
        return None
    schemes = programmes(panel)
    if not schemes:
        words = _("Grants are decided in rounds of a programme, and there is no programme yet.")
        make = url_for("grants_desk.new_programme")
        return activities.First(words, _("Set up a programme now"), make)
    words = _("The panel’s programmes have no round to decide in yet.")
    make = url_for("grants_desk.new_round", programme_id=schemes[0].public_id)
    overview = url_for("grants_desk.overview")
    return activities.First(words, _("Add a round now"), overview if len(schemes) > 1 else make)


def lacks(item: AgendaItem) -> Any:
    """Say so where no application waits for a decision."""
    round_ = live_item.round_on(item)
    if round_ and any(one.state == "submitted" for one in applications_in(round_)):
        return None
    return _("No application of its round waits for a decision.")


def phone(item: AgendaItem, member: Member) -> Markup:
    """Show the application on the table: a declaration first, then the vote, then the result."""
    application = live_item.application_on(item)
    case = application.case if application else None
    conflict = cases.declared(case, member) if case else None
    level = conflict.level if conflict else None
    voted = cases.vote_of(case, member) if case else None
    return fragment(
        "grants/phone.html",
        **_shown(item),
        case=case,
        level=level,
        stays_out=excluded(level),
        may_read=may_read(level),
        summary=case_subject.summary(case) if case and may_read(level) else None,
        why={level: why for level, (_words, why) in CONFLICTS.items()},
        conflict_form=ConflictForm(formdata=None),
        vote_form=vote_form(case, voted) if case else None,
        rule=RULE,
        voted=voted,
        back=url_for("sessions.phone", public_id=item.session.public_id),
    )


def wall(item: AgendaItem) -> Markup:
    """Show title and amount, how many have voted, the result once it is recorded, and the pot."""
    application = live_item.application_on(item)
    case = application.case if application else None
    standing = cases.standing(case) if case else None
    round_ = live_item.round_on(item)
    pot = _pot(round_) if round_ else None
    return fragment("grants/wall.html", **_shown(item), case=case, standing=standing, pot=pot)


def _pot(round_: Round) -> charts.Stack:
    """Return what is awarded of the pot, award by award."""
    made = [("", one.amount) for one in results(round_) if one.amount]
    return charts.split(gettext("Awarded"), made, whole=round_.pot, money=True)


def console(item: AgendaItem) -> Markup:
    """Show the round's applications to step through, and the vote's figures and controls."""
    application = live_item.application_on(item)
    case = application.case if application else None
    round_ = live_item.round_on(item)
    return fragment(
        "grants/desk/console.html",
        **_shown(item),
        item=item,
        case=case,
        desk=desk_pages.case_desk(case) if case else None,
        applications=desk_pages.on_console(round_) if round_ else [],
        back=url_for("sessions_console.console", public_id=item.session.public_id),
    )


def snapshot(item: AgendaItem) -> dict[str, Any]:
    """Return what was decided in the round so far; amounts in pence."""
    round_ = live_item.round_on(item)
    if round_ is None:
        return {"decided": []}
    decided = [
        {**asdict(result), "decided_at": result.decided_at.isoformat()}
        for result in results(round_)
    ]
    return {"round": round_.number, "pot": round_.pot, "left": round_.left, "decided": decided}


def _shown(item: AgendaItem) -> dict[str, Any]:
    """Return what phones, wall and console all show."""
    application = live_item.application_on(item)
    return {
        "application": application,
        "round": live_item.round_on(item),
        "facts": case_subject.application_facts(application) if application else [],
        "decision": application.decision if application else None,
        "decided": DECIDED,
        "bases": BASES,
    }


ACTIVITY = activities.Activity(
    kind=case_subject.ACTIVITY_KIND,
    name=_("Decide on grants"),
    settings=GrantsForm,
    phone=phone,
    wall=wall,
    console=console,
    snapshot=snapshot,
    opens_again="always",
    by_hand=_(
        "Nobody is made up for a grant: money hangs on each vote. Try it on a panel of five "
        "colleagues or more, with a programme and an application of its own, on your own phones."
    ),
    first=first,
    lacks=lacks,
    opened=live_item.begin,
    closed=live_item.end,
)
