"""Forms that set up programmes and rounds, and record decisions."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from flask_babel import get_timezone
from wtforms import (
    DateTimeLocalField,
    IntegerField,
    RadioField,
    SelectField,
    StringField,
    TextAreaField,
    ValidationError,
)
from wtforms.validators import InputRequired

from panel_app.casework.rubric import OUTCOMES
from panel_app.casework.wording import cleaned, one_line
from panel_app.core import clock
from panel_app.core.text import _
from panel_app.core.translated import Translated
from panel_app.grants.models import Programme, Round
from panel_app.web import i18n
from panel_app.web.forms import Form, MoneyField, SelectChoice, at_most, between, chosen, required

#: What a programme says in every language: field, label, longest text, whether it is a list.
TEXTS = (
    ("name", _("Name"), 120, False),
    ("summary", _("What it is for, in a sentence or two"), 600, False),
    ("missions", _("Missions it can serve, one a line"), 1_000, True),
    ("criteria", _("What the panel scores, one question a line"), 1_000, True),
)
LARGEST_QUORUM = 2_000
FORTNIGHT = timedelta(days=14)


def tidy(typed: str | None) -> str:
    """Return what was typed, cleaned."""
    return cleaned(typed or "")


class ProgrammeForm(Form):
    """A programme's own facts; `programme_form` adds its texts in every language on offer."""

    slug = StringField(
        _("Address: lower-case letters, digits and dashes"),
        [required(), at_most(60)],
        filters=[tidy],
    )
    largest_grant = MoneyField(_("The most that one grant can be, in pounds"), [required()])
    quorum = IntegerField(
        _("Quorum: how many members without a connection must vote"),
        [InputRequired(_("Fill this in.")), between(1, LARGEST_QUORUM)],
    )

    def text_fields(self, name: str) -> list[tuple[i18n.Language, Any]]:
        """Return the fields of one text with their languages, for the page."""
        return [(language, self[f"{name}_{language.code}"]) for language in i18n.offered()]

    def validate(self, extra_validators: Any = None) -> bool:
        """Check as well that a list has as many lines in every language."""
        sound = super().validate(extra_validators)
        for name in (name for name, _label, _most, listed in TEXTS if listed):
            numbers = {len(lines) for lines in self._lines(name).values() if lines}
            if len(numbers) > 1:
                first = self.text_fields(name)[0][1]
                first.errors = [_("Write as many lines in every language, in the same order.")]
                sound = False
        return bool(sound)

    def facts(self) -> dict[str, Any]:
        """Return what `create_programme` takes."""
        missions = self._listed("missions")
        return {
            "slug": self.slug.data,
            "name": self._translated("name"),
            "summary": self._translated("summary"),
            "largest_grant": self.largest_grant.pence or 0,
            "missions": {_code(str(m), n): m for n, m in enumerate(missions, 1)},
            "criteria": self._listed("criteria"),
            "quorum": self.quorum.data,
        }

    def _translated(self, name: str) -> Translated:
        return Translated.of("en", **{lang.code: f.data for lang, f in self.text_fields(name)})

    def _lines(self, name: str) -> dict[str, list[str]]:
        return {
            language.code: [one_line(line) for line in field.data.splitlines() if line.strip()]
            for language, field in self.text_fields(name)
        }

    def _listed(self, name: str) -> list[Translated]:
        lines = {code: texts for code, texts in self._lines(name).items() if texts}
        number = max((len(texts) for texts in lines.values()), default=0)
        return [
            Translated.of("en", **{code: texts[n] for code, texts in lines.items()})
            for n in range(number)
        ]


def programme_form() -> ProgrammeForm:
    """Return the form with a field for each text and language."""
    fields: dict[str, Any] = {}
    for name, label, longest, listed in TEXTS:
        for language in i18n.offered():
            needed = language.code == "en" and name != "missions"
            kind = TextAreaField if longest > 120 or listed else StringField
            fields[f"{name}_{language.code}"] = kind(
                label, [*([required()] if needed else []), at_most(longest)], filters=[tidy]
            )
    made: type[ProgrammeForm] = type("ProgrammeFormInLanguages", (ProgrammeForm,), fields)
    return made()


class LocalMoment(DateTimeLocalField):
    """A date and time typed in the organisation's own time zone; `moment` is it, aware."""

    @property
    def moment(self) -> datetime:
        """Return the time, in UTC."""
        typed = self.data or clock.now()
        return typed.replace(tzinfo=ZoneInfo(str(get_timezone()))).astimezone(UTC)


class RoundForm(Form):
    """A round's dates and pot."""

    opens_at = LocalMoment(_("Opens"), [InputRequired(_("Fill this in."))])
    closes_at = LocalMoment(_("Applications until"), [InputRequired(_("Fill this in."))])
    meets_at = LocalMoment(_("The panel meets"), [InputRequired(_("Fill this in."))])
    pot = MoneyField(_("Pot, in pounds"), [required()])

    def facts(self) -> dict[str, Any]:
        """Return what `add_round` takes."""
        return {
            "opens_at": self.opens_at.moment,
            "closes_at": self.closes_at.moment,
            "meets_at": self.meets_at.moment,
            "pot": self.pot.pence or 0,
        }


def round_form(last: Round | None) -> RoundForm:
    """Return the form, filled with the round a fortnight after the last one."""
    if last is None:
        return RoundForm()
    zone = ZoneInfo(str(get_timezone()))
    names = ("opens_at", "closes_at", "meets_at")
    dates = {n: (getattr(last, n).astimezone(zone) + FORTNIGHT).replace(tzinfo=None) for n in names}
    return RoundForm(data={**dates, "pot": f"{last.pot / 100:.2f}".removesuffix(".00")})


class DecisionForm(Form):
    """What the panel decided, and why."""

    outcome = RadioField(
        _("What did the panel decide?"),
        [chosen()],
        choices=[SelectChoice(outcome, words) for outcome, words in OUTCOMES.items()],
    )
    amount = MoneyField(_("Amount in pounds, for a part of it only"))
    reason = TextAreaField(
        _("The reason, in plain words"),
        [required(_("Give the reason in plain words.")), at_most(2_000)],
        filters=[tidy],
    )
    reason_language = SelectField(_("Language of the reason"))

    def validate_amount(self, field: MoneyField) -> None:
        """Refuse nothing at all as a part."""
        if self.outcome.data == "part" and not field.pence:
            raise ValidationError(str(_("Type how much the panel gives.")))


def decision_form() -> DecisionForm:
    """Return the form with the languages on offer; the page's own comes first."""
    form = DecisionForm(data={"reason_language": i18n.code()})
    form.reason_language.choices = [SelectChoice(lang.code, lang.name) for lang in i18n.offered()]
    return form


def last_round(programme: Programme) -> Round | None:
    """Return the programme's newest round."""
    return programme.rounds[-1] if programme.rounds else None


def _code(title: str, number: int) -> str:
    """Return a mission's code from its title: `everyone-eats-well-every-day`."""
    words = re.sub(r"[^a-z0-9]+", "-", title.lower()).strip("-")[:36].strip("-")
    return words or f"mission-{number}"
