"""Questions that tell who or where somebody is: a contact, a place."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from random import Random
from typing import Any

from panel_app.core import disclosure, ids
from panel_app.core.text import _
from panel_app.core.typed import one_line
from panel_app.questions import summaries
from panel_app.questions.kinds.kind import Kind, Typed, too_long
from panel_app.questions.kinds.numbers import MARKS
from panel_app.questions.question import Answer, Question
from panel_app.questions.summaries import Summary

LONGEST = 120
_MAIL = re.compile(r"^[^@\s<>]+@[^@\s<>]+\.[^@\s<>]+$")
#: A postcode's two halves, as Royal Mail writes them.
_POSTCODE = re.compile(r"([A-Z]{1,2}[0-9][A-Z0-9]?) ?([0-9][A-Z]{2})")


class Contact(Kind):
    """An e-mail address or a phone number."""

    name = "contact"
    title = _("E-mail or phone number")
    attributes = (("autocomplete", "email"), ("dir", "ltr"))
    tells_who = True

    def kept(self, question: Question, typed: Typed) -> Answer:
        """Keep what was typed, without invisible marks."""
        return one_line(typed.text().translate(MARKS))

    def made_up(self, question: Question, random: Random) -> Answer:
        """Return an address that nobody has (RFC 2606)."""
        return f"someone{random.randint(1, 99)}@example.org"

    def fault(self, question: Question, answer: Any) -> Any | None:
        """Refuse what nobody can be reached at."""
        if len(answer) > LONGEST:
            return too_long(answer, LONGEST)
        if is_reachable(answer):
            return None
        if question.required:
            return _("Type an e-mail address or a phone number.")
        return _("Type an e-mail address or a phone number, or leave it empty.")


class Place(Kind):
    """Where somebody lives: a postcode, or the name of a block or street."""

    name = "place"
    title = _("Postcode or block")
    tells_who = True
    attributes = (("autocomplete", "postal-code"), ("dir", "auto"))

    def kept(self, question: Question, typed: Typed) -> Answer:
        """Keep a postcode as it is printed, anything else as it was typed."""
        text = one_line(typed.text())
        found = _POSTCODE.fullmatch("".join(ids.western(c) for c in text.upper()))
        return f"{found[1]} {found[2]}" if found else text

    def made_up(self, question: Question, random: Random) -> Answer:
        """Return a postcode that no house has."""
        return f"ZZ{random.randint(1, 3)} 9ZZ"

    def fault(self, question: Question, answer: Any) -> Any | None:
        """Refuse what is longer than a name."""
        return too_long(answer, LONGEST)

    def summarise(self, question: Question, answers: Sequence[Any]) -> Summary:
        """Count by the first half of the postcode, or by name; small ones are not listed."""
        areas = [
            answer.partition(" ")[0] if _POSTCODE.fullmatch(answer) else "" for answer in answers
        ]
        known = [
            area for area, people in Counter(areas).items() if area and people >= disclosure.FEWEST
        ]
        return summaries.one_each([*sorted(known), ""], [a if a in known else "" for a in areas])

    def label(self, question: Question, key: str) -> Any:
        """Return the area; what is in none of those listed is elsewhere."""
        return key or _("Elsewhere")


def is_reachable(contact: str) -> bool:
    """Whether it is an e-mail address, or 7 to 15 digits of a phone number."""
    digits = sum(1 for c in contact if c.isdecimal())
    plain = all(c.isdecimal() or c in "+ -()" for c in contact)
    return bool(_MAIL.match(contact)) or (plain and 7 <= digits <= 15)
