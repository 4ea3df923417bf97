"""Themes are proposed, and facilitators name, join and move them."""

from __future__ import annotations

import json

import pytest

from panel_app.gettext_protocol import plain_gettext, plain_ngettext
from panel_app.opinions import ThemeBook, Thinness, propose_themes, thinness_sentence
from panel_app.opinions.themes import Theme

WORDS = {"gettext": plain_gettext, "ngettext": plain_ngettext}

SUBJECTS = {
    "bus": ["bus", "buses", "night bus", "bus stop", "bus lane"],
    "tree": ["trees", "street trees", "old trees", "park trees", "trees shade"],
    "damp": ["damp flats", "damp walls", "mould damp", "damp repairs", "damp mould"],
}
WISHES = ["Hillgrove needs better {}", "Please, Hillgrove, mend the {}", "There is too little {}"]


def texts(subjects: tuple[str, ...] = ("bus", "tree", "damp")) -> dict[str, str]:
    return {
        f"{subject}{number}-{wish}": sentence.format(words)
        for subject in subjects
        for number, words in enumerate(SUBJECTS[subject])
        for wish, sentence in enumerate(WISHES)
    }


def subject_theme(themes, subject: str) -> str:
    """The theme most texts of a subject are in."""
    of = [theme for text, theme in themes.assigned.items() if text.startswith(subject)]
    return max(set(of), key=of.count)


def test_subjects_become_themes_with_key_words() -> None:
    themes = propose_themes(texts(), topic="Hillgrove")
    ids = {subject_theme(themes, subject) for subject in SUBJECTS}
    assert len(ids) == 3
    damp = themes.book.theme(subject_theme(themes, "damp"))
    assert "damp" in damp.key_words
    assert damp.title.startswith("damp")


def test_words_of_topic_and_language_are_no_key_words() -> None:
    themes = propose_themes(texts(), topic="Hillgrove", languages=["en"])
    words = {word for theme in themes.book.themes for word in theme.key_words}
    assert not words & {"hillgrove", "please", "the", "there", "is"}


def test_proposal_is_repeatable() -> None:
    first, second = propose_themes(texts()), propose_themes(texts())
    assert first == second


def test_a_merged_theme_keeps_names_and_takes_what_was_moved() -> None:
    book = ThemeBook((Theme("t1", ({"bus": 1.0},)), Theme("t2", ({"tree": 2.0},))))
    book = book.rename("t2", " Outdoors ").move("a", "t1").merge("t1", into="t2")
    assert (book.theme("t2").name, book.moved) == ("Outdoors", {"a": "t2"})
    assert book.theme("t2").key_words == ("tree", "bus")
    assert [theme.id for theme in book.themes] == ["t2"]


def test_a_book_kept_by_an_older_version_is_read() -> None:
    kept = {"themes": [], "moved": {"a": "t1"}, "next_number": 4}
    assert ThemeBook.from_json(kept) == ThemeBook(moved={"a": "t1"})


def test_book_survives_json() -> None:
    themes = propose_themes(texts(), topic="Hillgrove")
    book = themes.book.rename("t1", "One").move("bus0-0", "t2").merge("t3", into="t1")
    assert ThemeBook.from_json(json.loads(json.dumps(book.to_json()))) == book


@pytest.mark.parametrize("change", ["rename", "move", "merge"])
def test_unknown_themes_are_an_error(change: str) -> None:
    book = ThemeBook((Theme("t1", ({"bus": 1.0},)),))
    with pytest.raises(KeyError):
        {
            "rename": lambda: book.rename("t9", "x"),
            "move": lambda: book.move("text", "t9"),
            "merge": lambda: book.merge("t9", into="t1"),
        }[change]()
    with pytest.raises(ValueError, match="t1"):
        book.merge("t1", into="t1")


def test_few_texts_are_too_little_to_theme() -> None:
    themes = propose_themes({"a": "More night buses", "b": "Yes"})
    assert (themes.thinness, themes.assigned) == (Thinness.FEW_TEXTS, {})
    assert thinness_sentence(themes.thinness, themes.counted, **WORDS) == (
        "There is too little to find themes in: 1 text says more than a word or two, "
        "and it takes at least 12."
    )


def test_texts_of_one_word_do_not_count() -> None:
    themes = propose_themes({str(n): "Trees!" for n in range(50)})
    assert themes.thinness is Thinness.FEW_TEXTS
    assert themes.counted == 0


def test_same_text_over_and_over_is_one_theme() -> None:
    themes = propose_themes({str(n): "Night buses, please" for n in range(40)})
    assert len(themes.book.themes) == 1
    assert len(themes.assigned) == 40
    assert thinness_sentence(themes.thinness, themes.counted, **WORDS) is None


ELSEWHERE = {
    "bn": ("গাছ", "বাস", ["আরও গাছ লাগানো দরকার", "পুরনো গাছ কাটা বন্ধ", "রাতের বাস চাই", "বাস ভাড়া কমান"]),
    "ar": (
        "أشجار",
        "حافلات",
        ["نريد أشجار جديدة", "أشجار قديمة جميلة", "نريد حافلات ليلية", "حافلات رخيصة لنا"],
    ),
    "so": (
        "geedo",
        "basas",
        ["geedo badan beer", "geedo cusub beer", "basas habeen raqiis", "basas raqiis cusub"],
    ),
}


@pytest.mark.parametrize("language", ELSEWHERE)
def test_subjects_are_told_apart_in_the_languages_of_the_borough(language: str) -> None:
    tree, bus, wishes = ELSEWHERE[language]
    spoken = {f"{place}-{n}": text for n in range(4) for place, text in enumerate(wishes)}
    themes = propose_themes(spoken, languages=[language])
    trees, buses = (
        {themes.assigned[f"{p}-{n}"] for p in places for n in range(4)}
        for places in ((0, 1), (2, 3))
    )
    assert len(trees) == len(buses) == 1
    assert trees != buses
    assert tree in themes.book.theme(trees.pop()).key_words
    assert bus in themes.book.theme(buses.pop()).key_words


@pytest.mark.parametrize("text", ["😀🎉", "", " \n", "…", "\x00", "\ud800", "1234 5678"])
def test_texts_without_words_are_too_little_to_theme(text: str) -> None:
    themes = propose_themes({str(n): text for n in range(30)}, languages=["en", "ar", "xx", ""])
    assert (themes.thinness, themes.assigned) == (Thinness.FEW_TEXTS, {})


def test_texts_that_share_no_words_have_no_themes() -> None:
    themes = propose_themes({str(n): f"word{n}a word{n}b" for n in range(30)})
    assert themes.thinness is Thinness.FEW_WORDS
    assert thinness_sentence(themes.thinness, themes.counted, **WORDS) is not None


def test_enough_to_theme_needs_no_excuse() -> None:
    found = propose_themes(texts())
    assert thinness_sentence(found.thinness, found.counted, **WORDS) is None
