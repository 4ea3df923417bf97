"""What invitations hold about the people at an address, and how that goes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sqlalchemy import or_, select

from panel_app.core.db import db, locked
from panel_app.core.errors import Conflict
from panel_app.core.holdings import Found, Held, Holder, NobodyIn, Place, Sought, Who, sealed_ids
from panel_app.core.text import _
from panel_app.panels.models import Panel
from panel_app.recruitment.invitations.addresses import list_of
from panel_app.recruitment.invitations.models import Address, Invitation
from panel_app.recruitment.invitations.waves import under_way

#: What stands in place of a reference; the public id keeps it apart from others.
_NAMELESS = "–{}"


def find(sought: Sought) -> Iterator[Found]:
    """Find homes by their id in the file, or by any sealed cell."""
    which = or_(Address.reference == sought.words, sealed_ids(Address, sought))
    for address in db.session.scalars(select(Address).where(which).order_by(Address.id)):
        details = address.details
        if address.reference == sought.words or sought.within(details.values()):
            label = ", ".join(str(cell) for cell in details.values() if cell)
            yield Found(f"address:{address.public_id}", label or address.reference)


def called(public_id: str) -> Iterator[str]:
    """Name the home with this identifier."""
    if db.session.scalar(select(Address.id).where(Address.public_id == public_id)):
        yield f"address:{public_id}"


def tell(who: Who) -> Iterator[Held]:
    """Tell a home's row, and what became of its letter."""
    for address in _addresses(who):
        panel = db.session.get_one(Panel, address.panel_id)
        letter = _letter(address)
        rows: list[tuple[Any, Any]] = [
            (_("Id"), address.reference),
            (_("Area"), address.area),
            *address.details.items(),
        ]
        if letter is not None:
            rows.append((_("Letter"), letter.reference))
            rows.append((_("State"), letter.state))
        yield Held(_("On the list of addresses of %(panel)s", panel=str(panel.name)), rows)


def erase(who: Who, actor: str) -> None:
    """Forget an address; one that was never written to goes as a row, and an uploaded file with
    it, which could bring it back.

    Raises Conflict while the list is being read, or a wave that may name it is published and not
    yet drawn.
    """
    for address in _addresses(who):
        panel = locked(db.session.get_one(Panel, address.panel_id))
        wave = under_way(panel)
        if wave is not None and wave.state != "planned":
            raise Conflict(_("A round of letters waits for its dice. Draw it first."))
        kept = list_of(panel)
        if kept is not None and kept.state in {"waiting", "reading"}:
            raise Conflict(_("The list is being read. Wait for it."))
        if _letter(address) is None:
            db.session.delete(address)
        else:
            address.address_key, address.sealed = b"", b""
            address.reference = _NAMELESS.format(address.public_id)
        if kept is not None:
            kept.upload = kept.told = None
    db.session.flush()


def stays(who: Who) -> Iterator[Any]:
    """Say what the draw's proof keeps."""
    if any(_letter(address) for address in _addresses(who)):
        yield _(
            "That a home in this area got a letter, without its address: the published draw could"
            " not be checked without it, and the home would be written to again."
        )


def _addresses(who: Who) -> list[Address]:
    query = select(Address).where(Address.public_id.in_(who.ids("address")))
    return list(db.session.scalars(query))


def _letter(address: Address) -> Invitation | None:
    query = select(Invitation).where(Invitation.address_id == address.id)
    return db.session.scalars(query).one_or_none()


HOLDER = Holder(
    name="invitations",
    places=[
        Place(
            what="Addresses that letters may go to",
            columns=["address.sealed", "address.address_key"],
            seen_by="organisers, on letters",
            goes="the row's key and what it sealed are emptied",
        ),
        Place(
            what="Their id in the uploaded file",
            columns=["address.reference"],
            seen_by="organisers",
            goes="emptied",
        ),
        Place(
            what="In which area a home is, and which rows are one home",
            columns=["address.area", "address.home", "invitation.area", "invitation.home"],
            seen_by="organisers; the home is a keyed hash that nobody sees; the public reads how"
            " many homes an area has, and in the bundle each home under an invented name",
            goes="deleted where no letter went out; else it stays without an address, so that"
            " nobody is written to twice",
        ),
        Place(
            what="A letter to a home: its code as a keyed hash, and what became of it",
            columns=[
                "invitation.code_digest",
                "invitation.state",
                "invitation.used_at",
                "invitation.issue",
                "invitation.number",
            ],
            seen_by="organisers",
            goes="stays, of a home that has no address any more",
        ),
        Place(
            what="An uploaded file of addresses until it is read, and what was wrong with it",
            columns=["address_list.upload", "address_list.told", "address_list.list_key"],
            seen_by="organisers read what was wrong",
            goes="the file is emptied once it is read, within the day if it can't be; what was"
            " wrong goes with the next file",
        ),
    ],
    find=find,
    called=called,
    tell=tell,
    erase=erase,
    stays=stays,
    sealed=Address,
)
NOBODY = NobodyIn(
    {
        "address_list.panel_id": "whose list it is",
        "address_list.state": "how far reading the file is",
        "address_list.columns": "the headings of the uploaded file",
        "address_list.address_columns": "headings of the uploaded file",
        "address_list.area_column": "a heading of the uploaded file",
        "address_list.id_column": "a heading of the uploaded file",
        "address_list.sheet": "the name of a sheet of the uploaded file",
        "address_list.sheets": "the names of the sheets of the uploaded file",
        "address_list.done": "how far reading the file is",
        "address_list.beat_at": "how far reading the file is",
        "address_list.salt": "what pseudonyms of addresses are made with",
        "address.panel_id": "whose list it is on",
        "wave": "plan, fingerprint and dice of a round of letters; homes under invented names",
        "invitation.panel_id": "whose letter it is",
        "invitation.wave_id": "in which round it went out",
        "invitation.address_id": "which row it went to",
    }
)
