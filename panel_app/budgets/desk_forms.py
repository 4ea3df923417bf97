"""Forms that set up pots, lines, projects and the questions put to a ballot."""

from __future__ import annotations

from typing import Any

from wtforms import SelectField, StringField, TextAreaField
from wtforms.fields import Field

from panel_app.budgets.models import Line, Pot, Project
from panel_app.core.text import _
from panel_app.core.translated import Translated
from panel_app.panels.models import Panel
from panel_app.web import i18n
from panel_app.web.forms import Form, MoneyField, at_most, required


def _tidy(typed: str | None) -> str:
    """Return what was typed without the spaces around it and without null characters."""
    return (typed or "").replace("\0", "").strip()


class TextsForm(Form):
    """A form with texts in English and, where wanted, in the panel's other languages."""

    #: Each text's field name, label, and longest length; English must be there.
    TEXTS: tuple[tuple[str, Any, int], ...] = ()
    others: tuple[i18n.Language, ...] = ()

    def text(self, name: str) -> Translated:
        """Return one text in every language it was typed in."""
        typed = {code: self[f"{name}_{code}"].data for code in self._codes()}
        return Translated.of("en", **typed)

    def show(self, name: str, text: Translated) -> None:
        """Fill in one text's wordings, for editing."""
        for code in self._codes():
            version = text.versions.get(code)
            self[f"{name}_{code}"].data = version.text if version else ""

    def other_fields(self) -> list[tuple[i18n.Language, list[Field]]]:
        """Return the fields of each other language, for the page."""
        names = [name for name, *_rest in self.TEXTS]
        return [(lang, [self[f"{n}_{lang.code}"] for n in names]) for lang in self.others]

    @property
    def others_in_use(self) -> bool:
        """Whether anything stands in the fields of other languages."""
        fields = [field for _lang, fields in self.other_fields() for field in fields]
        return any(field.data or field.errors for field in fields)

    def _codes(self) -> list[str]:
        return ["en", *(language.code for language in self.others)]


class PotForm(TextsForm):
    """A pot's name and amount."""

    TEXTS = (("name", _("What the money is for"), 120),)
    amount = MoneyField(_("Amount in pounds"), [required()])


class LineForm(TextsForm):
    """A service line."""

    TEXTS = (("name", _("Service line"), 120),)
    yearly = MoneyField(_("What it spends in a year now (optional)"))


class ProjectForm(TextsForm):
    """A project with its costs."""

    TEXTS = (("title", _("Project"), 120), ("summary", _("What it is, in a sentence or two"), 400))
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

    TEXTS = (("question", _("Question"), 200),)


class RemoveForm(Form):
    """Only the confirmation."""


def for_panel(kind: type[TextsForm], panel: Panel) -> Any:
    """Return the form with a field for each text in each of the panel's languages."""
    others = tuple(lang for lang in i18n.KNOWN.values() if lang.code in _others(panel))
    fields: dict[str, Any] = {"others": others}
    for name, label, longest in kind.TEXTS:
        widget = StringField if longest <= 200 else TextAreaField
        for code in ("en", *(language.code for language in others)):
            rules = [required(), at_most(longest)] if code == "en" else [at_most(longest)]
            fields[f"{name}_{code}"] = widget(label, rules, filters=[_tidy])
    return type(kind.__name__, (kind,), fields)()


def for_project(pot: Pot, project: Project | None = None) -> Any:
    """Return the project form of a pot, filled from `project` on a first visit."""
    form = for_panel(ProjectForm, pot.panel)
    form.line.choices = [("", _("None"))] + [(i.public_id, i18n.said(i.name)) for i in pot.lines]
    if project is not None and not form.is_submitted():
        form.show("title", project.title)
        form.show("summary", project.summary)
        form.cost.data = _typed(project.cost)
        form.council_cost.data = _typed(project.council_cost)
        form.line.data = _line_id(project.line)
    return form


def _others(panel: Panel) -> set[str]:
    return {code for code in panel.languages if code != "en"}


def _typed(pence: int | None) -> str:
    if pence is None:
        return ""
    return f"{pence // 100}" + (f".{pence % 100:02}" if pence % 100 else "")


def _line_id(line: Line | None) -> str:
    return line.public_id if line else ""
