"""Who may live in one home, and who may be one person: pairs for somebody to decide, merged never.

Two records are compared by `home_reason` and `person_reason`. Among many, `likely_pairs` finds
them by keys that alike records share, so that 50,000 take seconds.
"""

import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import chain, islice, pairwise
from typing import Literal

from sortition.folding import fold

#: The same words and numbers in another writing; the same but for what one leaves out; the same
#: postcode and surname.
HomeReason = Literal["spelling", "part", "surname"]
#: The same e-mail or telephone; the same name at a like address or postcode; there, an initial.
PersonReason = Literal["contact", "name", "initial"]

#: Of more records with one key than this only neighbours are paired: all of a tower block with the
#: caretaker's number would be more pairs than anybody reads.
MOST_ALIKE = 30
#: Addresses with the same numbers and word that one is compared with.
MOST_COMPARED = 300

_POSTCODE = re.compile(r"\b([a-z]{1,2}\d[a-z\d]?) ?(\d[a-z]{2})\b")
_TOKEN = re.compile(r"\d+(?:st|nd|rd|th)\b|\d+|[^\W\d_]+")
_QUOTES = re.compile("['’ʼ`´]")
_ACCENTS = re.compile("[\u0300-\u036f]")
_FLAT = frozenset("flat apartment apt unit room maisonette studio suite".split())
_DROPPED = frozenset("the and no number num nr".split())
_SHORT = {
    "street": "st", "str": "st", "saint": "st", "road": "rd", "avenue": "ave", "av": "ave",
    "lane": "ln", "drive": "dr", "court": "ct", "close": "cl", "crescent": "cres", "cr": "cres",
    "terrace": "ter", "terr": "ter", "square": "sq", "gardens": "gdns", "gdn": "gdns",
    "garden": "gdns", "place": "pl", "house": "hse", "grove": "gr", "park": "pk", "mount": "mt",
    "estate": "est", "building": "bldg", "buildings": "bldg", "mansions": "mans", "north": "n",
    "south": "s", "east": "e", "west": "w", "first": "1st", "second": "2nd", "third": "3rd",
    "fourth": "4th", "fifth": "5th",
}  # fmt: skip
_TITLES = frozenset("mr mrs ms miss mx dr prof sir lady lord dame rev revd".split())
_EMAIL = re.compile(r"[^\s@<>,;]+@[^\s@<>,;]+")
#: How many digits of a telephone number are compared: without the country's code or its nought.
_PHONE = 9


@dataclass(frozen=True)
class Record:
    """A person, or a home where `name` is empty: what is compared of them."""

    id: str
    address: tuple[str, ...]
    name: str = ""
    #: E-mail addresses and telephone numbers.
    contacts: tuple[str, ...] = ()
    #: The family name where a column of its own says it; else the name's last word.
    surname: str = ""

    @cached_property
    def place(self) -> "Place":
        """The address as it is compared."""
        return place_of(self.address)

    @cached_property
    def who(self) -> "Name":
        """The name as it is compared."""
        return _name_of(self.name, self.surname)

    @cached_property
    def reached_at(self) -> frozenset[str]:
        """E-mail addresses and telephone numbers as they are compared."""
        keys = set[str]()
        for contact in map(fold, self.contacts):
            keys.update(_EMAIL.findall(contact))
            digits = "".join(mark for mark in _EMAIL.sub("", contact) if mark.isdigit())
            keys.update([digits[-_PHONE:]] if len(digits) >= _PHONE else [])
        return frozenset(keys)

    @cached_property
    def lives_at(self) -> frozenset[Hashable]:
        """What says where somebody lives: a postcode, or the rest of the address."""
        place = self.place
        rest = (place.numbers, place.words) if place.words else None
        return frozenset(each for each in (place.postcode, rest) if each)


@dataclass(frozen=True, slots=True)
class Place:
    """An address without its writing: what of it tells homes apart."""

    postcode: str
    #: The number or letter after a word for a flat; empty where no such word stands.
    flat: str
    #: Numbers and single letters, the flat's among them, in order.
    numbers: tuple[str, ...]
    #: The other words, in order, each once.
    words: tuple[str, ...]
    #: The cells as every program compares them: who is alike in these shares a home already.
    folded: tuple[str, ...] = field(compare=False)

    @property
    def essence(self) -> tuple[Hashable, ...]:
        """What two writings of one address have in common."""
        return self.postcode, self.numbers, self.words


@dataclass(frozen=True, slots=True)
class Name:
    """A name without titles, accents and order."""

    words: tuple[str, ...]
    surname: str
    initial: str


