"""From votes on statements to opinion groups, common ground and themes: pure functions.

Importing this package loads neither numpy nor scikit-learn; calling it does.
"""

from panel_app.opinions.analysis import (
    Analysis,
    Findings,
    analyse,
    analyse_given_groups,
)
from panel_app.opinions.change import (
    Answers,
    ChangeRow,
    change_sentence,
    change_table,
)
from panel_app.opinions.gate import Gate, Reason, gate_sentence
from panel_app.opinions.opinion_map import (
    Area,
    OpinionMap,
    describe_bar,
    describe_map,
    draw_map,
)
from panel_app.opinions.polis.conversation import Conversation, conversation_of
from panel_app.opinions.polis.csv_tables import Fault, FaultyFiles
from panel_app.opinions.polis.export import Generation, write_polis
from panel_app.opinions.polis.reading import read_polis
from panel_app.opinions.reading import Counts, Reading, Remark, read_votes
from panel_app.opinions.representative import Direction, Majority, Pick
from panel_app.opinions.routing import next_statement
from panel_app.opinions.seat import Match, Seat, where_you_sit
from panel_app.opinions.sentences import (
    Told,
    size_sentence,
    tell_common_ground,
    tell_divides,
    tell_group,
    tell_seat,
    tell_unsure,
)
from panel_app.opinions.similar import Pair, Similar, near_duplicates, similar_to
from panel_app.opinions.state import GroupingState
from panel_app.opinions.theme_book import Theme, ThemeBook
from panel_app.opinions.theme_sentences import thinness_sentence
from panel_app.opinions.themes import (
    Themes,
    Thinness,
    propose_themes,
)
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
from panel_app.opinions.wording import group_letter

__all__ = [
    "AGREE",
    "PASS",
    "DISAGREE",
    "Statement",
    "Vote",
    "VoteMatrix",
    "TooLarge",
    "matrix_of",
    "matrix_of_cells",
    "Analysis",
    "Findings",
    "GroupingState",
    "analyse",
    "analyse_given_groups",
    "Gate",
    "Reason",
    "gate_sentence",
    "Direction",
    "Pick",
    "Majority",
    "Counts",
    "Remark",
    "Reading",
    "read_votes",
    "Match",
    "Seat",
    "where_you_sit",
    "Told",
    "tell_common_ground",
    "tell_divides",
    "tell_unsure",
    "tell_group",
    "tell_seat",
    "size_sentence",
    "group_letter",
    "Area",
    "OpinionMap",
    "draw_map",
    "describe_map",
    "describe_bar",
    "next_statement",
    "Similar",
    "Pair",
    "similar_to",
    "near_duplicates",
    "Theme",
    "ThemeBook",
    "Themes",
    "Thinness",
    "propose_themes",
    "thinness_sentence",
    "Answers",
    "ChangeRow",
    "change_table",
    "change_sentence",
    "Conversation",
    "conversation_of",
    "Fault",
    "FaultyFiles",
    "read_polis",
    "Generation",
    "write_polis",
]
