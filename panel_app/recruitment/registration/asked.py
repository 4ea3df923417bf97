"""What somebody who registers is asked, and what their answers make of them.

The panel's own questionnaire holds what everybody is asked and what the panel added. Its targets
bring the features, each a question; the consent comes last.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from itertools import chain, count
from typing import Any

from flask import url_for
from sqlalchemy import select

from panel_app.core import clock
from panel_app.core.db import db, found
from panel_app.core.text import _
from panel_app.core.translated import Translated
from panel_app.panels.models import Panel
from panel_app.questions import asking
from panel_app.questions import services as questionnaires
from panel_app.questions.kinds.numbers import whole
from panel_app.questions.models import Questionnaire
from panel_app.questions.question import Answer, Answers, Option, Question
from panel_app.questions.uses import Use
from panel_app.recruitment import lottery_rows, support
from panel_app.recruitment.registration import columns, rules
from panel_app.recruitment.registration.models import ConsentText, Registration, RegistrationPage
from panel_app.recruitment.wordings import wordings_of
from panel_app.web.i18n import in_every_language
from sortition.folding import fold
from sortition.meanings import NO_ANSWER

USE = "registration"
#: Their answers are read: by the rules, on letters, by the lottery, by whoever helps to come.
FIXED = frozenset({"age", "address", "postcode", "name", "contact", "help", "words", "consent"})
#: The option of whoever would rather not say, where the organiser chose what becomes of them, and
#: what they are told by that rule.
UNSAID = "unsaid"
_UNSAID: dict[str, Any] = {
    "leave": _("If you would rather not say, you can be drawn all the same."),
    "exclude": _("Whoever would rather not say can’t be drawn: the lottery needs the answer."),
}
#: The same of the age, which has no options: it may stay empty.
_NO_AGE: dict[str, Any] = {
    "leave": _("Leave it empty if you would rather not say. You can be drawn all the same."),
    "exclude": _(
        "Leave it empty if you would rather not say. Then you can’t be drawn: the lottery needs it."
    ),
}
LONGEST_ADDRESS, LONGEST_NAME, LONGEST_HEADING = 200, 100, 60
HEARD: dict[str, Any] = {
    "letter": _("A letter"),
    "person": _("Somebody told me"),
    "poster": _("A poster or leaflet"),
    "online": _("Online"),
    "event": _("At an event, or at a stand"),
    "other": _("Another way"),
}


def default_questions() -> list[Question]:
    """Return what everybody is asked beside the features, until the panel changes that."""
    heard = _("How did you hear of this?")
    return [
        *_who_they_are(),
        *_what_would_help(),
        _question("heard", "one_of", heard, options=_options(HEARD), required=False),
        _question("consent", "consent", _("I agree")),
    ]


def _who_they_are() -> list[Question]:
    return [
        _question("age", "number", _("How old are you?"), low=0, high=rules.OLDEST),
        _question(
            "address",
            "line",
            _("Where do you live?"),
            _("The number, the street, and the flat if there is one."),
            high=LONGEST_ADDRESS,
        ),
        _question("postcode", "place", _("Your postcode"), with_previous=True),
        _question(
            "name",
            "name",
            _("What is your name?"),
            _("As it is to stand on a letter."),
            high=LONGEST_NAME,
        ),
        _question(
            "contact",
            "contact",
            _("How can we reach you?"),
            _("An e-mail address or a phone number."),
        ),
    ]


def _what_would_help() -> list[Question]:
    return [
        _question(
            "help",
            "several_of",
            _("What would help you come?"),
            _("Leave it empty if there is nothing. It does not change your chance."),
            options=_options(support.KINDS),
            required=False,
            hidden=True,
        ),
        _question(
            "words",
            "text",
            _("Anything we should know about it"),
            high=support.LONGEST_WORDS,
            required=False,
            hidden=True,
            with_previous=True,
        ),
    ]


def questionnaire_of(panel: Panel) -> Questionnaire | None:
    """Return the panel's questions, where there are any."""
    mine = Questionnaire.panel_id == panel.id, Questionnaire.use == USE
    return db.session.scalar(select(Questionnaire).where(*mine))


