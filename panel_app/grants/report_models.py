"""What became of a grant, told by whoever got it."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import JSON, CheckConstraint, ForeignKey, LargeBinary
from sqlalchemy.orm import Mapped, mapped_column

from panel_app.core.db import Base, Dated, Moment, Numbered


class Report(Numbered, Dated, Base):
    """Answers and photos on what came of an award, and what of them everybody may see."""

    __tablename__ = "award_report"
    __table_args__ = (CheckConstraint("shown_at IS NULL OR sent_at IS NOT NULL", name="shown"),)

    award_id: Mapped[int] = mapped_column(ForeignKey("award.id"), unique=True)
    #: The answers by question, sealed with the applicant's key, so that they go with them.
    content: Mapped[bytes] = mapped_column(LargeBinary)
    sent_at: Mapped[datetime | None] = mapped_column(Moment)
    #: The questions whose answers everybody may see, as who got the grant says now.
    agreed: Mapped[list[str]] = mapped_column(JSON, default=list)
    #: Those that somebody on the desk looked at; a photo with the name of its small copy.
    looked_at: Mapped[dict[str, str]] = mapped_column(JSON, default=dict)
    #: When somebody on the desk last looked.
    shown_at: Mapped[datetime | None] = mapped_column(Moment)

    @property
    def public(self) -> list[str]:
        """The questions whose answers everybody sees: agreed to, and looked at."""
        return [code for code in self.agreed if code in self.looked_at]
