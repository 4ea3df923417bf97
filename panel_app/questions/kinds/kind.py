"""What every kind of question does: render, keep, check, show in words, summarise."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from random import Random
from typing import TYPE_CHECKING, Any, Protocol

from markupsafe import Markup

from panel_app.core.text import _
from panel_app.core.typed import one_line
from panel_app.questions import made_up, summaries
from panel_app.questions.question import Answer, Question
from panel_app.questions.summaries import Summary
from panel_app.web.charts import Columns
from panel_app.web.fragments import fragment
from panel_app.web.i18n import said, theirs

if TYPE_CHECKING:
    from panel_app.questions.asking import Asked

#: More values of one name are not looked at.
MOST_VALUES = 100


class Fields(Protocol):
    """What a form sent, by name; `request.form` is one."""

    def getlist(self, key: str) -> list[str]: ...


@dataclass(frozen=True, slots=True)
class Typed:
    """What a form sent for one question: fields called `name`, or `name` and a part of it."""

    form: Fields
    name: str

    def text(self) -> str:
        """Return the only value, empty where there is none."""
        return next(iter(self.texts()), "")

    def texts(self) -> list[str]:
        """Return every value."""
        return self.form.getlist(self.name)[:MOST_VALUES]

    def part(self, part: str) -> str:
        """Return the value of the field `name.part`."""
        return next(iter(self.form.getlist(f"{self.name}.{part}")), "")


@dataclass(frozen=True, slots=True)
class Bound:
    """What a kind means by a question's `low` or `high`, for whoever writes the question."""

    label: Any
    least: int
    most: int
    #: What stands there until somebody changes it; None: may be left empty.
    usual: int | None = None
    #: Whether it is an amount, in pence.
    money: bool = False


class Kind:
    """One kind of question; a new one says what differs, and is listed in `kinds.KINDS`."""

    #: What `Question.kind` holds.
    name: str
    #: Its name for whoever writes questions (a lazy string).
    title: Any
    #: The part of the page that asks; `asked` in it is an `asking.Asked`.
    template = "questions/kinds/line.html"
    #: Attributes of the input, beside name, value and what ties it to its label.
    attributes: tuple[tuple[str, str], ...] = (("dir", "auto"), ("autocomplete", "off"))
    #: The fewest and the most options, and what they are; none for most kinds.
    options: tuple[int, int] = (0, 0)
    options_label: Any = _("What can be chosen, a line each")
    low: Bound | None = None
    high: Bound | None = None
    #: Whether an answer is in the words, and so the language, of whoever gave it.
    own_words = False
    #: Whether an answer tells who somebody is or where to find them, or is a file: never published.
    tells_who = False
    #: Whether a file is sent: asked only where `Use.uploads` says that it is received.
    uploads = False

    def made_up(self, question: Question, random: Random) -> Answer:
        """Return what a made-up person answers in a rehearsal: the first choices more often."""
        codes = [code for code, _words in self.choices(question)]
        if codes:
            return random.choices(codes, range(len(codes) + 1, 1, -1))[0]
        return random.choice(made_up.sentences())

    def html(self, asked: Asked) -> Markup:
        """Render the question with what was answered before and what is wrong with it."""
        return fragment(self.template, asked=asked)

    def kept(self, question: Question, typed: Typed) -> Answer:
        """Return what is kept of what was typed, right or wrong; empty where nothing was."""
        return one_line(typed.text())

    def fault(self, question: Question, answer: Any) -> Any | None:
        """Return what is wrong with an answer that isn't empty, or None."""
        return None

    def words(self, question: Question, answer: Any) -> Any:
        """Return an answer without fault in words, for pages."""
        return theirs(str(answer))

    def hint(self, question: Question) -> Any | None:
        """Return what helps to answer it, beside the question's own help."""
        return None

    def choices(self, question: Question) -> list[tuple[str, Any]]:
        """Return the codes that can be chosen with their words."""
        return [(option.code, said(option.wording)) for option in question.options]

    def summarise(self, question: Question, answers: Sequence[Any]) -> Summary:
        """Return what answers without fault come to, as far as it may be told."""
        return summaries.told(len(answers))

    def label(self, question: Question, key: str) -> Any:
        """Return the words of a row of the summary."""
        return dict(self.choices(question)).get(key, key)

    def columns(self, question: Question, summary: Summary) -> Columns | None:
        """Return a summary as columns, where its rows are steps of a scale."""
        return None

    def figure(self, question: Question, value: float) -> Any:
        """Return an average in words."""
        return f"{value:g}"


def too_long(answer: str, most: int) -> Any | None:
    """Return what is wrong with a text of more than `most` characters."""
    if len(answer) <= most:
        return None
    return _("This is too long: write at most %(max)d characters.", max=most)
