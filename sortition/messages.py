"""Every fault in English, by code; whoever speaks another language translates by code."""

from collections.abc import Mapping

#: Code -> sentence. Codes and the names of parameters are part of the library's interface.
ENGLISH: Mapping[str, str] = {
    # Any table.
    "unreadable": "The file %(name)s can't be opened (%(reason)s).",
    "excel": "This workbook can't be read: it is damaged, has a password or is too large."
    " Save it as “CSV UTF-8” and send that.",
    "one_sheet": "The sheet %(name)s was read. The others were not: %(others)s.",
    "no_sheet": "There is no sheet %(name)s; there are %(known)s.",
    "encoding": "The letters of this file can't be read. Save it as “CSV UTF-8”.",
    "malformed": "The file can't be read past this row (%(reason)s);"
    " look for a missing quotation mark.",
    "empty_file": "The file is empty.",
    "extra_cells": "This row has %(found)s cells where the header has %(expected)s.",
    "long_cell": "This cell has %(length)s characters; the longest allowed is %(longest)s.",
    "null_character": "This cell holds a null character; the file is not plain text.",
    "missing_column": "The column %(name)s is missing.",
    "repeated_column": "The column %(name)s appears %(times)s times; it must appear once.",
    "blank_cell": "This cell is blank.",
    "blank_id": "There is no id in this row.",
    "repeated_id": "The id %(id)s appears more than once.",
    "unknown_id": "There is nobody with the id %(id)s.",
    "guessed_letters": "The file was not in UTF-8: look whether names with accents or other"
    " letters are right. If not, save it as “CSV UTF-8” and import it again.",
    "blank_row": "This row is blank and was skipped.",
    "above_header": "This row stands above the header and was skipped.",
    # Targets.
    "no_targets": "There are no targets below the header.",
    "no_minimum": "This row has no minimum and was skipped.",
    "not_a_number": "“%(text)s” is not a whole number of people.",
    "out_of_order": "%(low_name)s (%(low)s) is more than %(high_name)s (%(high)s)"
    " for %(feature)s %(value)s.",
    "repeated_target": "%(feature)s %(value)s appears more than once.",
    "two_spellings": "The feature %(known)s is also spelt %(feature)s; use one spelling.",
    "no_seats": "A panel needs at least 1 person, not %(size)s.",
    "minima_above_size": "The minimums of %(feature)s add up to %(total)s,"
    " more than the panel of %(size)s.",
    "maxima_below_size": "The maximums of %(feature)s add up to %(total)s,"
    " fewer than the panel of %(size)s.",
    # People.
    "no_people": "There are no people below the header.",
    "no_id_column": "There is no id column; the people were numbered from 1.",
    "no_address": "This person has no address and counts as living alone.",
    "unknown_value": "“%(value)s” is not one of the targets' values of %(feature)s (%(known)s).",
    "unknown_values": "%(count)s cells, such as %(values)s, are not among the targets' values"
    " (%(known)s). Change each to the value, or the band, that it belongs to.",
    "date_cell": "“%(value)s” is what spreadsheets make of %(typed)s. Say that it means this,"
    " or format the column as text, and type it again.",
    "cut_number": "“%(value)s” is a long number that a spreadsheet cut short, so that"
    " different ones look alike. Format the column as text or as a whole number, and save the"
    " file again.",
    "cut_numbers": "%(count)s cells are long numbers that a spreadsheet cut short, such as"
    " %(value)s. Format the column as text or as a whole number, and save the file again.",
    "explained": "%(count)s cells “%(cell)s” were read as %(value)s, as you said.",
    "silent": "%(count)s people gave no answer here.",
    "not_drawn": "%(count)s people left out an answer and can't be drawn.",
    "banded": "%(count)s numbers or dates were put into the bands that hold them: %(bands)s.",
    "no_person": "This row has neither an id nor a value, or is a remark, and was skipped.",
    "likely_home": "The rows %(rows)s may be one household whose address is written in"
    " different ways; write it alike if so.",
    "not_this_one": "The column %(name)s may say who is not to be drawn (%(values)s). Say which"
    " of its values to leave out, or that it leaves out nobody.",
    "left_out": "%(count)s people were left out by the column %(name)s.",
    "merged_rows": "The rows %(rows)s are identical and count as one person.",
    "duplicate_id": "The id %(id)s is used by different people, in rows %(rows)s.",
    "too_few_people": "The pool has %(pool)s people, fewer than the panel of %(size)s.",
    # People already selected.
    "too_many_selected": "%(count)s people are already selected, more than the panel of %(size)s.",
    "above_maximum": "%(held)s people already selected are %(feature)s %(value)s;"
    " the maximum is %(maximum)s.",
    "all_seats_taken": "All %(size)s seats are taken; there is nobody to replace.",
    # Solving and drawing.
    "unknown_algorithm": "“%(name)s” is not one of %(known)s.",
    "panel_count": "A lottery has 1 to %(most)s panels, not %(panels)s.",
    # Reserves.
    "reserve_count": "%(count)s reserves can't be chosen from %(people)s people.",
    "unknown_target": "There is no target %(feature)s %(value)s.",
    "chance": "A chance lies between 0 and 1; %(rate)s does not.",
    # Invitations.
    "no_entries": "There is nothing below the header.",
    "invitation_count": "There are %(households)s households to invite;"
    " %(invitations)s invitations don't fit.",
    "response_rate": "A response rate lies above 0 and is at most 1;"
    " %(rate)s, of the area %(area)s, does not.",
    "no_rate": "The area %(area)s has no response rate.",
    "few_homes": (
        "The area %(area)s has only %(homes)s homes: everybody could tell who was written to."
        " Put it together with a neighbouring one."
    ),
    "not_a_rate": "“%(text)s” is not a number.",
    "unknown_area": "The list has no area %(area)s.",
    # Seating.
    "nobody_to_seat": "There is nobody to seat, or no round.",
    "unknown_table": "There is no table %(table)s; there are %(tables)s.",
    "nobody_with_value": "Nobody is %(feature)s %(value)s.",
    "impossible_rules": "These rules can't all be kept at tables of this size.",
    # Sample pools.
    "out_of_range": "%(name)s is %(given)s; it must lie between %(low)s and %(high)s.",
    # Options of the command line.
    "option": "%(text)s",
}
