"""A lost link asked for again: whoever asks learns nothing of whether somebody gave a contact."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import current_app
from limits import parse
from wtforms import StringField
from wtforms.validators import ValidationError

from panel_app.core import crypto, jobs
from panel_app.core.errors import Conflict
from panel_app.core.text import _
from panel_app.core.typed import one_line
from panel_app.outbox import reach
from panel_app.outbox.outbox import here
from panel_app.questions.kinds.numbers import MARKS
from panel_app.questions.kinds.reaching import is_reachable
from panel_app.web import limits
from panel_app.web.forms import Form, at_most, required

#: Requests in one place, whatever contact they name: more are somebody who tries a list.
REQUESTS = parse("60 per hour")
#: Somebody with more that they lost than this asks the organiser.
MOST = 5
_TOO_MANY = _(
    "Very many people have asked for a lost link just now. Try again in an hour, or ask the"
    " organiser."
)


class LostForm(Form):
    """The contact that somebody gave who lost their link."""

    contact = StringField(_("E-mail or phone number"), [required(), at_most(120)])

    def validate_contact(self, field: StringField) -> None:
        """Refuse what is neither."""
        field.data = one_line((field.data or "").translate(MARKS))
        if not is_reachable(field.data):
            raise ValidationError(_("Type an e-mail address or a phone number."))


def index(contact: str, purpose: str) -> str | None:
    """Return the keyed hash by which somebody is found from their contact."""
    return crypto.blind_index(reach.folded(contact), purpose) if contact else None


def ask(send: Callable[[int, str], None], *, place: tuple[str, int], found_by: str | None) -> None:
    """Have a job call `send` with the place's number and the contact's hash, after the commit.

    So a request takes as long whether the contact is known or not. `place` is a kind of place and
    its number. Raises TooManyTries where more are asked for there than people lose, and Conflict
    where the queue is silent, which would forget it.
    """
    if jobs.fault(current_app):
        raise Conflict(_("New links can’t be sent just now. Try again in a few minutes."))
    kind, number = place
    limits.take(REQUESTS, f"lost-{kind}", str(number), message=_TOO_MANY)
    jobs.queue_after_commit(send, number, found_by)


def hint() -> Any:
    """Say how somebody who lost the link gets another, where that takes a person."""
    if here().sends("mail"):
        return None
    return _("The organiser passes it on by hand, so it can take some days.")


def answer(contact: str) -> Any:
    """Say what happens now, in the same words whether somebody gave this contact or not."""
    if here().sends(reach.channel(contact)):
        return _("If it was given here, a new link is on its way there.")
    return _("If it was given here, the organiser will pass a new link on by hand.")
