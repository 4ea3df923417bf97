"""How cases are scored and decided: making a scheme."""

from __future__ import annotations

from panel_app.casework.models import Criterion, Scheme
from panel_app.core import errors
from panel_app.core.db import db
from panel_app.core.text import _
from panel_app.core.translated import Translated
from panel_app.panels.models import Panel


def create_scheme(*, panel: Panel, quorum: int, questions: list[Translated]) -> Scheme:
    """Make a scheme whose criteria are `questions`, each scored from 0 to 5.

    Raises Refused where the quorum is not positive, passes the panel's size, or nothing is asked.
    """
    if not 0 < quorum <= panel.size:
        raise errors.Refused(
            _("Choose a number from 1 to the size of the panel, %(size)d.", size=panel.size),
            field="quorum",
        )
    if not questions:
        raise errors.Refused(_("Write at least one thing to score."), field="questions")
    scheme = Scheme(panel_id=panel.id, quorum=quorum)
    scheme.criteria = [Criterion(position=n, question=q) for n, q in enumerate(questions, 1)]
    db.session.add(scheme)
    db.session.flush()
    return scheme


def reword_scheme(*, scheme: Scheme, questions: list[Translated]) -> None:
    """Put the scheme's criteria in other words, one for each in order."""
    for criterion, question in zip(scheme.criteria, questions, strict=True):
        criterion.question = question
    db.session.flush()
