"""What grants hold about an applicant, and how that goes."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from sqlalchemy import delete, or_, select

from panel_app.core import ids
from panel_app.core.db import db
from panel_app.core.holdings import (
    ERASED,
    Found,
    Held,
    Holder,
    NobodyIn,
    Place,
    Sought,
    Who,
    sealed_ids,
)
from panel_app.core.text import _
from panel_app.grants import awards, bank, letters, live_item, questionnaire, reports, services
from panel_app.grants.models import ApplicantLink, Application, Award


def find(sought: Sought) -> Iterator[Found]:
    """Find applications by their number, or by any answer: name, contact, title."""
    number = int(sought.words) if sought.words.isdecimal() and len(sought.words) < 9 else None
    which = sealed_ids(Application, sought)
    if number is not None:
        which = or_(Application.reference == number, which)
    for application in db.session.scalars(select(Application).where(which)):
        if application.reference == number is not None or sought.within(
            application.answers.values()
        ):
            yield Found(_ref(application), _label(application))


def called(public_id: str) -> Iterator[str]:
    """Name the application with this identifier."""
    if db.session.scalar(select(Application.id).where(Application.public_id == public_id)):
        yield f"application:{public_id}"


def linked(who: Who) -> Iterator[str]:
    """Name the panel's case of an application."""
    return (f"case:{a.case.public_id}" for a in _applications(who) if a.case)


def tell(who: Who) -> Iterator[Held]:
    """Tell every answer, the contact, and what was decided."""
    for application in _applications(who):
        decision = application.decision
        yield Held(
            _label(application),
            [
                (_("State"), application.state),
                *_written(application),
                (_("Decision"), decision.outcome if decision else ""),
                *_award_of(application),
            ],
        )


def erase(who: Who, actor: str) -> None:
    """Erase what an applicant wrote and was told; one that is undecided is taken back.

    The accounts of an award stay: number, mission, amounts, dates, outcome.
    """
    for application in _applications(who):
        if application.state in {"draft", "submitted"}:
            services.withdraw_application(application=application)
        if db.session.get(Application, application.id) is None:
            continue
        letters.forget(application)
        application.person_key, application.sealed = b"", b""
        application.token_digest, application.contact_index = ids.digest(ids.token()), None
        mine = ApplicantLink.application_id == application.id
        db.session.execute(delete(ApplicantLink).where(mine))
        for award in db.session.scalars(
            select(Award).where(Award.application_id == application.id)
        ):
            bank.forget(award)
        reports.forget(application)
        application.ties = []
        live_item.retell(application, title=ERASED, reason=ERASED)
        if not _awarded(application):
            application.mission = application.applicant_kind = None
    db.session.flush()


def stays(who: Who) -> Iterator[Any]:
    """Say what the accounts of an award keep."""
    if any(_awarded(application) for application in _applications(who)):
        yield _(
            "The accounts of the award: its number, the mission, what was asked and given, the"
            " dates and the outcome, without a name."
        )


def _applications(who: Who) -> list[Application]:
    mine = Application.public_id.in_(who.ids("application"))
    return list(db.session.scalars(select(Application).where(mine)))


def _awarded(application: Application) -> bool:
    query = select(Award.id).where(Award.application_id == application.id)
    return db.session.scalar(query) is not None


def _award_of(application: Application) -> Iterator[tuple[Any, str]]:
    """Return what was agreed about an award, and the end of its account."""
    award = awards.standing_award(application)
    if award is not None:
        yield _("The grant"), award.state
        if award.accepted_at:
            yield _("Accepted on"), award.accepted_at.isoformat()
        if bank.last_two(award):
            yield _("The account’s last two digits"), bank.last_two(award)
        wordings = {one.code: str(one.wording) for one in reports.questions()}
        for code, answer in reports.answers(award).items():
            yield wordings[code], _plain(answer)


def _written(application: Application) -> Iterator[tuple[Any, str]]:
    """Return every answer that is kept, also to what wasn't asked in the end."""
    wordings = {one.code: str(one.wording) for one in questionnaire.questions_of(application)}
    for code, answer in application.answers.items():
        yield wordings.get(code, code), _plain(answer)


def _plain(answer: Any) -> str:
    return answer if isinstance(answer, str) else json.dumps(answer, ensure_ascii=False)


def _ref(application: Application) -> str:
    return f"application:{application.public_id}"


def _label(application: Application) -> Any:
    if application.reference is None:
        return _("A draft for %(programme)s", programme=str(application.programme.name))
    return _(
        "Application number %(number)d to %(programme)s",
        number=application.reference,
        programme=str(application.programme.name),
    )


HOLDER = Holder(
    name="applications",
    places=[
        Place(
            what="Applicants' answers and contacts",
            columns=["application.sealed", "application.person_key"],
            seen_by="the panel (answers), organisers (contact)",
            goes="the row's key and what it sealed are emptied; a draft is deleted",
        ),
        Place(
            what="An application beside its answers: number, hashes of links and contact, sum",
            columns=[
                "application.token_digest",
                "application.contact_index",
                "applicant_link",
                "application.applicant_kind",
                "application.mission",
                "application.asks",
                "application.reference",
                "application.language",
                "application.submitted_at",
                "application.state",
                "application.version_id",
                "application.ties",
            ],
            seen_by="the panel; once decided, anyone who may read the register",
            goes="the links stop working, the contact's hash goes; kind and mission are emptied,"
            " but for an award; number, amount and dates stay, as accounts of the round",
        ),
        Place(
            what="Bank details of an award, sealed under a key of their own",
            columns=["bank_details"],
            seen_by="a payer, once; the last two digits whoever works on the panel",
            goes="are deleted; by themselves three months after the last payment",
        ),
        Place(
            what="What was checked before an award is paid, on what evidence, and by whom",
            columns=["award_check"],
            seen_by="organisers (evidence), whoever works on the panel",
            goes="the evidence opens no longer; what was checked, when and by whom stays",
        ),
        Place(
            what="Payments: amounts, dates, who drafted and who released them",
            columns=["payment"],
            seen_by="whoever works on the panel",
            goes="stay, as accounts",
        ),
        Place(
            what="Appeals: what was said against a decision, the answer, and who answered",
            columns=["appeal"],
            seen_by="organisers",
            goes="the words open no longer; that there was one and what came of it stays",
        ),
        Place(
            what="What came of a grant, in words and photos, and what of it everyone may see",
            columns=["award_report"],
            seen_by="organisers; anyone, as far as the applicant agreed and an organiser looked",
            goes="is deleted with its photos; what is taken back is shown no more at once",
        ),
        Place(
            what="Awards",
            columns=["award"],
            seen_by="anyone who may read the register",
            goes="stay, as accounts",
        ),
    ],
    find=find,
    called=called,
    linked=linked,
    tell=tell,
    erase=erase,
    stays=stays,
    sealed=Application,
)
NOBODY = NobodyIn(
    {
        "programme": "what a panel gives grants for",
        "round": "dates and money of a round",
        "past_award": "what was given before, and to which organisations; of residents no word",
        "application.programme_id": "what it is for",
        "application.round_id": "when it is decided",
        "application.case_id": "which case the panel sees, where it is held",
    }
)
