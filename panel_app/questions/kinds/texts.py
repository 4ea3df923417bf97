"""Questions answered in one's own words."""

from __future__ import annotations

from typing import Any

from panel_app.core.text import _
from panel_app.core.typed import cleaned
from panel_app.questions.kinds.kind import Bound, Kind, Typed, too_long
from panel_app.questions.question import Answer, Question

LONGEST_LINE = 120
LONGEST_TEXT = 1_500


class ShortText(Kind):
    """A line."""

    name = "line"
    title = _("Short text")
    own_words = True
    high = Bound(_("Longest answer, in characters"), 1, 500, LONGEST_LINE)

    def fault(self, question: Question, answer: Any) -> Any | None:
        """Refuse more than the longest answer."""
        return too_long(answer, question.high or LONGEST_LINE)


class Name(ShortText):
    """What a person or a group is called; a browser offers its owner's."""

    name = "name"
    title = _("Name of a person or group")
    attributes = (("dir", "auto"), ("autocomplete", "name"))
    own_words = False
    tells_who = True


class LongText(Kind):
    """A few sentences, in lines."""

    name = "text"
    title = _("Long text")
    own_words = True
    template = "questions/kinds/text.html"
    high = Bound(_("Longest answer, in characters"), 1, 5_000, LONGEST_TEXT)

    def kept(self, question: Question, typed: Typed) -> Answer:
        """Keep the lines."""
        return cleaned(typed.text())

    def fault(self, question: Question, answer: Any) -> Any | None:
        """Refuse more than the longest answer."""
        return too_long(answer, question.high or LONGEST_TEXT)
