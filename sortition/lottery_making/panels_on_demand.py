"""Panels found as they are needed: the duals of a program over panels say which would help.

`Written` writes a point as a lottery: the weights leave as few expected seats out as they can, and
panels are looked for on the point's face by swaps and, where swaps find none, by an integer
program, which finds one or proves that no lottery has these seats. `Generated` is exact leximin,
for pools where the linear relaxation promises too much. Source: Flanigan et al., Nature 596 (2021),
supplementary information, on types. A level ends when the integer program that looks for a better
panel proves that there is none.
"""

from collections.abc import Iterable

import numpy as np

from sortition.highs import INFINITY, Answer, Columns, LostPoint, Program
from sortition.lottery_making.best_panel import Pricing
from sortition.lottery_making.proof import prove
from sortition.lottery_making.relaxation import Level, Relaxation
from sortition.panel_model import Flags, Floats, Ints, Model, Panel
from sortition.progress import Watch

#: Expected seats left out, in all, from which the point counts as written.
_NOTHING = 1e-9
#: By how much a panel must be worth more than the lottery's own to be of use.
_BETTER = 1e-10
#: How close to its bound a level must come; chances are shares of one.
LEVEL_GAP = 1e-9
#: Dual weight from which a type is held by its level; the weights of a level add up to 1.
_HELD = 1e-5


class _PanelProgram:
    """A linear program with a column a panel; `place` is each type's row, -1 for no panel's.

    The last row sums the panels' weights up.
    """

    def __init__(self, program: Program, place: Ints) -> None:
        self._program, self._place, self._last = program, place, int(place.max()) + 1
        self.panels: list[Panel] = []
        self.weights = np.zeros(0)
        self._known: set[bytes] = set()

    def add(self, panel: Panel) -> bool:
        """Take a panel in, unless it is known or holds a type without a row."""
        rows, mark = self._place[panel], panel.tobytes()
        if mark in self._known or (rows < 0).any():
            return False
        self._known.add(mark)
        self.panels.append(panel)
        places, held = np.unique(rows, return_counts=True)
        index = np.append(places, self._last)
        self._program.add_column(0.0, index, np.append(held, 1).astype(np.float64))
        return True


class Written(_PanelProgram):
    """Panels and weights (adding up to 1), and the seats that are left out of a point, in all.

    The point `seats` is written over `panels` and others found on its face; whoever stops the run
    is left with the weights found until then. With `outside` it is proven that no lottery over
    valid panels has the point's expected seats.
    The program's columns are the seats left out of each type, then the panels.
    """

    def __init__(
        self, model: Model, seats: Floats, panels: Iterable[Panel], *, seed: int, watch: Watch
    ) -> None:
        self.model, self.chance, self.watch = model, np.random.default_rng(seed), watch
        self.pricing = Pricing(model, face=seats)
        self.types = self.pricing.types
        self.left_out, self.outside = float(model.size), False
        self._worth, self._own = np.zeros(len(model.types)), 0.0
        self._worth[self.types] = 1.0
        place, width = np.full(len(model.types), -1), len(self.types)
        place[self.types] = np.arange(width)
        ones, no_limit = np.ones(width), np.full(width, INFINITY)
        columns = Columns.single(np.arange(width), ones, -ones, no_limit)
        rows = np.append(seats[self.types], 1.0), np.append(no_limit, 1.0)
        super().__init__(Program(columns, *rows), place)
        # A program that has gained columns keeps a primal feasible basis.
        self._program.set_option("simplex_strategy", 4)
        for panel in panels:
            self.add(panel)
        while self.left_out > _NOTHING and not self.outside:
            self.outside = not self.improve()

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
            self.watch.keep("writing", self.panels, self.weights)


def cover(model: Model, panels: Iterable[Panel], watch: Watch) -> tuple[list[Panel], Flags]:
    """Panels that, with those given, hold every type that can be held; and the types that can't."""
    uncovered = np.ones(len(model.types), dtype=bool)
    for panel in panels:
        uncovered[panel] = False
    added, pricing = list[Panel](), Pricing(model)
    while uncovered.any():
        watch.step("cover", 1 - float(uncovered.mean()))
        found = pricing.best(uncovered.astype(np.float64))
        if found is None or not uncovered[found[0]].any():
            break
        added.append(found[0])
        uncovered[found[0]] = False
    return added, uncovered


