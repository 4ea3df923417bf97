"""Forms for asking for ideas, writing them down, costing, reading first and joining them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from werkzeug.datastructures import MultiDict
from wtforms import BooleanField, DateField, RadioField, SelectField, StringField
from wtforms.validators import Optional

from panel_app.budgets.desk.forms import ProjectForm
from panel_app.budgets.ideas.costing import Cost
from panel_app.budgets.ideas.forms import IdeaForm
from panel_app.budgets.ideas.models import Costing, Idea, IdeaCall
from panel_app.budgets.ideas.services import LONGEST_TITLE, LONGEST_WHY, Terms
from panel_app.budgets.models import Pot
from panel_app.core import money
from panel_app.core.text import _
from panel_app.core.typed import one_line
from panel_app.web import i18n
from panel_app.web.desk.texts import Text, TextsForm, in_languages
from panel_app.web.forms import Form, MoneyField, SelectChoice, TicksField, at_most, chosen

ORIGINS: dict[str, Any] = {
    "stall": _("At a stall"),
    "workshop": _("At a workshop"),
    "council": _("From the council"),
    "phone": _("By phone"),
}
VERDICTS: dict[str, Any] = {
    "costed": _("It costs:"),
    "unknown": _("Not known yet: it can’t be voted on until it is"),
    "no": _("No: it can’t or won’t be done"),
}


class CallForm(Form):
    """How ideas are asked for."""

    taking = BooleanField(_("Ideas are taken"), default=True)
    closes_on = DateField(_("Last day for ideas (optional)"), [Optional()])
    costed_by = DateField(
        _("Every idea is costed by (optional)"),
        [Optional()],
        description=_("Everybody sees this day, and how many are left to cost."),
    )
    all_held = BooleanField(_("A person reads every idea before it is shown"))

    def terms(self) -> Terms:
        """Return what was typed."""
        return Terms(
            taking=self.taking.data,
            closes_on=self.closes_on.data,
            costed_by=self.costed_by.data,
            all_held=self.all_held.data,
        )


class EnterForm(IdeaForm):
    """An idea that staff write down for somebody."""

    origin = RadioField(
        _("Where did it come from?"),
        [chosen()],
        choices=[SelectChoice(name, words) for name, words in ORIGINS.items()],
    )
    spoken = SelectField(_("Its author’s language"))


class CostForm(TextsForm):
    """What an idea would cost, with its basis and a reason."""

    texts = (
        Text(
            "reason",
            _("Your reason, in plain words"),
            400,
            needed=False,
            hint=_("The author reads it, and everybody. A “no” needs one."),
        ),
    )
    verdict = RadioField(
        _("What do you say?"),
        [chosen()],
        choices=[SelectChoice(name, words) for name, words in VERDICTS.items()],
    )
    pence = MoneyField(_("Cost in pounds"))
    yearly = RadioField(
        _("Once, or every year?"),
        choices=[SelectChoice("once", _("Once")), SelectChoice("yearly", _("Every year"))],
        default="once",
    )
    basis = StringField(
        _("How did you work it out?"),
        [at_most(400)],
        filters=[lambda typed: one_line(typed or "")],
        description=_("With its figures, such as: 6 beds at £650, and £2,300 for a store."),
    )

    def cost(self) -> Cost:
        """Return what was typed."""
        return Cost(
            verdict=self.verdict.data,
            reason=self.text("reason"),
            pence=self.pence.pence,
            yearly=self.yearly.data == "yearly",
            basis=self.basis.data or "",
        )


class HideForm(TextsForm):
    """Why an idea is not shown."""

    texts = (Text("reason", _("Why it is not shown"), 400, hint=_("Its author reads it.")),)


class WordsForm(TextsForm):
    """An idea in other languages than its author's."""

    texts = (
        Text("title", _("In a few words"), LONGEST_TITLE, needed=False),
        Text("why", _("Why, and for whom?"), LONGEST_WHY, needed=False),
    )


class JoinForm(ProjectForm):
    """Ideas that become a project, or part of one that is there."""

    project = SelectField(_("Which project?"), default="")
    ideas = TicksField(_("Other ideas that are part of it"))

    def leave_out_texts(self) -> None:
        """Ask for nothing that the chosen project has already."""
        for field in self:
            if field.name not in {"project", "ideas", "csrf_token"}:
                field.validators = []


def call_form(call: IdeaCall | None) -> CallForm:
    """Return the form, filled from how ideas are asked for now."""
    return CallForm(obj=call) if call else CallForm()


def enter_form(call: IdeaCall, row: MultiDict[str, str] | None = None) -> EnterForm:
    """Return the form for an idea that staff write down, or sent as the row of a list."""
    sent: dict[str, Any] = {} if row is None else {"formdata": row, "meta": {"csrf": False}}
    form = EnterForm(**sent)
    form.offer(call)
    form.spoken.choices = [SelectChoice(each.code, each.name) for each in i18n.offered()]
    return form


def cost_form(costing: Costing | None) -> CostForm:
    """Return the form, filled from what was said before."""
    before = (
        {
            "verdict": costing.verdict,
            "pence": money.typed(costing.pence),
            "yearly": "yearly" if costing.yearly else "once",
            "basis": costing.basis,
        }
        if costing
        else None
    )
    return in_languages(CostForm, costing)(data=before)


def join_form(pot: Pot, idea: Idea, others: Sequence[Idea], costing: Costing | None) -> JoinForm:
    """Return the form that makes a project of ideas, with one idea's words and cost in it."""
    shown = _Suggested(idea)
    cost = money.typed(costing.pence) if costing and costing.pence else ""
    form = in_languages(JoinForm, shown)(data={"cost": cost})
    form.line.choices = [
        SelectChoice("", _("None")),
        *(SelectChoice(line.public_id, i18n.wording(line.name).text) for line in pot.lines),
    ]
    form.project.choices = [
        SelectChoice("", _("A new one, described below")),
        *(SelectChoice(p.public_id, i18n.wording(p.title).text) for p in pot.projects),
    ]
    form.ideas.choices = [
        SelectChoice(other.public_id, f"{other.number}. {i18n.wording(other.title).text}")
        for other in others
    ]
    return form


class _Suggested:
    """What a project made of an idea is called to begin with."""

    def __init__(self, idea: Idea) -> None:
        self.title, self.summary = idea.title, idea.why
