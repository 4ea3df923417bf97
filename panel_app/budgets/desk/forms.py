"""Forms that set up pots, lines, projects and the questions put to a ballot."""

from __future__ import annotations

from typing import Any

from wtforms import SelectField

from panel_app.budgets.models import Pot, Project
from panel_app.core import money
from panel_app.core.text import _
from panel_app.web import i18n
from panel_app.web.desk.texts import Text, TextsForm, in_languages
from panel_app.web.forms import MoneyField, required


class PotForm(TextsForm):
    """A pot's name and amount."""

    texts = (Text("name", _("What the money is for"), 120),)
    amount = MoneyField(_("Amount in pounds"), [required()])


class LineForm(TextsForm):
    """A service line."""

    texts = (Text("name", _("Service line"), 120),)
    yearly = MoneyField(_("What it spends in a year now (optional)"))


class ProjectForm(TextsForm):
    """A project with its costs."""

    texts = (
        Text("title", _("Project"), 120),
        Text("summary", _("What it is, in a sentence or two"), 400),
    )
    cost = MoneyField(_("Cost in pounds"), [required()])
    council_cost = MoneyField(_("Cost if the council did it all (only where residents take part)"))
    line = SelectField(_("Service line"), validate_choice=True)

    def texts_and_costs(self) -> dict[str, Any]:
        """Return what `add_project` and `change_project` take, apart from the line."""
        return {
            "title": self.text("title"),
            "summary": self.text("summary"),
            "cost": self.cost.pence,
            "council_cost": self.council_cost.pence,
        }


class QuestionForm(TextsForm):
    """The question put to a ballot."""

    texts = (Text("question", _("Question"), 200),)


def project_form(pot: Pot, project: Project | None = None) -> ProjectForm:
    """Return the project form of a pot, filled from `project`."""
    form = in_languages(ProjectForm, project)(data=_facts(project) if project else None)
    lines = [(line.public_id, i18n.wording(line.name).text) for line in pot.lines]
    form.line.choices = [("", _("None")), *lines]
    return form


def _facts(project: Project) -> dict[str, str]:
    return {
        "cost": money.typed(project.cost),
        "council_cost": money.typed(project.council_cost),
        "line": project.line.public_id if project.line else "",
    }
