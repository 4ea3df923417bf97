"""What came of a grant: told on a phone, looked at on the desk, shown as far as was agreed to."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import date, timedelta
from typing import Any

from sqlalchemy import ColumnElement, select

from panel_app.core import audit, clock, crypto, errors, pictures
from panel_app.core.db import db, found, locked, one
from panel_app.core.text import _
from panel_app.core.typed import one_line
from panel_app.grants import rules
from panel_app.grants.models import Application, Award
from panel_app.grants.report_models import Report
from panel_app.questions import asking, photos
from panel_app.questions.models import Photo
from panel_app.questions.question import Answer, Answers, Question
from panel_app.web.i18n import in_every_language

#: How long after the last payment it is to be told what came of a grant.
DUE_AFTER = timedelta(days=180)
MOST_PEOPLE = 100_000
LONGEST = 1_000
#: In pixels a side, of a photo that everybody sees.
SMALL = 480
PHOTOS = ("photo1", "photo2", "photo3")
#: Why nothing can be told of a grant.
_NOT_YET = _(
    "You tell us what came of it once all of the grant is paid. There is nothing to do now."
)
WHY_NOT: dict[str, Any] = {
    "offered": _NOT_YET,
    "accepted": _NOT_YET,
    "paying": _NOT_YET,
    "closed": _("This grant is closed, so there is nothing to tell any more."),
    "annulled": _("The decision on this grant was annulled, so there is nothing to tell."),
    "cancelled": _("This grant was cancelled, so there is nothing to tell."),
    "returned": _("The money of this grant came back, so there is nothing to tell."),
}


def questions() -> tuple[Question, ...]:
    """Return what everybody who got a grant is asked; the photos may be left out."""
    few = _("A few sentences are enough: at most 1,000 characters. Write in any language.")
    return (
        _question("people", "number", _("How many people took part or gained by it?"), low=0,
                  high=MOST_PEOPLE, help=_("A good guess is enough.")),
        _question("changed", "text", _("What changed?"), help=few, high=LONGEST),
        _question("differently", "text", _("What would you do differently?"), help=few,
                  high=LONGEST, required=False),
        *map(_photo, PHOTOS),
    )  # fmt: skip


def pages() -> dict[str, list[Question]]:
    """Return the questions page by page, by the code of the page's first."""
    return {page[0].code: page for page in asking.pages(questions())}


def about(award: Award) -> str:
    """Return whose the photos of a report are."""
    return f"report:{award.public_id}"


def ask(award: Award) -> None:
    """Turn to what came of an award whose money is paid."""
    award.state = "reporting"
    award.report_due_on = clock.now().date() + DUE_AFTER


def check_wanted(award: Award) -> None:
    """Refuse a report on a grant that wants none now. Raises Conflict with the reason."""
    if award.state != "reporting":
        raise errors.Conflict(WHY_NOT[award.state])
    if award.report and award.report.sent_at:
        raise errors.Conflict(_("You told us already what came of it. Thank you."))


def answers(award: Award) -> dict[str, Any]:
    """Return what was told so far, by question."""
    if award.report is None:
        return {}
    return crypto.unseal(award.report.content, award.application.person_key)


def save(*, award: Award, question: str, given: Answers) -> dict[str, Any]:
    """Keep what was typed on a page, right or wrong; return its faults by question.

    Raises Conflict where no report is wanted, NotFound for a question that has no page.
    """
    check_wanted(locked(award))
    page = found(pages().get(question))
    own = photos.only_own(about=about(award), questions=page, answers=given)
    after = {**answers(award), **{each.code: own.get(each.code, "") for each in page}}
    photos.keep_named(about=about(award), answers=after)
    _keep(award, after)
    return asking.faults(page, after)


def faults(award: Award) -> dict[str, Any]:
    """Return what is wrong with a report, or missing, by question."""
    return asking.faults(questions(), answers(award))


def send(*, award: Award, agreed: Collection[str]) -> None:
    """Send a report, with what everybody may see of it.

    Raises Conflict where no report is wanted, Refused where an answer is missing or wrong.
    """
    check_wanted(locked(award))
    for code, fault in faults(award).items():
        raise errors.Refused(fault, field=code)
    report = found(award.report)
    report.sent_at = clock.now()
    report.agreed = _answered(award, agreed)
    db.session.flush()
    _record("report.sent", award, "applicant", agreed=len(report.agreed))


def agree(*, award: Award, agreed: Collection[str]) -> None:
    """Change what everybody may see of a report that was sent; what is taken back goes at once.

    Raises NotFound before it was sent.
    """
    locked(award)
    report = _sent(award)
    report.agreed = _answered(award, agreed)
    _forget_small(report, but=report.agreed)
    db.session.flush()
    _record("report.agreed", award, "applicant", agreed=len(report.agreed))


