"""How the engines get their words: gettext callables handed in, or plain English ones."""

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


def gettext_noop(string: str) -> str:
    """Mark a message of a table for the catalogues; whoever says it translates it."""
    return string


def ngettext_noop(singular: str, plural: str) -> tuple[str, str]:
    """Mark a message of a table that goes by number."""
    return singular, plural
