"""The list of a wave's letters."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from sqlalchemy import Row, select

from panel_app.core.text import _
from panel_app.recruitment.invitations import letters
from panel_app.recruitment.invitations.desk.forms import STATES
from panel_app.recruitment.invitations.models import Address, Invitation, Wave
from panel_app.web.listing import Column, Listing, State, contains

#: A letter with its address opened.
Opened = tuple[Invitation, list[str]]


def of_wave(wave: Wave) -> Listing[Opened]:
    """Return the list of a wave's letters; only what the page shows is opened."""
    query = select(Invitation, Address).join(Address, Invitation.address_id == Address.id)
    return Listing(
        name=f"{wave.panel.slug}-wave-{wave.number}",
        label=_("Letters"),
        query=query.where(Invitation.wave_id == wave.id),
        order=[Invitation.number],
        search=contains(Address.reference),
        search_label=_("Search by the address’s id in the list"),
        prepare=lambda rows: _opened(wave, rows),
        states=[State(key, word, Invitation.state == key) for key, word in STATES.items()],
        columns=[
            Column(
                key="letter",
                label=_("Letter"),
                plain=lambda row: row[0].reference,
                order=Invitation.number,
            ),
            Column(
                key="area", label=_("Area"), plain=lambda row: row[0].area, order=Invitation.area
            ),
            Column(key="address", label=_("Address")),
            Column(
                key="state",
                label=_("State"),
                plain=lambda row: str(STATES[row[0].state]),
                order=Invitation.state,
            ),
            Column(key="change", label=_("Change")),
        ],
    )


def _opened(wave: Wave, rows: Sequence[Row[Invitation, Address]]) -> Iterable[Opened]:
    return [(row.Invitation, letters.address_of(wave, row.Address)) for row in rows]
