"""What applicants are told, in their own language."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta

from flask_babel import force_locale
from sqlalchemy import select

from panel_app.casework import subjects
from panel_app.casework.models import Decision
from panel_app.core import clock
from panel_app.core.db import db, one
from panel_app.core.text import _, gettext
from panel_app.grants import links
from panel_app.grants.models import Application, Programme, Round
from panel_app.grants.outcomes import DECIDED
from panel_app.grants.queries import next_round
from panel_app.outbox import lost_links, reach, services
from panel_app.outbox.models import Message
from panel_app.outbox.templates import Template
from panel_app.web.i18n import called, day, moment, money_text

#: One application's link is sent again at most this often.
PAUSE = timedelta(minutes=30)
#: A draft of this age is reminded of, once, so long before its round closes.
REMINDED_BEFORE = timedelta(days=3)
REMINDED_AFTER = timedelta(days=1)

_SIGNED = frozenset({"organisation", "sender"})
_DECIDED = _SIGNED | {
    "number", "title", "outcome", "amount", "asked", "reason_heading", "reason",
}  # fmt: skip


def new_link(message: Message) -> Message:
    """Send the application's link again, as another one. Raises NotFound where it is gone."""
    number = message.subject_ref.removeprefix("application:")
    application = one(select(Application).where(Application.public_id == number))
    return send_link(application, links.another(application))


LINK = Template(
    purpose="grants.link",
    name=_("An applicant’s own link"),
    subject=_("Your application for a grant"),
    body=_(
        "Here is your link. Carry on with your application, or see what was decided:\n\n"
        "((link))\n\n"
        "Anyone with this link can see your answers, so keep it to yourself.\n\n"
        "((organisation))\n((sender))"
    ),
    short=_(
        "((organisation)): here is the link to your application. Keep it to yourself: ((link))"
    ),
    places=_SIGNED | {"link"},
    needed=frozenset({"link"}),
    secret=True,
    renew=new_link,
)
UNSENT = Template(
    purpose="grants.unsent",
    name=_("A reminder of an application that was begun and not sent"),
    subject=_("Your application is not sent yet"),
    body=_(
        "You began to ask for a grant, and your answers are kept. To be decided in this round"
        " they have to be sent by ((closes)). Here you can carry on, or delete them:\n\n"
        "((link))\n\n"
        "Anyone with this link can see your answers, so keep it to yourself.\n\n"
        "((organisation))\n((sender))"
    ),
    short=_("((organisation)): your application is not sent yet. Send it by ((closes)): ((link))"),
    places=_SIGNED | {"link", "closes"},
    needed=frozenset({"link"}),
    secret=True,
    renew=new_link,
)
AWARDED = Template(
    purpose="grants.awarded",
    name=_("A decision to give money"),
    subject=_("About your application, number ((number))"),
    body=_(
        "((title))\n\n((outcome))\n\n"
        "You get ((amount)). You asked for ((asked)).\n\n"
        "((reason_heading))\n\n((reason))\n\n"
        "Open your link to the application and answer three short questions: whether you accept"
        " the grant, whether we may name you, and how to pay you. If you lost the link, you can"
        " ask for another one where you applied.\n\n"
        "((organisation))\n((sender))"
    ),
    short=_(
        "((organisation)): the panel decided on your application, number ((number)). You get"
        " ((amount)). Open your link to accept it."
    ),
    places=_DECIDED,
    needed=frozenset({"amount"}),
)
DECLINED = Template(
    purpose="grants.declined",
    name=_("A decision to give no money"),
    subject=_("About your application, number ((number))"),
    body=_(
        "((title))\n\n((outcome))\n\n((reason_heading))\n\n((reason))\n\n"
        "You can ask again in a later round, for this or for something else. Where facts were"
        " wrong or rules were not kept, you can appeal with your link until ((appeal_until)).\n\n"
        "((organisation))\n((sender))"
    ),
    short=_(
        "((organisation)): the panel decided on your application, number ((number)). You can read"
        " the decision and its reason with your link."
    ),
    places=(_DECIDED - {"amount"}) | {"appeal_until"},
)
DEFERRED = Template(
    purpose="grants.deferred",
    name=_("A decision put off"),
    subject=_("About your application, number ((number))"),
    body=_(
        "((title))\n\n((outcome))\n\n((reason_heading))\n\n((reason))\n\n"
        "The panel will look at it again. You don’t need to do anything.\n\n"
        "((organisation))\n((sender))"
    ),
    short=_(
        "((organisation)): the panel will look at your application, number ((number)), again. You"
        " don’t need to do anything."
    ),
    places=_DECIDED - {"amount"},
)
ANNULLED = Template(
    purpose="grants.annulled",
    name=_("A decision that was annulled"),
    subject=_("About your application, number ((number))"),
    body=_(
        "((title))\n\n"
        "The panel’s decision on your application doesn’t count any more. Somebody who took part"
        " in it has told us since that they are close to it, so the panel decides again without"
        " them.\n\n"
        "((reason_heading))\n\n((reason))\n\n"
        "You don’t need to do anything. Please don’t spend money that was promised to you before"
        " you hear from us again.\n\n"
        "((organisation))\n((sender))"
    ),
    short=_(
        "((organisation)): the decision on your application, number ((number)), doesn’t count any"
        " more; the panel decides again. Your link tells you why. You don’t need to do anything."
    ),
    places=_SIGNED | {"number", "title", "reason_heading", "reason"},
)
CANCELLED = Template(
    purpose="grants.cancelled",
    name=_("A grant that was cancelled"),
    subject=_("About your application, number ((number))"),
    body=_(
        "((title))\n\n"
        "The grant for this was cancelled: of it ((amount)) will not be paid.\n\n"
        "((reason_heading))\n\n((reason))\n\n"
        "If this is a mistake, answer us at the address below.\n\n"
        "((organisation))\n((sender))"
    ),
    short=_(
        "((organisation)): the grant for your application, number ((number)), was cancelled. Your"
        " link tells you more."
    ),
    places=_SIGNED | {"number", "title", "amount", "reason_heading", "reason"},
)
MOVED = Template(
    purpose="grants.moved",
    name=_("An application that the panel reads at a later meeting"),
    subject=_("About your application, number ((number))"),
    body=_(
        "((title))\n\n"
        "The panel could not decide on this at its meeting. It is on the list of the next one, on"
        " ((meets)). You don’t need to do anything.\n\n"
        "((organisation))\n((sender))"
    ),
    short=_(
        "((organisation)): the panel decides on your application, number ((number)), at its next"
        " meeting, on ((meets)). You don’t need to do anything."
    ),
    places=_SIGNED | {"number", "title", "meets"},
    needed=frozenset({"meets"}),
)
APPEALED = Template(
    purpose="grants.appealed",
    name=_("The answer to an appeal"),
    subject=_("About your appeal, application number ((number))"),
    body=_(
        "((title))\n\n((outcome))\n\n((reason_heading))\n\n((reason))\n\n"
        "Somebody answered it who did not take part in the decision.\n\n"
        "((organisation))\n((sender))"
    ),
    short=_(
        "((organisation)): your appeal on application number ((number)) is answered. Your link"
        " tells you the answer and its reason."
    ),
    places=_SIGNED | {"number", "title", "outcome", "reason_heading", "reason"},
)
TEMPLATES = (LINK, UNSENT, AWARDED, DECLINED, DEFERRED, ANNULLED, CANCELLED, MOVED, APPEALED)
_BY_OUTCOME = {"fund": AWARDED, "part": AWARDED, "decline": DECLINED, "defer": DEFERRED}


