"""What a part of an agenda asks the room."""

from __future__ import annotations

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from panel_app.core.db import Base, Numbered
from panel_app.questions.models import Questionnaire, QuestionnaireVersion
from panel_app.sessions.models import AgendaItem


class LiveQuestion(Numbered, Base):
    """The questions of one part of an agenda, and how they are put."""

    __tablename__ = "live_question"

    item_id: Mapped[int] = mapped_column(ForeignKey("agenda_item.id"), unique=True)
    questionnaire_id: Mapped[int] = mapped_column(ForeignKey("questionnaire.id"), unique=True)
    #: The version that the room is asked, from when the part is first opened.
    version_id: Mapped[int | None] = mapped_column(ForeignKey("questionnaire_version.id"))
    #: Whether answers are kept with the seat, or under a pseudonym.
    by_seat: Mapped[bool] = mapped_column(default=False)
    #: Read by the release before alone, which may run beside this one (`AgendaItem.wall_page`).
    on_wall: Mapped[str | None] = mapped_column(String(20))

    item: Mapped[AgendaItem] = relationship()
    questionnaire: Mapped[Questionnaire] = relationship()
    version: Mapped[QuestionnaireVersion | None] = relationship()
