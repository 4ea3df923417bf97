"""The linkage attack: pair members with ballot papers by everything that a server leaves behind.

`hold_vote` lets a hall join, come and vote over the phones' own requests through the documented
proxy, each in another order, steals a copy while the ballot is open and every file after it has
closed, the proxy's logs too. Each attack takes papers and members in some order in which they lie
there, and pairs them.
"""

from __future__ import annotations

import json
import logging
import random
import re
import shutil
from collections import Counter
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, field
from itertools import product
from math import exp, lgamma, log, log1p
from pathlib import Path
from typing import TypeVar
from urllib.parse import urlencode

from flask import Flask
from sqlalchemy import inspect, text

from panel_app.balloting.models import Ballot
from panel_app.balloting.services import close_ballot
from panel_app.core import logs
from panel_app.core.db import db
from panel_app.panels import seats
from panel_app.panels.models import Member
from tests.balloting.hall import Line, Phone, line_to
from tests.factories.balloting import Vote
from tests.factories.budgets import make_open_ballot, make_small_pot
from tests.factories.cluster import Cluster
from tests.factories.panels import make_members, make_panel
from tests.factories.sessions import make_session

PROJECTS = 8
#: The chance that an honest run looks this good to one of the attackers: one in ten million.
LEAST_LIKELY = 1e-7

Pairs = dict[int, str]
T = TypeVar("T")


@dataclass
class Loot:
    """What a thief has once the ballot is closed."""

    #: Member.id by the marks by which a person can be found in a file.
    marks: dict[bytes, int]
    #: The choices of the published pile, as the database writes them.
    choices: list[str]
    #: Every file of the server, and copies made while the ballot was open, by name.
    files: dict[str, bytes]
    #: The members in each table's rows as they lie there, by table: while open, and afterwards.
    rows: dict[str, list[int]]
    #: The papers as they lay in their table while the ballot was open.
    sealed: list[str]
    #: The tables that each transaction of the write-ahead log put rows into, in order.
    transactions: list[list[str]] = field(default_factory=list)
    #: The tables' names by the numbers of their files, on PostgreSQL.
    tables: dict[str, str] = field(default_factory=dict)


def hold_vote(
    app: Flask,
    folder: Path,
    *,
    members: int,
    seed: int,
    cluster: Cluster | None = None,
    proxy: Callable[[str], str] = str,
) -> tuple[Loot, Pairs]:
    """Let everyone join, come and vote, each in another order; close; return loot and truth.

    `proxy` may change the documented proxy's settings.
    """
    chance = random.Random(seed)
    log = logging.FileHandler(folder / "app.log")
    logs.logger.addHandler(log)
    start = cluster.position() if cluster else ""
    vote, here = _set_up(app, members)
    shutil.rmtree(folder / "proxy", ignore_errors=True)
    with line_to(app, folder / "proxy", proxy=proxy) as line:
        phones = _join(app, vote, line, chance)
        _come(phones, vote, here, chance)
        truth = _vote(phones, vote, chance)
    loot = _close_and_steal(app, folder, vote, truth, cluster)
    loot.marks |= {phone.cookies["seat"].encode(): who for who, phone in phones.items()}
    logs.logger.removeHandler(log)
    if cluster:
        loot.files |= _files(cluster.folder, "cluster/", without=cluster.log_before(start))
        loot.files["closed.dump"] = cluster.dump()
        loot.transactions = _transactions(cluster.log_records(start), loot.tables)
    return loot, truth


def _close_and_steal(
    app: Flask, folder: Path, vote: Vote, truth: Pairs, cluster: Cluster | None
) -> Loot:
    with app.app_context():
        open_rows, sealed = _rows(vote), _sealed()
        copies = {"open.dump": cluster.dump()} if cluster else _files(folder, "open/")
        tables = _table_files() if cluster else {}
        db.session.rollback()
        close_ballot(ballot=db.session.get_one(Ballot, vote.ballot_id), actor="system")
        db.session.commit()
        loot = Loot(
            marks=_marks(vote),
            choices=sorted(truth.values()),
            files=copies | _files(folder, ""),
            rows={f"open:{name}": found for name, found in open_rows.items()} | _rows(vote),
            sealed=sealed,
            tables=tables,
        )
        db.session.rollback()
    return loot


def hits(loot: Loot, truth: Pairs) -> Counter[str]:
    """Return how many pairs each attack got right."""
    found: Counter[str] = Counter()
    for name, pairs in attacks(loot):
        found[name] += sum(truth[member] == choice for member, choice in pairs.items())
    return found


