"""What texts have in common that people write in the room."""

from __future__ import annotations

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from panel_app.core.db import Dated, Public
from panel_app.core.translated import Translated, TranslatedText


class Written(Public, Dated):
    """A table of texts from the room, each shown once somebody has looked at it."""

    #: Its number within the part of the agenda, from 1.
    number: Mapped[int]
    wording: Mapped[Translated] = mapped_column(TranslatedText)
    #: `pending`, `accepted`, `rejected`, or what else its table knows.
    state: Mapped[str] = mapped_column(String(10), default="pending")
    #: Made by the page that sent it: the same page sent twice adds one.
    key: Mapped[str | None] = mapped_column(String(40))
