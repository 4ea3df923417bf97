"""Programmes, rounds and applications."""

from __future__ import annotations

from datetime import timedelta
from itertools import count

from panel_app.core import clock
from panel_app.core.translated import Translated
from panel_app.grants import rounds, services
from panel_app.grants.models import Application, Programme, Round
from panel_app.panels.models import Panel
from tests.factories.casework import QUESTION

_numbers = count(1)

MISSIONS = {
    "food": Translated.of(en="Everyone eats well every day", ar="يأكل الجميع جيدًا كل يوم"),
    "together": Translated.of(en="Nobody is left alone"),
}
ANSWERS = {
    "kind": {"kind": "individual"},
    "title": {"title": "Saturday breakfast club"},
    "plan": {"plan": "A free breakfast for 25 children, twelve Saturdays."},
    "people": {"people": "Children of Block D."},
    "mission": {"mission": "food"},
    "amount": {"amount": "1850"},
    "costs": {"costs": "Ingredients £1,500, two hobs £350."},
    "contact": {"name": "Rosa Quillfeather", "contact": "rosa@example.org"},
}


def make_programme(
    panel: Panel, *, slug: str | None = None, quorum: int = 3, largest_grant: int = 200_000
) -> Programme:
    """Return a programme with two missions and one question to score."""
    number = next(_numbers)
    return services.create_programme(
        panel=panel,
        slug=slug or f"small-grants-{number}",
        name=Translated.of(en="Small grants", ar="منح صغيرة"),
        summary=Translated.of(en="Up to £2,000 for something good for your neighbours."),
        largest_grant=largest_grant,
        missions=MISSIONS,
        criteria=[QUESTION],
        quorum=quorum,
        actor="staff:test",
    )


def make_round(
    programme: Programme, *, pot: int = 1_000_000, closes_in: int = 7, meets_in: int | None = None
) -> Round:
    """Return a round that closes in so many days, and meets two days later."""
    now = clock.now()
    return rounds.add_round(
        programme=programme,
        opens_at=now + timedelta(days=closes_in - 14),
        closes_at=now + timedelta(days=closes_in),
        meets_at=now + timedelta(days=meets_in if meets_in is not None else closes_in + 2),
        pot=pot,
        actor="staff:test",
    )


def make_draft(
    programme: Programme, *, language: str = "en", **answers: dict[str, str] | None
) -> tuple[Application, str]:
    """Return a draft with every question answered but those given as None, and its token."""
    application, token = services.start_application(programme=programme, language=language)
    for question, given in {**ANSWERS, **answers}.items():
        if given is not None:
            services.save_answer(application=application, question=question, answers=given)
    return application, token


def make_application(
    programme: Programme, *, asks: int = 185_000, language: str = "en", **answers: dict[str, str]
) -> Application:
    """Return an application that was sent; `asks` in pence."""
    amount = {"amount": f"{asks / 100:.2f}"}
    draft, _token = make_draft(programme, language=language, **{"amount": amount, **answers})
    return services.submit_application(application=draft)
