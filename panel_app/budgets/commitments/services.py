"""What can be done to commitments: offer, change, take out, and say how they stand."""

from __future__ import annotations

from dataclasses import dataclass

from panel_app.budgets.models import (
    Commitment,
    CommitmentKind,
    CommitmentState,
    CommitmentStep,
    Project,
)
from panel_app.budgets.queries import voted
from panel_app.core import audit
from panel_app.core.db import db, locked
from panel_app.core.errors import Conflict, Refused
from panel_app.core.text import _
from panel_app.core.translated import Translated

_FROZEN = _("A ballot with it has opened: it stays as people voted on it.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """What somebody takes on: hours, money (in pence), a room or a thing."""

    kind: CommitmentKind
    what: Translated
    who: Translated
    hours: int | None = None
    pence: int | None = None


def offer(*, project: Project, offer: Offer, actor: str) -> Commitment:
    """Write down what somebody offers to do for a project.

    Raises Refused where a number of hours or an amount is missing, Conflict once a ballot with the
    project has opened.
    """
    _check(offer)
    locked(project.pot)
    _check_unvoted(project)
    made = Commitment(project=project, **_facts(offer), state="offered")
    made.steps.append(CommitmentStep(state="offered"))
    db.session.add(made)
    db.session.flush()
    _record("commitment.offered", made, actor)
    return made


def change(*, commitment: Commitment, offer: Offer, actor: str) -> None:
    """Change what somebody takes on. Raises as `offer` does."""
    _check(offer)
    _check_unvoted(locked(commitment).project)
    for name, value in _facts(offer).items():
        setattr(commitment, name, value)
    db.session.flush()
    _record("commitment.changed", commitment, actor)


def take_out(*, commitment: Commitment, actor: str) -> None:
    """Take out what nobody has voted on yet. Raises Conflict once a ballot has opened."""
    project = locked(commitment).project
    _check_unvoted(project)
    _record("commitment.taken_out", commitment, actor)
    project.commitments.remove(commitment)
    db.session.flush()


def move(
    *, commitment: Commitment, state: CommitmentState, words: Translated, actor: str
) -> CommitmentStep:
    """Say how a commitment stands now, and why; every step is kept, and everybody reads it.

    Raises Refused without a word, Conflict where it stands so already.
    """
    if not str(words):
        raise Refused(_("Write a word about it: everybody reads it."), field="words_en")
    if locked(commitment).state == state:
        raise Conflict(_("It stands so already."))
    commitment.state = state
    step = CommitmentStep(state=state, words=words)
    commitment.steps.append(step)
    db.session.flush()
    _record("commitment.moved", commitment, actor)
    return step


def _facts(offer: Offer) -> dict[str, object]:
    return {
        "kind": offer.kind,
        "what": offer.what,
        "who": offer.who,
        "hours": offer.hours if offer.kind == "hours" else None,
        "pence": offer.pence if offer.kind == "money" else None,
    }


def _check(offer: Offer) -> None:
    if offer.kind == "hours" and not (offer.hours and offer.hours > 0):
        raise Refused(_("Say how many hours, more than none."), field="hours")
    if offer.kind == "money" and not (offer.pence and offer.pence > 0):
        raise Refused(_("Say how much money, more than nothing."), field="pence")


def _check_unvoted(project: Project) -> None:
    if voted(project):
        raise Conflict(_FROZEN)


def _record(action: str, commitment: Commitment, actor: str) -> None:
    audit.record(
        action,
        actor=actor,
        subject=f"pot:{commitment.project.pot.public_id}",
        project=commitment.project.public_id,
        commitment=commitment.public_id,
        kind=commitment.kind,
        state=commitment.state,
    )