class Generated(_PanelProgram):
    """Panels and weights (adding up to 1), a bound of the first level, and it, where proven.

    Leximin over all valid panels, starting from `panels`, which cover every type: level after level
    of the master program over the panels known is priced until it is proven.
    """

    def __init__(
        self,
        model: Model,
        panels: Iterable[Panel],
        relaxed: Relaxation,
        watch: Watch,
    ) -> None:
        self.model, self.watch = model, watch
        self.counts = model.counts.astype(np.float64)
        self.pricing = Pricing(model)
        self.open = ~relaxed.excluded
        self.chances = np.zeros(len(model.types))
        self.value, self.bound = 0.0, 1.0
        super().__init__(self._empty_master(), np.arange(len(model.types)))
        for panel in panels:
            self.add(panel)
        #: The relaxed levels, as long as the levels found are the same ones.
        self._relaxed = [level for level in relaxed.levels if level.value > LEVEL_GAP]
        self._levels = 0
        #: The first level, where it was found by pricing and a tree proves it.
        self.first: Level | None = None

    def run(self, *, only_first: bool) -> None:
        """Find every level, or the first alone (maximin). Raises Stopped, with the weights kept."""
        while self.open.any():
            self.level()
            if only_first and self.value > LEVEL_GAP:
                break
        self.weigh()

    def level(self) -> None:
        """Raise the open types' smallest chance as far as it goes, and fix the types it holds."""
        held = self._held_by_relaxation()
        if held is None:
            held = self._held_by_pricing()
        self._levels += 1
        if self._levels == 1:
            self.bound = max(self.bound, self.value)
            self.watch.bound = self.bound
        self.chances[held] = self.value
        self.open[held] = False
        for kind in np.flatnonzero(held):
            self._program.set_entry(int(kind), 0, 0.0)
            floor = self.counts[kind] * max(0.0, self.value - LEVEL_GAP)
            self._program.set_row(int(kind), floor, INFINITY)

    def _empty_master(self) -> Program:
        """Column 0 is the level's value; a row for each type and one for the sum of the weights."""
        kinds, width = np.flatnonzero(self.open), len(self.counts)
        bounds = np.ones(1), np.zeros(1), np.ones(1)
        columns = Columns(*bounds, np.array([0, len(kinds)]), kinds, -self.counts[kinds])
        lower = np.append(np.where(self.open, 0.0, -INFINITY), 1.0)
        return Program(columns, lower, np.append(np.full(width, INFINITY), 1.0))

    def weigh(self) -> Answer:
        """The weights of the panels known that serve the open types best."""
        answer = self._program.sure()
        self.value, self.weights = float(answer.x[0]), np.maximum(answer.x[1:], 0.0)
        self.watch.keep("generation", self.panels, self.weights)
        return answer

    def _held_by_relaxation(self) -> Flags | None:
        """The types the relaxation's own level holds, where the panels known already reach it."""
        if self._levels >= len(self._relaxed):
            return None
        level = self._relaxed[self._levels]
        self.weigh()
        if self._levels == 0:
            self.bound = level.value
        if self.value < level.value - 10 * LEVEL_GAP:
            self._relaxed = []
            return None
        held = np.zeros_like(self.open)
        held[level.types] = True
        return held & self.open

    def _held_by_pricing(self) -> Flags:
        while True:
            self.watch.step("levels", 1 - float(self.open.mean()))
            answer = self.weigh()
            worth = np.maximum(-answer.row_duals[:-1], 0.0)
            scale = float((worth * self.counts)[self.open].sum())
            if scale <= 0 or self.value >= 1 - LEVEL_GAP:
                return self.open.copy()
            worth /= scale
            if self._proven(worth):
                held = self.open & (worth * self.counts > _HELD)
                held = held if held.any() else self.open.copy()
                # A stranger can follow the first level's proof, where it has a bearable size.
                if self._levels == 0 and (proof := prove(self.model, worth, self.bound)):
                    self.first = Level(self.value, np.flatnonzero(held), np.zeros(0), {}, proof)
                return held

    def _proven(self, worth: Floats) -> bool:
        """Whether no panel is worth more than the level's value; adds the best panel if one is."""
        found = self.pricing.best(worth, self.watch.remaining)
        if found is None:
            raise LostPoint("The program that looks for a better panel finds none at all.")
        panel, most = found
        granted = float((worth * self.counts * self.chances)[~self.open].sum())
        bound = most - granted
        if self._levels == 0:
            self.bound = min(self.bound, max(bound, self.value))
        return bound - self.value <= LEVEL_GAP or not self.add(panel)
