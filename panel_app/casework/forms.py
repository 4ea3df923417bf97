"""The forms of a case: what a member declares, scores and votes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from wtforms import RadioField, TextAreaField

from panel_app.casework import notes, subjects
from panel_app.casework.models import Assessment, Case, Criterion, DecisionVote
from panel_app.casework.rubric import CONFLICTS
from panel_app.core.money import pounds
from panel_app.core.text import _
from panel_app.web.forms import Form, MoneyField, SelectChoice, at_most, chosen, required
from panel_app.web.i18n import said


class ConflictForm(Form):
    """A member's connection with a case; nothing is chosen beforehand."""

    level = RadioField(
        _("Do you have a connection with this?"),
        [chosen()],
        choices=[SelectChoice(level, words) for level, (words, _why) in CONFLICTS.items()],
    )


class VoteForm(Form):
    """What a member thinks should be decided; nothing is chosen beforehand."""

    outcome = RadioField(_("What should we decide?"), [chosen()])

    def named(self) -> dict[str, Any]:
        """Return what `cast_decision_vote` takes of it: the outcome, and pence for a part."""
        return {"outcome": self.outcome.data, "amount": None}


class AmountVoteForm(VoteForm):
    """The same where an outcome gives a part of what is asked."""

    amount = MoneyField(_("How much, in pounds, if you would fund part of it"))

    def named(self) -> dict[str, Any]:
        """Return the outcome with the pence that were typed for it."""
        return {"outcome": self.outcome.data, "amount": self.amount.pence}


def vote_form(case: Case, given: DecisionVote | None = None, *, sent: bool = False) -> VoteForm:
    """Return the form of a case's outcomes, with what the member voted before unless `sent`."""
    outcomes = subjects.of(case).outcomes
    kind = AmountVoteForm if any(o.gives == "part" for o in outcomes) else VoteForm
    form = kind() if sent else kind(formdata=None, data=_voted(given))
    form.outcome.choices = [SelectChoice(o.key, o.words) for o in outcomes]
    return form


def _voted(given: DecisionVote | None) -> dict[str, Any]:
    if given is None:
        return {}
    amount = pounds(given.amount) if given.amount else ""
    return {"outcome": given.outcome, "amount": amount}


class NoteForm(Form):
    """What a member says in discussion."""

    text = TextAreaField(
        _("Your note"),
        [required(_("Write a sentence or two.")), at_most(notes.LONGEST)],
        description=_("A sentence or two that everybody on the panel reads, without your name."),
    )


class AssessmentForm(Form):
    """The base of a scheme's own form: one question a criterion, and a reason."""

    reason = TextAreaField(
        _("One reason, in your own words"), [required(_("Give one reason in your own words."))]
    )

    def given(self) -> dict[str, Any]:
        """Return what `save_assessment` takes: scores by criterion (public id), and reasons."""
        points = {
            name.removeprefix("score-"): int(field.data)
            for name, field in self._fields.items()
            if name.startswith("score-")
        }
        why = self._fields.get("why")
        return {
            "points": points,
            "reason": self.reason.data or "",
            "why": (why.data or "") if why else "",
        }


def assessment_form(case: Case, given: Assessment | None = None, *, why: bool) -> AssessmentForm:
    """Return the form of a case's criteria, filled with what was given before.

    `why` asks what changed it.
    """
    criteria = case.scheme.criteria
    fields: dict[str, Any] = {f"score-{c.public_id}": _score_field(c) for c in criteria}
    if why:
        fields["why"] = TextAreaField(
            _("What changed your mind?"), [required(_("Say what changed your mind."))]
        )
    made: type[AssessmentForm] = type("SchemeForm", (AssessmentForm,), fields)
    return made(data=_given(criteria, given))


def _score_field(criterion: Criterion) -> RadioField:
    levels = range(criterion.top, -1, -1)
    choices = [SelectChoice(str(level), said(criterion.guide[level])) for level in levels]
    return RadioField(said(criterion.question), [chosen()], choices=choices)


def _given(criteria: Sequence[Criterion], given: Assessment | None) -> dict[str, Any]:
    if given is None:
        return {}
    points = {score.criterion_id: str(score.points) for score in given.scores}
    scores = {f"score-{c.public_id}": points.get(c.id) for c in criteria}
    return {**scores, "reason": given.reason}
