"""What messages say: a template for each purpose, in every language, with ((placeholders))."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from flask_babel import force_locale
from sqlalchemy import select

from panel_app.core.db import db
from panel_app.core.typed import one_line
from panel_app.outbox.models import Message, Wording

_PLACE = re.compile(r"\(\(\s*([a-z_]+)\s*\)\)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Template:
    """The words of one kind of message. Texts are lazy translations with ((placeholders))."""

    purpose: str
    #: What organisers call it.
    name: Any
    subject: Any
    body: Any
    #: What a text message says instead of the body; it has to be short.
    short: Any
    #: What may stand in its texts; `needed` must stand in the body and in the short form.
    places: frozenset[str]
    needed: frozenset[str] = frozenset()
    #: Whether it holds what is the recipient's alone, such as a link.
    secret: bool = False
    #: Makes a secret message again, with a new secret; its words are not kept once it was sent.
    renew: Callable[[Message], Message] | None = None


@dataclass(frozen=True, slots=True)
class Words:
    """A subject, a body and its short form, with placeholders."""

    subject: str
    body: str
    short: str


@dataclass(frozen=True, slots=True)
class Filled:
    """A message's words as its reader gets them."""

    subject: str
    body: str


def own_words(template: Template, language: str) -> Words:
    """Return what a template says in a language: the organisation's words, or those shipped."""
    query = select(Wording).where(Wording.purpose == template.purpose, Wording.language == language)
    changed = db.session.scalars(query).one_or_none()
    return (
        Words(changed.subject, changed.body, changed.short)
        if changed
        else shipped(template, language)
    )


def shipped(template: Template, language: str) -> Words:
    """Return what a template says in a language when nobody changed it."""
    with force_locale(language):
        return Words(str(template.subject), str(template.body), str(template.short))


def filled(
    template: Template, language: str, values: Mapping[str, str], *, short: bool = False
) -> Filled:
    """Return a template's words with its placeholders filled; an empty one leaves no gap.

    Raises KeyError for a missing value.
    """
    words = own_words(template, language)
    body = words.short if short else words.body
    return Filled(one_line(fill(words.subject, values)), fill(body, values))


def fill(text: str, values: Mapping[str, str]) -> str:
    """Put values in the places of a text, in one pass: what they hold is no place again."""
    whole = _PLACE.sub(lambda place: values[place[1]], text)
    return re.sub(r"\n{3,}", "\n\n", whole).strip()


def places_in(text: str) -> set[str]:
    """Return the placeholders that a text holds."""
    return set(_PLACE.findall(text))
