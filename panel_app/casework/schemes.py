"""How cases are scored and decided: schemes, their versions, and the moment that fixes them.

A scheme is fixed with the first score or the first vote. A change after that is a new version:
what is undecided moves to it, and the scores and votes given under the old one count no longer.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Select, func, select

from panel_app.casework import services
from panel_app.casework.models import Assessment, Case, Criterion, DecisionVote, Scheme
from panel_app.core import audit, errors
from panel_app.core.db import db, locked
from panel_app.core.text import _
from panel_app.core.translated import Translated
from panel_app.panels.models import Panel
from panel_app.panels.services import must_have_seats

WHOLE = 100
#: How many words a guide may have: a scale from 0 to one less.
LEVELS = range(2, 12)


@dataclass(frozen=True, slots=True, kw_only=True)
class Scored:
    """One thing to score, with words for each score, lowest first."""

    question: Translated
    guide: Sequence[Translated]
    #: In per cent; those of a scheme sum to 100.
    weight: int
    #: What its average must reach, if anything.
    least: int | None = None


def evenly(questions: Sequence[Translated], guide: Sequence[Translated]) -> list[Scored]:
    """Return questions of equal weights, as far as whole per cents allow, and one guide."""
    each, more = divmod(WHOLE, len(questions) or 1)
    return [
        Scored(question=question, guide=guide, weight=each + (place < more))
        for place, question in enumerate(questions)
    ]


def create_scheme(
    *, panel: Panel, kind: str, quorum: int, criteria: Sequence[Scored], scorers: str = "members"
) -> Scheme:
    """Make the first version of a scheme for cases of one kind.

    Raises Refused where the quorum is not positive or passes the panel's size, nothing is asked,
    or the weights don't sum to 100; Conflict where nobody has a seat.
    """
    must_have_seats(panel)
    _check(panel, quorum, criteria)
    scheme = Scheme(panel_id=panel.id, kind=kind, quorum=quorum, scorers=scorers)
    scheme.criteria = _rows(criteria)
    db.session.add(scheme)
    db.session.flush()
    return scheme


def current(scheme: Scheme) -> Scheme:
    """Return the newest version of a scheme."""
    query = select(Scheme).where(Scheme.series == scheme.series)
    return db.session.scalars(query.order_by(Scheme.version.desc())).first() or scheme


@dataclass(frozen=True, slots=True)
class Voids:
    """What a new version would void: scores of how many cases, and votes on how many."""

    scores: int
    cases: int
    votes: int


def voids(scheme: Scheme) -> Voids:
    """Return what a change of the scheme would void now."""
    undecided = _undecided(scheme)
    scores, cases = db.session.execute(
        select(func.count(), func.count(Assessment.case_id.distinct())).where(
            Assessment.case_id.in_(undecided), Assessment.scheme_id == scheme.id
        )
    ).one()
    votes = select(func.count(DecisionVote.case_id.distinct()))
    return Voids(
        scores, cases, db.session.scalar(votes.where(DecisionVote.case_id.in_(undecided))) or 0
    )


def revise(
    *, scheme: Scheme, quorum: int, scorers: str, criteria: Sequence[Scored], actor: str
) -> Scheme:
    """Change a scheme; one that is fixed gets a new version, which is returned.

    What is undecided moves to the new version without its scores and votes. Raises Refused as
    `create_scheme`, Conflict for an older version or while a vote is open.
    """
    _check(scheme.panel, quorum, criteria)
    locked(scheme.panel)
    if current(locked(scheme)).id != scheme.id:
        raise errors.Conflict(_("Somebody changed this meanwhile: look at it again."))
    moving, lost, changed = _hold(scheme), voids(scheme), scheme
    if scheme.frozen_at:
        changed = Scheme(
            panel_id=scheme.panel_id,
            kind=scheme.kind,
            series=scheme.series,
            version=scheme.version + 1,
        )
        db.session.add(changed)
    changed.quorum, changed.scorers, changed.criteria = quorum, scorers, []
    db.session.flush()
    changed.criteria = _rows(criteria)
    db.session.flush()
    if changed is not scheme:
        _move(moving, changed)
    audit.record(
        "scheme.revised",
        actor=actor,
        subject=f"scheme:{changed.public_id}",
        version=changed.version,
        weights=[criterion.weight for criterion in criteria],
        voided_scores=lost.scores,
        voided_votes=lost.votes,
    )
    for case in moving:
        services.tell(case)
    return changed


def reword_scheme(*, scheme: Scheme, questions: list[Translated]) -> None:
    """Put the scheme's criteria in other words, one for each in order.

    Raises Conflict for another wording in the original language once the scheme is fixed.
    """
    for criterion, question in zip(scheme.criteria, questions, strict=True):
        if scheme.frozen_at and str(question) != str(criterion.question):
            raise errors.Conflict(
                _(
                    "Scores were given for these questions, so only translations can change here."
                    " Change how it is scored instead: that makes a new version."
                ),
                field="criteria_en",
            )
        criterion.question = question
    db.session.flush()


def _rows(criteria: Sequence[Scored]) -> list[Criterion]:
    return [
        Criterion(
            position=place,
            question=scored.question,
            guide=list(scored.guide),
            weight=scored.weight,
            least=scored.least,
        )
        for place, scored in enumerate(criteria, 1)
    ]


def _undecided(scheme: Scheme) -> Select[int]:
    return select(Case.id).where(Case.scheme_id == scheme.id, Case.state.in_(("open", "deferred")))


def _hold(scheme: Scheme) -> list[Case]:
    """Return the undecided cases, held. Raises Conflict where a vote on one is open."""
    query = select(Case).where(Case.id.in_(_undecided(scheme))).order_by(Case.id).with_for_update()
    cases = list(db.session.scalars(query.execution_options(populate_existing=True)))
    if any(case.voting for case in cases):
        raise errors.Conflict(_("A vote is open. Close it first."))
    return cases


def _move(cases: Sequence[Case], new: Scheme) -> None:
    """Put cases under the new version; their votes go."""
    for case in cases:
        case.scheme, case.told = new, False
        services.adjourn(case=case)


def _check(panel: Panel, quorum: int, criteria: Sequence[Scored]) -> None:
    if not 0 < quorum <= panel.size:
        raise errors.Refused(
            _("Choose a number from 1 to the size of the panel, %(size)d.", size=panel.size),
            field="quorum",
        )
    if not criteria:
        raise errors.Refused(_("Write at least one thing to score."), field="questions")
    for scored in criteria:
        if len(scored.guide) not in LEVELS:
            raise errors.Refused(_("Give words for two to eleven scores, a line each."))
        if scored.least is not None and not 0 <= scored.least < len(scored.guide):
            raise errors.Refused(_("A minimum is one of the scores."))
        if scored.weight < 1:
            raise errors.Refused(_("Every question needs a weight of 1 or more."))
    total = sum(scored.weight for scored in criteria)
    if total != WHOLE:
        raise errors.Refused(
            _("The weights must sum to 100; together they are %(sum)d.", sum=total)
        )
