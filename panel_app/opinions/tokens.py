"""Splitting texts of any script into words; which texts nearly repeat each other."""

from __future__ import annotations

import unicodedata
from collections.abc import Collection, Iterator, Mapping
from itertools import groupby

from panel_app.opinions.stop_words import STOP_WORDS

#: Scripts written without spaces: their words are taken as pairs of characters.
_UNSPACED = ("CJK", "HIRAGANA", "KATAKANA", "THAI", "LAO", "KHMER", "MYANMAR")
SHORTEST_WORD = 2
#: Arabic vowel signs and the stretching line, which most people don't write.
_SILENT = dict.fromkeys([0x640, *range(0x64B, 0x653)])


def words_of(text: str) -> list[str]:
    """Lower-case words of at least two characters; marks stay with their letters.

    Bengali or Arabic words are not torn at their vowel signs, and text in scripts without
    spaces becomes overlapping pairs of characters.
    """
    return [word for run in _runs(text) for word in run if len(word) >= SHORTEST_WORD]


def _runs(text: str) -> Iterator[list[str]]:
    """The words of each stretch of letters, marks and digits of one kind of script."""
    folded = unicodedata.normalize("NFKC", text).casefold().translate(_SILENT)
    for kind, characters in groupby(folded, key=_kind):
        run = "".join(characters)
        if kind == "spaced":
            yield [run]
        elif kind == "unspaced":
            yield [run[place : place + 2] for place in range(len(run) - 1)]


def _kind(character: str) -> str:
    if unicodedata.category(character)[0] not in "LMN":
        return "between"
    name = unicodedata.name(character, "")
    return "unspaced" if name.startswith(_UNSPACED) else "spaced"


def empty_words(languages: Collection[str], topic: str = "") -> set[str]:
    """Stop words of the languages, and the topic's own words, which every text repeats.

    Languages without a list of ours have none; region and script after the hyphen are
    ignored.
    """
    empty = set(words_of(topic))
    for language in languages:
        code = language.replace("_", "-").split("-")[0].lower()
        if code == "en":
            empty |= _english()
        empty |= STOP_WORDS.get(code, frozenset())
    return empty


def _english() -> frozenset[str]:
    from sklearn.feature_extraction.text import ENGLISH_STOP_WORDS

    english: frozenset[str] = ENGLISH_STOP_WORDS
    return english


#: Share of words in common from which a statement nearly repeats another.
NEARLY_THE_SAME = 0.7


def nearest(text: str, others: Mapping[int, str]) -> int | None:
    """Return the number of the statement that `text` nearly repeats, or None."""
    return next(iter(alike(text, others)), None)


def alike(text: str, others: Mapping[int, str]) -> list[int]:
    """Return the numbers of the statements that `text` nearly repeats, the likest first.

    Likeness is twice the words in common over the words of both (Dice 1945), from 0 to 1.
    Common words count: “not” turns a statement round.
    """
    words = frozenset(words_of(text))
    likeness = {number: _dice(words, frozenset(words_of(o))) for number, o in others.items()}
    near = [number for number, like in likeness.items() if like >= NEARLY_THE_SAME]
    return sorted(near, key=lambda number: (-likeness[number], number))


def _dice(one: frozenset[str], other: frozenset[str]) -> float:
    return 2 * len(one & other) / (len(one) + len(other)) if one and other else 0.0