def send_link(application: Application, link: str) -> Message:
    """Put the applicant's own link in the outbox, for carrying on and for the decision."""
    return post(LINK, application, {"link": link})


def ask_for_lost_links(*, programme: Programme, contact: str) -> None:
    """Have new links sent to a contact, if it is known here (`outbox.lost_links.ask`)."""
    place = ("application", programme.id)
    lost_links.ask(send_lost_links, place=place, found_by=links.contact_index(contact))


def send_lost_links(programme_id: int, contact_index: str) -> None:
    """Put new links in the outbox for the newest applications that gave this contact; commit."""
    query = (
        select(Application)
        .where(
            Application.programme_id == programme_id,
            Application.contact_index == contact_index,
            Application.state != "withdrawn",
        )
        .order_by(Application.id.desc())
        .limit(lost_links.MOST)
    )
    for application in list(db.session.scalars(query)):
        if not _just_sent(application):
            send_link(application, links.another(application))
    db.session.commit()


def send_decision(application: Application, decision: Decision) -> Message:
    """Put the decision with its reason in the outbox, in the applicant's language."""
    with force_locale(application.language):
        values = _said_of(application, decision)
    return post(_BY_OUTCOME[decision.outcome], application, values)


def send_annulled(application: Application, decision: Decision) -> Message:
    """Put in the outbox that the decision doesn't count any more, and why."""
    with force_locale(application.language):
        values = {
            "number": str(application.reference),
            "title": application.case.title if application.case else "",
            "reason_heading": gettext("Why:"),
            "reason": decision.annulled_for,
        }
    return post(ANNULLED, application, values)


