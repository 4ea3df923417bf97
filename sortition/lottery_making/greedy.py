"""The old greedy selection, for comparison: fill the scarcest value first, start again when stuck.

Source: LEGACY in Flanigan et al., Nature 596 (2021), supplementary information.
"""

import random

import numpy as np

from sortition.panel_model import Floats, Ints, Model, Panel
from sortition.progress import Watch

_ATTEMPTS_A_PANEL = 100


def legacy_panels(model: Model, draws: int, seed: int, watch: Watch) -> list[Panel]:
    """Panels of `draws` independent greedy selections, without those stuck in every attempt."""
    chance = random.Random(seed)
    panels: list[Panel] = []
    for number in range(draws):
        watch.reached.keep("draws", panels, np.ones(len(panels)))
        watch.step("draws", number / draws)
        for _ in range(_ATTEMPTS_A_PANEL):
            panel = _Attempt(model, chance).panel()
            if panel is not None:
                panels.append(panel)
                break
    return panels


class _Attempt:
    """One greedy selection."""

    def __init__(self, model: Model, chance: random.Random) -> None:
        self.model, self.chance = model, chance
        self.left: Ints = model.counts.copy()
        self.held = np.zeros(model.row_count + 1, dtype=np.int64)
        self._block_full_rows()

    def panel(self) -> Panel | None:
        """A valid panel, or None when the selection got stuck."""
        picked = []
        for _ in range(self.model.size):
            types = self._next_types()
            weights = self.left[types].tolist()
            if not sum(weights):
                return None
            kind = int(self.chance.choices(types.tolist(), weights)[0])
            picked.append(kind)
            self._take(kind)
        panel: Panel = np.array(sorted(picked), dtype=np.int32)
        return panel if self.model.is_valid(panel) else None

    def _next_types(self) -> Ints:
        """The types with the value whose minimum is scarcest; all, once every minimum is met."""
        model = self.model
        needed = (model.lower - self.held[:-1])[1 : model.core_rows]
        if not (needed > 0).any():
            return np.arange(len(self.left))
        there = model.sums(self.left)[1 : model.core_rows]
        scarcity: Floats = np.where(needed > 0, needed / np.maximum(there, 1e-9), -1.0)
        ties = np.flatnonzero(scarcity >= scarcity.max() - 1e-12)
        row = 1 + int(self.chance.choice(ties.tolist()))
        return np.flatnonzero((model.rows_of == row).any(axis=1))

    def _take(self, kind: int) -> None:
        model, home = self.model, int(self.model.home_row[kind])
        self.held[model.rows_of[kind]] += 1
        if home == model.row_count:
            self.left[kind] -= 1
        else:
            free = int(model.upper[home] - self.held[home])
            same = np.flatnonzero((model.home_row == home) & (self.left > 0))
            self.left[same] = model.counts[same] * free // model.upper[home]
        self._block_full_rows()

    def _block_full_rows(self) -> None:
        """Leave no one with a value whose maximum is reached."""
        full = 1 + np.flatnonzero(self.held[1:-1] >= self.model.upper[1:])
        if len(full):
            self.left[np.isin(self.model.rows_of, full).any(axis=1)] = 0
