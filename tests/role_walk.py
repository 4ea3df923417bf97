"""Every route of the application, asked by everybody: what the tests of the whole share."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from flask import Flask
from sqlalchemy import select
from werkzeug.routing import Rule as Route

from panel_app.core.db import Base, db
from panel_app.demo import borough
from panel_app.panels.models import Member, Panel
from panel_app.sessions import guests
from panel_app.staff.demo import STAFF
from panel_app.web.access import rule_of
from tests.factories.panels import make_members, make_panel
from tests.factories.sessions import make_session
from tests.factories.staff import make_user

SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
#: Who asks, and what each may do on the panel of the address.
PERMISSIONS = {
    "anonymous": frozenset[str](),
    "guest": frozenset({"participant"}),
    "member": frozenset({"member", "participant"}),
    "another panel's member": frozenset({"member", "participant"}),
    "observer": frozenset({"staff", "observe"}),
    "caller": frozenset({"staff", "call"}),
    "officer": frozenset({"staff", "observe", "cost"}),
    "payer": frozenset({"staff", "observe", "pay"}),
    "releaser": frozenset({"staff", "observe", "release"}),
    "scribe": frozenset({"staff", "observe", "scribe"}),
    "facilitator": frozenset({"staff", "observe", "scribe", "facilitate"}),
    "organiser": frozenset(
        {"staff", "observe", "call", "scribe", "facilitate", "cost", "organise"}
    ),
    "administrator": frozenset(
        {
            "staff",
            "observe",
            "call",
            "scribe",
            "facilitate",
            "cost",
            "organise",
            "pay",
            "release",
            "administer",
        }
    ),
    "organiser of another panel": frozenset({"staff"}),
}
STAFF_RULES = frozenset(
    {
        "observe",
        "call",
        "scribe",
        "facilitate",
        "cost",
        "organise",
        "pay",
        "release",
        "administer",
    }
)


@dataclass
class World:
    """A panel with everything, the people who ask, and sample values for addresses."""

    slug: str = ""
    other_slug: str = ""
    staff: dict[str, str] = field(default_factory=dict)
    members: dict[str, int] = field(default_factory=dict)
    #: What the cookie of a guest in the panel's session holds.
    guest: str = ""
    samples: dict[str, list[str]] = field(default_factory=dict)


def make_world(app: Flask) -> World:
    """Fill the database with two panels and one of everybody; commit."""
    world = World()
    with app.app_context():
        panel, other = make_panel(published=True), make_panel(published=True)
        world.slug, world.other_slug = panel.slug, other.slug
        for role in (
            "observer",
            "caller",
            "officer",
            "payer",
            "releaser",
            "scribe",
            "facilitator",
            "organiser",
        ):
            world.staff[role] = make_user(role, panel).email  # type: ignore[arg-type]
        world.staff["administrator"] = make_user("administrator").email
        world.staff["organiser of another panel"] = make_user("organiser", other).email
        world.members["member"] = make_members(panel, 2)[0].id
        world.members["another panel's member"] = make_members(other, 1)[0].id
        session = make_session(panel)
        session.guests = True
        world.guest = guests.come(session=session, role="resident", language="en")
        db.session.commit()
        world.samples = sample_ids()
    return world


def sample_ids() -> dict[str, list[str]]:
    """Return what stands in addresses for rows that exist: public ids and slugs, by table."""
    found: dict[str, list[str]] = {}
    for table in Base.metadata.sorted_tables:
        for column in ("public_id", "slug"):
            if column in table.c:
                query = select(table.c[column]).limit(3)
                found.setdefault(table.name, []).extend(map(str, db.session.scalars(query)))
    return found


def routes(app: Flask) -> list[Route]:
    """Return every route, in the order of its address."""
    return sorted(app.url_map.iter_rules(), key=lambda r: (r.rule, sorted(r.methods or ())))


def methods(route: Route) -> list[str]:
    """Return the methods that a person's browser uses on a route."""
    return sorted((route.methods or set()) - {"HEAD", "OPTIONS"})


def addresses(route: Route, world: World, *, slug: str | None = None) -> Iterator[str]:
    """Return the route's address with samples: once for each row that may be meant."""
    path = route.rule.replace("<panel_slug>", slug or world.slug)
    path = re.sub(r"<any\(([^,)]+)[^)]*\):\w+>", r"\1", path)
    path = re.sub(r"<int:\w+>", "1", path)
    if "<" not in path:
        yield path
        return
    candidates = {c for ids in world.samples.values() for c in ids} | {"1"}
    wanted = re.search(r"<(?:\w+:)?(\w+)>", path)
    named = wanted[1].removesuffix("_id").removesuffix("_slug") if wanted else ""
    near = [c for table, ids in world.samples.items() if named in table for c in ids]
    for value in [*near, *sorted(candidates - set(near))][:4]:
        yield re.sub(r"<[^>]+>", value, path)


def described(app: Flask) -> list[str]:
    """Return a line for each route and method: the method, the address and the rule."""
    return [
        f"{method:7}{rule_of(app, route.endpoint) or 'NO RULE':11}{route.rule}"
        for route in routes(app)
        for method in methods(route)
    ]


def make_borough(app: Flask) -> World:
    """Fill the database with the demo's borough: one of everything that a page can show."""
    with app.test_request_context():
        borough.load()
        panel = db.session.scalars(select(Panel).where(Panel.slug == "hillgrove")).one()
        world = World(slug=panel.slug, samples=sample_ids())
        world.staff = {role: email for email, _, role in STAFF}
        seated = select(Member.id).where(Member.panel_id == panel.id, Member.state == "confirmed")
        world.members["member"] = db.session.scalars(seated).first() or 0
    return world
