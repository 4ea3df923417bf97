"""What the sortition library finds wrong with a file, in the organiser's language."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from panel_app.core.text import _, gettext, ngettext
from panel_app.web.i18n import apart, number
from sortition.faults import MOST_ROWS, Fault

#: The library's own sentences (sortition/messages.py), by its codes; a test holds them together.
SENTENCES: Mapping[str, Any] = {
    # Any table.
    "unreadable": _("The file %(name)s can’t be opened (%(reason)s)."),
    "excel": _(
        "This workbook can’t be read: it is damaged, has a password or is too large. Save it as"
        " “CSV UTF-8” and send that."
    ),
    "one_sheet": _("The sheet %(name)s was read. The others were not: %(others)s."),
    "no_sheet": _("There is no sheet %(name)s; there are %(known)s."),
    "encoding": _("The letters of this file can’t be read. Save it as “CSV UTF-8”."),
    "malformed": _(
        "The file can’t be read past this row (%(reason)s); look for a missing quotation mark."
    ),
    "empty_file": _("The file is empty."),
    "extra_cells": _("This row has %(found)s cells where the header has %(expected)s."),
    "long_cell": _("This cell has %(length)s characters; the longest allowed is %(longest)s."),
    "null_character": _("This cell holds a null character; the file is not plain text."),
    "missing_column": _("The column %(name)s is missing."),
    "repeated_column": _("The column %(name)s appears %(times)s times; it must appear once."),
    "blank_cell": _("This cell is blank."),
    "blank_id": _("There is no id in this row."),
    "repeated_id": _("The id %(id)s appears more than once."),
    "unknown_id": _("There is nobody with the id %(id)s."),
    "guessed_letters": _(
        "The file was not in UTF-8: look whether names with accents or other letters are"
        " right. If not, save it as “CSV UTF-8” and import it again."
    ),
    "blank_row": _("This row is blank and was skipped."),
    "above_header": _("This row stands above the header and was skipped."),
    # Targets.
    "no_targets": _("There are no targets below the header."),
    "no_minimum": _("This row has no minimum and was skipped."),
    "not_a_number": _("“%(text)s” is not a whole number of people."),
    "out_of_order": _(
        "%(low_name)s (%(low)s) is more than %(high_name)s (%(high)s) for %(feature)s %(value)s."
    ),
    "repeated_target": _("%(feature)s %(value)s appears more than once."),
    "two_spellings": _("The feature %(known)s is also spelt %(feature)s; use one spelling."),
    "no_seats": _("A panel needs at least 1 person, not %(size)s."),
    "minima_above_size": _(
        "The minimums of %(feature)s add up to %(total)s, more than the panel of %(size)s."
    ),
    "maxima_below_size": _(
        "The maximums of %(feature)s add up to %(total)s, fewer than the panel of %(size)s."
    ),
    # People.
    "no_people": _("There are no people below the header."),
    "no_id_column": _("There is no id column; the people were numbered from 1."),
    "no_address": _("This person has no address and counts as living alone."),
    "unknown_value": _("“%(value)s” is not one of the targets’ values of %(feature)s (%(known)s)."),
    "unknown_values": _(
        "%(count)s cells, such as %(values)s, are not among the targets’ values (%(known)s)."
        " Change each to the value, or the band, that it belongs to."
    ),
    "date_cell": _(
        "“%(value)s” is what spreadsheets make of %(typed)s. Say that it means this, or format the"
        " column as text, and type it again."
    ),
    "cut_number": _(
        "“%(value)s” is a long number that a spreadsheet cut short, so that different ones look"
        " alike. Format the column as text or as a whole number, and save the file again."
    ),
    "cut_numbers": _(
        "%(count)s cells are long numbers that a spreadsheet cut short, such as %(value)s. Format"
        " the column as text or as a whole number, and save the file again."
    ),
    "explained": _("%(count)s cells “%(cell)s” were read as %(value)s, as you said."),
    "silent": _("%(count)s people gave no answer here."),
    "not_drawn": _("%(count)s people left out an answer and can’t be drawn."),
    "banded": _("%(count)s numbers or dates were put into the bands that hold them: %(bands)s."),
    "no_person": _("This row has neither an id nor a value, or is a remark, and was skipped."),
    "likely_home": _(
        "The rows %(rows)s may be one household whose address is written in different ways;"
        " write it alike if so."
    ),
    "not_this_one": _(
        "The column %(name)s may say who is not to be drawn (%(values)s). Say which of its values"
        " to leave out, or that it leaves out nobody."
    ),
    "left_out": _("%(count)s people were left out by the column %(name)s."),
    "merged_rows": _("The rows %(rows)s are identical and count as one person."),
    "duplicate_id": _("The id %(id)s is used by different people, in rows %(rows)s."),
    "too_few_people": _("The pool has %(pool)s people, fewer than the panel of %(size)s."),
    # People already selected.
    "too_many_selected": _(
        "%(count)s people are already selected, more than the panel of %(size)s."
    ),
    "above_maximum": _(
        "%(held)s people already selected are %(feature)s %(value)s; the maximum is %(maximum)s."
    ),
    "all_seats_taken": _("All %(size)s seats are taken; there is nobody to replace."),
    # Solving and drawing.
    "unknown_algorithm": _("“%(name)s” is not one of %(known)s."),
    "panel_count": _("A lottery has 1 to %(most)s panels, not %(panels)s."),
    # Reserves.
    "reserve_count": _("%(count)s reserves can’t be chosen from %(people)s people."),
    "unknown_target": _("There is no target %(feature)s %(value)s."),
    "chance": _("A chance lies between 0 and 1; %(rate)s does not."),
    # Invitations.
    "no_entries": _("There is nothing below the header."),
    "invitation_count": _(
        "There are %(households)s households to invite; %(invitations)s invitations don’t fit."
    ),
    "response_rate": _(
        "A response rate lies above 0 and is at most 1; %(rate)s, of the area %(area)s, does not."
    ),
    "no_rate": _("The area %(area)s has no response rate."),
    "few_homes": _(
        "The area %(area)s has only %(homes)s homes: everybody could tell who was written to. Put"
        " it together with a neighbouring one."
    ),
    "not_a_rate": _("“%(text)s” is not a number."),
    "unknown_area": _("The list has no area %(area)s."),
    # Seating.
    "nobody_to_seat": _("There is nobody to seat, or no round."),
    "unknown_table": _("There is no table %(table)s; there are %(tables)s."),
    "nobody_with_value": _("Nobody is %(feature)s %(value)s."),
    "impossible_rules": _("These rules can’t all be kept at tables of this size."),
    # Sample pools.
    "out_of_range": _("%(name)s is %(given)s; it must lie between %(low)s and %(high)s."),
    # Options of the command line.
    "option": "%(text)s",
}


def fault_words(faults: Iterable[Fault]) -> list[str]:
    """Say every fault with its rows and column; faults alike in all but the row share a line."""
    rows: dict[tuple[str | None, str], list[int]] = {}
    for fault in faults:
        found = rows.setdefault((fault.column, _sentence(fault)), [])
        if fault.row is not None:
            found.append(fault.row)
    return [placed(column, message, sorted(at)) for (column, message), at in rows.items()]


def fault_line(fault: Fault, rows: list[int]) -> str:
    """Say one fault that stands in these rows."""
    return placed(fault.column, _sentence(fault), sorted(rows))


def _sentence(fault: Fault) -> str:
    details = {
        name: apart(value) if isinstance(value, str) else number(value)
        for name, value in fault.details.items()
    }
    return str(SENTENCES[fault.code]) % details


def placed(column: str | None, message: str, rows: list[int]) -> str:
    """Say what is wrong with these rows of a column, or of none in particular."""
    where = {"rows": _ranges(rows), "column": apart(column or ""), "message": message}
    if rows and column:
        words = ngettext(
            "Row %(rows)s, column %(column)s: %(message)s",
            "Rows %(rows)s, column %(column)s: %(message)s",
            len(rows),
            **where,
        )
    elif rows:
        words = ngettext(
            "Row %(rows)s: %(message)s", "Rows %(rows)s: %(message)s", len(rows), **where
        )
    else:
        words = gettext("Column %(column)s: %(message)s", **where) if column else message
    return str(words)


def _ranges(rows: list[int]) -> str:
    """Write row numbers as people do: 2, 5–7."""
    runs: list[list[int]] = []
    for row in rows:
        if runs and row <= runs[-1][1] + 1:
            runs[-1][1] = row
        else:
            runs.append([row, row])
    shown = ", ".join(
        str(low) if low == high else f"{low}–{high}" for low, high in runs[:MOST_ROWS]
    )
    more = sum(high - low + 1 for low, high in runs[MOST_ROWS:])
    return (
        str(gettext("%(rows)s and %(num)s more", rows=shown, num=number(more))) if more else shown
    )
