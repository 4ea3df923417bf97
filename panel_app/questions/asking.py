"""Putting questions and reading answers: which are asked, what is kept, what is wrong with it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from random import Random
from typing import Any

from markupsafe import Markup

from panel_app.core.errors import Refused
from panel_app.core.text import _, gettext
from panel_app.questions.kinds import kind_called
from panel_app.questions.kinds.kind import Fields, Kind, Typed, too_long
from panel_app.questions.question import Answer, Answers, Question
from panel_app.web.i18n import said, theirs

#: Longer texts are not kept at all.
LONGEST = 5_000


@dataclass(frozen=True, slots=True)
class Asked:
    """A question as it stands on a page, with what was answered and what is wrong with that."""

    question: Question
    answer: Answer = ""
    fault: Any | None = None
    #: Whether it has the page to itself, so that the page's heading asks it.
    alone: bool = False
    #: To whom it is put, where it isn't put to everybody.
    note: Any | None = None

    @property
    def kind(self) -> Kind:
        """Return its kind."""
        return kind_called(self.question.kind)

    @property
    def id(self) -> str:
        """Return what names its fields."""
        return self.question.code

    @property
    def hints(self) -> list[Any]:
        """Return what helps to answer it, line by line."""
        own_help = said(self.question.help) if self.question.help else None
        return [hint for hint in (own_help, self.kind.hint(self.question), self.note) if hint]

    @property
    def needed(self) -> bool:
        """Whether everybody has to answer it."""
        return self.question.required and self.question.only_if is None

    @property
    def tied(self) -> dict[str, str]:
        """Return the attributes that tie its fields to its hints and its fault."""
        ids = [f"{self.id}-hint"] if self.hints else []
        ids += [f"{self.id}-error"] if self.fault else []
        tied = {"aria-describedby": " ".join(ids)} if ids else {}
        return {**tied, "aria-invalid": "true"} if self.fault else tied

    @property
    def attributes(self) -> dict[str, str]:
        """Return the attributes of its only field."""
        return {**dict(self.kind.attributes), **self.tied}

    @property
    def html(self) -> Markup:
        """Return it as part of a page."""
        return self.kind.html(self)


def asked_of(questions: Iterable[Question], answers: Answers) -> list[Question]:
    """Return the questions whose condition is met by what was answered before them."""
    asked: list[Question] = []
    heard: dict[str, Answer] = {}
    for question in questions:
        if question.only_if is None or question.only_if.met(heard):
            asked.append(question)
            heard[question.code] = answers.get(question.code, "")
    return asked


def read(questions: Sequence[Question], form: Fields) -> dict[str, Answer]:
    """Return what is kept of what a form sent, right or wrong.

    Raises Refused for a text so long that it isn't kept.
    """
    for question in questions:
        typed = Typed(form, question.code)
        if max(map(len, typed.texts()), default=0) > LONGEST:
            raise Refused(too_long(typed.text(), question.high or LONGEST), field=question.code)
    kept = as_typed(questions, form)
    for code, answer in kept.items():
        longest = max(answer.values(), key=len, default="") if isinstance(answer, dict) else ""
        if len(longest) > LONGEST:
            raise Refused(too_long(longest, LONGEST), field=code)
    return kept


def as_typed(questions: Iterable[Question], form: Fields) -> dict[str, Answer]:
    """Return what a form sent, however long, for showing it again."""
    return {
        question.code: kind_called(question.kind).kept(question, Typed(form, question.code))
        for question in questions
    }


def made_up(questions: Sequence[Question], random: Random) -> dict[str, Answer]:
    """Return what a made-up person answers in a rehearsal; nothing where a kind can't say."""
    said_to = {q.code: kind_called(q.kind).made_up(q, random) for q in questions}
    wrong = faults(questions, said_to, complete=False)
    return {code: answer for code, answer in said_to.items() if answer and code not in wrong}


def faults(
    questions: Iterable[Question], answers: Answers, *, complete: bool = True
) -> dict[str, Any]:
    """Return what is wrong with the answers, by question; `complete`: empty ones are faults too."""
    found = {
        question.code: _fault(question, answers.get(question.code, ""), complete)
        for question in questions
    }
    return {code: fault for code, fault in found.items() if fault is not None}


def moves(questions: Iterable[Question], form: Mapping[str, Any]) -> bool:
    """Whether a button of the form was pressed that only moves something about."""
    starts = tuple(f"{question.code}.{way}." for question in questions for way in ("up", "down"))
    return any(name.startswith(starts) for name in form)


def pages(questions: Sequence[Question]) -> list[list[Question]]:
    """Return the questions page by page: one each, beside those that go with the one before."""
    parted: list[list[Question]] = []
    for question in questions:
        if question.with_previous and parted:
            parted[-1].append(question)
        else:
            parted.append([question])
    return parted


def pages_of(questions: Sequence[Question], answers: Answers) -> list[list[Question]]:
    """Return the pages for somebody who answered so far like this.

    A question that depends on one of the same page stands there whatever was answered to that.
    """
    heard = {question.code for question in asked_of(questions, answers)}
    parted = []
    for page in pages(questions):
        put: list[Question] = []
        for question in page:
            here = question.only_if and question.only_if.code in {one.code for one in put}
            if here or question.code in heard:
                put.append(question)
        if put:
            parted.append(put)
    return parted


def on_page(
    questions: Sequence[Question],
    answers: Answers,
    wrong: Mapping[str, Any] | None = None,
    *,
    alone: bool = False,
) -> Iterator[Asked]:
    """Return questions as they stand on one page; with `alone`, its heading asks the first."""
    named = {question.code: question for question in questions}
    for place, question in enumerate(questions):
        yield Asked(
            question,
            answers.get(question.code, ""),
            (wrong or {}).get(question.code),
            alone and place == 0,
            _note(question, named),
        )


def in_words(question: Question, answer: Answer, language: str | None = None) -> Any | None:
    """Return an answer in words; None where there is none, or none that can be told.

    `language` is the one in which whoever answered wrote.
    """
    if is_empty(answer) or _fault(question, answer, complete=False):
        return None
    kind = kind_called(question.kind)
    if language and kind.own_words:
        return theirs(str(answer), language)
    return kind.words(question, answer)


def is_empty(answer: Answer) -> bool:
    """Whether nothing was answered."""
    return not answer


def _fault(question: Question, answer: Answer, complete: bool) -> Any | None:
    if is_empty(answer):
        return _missing(question) if complete and question.required else None
    return kind_called(question.kind).fault(question, answer)


def _missing(question: Question) -> Any:
    if question.kind == "consent":
        return _("Tick this to go on, if you agree.")
    choosing = kind_called(question.kind).choices(question)
    return _("Choose one of these.") if choosing else _("Fill this in.")


def _note(question: Question, others: Mapping[str, Question]) -> Any | None:
    """Say to whom a question is put, where the earlier question stands on the same page."""
    earlier = others.get(question.only_if.code) if question.only_if else None
    if earlier is None or question.only_if is None:
        return None
    return Markup("{}").format(
        gettext(
            "Only if you answered “%(answer)s” to “%(question)s”.",
            answer=kind_called(earlier.kind).label(earlier, question.only_if.answer),
            question=said(earlier.wording),
        )
    )
