"""Grants as 360Giving data (the 360Giving Data Standard 1.4): a file that others can gather.

People are one fixed text; ids come from public numbers; words that hold an applicant's name or a
way to reach somebody are left out. What the schema doesn't refuse, `faults` does.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

from flask import current_app, url_for
from sqlalchemy import func, select

from panel_app.config import Settings
from panel_app.core import clock
from panel_app.core.db import db
from panel_app.core.text import _
from panel_app.grants import rules
from panel_app.grants.award_models import Payment
from panel_app.grants.exports import GENERIC_TITLE
from panel_app.grants.models import Award, Programme
from panel_app.grants.past_models import PastAward
from panel_app.grants.queries import RECIPIENTS, WITH_REGISTER, awards_of, register_row
from panel_app.panels.models import Panel
from panel_app.web.exports import Dataset, Field

Grant = dict[str, Any]
VERSION = "1.4"
#: Why a person gets a grant (social action) and for what (community projects), until asked.
REASON, PURPOSE = "GTIR120", "GTIP160"
REASONS = frozenset(f"GTIR{n:03}" for n in range(10, 121, 10))
PURPOSES = frozenset(f"GTIP{n:03}" for n in range(10, 171, 10))
_ID = re.compile(r"360G-[A-Za-z0-9_-]+")
_LONGEST_TITLE = 140


def package(panel: Panel) -> dict[str, Any]:
    """Return the panel's grants with what says whose data they are."""
    settings = current_app.extensions["settings"]
    now = clock.now().replace(microsecond=0).isoformat()
    return {
        "version": VERSION,
        "title": f"Grants decided by residents: {panel.name}",
        "identifier": f"{settings.publisher_prefix}-{panel.slug}",
        "publisher": {"name": settings.organisation, "website": settings.public_url},
        "license": "https://creativecommons.org/licenses/by/4.0/",
        "issued": now,
        "modified": now,
        "grants": sound(grants(panel)),
    }


def grants(panel: Panel) -> list[Grant]:
    """Return every grant that stands, those given before among them, the oldest last."""
    query = awards_of(panel).options(*WITH_REGISTER).order_by(Award.id.desc())
    awards = list(db.session.scalars(query))
    named = [str(award.application.answers.get("name", "")) for award in awards]
    paid = _paid(awards)
    before = (
        select(PastAward)
        .join(Programme)
        .where(Programme.panel_id == panel.id)
        .order_by(PastAward.awarded_on.desc(), PastAward.id.desc())
    )
    return [_given(award, named, paid.get(award.id, 0)) for award in awards] + [
        _given_before(award, named) for award in db.session.scalars(before)
    ]


def _reference(programme: Programme, number: str) -> str:
    """Return what no other grant of this deployment has; numbers are a programme's own."""
    return f"{programme.panel.slug}-{programme.slug}-{number}"


def _paid(awards: Sequence[Award]) -> dict[int, int]:
    query = select(Payment.award_id, func.sum(Payment.amount)).where(
        Payment.award_id.in_([award.id for award in awards]), Payment.state == "paid"
    )
    return {id_: int(sum_) for id_, sum_ in db.session.execute(query.group_by(Payment.award_id))}


def _given(award: Award, named: list[str], paid: int) -> Grant:
    application, row = award.application, register_row(award)
    reference = _reference(application.programme, str(row.reference))
    told = {
        **_whole(application.programme, reference, row.decided_on, award.stands),
        **_recipient(application.applicant_kind or "individual", reference, row.recipient),
        "amountAppliedFor": _pounds(row.asked),
        "amountDisbursed": _pounds(paid),
        "fromOpenCall": "Yes",
        **_mission(application.programme, application.mission),
    }
    return _worded(told, row.title, row.reason if row.title else None, named)


def _given_before(award: PastAward, named: list[str]) -> Grant:
    reference = _reference(award.programme, f"before-{award.reference}")
    name = award.organisation if award.kind == "organisation" else None
    told = {
        **_whole(award.programme, reference, award.awarded_on, award.amount),
        **_recipient(award.kind, reference, name or RECIPIENTS[award.kind], award.organisation_id),
        **_mission(award.programme, award.mission),
    }
    if award.place and award.kind != "individual":
        told["beneficiaryLocation"] = [{"name": award.place}]
    return _worded(told, award.title, None, named)


def _whole(programme: Programme, reference: str, day: date, amount: int) -> Grant:
    settings = current_app.extensions["settings"]
    return {
        "id": f"{settings.publisher_prefix}-{reference}",
        "currency": "GBP",
        "amountAwarded": _pounds(amount),
        "awardDate": day.isoformat(),
        "fundingOrganization": [{"id": _funder(settings), "name": settings.organisation}],
        "grantProgramme": [{"code": programme.slug, "title": str(programme.name)}],
        "dataSource": url_for("publishing.grants", panel_slug=programme.panel.slug, _external=True),
    }


def _funder(settings: Settings) -> str:
    return settings.organisation_id or f"{settings.publisher_prefix}-funder"


