"""What a phone does with a ballot."""

from __future__ import annotations

from typing import Any

from flask import Flask
from sqlalchemy import select

from panel_app.balloting.models import Paper
from panel_app.core.db import db
from tests.checked_client import CheckedClient, text_of
from tests.factories.balloting import Vote


def stored(app: Flask) -> list[Any]:
    """Return the choices of the stored papers."""
    with app.app_context():
        return [paper.choice for paper in db.session.scalars(select(Paper))]


def send(phone: CheckedClient, vote: Vote, fields: dict[str, Any], step: str = "cast") -> Any:
    """Send a form as a browser would, with the token of the page but any fields."""
    body = {"csrf_token": phone.token_on(vote.page), **fields}
    return phone.post(f"{vote.page}/{step}", data=body)


def cast_by_phone(phone: CheckedClient, vote: Vote, choice: list[str]) -> str:
    """Tick, check and cast; return the receipt page's text."""
    checked = phone.submit(vote.page, {"project": choice}, action="/check")
    assert checked.status_code == 200
    assert "Is this your vote?" in checked.text
    page = phone.page(vote.page)
    counter = next(f.get("value") for f in page.iter("input") if f.get("name") == "counter")
    answer = send(phone, vote, {"project": choice, "counter": counter, "key": "k"})
    assert answer.status_code == 303
    return text_of(phone.page(answer.headers["Location"]))
