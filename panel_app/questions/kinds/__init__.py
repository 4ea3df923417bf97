"""The kinds of question. A new one is a class in this folder, listed here."""

from __future__ import annotations

from functools import cache

from panel_app.core.errors import NotFound
from panel_app.core.text import _
from panel_app.questions.kinds.agreeing import FistToFive, Gradients, Ready
from panel_app.questions.kinds.choices import Consent, OneOf, SeveralOf, YesNo
from panel_app.questions.kinds.document import Document
from panel_app.questions.kinds.kind import Kind
from panel_app.questions.kinds.numbers import Date, Money, Number
from panel_app.questions.kinds.orders import Points, Ranking
from panel_app.questions.kinds.photo import Photo
from panel_app.questions.kinds.reaching import Contact, Place
from panel_app.questions.kinds.scale import Scale
from panel_app.questions.kinds.texts import LongText, Name, ShortText
from panel_app.questions.kinds.words import Words

#: Every kind, in the order in which whoever writes a question chooses.
KINDS: tuple[type[Kind], ...] = (
    OneOf,
    SeveralOf,
    YesNo,
    Scale,
    Ranking,
    Points,
    Gradients,
    FistToFive,
    Ready,
    Words,
    ShortText,
    LongText,
    Number,
    Money,
    Date,
    Name,
    Contact,
    Place,
    Consent,
    Photo,
    Document,
)


@cache
def _by_name(kinds: tuple[type[Kind], ...]) -> dict[str, Kind]:
    return {kind.name: kind() for kind in kinds}


def all_kinds() -> list[Kind]:
    """Return every kind."""
    return list(_by_name(KINDS).values())


def kind_called(name: str) -> Kind:
    """Return the kind of this name. Raises NotFound where there is none."""
    kinds = _by_name(KINDS)
    if name not in kinds:
        raise NotFound(_("There is no such kind of question."))
    return kinds[name]
