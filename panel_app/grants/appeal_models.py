"""What an applicant says against a decision, and what was answered."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from sqlalchemy import CheckConstraint, ForeignKey, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from panel_app.casework.models import Decision
from panel_app.core.db import Base, Dated, Moment, Public, one_of
from panel_app.grants.models import Application

AppealAbout = Literal["facts", "process"]


class Appeal(Public, Dated, Base):
    """One appeal against one decision, answered by somebody who took no part in that."""

    __tablename__ = "appeal"
    __table_args__ = (
        one_of("about", AppealAbout),
        CheckConstraint("outcome IS NULL OR outcome IN ('stands', 'again')", name="outcome"),
        CheckConstraint("(outcome IS NULL) = (answered_at IS NULL)", name="answered"),
        CheckConstraint("(outcome IS NULL) = (answered_by IS NULL)", name="by"),
    )

    application_id: Mapped[int] = mapped_column(ForeignKey("application.id"), index=True)
    decision_id: Mapped[int] = mapped_column(ForeignKey("decision.id"), unique=True)
    about: Mapped[str] = mapped_column(String(10))
    #: What was said, and the reason of the answer, sealed with the applicant's key.
    content: Mapped[bytes] = mapped_column(LargeBinary)
    outcome: Mapped[str | None] = mapped_column(String(10))
    answered_at: Mapped[datetime | None] = mapped_column(Moment)
    #: As the log names them.
    answered_by: Mapped[str | None] = mapped_column(String(40))

    application: Mapped[Application] = relationship()
    decision: Mapped[Decision] = relationship()
