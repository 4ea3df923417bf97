"""Forms of the ballot box for residents."""

from __future__ import annotations

import re

from werkzeug.datastructures import MultiDict
from wtforms import StringField, ValidationError

from panel_app.balloting import seals
from panel_app.core import ids
from panel_app.core.text import _
from panel_app.web.forms import Form, at_most, required

_WHOLE = re.compile(r"[0-9]{1,7}")


def counter_in(form: MultiDict[str, str]) -> int:
    """Return the counter that a form carries; -1, which no ballot takes, for anything else."""
    typed = form.get("counter", "")
    return int(typed) if _WHOLE.fullmatch(typed) else -1


def _printable(typed: str | None) -> str:
    """Return what was typed without control characters, which no page may show again."""
    return "".join(c for c in typed or "" if c.isprintable())


class OpenReceiptForm(Form):
    """The two codes of a receipt, typed as people type codes."""

    tracker = StringField(_("Receipt code"), [required(), at_most(40)], filters=[_printable])
    nonce = StringField(_("Opening code"), [required(), at_most(80)], filters=[_printable])

    @property
    def tracker_code(self) -> str:
        """The receipt code as it is kept."""
        return ids.normalise_code(self.tracker.data or "")

    @property
    def nonce_code(self) -> str:
        """The opening code as it is hashed."""
        return ids.normalise_code(self.nonce.data or "")

    def validate_tracker(self, field: StringField) -> None:
        """Refuse a code of another length."""
        if len(self.tracker_code) != seals.TRACKER:
            raise ValidationError(_("A receipt code has 10 characters, such as K7M4-2QXT-9B."))

    def validate_nonce(self, field: StringField) -> None:
        """Refuse a code of another length."""
        if len(self.nonce_code) != seals.NONCE:
            raise ValidationError(_("An opening code has 26 characters, in groups of four."))
