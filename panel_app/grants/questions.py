"""What an applicant is asked, one question a page, and what an answer must be. Pure."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from panel_app.core import money
from panel_app.core.errors import Refused
from panel_app.core.text import _
from panel_app.core.typed import cleaned, one_line

#: The questions in order; each is asked on a page of its own.
QUESTIONS = ("kind", "title", "plan", "people", "mission", "amount", "costs", "contact")
#: The answers that each question collects.
FIELDS: Mapping[str, tuple[str, ...]] = {
    **{question: (question,) for question in QUESTIONS},
    "contact": ("name", "contact"),
}
#: The longest answer, in characters.
LIMITS: Mapping[str, int] = {
    "kind": 20,
    "title": 80,
    "plan": 1_500,
    "people": 1_000,
    "mission": 40,
    "amount": 20,
    "costs": 1_000,
    "name": 80,
    "contact": 120,
}
#: Longer texts are not kept at all.
LONGEST = 5_000
KINDS: Mapping[str, Any] = {
    "individual": _("Me, as a resident"),
    "group": _("A group of neighbours"),
    "organisation": _("An organisation"),
}
#: What has to be so for a grant, with the reason; asked before anything else.
ELIGIBILITY: tuple[tuple[Any, Any], ...] = (
    (
        _("It happens here, or is for people who live here."),
        _("The money is for this place and the people who live here."),
    ),
    (
        _("It is for the community, not for paying bills or debts."),
        _("These grants can’t pay rent, bills or debts. Ask the organiser who can help with that."),
    ),
    (
        _("It has nothing to do with party politics, and does not promote a religion."),
        _("People of any party or belief can ask, for something that is open to everyone."),
    ),
)

_LONG = frozenset({"plan", "people", "costs"})
_MAIL = re.compile(r"^[^@\s<>]+@[^@\s<>]+\.[^@\s<>]+$")
#: What tells of a person, whoever it is: an address, a number to call, a title with a name.
_TELLING = re.compile(
    r"[^\s@<>]+@[^\s@<>]+\.\w+|\+?\d[\d \-()]{5,}\d|\b(?:Mr|Mrs|Ms|Miss|Mx|Dr)\b\.? +\w+"
)
SHORTEST_NAME = 3
_MARKS = str.maketrans(dict.fromkeys("\u200e\u200f\u061c\u200b\ufeff"))


@dataclass(frozen=True, slots=True)
class Terms:
    """What a programme allows: its largest grant in pence, and its missions' codes."""

    largest_grant: int
    missions: Collection[str]


def asked(terms: Terms) -> tuple[str, ...]:
    """Return the questions of a programme; without missions there is one fewer."""
    return tuple(q for q in QUESTIONS if q != "mission" or terms.missions)


def kept(field: str, typed: str) -> str:
    """Return what is kept of a typed answer."""
    if field in _LONG:
        return cleaned(typed)
    line = one_line(typed)
    return line.translate(_MARKS) if field in {"amount", "contact"} else line


def faults(question: str, answers: Mapping[str, Any], terms: Terms) -> dict[str, Any]:
    """Return what is wrong with the answers to a question, by field; empty when all is well."""
    found = {field: _fault(field, str(answers.get(field, "")), terms) for field in FIELDS[question]}
    return {field: message for field, message in found.items() if message is not None}


def pence(answers: Mapping[str, Any]) -> int | None:
    """Return the amount asked for in pence, or None where it isn't one."""
    try:
        return money.pence(str(answers.get("amount", ""))) or None
    except Refused:
        return None


def names(text: str, name: str) -> bool:
    """Whether `text` holds the applicant's name, whole and as a word."""
    folded = " ".join(name.casefold().split())
    if not folded:
        return False
    return (
        re.search(rf"(?<!\w){re.escape(folded)}(?!\w)", " ".join(text.casefold().split()))
        is not None
    )


def telling_words(text: str, name: str) -> list[str]:
    """Return what in `text` may tell who somebody is, such as one of the words of `name`.

    A guess for a person to look at: a name that is a usual word counts only with a capital.
    """
    parts = {part for part in re.findall(r"\w+", name.casefold()) if len(part) >= SHORTEST_NAME}
    words = [w for w in re.findall(r"\w+", text) if w.casefold() in parts and not w[0].islower()]
    return list(dict.fromkeys([*words, *_TELLING.findall(text)]))


def _fault(field: str, answer: str, terms: Terms) -> Any | None:
    if len(answer) > LIMITS[field]:
        return _("This is too long: write at most %(max)d characters.", max=LIMITS[field])
    if field == "name":
        return None
    if field == "contact":
        return (
            None
            if not answer or reachable(answer)
            else _("Type an e-mail address or a phone number, or leave it empty.")
        )
    if field in {"kind", "mission"}:
        known = KINDS if field == "kind" else terms.missions
        return None if answer in known else _("Choose one of these.")
    if not answer:
        return _("Fill this in.")
    return _amount_fault(answer, terms) if field == "amount" else None


def _amount_fault(answer: str, terms: Terms) -> Any | None:
    try:
        asks = money.pence(answer)
    except Refused as refusal:
        return refusal.message
    if asks <= 0:
        return _("Ask for more than nothing.")
    if asks > terms.largest_grant:
        return _("The most you can ask for is %(most)s.", most=money.as_text(terms.largest_grant))
    return None


def reachable(contact: str) -> bool:
    """Whether `contact` is an e-mail address or a phone number, by its looks."""
    digits = sum(1 for c in contact if c.isdecimal())
    plain = all(c.isdecimal() or c in "+ -()" for c in contact)
    return bool(_MAIL.match(contact)) or (plain and 7 <= digits <= 15)
