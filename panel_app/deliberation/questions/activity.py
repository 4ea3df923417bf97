"""Questions as an activity of a session: phone, wall, console, results."""

from __future__ import annotations

from typing import Any

from flask import url_for
from markupsafe import Markup

from panel_app.core.db import found
from panel_app.core.text import _, gettext
from panel_app.deliberation.questions import queries, services
from panel_app.deliberation.questions.desk.forms import QuestionSettingsForm
from panel_app.deliberation.questions.exports import question_result
from panel_app.deliberation.questions.queries import Put
from panel_app.questions import asking
from panel_app.questions.models import Questionnaire
from panel_app.questions.uses import Use
from panel_app.sessions.activities import Activity, GuestPart, Published
from panel_app.sessions.models import AgendaItem, Participant
from panel_app.sessions.queries import expected
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


def of_guests(item: AgendaItem) -> Markup:
    """Show what guests answered, once the results are shown."""
    put = queries.put_in(item)
    shown = {"results": queries.guest_results(put), "several": len(put.questions) > 1}
    return fragment("deliberation/questions/_results.html", item=item, **shown)


def wall(item: AgendaItem) -> Markup:
    """Show what is asked and how many answered; once revealed, a result."""
    put = queries.put_in(item)
    shown = queries.result_on_wall(put) if item.revealed else []
    return fragment(
        "deliberation/questions/wall.html",
        **{**_results(put), "results": shown},
        **_turnout(item),
        questions=list(asking.on_page(put.questions, {})),
    )


def console(item: AgendaItem) -> Markup:
    """Show how many answered; the results and what people wrote once these were looked at or
    shown: until then the part may go on."""
    put = queries.put_in(item)
    seen = item.state == "closed" and item.shown_at is not None
    return fragment(
        "deliberation/questions/desk/console.html",
        item=item,
        put=put,
        results=queries.results(put) if seen else [],
        written=queries.written(put) if seen else [],
        **_turnout(item),
    )


def published(item: AgendaItem) -> Published:
    """Return the figures that everybody was shown."""
    result = question_result(item)
    return Published(result["answers"], result)


def minutes(item: AgendaItem) -> Markup:
    """Show anyone the results that everybody was shown."""
    return fragment("deliberation/questions/_results.html", **_results(queries.put_in(item)))


def _results(put: Put) -> dict[str, Any]:
    return {
        "item": put.item,
        "results": queries.results(put) if put.item.revealed else [],
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


QUESTION = Activity(
    kind="question",
    name=_("Questions to the room: choose, rate, rank, share out, write"),
    settings=QuestionSettingsForm,
    phone=phone,
    wall=wall,
    console=console,
    snapshot=queries.counts,
    published=published,
    minutes=minutes,
    added=services.set_up,
    opened=services.open_questions,
    removed=services.clear,
    more=_more,
    guests=GuestPart(
        phone=phone, people=queries.guests, snapshot=queries.guest_counts, shown=of_guests
    ),
)
LIVE = Use(
    name=services.USE,
    permission="facilitate",
    title=lambda questionnaire: said(_item(questionnaire).title),
    home=_home,
    closed=_closed,
)
