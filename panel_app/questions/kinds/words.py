"""A question answered in a few single words, which together make a cloud."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence
from random import Random
from typing import Any

from panel_app.core import disclosure
from panel_app.core.text import _
from panel_app.core.typed import one_line
from panel_app.questions import made_up, summaries
from panel_app.questions.kinds.kind import Bound, Kind, Typed, too_long
from panel_app.questions.question import Answer, Question
from panel_app.questions.summaries import Row, Summary
from panel_app.web.i18n import theirs

WORDS, MOST_WORDS, LONGEST_WORD = 3, 5, 30
#: More different words than these, the rarest, are not kept.
MOST_KEPT = 60
#: Accents of European scripts, vowel signs of Arabic, and its stretching: not those of Bengali,
#: which tell words apart.
_MARKS = re.compile("[\u0300-\u036f\u064b-\u065f\u0670\u0640]")
_BETWEEN = re.compile("[,;\u060c\u061b\u3001\n]+")
_EDGES = " \t.!?\u0964\u061f\"'“”‘’()"


class Words(Kind):
    """A few words with commas between them; case, accents and plurals count as the same."""

    name = "words"
    title = _("Words for a cloud")
    own_words = True
    template = "questions/kinds/words.html"
    high = Bound(_("How many words"), 1, MOST_WORDS, WORDS)

    def kept(self, question: Question, typed: Typed) -> Answer:
        """Keep each word once, without what stands around it."""
        parts = (one_line(part).strip(_EDGES) for part in _BETWEEN.split(typed.text()))
        return list({plain(word): word for word in parts if word}.values())

    def fault(self, question: Question, answer: Any) -> Any | None:
        """Refuse too many words, and what is no single word."""
        most = question.high or WORDS
        if len(answer) > most:
            return _("Write at most %(most)s.", most=most)
        return next(filter(None, (too_long(word, LONGEST_WORD) for word in answer)), None)

    def made_up(self, question: Question, random: Random) -> Answer:
        """Return one or two words."""
        known = made_up.words()
        return random.sample(known, random.randint(1, min(2, question.high or WORDS)))

    def words(self, question: Question, answer: Any) -> Any:
        """Return the words in a row."""
        return theirs(", ".join(answer))

    def hint(self, question: Question) -> Any | None:
        """Say how many there may be."""
        return _("At most %(most)s, with commas between them.", most=question.high or WORDS)

    def summarise(self, question: Question, answers: Sequence[Any]) -> Summary:
        """Return the words by how many wrote them; counts under five are told as such."""
        if not disclosure.may_tell(len(answers)):
            return summaries.told(len(answers))
        rows = []
        for word, people in _merged(answers)[:MOST_KEPT]:
            few = not disclosure.may_tell(people)
            low, high = (1, disclosure.FEWEST - 1) if few else (people, people)
            rows.append(Row(word, low, high, len(answers)))
        return Summary(len(answers), tuple(rows))

    def label(self, question: Question, key: str) -> Any:
        """Return the word, as whoever wrote it."""
        return theirs(key)


def plain(word: str) -> str:
    """Return what words have in common that differ in case and accents alone."""
    bare = _MARKS.sub("", unicodedata.normalize("NFKD", word))
    return unicodedata.normalize("NFC", bare).casefold()


def _merged(answers: Iterable[Sequence[str]]) -> list[tuple[str, int]]:
    """Return words as most people wrote them and by how many, the most first, then by letters.

    A plural counts with its singular where somebody wrote that too.
    """
    written: dict[str, Counter[str]] = {}
    people: Counter[str] = Counter()
    known = {plain(word) for words in answers for word in words}
    for words in answers:
        for key, word in {_singular(plain(word), known): word for word in words}.items():
            written.setdefault(key, Counter())[word] += 1
            people[key] += 1
    shown = {key: _most_written(each) for key, each in written.items()}
    ordered = sorted(people, key=lambda key: (-_told(people[key]), key))
    return [(shown[key], people[key]) for key in ordered]


def _most_written(spellings: Counter[str]) -> str:
    return min(spellings, key=lambda word: (-spellings[word], word))


def _told(people: int) -> int:
    """Return what the order may tell: words of fewer than five stand by letters alone."""
    return people if disclosure.may_tell(people) else 0


def _singular(key: str, known: set[str]) -> str:
    for ending, instead in (("ies", "y"), ("es", ""), ("s", "")):
        single = key.removesuffix(ending) + instead
        if key.endswith(ending) and len(single) > 1 and single in known:
            return single
    return key
