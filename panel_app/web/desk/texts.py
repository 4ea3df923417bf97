"""Forms for texts that residents read: in English, and in any other language on offer."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, TypeVar

from wtforms import StringField, TextAreaField
from wtforms.fields import Field

from panel_app.core.text import _
from panel_app.core.translated import Translated
from panel_app.core.typed import cleaned, one_line
from panel_app.web import i18n
from panel_app.web.forms import Form, at_most, required

#: English: what stands where a language has no wording.
MAIN = "en"
LONGEST_LINE = 120
LIST_ROWS = 6


@dataclass(frozen=True, slots=True)
class Text:
    """One text that a form asks for."""

    name: str
    label: Any
    #: In characters, in each language.
    longest: int
    #: Whether English must be there; no other language ever must.
    needed: bool = True
    #: Whether it is a list, an entry a line.
    listed: bool = False
    hint: Any = None


class TextsForm(Form):
    """A form with the fields of its `texts` in every language on offer; see `in_languages`."""

    texts: tuple[Text, ...] = ()
    #: What the form was filled from, by text.
    before: dict[str, list[Translated]]

    def text(self, name: str) -> Translated:
        """Return one text as it was typed; what was left alone keeps its origin."""
        typed = {language.code: field.data for language, field in self.wordings(name)}
        return self._as_before(name, 0).retyped(typed)

    def entries(self, name: str) -> list[Translated]:
        """Return the entries of a listed text; a line left in English is not translated."""
        lines = self._lines(name)
        english = lines.pop(MAIN)
        return [
            self._as_before(name, n).retyped(
                {
                    MAIN: entry,
                    **{c: t[n] if t and t[n] != entry else "" for c, t in lines.items()},
                }
            )
            for n, entry in enumerate(english)
        ]

    def wordings(self, name: str) -> list[tuple[i18n.Language, Field]]:
        """Return a text's fields with their languages, English first."""
        return [(language, self[f"{name}_{language.code}"]) for language in i18n.offered()]

    def own_fields(self) -> list[Field]:
        """Return the fields beside the texts."""
        wordings = {field.name for text in self.texts for _lang, field in self.wordings(text.name)}
        return [field for field in super().own_fields() if field.name not in wordings]

    def others_in_use(self, name: str) -> bool:
        """Whether anything stands in the fields of the other languages."""
        return any(field.data or field.errors for _language, field in self.wordings(name)[1:])

    def validate(self, extra_validators: Any = None) -> bool:
        """Check as well that a list has as many lines in every language."""
        sound = bool(super().validate(extra_validators))
        for text in self.texts:
            if text.listed and not self._as_long_everywhere(text.name):
                message = _("Write as many lines in every language, in the same order.")
                self[f"{text.name}_{MAIN}"].errors = [message]
                sound = False
        return sound

    def _as_before(self, name: str, entry: int) -> Translated:
        before = self.before[name]
        return before[entry] if entry < len(before) else Translated(MAIN, {})

    def _as_long_everywhere(self, name: str) -> bool:
        lines = self._lines(name)
        return all(len(typed) in {0, len(lines[MAIN])} for typed in lines.values())

    def _lines(self, name: str) -> dict[str, list[str]]:
        return {
            language.code: [line for line in map(one_line, (field.data or "").split("\n")) if line]
            for language, field in self.wordings(name)
        }


SomeForm = TypeVar("SomeForm", bound=TextsForm)


def in_languages(form: type[SomeForm], shown: Any | None = None) -> type[SomeForm]:
    """Return `form` with a field for each of its texts in each language on offer.

    `shown` has attributes of the texts' names to fill them from: a Translated, or a list of them.
    """
    before = {text.name: _entries(getattr(shown, text.name, None)) for text in form.texts}
    fields: dict[str, Any] = {
        f"{text.name}_{language.code}": _field(text, language.code, before[text.name])
        for text in form.texts
        for language in i18n.offered()
    }
    fields["before"] = before
    made: type[SomeForm] = type(f"{form.__name__}InLanguages", (form,), fields)
    return made


def _entries(shown: Translated | list[Translated] | None) -> list[Translated]:
    return [shown] if isinstance(shown, Translated) else shown or []


def _field(text: Text, language: str, before: list[Translated]) -> Field:
    kind = TextAreaField if text.listed or text.longest > LONGEST_LINE else StringField
    needed = [required()] if text.needed and language == MAIN else []
    return kind(
        text.label,
        [*needed, at_most(text.longest)],
        filters=[lambda typed: cleaned(typed or "")],
        default=_typed(before, language),
        render_kw={"rows": LIST_ROWS} if text.listed else None,
    )


def _typed(entries: list[Translated], language: str) -> str:
    """Return entries a line each, English where one of them lacks a wording; nothing for none."""
    wordings = [entry.only_in(language) for entry in entries]
    english = [entry.only_in(MAIN) for entry in entries]
    lines = [wording or other for wording, other in zip(wordings, english, strict=True)]
    return "\n".join(lines) if any(wordings) else ""