def attacks(loot: Loot) -> Iterator[tuple[str, Pairs]]:
    """Yield every attack by name with the pairs that it makes."""
    papers, people = dict(_paper_orders(loot)), dict(_member_orders(loot))
    for (paper_order, choices), (order, members) in product(papers.items(), people.items()):
        yield f"{paper_order} × {order}", dict(zip(members, choices, strict=False))
    for name, choices in papers.items():
        yield f"{name} by transaction", _by_transaction(loot, choices)
    yield "nearest mark", _by_nearest_mark(loot)


def likelihood(right: int, trials: int, members: int) -> float:
    """Return the exact binomial probability of so many right pairs, or more, by chance."""
    p = 1 / members
    return sum(
        exp(_log_of_choices(trials, k) + k * log(p) + (trials - k) * log1p(-p))
        for k in range(right, min(trials, right + 200) + 1)
    )


def _log_of_choices(trials: int, k: int) -> float:
    return lgamma(trials + 1) - lgamma(k + 1) - lgamma(trials - k + 1)


def _set_up(app: Flask, members: int) -> tuple[Vote, str]:
    """Return an open ballot, and the session at which people say that they are here."""
    with app.app_context():
        panel = make_panel(size=members)
        people = make_members(panel, members)
        pot = make_small_pot(panel, projects=PROJECTS)
        ballot = make_open_ballot(pot)
        here = make_session(panel)
        db.session.commit()
        numbers = [member.id for member in people]
        projects = [project.public_id for project in pot.projects]
        return Vote(panel.slug, ballot.public_id, ballot.id, numbers, projects), here.public_id


def _join(app: Flask, vote: Vote, line: Line, chance: random.Random) -> dict[int, Phone]:
    """Give everyone a phone, in one order."""
    with app.app_context():
        links = {n: seats.token_of(db.session.get_one(Member, n)) for n in vote.members}
        db.session.rollback()
    phones = {}
    for number in chance.sample(vote.members, len(vote.members)):
        phones[number] = phone = Phone(line, {"language": "en"})
        phone.token = phone.get(f"/j/{links[number]}").hidden("csrf_token")
        assert phone.post(f"/j/{links[number]}", {}).status == 303
    return phones


def _come(phones: dict[int, Phone], vote: Vote, here: str, chance: random.Random) -> None:
    """Let everyone look at the session, in another order; who joined in the room is there."""
    for number in chance.sample(vote.members, len(vote.members)):
        answer = phones[number].get(f"/my/session/{here}")
        assert answer.status == 200
        assert f"/session/{here}/here" not in answer.text
        phones[number].token = phones[number].get(vote.page).hidden("csrf_token")


def _vote(phones: dict[int, Phone], vote: Vote, chance: random.Random) -> Pairs:
    """Let everyone vote, in a third order, some of them twice; return who chose what."""
    choices = _distinct_choices(vote.projects, len(vote.members), chance)
    truth: Pairs = {}
    for number, choice in zip(chance.sample(vote.members, len(vote.members)), choices, strict=True):
        if chance.random() < 0.1:
            _cast(phones[number], vote, vote.projects)
        _cast(phones[number], vote, choice)
        truth[number] = json.dumps(choice)
    return truth


def _cast(phone: Phone, vote: Vote, choice: list[str]) -> None:
    """Vote as a phone does, with the counter that the check page carries."""
    checked = phone.post(f"{vote.page}/check", {"project": choice})
    counter = checked.hidden("counter")
    cast = phone.post(f"{vote.page}/cast", {"project": choice, "counter": counter})
    assert cast.status == 303


def _distinct_choices(projects: list[str], number: int, chance: random.Random) -> list[list[str]]:
    masks = chance.sample(range(1, 2 ** len(projects)), number)
    return [sorted(p for i, p in enumerate(projects) if mask >> i & 1) for mask in masks]


def _marks(vote: Vote) -> dict[bytes, int]:
    marks = {}
    for number in vote.members:
        member = db.session.get_one(Member, number)
        marks[member.public_id.encode()] = number
        marks |= {device.token_digest.encode(): number for device in member.devices}
    return marks


def _rows(vote: Vote) -> dict[str, list[int]]:
    """Return the members of every table that names any, in the order in which the rows lie."""
    inspector, dialect = inspect(db.session.connection()), db.engine.dialect.name
    found = {}
    for table in inspector.get_table_names():
        if "member_id" not in {column["name"] for column in inspector.get_columns(table)}:
            continue
        key = ", ".join(inspector.get_pk_constraint(table)["constrained_columns"])
        order = "ctid" if dialect == "postgresql" else key
        query = text(f'SELECT member_id FROM "{table}" ORDER BY {order}')
        voters = set(vote.members)
        found[table] = [number for number in db.session.scalars(query) if number in voters]
    return {table: members for table, members in found.items() if members}


def _sealed() -> list[str]:
    order = "ctid" if db.engine.dialect.name == "postgresql" else "id"
    rows = db.session.scalars(text(f"SELECT choice FROM paper ORDER BY {order}"))
    return [row if isinstance(row, str) else json.dumps(row) for row in rows]


