"""Questions as an activity of a session: phone, wall, console, results."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import partial
from random import Random
from typing import Any

from flask import url_for
from markupsafe import Markup

from panel_app.core.db import found
from panel_app.core.text import _, gettext
from panel_app.deliberation.questions import queries, services
from panel_app.deliberation.questions.desk.forms import QuestionSettingsForm
from panel_app.deliberation.questions.exports import question_result
from panel_app.deliberation.questions.queries import Put
from panel_app.panels.models import Member
from panel_app.questions import asking, drafting
from panel_app.questions.asking import Asked
from panel_app.questions.kinds.words import Words
from panel_app.questions.models import Questionnaire
from panel_app.questions.queries import Result, ResultRow
from panel_app.questions.question import Question
from panel_app.questions.uses import Use
from panel_app.sessions.activities import Activity, GuestPart, Portable, Published, Screen
from panel_app.sessions.models import AgendaItem, Participant
from panel_app.sessions.queries import expected
from panel_app.web import charts
from panel_app.web.fragments import fragment
from panel_app.web.i18n import said


def phone(item: AgendaItem, member: Participant) -> Markup:
    """Ask a member or a guest; after closing, the results once they are shown."""
    put = queries.put_in(item)
    if item.state == "closed":
        return fragment("deliberation/questions/closed.html", **_results(put))
    given = queries.given_by(put, member)
    return fragment(
        "deliberation/questions/phone.html",
        **on_phone(put, given.answers if given else {}),
        given=given is not None,
        counter=(given.counter if given else 0) + 1,
    )


def on_phone(put: Put, answers: Any, wrong: Any = None) -> dict[str, Any]:
    """Return the questions as a phone shows them; of a single one the part's title asks."""
    single = len(put.questions) == 1 and put.questions[0].wording == put.item.title
    asked = asking.on_page(put.questions, answers, wrong, alone=single)
    return {"item": put.item, "put": put, "questions": list(asked)}


def made_up(item: AgendaItem, member: Member, random: Random) -> None:
    """Answer once for a made-up member of a rehearsal, each question as its kind makes it up."""
    put = queries.put_in(item)
    if queries.given_by(put, member) is None:
        services.answer(
            put=put, member=member, answers=asking.made_up(put.questions, random), counter=1
        )


def of_guests(item: AgendaItem) -> Markup:
    """Show what guests answered, once the results are shown."""
    put = queries.put_in(item)
    shown = {"results": queries.guest_results(put), "several": len(put.questions) > 1}
    return fragment("deliberation/questions/_results.html", item=item, **shown)


def screens(item: AgendaItem, results: bool) -> list[Screen]:
    """Show one question a screen: what is asked and how many answered, or what they said.

    A result of many rows takes several screens.
    """
    put = queries.put_in(item)
    if not results:
        asked = asking.on_page(put.questions, {})
        return [partial(_asked_on_wall, put, one) for one in asked]
    return _results_on_wall(put, queries.results(put))


def guests_screens(item: AgendaItem) -> list[Screen]:
    """Show what guests said, as the panel's results are shown."""
    put = queries.put_in(item)
    return _results_on_wall(put, queries.guest_results(put))


def _results_on_wall(put: Put, results: Iterable[Result]) -> list[Screen]:
    return [
        partial(_result_on_wall, put, part, 1 + place * queries.ROWS_ON_WALL)
        for result in results
        for place, part in enumerate(queries.in_parts(result))
    ]


def _asked_on_wall(put: Put, asked: Asked) -> Markup:
    single = len(put.questions) == 1 and asked.question.wording == put.item.title
    return fragment(
        "deliberation/questions/wall.html",
        item=put.item,
        asked=asked,
        single=single,
        choices=asked.kind.choices(asked.question),
        **_turnout(put.item),
    )


def _result_on_wall(put: Put, part: Result, first: int) -> Markup:
    return fragment(
        "deliberation/questions/wall_result.html",
        result=part,
        cloud=queries.cloud_of(part) if part.question.kind == Words.name else [],
        rows=[(first + place, row, _dots(part, row)) for place, row in enumerate(part.rows)],
        several=len(put.questions) > 1,
    )


