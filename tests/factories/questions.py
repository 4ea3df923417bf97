"""A question of every kind."""

from __future__ import annotations

from typing import Any

from panel_app.core.translated import Translated
from panel_app.questions.question import Option, Question


def options(*words: str) -> tuple[Option, ...]:
    """Return options with the codes `a`, `b`, …"""
    return tuple(
        Option(chr(ord("a") + n), Translated.of(en=word, ar=f"خيار {n + 1}"))
        for n, word in enumerate(words)
    )


def make_question(kind: str, code: str = "q1", **settings: Any) -> Question:
    """Return a question in two languages."""
    wording = settings.pop("wording", f"What about the {kind.replace('_', ' ')}?")
    text = Translated.of(en=wording, ar="ما رأيك في هذا؟")
    return Question(code=code, kind=kind, wording=text, **settings)


def one_of_each() -> list[Question]:
    """Return a question of every kind that a room can be asked, each under a code of its own."""
    abc = options("Light", "Bins", "Benches")
    return [
        make_question("one_of", "one", options=abc),
        make_question("several_of", "several", options=abc, high=2),
        make_question("yes_no", "yes"),
        make_question("scale", "scale", low=1, high=5, options=abc[:2]),
        make_question("ranking", "rank", options=abc),
        make_question("points", "dots", options=abc, high=10),
        make_question("gradients", "gradients"),
        make_question("fist", "fist"),
        make_question("ready", "ready"),
        make_question("words", "words", high=3),
        make_question("line", "line", high=80),
        make_question("text", "text", high=1_500),
        make_question("number", "number", low=0, high=2_000),
        make_question("money", "money", high=200_000),
        make_question("date", "date"),
        make_question("name", "name", high=80),
        make_question("contact", "contact"),
        make_question("place", "place"),
        make_question("consent", "consent", help=Translated.of(en="We keep it for a year.")),
    ]
