"""Proposing themes for free texts, and keeping what facilitators made of them."""

from __future__ import annotations

import warnings
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise
from typing import TYPE_CHECKING

from panel_app.gettext_protocol import Gettext, Ngettext
from panel_app.opinions.theme_book import Theme, ThemeBook
from panel_app.opinions.tokens import empty_words, words_of

if TYPE_CHECKING:
    from panel_app.opinions.votes import Floats

MOST_THEMES = 10
TEXTS_PER_THEME = 6
FEWEST_TEXTS = 12
FEWEST_WORDS = 2  # that say something, in a text worth counting
KEY_WORDS = 8
EXAMPLES = 3
#: A word must be in this many texts to shape a theme.
FEWEST_MENTIONS = 2
#: A text belongs to a theme when its weight there is at least this.
FAINTEST = 1e-3
#: A new theme takes over an old one's name when their key words are at least this alike.
SAME_THEME = 0.3


class Thinness(StrEnum):
    """Why there is too little to theme."""

    FEW_TEXTS = "few_texts"
    FEW_WORDS = "few_words"


@dataclass(frozen=True)
class Themes:
    """Proposed themes with their texts, those without one, or why there is none.

    `assigned` maps text id to theme id; `examples` are a theme's most typical texts.
    """

    book: ThemeBook
    assigned: Mapping[str, str]
    examples: Mapping[str, tuple[str, ...]]
    without: tuple[str, ...]
    thinness: Thinness | None = None
    counted: int = 0


def propose_themes(
    texts: Mapping[str, str],
    *,
    topic: str = "",
    languages: Collection[str] = ("en",),
    book: ThemeBook | None = None,
    count: int | None = None,
) -> Themes:
    """Propose themes for texts (id to text) by TF-IDF and NMF; repeatable.

    The topic's own words and the languages' stop words are left out. `book` holds what
    facilitators did to earlier proposals: their names, merges and moves stay. `count`
    asks for a number of themes. Too few or too short texts give no new themes; those of
    the book stay.
    """
    book = book or ThemeBook()
    empty = empty_words(languages, topic)
    worded = {name: _telling_words(text, empty) for name, text in texts.items()}
    counted = {name: words for name, words in worded.items() if len(words) >= FEWEST_WORDS}
    if len(counted) < FEWEST_TEXTS:
        return _only_kept(book, texts, Thinness.FEW_TEXTS, len(counted))
    themes = count or max(2, min(MOST_THEMES, len(counted) // TEXTS_PER_THEME))
    fit = _factorise(counted, themes)
    if fit is None:
        return _only_kept(book, texts, Thinness.FEW_WORDS, len(counted))
    weights, profiles = fit
    refitted, theme_of = book.refit(profiles, likeness=SAME_THEME)
    return _assign(refitted, theme_of, texts, list(counted), weights)


def _telling_words(text: str, empty: Collection[str]) -> list[str]:
    return [word for word in words_of(text) if word not in empty and not word.isdecimal()]


def _words_and_pairs(words: Sequence[str]) -> list[str]:
    return [*words, *(f"{one} {two}" for one, two in pairwise(words))]


def _factorise(
    counted: Mapping[str, Sequence[str]], themes: int
) -> tuple[Floats, list[dict[str, float]]] | None:
    """Weights (texts, themes) and each theme's key words; None if no words recur."""
    import numpy as np
    from sklearn.decomposition import NMF
    from sklearn.exceptions import ConvergenceWarning
    from sklearn.feature_extraction.text import TfidfVectorizer

    try:
        vectorizer = TfidfVectorizer(analyzer=_words_and_pairs, min_df=FEWEST_MENTIONS)
        vectors = vectorizer.fit_transform(counted.values())
    except ValueError:
        return None
    distinct = len({tuple(words) for words in counted.values()})
    themes = max(1, min(themes, distinct, *vectors.shape))
    model = NMF(themes, init="nndsvda", max_iter=2_000, tol=1e-3, random_state=0)
    with warnings.catch_warnings():  # texts that repeat each other never "converge"
        warnings.simplefilter("ignore", ConvergenceWarning)
        weights = model.fit_transform(vectors)
    names = vectorizer.get_feature_names_out()
    profiles = [
        {str(names[column]): float(row[column]) for column in np.argsort(-row)[:KEY_WORDS]}
        for row in model.components_
    ]
    return weights, [{word: w for word, w in found.items() if w > 0} for found in profiles]


def _assign(
    book: ThemeBook,
    theme_of: Sequence[str],
    texts: Mapping[str, str],
    names: Sequence[str],
    weights: Floats,
) -> Themes:
    """Put each text into its strongest theme, unless a facilitator put it elsewhere."""
    strength: dict[str, float] = {}
    assigned: dict[str, str] = {}
    for name, row in zip(names, weights, strict=True):
        strongest = int(row.argmax())
        if row[strongest] > FAINTEST:
            assigned[name], strength[name] = theme_of[strongest], float(row[strongest])
    assigned |= {name: theme for name, theme in book.moved.items() if name in texts}
    examples = {theme.id: _examples(theme, assigned, strength) for theme in book.themes}
    without = tuple(name for name in texts if name not in assigned)
    return Themes(book, assigned, examples, without, counted=len(names))


def _examples(
    theme: Theme, assigned: Mapping[str, str], strength: Mapping[str, float]
) -> tuple[str, ...]:
    members = [name for name, of in assigned.items() if of == theme.id]
    return tuple(sorted(members, key=lambda name: -strength.get(name, 0.0))[:EXAMPLES])


def _only_kept(
    book: ThemeBook, texts: Mapping[str, str], thinness: Thinness, counted: int
) -> Themes:
    assigned = {name: theme for name, theme in book.moved.items() if name in texts}
    examples = {theme.id: _examples(theme, assigned, {}) for theme in book.themes}
    without = tuple(name for name in texts if name not in assigned)
    return Themes(book, assigned, examples, without, thinness, counted)


def thinness_sentence(
    thinness: Thinness | None, counted: int, *, gettext: Gettext, ngettext: Ngettext
) -> str | None:
    """Say that `counted` texts are too little to theme, or None where there was enough."""
    if thinness is Thinness.FEW_TEXTS:
        return ngettext(
            "There is too little to find themes in: %(num)s text says more than a word or two, "
            "and it takes at least %(needed)s.",
            "There is too little to find themes in: %(num)s texts say more than a word or two, "
            "and it takes at least %(needed)s.",
            counted,
            needed=FEWEST_TEXTS,
        )
    if thinness is Thinness.FEW_WORDS:
        return gettext("There are no themes to find: the texts hardly share any words.")
    return None