def make_questionnaire(panel: Panel) -> Questionnaire:
    """Return the panel's questions; a panel without any begins with those that all have."""
    return questionnaire_of(panel) or questionnaires.create_questionnaire(
        panel=panel, use=USE, questions=default_questions()
    )


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked on one way in, with what its answers mean."""

    page: RegistrationPage
    questions: tuple[Question, ...]
    #: Question code to feature, and option code to value.
    features: Mapping[str, str] = field(default_factory=dict)
    values: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    #: The feature that tells ages apart, and what puts an age into its band.
    age_feature: str = ""
    band: Callable[[str], str | None] | None = None

    def pages(self, answers: Answers) -> dict[str, list[Question]]:
        """Return the questions page by page, by the code of the page's first."""
        return {page[0].code: page for page in asking.pages_of(self.questions, answers)}

    def put(self, answers: Answers) -> list[Question]:
        """Return the questions that somebody is asked who answered so far like this."""
        return asking.asked_of(self.questions, answers)

    def faults(self, answers: Answers) -> dict[str, Any]:
        """Return what is wrong with the answers, missing, or against the rules, by question."""
        wrong = asking.faults(self.put(answers), answers)
        for code, fault in (("age", self._age_fault(answers)), ("postcode", self._area(answers))):
            if fault and code not in wrong:
                wrong[code] = fault
        return wrong

    def features_of(self, answers: Answers) -> dict[str, str]:
        """Return feature to value, as the targets spell them, of answers without fault."""
        found = {
            self.features[code]: {**values, UNSAID: NO_ANSWER}[str(answers[code])]
            for code, values in self.values.items()
        }
        if self.band is not None:
            age = whole(str(answers.get("age", "")))
            found[self.age_feature] = NO_ANSWER if age is None else self.band(str(age)) or ""
        return found

    def details(self, answers: Answers, language: str) -> dict[str, str]:
        """Return what is sealed of somebody in the pool, by the columns of the pool."""
        given = {question.code: plain(question, answers) for question in self.put(answers)}
        asked = [q for q in self.put(answers) if q.code not in {*FIXED, "heard", *self.features}]
        own = {name: given[code] for code, name in headings(asked).items()}
        return {
            columns.NAME: given.get("name", ""),
            columns.CONTACT: given.get("contact", ""),
            # Not asked of somebody whose letter says it.
            columns.ADDRESS: str(answers.get("address", "")),
            columns.POSTCODE: str(answers.get("postcode", "")),
            columns.LANGUAGE: language,
            columns.HEARD: given.get("heard", ""),
            **own,
        }

    def _age_fault(self, answers: Answers) -> Any | None:
        age = whole(str(answers.get("age", "")))
        if age is None or "age" not in {question.code for question in self.questions}:
            return None
        fault = rules.age_fault(self.page.youngest, self.page.oldest, age)
        if fault is None and self.band is not None and self.band(str(age)) is None:
            return _("None of this panel’s age groups holds that age.")
        return fault

    def _area(self, answers: Answers) -> Any | None:
        postcode = str(answers.get("postcode", ""))
        return rules.area_fault(self.page.areas, postcode) if postcode else None


def asked_in(registration: Registration) -> Asked:
    """Return what somebody is asked who began to register."""
    version = registration.version
    kept = version.questions if version else tuple(default_questions())
    invited = registration.code_digest is not None and "address" in registration.answers
    return asked_on(registration.page, kept, registration.consent, invited=invited)


def asked_now(page: RegistrationPage) -> Asked:
    """Return what is asked of whoever begins now."""
    panel = page.panel
    kept = found(questionnaire_of(panel)).newest.questions
    return asked_on(page, kept, found(consent_of(panel)))


