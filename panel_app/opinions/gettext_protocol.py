"""The gettext callables that sentences are built with, and plain English ones."""

from __future__ import annotations

from typing import Protocol


class Gettext(Protocol):
    """Translate a message and fill in its named placeholders, as Flask-Babel does."""

    def __call__(self, string: str, /, **variables: object) -> str: ...


class Ngettext(Protocol):
    """Translate by number, which also fills the placeholder `num`."""

    def __call__(self, singular: str, plural: str, num: int, /, **variables: object) -> str: ...


def plain_gettext(string: str, /, **variables: object) -> str:
    """Fill in the placeholders of an English message."""
    return string % variables if variables else string


def plain_ngettext(singular: str, plural: str, num: int, /, **variables: object) -> str:
    """Fill in the placeholders of the English singular or plural."""
    return (singular if num == 1 else plural) % {"num": num, **variables}


def group_letter(label: int) -> str:
    """The name of a group on screen: A for 0, Z for 25, then AA."""
    letters = ""
    label += 1
    while label:
        label, place = divmod(label - 1, 26)
        letters = chr(ord("A") + place) + letters
    return letters
