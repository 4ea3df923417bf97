"""The organisation's own words in place of those that templates come with."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict

from sqlalchemy import delete

from panel_app.core import audit
from panel_app.core.db import db
from panel_app.core.errors import Refused
from panel_app.core.text import _
from panel_app.core.typed import cleaned, one_line
from panel_app.outbox.models import Wording
from panel_app.outbox.templates import Template, Words, places_in, shipped


def reword(*, template: Template, language: str, words: Words, actor: str) -> None:
    """Put the organisation's words in place of the shipped ones; all empty brings those back.

    Raises Refused, naming them, for places that the template can't fill or can't do without.
    """
    words = Words(one_line(words.subject), cleaned(words.body), one_line(words.short))
    old = delete(Wording).where(Wording.purpose == template.purpose, Wording.language == language)
    db.session.execute(old)
    if words not in (shipped(template, language), Words("", "", "")):
        _check(template, words)
        kept = Wording(purpose=template.purpose, language=language, **asdict(words))
        db.session.add(kept)
    db.session.flush()
    audit.record(
        "wording.changed", actor=actor, subject=f"template:{template.purpose}", language=language
    )


def _check(template: Template, words: Words) -> None:
    for field, text in asdict(words).items():
        if not text:
            raise Refused(_("Fill this in."), field=field)
        unknown = places_in(text) - set(template.places)
        if unknown:
            raise Refused(
                _("Nothing can be put in place of %(places)s.", places=listed(unknown)),
                field=field,
            )
        missing = template.needed - places_in(text)
        if missing and field != "subject":
            raise Refused(_("%(places)s has to stand in it.", places=listed(missing)), field=field)


def listed(places: Iterable[str]) -> str:
    """Return placeholders as they are typed."""
    return ", ".join(f"(({place}))" for place in sorted(places))
