"""Writing one question: its words in every language, its options, who is asked it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

from markupsafe import Markup
from wtforms import BooleanField, IntegerField, SelectField
from wtforms.validators import Optional

from panel_app.core import money
from panel_app.core.text import _
from panel_app.core.translated import Translated
from panel_app.questions import drafting
from panel_app.questions.kinds import kind_called
from panel_app.questions.kinds.kind import Bound, Kind
from panel_app.questions.question import Condition, Option, Question
from panel_app.web.desk.texts import Text, TextsForm, in_languages
from panel_app.web.forms import MoneyField, SelectChoice

LONGEST_WORDING = 240
LONGEST_HELP = 600


class QuestionForm(TextsForm):
    """One question of a kind; `question_form` adds the kind's own fields."""

    texts = (
        Text("wording", _("Question"), LONGEST_WORDING),
        Text("help", _("What helps to answer it"), LONGEST_HELP, needed=False),
    )
    required = BooleanField(_("Everybody who is asked has to answer"), default=True)
    only_if = SelectField(_("Who is asked"))
    with_previous = BooleanField(_("On the same page as the question before it"))
    hidden = BooleanField(_("Left out when a panel judges without knowing who asks"))
    public = BooleanField(_("The answer may be published"))
    #: What the form was made for.
    code: str
    kind: Kind
    before: dict[str, list[Translated]]
    coded: tuple[Option, ...]
    #: What the feature says of the question, so that it isn't asked for here.
    given: Mapping[str, Any]

    def question(self) -> Question:
        """Return the question as it was typed; options keep their codes by their place."""
        typed = Question(
            code=self.code,
            kind=self.kind.name,
            wording=self.text("wording"),
            help=self.text("help") if self.text("help").versions else None,
            options=self._options(),
            low=self._bound("low"),
            high=self._bound("high"),
            required=self.required.data,
            only_if=Condition(*self.only_if.data.split("=", 1)) if self.only_if.data else None,
            with_previous=self.with_previous.data,
            hidden=self.hidden.data,
            public=self.public.data,
        )
        return replace(typed, **self.given)

    def _options(self) -> tuple[Option, ...]:
        if self.kind.options == (0, 0) or "options" in self.given:
            return ()
        taken = [option.code for option in self.coded]
        fresh = (f"o{n}" for n in range(1, 1_000) if f"o{n}" not in taken)
        codes = [*taken, *(next(fresh) for _entry in range(len(self.entries("options"))))]
        return tuple(map(Option, codes, self.entries("options")))

    def _bound(self, name: str) -> int | None:
        if name not in self:
            return None
        field = self[name]
        typed: int | None = field.pence if isinstance(field, MoneyField) else field.data
        return typed


def question_form(
    kind: Kind,
    code: str,
    earlier: list[Question],
    shown: Question | None = None,
    given: Mapping[str, Any] | None = None,
) -> QuestionForm:
    """Return the form of a question of `kind`, filled from `shown`.

    `earlier` are the questions before it, on whose answers it can depend; `given` is what the
    feature says of it.
    """
    given = given or {}
    filled = SimpleNamespace(
        wording=shown.wording if shown else None,
        help=shown.help if shown else None,
        options=[option.wording for option in shown.options] if shown else [],
    )
    listed = () if "options" in given else _options_text(kind)
    bounds = {name: field for name, field in _bounds(kind).items() if name not in given}
    added = {"texts": QuestionForm.texts + listed, **bounds}
    of_kind: type[QuestionForm] = type("OfKindForm", (QuestionForm,), added)
    made = in_languages(of_kind, filled)(data=_data(shown))
    made.code, made.kind, made.given = code, kind, given
    made.coded = shown.options if shown else ()
    made.only_if.choices = [SelectChoice("", _("Everybody")), *_conditions(earlier)]
    return made


def _options_text(kind: Kind) -> tuple[Text, ...]:
    fewest, most = kind.options
    if not most:
        return ()
    longest = most * (drafting.LONGEST_OPTION + 2)
    return (Text("options", kind.options_label, longest, needed=fewest > 0, listed=True),)


def _bounds(kind: Kind) -> dict[str, Any]:
    bounds = {"low": kind.low, "high": kind.high}
    return {name: _bound_field(bound) for name, bound in bounds.items() if bound}


def _bound_field(bound: Bound) -> Any:
    if bound.money:
        return MoneyField(bound.label)
    return IntegerField(bound.label, [Optional()], default=bound.usual)


def _data(shown: Question | None) -> dict[str, Any] | None:
    if shown is None:
        return None
    names = ("required", "with_previous", "hidden", "public")
    bounds = {name: getattr(shown, name) for name in ("low", "high")}
    largest = kind_called(shown.kind).high
    if largest and largest.money and shown.high:
        bounds["high"] = money.typed(shown.high)
    only_if = f"{shown.only_if.code}={shown.only_if.answer}" if shown.only_if else ""
    return {**{name: getattr(shown, name) for name in names}, **bounds, "only_if": only_if}


def _conditions(earlier: list[Question]) -> list[SelectChoice]:
    return [
        SelectChoice(
            f"{question.code}={answer}",
            _(
                "Only who answered “%(answer)s” to “%(question)s”",
                answer=Markup.escape(words).striptags(),
                question=str(question.wording),
            ),
        )
        for question in earlier
        for answer, words in drafting.conditions_on(question)
    ]
