"""Forms that set up programmes and rounds, and record decisions."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from flask_babel import get_timezone
from markupsafe import Markup
from wtforms import (
    DateField,
    DateTimeLocalField,
    IntegerField,
    RadioField,
    SelectField,
    StringField,
    TextAreaField,
    TimeField,
    ValidationError,
)
from wtforms.validators import InputRequired, Optional
from wtforms.widgets import HiddenInput

from panel_app.casework import schemes
from panel_app.casework.decisions import Terms
from panel_app.casework.rules import Offer
from panel_app.core import clock, money
from panel_app.core.text import _
from panel_app.core.translated import Translated
from panel_app.core.typed import cleaned
from panel_app.grants.models import Programme, Round
from panel_app.grants.outcomes import CONDITIONS, LATER, OUTCOMES, REASONS
from panel_app.grants.questionnaire import LONGEST_TITLE
from panel_app.grants.round_dates import Rule, doubtful
from panel_app.web import i18n
from panel_app.web.desk.texts import Text, TextsForm, in_languages
from panel_app.web.forms import (
    Form,
    MoneyField,
    SelectChoice,
    TicksField,
    at_most,
    between,
    chosen,
    required,
)

LARGEST_QUORUM = 2_000
LONGEST_APPEAL = 90
FORTNIGHT = timedelta(days=14)


def tidy(typed: str | None) -> str:
    """Return what was typed, cleaned."""
    return cleaned(typed or "")


class WordsForm(TextsForm):
    """What a programme says in every language."""

    texts = (
        Text("name", _("Name"), 120),
        Text("summary", _("What it is for, in a sentence or two"), 600),
        Text("missions", _("Missions it can serve, one a line"), 1_000, needed=False, listed=True),
        Text("criteria", _("What the panel scores, one question a line"), 1_000, listed=True),
    )
    appeal_days = IntegerField(
        _("For how many days after a decision an applicant can appeal"),
        [InputRequired(_("Fill this in.")), between(1, LONGEST_APPEAL)],
        default=14,
    )

    def words(self) -> dict[str, Any]:
        """Return what `reword_programme` takes."""
        return {
            "name": self.text("name"),
            "summary": self.text("summary"),
            "missions": self.entries("missions"),
            "criteria": self.entries("criteria"),
            "appeal_days": self.appeal_days.data,
        }


class ProgrammeForm(WordsForm):
    """A programme that is set up: its words, and what stays as it is."""

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

    def facts(self) -> dict[str, Any]:
        """Return what `create_programme` takes."""
        return {
            **self.words(),
            "missions": _by_code(self.entries("missions")),
            "slug": self.slug.data,
            "largest_grant": self.largest_grant.pence or 0,
            "quorum": self.quorum.data,
        }


def programme_form() -> ProgrammeForm:
    """Return the form with a field for each text and language."""
    return in_languages(ProgrammeForm)()


@dataclass(frozen=True, slots=True)
class _Words:
    """What a programme says, as the form shows it."""

    name: Translated
    summary: Translated
    missions: list[Translated]
    criteria: list[Translated]
    appeal_days: int


def words_form(programme: Programme) -> WordsForm:
    """Return the form filled with what the programme says now."""
    shown = _Words(
        programme.name,
        programme.summary,
        [mission.title for mission in programme.missions],
        [criterion.question for criterion in schemes.current(programme.scheme).criteria],
        programme.appeal_days,
    )
    return in_languages(WordsForm, shown)()


class LocalMoment(DateTimeLocalField):
    """A date and time typed in the organisation's own time zone; `moment` is it, aware."""

    def pre_validate(self, form: Any) -> None:
        """Refuse an hour that a clock change leaves out or repeats."""
        zone = ZoneInfo(str(get_timezone()))
        doubt = doubtful(self.data, zone) if self.data else None
        if doubt == "missing":
            raise ValidationError(
                _("The clocks go forward that night, so this hour is left out. Choose another.")
            )
        if doubt == "twice":
            raise ValidationError(
                _("The clocks go back that night, so this hour comes twice. Choose another.")
            )

    @property
    def moment(self) -> datetime:
        """Return the time, in UTC."""
        typed = self.data or clock.now()
        return typed.replace(tzinfo=ZoneInfo(str(get_timezone()))).astimezone(UTC)


class RoundForm(Form):
    """A round's dates and pot."""

    opens_at = LocalMoment(_("Opens"), [InputRequired(_("Fill this in."))])
    closes_at = LocalMoment(_("Applications until"), [InputRequired(_("Fill this in."))])
    papers_at = LocalMoment(_("The panel has the papers (may stay empty)"), [Optional()])
    meets_at = LocalMoment(_("The panel meets"), [InputRequired(_("Fill this in."))])
    pot = MoneyField(_("Pot, in pounds"), [required()])

    def facts(self) -> dict[str, Any]:
        """Return what `add_round` and `change_round` take."""
        return {
            "opens_at": self.opens_at.moment,
            "closes_at": self.closes_at.moment,
            "papers_at": self.papers_at.moment if self.papers_at.data else None,
            "meets_at": self.meets_at.moment,
            "pot": self.pot.pence or 0,
        }


def round_form(shown: Round | None, *, later: timedelta = timedelta()) -> RoundForm:
    """Return the form, filled with a round's pot and its dates, moved `later`."""
    if shown is None:
        return RoundForm()
    zone = ZoneInfo(str(get_timezone()))
    names = ("opens_at", "closes_at", "papers_at", "meets_at")
    dates = {
        n: (getattr(shown, n).astimezone(zone) + later).replace(tzinfo=None)
        for n in names
        if getattr(shown, n)
    }
    return RoundForm(data={**dates, "pot": money.typed(shown.pot)})


