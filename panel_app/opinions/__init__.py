"""From votes on statements to opinion groups, common ground and themes: pure functions.

A run goes through the modules in this order:

1. `votes` builds the matrix of who said what, `statistics` counts it.
2. `projection` places people on two axes; `grouping` says who is clustered and, with `kmeans`,
   into which group, `agreement` how well that fits.
3. `chance` and `stability` test the groups, `statistics` and `representative` describe them;
   `analysis` does all this at one call and `may_show` gives the verdict.
4. `remarks` picks what is worth saying, `reading` keeps it, `sentences` says it in any
   language, `where_you_sit` finds one person's place.
5. Texts: `tokens` and `stop_words` cut them and find repeats, `themes` sorts them. `change`
   compares answers before and after. `polis/` reads and writes files.

The names below are what pages tell, and load neither numpy nor scikit-learn; `api` is the door
for the jobs and files that need them.
"""

from panel_app.opinions.change import Answers, ChangeRow, change_sentence, change_table
from panel_app.opinions.may_show import Gate, Reason, gate_sentence
from panel_app.opinions.reading import Counts, Direction, Reading, Remark
from panel_app.opinions.sentences import (
    Told,
    group_letter,
    size_sentence,
    tell_common_ground,
    tell_divides,
    tell_group,
    tell_place,
    tell_unsure,
)
from panel_app.opinions.themes import (
    Theme,
    ThemeBook,
    Themes,
    Thinness,
    propose_themes,
    thinness_sentence,
)
from panel_app.opinions.tokens import alike, nearest
from panel_app.opinions.where_you_sit import Leanings, Match, Place, where_you_sit

__all__ = [
    "Answers",
    "ChangeRow",
    "Counts",
    "Direction",
    "Gate",
    "Leanings",
    "Match",
    "Place",
    "Reading",
    "Reason",
    "Remark",
    "Theme",
    "ThemeBook",
    "Themes",
    "Thinness",
    "Told",
    "alike",
    "change_sentence",
    "change_table",
    "gate_sentence",
    "group_letter",
    "nearest",
    "propose_themes",
    "size_sentence",
    "tell_common_ground",
    "tell_divides",
    "tell_group",
    "tell_place",
    "tell_unsure",
    "thinness_sentence",
    "where_you_sit",
]
