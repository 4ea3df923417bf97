"""What a budget ballot puts to the vote, frozen as JSON when it opens and read back from it."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from panel_app.budgets.models import Pot, Project
from panel_app.budgets.rules import Rules
from panel_app.core.translated import Translated, Version
from sortition.folding import fold


@dataclass(frozen=True, slots=True)
class Option:
    """A project as it stands on the ballot. Money in pence."""

    id: str
    title: Translated
    summary: Translated
    cost: int
    council_cost: int | None
    line: Translated | None
    #: What should be different in a year; ballots that opened before it was asked have none.
    goal: Translated | None = None
    #: What happens where residents' part falls through: models.PlanB.
    plan_b: str | None = None
    commitments: tuple[Promise, ...] = ()


@dataclass(frozen=True, slots=True)
class Promise:
    """What residents or partners took on, as it stood when the ballot opened."""

    id: str
    kind: str
    what: Translated
    who: Translated
    hours: int | None
    #: In pence.
    pence: int | None
    state: str


@dataclass(frozen=True, slots=True)
class Terms:
    """The pot, in pence, and what it can buy, in the order the organiser gave."""

    pot: int
    options: tuple[Option, ...]
    rules: Rules
    #: The most that the projects of a line may cost together, where its line has a cap.
    caps: tuple[tuple[Translated, int], ...]

    @property
    def by_id(self) -> dict[str, Option]:
        """The options by their public identifier."""
        return {option.id: option for option in self.options}

    def cost_of(self, choice: list[str]) -> int:
        """Return what a choice costs, in pence."""
        by_id = self.by_id
        return sum(by_id[project].cost for project in choice if project in by_id)

    def in_order_for(self, seed: str) -> list[Option]:
        """Return the options in an order that is one person's own and never changes for them.

        The first on a list is chosen more often, so everyone starts at another place.
        """

        def place(option: Option) -> str:
            return hashlib.sha256(f"{seed}:{option.id}".encode()).hexdigest()

        return sorted(self.options, key=place)


def write(pot: Pot, rules: Rules | None = None) -> dict[str, Any]:
    """Return the terms of a ballot on `pot` as it is now, as JSON values.

    Projects of one title are numbered, so that pages, results and files tell them apart. Rules on
    projects and lines that have left the pot are dropped.
    """
    titles = _told_apart(pot.projects)
    return {
        "pot": pot.amount,
        "rules": _rules(pot, rules or Rules()),
        "projects": [
            {
                "id": project.public_id,
                "title": written(titles[project.public_id]),
                "summary": written(project.summary),
                "cost": project.cost,
                "council_cost": project.council_cost,
                "line": written(project.line.name) if project.line else None,
                **({"goal": written(project.goal)} if project.goal else {}),
                **_taken_on(project),
            }
            for project in pot.projects
        ],
    }


def _taken_on(project: Project) -> dict[str, Any]:
    """Return what is taken on for a project, and what happens where it isn't done."""
    promises = [
        {
            "id": one.public_id,
            "kind": one.kind,
            "what": written(one.what),
            "who": written(one.who),
            "hours": one.hours,
            "pence": one.pence,
            "state": one.state,
        }
        for one in project.commitments
        if one.state != "not_done"
    ]
    plan = {"plan_b": project.plan_b} if project.lowered else {}
    return {**plan, **({"commitments": promises} if promises else {})}


def _rules(pot: Pot, rules: Rules) -> dict[str, Any]:
    in_use = {project.line_id for project in pot.projects}
    capped = [line for line in pot.lines if line.public_id in rules.caps and line.id in in_use]
    return {
        **rules.among({project.public_id for project in pot.projects}).written(),
        "caps": [
            {"line": written(line.name), "pence": rules.caps[line.public_id]} for line in capped
        ],
    }


def alike(projects: Sequence[Project]) -> dict[str, int]:
    """Return the place, from one, of each project among those of the same title; others not."""
    folded = {p.public_id: fold(p.title.in_language(p.title.original).text) for p in projects}
    often, met, found = Counter(folded.values()), Counter[str](), {}
    for public_id, title in folded.items():
        if often[title] > 1:
            met[title] += 1
            found[public_id] = met[title]
    return found


def _told_apart(projects: Sequence[Project]) -> dict[str, Translated]:
    """Return the titles, numbered in every language where several are the same."""
    places = alike(projects)
    return {
        project.public_id: _numbered(project.title, places.get(project.public_id))
        for project in projects
    }


def _numbered(title: Translated, place: int | None) -> Translated:
    if place is None:
        return title
    versions = {
        code: Version(f"{version.text} ({place})", version.origin)
        for code, version in title.versions.items()
    }
    return Translated(title.original, versions)


def read(terms: Mapping[str, Any]) -> Terms:
    """Read what `write` returned."""
    rules = terms.get("rules", {})
    return Terms(
        terms.get("pot", 0),
        tuple(_option(project) for project in terms.get("projects", ())),
        Rules.read({**rules, "caps": {}}),
        tuple((text(cap["line"]), cap["pence"]) for cap in rules.get("caps", ())),
    )


def _option(written: Mapping[str, Any]) -> Option:
    return Option(
        id=written["id"],
        title=text(written["title"]),
        summary=text(written["summary"]),
        cost=written["cost"],
        council_cost=written["council_cost"],
        line=text(written["line"]) if written["line"] else None,
        goal=text(written["goal"]) if written.get("goal") else None,
        plan_b=written.get("plan_b"),
        commitments=tuple(_promise(one) for one in written.get("commitments", ())),
    )


def _promise(written: Mapping[str, Any]) -> Promise:
    texts = {name: text(written[name]) for name in ("what", "who")}
    return Promise(**{**written, **texts})


def written(text: Translated) -> dict[str, Any]:
    versions = {code: [v.text, v.origin] for code, v in text.versions.items()}
    return {"original": text.original, "versions": versions}


def text(written: Mapping[str, Any]) -> Translated:
    versions = {code: Version(text, origin) for code, (text, origin) in written["versions"].items()}
    return Translated(written["original"], versions)
