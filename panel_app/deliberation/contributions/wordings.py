"""Questions and ideas corrected or taken back by their authors, translated on the desk."""

from __future__ import annotations

from panel_app.core.db import db, locked
from panel_app.core.errors import Conflict, Refused
from panel_app.core.text import _
from panel_app.core.translated import Translated
from panel_app.deliberation.contributions import queries, services
from panel_app.deliberation.contributions.models import Contribution
from panel_app.live import versions
from panel_app.sessions.services import must_take_answers


def correct_own(*, contribution: Contribution, text: str, language: str) -> Contribution:
    """Put another wording in place of one's own, which is returned and looked at as if new.

    Whoever pressed for the wording before by then is told to read again. Raises Conflict where
    the part is closed, or somebody else wants it, it was taken up or joined; Refused where the
    same is written already.
    """
    wording = Translated.of(language, **{language: text})
    waits = services.must_wait(contribution.item, wording)
    item = services.hold(contribution)
    must_take_answers(item)
    if wording == contribution.wording:
        return contribution
    if not may_correct(contribution):
        raise Conflict(_("Others want it as it was written, or it was taken up: it stays so."))
    if services.same(item, text) not in {None, contribution}:
        raise Refused(_("Somebody has written the same: press for that one."), field="text")
    waits = waits or contribution.state == "rejected"
    contribution.wording, contribution.revision = wording, contribution.revision + 1
    contribution.state, contribution.reason = "pending" if waits else "accepted", None
    contribution.on_wall = contribution.shortlisted = False
    db.session.flush()
    versions.bump(item.session.topic)
    return contribution


def may_correct(contribution: Contribution) -> bool:
    """Whether nobody but its author has anything to do with it yet."""
    untouched = contribution.state != "joined" and contribution.answered_at is None
    return untouched and not queries.others_want(contribution)


def withdraw(*, contribution: Contribution) -> None:
    """Take one's own back, whoever wants it: no word of it is kept; done twice it is done once.

    Whoever wants one that it was joined with still does. Raises Conflict once it was taken up.
    """
    item = locked(contribution.item)
    locked(contribution)
    if contribution.answered_at is not None:
        raise Conflict(_("It was taken up in the room: it stays in the record."))
    services.empty(contribution, "withdrawn")
    db.session.flush()
    versions.bump(item.session.topic)


def translate(*, contribution: Contribution, wording: Translated, actor: str) -> None:
    """Add translations, or change them.

    Raises Conflict where the original would change: people pressed for what they read.
    """
    services.hold(contribution)
    before = contribution.wording
    if (wording.original, str(wording)) != (before.original, str(before)):
        raise Conflict(_("What was written stays as it is: only translations are added."))
    contribution.wording = wording
    services.note("translated", contribution, actor)
