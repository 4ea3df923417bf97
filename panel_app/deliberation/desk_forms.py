"""What facilitators set up: the statements to begin with, a poll's options."""

from __future__ import annotations

from typing import Any

from wtforms import BooleanField, TextAreaField, ValidationError

from panel_app.core.text import _
from panel_app.deliberation.services import LONGEST_STATEMENT
from panel_app.sessions.activities import ActivityForm
from panel_app.web.forms import required

MOST_SEEDS = 60
FEWEST_OPTIONS, MOST_OPTIONS = 2, 12


def lines_of(typed: str | None) -> list[str]:
    """Return the lines typed, tidied, each once, without empty ones."""
    tidied = (" ".join(line.replace("\0", "").split()) for line in (typed or "").splitlines())
    return list(dict.fromkeys(line for line in tidied if line))


class StatementsForm(ActivityForm):
    """Settings of a round of statements."""

    seeds = TextAreaField(
        _("Statements to begin with, a line each"),
        description=_("Short sentences that people can agree or disagree with."),
    )
    adding = BooleanField(_("Residents may add their own; you check them first"), default=True)

    def validate_seeds(self, field: TextAreaField) -> None:
        """Refuse too many lines and lines that are too long."""
        _check(lines_of(field.data), fewest=0, most=MOST_SEEDS)

    def settings(self) -> dict[str, Any]:
        """Return the seeds and whether residents may add."""
        return {"seeds": lines_of(self.seeds.data), "adding": bool(self.adding.data)}

    def show(self, settings: dict[str, Any]) -> None:
        """Fill the form."""
        self.seeds.data = "\n".join(settings.get("seeds", []))
        self.adding.data = settings.get("adding", True)


class PollSettingsForm(ActivityForm):
    """Settings of a poll; its question is the title of the part."""

    options = TextAreaField(
        _("Options, a line each"),
        [required()],
        description=_("People choose one. The title of this part is the question."),
    )

    def validate_options(self, field: TextAreaField) -> None:
        """Refuse too few or too many options, and long ones."""
        _check(lines_of(field.data), fewest=FEWEST_OPTIONS, most=MOST_OPTIONS)

    def settings(self) -> dict[str, Any]:
        """Return the options."""
        return {"options": lines_of(self.options.data)}

    def show(self, settings: dict[str, Any]) -> None:
        """Fill the form."""
        self.options.data = "\n".join(settings.get("options", []))


def _check(lines: list[str], *, fewest: int, most: int) -> None:
    if not fewest <= len(lines) <= most:
        raise ValidationError(_("Write %(fewest)s to %(most)s lines.", fewest=fewest, most=most))
    for number, line in enumerate(lines, start=1):
        if len(line) > LONGEST_STATEMENT:
            raise ValidationError(
                _(
                    "Line %(number)s is too long: write at most %(most)s characters.",
                    number=number,
                    most=LONGEST_STATEMENT,
                )
            )
