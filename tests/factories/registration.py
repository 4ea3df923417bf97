"""Ways in, and people who registered by them."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from panel_app.core import clock
from panel_app.core.db import db
from panel_app.panels.models import Panel
from panel_app.recruitment import services
from panel_app.recruitment.registration import asked, ways
from panel_app.recruitment.registration import services as registering
from panel_app.recruitment.registration.asked import asked_in
from panel_app.recruitment.registration.models import Registration, RegistrationPage
from panel_app.recruitment.registration.ways import Terms
from tests.factories.panels import make_panel
from tests.factories.recruitment import ACTOR

TARGETS = """feature,value,min,max
gender,Female,2,4
gender,Male,2,4
age group,16-34,2,4
age group,35+,2,4
"""
#: Longer ago than a robot needs.
A_WHILE = timedelta(minutes=2)


def make_way_in(panel: Panel | None = None, **terms: Any) -> RegistrationPage:
    """Return an open way in to a panel of 6 whose targets are imported."""
    if panel is None:
        panel = make_panel(size=6)
        services.import_targets(panel=panel, source=TARGETS, actor=ACTOR)
    terms.setdefault("name", "Library")
    return ways.open_way(panel=panel, terms=Terms(**terms), actor=ACTOR)


def sound_answers(page: RegistrationPage, number: int = 0, **more: Any) -> dict[str, Any]:
    """Return what somebody answers, an address and a contact for each number."""
    form = asked.asked_now(page)
    choices = {code: list(values)[number % len(values)] for code, values in form.values.items()}
    return {
        "age": str(20 + number * 7 % 50),
        "address": f"{number} Canal Row",
        "postcode": "E14 7AB",
        "name": f"Person {number}",
        "contact": f"person{number}@example.org",
        "consent": "yes",
        **choices,
        **more,
    }


def begin_registration(
    page: RegistrationPage, number: int = 0, code: str | None = None, **more: Any
) -> tuple[Registration, str]:
    """Return a registration that is answered, and not sent, with its token."""
    invited = registering.Invited(code, f"{number} Canal Row", "E14 7AB") if code else None
    with clock.ago(A_WHILE):
        begun, token = registering.begin(page=page, language="en", invited=invited)
    answers = sound_answers(page, number, **more)
    for question in list(asked_in(begun).pages(answers)):
        registering.save_answer(registration=begun, question=question, answers=answers)
    return begun, token


def register(page: RegistrationPage, number: int = 0, **more: Any) -> Registration:
    """Return somebody who has registered."""
    begun, _token = begin_registration(page, number, **more)
    sent = registering.send(registration=begun)
    assert sent is not None
    db.session.flush()
    return sent
