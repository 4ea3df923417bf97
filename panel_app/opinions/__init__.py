"""From votes on statements to opinion groups, common ground and themes: pure functions.

A run goes through the modules in this order:

1. `votes` builds the matrix of who said what, `tallies` counts it.
2. `projection` places people on two axes; `grouping` says who is clustered, with
   `number_of_groups` and `kmeans` into which group, `agreement` how well that fits.
3. `chance` and `stability` test the groups, `statistics` and `representative` describe them;
   `analysis` does all this at one call and `may_show` gives the verdict.
4. `remarks` picks what is worth saying, `sentences` says it in any language
   (`gettext_protocol`), `where_you_sit` tells one person their place.
5. Texts: `tokens` and `stop_words` cut them, `themes` and `theme_book` sort them, `similar`
   finds repeats. `change` compares answers before and after. `polis/` reads and writes files.

Importing this package loads neither numpy nor scikit-learn; calling it does.
"""

from panel_app.opinions.analysis import Analysis, Findings, analyse, analyse_given_groups
from panel_app.opinions.change import Answers, ChangeRow, change_sentence, change_table
from panel_app.opinions.gettext_protocol import group_letter
from panel_app.opinions.may_show import Gate, Reason, gate_sentence
from panel_app.opinions.polis.conversation import Conversation, conversation_of
from panel_app.opinions.polis.csv_tables import Fault, FaultyFiles
from panel_app.opinions.polis.reader import read_polis
from panel_app.opinions.polis.writer import Generation, write_polis
from panel_app.opinions.remarks import Counts, Reading, Remark, read_votes
from panel_app.opinions.representative import Direction, Majority, Pick
from panel_app.opinions.sentences import (
    Told,
    size_sentence,
    tell_common_ground,
    tell_divides,
    tell_group,
    tell_place,
    tell_unsure,
)
from panel_app.opinions.similar import nearest
from panel_app.opinions.theme_book import Theme, ThemeBook
from panel_app.opinions.themes import Themes, Thinness, propose_themes, thinness_sentence
from panel_app.opinions.votes import (
    AGREE,
    DISAGREE,
    PASS,
    Statement,
    TooLarge,
    Vote,
    VoteMatrix,
    matrix_of,
    matrix_of_cells,
)
from panel_app.opinions.where_you_sit import Leanings, Match, Place, leanings_of, where_you_sit

__all__ = [
    "AGREE",
    "DISAGREE",
    "PASS",
    "Analysis",
    "Answers",
    "ChangeRow",
    "Conversation",
    "Counts",
    "Direction",
    "Fault",
    "FaultyFiles",
    "Findings",
    "Gate",
    "Generation",
    "Leanings",
    "Majority",
    "Match",
    "Pick",
    "Place",
    "Reading",
    "Reason",
    "Remark",
    "Statement",
    "Theme",
    "ThemeBook",
    "Themes",
    "Thinness",
    "Told",
    "TooLarge",
    "Vote",
    "VoteMatrix",
    "analyse",
    "analyse_given_groups",
    "change_sentence",
    "change_table",
    "conversation_of",
    "gate_sentence",
    "group_letter",
    "leanings_of",
    "matrix_of",
    "matrix_of_cells",
    "nearest",
    "propose_themes",
    "read_polis",
    "read_votes",
    "size_sentence",
    "tell_common_ground",
    "tell_divides",
    "tell_group",
    "tell_place",
    "tell_unsure",
    "thinness_sentence",
    "where_you_sit",
    "write_polis",
]