@dataclass(frozen=True, slots=True)
class Pair:
    """Two records by id, in their order, and why somebody should look at them."""

    one: str
    other: str
    reason: HomeReason | PersonReason


@dataclass(frozen=True, slots=True)
class Likely:
    """Pairs that may be one home, and pairs that may be one person."""

    homes: tuple[Pair, ...]
    people: tuple[Pair, ...]


def place_of(address: Iterable[str]) -> Place:
    """An address as it is compared; its parts may stand in any order and in any cells."""
    cells = tuple(fold(cell) for cell in address)
    text = _QUOTES.sub("", _bare(" , ".join(cells)))
    codes = [match[1] + match[2] for match in _POSTCODE.finditer(text)]
    tokens = [_SHORT.get(token, token) for token in _TOKEN.findall(_POSTCODE.sub(" ", text))]
    flat = next((b for a, b in pairwise(tokens) if a in _FLAT), "")
    flat = _plain(flat) if _is_number(flat) else ""
    kept = [token for token in tokens if token not in _FLAT and token not in _DROPPED]
    numbers = tuple(sorted(_plain(token) for token in kept if _is_number(token)))
    words = tuple(sorted({token for token in kept if not _is_number(token)}))
    return Place(" ".join(sorted(set(codes))), flat, numbers, words, cells)


def home_reason(one: Record, other: Record) -> HomeReason | None:
    """Why two differently written addresses may be one home; None where nothing says so."""
    a, b = one.place, other.place
    if a.folded == b.folded or not (any(a.folded) and any(b.folded)):
        return None
    if not (a.flat and b.flat) or a.flat == b.flat:
        if a.essence == b.essence and (a.numbers or a.words):
            return "spelling"
        if _is_part(a, b) or _is_part(b, a):
            return "part"
    return "surname" if _shared_surname(one, other) else None


def person_reason(one: Record, other: Record) -> PersonReason | None:
    """Why two records may be one person; None where nothing says so."""
    if not one.reached_at.isdisjoint(other.reached_at):
        return "contact"
    if not one.who.words or one.lives_at.isdisjoint(other.lives_at):
        return None
    if not _one_code(one.place, other.place):
        return None
    if one.who.words == other.who.words:
        return "name"
    return "initial" if _initial_fits(one.who, other.who) else None


def likely_pairs(records: Sequence[Record]) -> Likely:
    """Every two records that may be one home or one person, for an organiser to look at.

    Records that are linked by a reason are linked by the pairs; of many alike not every two are
    named. People of one address, written alike, stand for each other where homes are compared.
    """
    shown = _first_of(records, lambda record: (record.place.folded, record.who.surname))
    apart = [record for record in shown if any(record.place.folded)]
    of_address = _first_of(apart, lambda record: record.place.folded)
    homes = chain(
        _alike(of_address, _spelling_keys, home_reason),
        _parts(of_address),
        _alike(apart, _surname_keys, home_reason),
    )
    people = chain(
        _alike(records, lambda record: record.reached_at, person_reason),
        _alike(records, _name_keys, person_reason),
    )
    return Likely(_told(homes), _told(people))


def likely_homes(addresses: Iterable[tuple[str, ...]]) -> list[list[tuple[str, ...]]]:
    """Groups of different addresses that have the same words and numbers in another writing."""
    different = list(dict.fromkeys(addresses))
    # Nothing but a number is kept of an address like no other: most are, and the rest is large.
    marks = [hash(place_of(address).essence) for address in different]
    often = Counter(marks)
    numbered = zip(different, marks, strict=True)
    records = [Record(str(at), one) for at, (one, mark) in enumerate(numbered) if often[mark] > 1]
    group_of: dict[int, list[int]] = {}
    for pair in _alike(records, _spelling_keys, home_reason):
        one, other = (group_of.setdefault(at, [at]) for at in (int(pair.one), int(pair.other)))
        if one is not other:
            one += other
            group_of.update(dict.fromkeys(other, one))
    groups = {id(group): sorted(group) for group in group_of.values()}
    return [[different[at] for at in group] for group in sorted(groups.values())]


def _first_of(records: Iterable[Record], key: Callable[[Record], Hashable]) -> list[Record]:
    first: dict[Hashable, Record] = {}
    for record in records:
        first.setdefault(key(record), record)
    return list(first.values())


def _told(found: Iterable[Pair]) -> tuple[Pair, ...]:
    """Every pair once, with the first of its reasons."""
    pairs: dict[tuple[str, str], Pair] = {}
    for pair in found:
        if (pair.other, pair.one) not in pairs:
            pairs.setdefault((pair.one, pair.other), pair)
    return tuple(pairs.values())


