"""Near-duplicates, in any script."""

from __future__ import annotations

import pytest

from panel_app.opinions import near_duplicates, similar_to
from panel_app.opinions.words import empty_words, words_of

OTHERS = {
    "1": "The park should have more benches for older people",
    "2": "Buses must run after midnight",
    "3": "The library must not close on Sundays",
}


def test_same_words_in_another_order_and_case_are_found() -> None:
    found = similar_to("More benches for older people the PARK should have!", OTHERS)
    assert [(similar.statement, similar.likeness) for similar in found] == [("1", 1.0)]


def test_small_change_is_found_and_another_matter_is_not() -> None:
    found = similar_to("The park should have many more benches for older people", OTHERS)
    assert [similar.statement for similar in found] == ["1"]
    assert 0.7 <= found[0].likeness < 1
    assert similar_to("Taxis are too expensive", OTHERS) == ()


def test_closest_comes_first() -> None:
    others = {**OTHERS, "4": "The park should have more benches"}
    found = similar_to("The park should have more benches", others, threshold=0.3)
    assert [similar.statement for similar in found[:2]] == ["4", "1"]


def test_pairs_are_found_once() -> None:
    texts = {**OTHERS, "9": "Buses must run after midnight."}
    assert [(p.first, p.second) for p in near_duplicates(texts)] == [("2", "9")]


def test_pairs_are_found_across_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    texts = {f"{n}": f"word{n % 5} other{n % 5}" for n in range(10)}
    whole = near_duplicates(texts)
    assert {(p.first, p.second) for p in whole} == {(f"{n}", f"{n + 5}") for n in range(5)}
    monkeypatch.setattr("panel_app.opinions.similar.BLOCK", 3)
    assert near_duplicates(texts) == whole


@pytest.mark.parametrize("text", ["", "?!", "a"])
def test_nothing_is_like_an_empty_text(text: str) -> None:
    assert similar_to(text, OTHERS) == ()
    assert near_duplicates({"1": text, "2": text}) == ()
    assert similar_to("Buses must run", {}) == ()


def test_bengali_words_are_not_torn_at_their_vowel_signs() -> None:
    assert words_of("আমাদের এলাকায় গাছ") == ["আমাদের", "এলাকায়", "গাছ"]


def test_arabic_vowel_signs_and_stretching_make_no_difference() -> None:
    assert words_of("مُحَمَّد") == words_of("محمد")
    assert words_of("الحـــديقة") == words_of("الحديقة")


def test_scripts_without_spaces_are_taken_in_pairs() -> None:
    assert words_of("用Uber叫計程車") == ["uber", "叫計", "計程", "程車"]


@pytest.mark.parametrize("language", ["en", "en-GB", "bn", "ar", "so", "pl", "zh_TW"])
def test_languages_of_the_borough_have_stop_words(language: str) -> None:
    assert len(empty_words([language])) > 20


def test_words_of_the_topic_are_empty_too() -> None:
    assert {"bowling", "green"} <= empty_words(["xx"], "Bowling Green")
