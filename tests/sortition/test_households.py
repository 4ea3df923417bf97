"""Near matches: what a careful clerk would show, the same as comparing every two records."""

from __future__ import annotations

import time
from itertools import combinations, product
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sortition.households import (
    MOST_ALIKE,
    Pair,
    Record,
    home_reason,
    likely_homes,
    likely_pairs,
    person_reason,
    place_of,
)


def home(*address: str, name: str = "") -> Record:
    return Record("1", address, name)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Flat 2, 10 High St", "10 High Street, Flat 2"),
        ("2/10 High St", "10 High Street, Apartment 2"),
        ("10A High Street", "Flat A, 10 High St."),
        ("St John's Rd 4", "4 Saint Johns Road"),
        ("No. 07 The Avenue", "7 Avenue"),
        ("৪২ Canal St", "42 Canal Street"),
        ("First Floor Flat, 8 Oak Rd", "1st floor flat 8 Oak Road"),
        ("12 Rue de l’Église", "12 rue de l'Eglise"),
        ("10 High St, e11aa", "10 High Street E1 1AA"),
    ],
)
def test_one_address_spelt_in_two_ways_is_found(one: str, other: str) -> None:
    assert home_reason(home(one), home(other)) == "spelling"
    assert likely_homes([(one,), (other,)]) == [[(one,), (other,)]]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("10 High St", "12 High St"),
        ("Flat 10, 2 High St", "Flat 2, 10 High St"),
        ("10 High Street", "10 High Road"),
        ("10 High St, E1 1AA", "10 High St, E1 1AB"),
        ("", "10 High St"),
    ],
)
def test_what_tells_two_homes_apart_is_no_match(one: str, other: str) -> None:
    assert home_reason(home(one), home(other)) is None


def test_cells_do_not_matter_and_what_one_leaves_out_is_shown() -> None:
    whole = home("10 High Street", "London", "E1 1AA")
    assert home_reason(home("10, High St"), whole) == "part"
    assert home_reason(home("London E1 1AA", "10 High St"), whole) == "spelling"
    assert home_reason(home("10 High Street", "London", "E1 1AA"), whole) is None, "alike already"


def test_a_postcode_with_a_surname_is_shown_though_the_numbers_differ() -> None:
    ann, bob = (
        home("10 High St E1 1AA", name="Ann Begum"),
        home("12 High St E1 1AA", name="Begum, B"),
    )
    assert home_reason(ann, bob) == "surname"
    assert home_reason(ann, home("12 High St E1 1AA", name="Ann Ali")) is None


@pytest.mark.parametrize(
    ("one", "other", "reason"),
    [
        (("Mr John Smith", "10 High St"), ("SMITH, John", "10 High Street"), "name"),
        (("J. Smith", "10 High St"), ("John Smith", "10 High Street"), "initial"),
        (("José Núñez", "E1 1AA"), ("Jose Nunez", "1 Row, E1 1AA"), "name"),
        (("John Smith", "10 High St"), ("Jane Smith", "10 High St"), None),
        (("John Smith", "10 High St E1 1AA"), ("John Smith", "10 High St E1 1AB"), None),
    ],
)
def test_one_person_is_found_by_name_and_place(
    one: tuple[str, str], other: tuple[str, str], reason: str | None
) -> None:
    a, b = Record("1", (one[1],), one[0]), Record("2", (other[1],), other[0])
    assert person_reason(a, b) == reason


def test_one_contact_is_one_person_however_it_is_written() -> None:
    ann = Record("1", ("1 Row",), "Ann", ("+44 20 7946 0000",))
    bob = Record("2", ("2 Row",), "Bob", ("(020) 7946-0000", "b@example.org"))
    eve = Record("3", ("3 Row",), "Eve", ("mail: B@Example.org",))
    found = set(likely_pairs([ann, bob, eve]).people)
    assert found == {Pair("1", "2", "contact"), Pair("2", "3", "contact")}
    assert person_reason(ann, eve) is None


ADDRESSES = st.sampled_from(
    [
        "".join(each)
        for each in product(
            ("", "Flat 1, ", "Flat 2 "),
            ("10 High", "12 High", "10 Oak"),
            (" St", " Street"),
            ("", ", E1 1AA", " E1 1AB"),
        )
    ]
    + ["10 High Street, Flat 2", "High St 10/2 London", ""]
)
NAMES = st.sampled_from(["", "Ann Begum", "Begum, Ann", "A Begum", "Ann Ali", "Begum"])
CONTACTS = st.sampled_from([(), ("a@b.org",), ("020 7946 0000",), ("A@B.ORG", "+442079460000")])
RECORDS = st.lists(st.tuples(ADDRESSES, NAMES, CONTACTS), max_size=12).map(
    lambda rows: [Record(str(n), (a,), name, c) for n, (a, name, c) in enumerate(rows)]
)


def groups(ids: list[str], pairs: set[tuple[str, str]]) -> set[frozenset[str]]:
    """Return which ids are linked, through others too."""
    found = {one: frozenset([one]) for one in ids}
    for one, other in pairs:
        joined = found[one] | found[other]
        found |= dict.fromkeys(joined, joined)
    return set(found.values())


@given(RECORDS)
def test_the_fast_way_links_whom_comparing_every_two_links(records: list[Record]) -> None:
    found, ids = likely_pairs(records), [record.id for record in records]
    by_id = {record.id: record for record in records}
    both = list(combinations(records, 2))
    people = {(a.id, b.id) for a, b in both if person_reason(a, b)}
    assert groups(ids, {(p.one, p.other) for p in found.people}) == groups(ids, people)
    alike = {(a.id, b.id) for a, b in both if a.place.folded == b.place.folded and a.address[0]}
    homes = {(a.id, b.id) for a, b in both if home_reason(a, b)}
    told = {(p.one, p.other) for p in found.homes}
    assert groups(ids, told | alike) == groups(ids, homes | alike)
    for pair in found.homes:
        assert pair.reason == home_reason(by_id[pair.one], by_id[pair.other])
    for pair in found.people:
        assert pair.reason == person_reason(by_id[pair.one], by_id[pair.other])
    assert len({frozenset((p.one, p.other)) for p in found.homes}) == len(found.homes)


@given(st.text(max_size=60), st.text(max_size=60))
def test_any_text_can_be_compared(address: str, name: str) -> None:
    record = Record("1", (address,), name, (name,))
    assert place_of((address,)) == record.place
    assert home_reason(record, record) is None


def test_twenty_thousand_take_seconds_and_a_crowd_is_not_paired_with_everybody() -> None:
    random = Random(1)
    many = [
        Record(
            str(n),
            (f"{random.randrange(200)} {random.choice('ABCDEF')} Street", f"E{n % 90} {n % 9}AA"),
            f"F{random.randrange(500)} S{random.randrange(3000)}",
        )
        for n in range(20_000)
    ]
    begun = time.process_time()
    likely_pairs(many)
    assert time.process_time() - begun < 12
    crowd = [Record(str(n), (f"{n} Row", "E1 1AA"), "Ann Begum") for n in range(MOST_ALIKE * 20)]
    assert len(likely_pairs(crowd).homes) == len(crowd) - 1