def _alike(
    records: Sequence[Record],
    keys: Callable[[Record], Iterable[Hashable]],
    reason: Callable[[Record, Record], HomeReason | PersonReason | None],
) -> Iterator[Pair]:
    """Pairs with a key in common and a reason; of many with one key, neighbours."""
    with_key: defaultdict[Hashable, list[Record]] = defaultdict(list)
    for record in records:
        for key in keys(record):
            with_key[key].append(record)
    for those in with_key.values():
        reach = len(those) if len(those) <= MOST_ALIKE else 2
        for n, one in enumerate(those[:-1]):
            for other in those[n + 1 : n + reach]:
                if why := reason(one, other):
                    yield Pair(one.id, other.id, why)


def _parts(records: Sequence[Record]) -> Iterator[Pair]:
    """Pairs of addresses of which one leaves out words of the other.

    The shorter one is looked up by its rarest word among those with the same numbers.
    """
    with_word: defaultdict[tuple[Hashable, str], list[Record]] = defaultdict(list)
    for record in records:
        for word in record.place.words:
            with_word[record.place.numbers, word].append(record)
    for one in records:
        lists = (with_word[one.place.numbers, word] for word in one.place.words)
        rarest: list[Record] = min(lists, key=len, default=[])
        longer = islice(rarest, MOST_COMPARED)
        fitting = (
            other
            for other in longer
            if other is not one and _is_part(one.place, other.place)
            if home_reason(one, other) == "part"
        )
        for other in islice(fitting, MOST_ALIKE):
            yield Pair(one.id, other.id, "part")


def _is_part(shorter: Place, longer: Place) -> bool:
    """Whether an address says no more than another, and says which house it is."""
    said = bool(shorter.words and shorter.numbers) and shorter.numbers == longer.numbers
    return _one_code(shorter, longer) and said and set(shorter.words) <= set(longer.words)


def _one_code(a: Place, b: Place) -> bool:
    """Whether no two postcodes tell two places apart."""
    return not (a.postcode and b.postcode) or a.postcode == b.postcode


def _shared_surname(one: Record, other: Record) -> bool:
    same = one.who.surname and one.who.surname == other.who.surname
    return bool(same and one.place.postcode and one.place.postcode == other.place.postcode)


def _initial_fits(one: Name, other: Name) -> bool:
    """Whether one is `J Smith` where the other is `John Smith`."""
    if one.surname != other.surname or one.initial != other.initial or not one.initial:
        return False
    firsts = [[word for word in name.words if word != name.surname] for name in (one, other)]
    return any(all(len(word) == 1 for word in first) for first in firsts)


def _spelling_keys(record: Record) -> list[tuple[Hashable, ...]]:
    place = record.place
    # An address that says no flat may be any of them; two flats are never one.
    return [place.essence] if place.numbers or place.words else []


def _surname_keys(record: Record) -> list[tuple[Hashable, ...]]:
    postcode, surname = record.place.postcode, record.who.surname
    return [(postcode, surname)] if postcode and surname else []


def _name_keys(record: Record) -> list[tuple[Hashable, ...]]:
    """The name, and the surname with an initial, at each thing that says where."""
    name = record.who
    found: list[tuple[Hashable, ...]] = []
    for where in record.lives_at:
        found += [("name", where, name.words)] if name.words else []
        found += [("initial", where, name.surname, name.initial)] if name.initial else []
    return found


def _name_of(name: str, surname: str) -> Name:
    text = _QUOTES.sub("", _bare(fold(name)))
    before, comma, after = text.partition(",")
    ordered = f"{after} {before}" if comma and after.strip() else text
    words = [word for word in re.findall(r"[^\s.,;()\d]+", ordered) if word not in _TITLES]
    said = _QUOTES.sub("", _bare(fold(surname))).split()
    family = " ".join(said) or (words[-1] if len(words) > 1 else "")
    first = next((word for word in words if word not in (family, *said)), "")
    return Name(tuple(sorted(words)), family, first[:1])


def _bare(text: str) -> str:
    """A folded text without the accents of Latin, Greek and Cyrillic letters."""
    if text.isascii():
        return text
    return unicodedata.normalize("NFC", _ACCENTS.sub("", unicodedata.normalize("NFD", text)))


def _is_number(token: str) -> bool:
    return token.isdigit() or len(token) == 1


def _plain(number: str) -> str:
    return number.lstrip("0") or number
