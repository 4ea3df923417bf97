"""Every kind of question: what is shown is what was kept, and nothing typed breaks it."""

from __future__ import annotations

from collections.abc import Iterator
from random import Random
from typing import Any

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from werkzeug.datastructures import MultiDict

from panel_app.core.errors import Refused
from panel_app.core.typed import one_line
from panel_app.questions import asking
from panel_app.questions.kinds import KINDS, kind_called
from panel_app.questions.question import Answer, Question
from tests.checked_client import parse, text_of
from tests.factories.questions import make_question, one_of_each
from tests.questions.forms import sent

PHOTO = make_question("photo", "photo")
DOCUMENT = make_question("document", "document")
EACH = {question.kind: question for question in [*one_of_each(), PHOTO, DOCUMENT]}
PLAIN = st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs")), max_size=90)
LINES = st.lists(PLAIN, max_size=4).map("\n".join)
WORDS = st.sampled_from(["light", "Bins", "café", "আলো"])
DIGITS = st.sampled_from(["{}", "٠{}", " {} ", "{}\u200e"])
#: Right answers of each kind, as somebody types or ticks them.
RIGHT: dict[str, st.SearchStrategy[Any]] = {
    "one_of": st.sampled_from("abc"),
    "several_of": st.lists(st.sampled_from("abc"), unique=True, max_size=2).map(sorted),
    "yes_no": st.sampled_from(["yes", "no"]),
    "scale": st.sampled_from("12345"),
    "ranking": st.permutations(["a", "b", "c"]).map(list),
    "points": st.dictionaries(st.sampled_from("abc"), st.sampled_from("123"), min_size=1),
    "gradients": st.sampled_from(["support", "mostly", "live", "doubts", "object"]),
    "fist": st.sampled_from("012345"),
    "ready": st.sampled_from(["ready", "time"]),
    "words": st.lists(
        st.sampled_from(["light", "Bins", "café", "আলো"]), min_size=1, max_size=3
    ).map(lambda words: ", ".join(words)),
    "line": PLAIN.filter(lambda text: len(text) <= 80),
    "text": LINES,
    "number": st.tuples(DIGITS, st.integers(0, 2_000)).map(lambda n: n[0].format(n[1])),
    "money": st.integers(1, 200_000).map(lambda pence: f"£{pence / 100:.2f}"),
    "date": st.dates().map(lambda day: f"{day.day}/{day.month}/{day.year:04}"),
    "name": PLAIN.filter(lambda text: len(text) <= 80),
    "contact": st.sampled_from(["rosa@example.org", "+44 (0)7700-900123", "07700 900123"]),
    "place": st.sampled_from(["e1 6an", "SW1A 1AA", "Block D", "ব্লক ঘ"]),
    "consent": st.just("yes"),
    "document": PLAIN.map(one_line)
    .filter(bool)
    .map(lambda t: {"document": "abc123def456", "text": t}),
    "photo": PLAIN.map(one_line).filter(bool).map(lambda t: {"photo": "abc123def456", "text": t}),
}


@pytest.fixture
def asked(app: Flask) -> Iterator[None]:
    with app.test_request_context("/?l=en"):
        yield


def fields_of(question: Question, answer: Any) -> MultiDict[str, str]:
    """Return what a form sends for an answer."""
    fields: MultiDict[str, str] = MultiDict()
    if isinstance(answer, dict):
        for part, text in answer.items():
            fields.add(f"{question.code}.{part}", text)
    else:
        for value in [answer] if isinstance(answer, str) else answer:
            fields.add(question.code, value)
    return fields


def kept(question: Question, answer: Any) -> Answer:
    return asking.read([question], fields_of(question, answer))[question.code]


def shown(question: Question, answer: Answer) -> MultiDict[str, str]:
    """Return what the page sends back where nobody touches it."""
    (one,) = asking.on_page([question], {question.code: answer})
    return sent(parse(f"<!doctype html><title>x</title>{one.html}"))


def test_every_kind_has_a_sample() -> None:
    assert list(EACH) == [kind.name for kind in KINDS]
    assert set(RIGHT) == set(EACH)


@pytest.mark.parametrize("kind", EACH)
@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_what_is_shown_is_what_was_kept(asked: None, kind: str, data: st.DataObject) -> None:
    question = EACH[kind]
    answer = kept(question, data.draw(RIGHT[kind]))
    assert asking.faults([question], {question.code: answer}, complete=False) == {}
    again = asking.read([question], shown(question, answer))[question.code]
    assert again == answer or (asking.is_empty(answer) and kind == "ranking")
    words = asking.in_words(question, answer)
    assert (words is None) == asking.is_empty(answer)
    parse(f"<p>{words}</p>", fragment=True)


