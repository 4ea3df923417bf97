"""The form for a template's words in one language."""

from __future__ import annotations

from wtforms import StringField, TextAreaField

from panel_app.core.text import _
from panel_app.outbox.templates import Words
from panel_app.web.forms import Form, at_most


class WordingForm(Form):
    """What a message says; all left empty brings back the words that come with the product."""

    subject = StringField(_("Subject"), [at_most(200)])
    body = TextAreaField(_("E-mail or letter"), [at_most(5_000)], render_kw={"rows": 14})
    short = TextAreaField(_("Text message"), [at_most(600)], render_kw={"rows": 3})

    def words(self) -> Words:
        """Return what was typed."""
        return Words(self.subject.data or "", self.body.data or "", self.short.data or "")
