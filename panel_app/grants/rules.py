"""Which names stand in addresses, and what in a public text tells of somebody. Pure."""

from __future__ import annotations

import re

#: What tells of a person, whoever it is: an address, a number to call, a title with a name.
_MAIL, _NUMBER = r"[^\s@<>]+@[^\s@<>]+\.\w+", r"\+?\d[\d \-()]{5,}\d"
_TELLING = re.compile(rf"{_MAIL}|{_NUMBER}|\b(?:Mr|Mrs|Ms|Miss|Mx|Dr)\b\.? +\w+")
_REACHING = re.compile(rf"{_MAIL}|{_NUMBER}")
#: Digits of the shortest number to call, longer than two years side by side.
FEWEST_DIGITS = 9
SHORTEST_NAME = 3
_SLUG = re.compile(r"^[a-z0-9](?:[a-z0-9-]{0,58}[a-z0-9])?$")


def is_slug(name: str) -> bool:
    """Whether `name` can stand in an address: up to 60 lower-case letters, digits and dashes."""
    return bool(_SLUG.match(name)) and name.isascii()


def names(text: str, name: str) -> bool:
    """Whether `text` holds the applicant's name, whole and as a word."""
    folded = " ".join(name.casefold().split())
    if not folded:
        return False
    return (
        re.search(rf"(?<!\w){re.escape(folded)}(?!\w)", " ".join(text.casefold().split()))
        is not None
    )


def ways_to_reach(text: str) -> list[str]:
    """Return the mail addresses and telephone numbers in `text`."""
    found = _REACHING.findall(text)
    return [one for one in found if "@" in one or sum(map(str.isdigit, one)) >= FEWEST_DIGITS]


def telling_words(text: str, name: str) -> list[str]:
    """Return what in `text` may tell who somebody is, such as one of the words of `name`.

    A guess for a person to look at: a name that is a usual word counts only with a capital.
    """
    parts = {part for part in re.findall(r"\w+", name.casefold()) if len(part) >= SHORTEST_NAME}
    words = [w for w in re.findall(r"\w+", text) if w.casefold() in parts and not w[0].islower()]
    return list(dict.fromkeys([*words, *_TELLING.findall(text)]))
