"""What facilitators set up: whether a person looks at everything first."""

from __future__ import annotations

from typing import get_args

from wtforms import BooleanField

from panel_app.core.text import _
from panel_app.deliberation.contributions.models import Reason
from panel_app.deliberation.contributions.services import LONGEST
from panel_app.deliberation.desk.forms import DecisionForm as Decision
from panel_app.sessions.activities import ActivityForm
from panel_app.web.desk.texts import Text, TextsForm

_MODERATED = _("You look at each before others see it")
_DOUBT = _("What may hurt, name somebody or say where they live waits for you in any case.")


class QuestionsForm(ActivityForm):
    """Settings of questions from the room."""

    moderated = BooleanField(_MODERATED, default=True, description=_DOUBT)


class IdeasForm(ActivityForm):
    """Settings of ideas from the room."""

    moderated = BooleanField(_MODERATED, default=False, description=_DOUBT)


class TranslationForm(TextsForm):
    """A question or an idea in other languages."""

    texts = (Text("wording", _("Question or idea"), LONGEST, needed=False),)


class DecisionForm(Decision):
    """What a facilitator decides about a question or an idea."""

    reasons = get_args(Reason)
