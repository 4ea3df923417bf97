"""The form for a typed code."""

from __future__ import annotations

from wtforms import StringField

from panel_app.core.text import _
from panel_app.web.forms import Form, at_most, required


class CodeForm(Form):
    """The code on a letter, for phones without a camera."""

    code = StringField(
        _("Code"),
        [required(_("Type the code on your letter.")), at_most(60)],
        render_kw={
            "class": "code",
            "autocomplete": "one-time-code",
            "autocapitalize": "characters",
            "spellcheck": "false",
            "dir": "ltr",
        },
    )
