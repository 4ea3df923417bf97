"""A file of people on its way into the pool, and its people until all of them are there."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal

from sqlalchemy import JSON, ForeignKey, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from panel_app.core import crypto
from panel_app.core.db import Base, Dated, Moment, Numbered, Public, one_of
from panel_app.panels.models import Panel

ImportState = Literal[
    "asked", "to_check", "checking", "faulty", "checked", "to_write", "writing", "done", "failed"
]
#: What becomes of a person: they are new, their row is another, their home is, they are gone.
StagedKind = Literal["new", "changed", "moved", "gone"]
#: Where a job is at work on it, or is to be.
AT_WORK = ("to_check", "checking", "to_write", "writing")


class PoolImport(Public, Dated, Base):
    """One file of people: what it holds, what its columns mean, what it would change."""

    __tablename__ = "pool_import"
    __table_args__ = (one_of("state", ImportState),)

    panel_id: Mapped[int] = mapped_column(ForeignKey("panel.id"), index=True)
    #: Who uploaded it, as the audit log names them.
    by: Mapped[str] = mapped_column(String(40))
    state: Mapped[str] = mapped_column(String(10), default="asked")
    #: A key of its own; it and what it seals are emptied when the import has ended.
    key: Mapped[bytes] = mapped_column(LargeBinary)
    #: Sealed: the file's `name` and its `sheets`, each a name and a CSV text.
    source: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)
    #: Sealed: faults, notices, cells without a value, examples of what would change.
    found: Mapped[bytes | None] = mapped_column(LargeBinary)
    #: What the columns and cells mean (plan.py), once somebody has said so.
    plan: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    #: How many people are new, changed, gone, the same, and registered by themselves.
    counts: Mapped[dict[str, int]] = mapped_column(JSON, default=dict)
    #: The state of the pool and the targets that it was compared with.
    compared_with: Mapped[str | None] = mapped_column(String(64))
    #: How much of this step is done, in per cent, and when the job last said so.
    done: Mapped[int] = mapped_column(default=0)
    beat_at: Mapped[datetime | None] = mapped_column(Moment)
    #: Why it ended without people: `interrupted`, `broken`, `left`, `overtaken`.
    fault: Mapped[str | None] = mapped_column(String(20))

    panel: Mapped[Panel] = relationship()

    def opened(self) -> dict[str, Any]:
        """Return the file's name and sheets; nothing once it has ended."""
        return crypto.unseal(self.source, self.key) if self.source else {"name": "", "sheets": []}

    def findings(self) -> dict[str, Any]:
        """Return what was found in the file; nothing before, and once it has ended."""
        return crypto.unseal(self.found, self.key) if self.found and self.key else {}


class StagedPerson(Numbered, Base):
    """What becomes of one person of the pool, once every row of the file is here."""

    __tablename__ = "staged_person"
    __table_args__ = (one_of("kind", StagedKind),)

    import_id: Mapped[int] = mapped_column(ForeignKey("pool_import.id"), index=True)
    kind: Mapped[str] = mapped_column(String(8))
    #: Whom it changes; None for somebody new.
    person_id: Mapped[int | None] = mapped_column(index=True)
    public_id: Mapped[str | None] = mapped_column(String(12))
    reference: Mapped[str | None] = mapped_column(String(120))
    features: Mapped[dict[str, str] | None] = mapped_column(JSON)
    household: Mapped[str | None] = mapped_column(String(64))
    person_key: Mapped[bytes | None] = mapped_column(LargeBinary)
    sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
