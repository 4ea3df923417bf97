"""The one shape of a feature: what a package brings, at one look in its `feature.py`.

Nothing registers by being imported: `app.FEATURES` lists the features, the application keeps
what they offer, and whoever uses a kind of offer asks for it by its type.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TypeVar

from flask import Blueprint, Flask, current_app

Offer = TypeVar("Offer")


@dataclass(frozen=True, slots=True, kw_only=True)
class Feature:
    """One package of `panel_app`, with everything that others may find in it."""

    #: The package's folder; its `templates/` are found by themselves.
    name: str
    #: Its addresses; each view declares who may open it.
    blueprints: Sequence[Blueprint] = ()
    #: Values of the types that lower floors ask for: `jobs.Task`, `timetable.Timed`,
    #: `finality.Stays`, `files.Named`, `story.Part`, `check.Probe`,
    #: `holdings.Holder`, `holdings.NobodyIn`,
    #: `panels.desk.path.PathStep`, `panels.next_steps.NextSteps`, `panels.services.SizeHold`,
    #: `sessions.activities.Activity`, `balloting.papers.PaperKind`,
    #: `casework.subjects.Subject`, `web.exports.Dataset`, `questions.uses.Use`. A new kind of
    #: offer is a frozen dataclass where it is used.
    offers: Sequence[object] = ()


def init_app(app: Flask, features: Iterable[Feature]) -> None:
    """Add the addresses of the features, and keep what they offer."""
    app.extensions["offers"] = {}
    for feature in features:
        for blueprint in feature.blueprints:
            app.register_blueprint(blueprint)
        offer(app, *feature.offers)


def offer(app: Flask, *offers: object) -> None:
    """Let whoever asks for values of their types find `offers`."""
    kept: dict[type, tuple[object, ...]] = app.extensions["offers"]
    for each in offers:
        kept[type(each)] = (*kept.get(type(each), ()), each)


def offered(kind: type[Offer]) -> tuple[Offer, ...]:
    """Return everything of a type that the application's features offer, in their order."""
    found: tuple[Offer, ...] = current_app.extensions["offers"].get(kind, ())
    return found
