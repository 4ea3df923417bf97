"""The public pages on where the money goes now."""

from __future__ import annotations

from flask import Blueprint, Response, render_template

from panel_app.budgets.spending import exports, queries
from panel_app.budgets.spending.wording import SUPPLIERS
from panel_app.core.text import _
from panel_app.places import queries as places
from panel_app.web import access, i18n
from panel_app.web.exports import csv_response

bp = Blueprint("spending", __name__)


@bp.get("/money")
@access.needs("anyone")
def all_places() -> str:
    """List the places that money is known to go to."""
    return render_template(
        "spending/all.html", heading=_("Where the money goes now"), places=queries.spent_on()
    )


@bp.get("/money/<public_id>")
@access.needs("anyone")
def place(public_id: str) -> str:
    """Show what is spent on a place in a year, contract by contract."""
    place = places.place_called(public_id)
    return render_template(
        "spending/place.html",
        heading=_("What is spent on %(place)s", place=i18n.wording(place.name).text),
        spending=queries.on(place),
        suppliers=SUPPLIERS,
    )


@bp.get("/money/<public_id>.csv")
@access.needs("anyone")
def place_csv(public_id: str) -> Response:
    """The same as a list, each figure with its word."""
    place = places.place_called(public_id)
    return csv_response(f"money-{public_id}", exports.rows_of(place), exports.SPENDING.columns)
