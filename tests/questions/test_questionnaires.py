"""Questionnaires: conditions, pages, versions that stay, answers that the newest replaces."""

from __future__ import annotations

from dataclasses import replace

import pytest
from flask import Flask

from panel_app.core import feature
from panel_app.core.db import db
from panel_app.core.errors import Conflict, Refused
from panel_app.questions import asking, drafting, queries, services, uses
from panel_app.questions.models import AnswerSet, Questionnaire
from panel_app.questions.question import Condition, Question
from tests.factories.panels import make_panel
from tests.factories.questions import make_question, one_of_each, options

ACTOR = "staff:test"
TEST = uses.Use(
    name="test",
    permission="organise",
    title=lambda _questionnaire: "Test",
    home=lambda _questionnaire: ("/", "Home"),
    fixed=frozenset({"fixed"}),
)


@pytest.fixture(autouse=True)
def use(app: Flask) -> None:
    """Have a use that no feature offers."""
    feature.offer(app, TEST)


def made(*questions: Question) -> Questionnaire:
    return services.create_questionnaire(panel=make_panel(), use="test", questions=questions)


YES = make_question("yes_no", "first")
AFTER = make_question("line", "second", only_if=Condition("first", "yes"))
THIRD = make_question("line", "third", only_if=Condition("second", "x"))


@pytest.mark.parametrize(
    ("answers", "asked"),
    [
        ({}, ["first"]),
        ({"first": "no", "second": "x"}, ["first"]),
        ({"first": "yes"}, ["first", "second"]),
        ({"first": "yes", "second": "x"}, ["first", "second", "third"]),
    ],
)
def test_conditions_hold_along_the_chain(answers: dict[str, str], asked: list[str]) -> None:
    assert [one.code for one in asking.asked_of([YES, AFTER, THIRD], answers)] == asked


def test_ticked_answer_meets_a_condition() -> None:
    assert Condition("one", "a").met({"one": ["a", "b"]})
    assert not Condition("one", "c").met({"one": ["a", "b"]})


def test_joined_questions_share_a_page() -> None:
    joined = replace(YES, code="joined", with_previous=True)
    assert asking.pages([YES, joined, AFTER]) == [[YES, joined], [AFTER]]
    assert asking.pages([joined]) == [[joined]]


def test_version_stays_once_somebody_was_asked(app: Flask) -> None:
    with app.app_context():
        questionnaire = made(YES)
        services.revise(questionnaire=questionnaire, questions=[YES, AFTER], actor=ACTOR)
        assert [version.number for version in questionnaire.versions] == [1]
        asked = services.freeze(questionnaire.newest)
        digest = asked.digest
        services.revise(questionnaire=questionnaire, questions=[YES], actor=ACTOR)
        assert [version.number for version in questionnaire.versions] == [1, 2]
        assert (asked.digest, asked.questions) == (digest, (YES, AFTER))
        assert questionnaire.newest.frozen_at is None
        assert services.freeze(asked).frozen_at is not None


def test_codes_are_never_used_again(app: Flask) -> None:
    with app.app_context():
        questionnaire = made(make_question("line", "q1"), make_question("line", "q2"))
        services.freeze(questionnaire.newest)
        services.remove_question(questionnaire=questionnaire, code="q2", actor=ACTOR)
        assert services.code_for_another(questionnaire) == "q3"


def test_question_that_another_waits_for_stays_before_it(app: Flask) -> None:
    with app.app_context():
        questionnaire = made(YES, AFTER)
        with pytest.raises(Refused, match="only asked after"):
            services.remove_question(questionnaire=questionnaire, code="first", actor=ACTOR)
        with pytest.raises(Refused, match="an earlier one offers"):
            services.move_question(
                questionnaire=questionnaire, code="first", towards="later", actor=ACTOR
            )


def test_question_that_is_used_elsewhere_changes_its_words_only(app: Flask) -> None:
    with app.app_context():
        fixed = make_question("one_of", "fixed", options=options("A", "B"))
        questionnaire = made(fixed)
        with pytest.raises(Conflict, match="has to stay"):
            services.remove_question(questionnaire=questionnaire, code="fixed", actor=ACTOR)
        for change in (
            replace(fixed, kind="yes_no", options=()),
            replace(fixed, options=options("A", "B", "C")),
            replace(fixed, required=False),
        ):
            with pytest.raises(Conflict, match="only the words"):
                services.change_question(questionnaire=questionnaire, question=change, actor=ACTOR)
        reworded = replace(fixed, wording=fixed.wording.with_version("en", "Which of them?"))
        services.change_question(questionnaire=questionnaire, question=reworded, actor=ACTOR)
        assert questionnaire.newest.questions == (reworded,)


@pytest.mark.parametrize(
    ("question", "field"),
    [
        (make_question("one_of", options=options("A")), "options_en"),
        (make_question("scale", low=1, high=5, options=options("A")), "options_en"),
        (make_question("scale", low=1, high=11), "high"),
        (make_question("number", low=5, high=4), "high"),
        (make_question("yes_no", high=3), "high"),
        (make_question("line", only_if=Condition("later", "yes")), "only_if"),
    ],
)
def test_what_cannot_be_asked_is_refused(question: Question, field: str) -> None:
    with pytest.raises(Refused) as refusal:
        drafting.check([question])
    assert refusal.value.field == field


def test_every_sample_can_be_asked() -> None:
    drafting.check(one_of_each())


def test_newest_answers_count_once_however_late_older_ones_come(app: Flask) -> None:
    with app.app_context():
        version = services.freeze(made(YES).newest)
        for counter, answer in ((1, "yes"), (3, "no"), (2, "yes")):
            services.keep_answers(
                version_id=version.id,
                about="item:x",
                who="seat",
                answers={"first": answer},
                counter=counter,
            )
        kept = db.session.query(AnswerSet).one()
        assert (kept.answers, kept.counter) == ({"first": "no"}, 3)
        assert queries.people("item:x") == 1
        assert queries.answers_by("item:y", "seat") is None


def test_pseudonym_is_the_persons_own_for_each_purpose(app: Flask) -> None:
    with app.app_context():
        names = {services.pseudonym(about, who) for about in "ab" for who in "xy"}
        assert len(names) == 4
        assert services.pseudonym("a", "x") in names
