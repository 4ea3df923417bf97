"""A question answered by a document, such as a constitution or an estimate."""

from __future__ import annotations

from typing import Any

from markupsafe import Markup

from panel_app.core import documents
from panel_app.core.text import _
from panel_app.questions.kinds.photo import Photo


class Document(Photo):
    """A document, with what it is in words; it is read by whoever downloads it."""

    name = "document"
    title = _("Document (PDF, Word, Excel, OpenDocument)")
    template = "questions/kinds/document.html"
    missing = _("Choose a document.")
    wordless = _("Say in a few words what the document is.")

    def safe(self, data: bytes) -> tuple[bytes, str]:
        """Return a document as it came, and what it is. Raises Refused."""
        return data, documents.media_of(data)

    def words(self, question: Any, answer: Any) -> Any:
        """Return the words, which lead to the document."""
        return Markup('<a href="{}">{}</a>').format(self.shown(answer), answer["text"])
