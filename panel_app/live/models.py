"""How often what people see of a topic has changed."""

from __future__ import annotations

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from panel_app.core.db import Base


class TopicVersion(Base):
    """The number that grows with every change of a topic, such as `session:8k2…`."""

    __tablename__ = "topic_version"

    topic: Mapped[str] = mapped_column(String(60), primary_key=True)
    number: Mapped[int] = mapped_column(default=0)
