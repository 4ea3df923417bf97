"""What pages say of a round, counted again from the files that organisers download.

By formulas of their own: nothing of `panel_app.opinions` is used. Groups are found by the sign of
the first axis of a singular value decomposition, shares are fractions.
"""

from __future__ import annotations

import csv
import io
import math
import zipfile
from collections.abc import Iterator
from fractions import Fraction
from random import Random

import numpy as np
import pytest
from flask import Flask

from panel_app.core.db import db
from panel_app.deliberation.statements import groups, polis_files, queries, services
from panel_app.sessions import services as sessions
from panel_app.sessions.models import AgendaItem
from tests.deliberation.test_rounds import Hall, _item, _member, in_english
from tests.factories.sessions import ACTOR

PEOPLE, STATEMENTS = 26, 14
#: One-tailed 90 %; figures of fewer people are not told; the gap that divides; the share unsure.
SURE, FEWEST, WIDE, UNSURE, MOST = 1.2816, 5, Fraction(3, 10), Fraction(1, 4), 5

Votes = dict[str, int]


def say(item: AgendaItem, hall: Hall, seed: int) -> None:
    """Have two camps answer, with some noise; two statements are shared, one leaves many unsure."""
    random = Random(seed)
    for statement in queries.statements_of(item):
        for place in range(PEOPLE):
            camp = 1 if place < 11 else -1
            usual = {0: 1, 1: -1, 2: 0}.get(statement.number % STATEMENTS)
            side = camp * (1 if statement.number % 2 else -1) if usual is None else usual
            value = random.choice((-1, 0, 1)) if random.random() < 0.12 else side
            if random.random() < 0.95:
                services.answer_statement(
                    statement=statement, member=_member(hall, place), value=value, counter=1
                )


@pytest.fixture(params=range(3))
def closed(app: Flask, request: pytest.FixtureRequest) -> Iterator[AgendaItem]:
    """Return a round whose results everybody was shown."""
    hall = Hall(app, members=PEOPLE)
    with app.test_request_context():
        item = _item(hall)
        lines = [f"Statement {n} of the evening" for n in range(STATEMENTS)]
        item.settings = {"seeds": in_english(lines), "adding": False}
        services.seed_statements(item)
        say(item, hall, request.param)
        sessions.close_item(item=item, actor=ACTOR)
        db.session.commit()
        sessions.reveal(item=item, actor=ACTOR)
        db.session.commit()
        yield item


def exported(item: AgendaItem) -> list[Votes]:
    """Return what each person answered, by the statements' numbers, from the downloaded file."""
    files = zipfile.ZipFile(io.BytesIO(polis_files.archive(item)))
    table = csv.DictReader(io.StringIO(files.read("participant-votes.csv").decode()))
    return [{k: int(v) for k, v in row.items() if k.isdecimal() and v} for row in table]


def counted(people: list[Votes], number: str) -> tuple[int, int, int]:
    """Return how many agreed, disagreed and passed."""
    given = [votes[number] for votes in people if number in votes]
    return given.count(1), given.count(-1), given.count(0)


def camps(people: list[Votes]) -> list[list[Votes]]:
    """Return two groups, split where the first axis of all answers changes its sign."""
    numbers = sorted({number for votes in people for number in votes}, key=int)
    table = np.array([[votes.get(number, 0) for number in numbers] for votes in people], float)
    axis = np.linalg.svd(table - table.mean(axis=0))[0][:, 0]
    return [
        [votes for votes, place in zip(people, axis, strict=True) if (place > 0) == side]
        for side in (False, True)
    ]


def share(part: int, whole: int) -> Fraction:
    """Return a share with one more on either side, as Polis takes it."""
    return Fraction(part + 1, whole + 2)


def strongest(scores: dict[str, float | Fraction]) -> list[str]:
    ranked = sorted(scores, key=lambda number: (-scores[number], int(number)))
    return ranked[:MOST]


def test_each_statements_bar_is_what_the_file_counts(closed: AgendaItem) -> None:
    people = exported(closed)
    results = queries.statement_results(closed)
    assert len(results) == STATEMENTS
    for one in results:
        assert one.chart is not None
        agree, passes, disagree = (part.number for part in one.chart.parts)
        assert (agree, disagree, passes) == counted(people, str(one.number))


def test_each_groups_size_and_bar_are_what_the_file_counts(closed: AgendaItem) -> None:
    found = sorted(camps(exported(closed)), key=lambda group: -len(group))
    told = groups.told(closed)
    assert told is not None
    assert len(told.groups) == len(found) == 2
    for one in queries.statement_results(closed):
        bars = groups.bars_of(closed, one.number)
        shown = sorted((bar.people, *(part.number for part in bar.chart.parts)) for bar in bars)
        again = [(group, counted(group, str(one.number))) for group in found]
        assert shown == sorted((len(g), agree, passes, no) for g, (agree, no, passes) in again)


def test_what_all_agree_on_is_what_the_file_says(closed: AgendaItem) -> None:
    people = exported(closed)
    found = camps(people)
    scores: dict[tuple[str, int], float] = {}
    for number in (str(n) for n in range(1, STATEMENTS + 1)):
        for way in (0, 1):
            by_group = [
                (counted(group, number)[way], sum(counted(group, number))) for group in found
            ]
            part, whole = counted(people, number)[way], sum(counted(people, number))
            z = 2 * math.sqrt(whole + 1) * ((part + 1) / (whole + 1) - 0.5)
            if z > SURE and all(votes >= FEWEST and 2 * n > votes for n, votes in by_group):
                product = math.prod(share(n, votes) for n, votes in by_group)
                scores[number, way] = float(product) ** (1 / len(by_group))
    ranked = sorted(scores, key=lambda one: -scores[one])[:MOST]
    assert ranked
    assert groups.shared(closed) == {int(number) for number, way in ranked if way == 0}
    told = groups.told(closed)
    assert told is not None
    assert [named(sentence) for sentence in told.common] == [number for number, _way in ranked]


def test_what_divides_is_what_the_file_says(closed: AgendaItem) -> None:
    found = camps(exported(closed))
    gaps: dict[str, float | Fraction] = {}
    for number in (str(n) for n in range(1, STATEMENTS + 1)):
        shares = [share(counted(group, number)[0], sum(counted(group, number))) for group in found]
        if max(shares) - min(shares) >= WIDE:
            gaps[number] = max(shares) - min(shares)
    told = groups.told(closed)
    assert told is not None
    shown = [named(sentence) for sentence in told.divides]
    assert len(shown) == min(MOST, len(gaps))
    # Of equal gaps either may come first: the gaps are the same, largest first.
    assert [gaps[number] for number in shown] == [gaps[number] for number in strongest(gaps)]
    for number in map(str, range(1, STATEMENTS + 1)):
        assert (groups.says(closed, int(number)) == "The groups differ.") == (number in shown)


def test_what_many_are_unsure_of_is_what_the_file_says(closed: AgendaItem) -> None:
    people = exported(closed)
    passes: dict[str, float | Fraction] = {}
    for number in (str(n) for n in range(1, STATEMENTS + 1)):
        agree, disagree, unsure = counted(people, number)
        if unsure >= UNSURE * (agree + disagree + unsure):
            passes[number] = share(unsure, agree + disagree + unsure)
    told = groups.told(closed)
    assert told is not None
    assert [named(sentence) for sentence in told.unsure] == strongest(passes)


def named(sentence: str) -> str:
    """Return the number of the statement that a sentence quotes; the first is called 0."""
    return str(int(sentence.partition("Statement ")[2].split()[0]) + 1)
