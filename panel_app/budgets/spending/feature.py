"""Where the money goes now, as a feature."""

from __future__ import annotations

from panel_app.budgets.spending import demo, exports, queries, views
from panel_app.budgets.spending.desk import views as desk
from panel_app.budgets.spending.desk.help import HELP
from panel_app.core.feature import Feature
from panel_app.core.holdings import NobodyIn
from panel_app.places.services import PlaceHold

SPENDING = Feature(
    name="budgets/spending",
    blueprints=[views.bp, desk.bp],
    offers=[
        *HELP,
        *demo.PARTS,
        NobodyIn(
            {
                "contract": "what the council buys and does; suppliers by kind, none by name",
                "apportionment": "shares of contracts that fall to places",
            }
        ),
        exports.SPENDING,
        PlaceHold(queries.lies_there),
    ],
)
