"""Questions answered by weighing options: putting them in order, or sharing out points."""

from __future__ import annotations

from collections.abc import Sequence
from random import Random
from typing import Any

from markupsafe import Markup

from panel_app.core import disclosure
from panel_app.core.text import _, gettext
from panel_app.core.typed import one_line
from panel_app.questions import summaries
from panel_app.questions.kinds.kind import Bound, Kind, Typed
from panel_app.questions.kinds.numbers import whole
from panel_app.questions.question import Answer, Question
from panel_app.questions.summaries import Row, Summary

MOST_OPTIONS = 12
POINTS = 10


class Ranking(Kind):
    """Options put in order with a button up and a button down for each."""

    name = "ranking"
    title = _("Put in order")
    template = "questions/kinds/ranking.html"
    options = (2, MOST_OPTIONS)

    def kept(self, question: Question, typed: Typed) -> Answer:
        """Keep the order, with the button that was pressed carried out."""
        order = typed.texts()
        for place, code in enumerate(order):
            if typed.part(f"up.{code}") and place > 0:
                return [*order[: place - 1], code, order[place - 1], *order[place + 1 :]]
            if typed.part(f"down.{code}") and place + 1 < len(order):
                return [*order[:place], order[place + 1], code, *order[place + 2 :]]
        return order

    def fault(self, question: Question, answer: Any) -> Any | None:
        """Refuse what isn't an order of all options."""
        whole_order = sorted(answer) == sorted(option.code for option in question.options)
        return None if whole_order else _("Put each of them in its place once.")

    def made_up(self, question: Question, random: Random) -> Answer:
        """Return an order in which the earlier ones are rather early."""
        places = [(place + random.random() * 3, o.code) for place, o in enumerate(question.options)]
        return [code for _place, code in sorted(places)]

    def words(self, question: Question, answer: Any) -> Any:
        """Return the options in their order, numbered."""
        named = [f"{place}. " for place in range(1, len(answer) + 1)]
        return Markup(" ").join(
            Markup("{}{}").format(place, self.label(question, code))
            for place, code in zip(named, answer, strict=True)
        )

    def in_order(self, question: Question, answer: Any) -> list[tuple[str, Any]]:
        """Return the options in the order that was given, else in the question's."""
        choices = self.choices(question)
        if not answer or self.fault(question, answer):
            return choices
        return sorted(choices, key=lambda choice: answer.index(choice[0]))

    def summarise(self, question: Question, answers: Sequence[Any]) -> Summary:
        """Return the average place of each, best first."""
        people = len(answers)
        if not disclosure.may_tell(people):
            return summaries.told(people)
        rows = []
        for option in question.options:
            places = [order.index(option.code) + 1 for order in answers]
            place = round(sum(places) / people, 1)
            rows.append(Row(option.code, place, place, len(question.options)))
        return Summary(people, tuple(sorted(rows, key=lambda row: row.low)), "places")


class Points(Kind):
    """A number of points, or dots, shared out over options."""

    name = "points"
    title = _("Share out points")
    template = "questions/kinds/points.html"
    options = (2, MOST_OPTIONS)
    high = Bound(_("Points to share out"), 1, 1_000, POINTS)

    def kept(self, question: Question, typed: Typed) -> Answer:
        """Keep what was typed for each option."""
        each = {option.code: one_line(typed.part(option.code)) for option in question.options}
        return {code: text for code, text in each.items() if text}

    def fault(self, question: Question, answer: Any) -> Any | None:
        """Refuse what are no points, and more of them than there are."""
        points, budget = given(answer), question.high or POINTS
        if not set(answer) <= {option.code for option in question.options}:
            return _("Choose one of these.")
        if any(number is None or number < 0 for number in points.values()):
            return _("Type whole numbers, such as 3.")
        shared = sum(number or 0 for number in points.values())
        if shared == 0:
            return _("Give at least one point.")
        if shared > budget:
            return _(
                "These are %(shared)s points; there are %(budget)s.", shared=shared, budget=budget
            )
        return None

    def made_up(self, question: Question, random: Random) -> Answer:
        """Share all points out over one to three options."""
        few = min(3, len(question.options), question.high or POINTS)
        chosen = random.sample([option.code for option in question.options], random.randint(1, few))
        each, rest = divmod(question.high or POINTS, len(chosen))
        return {code: str(each + (rest if place == 0 else 0)) for place, code in enumerate(chosen)}

    def words(self, question: Question, answer: Any) -> Any:
        """Return the options that were given points, with their points."""
        return Markup(", ").join(
            Markup("{}: {}").format(self.label(question, code), number)
            for code, number in given(answer).items()
            if number
        )

    def hint(self, question: Question) -> Any | None:
        """Say how many there are."""
        return gettext("You have %(budget)s points to share out.", budget=question.high or POINTS)

    def summarise(self, question: Question, answers: Sequence[Any]) -> Summary:
        """Return the points of each that five people or more gave points to, or nobody."""
        shared = [given(answer) for answer in answers]
        if not disclosure.may_tell(len(shared)):
            return summaries.told(len(shared))
        codes = [option.code for option in question.options]
        sums = {code: sum(points.get(code) or 0 for points in shared) for code in codes}
        givers = [sum(bool(points.get(code)) for points in shared) for code in codes]
        of, open_ones = sum(sums.values()), _told(givers)
        rows = [
            Row(code, sums[code], sums[code], of) if code_told else Row(code, 0, of, of)
            for code, code_told in zip(codes, open_ones, strict=True)
        ]
        return Summary(len(shared), tuple(rows), "points")


def given(answer: dict[str, str]) -> dict[str, int | None]:
    """Return the points of each option; None where what was typed is no whole number."""
    return {code: whole(text) for code, text in answer.items()}


def _told(givers: Sequence[int]) -> list[bool]:
    """Return which sums may be told: not those of one to four people, nor one that is left over."""
    told = [people == 0 or disclosure.may_tell(people) for people in givers]
    if told.count(False) == 1 and any(
        people and open_ for people, open_ in zip(givers, told, strict=True)
    ):
        after = told.index(False)
        order = [(after + step) % len(told) for step in range(1, len(told))]
        told[next(place for place in order if givers[place])] = False
    return told
