"""Forms that set up pots, lines, projects and the questions put to a ballot."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from flask_babel import LazyString
from flask_wtf.file import FileField
from werkzeug.datastructures import MultiDict
from wtforms import BooleanField, IntegerField, RadioField, SelectField, StringField, TextAreaField
from wtforms.validators import Optional

from panel_app.budgets import ways
from panel_app.budgets.models import BudgetBallot, Line, Pot, Project
from panel_app.budgets.rules import COUNTS, EQUAL_SHARES, Rules
from panel_app.budgets.ways.points import USUAL as POINTS
from panel_app.budgets.ways.ranking import USUAL as PLACES
from panel_app.core import money
from panel_app.core.errors import Refused
from panel_app.core.text import _
from panel_app.core.typed import one_line
from panel_app.recruitment.desk.forms import UploadForm
from panel_app.web import i18n
from panel_app.web.desk.texts import Text, TextsForm, in_languages
from panel_app.web.forms import MoneyField, SelectChoice, at_most, chosen, required


def told(title: Any, what: Any) -> LazyString:
    """Return a choice with what it means."""
    return LazyString(lambda: f"{title}: {what}")


def agreed_by() -> StringField:
    """Return the field for who agreed to a ballot's rules."""
    return StringField(
        _("Who agreed to these rules (optional)"),
        [at_most(200)],
        filters=[lambda typed: one_line(typed or "")],
        description=_("Voters read it, such as: the residents’ meeting of 3 October."),
    )


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
        Text(
            "goal",
            _("What should be different in a year, and how would you see it? (optional)"),
            400,
            needed=False,
            hint=_("Voters read it, and it is looked at again when the work is done."),
        ),
    )
    cost = MoneyField(_("Cost in pounds"), [required()])
    council_cost = MoneyField(_("Cost if the council did it all (only where residents take part)"))
    plan_b = SelectField(
        _("If the residents’ part falls through"),
        choices=[
            SelectChoice("", _("Residents’ work lowers no cost")),
            SelectChoice("full", _("The council does it all, at its cost")),
            SelectChoice("out", _("It is left out")),
        ],
        default="",
    )
    line = SelectField(_("Service line"), validate_choice=True)

    def texts_and_costs(self) -> dict[str, Any]:
        """Return what `add_project` and `change_project` take, apart from the line."""
        return {
            "title": self.text("title"),
            "summary": self.text("summary"),
            "goal": self.text("goal") if str(self.text("goal")) else None,
            "cost": self.cost.pence,
            "council_cost": self.council_cost.pence,
            "plan_b": self.plan_b.data or None,
        }


class RulesForm(TextsForm):
    """The question put to a ballot, and the rules agreed for it; see `rules_form`."""

    texts = (Text("question", _("Question"), 200),)
    way = RadioField(
        _("How do people vote?"),
        [chosen()],
        choices=[SelectChoice(way.name, told(way.title, way.example)) for way in ways.WAYS],
        default=ways.WAYS[0].name,
    )
    limit = IntegerField(
        _("Limit (optional)"),
        [Optional()],
        description=_(
            "How many may be ticked, points given (else %(points)s), or places on a list (else"
            " %(places)s).",
            points=POINTS,
            places=PLACES,
        ),
    )
    count = RadioField(
        _("How are the votes counted?"),
        [chosen()],
        choices=[SelectChoice(name, told(title, what)) for name, (title, what) in COUNTS.items()],
        default=EQUAL_SHARES,
    )
    minimum_votes = IntegerField(_("Votes that a project needs at least (optional)"), [Optional()])
    incompatible = TextAreaField(
        _("Projects that can’t be built together (optional)"),
        description=_(
            "By their numbers in the list of projects, a group a line, such as: 2, 5. Only with"
            " most votes."
        ),
    )
    agreed_by = agreed_by()
    #: The fields of the lines' caps, by line.
    caps: dict[str, str]
    #: The projects' public identifiers by their number.
    numbered: dict[int, str]

    def rules(self) -> Rules:
        """Return the rules as they were typed. Raises Refused for a line of no project numbers."""
        caps = {line: self[name].pence for line, name in self.caps.items()}
        return Rules(
            way=self.way.data,
            limit=self.limit.data if ways.named(self.way.data).limit else None,
            count=self.count.data,
            minimum_votes=self.minimum_votes.data or 0,
            incompatible=tuple(self._groups()),
            caps={line: pence for line, pence in caps.items() if pence is not None},
            agreed_by=self.agreed_by.data or "",
        )

    def _groups(self) -> Iterator[tuple[str, ...]]:
        for line in (self.incompatible.data or "").splitlines():
            numbers = re.split(r"[\s,،;]+", money.plain(line.strip()).strip(","))
            known = [self.numbered.get(int(n)) for n in numbers if n.isdigit()]
            if line.strip() and (None in known or len(known) != len(numbers)):
                raise Refused(
                    _("“%(line)s” is no list of project numbers.", line=line.strip()),
                    field="incompatible",
                )
            if line.strip():
                yield tuple(project for project in dict.fromkeys(known) if project)