class YearForm(Form):
    """A rule from which the rounds of a year follow."""

    first = DateField(_("First meeting"), [InputRequired(_("Fill this in."))])
    at = TimeField(_("It begins at"), [InputRequired(_("Fill this in."))])
    weeks = IntegerField(_("Weeks between two meetings"), [chosen(), between(1, 12)], default=2)
    number = IntegerField(_("How many rounds"), [chosen(), between(1, 53)], default=26)
    closes_before = IntegerField(
        _("Applications until so many days before"), [chosen(), between(1, 60)], default=7
    )
    closes_at = TimeField(_("At what time"), [InputRequired(_("Fill this in."))], default=time(17))
    papers_before = IntegerField(
        _("The panel has the papers so many days before"), [chosen(), between(0, 60)], default=3
    )
    exceptions = TextAreaField(
        _("Days on which nobody meets, a date a line"),
        description=_(
            "Such as 2026-12-29. A meeting on one of them, or on a bank holiday, moves to the next"
            " working day; you can move each afterwards."
        ),
        filters=[tidy],
    )
    pot = MoneyField(_("Pot of each round, in pounds"), [required()])

    def validate_exceptions(self, field: Any) -> None:
        """Read a date from each line."""
        try:
            self.days = [date.fromisoformat(line.strip()) for line in field.data.splitlines()]
        except ValueError as fault:
            raise ValidationError(_("Type dates as 2026-12-29, one a line.")) from fault

    def rule(self) -> Rule:
        """Return the rule as it was typed."""
        return Rule(
            first=self.first.data or clock.now().date(),
            at=self.at.data or time(18),
            weeks=self.weeks.data or 2,
            rounds=self.number.data or 26,
            closes_before=self.closes_before.data or 7,
            closes_at=self.closes_at.data or time(17),
            papers_before=self.papers_before.data or 0,
            zone=ZoneInfo(str(get_timezone())),
            exceptions=frozenset(self.days),
        )


class DecisionForm(Form):
    """What the panel decided, and why."""

    #: What can’t be recorded is refused with its reason, not as an unknown choice.
    outcome = RadioField(_("What did the panel decide?"), [chosen()], validate_choice=False)
    #: The pence that the page showed beside the outcome.
    shown = IntegerField(widget=HiddenInput(), validators=[Optional()])
    reason_code = SelectField(_("The reason in short"), default="", validate_choice=False)
    reason = TextAreaField(
        _("The reason, in plain words"),
        [required(_("Give the reason in plain words.")), at_most(2_000)],
        filters=[tidy],
    )
    reason_language = SelectField(_("Language of the reason"))
    conditions = TicksField(
        _("What they have to do before the money is paid"),
        choices=[SelectChoice(one.key, one.words) for one in CONDITIONS],
    )
    condition = StringField(
        _("Another condition, in your own words"), [at_most(300)], filters=[tidy]
    )

    def facts(self) -> dict[str, Any]:
        """Return what `decide_application` takes."""
        return {
            "outcome": self.outcome.data,
            "amount": None if self.outcome.data in LATER else self.shown.data,
            "reason": self.reason.data,
            "reason_language": self.reason_language.data,
            "terms": Terms(
                self.reason_code.data or "",
                self.conditions.data or (),
                self.condition.data or "",
            ),
        }


class AnnulForm(Form):
    """Why a decision is annulled."""

    reason = TextAreaField(
        _("Why, in plain words"),
        [required(_("Give the reason in plain words.")), at_most(2_000)],
        description=_("The applicant reads it. No names."),
        filters=[tidy],
    )


class CorrectionForm(Form):
    """The public words of a decided application."""

    title = StringField(_("Title"), [required(), at_most(LONGEST_TITLE)], filters=[tidy])
    reason = TextAreaField(
        _("The reason, in plain words"),
        [required(_("Give the reason in plain words.")), at_most(2_000)],
        description=_("The applicant and everyone else can read it. No names."),
        filters=[tidy],
    )


def decision_form(offers: Sequence[Offer]) -> DecisionForm:
    """Return the form of what can be recorded now, in the languages on offer; the page's first."""
    amount = next((offer.amount for offer in offers if offer.amount), None)
    form = DecisionForm(data={"reason_language": i18n.code(), "shown": amount})
    short = [SelectChoice(one.key, one.words) for one in REASONS]
    form.reason_code.choices = [SelectChoice("", _("None of these")), *short]
    form.outcome.choices = [SelectChoice(offer.outcome, _offered(offer)) for offer in offers]
    form.reason_language.choices = [SelectChoice(lang.code, lang.name) for lang in i18n.offered()]
    return form


def _offered(offer: Offer) -> Any:
    """Return what an offer is called: "Fund part of it: £800"."""
    words = next(outcome.words for outcome in OUTCOMES if outcome.key == offer.outcome)
    if offer.amount is None:
        return words
    return Markup("{}: {}").format(words, i18n.money(offer.amount))


def zone_name() -> str:
    """Return the name of the zone whose clocks the forms mean."""
    return str(get_timezone())


def last_round(programme: Programme) -> Round | None:
    """Return the programme's newest round."""
    return programme.rounds[-1] if programme.rounds else None


def _by_code(missions: list[Translated]) -> dict[str, Translated]:
    """Return missions by a code from their titles: `everyone-eats-well-every-day`."""
    found: dict[str, Translated] = {}
    for number, mission in enumerate(missions, 1):
        words = re.sub(r"[^a-z0-9]+", "-", str(mission).lower()).strip("-")[:36].strip("-")
        code = words or "mission"
        found[code if words and code not in found else f"{code}-{number}"] = mission
    return found
