"""Questions answered by choosing: yes or no, one of several, several of them, a consent."""

from __future__ import annotations

from collections.abc import Sequence
from random import Random
from typing import Any

from markupsafe import Markup

from panel_app.core.text import _, gettext
from panel_app.questions import summaries
from panel_app.questions.kinds.kind import Bound, Kind, Typed
from panel_app.questions.question import Answer, Question
from panel_app.questions.summaries import Summary

MOST_OPTIONS = 30


class OneOf(Kind):
    """One of several."""

    name = "one_of"
    title = _("One of several")
    template = "questions/kinds/choices.html"
    options = (2, MOST_OPTIONS)

    def fault(self, question: Question, answer: Any) -> Any | None:
        """Refuse what can't be chosen."""
        known = answer in dict(self.choices(question))
        return None if known else _("Choose one of these.")

    def words(self, question: Question, answer: Any) -> Any:
        """Return the wording of what was chosen."""
        return self.label(question, answer)

    def summarise(self, question: Question, answers: Sequence[Any]) -> Summary:
        """Count each."""
        return summaries.one_each([code for code, _words in self.choices(question)], answers)


class YesNo(OneOf):
    """Yes or no."""

    name = "yes_no"
    title = _("Yes or no")
    options = (0, 0)

    def choices(self, question: Question) -> list[tuple[str, Any]]:
        """Return the two answers."""
        return [("yes", gettext("Yes")), ("no", gettext("No"))]


class SeveralOf(Kind):
    """As many of several as one likes, or at most so many."""

    name = "several_of"
    title = _("Several of them")
    template = "questions/kinds/choices.html"
    options = (2, MOST_OPTIONS)
    high = Bound(_("How many may be ticked (empty: all)"), 1, MOST_OPTIONS)

    def kept(self, question: Question, typed: Typed) -> Answer:
        """Keep what was ticked, once each, in the question's order."""
        ticked, codes = typed.texts(), [code for code, _words in self.choices(question)]
        unknown = [value for value in dict.fromkeys(ticked) if value and value not in codes]
        return [code for code in codes if code in ticked] + unknown

    def fault(self, question: Question, answer: Any) -> Any | None:
        """Refuse what can't be ticked, and too many."""
        if not set(answer) <= set(dict(self.choices(question))):
            return _("Choose one of these.")
        if question.high and len(answer) > question.high:
            return _("Tick at most %(most)s.", most=question.high)
        return None

    def made_up(self, question: Question, random: Random) -> Answer:
        """Return some of them, in the question's order."""
        codes = [code for code, _words in self.choices(question)]
        most = min(question.high or len(codes), 3, len(codes))
        return sorted(random.sample(codes, random.randint(1, most)), key=codes.index)

    def words(self, question: Question, answer: Any) -> Any:
        """Return the wordings of what was ticked."""
        return Markup(", ").join(self.label(question, code) for code in answer)

    def hint(self, question: Question) -> Any | None:
        """Say how many may be ticked."""
        return _("Tick at most %(most)s.", most=question.high) if question.high else None

    def summarise(self, question: Question, answers: Sequence[Any]) -> Summary:
        """Count who ticked each."""
        return summaries.some_each([code for code, _words in self.choices(question)], answers)


class Consent(Kind):
    """A tick under a text that says what is agreed to: the question's help."""

    name = "consent"
    title = _("Consent to a text")
    template = "questions/kinds/consent.html"

    def kept(self, question: Question, typed: Typed) -> Answer:
        """Keep whether it is ticked."""
        return "yes" if typed.text() else ""

    def made_up(self, question: Question, random: Random) -> Answer:
        """Return that it was given."""
        return "yes"

    def words(self, question: Question, answer: Any) -> Any:
        """Return that it was given."""
        return gettext("Yes")
