"""Questions answered by a number, an amount of money or a date."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from datetime import date, timedelta
from random import Random
from typing import Any

from flask_babel import format_date

from panel_app.core import clock, money
from panel_app.core.errors import Refused
from panel_app.core.text import _, gettext
from panel_app.core.typed import one_line
from panel_app.questions import summaries
from panel_app.questions.kinds.kind import Bound, Kind, Typed
from panel_app.questions.question import Answer, Question
from panel_app.questions.summaries import Summary
from panel_app.web.i18n import day, money_text, number, theirs
from panel_app.web.i18n import money as money_markup

LARGEST = 1_000_000_000
_WHOLE = re.compile(r"[-\u2212]?\d{1,3}(?:,\d{2,3})*,\d{3}|[-\u2212]?\d{1,10}")
_DATE = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})|(\d{1,2})[/.](\d{1,2})[/.](\d{4})")


def whole(typed: str) -> int | None:
    """Return the whole number in `typed`, in the digits of any script; None where it is none."""
    found = _WHOLE.fullmatch(money.plain(typed)) if len(typed) <= money.LONGEST else None
    return int(found[0].replace(",", "").replace("\u2212", "-")) if found else None


class Number(Kind):
    """A whole number."""

    name = "number"
    title = _("Number")
    attributes = (("inputmode", "numeric"), ("autocomplete", "off"), ("dir", "ltr"))
    low = Bound(_("Smallest"), -LARGEST, LARGEST)
    high = Bound(_("Largest"), -LARGEST, LARGEST)

    def fault(self, question: Question, answer: Any) -> Any | None:
        """Refuse what is no number, and what is out of bounds."""
        value = whole(answer)
        if value is None:
            return _("Type a whole number, such as 12.")
        if question.low is not None and value < question.low:
            return _("Type %(least)s or more.", least=number(question.low))
        if question.high is not None and value > question.high:
            return _("Type %(most)s or less.", most=number(question.high))
        return None

    def made_up(self, question: Question, random: Random) -> Answer:
        """Return a number within the bounds."""
        high = question.high if question.high is not None else (question.low or 0) + 20
        low = question.low if question.low is not None else min(0, high)
        return str(random.randint(low, high))

    def words(self, question: Question, answer: Any) -> Any:
        """Return the number as the reader writes it."""
        return number(whole(answer) or 0)

    def summarise(self, question: Question, answers: Sequence[Any]) -> Summary:
        """Return the mean and the middle one."""
        return summaries.averages([whole(answer) or 0 for answer in answers])

    def figure(self, question: Question, value: float) -> Any:
        """Return an average as the reader writes numbers."""
        return number(value)


class Money(Kind):
    """An amount in pounds."""

    name = "money"
    title = _("Amount of money")
    attributes = (("inputmode", "decimal"), ("autocomplete", "off"), ("dir", "ltr"))
    high = Bound(_("The most, in pounds"), 1, money.LARGEST, money=True)

    def kept(self, question: Question, typed: Typed) -> Answer:
        """Keep what was typed, without invisible marks."""
        return one_line(typed.text().translate(MARKS))

    def fault(self, question: Question, answer: Any) -> Any | None:
        """Refuse what is no amount, nothing at all, and more than the most."""
        try:
            amount = money.pence(answer)
        except Refused as refusal:
            return refusal.message
        if amount <= 0:
            return _("Ask for more than nothing.")
        if question.high is not None and amount > question.high:
            return _("The most you can ask for is %(most)s.", most=money_text(question.high))
        return None

    def made_up(self, question: Question, random: Random) -> Answer:
        """Return an amount up to the most."""
        amount = random.randint(1, question.high or 100_000)
        return f"{amount // 100}.{amount % 100:02}"

    def words(self, question: Question, answer: Any) -> Any:
        """Return the amount; what was typed where it isn't one."""
        amount = pence(answer)
        return theirs(answer) if amount is None else money_markup(amount)

    def hint(self, question: Question) -> Any | None:
        """Say how much it can be."""
        if question.high is None:
            return None
        return gettext(
            "At most %(most)s. Pounds are enough, no need for pence.",
            most=money_text(question.high),
        )

    def summarise(self, question: Question, answers: Sequence[Any]) -> Summary:
        """Return the mean and the middle one, in pence."""
        return summaries.averages([pence(answer) or 0 for answer in answers])

    def figure(self, question: Question, value: float) -> Any:
        """Return an average as an amount."""
        return money_markup(round(value))


class Date(Kind):
    """A day."""

    name = "date"
    title = _("Date")
    attributes = (("type", "date"), ("dir", "ltr"))

    def kept(self, question: Question, typed: Typed) -> Answer:
        """Keep a day as `2026-11-26`, anything else as it was typed."""
        text = one_line(typed.text())
        found = day_in(text)
        return found.isoformat() if found else text

    def fault(self, question: Question, answer: Any) -> Any | None:
        """Refuse what is no day."""
        return None if day_in(answer) else _("Type a date, such as 26/11/2026.")

    def made_up(self, question: Question, random: Random) -> Answer:
        """Return a day of the weeks to come."""
        return (clock.now().date() + timedelta(days=random.randint(1, 60))).isoformat()

    def words(self, question: Question, answer: Any) -> Any:
        """Return the day as the reader writes it."""
        found = day_in(answer)
        return day(found) if found else theirs(answer)

    def summarise(self, question: Question, answers: Sequence[Any]) -> Summary:
        """Count the days by month."""
        months = [answer[:7] for answer in answers]
        return summaries.one_each(sorted(Counter(months)), months)

    def label(self, question: Question, key: str) -> Any:
        """Return the month."""
        return format_date(date.fromisoformat(f"{key}-01"), "LLLL yyyy")


def pence(answer: str) -> int | None:
    """Return the pence of an amount that was typed; None where it is none, or nothing."""
    try:
        return money.pence(answer) or None
    except Refused:
        return None


def day_in(typed: str) -> date | None:
    """Return the day in `2026-11-26` or `26/11/2026`, in the digits of any script."""
    found = _DATE.fullmatch(money.plain(typed)) if len(typed) <= money.LONGEST else None
    if found is None:
        return None
    year, month, of_month = (
        (found[1], found[2], found[3]) if found[1] else (found[6], found[5], found[4])
    )
    try:
        return date(int(year), int(month), int(of_month))
    except ValueError:
        return None


#: Marks that show nothing and come along when an amount or a contact is copied.
MARKS = str.maketrans(dict.fromkeys("\u200e\u200f\u061c\u200b\ufeff"))
