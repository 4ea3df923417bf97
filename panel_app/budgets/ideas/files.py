"""Ideas as a list: told at a stall or a workshop, typed into a spreadsheet, and read in at once."""

from __future__ import annotations

from collections.abc import Mapping

from werkzeug.datastructures import MultiDict

from panel_app.budgets.ideas import queries, services
from panel_app.budgets.ideas.desk import forms
from panel_app.budgets.ideas.models import Idea, IdeaCall, Origin
from panel_app.budgets.ideas.queries import IdeaShown
from panel_app.budgets.ideas.services import Said
from panel_app.core.db import db
from panel_app.core.errors import Refused
from panel_app.core.text import _
from panel_app.recruitment import list_files
from panel_app.web import i18n
from sortition.folding import fold

NEEDED = ("title", "why", "origin")
COLUMNS = (*NEEDED, "place", "language", "contact")
#: The columns of the list that goes out, for staff.
STAFF_COLUMNS = (
    *("number", "title", "why", "language", "origin", "place", "received_on", "state", "doubts"),
    *("wanted_by_at_least", "standing", "cost_pence", "yearly", "basis", "reason", "project"),
    "link",
)
#: As many as one list may hold: writing 200 holds the lock for two seconds, and others wait five.
MOST = 300


def read(*, call: IdeaCall, source: bytes | str, actor: str) -> int:
    """Add the ideas of a list to a call, and return how many; all of them, or none.

    One that is there word for word is a fault, so that a list read twice adds nothing. Raises
    FaultyFile with every fault.
    """
    rows = list_files.rows_of(source, NEEDED)
    if len(rows) > MOST:
        raise Refused(
            _("A list may hold %(most)s ideas; this one has %(rows)s.", most=MOST, rows=len(rows)),
            field="text",
        )
    reading, read = _Reading(call), list[tuple[Said, Origin]]()
    list_files.each(rows, lambda row: read.append(reading.said(row)))
    numbered = zip((number for number, _row in rows), read, strict=True)

    def add(each: tuple[Said, Origin]) -> Idea:
        said, origin = each
        return services.add_idea(call=call, said=said, known_by="staff", origin=origin, actor=actor)

    return list_files.each(numbered, add)


def rows(call: IdeaCall, link: Mapping[int, str]) -> list[dict[str, object]]:
    """Return every idea of a call for staff, hidden ones too; `link` leads to each by number."""
    query = queries.every_one(call).options(*queries.WITH_ALL)
    ideas = list(db.session.scalars(query))
    return [_row(told, link.get(told.idea.number, "")) for told in queries.shown(ideas)]


def _row(told: IdeaShown, link: str) -> dict[str, object]:
    idea, costing = told.idea, told.costing
    return {
        "number": idea.number,
        "title": str(idea.title),
        "why": str(idea.why),
        "language": idea.language,
        "origin": idea.origin,
        "place": str(idea.place.name) if idea.place else "",
        "received_on": idea.created_at.date().isoformat(),
        "state": idea.state,
        "doubts": " ".join(idea.doubts),
        "wanted_by_at_least": told.wanted,
        "standing": idea.costing,
        "cost_pence": costing.pence if costing else None,
        "yearly": costing.yearly if costing and costing.pence else None,
        "basis": costing.basis if costing else "",
        "reason": str(costing.reason) if costing else "",
        "project": idea.project.public_id if idea.project else "",
        "link": link,
    }


class _Reading:
    """Rows on their way into a call, and what was read before."""

    def __init__(self, call: IdeaCall) -> None:
        self.call = call
        self.seen = set[str]()
        self.languages = {language.code for language in i18n.offered()}
        self.origins = {fold(str(words)): name for name, words in forms.ORIGINS.items()}
        self.places: dict[str, list[str]] = {}
        for place, _name in queries.places_for(call):
            for name in {place.public_id, *map(fold, place.name.texts().values())}:
                self.places.setdefault(name, []).append(place.public_id)

    def said(self, row: dict[str, str]) -> tuple[Said, Origin]:
        """Return what a row says. Raises Refused with all that is wrong with it."""
        cells = {name: row.get(name, "") for name in COLUMNS}
        cells["spoken"] = self._language(cells.pop("language"))
        cells["origin"] = self.origins.get(fold(cells["origin"]), fold(cells["origin"]))
        cells["place"] = self._place(cells["place"])
        form = forms.enter_form(self.call, MultiDict(cells))
        if not form.validate():
            told = (f"{name}: {' '.join(map(str, said))}" for name, said in form.errors.items())
            raise Refused("; ".join(told))
        words = fold(f"{form.title.data} {form.why.data}")
        if words in self.seen:
            raise Refused(_("This idea stands in the list more than once."))
        self.seen.add(words)
        origin: Origin = form.origin.data
        return form.said(form.spoken.data), origin

    def _language(self, code: str) -> str:
        if code and fold(code) not in self.languages:
            known = ", ".join(sorted(self.languages))
            raise Refused(_("language: write one of %(known)s.", known=known))
        return fold(code) or i18n.offered()[0].code

    def _place(self, name: str) -> str:
        found = self.places.get(name) or self.places.get(fold(name)) or []
        if name and len(found) != 1:
            raise Refused(_("place: there is no “%(name)s” here, or there are several.", name=name))
        return found[0] if name else ""
