"""Where the money goes, as open data: each figure with the word that it carries."""

from __future__ import annotations

from typing import Any

from flask_babel import force_locale

from panel_app.budgets.spending import queries, wording
from panel_app.budgets.spending.models import Apportionment
from panel_app.core.text import _
from panel_app.panels.models import Panel
from panel_app.places.models import Place
from panel_app.web.exports import Dataset, Field, Rows

FIELDS = (
    Field("place", "text", "The place that the money is spent on"),
    Field("kind", "text", "borough, ward, estate or block"),
    Field("contract", "text", "The contract's reference in the council's register"),
    Field("service", "text", "What is bought or done"),
    Field("supplier", "text", "own, public, charity, small, company, or unknown (not said)"),
    Field("contract_yearly_pence", "pence", "What the whole contract costs in a year"),
    Field("contract_worked_out", "yes or no", "Whether that was worked out from the whole sum"),
    Field("year", "number", "The year of the share"),
    Field("part", "number", "The share's numerator: how many, such as trees there"),
    Field("whole", "number", "The share's denominator: of how many"),
    Field("basis", "text", "households, area, assets, measured or agreed"),
    Field("counted", "text", "What was counted; empty where it isn't things"),
    Field("confidence", "text", "high, fair or guess"),
    Field("word", "text", "measured, agreed, estimated or guess: the word the figure carries"),
    Field("pence", "pence", "What falls to the place in a year, to the nearest penny"),
    Field("told", "text", "The figure in one sentence, with its word"),
    Field("source", "text", "Where the figures come from"),
)


def rows_of(place: Place | None) -> Rows:
    """Return a row for each share within a place, the newest of each contract."""
    shares = queries.newest(queries.within(place))
    ordered = sorted(shares, key=lambda one: (one.place_id, one.contract.reference))
    # Files are in English, whoever asks for them.
    with force_locale("en"):
        return [_row(share) for share in ordered]


def _row(share: Apportionment) -> dict[str, Any]:
    contract = share.contract
    return {
        "place": str(share.place.name),
        "kind": share.place.kind,
        "contract": contract.reference,
        "service": str(contract.service),
        "supplier": contract.supplier,
        "contract_yearly_pence": contract.yearly,
        "contract_worked_out": contract.worked_out,
        "year": share.year,
        "part": share.part,
        "whole": share.whole,
        "basis": share.basis,
        "counted": str(share.counted) if share.counted else "",
        "confidence": share.confidence,
        "word": wording.word_of(share),
        "pence": wording.pence_of(share),
        "told": wording.told(share),
        "source": share.source,
    }


def _of(panel: Panel) -> Rows:
    return rows_of(panel.area)


SPENDING = Dataset(
    name="spending",
    title=_("Where the money goes now"),
    fields=FIELDS,
    rows=_of,
    whole=_of,
)
