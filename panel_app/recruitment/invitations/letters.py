"""Letters to the homes drawn, in the languages of the place, and their file for a mailing house."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from flask import current_app, render_template
from flask_babel import force_locale
from sqlalchemy import ColumnElement, select

from panel_app.core import ids
from panel_app.core.db import db
from panel_app.core.text import gettext
from panel_app.recruitment.invitations import addresses, codes
from panel_app.recruitment.invitations.models import Address, Invitation, Wave
from panel_app.web import i18n, qr
from panel_app.web.i18n import said

#: Letters on a page to print; a larger wave has several, or goes to a mailing house.
LETTERS_A_PAGE = 50


@dataclass(frozen=True, slots=True)
class HomeLetter:
    """One home's letter, rendered by our own template, so safe to show as it is."""

    html: str


@dataclass(frozen=True, slots=True)
class Writing:
    """What a letter says in one language."""

    language: i18n.Language
    html: str


def letters(wave: Wave, after: int = 0) -> list[HomeLetter]:
    """Return a page of letters, of the numbers after one."""
    which = Invitation.number.between(after + 1, after + LETTERS_A_PAGE)
    return [_letter(*row) for row in _letters(wave, which)]


def letter_of(wave: Wave, invitation: Invitation) -> list[HomeLetter]:
    """Return one home's letter; none where its address was erased."""
    return [_letter(*row) for row in _letters(wave, Invitation.id == invitation.id)]


def merge_rows(wave: Wave) -> Iterator[dict[str, Any]]:
    """Return what a mailing house needs for each letter that is out: `merge_columns`."""
    columns = _address_columns(wave)
    for invitation, address in _letters(wave, Invitation.state == "sent"):
        code, details = _code(invitation), address.details
        yield {
            "letter": invitation.reference,
            **{column: details.get(column, "") for column in columns},
            "area": invitation.area,
            "panel": said(wave.panel.name),
            "register_by": wave.closes_on.isoformat(),
            "code": ids.spell(code),
            "address_to_type": _register_address(ids.spell(code)),
            "qr_code_holds": _register_address(code),
        }


def merge_columns(wave: Wave) -> list[str]:
    """Return the columns of `merge_rows`."""
    ends = ["area", "panel", "register_by", "code", "address_to_type", "qr_code_holds"]
    return list(dict.fromkeys(["letter", *_address_columns(wave), *ends]))


def address_of(wave: Wave, address: Address) -> list[str]:
    """Return an address as a letter has it, a line each."""
    details = address.details
    return [str(details[c]) for c in _address_columns(wave) if details.get(c)]


def _letters(wave: Wave, *which: ColumnElement[bool]) -> Sequence[tuple[Invitation, Address]]:
    query = select(Invitation, Address).join(Address, Invitation.address_id == Address.id)
    mine = query.where(Invitation.wave_id == wave.id, Address.address_key != b"", *which)
    rows = db.session.execute(mine.order_by(Invitation.number))
    return [(row.Invitation, row.Address) for row in rows]


def _letter(invitation: Invitation, address: Address) -> HomeLetter:
    wave, code = invitation.wave, _code(invitation)
    first, *others = _languages(wave)
    with force_locale(first.code):
        label = gettext("QR code of letter %(number)s", number=invitation.reference)
        html = render_template(
            "invitations/_letter.html",
            panel=wave.panel,
            invitation=invitation,
            wave=wave,
            language=first,
            address=address_of(wave, address),
            picture=qr.svg(_register_address(code), label, mask=qr.QUICK),
            register_address=_register_address(ids.spell(code)),
            code=ids.spell(code),
            others=[_writing(wave, language) for language in others],
        )
    return HomeLetter(html)


def _writing(wave: Wave, language: i18n.Language) -> Writing:
    with force_locale(language.code):
        html = render_template("invitations/_words.html", panel=wave.panel, wave=wave)
    return Writing(language, html)


def _languages(wave: Wave) -> list[i18n.Language]:
    return [i18n.called(code) for code in wave.panel.languages or ["en"]]


def _address_columns(wave: Wave) -> list[str]:
    kept = addresses.list_of(wave.panel)
    return list(kept.address_columns) if kept else []


def _code(invitation: Invitation) -> str:
    return codes.code_of(invitation.public_id, invitation.issue)


def _register_address(code: str) -> str:
    public_url: str = current_app.config["PUBLIC_URL"]
    return f"{public_url}/r/{code}"