def show(*, award: Award, codes: Collection[str], actor: str) -> None:
    """Show everybody what somebody on the desk looked at, and no more than was agreed to.

    Raises NotFound before the report was sent.
    """
    locked(award)
    report, kept = _sent(award), answers(award)
    report.looked_at = {
        code: report.looked_at.get(code) or _small(award, kept[code]) if code in PHOTOS else ""
        for code in report.agreed
        if code in codes
    }
    report.shown_at = clock.now()
    _forget_small(report, but=report.looked_at)
    db.session.flush()
    _record("report.shown", award, actor, shown=len(report.looked_at))


def told_everybody(award: Award) -> Iterator[tuple[Question, Answer]]:
    """Return what everybody sees of a report; its photos are small copies."""
    report = award.report
    public, kept = report.public if report else [], answers(award)
    for question in questions():
        if report and question.code in public:
            answer = kept.get(question.code, "")
            if question.code in PHOTOS:
                answer = {**answer, "photo": report.looked_at[question.code]}
            yield question, answer


def telling(award: Award, answer: Answer) -> list[str]:
    """Return the words of an answer that may tell who somebody is, for a person to look at."""
    words = answer.get("text", "") if isinstance(answer, dict) else str(answer)
    who = award.application.answers
    marked = rules.telling_words(words, str(who.get("name", "")))
    contact = one_line(str(who.get("contact", "")))
    return [*marked, *([contact] if rules.names(words, contact) else [])]


def forget(application: Application) -> None:
    """Delete what an applicant told, with its photos; the award's accounts stay."""
    for award in db.session.scalars(select(Award).where(Award.application_id == application.id)):
        photos.forget(about(award))
        if award.report:
            _forget_small(award.report)
            db.session.delete(award.report)


def waiting() -> ColumnElement[bool]:
    """Return the condition that an award's report is asked for and not sent."""
    sent = select(Report.award_id).where(Report.sent_at.is_not(None))
    return (Award.state == "reporting") & Award.id.not_in(sent)


def overdue(today: date) -> ColumnElement[bool]:
    """Return the condition that an award's report is late."""
    return waiting() & (Award.report_due_on < today)


def to_look_at() -> ColumnElement[bool]:
    """Return the condition that a report was sent and nobody on the desk looked at it."""
    unseen = Report.sent_at.is_not(None) & Report.shown_at.is_(None)
    return Award.id.in_(select(Report.award_id).where(unseen))


def is_overdue(award: Award) -> bool:
    """Whether an award's report is late."""
    asked = award.state == "reporting" and not (award.report and award.report.sent_at)
    return asked and award.report_due_on is not None and award.report_due_on < clock.now().date()


def _keep(award: Award, after: dict[str, Any]) -> None:
    sealed = crypto.seal(after, award.application.person_key)
    if award.report is None:
        award.report = Report(content=sealed)
    award.report.content = sealed
    db.session.flush()


def _sent(award: Award) -> Report:
    return found(award.report if award.report and award.report.sent_at else None)


def _answered(award: Award, codes: Collection[str]) -> list[str]:
    kept = answers(award)
    return [each.code for each in questions() if each.code in codes and kept.get(each.code)]


def _small(award: Award, answer: Any) -> str:
    """Keep a small copy of a photo and return its name."""
    photo = one(select(Photo).where(Photo.public_id == answer["photo"]))
    small = pictures.made_safe(photos.opened(photo), longest=SMALL)
    return photos.keep_safe(f"{about(award)}:small", small)


def _forget_small(report: Report, but: Collection[str] = ()) -> None:
    """Delete the small copies of photos that everybody sees no more."""
    kept = {code: name for code, name in report.looked_at.items() if code in but}
    report.looked_at = kept
    award = db.session.get_one(Award, report.award_id)
    photos.forget(f"{about(award)}:small", but=[name for name in kept.values() if name])


def _question(code: str, kind: str, wording: Any, *, help: Any, **more: Any) -> Question:
    return Question(
        code=code,
        kind=kind,
        wording=in_every_language(wording),
        help=in_every_language(help),
        **more,
    )


def _photo(code: str) -> Question:
    wording = _("A photo of it") if code == PHOTOS[0] else _("One more photo")
    help = _("You may leave it out. Ask whoever is in it whether it may be shown.")
    return _question(code, "photo", wording, help=help, required=False)


def _record(action: str, award: Award, actor: str, **details: int) -> None:
    audit.record(action, actor=actor, subject=f"award:{award.public_id}", **details)
