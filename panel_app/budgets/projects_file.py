"""A pot's projects as a list: kept in a spreadsheet, corrected there, and read back."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from werkzeug.datastructures import MultiDict

from panel_app.budgets import services
from panel_app.budgets.desk import forms
from panel_app.budgets.models import Line, Pot, Project
from panel_app.core import money
from panel_app.core.errors import Refused
from panel_app.core.text import _
from panel_app.recruitment import list_files
from panel_app.web.desk.texts import MAIN
from sortition.folding import fold

#: The project that a row is about, None for a new one, and what it says of it.
Change = tuple[Project | None, dict[str, Any]]

NEEDED = (f"title_{MAIN}", f"summary_{MAIN}", "cost")


@dataclass(slots=True)
class Done:
    """What reading a list changed."""

    added: int = 0
    changed: int = 0


def columns(pot: Pot) -> list[str]:
    """Return the columns of the list: those of the project's form, after its identifier."""
    form = forms.project_form(pot)
    return ["project", *(one.name for one in form if one.name != "csrf_token")]


def sample() -> list[dict[str, str]]:
    """Return projects to begin with, invented; they can be read as they are."""
    return [
        {f"title_{MAIN}": title, f"summary_{MAIN}": summary, "cost": cost}
        for title, summary, cost in (
            ("Example: benches", "Three benches with backs along the path.", "1800"),
            ("Example: a raised bed", "Herbs and vegetables beside the hall.", "950.50"),
        )
    ]


def rows(pot: Pot) -> list[dict[str, str]]:
    """Return a row a project, as a person would type it."""
    return [
        {
            "project": project.public_id,
            **{
                f"{name}_{code}": text
                for name in ("title", "summary", "goal")
                for code, text in _texts(project, name).items()
            },
            "cost": money.typed(project.cost),
            "council_cost": money.typed(project.council_cost),
            "plan_b": project.plan_b or "",
            "line": str(project.line.name) if project.line else "",
        }
        for project in pot.projects
    ]


def read(*, pot: Pot, source: bytes | str, actor: str) -> Done:
    """Add the projects of a list to the pot, and change those that it has already.

    A project is known by its identifier, or by its title where the row has none; a list that is
    read twice adds nothing, and none is taken out. Raises FaultyFile with every fault.
    """
    rows, reading, changes = list_files.rows_of(source, NEEDED), _Reading(pot), list[Change]()
    # Every row is read before the first is written: reading takes longer, and others write.
    list_files.each(rows, lambda row: changes.append(reading.change(row)))
    numbered = zip((number for number, _row in rows), changes, strict=True)
    done = Done()
    list_files.each(numbered, lambda change: _write(pot, change, done, actor))
    return done


def _write(pot: Pot, change: Change, done: Done, actor: str) -> None:
    project, told = change
    if project is None:
        services.add_project(pot=pot, **told, actor=actor)
        done.added += 1
    elif any(getattr(project, name) != value for name, value in told.items()):
        services.change_project(project=project, **told, actor=actor)
        done.changed += 1


def _texts(project: Project, name: str) -> dict[str, str]:
    text = getattr(project, name)
    return text.texts() if text else {}


@dataclass(slots=True)
class _Reading:
    """Rows on their way into a pot, and the projects that they are about."""

    pot: Pot
    seen: set[str] = field(default_factory=set)

    def change(self, row: dict[str, str]) -> Change:
        """Return what a row makes of which project. Raises Refused with what is wrong with it."""
        project = self._project(row)
        kept = project.line if project else None
        line = self._line(row["line"]) if "line" in row else kept
        form = forms.project_form(
            self.pot, project, MultiDict({**row, "line": line.public_id if line else ""})
        )
        if not form.validate():
            raise Refused(_faults(form))
        return project, {**form.texts_and_costs(), "line": line}

    def _project(self, row: dict[str, str]) -> Project | None:
        number, title = row.get("project", ""), fold(row.get(f"title_{MAIN}", ""))
        known = _only(
            self.pot.projects,
            lambda one: (
                one.public_id == number if number else fold(one.title.only_in(MAIN)) == title
            ),
        )
        if number and known is None:
            raise Refused(_("There is no project %(number)s in this pot.", number=number))
        name = known.public_id if known else title
        if name and name in self.seen:
            raise Refused(_("This project stands in the list more than once."))
        self.seen.add(name)
        return known

    def _line(self, name: str) -> Line | None:
        def is_called(line: Line) -> bool:
            return fold(name) in {fold(text) for text in line.name.texts().values()}

        line = _only(self.pot.lines, is_called) if name else None
        if name and line is None:
            raise Refused(_("There is no service line “%(name)s” in this pot.", name=name))
        return line


def _only(among: list[Any], fits: Callable[[Any], bool]) -> Any | None:
    """Return the one that fits, or None; equal names are told apart by identifiers."""
    found = [one for one in among if fits(one)]
    if len(found) > 1:
        raise Refused(_("Several have this name: write the identifier of the right one."))
    return found[0] if found else None


def _faults(form: forms.ProjectForm) -> str:
    """Say what is wrong with a row, each fault after its column."""
    return "; ".join(f"{name}: {' '.join(map(str, said))}" for name, said in form.errors.items())
