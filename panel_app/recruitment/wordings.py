"""What residents read for features and values, which files name in one language only."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from sqlalchemy import select

from panel_app.core import audit
from panel_app.core.db import db, locked
from panel_app.core.translated import Translated
from panel_app.panels.models import Panel
from panel_app.recruitment.models import FeatureWording
from panel_app.web import i18n
from sortition.meanings import NO_ANSWER

#: A feature and one of its values, as the file of targets spells them; no value: the feature.
Name = tuple[str, str]

_NO_ANSWER = Translated.of("en", en="no answer", bn="উত্তর দেননি", ar="بلا إجابة")


@dataclass(frozen=True, slots=True)
class Wordings:
    """The wordings of one panel's features and values."""

    given: Mapping[Name, Translated] = field(default_factory=dict)

    def of(self, feature: str, value: str = "") -> Translated:
        """Return the wording of a feature, or of its value: as the file has it by default."""
        if value == NO_ANSWER:
            return _NO_ANSWER
        return self.given.get((feature, value)) or as_in_file(value or feature)


def as_in_file(name: str) -> Translated:
    """Return a file's own word: English, or where it has no letters (`16–24`) in any language."""
    if any(letter.isalpha() for letter in name):
        return Translated.of("en", en=name)
    return Translated.of("en", **{language.code: name for language in i18n.spoken()})


def wordings_of(panel: Panel) -> Wordings:
    """Return the panel's wordings."""
    return Wordings({name: row.wording for name, row in _rows(panel).items()})


def save_wordings(*, panel: Panel, typed: Mapping[Name, Mapping[str, str]], actor: str) -> None:
    """Keep what residents are to read for each name: a text a language, empty where none is given.

    An English text left empty is the file's own word.
    """
    rows = _rows(locked(panel))
    for name, texts in typed.items():
        own = as_in_file(name[1] or name[0])
        row = rows.get(name)
        wording = (row.wording if row else own).retyped(texts)
        if not wording.only_in("en"):
            wording = wording.retyped({"en": own.only_in("en")})
        if row is not None:
            row.wording = wording
        elif wording != own:
            feature, value = name
            db.session.add(
                FeatureWording(panel_id=panel.id, feature=feature, value=value, wording=wording)
            )
    db.session.flush()
    audit.record(
        "targets.worded", actor=actor, subject=f"panel:{panel.public_id}", names=len(typed)
    )


def _rows(panel: Panel) -> dict[Name, FeatureWording]:
    query = select(FeatureWording).where(FeatureWording.panel_id == panel.id)
    return {(row.feature, row.value): row for row in db.session.scalars(query)}