def _recipient(kind: str, reference: str, name: str, number: str | None = None) -> Grant:
    own = f"{current_app.extensions['settings'].publisher_prefix}-recipient-{reference}"
    if kind != "individual":
        return {"recipientOrganization": [{"id": number or own, "name": name}]}
    return {
        "recipientIndividual": {"id": own, "name": RECIPIENTS[kind]},
        "toIndividualsDetails": {"primaryGrantReason": REASON, "grantPurpose": [PURPOSE]},
    }


def _mission(programme: Programme, code: str | None) -> Grant:
    title = programme.mission_title(code)
    if title is None or code is None:
        return {}
    return {"classifications": [{"vocabulary": "Missions", "code": code, "title": str(title)}]}


def _worded(told: Grant, title: str | None, description: str | None, named: list[str]) -> Grant:
    """Add a title and a description, general ones where the words would tell who somebody is."""
    usual = f"A grant of {told['grantProgramme'][0]['title']}"

    def safe(words: str | None, instead: str) -> str:
        tells = words and (rules.ways_to_reach(words) or any(rules.names(words, n) for n in named))
        return words if words and not tells else instead

    return {
        **told,
        "title": safe(title, GENERIC_TITLE)[:_LONGEST_TITLE],
        "description": safe(description, usual),
    }


def sound(given: Sequence[Grant]) -> list[Grant]:
    """Return the grants without fault, each id once; what others would refuse is not given."""
    once = {grant["id"]: grant for grant in reversed(given) if not list(faults(grant))}
    return list(once.values())[::-1]


def faults(grant: Grant) -> Iterator[str]:
    """Name what the schema lets through and nobody can use, or that nobody may read."""
    person, organisations = grant.get("recipientIndividual"), grant.get("recipientOrganization")
    details = grant.get("toIndividualsDetails", {})
    if not _ID.fullmatch(grant["id"]):
        yield "id"
    if grant["amountAwarded"] <= 0 or grant["currency"] != "GBP":
        yield "amount"
    if date.fromisoformat(grant["awardDate"]) > clock.now().date():
        yield "awardDate"
    if bool(person) == bool(organisations) or (
        person and person["name"] != RECIPIENTS["individual"]
    ):
        yield "recipient"
    if details.get("primaryGrantReason", REASON) not in REASONS or not PURPOSES.issuperset(
        details.get("grantPurpose", ())
    ):
        yield "codes"


def _pounds(pence: int) -> int | float:
    return pence // 100 if pence % 100 == 0 else round(pence / 100, 2)


#: The CSV's columns: the standard's titles, and where in a grant each is.
_COLUMNS: dict[str, tuple[str | int, ...]] = {
    "Identifier": ("id",),
    "Title": ("title",),
    "Description": ("description",),
    "Currency": ("currency",),
    "Amount Applied For": ("amountAppliedFor",),
    "Amount Awarded": ("amountAwarded",),
    "Amount Disbursed": ("amountDisbursed",),
    "Award Date": ("awardDate",),
    "Recipient Org:Identifier": ("recipientOrganization", 0, "id"),
    "Recipient Org:Name": ("recipientOrganization", 0, "name"),
    "Recipient Ind:Identifier": ("recipientIndividual", "id"),
    "Recipient Ind:Name": ("recipientIndividual", "name"),
    "To Individuals Details:Primary Grant Reason": ("toIndividualsDetails", "primaryGrantReason"),
    "To Individuals Details:Grant Purpose": ("toIndividualsDetails", "grantPurpose", 0),
    "Beneficiary Location:Name": ("beneficiaryLocation", 0, "name"),
    "Funding Org:Identifier": ("fundingOrganization", 0, "id"),
    "Funding Org:Name": ("fundingOrganization", 0, "name"),
    "Grant Programme:Code": ("grantProgramme", 0, "code"),
    "Grant Programme:Title": ("grantProgramme", 0, "title"),
    "From An Open Call?": ("fromOpenCall",),
    "Data Source": ("dataSource",),
}


def _cell(grant: Grant, path: tuple[str | int, ...]) -> Any:
    found: Any = grant
    for step in path:
        try:
            found = found[step]
        except (KeyError, IndexError):
            return ""
    return found


def rows(panel: Panel) -> list[dict[str, Any]]:
    """Return the grants as rows under the standard's titles."""
    return [
        {title: _cell(grant, path) for title, path in _COLUMNS.items()}
        for grant in sound(grants(panel))
    ]


THREE_SIXTY = Dataset(
    name="360giving",
    title=_("The grants as 360Giving data"),
    fields=[
        Field(title, "text", "As the 360Giving Data Standard 1.4 describes it")
        for title in _COLUMNS
    ],
    more=[
        Field(name, "document", "As the 360Giving Data Standard 1.4 describes it")
        for name in (
            "version",
            "title",
            "identifier",
            "publisher",
            "license",
            "issued",
            "modified",
            "grants",
        )
    ],
    rows=rows,
    whole=package,
)
