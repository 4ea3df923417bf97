"""The cards of recruitment on a panel's desk."""

from __future__ import annotations

from panel_app.core.text import _, gettext, ngettext
from panel_app.panels.desk.cards import DeskCard
from panel_app.panels.models import Panel
from panel_app.recruitment import queries


def _targets(panel: Panel) -> str:
    number = queries.preparation(panel).targets
    if not number:
        return str(_("Not imported yet."))
    return str(ngettext("%(num)s target is imported.", "%(num)s targets are imported.", number))


def _people(panel: Panel) -> str:
    number = queries.preparation(panel).people
    if not number:
        return str(_("Not imported yet."))
    return str(
        ngettext("%(num)s person is in the pool.", "%(num)s people are in the pool.", number)
    )


def _draw(panel: Panel) -> str:
    lottery = queries.lottery_of(panel)
    words = {
        None: _("Not started."),
        "waiting": _("The lottery is being computed."),
        "working": _("The lottery is being computed."),
        "ready": _("The lottery is committed: roll the dice."),
        "failed": _("The lottery could not be computed."),
        "drawn": _("The panel is drawn."),
    }
    return str(words[lottery.state if lottery else None])


def _letters(panel: Panel) -> str:
    members = panel.members
    if not members:
        return str(_("After the draw."))
    confirmed = sum(member.state == "confirmed" for member in members)
    said = gettext(
        "%(confirmed)s of %(number)s said yes.", confirmed=confirmed, number=len(members)
    )
    return str(said)


CARDS = tuple(
    DeskCard(
        title=title,
        endpoint=f"recruitment_desk.{endpoint}",
        permission="observe" if endpoint == "draw" else "organise",
        position=position,
        summary=summary,
    )
    for position, title, endpoint, summary in (
        (10, _("Targets"), "targets", _targets),
        (12, _("People"), "people", _people),
        (20, _("Draw"), "draw", _draw),
        (30, _("Letters"), "letters_list", _letters),
    )
)
