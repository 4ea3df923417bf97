"""Forms for commitments and how they stand."""

from __future__ import annotations

from wtforms import IntegerField, RadioField
from wtforms.validators import Optional

from panel_app.budgets.commitments.services import Offer
from panel_app.budgets.models import Commitment
from panel_app.budgets.taken_on import KINDS, STATES
from panel_app.core import money
from panel_app.core.text import _
from panel_app.web.desk.texts import Text, TextsForm, in_languages
from panel_app.web.forms import MoneyField, SelectChoice, chosen


class OfferForm(TextsForm):
    """What somebody takes on."""

    texts = (
        Text(
            "who",
            _("Who takes it on?"),
            120,
            hint=_("A group or a partner, not a person’s name: everybody reads it."),
        ),
        Text("what", _("What do they take on?"), 300),
    )
    kind = RadioField(
        _("What is it?"),
        [chosen()],
        choices=[SelectChoice(name, words) for name, words in KINDS.items()],
    )
    hours = IntegerField(_("Hours (for work)"), [Optional()])
    pence = MoneyField(_("Amount in pounds (for money)"))

    def offer(self) -> Offer:
        """Return what was typed."""
        return Offer(
            kind=self.kind.data,
            what=self.text("what"),
            who=self.text("who"),
            hours=self.hours.data,
            pence=self.pence.pence,
        )


class MoveForm(TextsForm):
    """How a commitment stands, with a word."""

    texts = (Text("words", _("What happened?"), 400, hint=_("Everybody reads it.")),)
    state = RadioField(
        _("How does it stand now?"),
        [chosen()],
        choices=[SelectChoice(name, words) for name, words in STATES.items()],
    )


def offer_form(commitment: Commitment | None = None) -> OfferForm:
    """Return the form, filled from a commitment."""
    before = (
        {
            "kind": commitment.kind,
            "hours": commitment.hours,
            "pence": money.typed(commitment.pence),
        }
        if commitment
        else None
    )
    return in_languages(OfferForm, commitment)(data=before)


def move_form() -> MoveForm:
    """Return the form that says how a commitment stands."""
    return in_languages(MoveForm)()
