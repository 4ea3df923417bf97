"""Writing expected seats as a lottery over panels where peeling stops short: panels on demand.

The weights solve a linear program that leaves as few expected seats out as it can. Its duals say
which panels would help; those are looked for on the face of the point, by swaps and, where swaps
find none, by an integer program, which finds one or proves that no lottery has these seats.
"""

from collections.abc import Iterable

import numpy as np

from sortition.highs import INFINITY, Columns, Program
from sortition.lottery_making.best_panel import Pricing
from sortition.panel_model import Floats, Model, Panel
from sortition.progress import Watch

#: Expected seats left out, in all, from which the point counts as written.
_NOTHING = 1e-9
#: By how much a panel must be worth more than the lottery's own to be of use.
_BETTER = 1e-10


def write_in_panels(
    model: Model, seats: Floats, panels: Iterable[Panel], *, seed: int, watch: Watch
) -> "Written":
    """Write the point `seats` as a lottery over `panels` and others found on its face.

    Raises Stopped; the watch keeps the weights found until then.
    """
    search = Written(model, seats, np.random.default_rng(seed), watch)
    for panel in panels:
        search.add(panel)
    while search.left_out > _NOTHING and not search.outside:
        search.outside = not search.improve()
    return search


class Written:
    """Panels and weights (adding up to 1), and the seats that are left out of the point, in all.

    With `outside` it is proven that no lottery over valid panels has the point's expected seats.
    The program's columns are the seats left out of each type, then the panels.
    """

    def __init__(
        self, model: Model, seats: Floats, chance: np.random.Generator, watch: Watch
    ) -> None:
        self.model, self.chance, self.watch = model, chance, watch
        self.pricing = Pricing(model, face=seats)
        self.types = self.pricing.types
        self.panels: list[Panel] = []
        self.left_out, self.outside = float(model.size), False
        self.weights = np.zeros(0)
        self._worth = np.zeros(len(model.types))
        self._worth[self.types] = 1.0
        self._own = 0.0
        self._known: set[bytes] = set()
        self._place = np.full(len(model.types), -1)
        width = len(self.types)
        self._place[self.types] = np.arange(width)
        ones, no_limit = np.ones(width), np.full(width, INFINITY)
        self._program = Program(
            Columns.single(np.arange(width), ones, -ones, no_limit),
            np.append(seats[self.types], 1.0),
            np.append(no_limit, 1.0),
        )
        # A program that has gained columns keeps a primal feasible basis.
        self._program.set_option("simplex_strategy", 4)

    def add(self, panel: Panel) -> bool:
        """Take a panel in, unless it is known or off the face."""
        rows, mark = self._place[panel], panel.tobytes()
        if mark in self._known or (rows < 0).any():
            return False
        self._known.add(mark)
        self.panels.append(panel)
        places, held = np.unique(rows, return_counts=True)
        index = np.append(places, len(self.types))
        self._program.add_column(0.0, index, np.append(held, 1).astype(np.float64))
        return True

    def improve(self) -> bool:
        """Find panels that help; False when it is proven that none does."""
        self.watch.step("panels", 1 - self.left_out / self.model.size)
        if self.panels:
            self._weigh()
            if self.left_out <= _NOTHING:
                return True
        good = self.pricing.good(self._worth, self.chance)
        if sum(self._helps(panel) and self.add(panel) for panel in good):
            return True
        best = self.pricing.best(self._worth, self.watch.remaining)
        self.watch.step("panels")
        return best is not None and self._helps(best[0]) and self.add(best[0])

    def _helps(self, panel: Panel) -> bool:
        return float(self._worth[panel].sum()) > self._own + _BETTER

    def _weigh(self) -> None:
        answer = self._program.sure()
        self.left_out = -answer.value
        self.weights = np.maximum(answer.x[len(self.types) :], 0.0)
        self._worth[self.types] = np.maximum(-answer.row_duals[:-1], 0.0)
        self._own = float(answer.row_duals[-1])
        if self.weights.any():
            self.watch.reached.keep("writing", self.panels, self.weights)