def _dots(part: Result, row: ResultRow) -> charts.Stack | None:
    """Return the points of one row as dots in a line, where the most of all can be drawn so."""
    most = max(int(each.row.low) for each in part.rows)
    told = part.unit == "points" and all(each.row.exact for each in part.rows)
    return charts.heads(int(row.row.low), most) if told and most <= charts.MOST_HEADS else None


def console(item: AgendaItem) -> Markup:
    """Show how many answered; the results and what people wrote once these were looked at or
    shown: until then the part may go on."""
    put = queries.put_in(item)
    seen = item.state == "closed" and item.shown_at is not None
    return fragment(
        "deliberation/questions/desk/console.html",
        item=item,
        put=put,
        results=list(enumerate(queries.results(put))) if seen else [],
        places=queries.places_on_wall(put) if seen else [],
        words=queries.in_clouds(put) if seen else {},
        written=queries.written(put) if seen else [],
        **_turnout(item),
    )


def published(item: AgendaItem) -> Published:
    """Return the figures that everybody was shown."""
    result = question_result(item)
    return Published(result["answers"], result)


def minutes(item: AgendaItem) -> Markup:
    """Show anyone the results that everybody was shown."""
    shown = _results(queries.put_in(item), public=True)
    return fragment("deliberation/questions/_results.html", **shown)


def _results(put: Put, *, public: bool = False) -> dict[str, Any]:
    return {
        "item": put.item,
        "results": queries.results(put, public=public) if put.item.revealed else [],
        "several": len(put.questions) > 1,
    }


def _turnout(item: AgendaItem) -> dict[str, int]:
    return {"people": queries.people(item), "expected": expected(item.session)}


def _item(questionnaire: Questionnaire) -> AgendaItem:
    return found(queries.item_of(questionnaire))


def _closed(questionnaire: Questionnaire) -> Any | None:
    if _item(questionnaire).opened_at is None:
        return None
    return _("People were asked already, so what it asks can’t change.")


def _home(questionnaire: Questionnaire) -> tuple[str, Any]:
    session = _item(questionnaire).session
    return url_for("sessions_desk.agenda", public_id=session.public_id), gettext("Agenda")


def _more(item: AgendaItem) -> tuple[str, Any] | None:
    live = queries.live_question(item)
    if live is None:
        return None
    public_id = live.questionnaire.public_id
    return url_for("questions_desk.show", public_id=public_id), gettext("Questions")


def _taken(item: AgendaItem) -> dict[str, Any]:
    live = queries.live_question(item)
    asked = live.questionnaire.newest.questions if live else ()
    return {"by_seat": bool(live and live.by_seat), "questions": [one.to_json() for one in asked]}


def _read(settings: Mapping[str, Any]) -> dict[str, Any]:
    asked = [Question.from_json(one) for one in settings["questions"]]
    drafting.check(asked)
    by_seat = bool(settings.get("by_seat"))
    return {"by_seat": by_seat, "questions": [one.to_json() for one in asked]}


QUESTION = Activity(
    kind="question",
    name=_("Questions to the room: choose, rate, rank, share out, write"),
    settings=QuestionSettingsForm,
    phone=phone,
    screens=screens,
    console=console,
    snapshot=queries.counts,
    published=published,
    minutes=minutes,
    added=services.set_up,
    opened=services.open_questions,
    removed=services.clear,
    more=_more,
    guests=GuestPart(
        phone=phone,
        people=queries.guests,
        snapshot=queries.guest_counts,
        shown=of_guests,
        screens=guests_screens,
    ),
    portable=Portable(taken=_taken, read=_read),
    made_up=made_up,
    pages=frozenset({"live_questions_desk"}),
)
LIVE = Use(
    name=services.USE,
    permission="facilitate",
    title=lambda questionnaire: said(_item(questionnaire).title),
    home=_home,
    closed=_closed,
)
