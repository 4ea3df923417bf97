"""Themes of a round's statements: proposed by their words, sorted by facilitators."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from panel_app import opinions
from panel_app.core import audit
from panel_app.core.db import db, found, locked
from panel_app.core.errors import Conflict
from panel_app.core.text import _, gettext, ngettext
from panel_app.core.translated import Translated
from panel_app.deliberation.statements.models import Statement
from panel_app.opinions import ThemeBook
from panel_app.sessions.models import AgendaItem
from panel_app.web import i18n

#: What `AgendaItem.snapshot` holds of them: the book, and each statement's theme by number.
THEMES = "themes"
LONGEST_NAME = 80


@dataclass(frozen=True, slots=True)
class ThemeWords:
    """A theme with its statements, by number."""

    id: str
    title: str
    key_words: Sequence[str]
    statements: Mapping[int, str]


@dataclass(frozen=True, slots=True)
class Sorting:
    """A round's themes and the statements without one; `thin` says why there are none."""

    working: bool
    thin: str | None = None
    themes: Sequence[ThemeWords] = ()
    without: Mapping[int, str] | None = None


def wordings_of(item: AgendaItem) -> dict[str, Translated]:
    """Return the shown statements, or what tables wrote, by number."""
    if item.kind == "tables":
        from panel_app.deliberation.tables import notes, queries

        return dict(notes.wordings(queries.plan_of(item)))
    return {str(statement.number): statement.wording for statement in _statements(item)}


def proposed(wordings: Mapping[str, Translated], *, topic: str) -> dict[str, Any]:
    """Return themes for statements, as they are kept; seconds of the job process."""
    found_now = opinions.propose_themes(
        {number: str(wording) for number, wording in wordings.items()},
        topic=topic,
        languages={wording.original for wording in wordings.values()},
    )
    thin = found_now.thinness
    return {
        THEMES: {
            "book": found_now.book.to_json(),
            "assigned": dict(found_now.assigned),
            "thinness": thin.value if thin else None,
            "counted": found_now.counted,
        }
    }


def sorting(item: AgendaItem) -> Sorting:
    """Return what a facilitator sees of a round's themes."""
    kept = (item.snapshot or {}).get(THEMES)
    if kept is None:
        return Sorting(working=True)
    texts = {number: i18n.wording(one).text for number, one in wordings_of(item).items()}
    assigned = {number: of for number, of in kept["assigned"].items() if number in texts}
    thinness = opinions.Thinness(kept["thinness"]) if kept["thinness"] else None
    return Sorting(
        working=False,
        thin=opinions.thinness_sentence(
            thinness, kept["counted"], gettext=gettext, ngettext=ngettext
        ),
        themes=[
            ThemeWords(
                theme.id,
                theme.title,
                theme.key_words[:6],
                {int(n): texts[n] for n, of in assigned.items() if of == theme.id},
            )
            for theme in ThemeBook.from_json(kept["book"]).themes
        ],
        without={int(number): text for number, text in texts.items() if number not in assigned},
    )


def assigned(item: AgendaItem) -> Mapping[str, str]:
    """Return the theme of each statement that has one, by the statement's number."""
    kept: Mapping[str, str] = (item.snapshot or {}).get(THEMES, {}).get("assigned", {})
    return kept


def rename(*, item: AgendaItem, theme: str, name: str, actor: str) -> None:
    """Give a theme a name of its own. Raises NotFound for an unknown theme."""
    _change(item, lambda book: book.rename(theme, name), actor)


def merge(*, item: AgendaItem, theme: str, into: str, actor: str) -> None:
    """Make one theme of two. Raises NotFound for an unknown theme, Conflict for the same."""
    if theme == into:
        raise Conflict(_("Choose another theme to join it with."))
    _change(item, lambda book: book.merge(theme, into), actor)
    kept = (item.snapshot or {})[THEMES]
    moved = {n: into if of == theme else of for n, of in kept["assigned"].items()}
    _keep(item, {**kept, "assigned": moved})


def move(*, item: AgendaItem, number: int, theme: str, actor: str) -> None:
    """Put a statement into a theme. Raises NotFound where either is unknown."""
    found(wordings_of(item).get(str(number)))
    _change(item, lambda book: book.move(str(number), theme), actor)
    kept = (item.snapshot or {})[THEMES]
    _keep(item, {**kept, "assigned": {**kept["assigned"], str(number): theme}})


def without(kept: Mapping[str, Any], number: int) -> dict[str, Any]:
    """Return what was kept of themes with nothing left of one statement."""

    def others(of: Mapping[str, str]) -> dict[str, str]:
        return {name: theme for name, theme in of.items() if name != str(number)}

    book = {**kept["book"], "moved": others(kept["book"]["moved"])}
    return {**kept, "book": book, "assigned": others(kept["assigned"])}


def _statements(item: AgendaItem) -> list[Statement]:
    query = select(Statement).where(Statement.item_id == item.id, Statement.state == "accepted")
    return list(db.session.scalars(query.order_by(Statement.number)))


def _change(item: AgendaItem, change: Callable[[ThemeBook], ThemeBook], actor: str) -> None:
    kept = found((locked(item).snapshot or {}).get(THEMES))
    try:
        book = change(ThemeBook.from_json(kept["book"]))
    except KeyError:
        found(None)
    _keep(item, {**kept, "book": book.to_json()})
    audit.record("statements.themes_sorted", actor=actor, subject=f"item:{item.public_id}")


def _keep(item: AgendaItem, kept: Mapping[str, Any]) -> None:
    item.snapshot = {**(item.snapshot or {}), THEMES: dict(kept)}
    db.session.flush()
