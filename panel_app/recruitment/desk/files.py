"""Files of people to download, for organisers who confirm that it is they."""

from __future__ import annotations

from typing import cast

from flask import Blueprint, Response

from panel_app.core.db import found
from panel_app.panels.current import only_with_seats, this_panel
from panel_app.recruitment import people_files, queries
from panel_app.recruitment.people_files import Which
from panel_app.staff.step_up import fresh
from panel_app.web import access
from panel_app.web.exports import csv_response

bp = Blueprint("recruitment_files", __name__)
bp.before_request(only_with_seats)


@bp.get("/desk/<panel_slug>/draw/<lottery_id>/<any(selected, remaining, sitting):which>.csv")
@access.needs("organise")
@fresh
def people(lottery_id: str, which: str) -> Response:
    """Download who was selected, who remains, or who sits now, as other tools read it."""
    panel = this_panel()
    lottery = queries.lottery_called(panel, lottery_id)
    found(lottery.drawn_at)
    rows = people_files.people_rows(lottery, cast(Which, which))
    return csv_response(f"{panel.slug}-{which}", rows, people_files.people_columns(panel))


@bp.get("/desk/<panel_slug>/letters/merge.csv")
@access.needs("organise")
@fresh
def merge() -> Response:
    """Download names, addresses, languages and codes, a row a letter."""
    panel = this_panel()
    rows, columns = people_files.merge_rows(panel), people_files.merge_columns(panel)
    return csv_response(f"{panel.slug}-letters", rows, columns)