def send_cancelled(application: Application, *, freed: int, reason: str) -> Message:
    """Put in the outbox that what was not paid of a grant is cancelled, and why."""
    with force_locale(application.language):
        values = {
            "number": str(application.reference),
            "title": application.case.title if application.case else "",
            "amount": money_text(freed),
            "reason_heading": gettext("Why:"),
            "reason": reason,
        }
    return post(CANCELLED, application, values)


def send_answered(application: Application, *, outcome: object, reason: str) -> Message:
    """Put the answer to an appeal in the outbox."""
    with force_locale(application.language):
        values = {
            "number": str(application.reference),
            "title": application.case.title if application.case else "",
            "outcome": str(outcome),
            "reason_heading": gettext("Why:"),
            "reason": reason,
        }
    return post(APPEALED, application, values)


def tell_moved(moved: Sequence[str]) -> None:
    """Tell applicants, by public identifier, at which meeting the panel decides now; commit."""
    for public_id in moved:
        application = db.session.scalar(
            select(Application).where(
                Application.public_id == public_id, Application.state == "submitted"
            )
        )
        if application and application.round:
            with force_locale(application.language):
                values = {
                    "number": str(application.reference),
                    "title": application.case.title if application.case else "",
                    "meets": moment(application.round.meets_at),
                }
            post(MOVED, application, values)
            db.session.commit()


def remind_unsent() -> int:
    """Remind applicants whose draft is a day old and whose round closes soon, once a draft.

    Returns how many; the caller commits.
    """
    now = clock.now()
    reminded = select(Message.subject_ref).where(Message.purpose == UNSENT.purpose)
    closing = select(Round.programme_id).where(
        Round.state == "open", Round.closes_at.between(now, now + REMINDED_BEFORE)
    )
    query = (
        select(Application)
        .where(
            Application.state == "draft",
            Application.contact_index.is_not(None),
            Application.created_at < now - REMINDED_AFTER,
            Application.programme_id.in_(closing),
            ("application:" + Application.public_id).not_in(reminded),
        )
        .limit(500)
    )
    drafts = list(db.session.scalars(query))
    for draft in drafts:
        post(UNSENT, draft, _reminding(draft))
    return len(drafts)


def take_back(application: Application) -> None:
    """Drop what waits in the outbox for an applicant who gave another contact."""
    services.take_back(ref(application))


def forget(application: Application) -> None:
    """Drop every message to an applicant, sent or not."""
    services.forget(ref(application))


def ref(application: Application) -> str:
    """Return how messages name the application that they are about."""
    return f"application:{application.public_id}"


def _just_sent(application: Application) -> bool:
    made_at = links.last_made_at(application)
    return made_at is not None and made_at > clock.now() - PAUSE


def _reminding(application: Application) -> Mapping[str, str]:
    coming = next_round(application.programme)
    with force_locale(application.language):
        closes = moment(coming.closes_at) if coming else ""
    return {"link": links.another(application), "closes": closes}


def _said_of(application: Application, decision: Decision) -> dict[str, str]:
    return {
        "number": str(application.reference),
        "title": application.case.title if application.case else "",
        "outcome": str(DECIDED[decision.outcome]),
        "amount": money_text(decision.amount or 0),
        "asked": money_text(application.asks or 0),
        "reason_heading": _reason_heading(application.language, decision.reason_language),
        "reason": _reason(decision),
        "appeal_until": day(
            decision.decided_at + timedelta(days=application.programme.appeal_days)
        ),
    }


def _reason(decision: Decision) -> str:
    """Return the reason: in short, in the panel's own words, and what is asked for first."""
    short, conditions = subjects.reason_of(decision), subjects.conditions_of(decision)
    asked = "\n".join([gettext("Before the money is paid:"), *(f"– {each}" for each in conditions)])
    parts = [str(short) if short else "", decision.reason, asked if conditions else ""]
    return "\n\n".join(filter(None, parts))


def _reason_heading(language: str, written: str) -> str:
    if written == language:
        return str(gettext("The panel’s reason:"))
    return str(
        gettext("The panel’s reason, written in %(language)s:", language=called(written).name)
    )


def post(template: Template, application: Application, values: Mapping[str, str]) -> Message:
    """Put a message to an applicant in the outbox, by the way that they can be reached."""
    answers, panel = application.answers, application.programme.panel
    contact = str(answers.get("contact", ""))
    return services.post(
        template=template,
        panel_id=panel.id,
        to=contact or str(answers.get("name", "")),
        channel=reach.channel(contact),
        language=application.language,
        values={"sender": panel.sender, **values},
        subject_ref=ref(application),
    )