def asked_on(
    page: RegistrationPage,
    kept: tuple[Question, ...],
    consent: ConsentText,
    *,
    invited: bool = False,
) -> Asked:
    """Return what is asked on a way in; of somebody invited the address is known."""
    panel = page.panel
    targets, wordings = lottery_rows.stored_targets(panel), wordings_of(panel)
    rule = lottery_rows.rule_for_silence(panel)
    unsaid = _options({UNSAID: _("I would rather not say")}) if rule in _UNSAID else ()
    today, made, meant, names = clock.now().date(), [], {}, {}
    age_feature, band = "", None
    for feature in targets.features:
        values = targets.values(feature)
        by_age = rules.ages_in(feature, values, today) if band is None else None
        if by_age is not None:
            age_feature, band = feature, by_age
            continue
        code = _code("f", feature)
        names[code], meant[code] = feature, {_code("v", value): value for value in values}
        options = [Option(c, wordings.of(feature, value)) for c, value in meant[code].items()]
        made.append(
            Question(
                code=code,
                kind="one_of",
                wording=wordings.of(feature),
                help=in_every_language(_UNSAID[rule]) if rule in _UNSAID else None,
                options=(*options, *unsaid),
            )
        )
    ages = band is not None or page.youngest is not None or page.oldest is not None
    known = {"address", "postcode"} if invited else set()
    left = [one for one in kept if one.code not in known and (ages or one.code != "age")]
    if rule in _NO_AGE and page.youngest is None and page.oldest is None:
        left = [_may_stay_empty(one, rule) if one.code == "age" else one for one in left]
    return Asked(page, _ordered(left, made, consent), names, meant, age_feature, band)


def _may_stay_empty(age: Question, rule: str) -> Question:
    """Return the question of the age for a panel where nobody has to say it."""
    return replace(age, required=False, help=in_every_language(_NO_AGE[rule]))


def headings(questions: Iterable[Question]) -> dict[str, str]:
    """Return the pool's columns that hold the answers to a panel's own questions, by their codes.

    A question worded as a column that is there, or as another question, gets a number.
    """
    taken, found = {fold(column) for column in columns.COLUMNS}, {}
    for question in questions:
        wording = str(question.wording)[:LONGEST_HEADING]
        numbered = (f"{wording} ({number})" for number in count(2))
        name = next(each for each in chain([wording], numbered) if fold(each) not in taken)
        taken.add(fold(name))
        found[question.code] = name
    return found


def _ordered(
    kept: list[Question], features: list[Question], consent: ConsentText
) -> tuple[Question, ...]:
    """Put the features before what would help to come, and the consent at the end."""
    asked: list[Question] = []
    last: list[Question] = []
    for one in kept:
        if one.code == "help":
            asked += features
        if one.code == "consent":
            last = [replace(one, help=consent.wording)]
        else:
            asked.append(one)
    return (*asked, *last)


def plain(question: Question, answers: Answers) -> str:
    """Return an answer as a cell of a file, options in English."""
    answer: Answer = answers.get(question.code, "")
    words = {option.code: str(option.wording) for option in question.options}
    if isinstance(answer, list):
        return ", ".join(words.get(each, each) for each in answer)
    if isinstance(answer, dict):
        return json.dumps(answer, ensure_ascii=False)
    return words.get(answer, answer)


def _code(letter: str, name: str) -> str:
    """Return a code for a feature or a value: the same for the same name, whatever the order."""
    return letter + hashlib.sha256(name.encode()).hexdigest()[:10]


def _question(code: str, kind: str, wording: Any, help: Any = None, **more: Any) -> Question:
    return Question(
        code=code,
        kind=kind,
        wording=in_every_language(wording),
        help=in_every_language(help) if help else None,
        **more,
    )


def _options(words: Mapping[str, Any]) -> tuple[Option, ...]:
    return tuple(Option(code, in_every_language(each)) for code, each in words.items())


def consent_of(panel: Panel) -> ConsentText | None:
    """Return the text that people are asked to consent to now."""
    mine = select(ConsentText).where(ConsentText.panel_id == panel.id)
    return db.session.scalars(mine.order_by(ConsentText.number.desc()).limit(1)).first()


def default_consent(panel: Panel) -> Translated:
    """Return the text that a panel begins with."""
    return in_every_language(
        _(
            "The organisers may keep what I answered, to draw the panel by lottery and to write to"
            " me about it. I can change it or take my name back."
        )
    )


def _home(questionnaire: Questionnaire) -> tuple[str, Any]:
    return url_for("registration_desk.show"), _("Registration")


QUESTIONS = Use(
    name=USE,
    permission="organise",
    title=lambda questionnaire: _("Registration"),
    home=_home,
    fixed=FIXED,
)
