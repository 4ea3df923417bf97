"""A question answered by a photo."""

from __future__ import annotations

import re
from random import Random
from typing import Any

from markupsafe import Markup

from panel_app.core import pictures
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
    #: What is wrong without a file, and with one that no words go with.
    missing = _("Choose a photo.")
    wordless = _("Say in a few words what the photo shows.")

    def safe(self, data: bytes) -> tuple[bytes, str]:
        """Return what is kept of a file, and which kind of file that is. Raises Refused."""
        return pictures.made_safe(data), "image/jpeg"

    def kept(self, question: Question, typed: Typed) -> Answer:
        """Keep which photo it is, and the words; the file itself is kept by `photos.received`."""
        parts = {self.name: typed.part(self.name), "text": one_line(typed.part("text"))}
        return {part: value for part, value in parts.items() if value}

    def made_up(self, question: Question, random: Random) -> Answer:
        """Return nothing: a made-up person has no file."""
        return {}

    def fault(self, question: Question, answer: Any) -> Any | None:
        """Refuse words without a file, and a file without words."""
        if not set(answer) <= {self.name, "text"} or not _ID.fullmatch(answer.get(self.name, "")):
            return self.missing
        if not answer.get("text"):
            return self.wordless
        return too_long(answer["text"], LONGEST_WORDS)

    def words(self, question: Question, answer: Any) -> Any:
        """Return the photo with its words."""
        picture = Markup('<img class="photo" src="{}" alt="{}">')
        return picture.format(self.shown(answer), answer["text"])

    def shown(self, answer: Any) -> str | None:
        """Return where the file of an answer is shown, right or not; None without one."""
        from panel_app.questions import photos

        named = answer.get(self.name, "") if isinstance(answer, dict) else ""
        return photos.address(named, self.name) if _ID.fullmatch(named) else None
