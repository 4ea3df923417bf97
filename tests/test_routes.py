"""All routes with their rules, in a file that a person reads: a change of it is meant."""

from __future__ import annotations

import os
import re
from pathlib import Path

from flask import Flask

from tests.role_walk import described

SNAPSHOT = Path(__file__).with_name("routes.txt")
AGAIN = "UPDATE_ROUTES=1 python -m pytest tests/test_routes.py"


def test_routes_are_the_ones_written_down(app: Flask) -> None:
    lines = described(app)
    if os.environ.get("UPDATE_ROUTES"):
        SNAPSHOT.write_text("\n".join(lines) + "\n")
    known = SNAPSHOT.read_text().splitlines()
    news = [f"+ {line}" for line in lines if line not in known]
    gone = [f"- {line}" for line in known if line not in lines]
    assert not news + gone, "\n".join([f"if this is meant: {AGAIN}", *news, *gone])


def test_every_address_named_in_the_code_is_one_of_the_routes(app: Flask) -> None:
    house = Path(__file__).parents[1] / "panel_app"
    files = [*house.rglob("*.py"), *house.rglob("*.html"), *house.rglob("*.txt")]
    named = {
        (str(file.relative_to(house)), name)
        for file in files
        for name in re.findall(r"""url_for\(\s*["']([a-z_]+\.[a-z_]+)["']""", file.read_text())
    }
    known = {rule.endpoint for rule in app.url_map.iter_rules()}
    assert len(named) > 300
    assert not sorted((file, name) for file, name in named if name not in known)
