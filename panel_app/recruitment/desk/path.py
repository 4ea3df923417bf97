"""The steps of recruitment on a panel's path: targets, people, draw, letters."""

from __future__ import annotations

from datetime import UTC, datetime, time

from flask import url_for
from flask_babel import to_utc
from sqlalchemy import func, select

from panel_app.core.db import db
from panel_app.core.text import _, gettext, ngettext
from panel_app.panels.desk.path import Due, Missing, PathStep, Standing
from panel_app.panels.models import Member, Panel
from panel_app.recruitment import queries, replacements
from panel_app.recruitment.models import Target
from panel_app.web import charts


def _targets(panel: Panel) -> Standing:
    mine = select(func.count()).where(Target.panel_id == panel.id)
    number = db.session.scalar(mine) or 0
    if not number:
        words = _("How many of each kind of people are to sit. Nothing is set yet.")
        return Standing(state="now", words=words, button=_("Set the targets"))
    words = ngettext("%(num)s target is set.", "%(num)s targets are set.", number)
    return Standing(state="done", words=words)


def _people(panel: Panel) -> Standing:
    number, pool = queries.pool_size(panel), queries.pool_of(panel)
    if not number:
        has_targets = bool(queries.targets_of(panel))
        return Standing(
            state="now" if has_targets else "later",
            words=_("Everybody who said that they would like to take part."),
            button=_("Import the people"),
        )
    words = ngettext("%(num)s person is in the pool.", "%(num)s people are in the pool.", number)
    if pool and pool.address_columns is None:
        missing = Missing(
            _("Which columns are the address, so that no home gets two seats"),
            url_for("recruitment_desk.columns"),
        )
        return Standing(state="now", words=words, button=_("Choose the columns"), missing=[missing])
    return Standing(state="done", words=words)


def _draw(panel: Panel) -> Standing:
    lottery = queries.lottery_of(panel)
    state = lottery.state if lottery else None
    if state == "drawn":
        return Standing(state="done", words=_("The panel is drawn."))
    told = {
        "waiting": _("The lottery is being computed."),
        "working": _("The lottery is being computed."),
        "proposed": _("A lottery is computed: look at it, then commit to it."),
        "ready": _("The lottery is committed: roll the dice."),
        "failed": _("The lottery could not be computed."),
    }
    ready = queries.pool_size(panel) > 0
    return Standing(
        state="now" if ready else "later",
        words=told.get(state or "", _("By a fair lottery that anyone can check.")),
        button=_("Roll the dice") if state == "ready" else _("Go on to the draw"),
    )


def _roll(panel: Panel) -> Standing:
    if not queries.pool_size(panel):
        words = _("Everybody on a list gets a seat and a letter. Nothing is loaded yet.")
        return Standing(state="now", words=words, button=_("Load the list"))
    on = ngettext("%(num)s person is on the roll.", "%(num)s people are on the roll.", panel.size)
    return Standing(state="done", words=on)


def _letters(panel: Panel) -> Standing:
    per_state = select(Member.state, func.count()).where(Member.panel_id == panel.id)
    counts = dict(db.session.execute(per_state.group_by(Member.state)).all())
    if not counts:
        after = _("After the draw.") if panel.kind == "drawn" else _("Once the list is loaded.")
        return Standing(state="later", words=after)
    yes, waiting = counts.get("confirmed", 0), counts.get("invited", 0)
    away, number = counts.get("declined", 0) + counts.get("left", 0), sum(counts.values())
    return Standing(
        state="now" if waiting else "done",
        words=gettext("%(confirmed)s of %(number)s said yes.", confirmed=yes, number=number),
        button=_("Letters and answers"),
        chart=charts.stack(
            _("Answers"),
            [
                (_("yes"), yes, "agree"),
                (_("none yet"), waiting, "open"),
                (_("not coming"), away, "disagree"),
            ],
        ),
        missing=_sender(panel),
        dates=_reply_by(panel),
    )


def _replacements(panel: Panel) -> Standing:
    now, free = queries.standing(panel), replacements.free_seats(panel)
    if not now.gone:
        words = _("If somebody declines or leaves, a neighbour is drawn in their place.")
        return Standing(state="done" if now.sitting else "later", words=words)
    if not free:
        return Standing(state="done", words=_("Every seat is held."))
    return Standing(
        state="now",
        words=ngettext("%(num)s seat is free.", "%(num)s seats are free.", free),
        button=_("Draw replacements"),
    )


def _sender(panel: Panel) -> list[Missing]:
    if panel.sender:
        return []
    return [Missing(_("The sender’s name and address on the letters"), url_for("panels_desk.edit"))]


def _reply_by(panel: Panel) -> list[Due]:
    if panel.reply_by is None:
        return []
    evening = to_utc(datetime.combine(panel.reply_by, time(23, 59))).replace(tzinfo=UTC)
    return [Due(evening, _("Answers to the letters are due"))]


STEPS = tuple(
    PathStep(
        title=title,
        endpoint=endpoint,
        permission="observe" if endpoint == "draw_desk.draw" else "organise",
        kinds=frozenset(kinds.split()),  # type: ignore[arg-type]
        position=position,
        standing=standing,
        example=example,
    )
    for position, kinds, title, endpoint, standing, example in (
        (10, "roll", _("Roll"), "roll_desk.show", _roll, ""),
        (
            10,
            "drawn",
            _("Targets"),
            "recruitment_desk.targets",
            _targets,
            _("Four features: age, gender, block and whether people rent or own."),
        ),
        (
            12,
            "drawn",
            _("People"),
            "recruitment_desk.people",
            _people,
            _("2,400 homes were written to; 183 people said that they would take part."),
        ),
        (
            20,
            "drawn",
            _("Draw"),
            "draw_desk.draw",
            _draw,
            _("22 people drawn with three dice in the hall; everyone had at least 1 chance in 11."),
        ),
        (
            30,
            "drawn roll",
            _("Letters"),
            "letters_desk.letters_list",
            _letters,
            _("20 of the 22 said yes to their letter; 2 said no."),
        ),
        (
            35,
            "drawn",
            _("Replacements"),
            "replacements_desk.show",
            _replacements,
            _("2 neighbours were drawn with three dice in place of the 2 who said no."),
        ),
    )
)
