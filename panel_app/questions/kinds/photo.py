"""A question answered by a photo."""

from __future__ import annotations

import re
from typing import Any

from markupsafe import Markup

from panel_app.core.text import _
from panel_app.core.typed import one_line
from panel_app.questions.kinds.kind import Kind, Typed, too_long
from panel_app.questions.question import Answer, Question

LONGEST_WORDS = 200
_ID = re.compile(r"[0-9a-z]{12}")


class Photo(Kind):
    """A photo, with what it shows in words for whoever can't see it."""

    name = "photo"
    title = _("Photo")
    template = "questions/kinds/photo.html"
    uploads = True
    tells_who = True

    def kept(self, question: Question, typed: Typed) -> Answer:
        """Keep which photo it is, and the words; the file itself is kept by `photos.received`."""
        parts = {"photo": typed.part("photo"), "text": one_line(typed.part("text"))}
        return {part: value for part, value in parts.items() if value}

    def fault(self, question: Question, answer: Any) -> Any | None:
        """Refuse words without a photo, and a photo without words."""
        if not set(answer) <= {"photo", "text"} or not _ID.fullmatch(answer.get("photo", "")):
            return _("Choose a photo.")
        if not answer.get("text"):
            return _("Say in a few words what the photo shows.")
        return too_long(answer["text"], LONGEST_WORDS)

    def words(self, question: Question, answer: Any) -> Any:
        """Return the photo with its words."""
        picture = Markup('<img class="photo" src="{}" alt="{}">')
        return picture.format(self.shown(answer), answer["text"])

    def shown(self, answer: Any) -> str | None:
        """Return where the photo of an answer is shown, right or not; None without one."""
        from panel_app.questions import photos

        named = answer.get("photo", "") if isinstance(answer, dict) else ""
        return photos.address(named) if _ID.fullmatch(named) else None