@pytest.mark.parametrize("kind", EACH)
@pytest.mark.parametrize("part", ["", ".text", ".a"])
def test_no_kind_keeps_a_text_without_end(asked: None, kind: str, part: str) -> None:
    question = EACH[kind]
    fields = MultiDict([(f"{question.code}{part}", "9" * (asking.LONGEST + 1))])
    try:
        answer = asking.read([question], fields)[question.code]
    except Refused:
        return
    assert len(str(answer)) <= asking.LONGEST


ANYTHING = st.text(max_size=200) | st.sampled_from(
    ["\0", "٣", "²", "½", "-0", "1e309", "NaN", "9" * 60, "<b>", "a", "2026-02-30", "31/02/2026"]
)


@pytest.mark.parametrize("kind", EACH)
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    texts=st.lists(ANYTHING, max_size=4), part=st.sampled_from(["a", "b", "z", "up.a", "down.c"])
)
def test_nothing_that_is_sent_breaks_a_kind(
    asked: None, kind: str, texts: list[str], part: str
) -> None:
    question = EACH[kind]
    fields = MultiDict([(question.code, text) for text in texts])
    fields.add(f"{question.code}.{part}", texts[-1] if texts else "1")
    answer = asking.read([question], fields)[question.code]
    faults = asking.faults([question], {question.code: answer})
    assert set(faults) <= {question.code}
    (one,) = asking.on_page([question], {question.code: answer}, faults)
    tree = parse(f"<!doctype html><title>x</title>{one.html}")
    assert text_of(tree)
    if not faults:
        words = asking.in_words(question, answer)
        assert words is not None
        kind_called(kind).summarise(question, [answer] * 6)


@pytest.mark.parametrize("kind", EACH)
def test_needed_one_is_asked_for_and_another_may_be_left(asked: None, kind: str) -> None:
    question = EACH[kind]
    assert asking.faults([question], {}) != {}
    assert asking.faults([make_question(kind, required=False)], {}) == {}


@pytest.mark.parametrize(
    ("kind", "answer", "words"),
    [
        ("one_of", "d", "Choose one of these."),
        ("several_of", ["a", "b", "c"], "Tick at most 2."),
        ("several_of", ["z"], "Choose one of these."),
        ("scale", "6", "Choose one of these."),
        ("ranking", ["a", "a", "b"], "in its place once"),
        ("points", {"a": "6", "b": "5"}, "These are 11 points; there are 10."),
        ("points", {"a": "-1"}, "whole numbers"),
        ("points", {"a": "0"}, "at least one point"),
        ("line", "x" * 81, "at most 80 characters"),
        ("number", "2001", "2,000 or less"),
        ("number", "-1", "0 or more"),
        ("number", "12 people", "Type a whole number"),
        ("money", "2000.01", "£2,000"),
        ("money", "0", "more than nothing"),
        ("date", "30/02/2026", "Type a date"),
        ("contact", "rosa", "e-mail address or a phone number"),
        ("place", "x" * 121, "at most 120 characters"),
    ],
)
def test_wrong_answers_are_told_what_is_wrong(
    asked: None, kind: str, answer: Any, words: str
) -> None:
    question = EACH[kind]
    faults = asking.faults([question], {question.code: kept(question, answer)})
    assert words in str(faults[question.code])


def test_text_beyond_measure_is_not_kept(asked: None) -> None:
    with pytest.raises(Refused, match="at most 1500 characters"):
        kept(EACH["text"], "x" * 5_001)


@pytest.mark.parametrize(
    ("pressed", "order"),
    [("up.b", "bac"), ("up.a", "abc"), ("down.b", "acb"), ("down.c", "abc"), ("up.z", "abc")],
)
def test_buttons_move_one_place(asked: None, pressed: str, order: str) -> None:
    question = EACH["ranking"]
    fields = fields_of(question, ["a", "b", "c"])
    fields.add(f"rank.{pressed}", "1")
    assert asking.read([question], fields)["rank"] == list(order)
    assert asking.moves([question], fields)
    assert not asking.moves([question], fields_of(question, ["a", "b", "c"]))


def test_question_is_written_and_read_back() -> None:
    for question in one_of_each():
        assert Question.from_json(question.to_json()) == question


@pytest.mark.parametrize("kind", [kind.name for kind in KINDS])
def test_made_up_people_answer_as_somebody_could(asked: None, kind: str) -> None:
    question = EACH[kind]
    for number in range(20):
        answers = asking.made_up([question], Random(number))
        assert bool(answers) is not kind_called(kind).uploads
        assert not asking.faults([question], answers, complete=False)