def _files(folder: Path, prefix: str, *, without: Collection[str] = ()) -> dict[str, bytes]:
    """Return every file below `folder`, and a list of them by the time they were last changed."""
    files = [f for f in sorted(folder.rglob("*")) if f.is_file() and f.name not in without]
    times = sorted((file.stat().st_mtime_ns, file.name) for file in files)
    listing = "\n".join(name for _time, name in times).encode()
    return {prefix + str(f.relative_to(folder)): f.read_bytes() for f in files} | {
        f"{prefix}listing": listing
    }


def _table_files() -> dict[str, str]:
    """Return the tables' names by the numbers of their files."""
    query = text("SELECT relfilenode::text, relname FROM pg_class WHERE relkind = 'r'")
    return dict(db.session.execute(query).all())


_INSERT = re.compile(r"rmgr: Heap .*tx: +(\d+),.* desc: INSERT\S* .*?rel \d+/\d+/(\d+)")


def _transactions(records: str, tables: dict[str, str]) -> list[list[str]]:
    """Return the tables that each transaction inserted rows into, in order."""
    grouped: dict[str, list[str]] = {}
    for transaction, number in _INSERT.findall(records):
        if number in tables:
            grouped.setdefault(transaction, []).append(tables[number])
    return list(grouped.values())


def _paper_orders(loot: Loot) -> Iterator[tuple[str, list[str]]]:
    yield "pile", loot.choices
    yield "sealed", [choice for choice in loot.sealed if choice in loot.choices]
    for name, content in _searched(loot):
        yield f"{name} first", _by_place(loot.choices, _writings, content.find)
        yield f"{name} last", _by_place(loot.choices, _writings, content.rfind)


def _member_orders(loot: Loot) -> Iterator[tuple[str, list[int]]]:
    yield "seats", sorted(set(loot.marks.values()))
    yield from loot.rows.items()
    for name, content in _searched(loot):
        for end, find in (("first", content.find), ("last", content.rfind)):
            marks = _by_place(list(loot.marks), _itself, find)
            yield f"{name} {end}", list(dict.fromkeys(loot.marks[mark] for mark in marks))


def _searched(loot: Loot) -> Iterator[tuple[str, bytes]]:
    """Yield the files that hold any mark or choice, the write-ahead log as one."""
    wal = b"".join(_records(c) for name, c in sorted(loot.files.items()) if "/pg_wal/" in name)
    others = {name: c for name, c in loot.files.items() if "/pg_wal/" not in name}
    marks = list(loot.marks)
    choices = [written for choice in loot.choices for written in _writings(choice)]
    for name, content in {"write-ahead log": wal, **others}.items():
        if any(known in content for known in marks[:3] + marks[-3:] + choices[-6:]):
            yield name, content


def _records(segment: bytes) -> bytes:
    """Return a log segment without its pages' headers, which split what a record holds in two."""
    pages = range(0, len(segment), 8192)
    return b"".join(segment[page + (24 if page else 40) : page + 8192] for page in pages)


def _by_place(
    items: list[T], writings: Callable[[T], list[bytes]], find: Callable[[bytes], int]
) -> list[T]:
    """Return the items that `find` finds, in the order of their places."""
    placed = [(max(map(find, writings(item))), number) for number, item in enumerate(items)]
    return [items[number] for place, number in sorted(placed) if place >= 0]


def _itself(mark: bytes) -> list[bytes]:
    return [mark]


def _writings(choice: str) -> list[bytes]:
    """Return a choice as the database writes it, and as a form sends it."""
    return [choice.encode(), urlencode({"project": json.loads(choice)}, doseq=True).encode()]


def _by_transaction(loot: Loot, choices: list[str]) -> Pairs:
    """Pair the n-th paper with whoever another row of the same transaction is about."""
    seen: Counter[str] = Counter()
    pairs: Pairs = {}
    for tables in loot.transactions:
        for table in tables:
            named = loot.rows.get(f"open:{table}", [])
            if "paper" in tables and seen[table] < len(named) and seen["paper"] < len(choices):
                pairs[named[seen[table]]] = choices[seen["paper"]]
        seen.update(tables)
    return pairs


def _by_nearest_mark(loot: Loot) -> Pairs:
    """Pair each choice with the person whose mark lies nearest before it in any file."""
    pairs: Pairs = {}
    for _name, content in _searched(loot):
        places = sorted((content.rfind(mark), number) for mark, number in loot.marks.items())
        for choice in loot.choices:
            place = max(map(content.find, _writings(choice)))
            before = [number for where, number in places if 0 <= where < place]
            if before:
                pairs.setdefault(before[-1], choice)
    return pairs