class SharesForm(TextsForm):
    """The question put to a ballot on service lines, and who agreed to it."""

    texts = (Text("question", _("Question"), 200),)
    agreed_by = agreed_by()


class PbForm(UploadForm):
    """A file of Pabulib's."""

    file = FileField(_("File"), render_kw={"accept": ".pb,text/plain"})
    draft = BooleanField(_("Make a draft ballot with the file’s way of voting"), default=True)


def pot_form(pot: Pot | None = None) -> PotForm:
    """Return the form of a pot, filled from `pot`."""
    return in_languages(PotForm, pot)(data={"amount": money.typed(pot.amount)} if pot else None)


def line_form(line: Line | None = None) -> LineForm:
    """Return the form of a line, filled from `line`."""
    return in_languages(LineForm, line)(data={"yearly": money.typed(line.yearly)} if line else None)


def project_form(
    pot: Pot, project: Project | None = None, row: MultiDict[str, str] | None = None
) -> ProjectForm:
    """Return the project form of a pot, filled from `project`, or sent as the row of a list."""
    sent = {} if row is None else {"formdata": row, "meta": {"csrf": False}}
    form = in_languages(ProjectForm, project)(data=_facts(project) if project else None, **sent)
    lines = [(line.public_id, i18n.wording(line.name).text) for line in pot.lines]
    form.line.choices = [("", _("None")), *lines]
    return form


def _facts(project: Project) -> dict[str, str]:
    return {
        "cost": money.typed(project.cost),
        "council_cost": money.typed(project.council_cost),
        "plan_b": project.plan_b or "",
        "line": project.line.public_id if project.line else "",
    }


def rules_form(pot: Pot, draft: BudgetBallot | None = None) -> RulesForm:
    """Return the form of a pot's ballot, filled from a draft, with a cap for each line."""
    rules = Rules.read(draft.rules) if draft else Rules()
    caps = {line.public_id: f"cap_{line.public_id}" for line in pot.lines}
    numbered = {project.position: project.public_id for project in pot.projects}
    fields: dict[str, Any] = {
        name: MoneyField(
            _("“%(line)s” gets at most (optional)", line=i18n.wording(line.name).text),
            default=money.typed(rules.caps.get(line.public_id)),
        )
        for line, name in zip(pot.lines, caps.values(), strict=True)
    }
    made: type[RulesForm] = type("RulesFormOfPot", (RulesForm,), fields)
    form = in_languages(made, draft.ballot if draft else None)(data=_typed(rules, numbered))
    form.caps, form.numbered = caps, numbered
    return form


def shares_form(draft: BudgetBallot | None = None) -> SharesForm:
    """Return the form of a ballot on service lines, filled from a draft."""
    kept = {"agreed_by": Rules.read(draft.rules).agreed_by} if draft else None
    return in_languages(SharesForm, draft.ballot if draft else None)(data=kept)


def _typed(rules: Rules, numbered: dict[int, str]) -> dict[str, Any]:
    places = {project: number for number, project in numbered.items()}
    kept = rules.among(places.keys()).incompatible
    return {
        "way": rules.way,
        "limit": rules.limit,
        "count": rules.count,
        "minimum_votes": rules.minimum_votes or None,
        "incompatible": "\n".join(", ".join(str(places[p]) for p in group) for group in kept),
        "agreed_by": rules.agreed_by,
    }
