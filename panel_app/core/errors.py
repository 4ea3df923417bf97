"""The refusals that a service may raise; the web turns each into a page that says what to do."""

from __future__ import annotations

from collections.abc import Sequence


class DomainError(Exception):
    """Something the rules don't allow; `message` says what, where and what to do."""

    status = 409

    def __init__(self, message: object, *, field: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        #: The form field it is about, where there is one.
        self.field = field

    def __str__(self) -> str:
        return str(self.message)


class Refused(DomainError):
    """The input can't be accepted as it is."""

    status = 422


class NotFound(DomainError):
    """There is no such thing, or this person may not know of it."""

    status = 404


class NotAllowed(DomainError):
    """This person may not do that."""

    status = 403


class TooManyTries(DomainError):
    """A code was tried too often."""

    status = 429


class Conflict(DomainError):
    """The thing has changed meanwhile, or is in a state that doesn't allow it."""

    status = 409


class FaultyFile(Refused):
    """An uploaded file has faults; `faults` lists every one, with row and column in words."""

    def __init__(self, message: object, faults: Sequence[str], *, field: str | None = None) -> None:
        super().__init__(message, field=field)
        self.faults = list(faults)
