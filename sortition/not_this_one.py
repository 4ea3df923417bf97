"""Columns that may say of a row "not this one": somebody must decide before people are drawn.

Registers keep those who withdrew, opted out, are too young or can't come. A column is asked about
for its heading, or for what its cells say; which cells mean "no" only a person can tell.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from sortition.csv_files import Table
from sortition.faults import FaultList
from sortition.folding import fold

#: Values to leave out, by column; an empty list says that the column leaves out nobody.
Choices = Mapping[str, Collection[str]]

#: How words begin that make a heading ask whether somebody takes part; `_` is a blank or nothing,
#: `.` the end of a word.
_HEADING_WORDS = """
    eligib ineligib entitl qualif disqualif attend unattend avail unavail status. stage. standing.
    withdr dropped drop_out opt_in opt_out opted unsubscri delet remov cancel declin refus reject
    exclu ban. banned valid invalid void. duplicat spam under_age under_1 over_1 aged_1 minor.
    adult. consent agree do_not don't not_contact no_longer interested uninterested not. willing
    active. inactive deceased died moved_away moved_out archiv suspend blocked confirm accepted
    particip can. come coming can't cannot too_young conflict_of staff. councillor
    employee. leave_out left_out ignore skip keep. include in_pool
    যোগ্য অযোগ্য প্রত্যাহার বাতিল বাদ. মুছ উপস্থিত অনুপস্থিত অবস্থা. নাবালক প্রাপ্তবয়স্ক অপ্রাপ্তবয়স্ক সম্মতি আসতে
    আসবে আগ্রহী অনাগ্রহী রাজি মৃত অংশ_নে অংশগ্রহণ নিশ্চিত প্রত্যাখ্যা সরে_দাঁড়
    أهلي مؤهل انسح منسحب إلغاء ملغ محذوف حذف مستبعد استبعاد رفض مرفوض مكرر قاصر دون_سن دون_السن
    تحت_سن تحت_السن متوف وفاة حالة حضور يحضر متاح توفر موافق مهتم اهتمام تأكيد مؤكد لا_يريد غير_م
    مشارك يستطيع يمكن
"""
#: The same of cells that say "not this one".
_CELL_WORDS = """
    ineligib not_eligib uneligib withdr dropped_out drop_out opted_out opt_out unsubscri delete.
    deleted remove. removed cancelled canceled declined refused rejected exclude disqualif invalid
    duplicate under_age under_1 too_young do_not no_longer not_able not_available not_interested
    unavailable can't cannot inactive deceased moved_away moved_out archived
    অযোগ্য প্রত্যাহার বাতিল বাদ. মুছে_ফেল অনুপস্থিত নাবালক অপ্রাপ্তবয়স্ক আসতে_পারবেন_না আসবেন_না
    অনাগ্রহী রাজি_নন মৃত প্রত্যাখ্যা সরে_দাঁড়
    غير_مؤهل انسح منسحب ملغ محذوف مستبعد رفض مرفوض مكرر قاصر متوف لا_يستطيع لا_يمكن لن_يحضر
    غير_مهتم غير_متاح غير_موافق
"""


def _any_of(words: str) -> re.Pattern[str]:
    beginnings = fold(words).replace("_", " ?").replace(".", r"(?!\S)")
    those = "|".join(word for word in re.split(r" (?!\?)", beginnings) if word)
    return re.compile(rf"(?<!\S)(?:ال)?(?:{those})")


_HEADING, _CELL = _any_of(_HEADING_WORDS), _any_of(_CELL_WORDS)
#: Headings that tell of a person's life.
_FACT = _any_of(
    """
    marital civil employ econom social hous health disab migra citizen work
    বৈবাহিক চাকরি পেশা কর্ম অর্থনৈতিক সামাজিক আবাস স্বাস্থ্য প্রতিবন্ধ নাগরিক শিক্ষা
    زوجي اجتماعي عائلي اقتصادي سكن صحي وظيف عمل مهن إعاق هجر جنسي تعليم مدني
    """
)
#: Different values up to which a column's cells are searched, and longest cell that is a mark.
_MOST_VALUES, _LONGEST_MARK = 12, 40
_VALUES_SHOWN = 8


@dataclass(frozen=True)
class Doubt:
    """A column that may say "not this one", and how many rows have each of its values."""

    column: str
    counts: Mapping[str, int]


def doubts_of(table: Table, but: Collection[int | None]) -> list[Doubt]:
    """The columns that have to be asked about, leaving aside the columns `but`."""
    doubts = []
    for at, column in enumerate(table.columns):
        if at in but or not column:
            continue
        spelt: dict[str, str] = {}
        counts: Counter[str] = Counter()
        for record in table.records:
            value = spelt.setdefault(fold(record.cells[at]), record.cells[at])
            counts[value] += 1
        if _doubtful(column, counts):
            doubts.append(Doubt(column, dict(counts.most_common())))
    return doubts


def _doubtful(column: str, counts: Counter[str]) -> bool:
    if len(counts) == 1 and "" in counts:
        return False
    heading = _words(re.sub(r"(?<=[a-z])(?=[A-Z])", " ", column))
    if _HEADING.search(heading) and not _FACT.search(heading):
        return True
    if len(counts) > _MOST_VALUES:
        return False
    return any(len(cell) <= _LONGEST_MARK and _CELL.search(_words(cell)) for cell in counts)


def _words(text: str) -> str:
    """A text's words: letters, digits and, in many scripts, the marks that letters carry."""
    told = fold(text).replace("’", "'")
    marks = (
        mark if mark.isalnum() or mark in "'+" or unicodedata.category(mark)[0] == "M" else " "
        for mark in told
    )
    return " ".join("".join(marks).split())


def rows_left_out(
    table: Table,
    but: Collection[int | None],
    choices: Choices,
    log: FaultList,
) -> set[int]:
    """The rows that `choices` leave out; a fault for every doubtful column without a choice."""
    out: set[int] = set()
    chosen = {fold(column): {fold(value) for value in values} for column, values in choices.items()}
    for column in choices:
        table.position(column, log)
    for doubt in doubts_of(table, but):
        if fold(doubt.column) not in chosen:
            log.add("not_this_one", column=doubt.column, name=doubt.column, values=said(doubt))
    for at, column in enumerate(table.columns):
        if values := chosen.get(fold(column)):
            rows = [record.row for record in table.records if fold(record.cells[at]) in values]
            if rows:
                log.add("left_out", notice=True, column=column, count=len(rows), name=column)
            out.update(rows)
    return out


def said(doubt: Doubt) -> str:
    """The values of a column with their counts: `Active 37, Withdrawn 3, (blank) 2`."""
    shown = [f"{value or '(blank)'} {count}" for value, count in doubt.counts.items()]
    more = len(shown) - _VALUES_SHOWN
    return ", ".join(shown[:_VALUES_SHOWN]) + (f" (+{more})" if more > 0 else "")
