"""What staff add to the record of a session, and what they keep out of it."""

from __future__ import annotations

from sqlalchemy import select

from panel_app.core import audit, pictures
from panel_app.core.db import db, found, locked
from panel_app.core.errors import Conflict, Refused
from panel_app.core.text import _
from panel_app.core.translated import Translated
from panel_app.panels.models import Panel
from panel_app.questions import photos
from panel_app.sessions.models import AgendaItem, RecordEntry, Session

#: Decisions and documents of one session.
MOST_ENTRIES = 60


def add_entry(
    *,
    session: Session,
    wording: Translated,
    address: str | None = None,
    file: bytes = b"",
    actor: str,
) -> RecordEntry:
    """Add a decision to the record, or with an `address` or a `file` a document.

    Raises Refused for an address that is no web address, a file that can't be taken, or where the
    record is full.
    """
    locked(session)
    if address and not address.startswith(("https://", "http://")):
        raise Refused(_("Type an address that begins with https://"), field="address")
    if len(entries_of(session)) >= MOST_ENTRIES:
        raise Refused(_("A record has at most %(most)s entries.", most=MOST_ENTRIES))
    kind = "document" if address or file else "decision"
    entry = RecordEntry(session_id=session.id, kind=kind, wording=wording, address=address or None)
    db.session.add(entry)
    db.session.flush()
    entry.file = _kept(entry, file) if file else None
    db.session.flush()
    _note("entry_added", session, actor, entry=entry.public_id)
    return entry


def remove_entry(*, session: Session, public_id: str, actor: str) -> None:
    """Take a decision or a document out of the record."""
    entry = found(next((e for e in entries_of(session) if e.public_id == public_id), None))
    photos.forget(_about(entry))
    db.session.delete(entry)
    db.session.flush()
    _note("entry_removed", session, actor, entry=public_id)


def keep_back(*, item: AgendaItem, kept: bool, actor: str) -> None:
    """Keep a part's result out of the public record, or publish it."""
    locked(item)
    if item.state != "closed":
        raise Conflict(_("Close the round first, then show its results."))
    item.kept_back = kept
    db.session.flush()
    _note("kept_back" if kept else "published", item.session, actor, item=item.public_id)


def entries_of(session: Session) -> list[RecordEntry]:
    """Return a record's decisions and documents, in the order they were added."""
    query = select(RecordEntry).where(RecordEntry.session_id == session.id)
    return list(db.session.scalars(query.order_by(RecordEntry.id)))


def next_session(panel: Panel) -> Session | None:
    """Return the panel's next session that is planned."""
    planned = select(Session).where(Session.panel_id == panel.id, Session.state == "planned")
    return db.session.scalar(planned.order_by(Session.starts_at).limit(1))


def link(entry: RecordEntry) -> str | None:
    """Return where an entry's document is: elsewhere, or here for whoever reads the record now."""
    return photos.address(entry.file, "document") if entry.file else entry.address


def _about(entry: RecordEntry) -> str:
    return f"record:{entry.public_id}"


def _kept(entry: RecordEntry, file: bytes) -> str:
    """Keep a photo, made safe, or a document. Raises Refused for anything else."""
    kind = "photo" if pictures.seems(file) else "document"
    try:
        return photos.keep(_about(entry), file, kind)
    except Refused as refusal:
        raise Refused(refusal.message, field="file") from refusal


def _note(action: str, session: Session, actor: str, **details: str) -> None:
    subject = f"session:{session.public_id}"
    audit.record(f"record.{action}", actor=actor, subject=subject, **details)
