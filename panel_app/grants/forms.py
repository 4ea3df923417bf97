"""The forms of an applicant: one question each."""

from __future__ import annotations

from typing import Any

from wtforms import RadioField, StringField, TextAreaField, ValidationError

from panel_app.core.text import _
from panel_app.grants import questions
from panel_app.grants.models import Programme
from panel_app.web.forms import Form, SelectChoice, at_most, chosen, required
from panel_app.web.i18n import said


class EligibilityForm(Form):
    """Whether what the applicant has in mind fits the programme's rules."""

    fits = RadioField(
        _("Is all of this so?"),
        [chosen()],
        choices=[
            SelectChoice("yes", _("Yes, all of it")),
            SelectChoice("no", _("No, or I am not sure")),
        ],
    )


class QuestionForm(Form):
    """One question; what an answer must be is said by `questions.faults`."""

    def prepare(self, programme: Programme) -> None:
        """Fill in the choices that the programme gives."""

    def typed(self) -> dict[str, str]:
        """Return what was typed or chosen, by field."""
        return {name: self[name].data or "" for name in self._fields if name != "csrf_token"}

    def show_faults(self, faults: dict[str, Any]) -> None:
        """Show what is wrong beside its field."""
        for name, message in faults.items():
            self[name].errors = [message]


class KindForm(QuestionForm):
    """Who asks."""

    kind = RadioField(
        _("Who is asking?"),
        choices=[SelectChoice(kind, words) for kind, words in questions.KINDS.items()],
        validate_choice=False,
    )


class TitleForm(QuestionForm):
    """A short title, which becomes public."""

    title = StringField(_("A short title"))


class PlanForm(QuestionForm):
    """What is to happen."""

    plan = TextAreaField(_("In your own words"))


class PeopleForm(QuestionForm):
    """Whom it is for."""

    people = TextAreaField(_("In your own words"))


class MissionForm(QuestionForm):
    """The mission that it serves."""

    mission = RadioField(_("Which of these does it help most?"), validate_choice=False)

    def prepare(self, programme: Programme) -> None:
        """Offer the programme's missions."""
        self.mission.choices = [SelectChoice(m.code, said(m.title)) for m in programme.missions]


class AmountForm(QuestionForm):
    """How much is asked for."""

    amount = StringField(_("Amount in pounds"))


class CostsForm(QuestionForm):
    """What the money buys."""

    costs = TextAreaField(_("In your own words"))


class ContactForm(QuestionForm):
    """Name and contact, both of them optional."""

    name = StringField(_("Your name, or your group’s (you may leave it empty)"))
    contact = StringField(_("E-mail or phone number (you may leave it empty)"))


class LostForm(Form):
    """The contact that somebody gave who lost their link."""

    contact = StringField(_("E-mail or phone number"), [required(), at_most(120)])

    def validate_contact(self, field: StringField) -> None:
        """Refuse what is neither."""
        field.data = questions.kept("contact", field.data or "")
        if not questions.reachable(field.data):
            raise ValidationError(_("Type an e-mail address or a phone number."))


FORMS: dict[str, type[QuestionForm]] = {
    "kind": KindForm,
    "title": TitleForm,
    "plan": PlanForm,
    "people": PeopleForm,
    "mission": MissionForm,
    "amount": AmountForm,
    "costs": CostsForm,
    "contact": ContactForm,
}

#: The question as the page's heading.
HEADINGS: dict[str, Any] = {
    "kind": _("Who is asking?"),
    "title": _("What is it, in a few words?"),
    "plan": _("What will happen?"),
    "people": _("Who is it for, and what will change for them?"),
    "mission": _("Which of these does it help most?"),
    "amount": _("How much do you ask for?"),
    "costs": _("What will the money be spent on?"),
    "contact": _("How can we reach you?"),
}

#: What helps to answer it.
HINTS: dict[str, Any] = {
    "title": _("Everyone will see this, so leave names out. For example: Saturday breakfast club."),
    "plan": _(
        "What, where, when, and who does it. Write in any language, at most 1,500 characters."
    ),
    "people": _("A few sentences are enough: at most 1,000 characters."),
    "costs": _("For example: ingredients £900, two hobs £450, leaflets £50."),
}
