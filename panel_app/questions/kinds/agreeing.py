"""Questions that ask how far people go along: by gradients, by fingers, and whether to move on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from markupsafe import Markup

from panel_app.core.text import _, gettext
from panel_app.questions.kinds.choices import OneOf
from panel_app.questions.kinds.scale import Scale
from panel_app.questions.question import Question
from panel_app.questions.summaries import Summary
from panel_app.web.i18n import number

#: Who shows fewer fingers has something to say that the others should hear.
ENOUGH = 3


class Gradients(OneOf):
    """Consent by gradients, from full support to an objection (after Kaner, 1996)."""

    name = "gradients"
    title = _("Consent by gradients")
    options = (0, 0)

    def choices(self, question: Question) -> list[tuple[str, Any]]:
        """Return the gradients, the warmest first."""
        return [
            ("support", gettext("I support it fully")),
            ("mostly", gettext("I support it, with small doubts")),
            ("live", gettext("I can live with it")),
            ("doubts", gettext("I have serious doubts")),
            ("object", gettext("I object")),
        ]


class FistToFive(Scale):
    """Nought to five fingers; agreed is what nobody shows fewer than three for."""

    name = "fist"
    title = _("Fist to five: is nobody below 3?")
    options = (0, 0)
    low = None
    high = None

    def choices(self, question: Question) -> list[tuple[str, Any]]:
        """Return the fingers with what they mean."""
        meant = [
            gettext("I block it"),
            gettext("I have big doubts"),
            gettext("I have small doubts"),
            gettext("I can live with it"),
            gettext("I like it"),
            gettext("I lead it"),
        ]
        return [
            (str(step), Markup("{} {}").format(number(step), words))
            for step, words in enumerate(meant)
        ]

    def summarise(self, question: Question, answers: Sequence[Any]) -> Summary:
        """Count each, and say whether nobody is below three."""
        counted = super().summarise(question, answers)
        if counted.answers is None:
            return counted
        below = any(int(answer) < ENOUGH for answer in answers)
        name = "some_below" if below else "none_below"
        return replace(counted, figures={name: ENOUGH, **counted.figures})


class Ready(OneOf):
    """Whether people are ready to move on."""

    name = "ready"
    title = _("Ready to move on?")
    options = (0, 0)

    def choices(self, question: Question) -> list[tuple[str, Any]]:
        """Return the two answers."""
        return [("ready", gettext("Ready to move on")), ("time", gettext("A little more time"))]
