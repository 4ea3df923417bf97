"""A second panel that is still being recruited: ways in, and invented people who registered."""

from __future__ import annotations

from datetime import timedelta
from random import Random
from typing import Any

from panel_app.core import clock
from panel_app.core.story import ACTOR, Part, Story
from panel_app.core.translated import Translated
from panel_app.panels import services as panels
from panel_app.panels.models import Panel
from panel_app.places.models import Place
from panel_app.recruitment.demo import pool, texts
from panel_app.recruitment.registration import asked, services, ways
from panel_app.recruitment.registration.asked import asked_in
from panel_app.recruitment.registration.models import Registration, RegistrationPage
from panel_app.recruitment.registration.ways import Terms
from panel_app.recruitment.services import import_targets
from panel_app.recruitment.wordings import save_wordings

T = Translated.of
NAME = T(en="Data panel", bn="তথ্য প্যানেল", ar="لجنة البيانات")
PURPOSE = T(
    en="What the council may do with what it knows about people, and what it may not.",
    bn="মানুষ সম্পর্কে কাউন্সিল যা জানে তা দিয়ে কী করতে পারে, আর কী পারে না।",
    ar="ما الذي يجوز للمجلس فعله بما يعرفه عن الناس، وما الذي لا يجوز.",
)
#: How many registered at the library, and at their door.
LIBRARY, DOOR = 16, 7
HOW_LONG = timedelta(minutes=4)


def recruit(story: Story) -> None:
    """Open three ways in, and let people register; two look alike, one takes their name back."""
    panel = _panel(story.the(Place))
    closes_at = clock.now() + clock.how_long_ago() + timedelta(days=30)

    def opened(name: str, **terms: Any) -> RegistrationPage:
        said = Terms(name=name, closes_at=closes_at, youngest=16, **terms)
        return ways.open_way(panel=panel, terms=said, actor=ACTOR)

    library, door = opened("Library"), opened("Door")
    opened("Letter", by_code=True)
    _come(library, door, Random(24))


def _panel(area: Place) -> Panel:
    panel = panels.create_panel(
        area=area,
        name=NAME,
        purpose=PURPOSE,
        mission=None,
        size=pool.SIZE,
        place="Library, 2 Hillgrove Road",
        languages=["en", "bn", "ar"],
        slug="data-panel",
        sender="Data Panel\nCommunity Office\n1 Hillgrove Road",
        contact=texts.CONTACT,
        terms=texts.TERMS,
        actor=ACTOR,
    )
    import_targets(panel=panel, source=pool.targets_csv(), actor=ACTOR)
    typed = {name: said.texts() for name, said in texts.FEATURES.items()}
    save_wordings(panel=panel, typed=typed, actor=ACTOR)
    return panel


def _come(library: RegistrationPage, door: RegistrationPage, random: Random) -> None:
    for number in range(LIBRARY):
        gone = _register(library, random, number)
    services.withdraw(registration=gone)
    for number in range(DOOR):
        _register(door, random, LIBRARY + number)
    _register(door, random, 3)
    services.enter(
        page=door,
        origin="phone",
        answers=_answers(door, random, 40),
        language="bn",
        consented_at=clock.now(),
        actor=ACTOR,
    )


def _register(page: RegistrationPage, random: Random, number: int) -> Registration:
    """Register somebody; the same number is the same person."""
    with clock.ago(clock.how_long_ago() + HOW_LONG):
        begun, _token = services.begin(page=page, language=random.choice(pool.LANGUAGES))
    answers = _answers(page, random, number)
    for question in asked_in(begun).pages(answers):
        services.save_answer(registration=begun, question=question, answers=answers)
    services.send(registration=begun)
    return begun


def _answers(page: RegistrationPage, random: Random, number: int) -> dict[str, Any]:
    first, last = pool.FIRST[number % len(pool.FIRST)], pool.LAST[number % len(pool.LAST)]
    chosen = {
        code: random.choice(list(values)) for code, values in asked.asked_now(page).values.items()
    }
    return {
        "age": str(random.randint(17, 85)),
        "address": f"Flat {number + 1}, Hillgrove Estate",
        "postcode": "E14 7AB",
        "name": f"{first} {last}",
        "contact": f"{first}.{last}@example.org".lower(),
        "help": random.choice([[], [], ["childcare"], ["travel", "interpreter"]]),
        "heard": random.choice(list(asked.HEARD)),
        "consent": "yes",
        **chosen,
    }


RECRUITING = Part(ago=timedelta(days=6), play=recruit)
