"""What the columns and cells of a file of people are: one form, of the file's own columns."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from wtforms import BooleanField, HiddenField, SelectField, TextAreaField

from panel_app.core.text import _, gettext
from panel_app.recruitment.desk.forms import DoubtsForm, SilentForm
from panel_app.recruitment.importing.plan import Plan
from panel_app.recruitment.importing.reading import Head
from panel_app.web.forms import Form, SelectChoice, required
from panel_app.web.i18n import apart
from sortition.not_this_one import Doubt
from sortition.targets import Targets

_USES = (
    ("", _("Nothing else")),
    ("id", _("The id that tells people apart")),
    ("language", _("Their language")),
    ("phone", _("Phone")),
    ("email", _("E-mail")),
)
#: What stands for no answer in the choices of a cell, and for "leave it as it is".
_NO_ANSWER, _AS_IT_IS = "no", ""
#: Cells without a value: feature, cell, how often it stands there, the value that it may mean.
Unknown = tuple[str, str, int, str | None]


class ImportForm(DoubtsForm, SilentForm):
    """The fields that every file has; `import_form` adds those of its columns and cells."""

    sheet = HiddenField()
    head: Head
    targets: Targets
    unknown: Sequence[Unknown] = ()

    def columns(self) -> Iterator[tuple[str, list[str], list[Any]]]:
        """Return each column with examples and its fields, for the page."""
        for at, column in enumerate(self.head.columns):
            fields = [self[f"{name}_{at}"] for name in ("use", "name", "letter", "home")]
            yield column, self.head.examples(column), fields

    def cells(self) -> Iterator[tuple[Unknown, Any]]:
        """Return each cell that no value takes with its field."""
        for at, unknown in enumerate(self.unknown):
            yield unknown, self[f"value_{at}"]

    def validate(self, extra_validators: Any = None) -> bool:
        """Check as well that every feature has one column, and that one column is the id."""
        sound = bool(super().validate(extra_validators))
        uses = [self[f"use_{at}"].data for at in range(len(self.head.columns))]
        for at, feature in enumerate(self.targets.features):
            found = uses.count(f"f{at}")
            if found != 1:
                say = _("Say which column is %(feature)s.", feature=apart(feature))
                twice = _("Only one column can be %(feature)s.", feature=apart(feature))
                self.form_errors.append(twice if found else say)
                sound = False
        if uses.count("id") > 1 or uses.count("language") > 1:
            self.form_errors.append(_("Only one column can be the id, and one the language."))
            sound = False
        return sound

    def plan(self, before: Plan) -> Plan:
        """Return what was said."""
        uses = {column: fields[0].data for column, _cells, fields in self.columns()}

        def used(use: str) -> list[str]:
            return [column for column, its in uses.items() if its == use]

        def ticked(at: int) -> list[str]:
            return [column for column, _cells, fields in self.columns() if fields[at].data]

        return Plan(
            id=next(iter(used("id")), ""),
            features={f: used(f"f{at}")[0] for at, f in enumerate(self.targets.features)},
            names=ticked(1),
            letter=ticked(2),
            home=ticked(3),
            phone=used("phone"),
            email=used("email"),
            language=next(iter(used("language")), ""),
            values=self._values(before),
            leave_out={**before.leave_out, **self.choices()},
            sheet=self.sheet.data or "",
        )

    def _values(self, before: Plan) -> dict[str, dict[str, str]]:
        values = {feature: dict(cells) for feature, cells in before.values.items()}
        for (feature, cell, _count, _guess), field in self.cells():
            if field.data != _AS_IT_IS:
                said = "" if field.data == _NO_ANSWER else field.data.removeprefix("v")
                values.setdefault(feature, {})[cell] = said
        return values


class RowsForm(Form):
    """The rows of a small file, to be corrected on the page."""

    rows = TextAreaField(
        _("The rows of the file"),
        [required()],
        render_kw={"rows": 12, "spellcheck": "false", "dir": "ltr"},
    )


def import_form(
    *, head: Head, targets: Targets, plan: Plan, sheet: str, silent: str, found: Mapping[str, Any]
) -> ImportForm:
    """Return the form for a file's columns, filled with what is known or guessed of them."""
    unknown = [
        (feature, cell, count, guess)
        for feature, cells in found.get("unknown", {}).items()
        for cell, count, guess in cells
    ]
    fields: dict[str, Any] = {}
    for at, column in enumerate(head.columns):
        fields |= _of_column(at, column, targets, plan)
    for at, cell in enumerate(unknown):
        fields[f"value_{at}"] = _of_cell(cell, targets)
    made: type[ImportForm] = type("ImportFormOfColumns", (ImportForm,), fields)
    made.head, made.targets, made.unknown = head, targets, unknown
    form = made(data={"sheet": sheet, "silent": silent})
    form.doubts = [Doubt(column, counts) for column, counts in found.get("doubts", ())]
    return form


def _of_column(at: int, column: str, targets: Targets, plan: Plan) -> dict[str, Any]:
    features = [
        SelectChoice(f"f{n}", gettext("Feature: %(name)s", name=apart(feature)))
        for n, feature in enumerate(targets.features)
    ]
    uses = [SelectChoice(*use) for use in _USES]
    return {
        f"use_{at}": SelectField(
            _("What is it?"), choices=[*uses, *features], default=_use(column, targets, plan)
        ),
        f"name_{at}": BooleanField(_("Part of the name"), default=column in plan.names),
        f"letter_{at}": BooleanField(_("Stands on the letter"), default=column in plan.letter),
        f"home_{at}": BooleanField(
            _("Tells one home from another"), default=column in (plan.home or ())
        ),
    }


def _use(column: str, targets: Targets, plan: Plan) -> str:
    for at, feature in enumerate(targets.features):
        if plan.features.get(feature) == column:
            return f"f{at}"
    known = {"id": [plan.id], "language": [plan.language], "phone": plan.phone, "email": plan.email}
    return next((use for use, columns in known.items() if column in columns), "")


def _of_cell(cell: Unknown, targets: Targets) -> SelectField:
    feature, _text, _count, guess = cell
    values = [SelectChoice(f"v{value}", value) for value in targets.values(feature)]
    choices = [
        SelectChoice(_AS_IT_IS, _("A fault, to be corrected")),
        *values,
        SelectChoice(_NO_ANSWER, _("No answer")),
    ]
    default = _AS_IT_IS if guess is None else f"v{guess}" if guess else _NO_ANSWER
    return SelectField(choices=choices, default=default)
