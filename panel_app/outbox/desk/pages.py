"""What organisers' pages of the outbox show, ready for their templates."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from panel_app.core.feature import offered
from panel_app.core.text import _
from panel_app.outbox import queries
from panel_app.outbox.models import Message
from panel_app.outbox.outbox import template_for
from panel_app.outbox.services import to_hand_over
from panel_app.outbox.templates import Template, own_words, shipped
from panel_app.staff import accounts
from panel_app.web import i18n

KINDS: Mapping[str, Any] = {
    "hand": _("To hand over"),
    "waiting": _("Leaving by themselves"),
    "unsure": _("Perhaps sent"),
    "failed": _("Not arrived"),
    "sent": _("Sent"),
}
#: What each kind means, and what to do about it.
ABOUT: Mapping[str, Any] = {
    "hand": _("Nothing sends these. Send each one from your own mail or phone, then mark it."),
    "waiting": _("These are sent within a minute or two, one after the other."),
    "unsure": _(
        "The line broke before the answer, so they may have arrived or not. They are not sent"
        " again by themselves: ask the person, then say what happened."
    ),
    "failed": _("These did not reach anybody. Look at the reason, then send them again."),
    "sent": _("What was sent stays listed here."),
}
STATES: Mapping[str, Any] = {
    "waiting": _("Waiting"),
    "sending": _("Being sent now"),
    "sent": _("Sent"),
    "unsure": _("Perhaps sent"),
    "failed": _("Not sent"),
    "returned": _("Came back"),
    "replaced": _("Made again as a new message"),
}
FAULTS: Mapping[str, Any] = {
    "unreachable": _("The mail service does not answer. It is tried again every minute."),
    "not_now": _("It was not taken yet. It is tried again, later each time."),
    "limit": _("This person was sent as many messages today as one person gets: it waits."),
    "refused": _("The mail service refuses it for good."),
    "address": _("Nothing can be sent to this address."),
    "given_up": _("It was tried for a day without success."),
    "bounced": _("It came back: nobody received it."),
    "wrong": _("It reached somebody else: the address or number is wrong."),
}


@dataclass(frozen=True, slots=True)
class Row:
    """A message in a list: to whom and how it stands, never what it says."""

    message: Message
    what: Any
    to: str
    state: Any
    fault: Any


def row(message: Message) -> Row:
    """Return how a message stands, in words."""
    template = template_for(message.purpose)
    return Row(
        message,
        template.name if template else _("An earlier message"),
        message.wording["to"],
        STATES[message.state],
        FAULTS.get(message.fault or ""),
    )


@dataclass(frozen=True, slots=True)
class Opened:
    """One message with all that may be seen and done."""

    row: Row
    title: str
    #: None where nobody but its recipient may read it.
    body: str | None
    #: Whether a person sends it.
    by_hand: bool
    sent_by: str
    opened_by: str
    again_of: Message | None
    again: list[Message]


def opened(message: Message, *, body: str | None = None) -> Opened:
    """Return a message; `body` is a secret one's, opened to be handed over."""
    wording = message.wording
    return Opened(
        row=row(message),
        title=wording["title"],
        body=body if message.secret else wording["body"],
        by_hand=to_hand_over(message),
        sent_by=accounts.name_of(message.sent_by),
        opened_by=accounts.name_of(message.opened_by),
        again_of=queries.first_of(message),
        again=queries.made_again(message),
    )


@dataclass(frozen=True, slots=True)
class Worded:
    """A template in one language, and whether the organisation changed it."""

    purpose: str
    name: Any
    #: Each language with whether its words are the organisation's.
    languages: list[tuple[i18n.Language, bool]]


def wordings() -> list[Worded]:
    """Return every template with its languages."""
    return [
        Worded(
            template.purpose,
            template.name,
            [
                (lang, own_words(template, lang.code) != shipped(template, lang.code))
                for lang in i18n.offered()
            ],
        )
        for template in offered(Template)
    ]
