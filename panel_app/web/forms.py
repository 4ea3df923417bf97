"""Forms that parse and validate; refusals of services come back into them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any, TypeVar

from babel.support import Translations
from flask import flash, redirect, render_template
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response
from wtforms import HiddenField, SelectMultipleField, StringField, ValidationError
from wtforms.fields import Field

# The published types of WTForms lag behind: older ways to give choices are deprecated.
from wtforms.fields.choices import SelectChoice as SelectChoice  # type: ignore[attr-defined]
from wtforms.i18n import messages_path
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange
from wtforms.widgets import CheckboxInput, ListWidget

from panel_app.core import money
from panel_app.core.db import db
from panel_app.core.errors import DomainError, FaultyFile, Refused
from panel_app.core.text import _
from panel_app.web import i18n

Made = TypeVar("Made")
#: What a view with a form answers: the page with its status, or the way on.
Page = tuple[str, int] | Response


class Form(FlaskForm):  # type: ignore[misc]
    """The base of every form: CSRF token included, refusals shown beside the fields."""

    class Meta(FlaskForm.Meta):  # type: ignore[misc]
        """What the library says in its own words is read once, not for every form."""

        def get_translations(self, form: object) -> object:
            """Return the library's messages in the page's language."""
            return _library_words(i18n.code())

    #: Texts asked for in every language; see `web.desk.texts.TextsForm`.
    texts: tuple[Any, ...] = ()
    #: Every fault of an uploaded file, in words.
    faults: list[str]

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self.faults = []

    def own_fields(self) -> list[Field]:
        """Return the fields that a page shows beside the texts, in their order."""
        return [field for field in self if not isinstance(field, HiddenField)]

    def refuse(self, error: DomainError) -> None:
        """Show a service's refusal beside its field, or above the form."""
        place = self._fields.get(error.field) if error.field else None
        if isinstance(error, FaultyFile):
            self.faults = error.faults
        if place is None:
            self.form_errors.append(error.message)
        else:
            place.errors = [*place.errors, error.message]


@cache
def _library_words(language: str) -> object:
    return Translations.load(messages_path(), [language], domain="wtforms")


@contextmanager
def refusals(form: Form) -> Iterator[None]:
    """Turn a service's refusal inside the block into errors of the form; undo what it did."""
    try:
        yield
    except DomainError as error:
        db.session.rollback()
        form.refuse(error)


def saved(
    form: Form,
    act: Callable[[], Made],
    to: str | Callable[[Made], str],
    *,
    says: Any = None,
) -> Response | None:
    """Do what a sound form asks for, commit it, and lead on; None where the page is shown again.

    `act` calls one service, whose refusal comes back into the form. `to` is the address to go on
    to, or makes it of what was made; `says` is told there.
    """
    if not form.validate_on_submit():
        return None
    try:
        made = act()
    except DomainError as error:
        db.session.rollback()
        form.refuse(error)
        return None
    # Committed before the address is made: what making it queues finds what it is about.
    db.session.commit()
    return done(to if isinstance(to, str) else to(made), says)


def done(to: str, says: Any = None) -> Response:
    """Commit what a service did, tell `says` where there is something to tell, and lead on."""
    db.session.commit()
    if says:
        flash(says)
    return redirect(to, 303)


def page(template: str, form: Form, **context: Any) -> tuple[str, int]:
    """Render a page with a form: 422 where the form has errors, 200 otherwise."""
    status = 422 if form.errors or form.form_errors else 200
    return render_template(template, form=form, **context), status


def required(message: Any = None) -> DataRequired:
    """Refuse an empty text."""
    return DataRequired(message or _("Fill this in."))


def chosen(message: Any = None) -> InputRequired:
    """Refuse a question without an answer."""
    return InputRequired(message or _("Choose one of these."))


def at_most(length: int) -> Length:
    """Refuse a text longer than `length` characters."""
    return Length(max=length, message=_("This is too long: write at most %(max)d characters."))


def between(low: int, high: int) -> NumberRange:
    """Refuse a number outside `low` to `high`."""
    return NumberRange(low, high, _("Type a number from %(min)s to %(max)s."))


class _Tick(CheckboxInput):
    """A box of several: none of them is required, whatever the group is."""

    validation_attrs = ["disabled"]  # noqa: RUF012 - the library's own attribute


class TicksField(SelectMultipleField):
    """Several of the choices, a tick box each; a group that must not be empty says so itself.

    A browser knows no required group: `required` on its boxes would ask for every one of them.
    """

    widget = ListWidget(prefix_label=False)
    option_widget = _Tick()


class MoneyField(StringField):
    """An amount typed in pounds; `pence` holds it as integer pence after validation."""

    pence: int | None = None

    def __init__(self, *arguments: Any, **named: Any) -> None:
        named["render_kw"] = {"inputmode": "decimal", "size": 10, **named.get("render_kw", {})}
        super().__init__(*arguments, **named)

    def pre_validate(self, form: Any) -> None:
        """Read the amount; an empty one is left to the other validators."""
        self.pence = None
        if self.data and self.data.strip():
            try:
                self.pence = money.pence(self.data.strip())
            except Refused as refusal:
                raise ValidationError(str(refusal)) from refusal
