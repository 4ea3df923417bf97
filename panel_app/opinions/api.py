"""The door for what computes: finds groups, reads votes, reads and writes files; loads numpy."""

from panel_app.opinions.analysis import analyse, analyse_given_groups
from panel_app.opinions.polis.conversation import Conversation
from panel_app.opinions.polis.csv_tables import FaultyFiles
from panel_app.opinions.polis.reader import read_polis
from panel_app.opinions.polis.writer import write_polis
from panel_app.opinions.remarks import counts_by_group, leanings_of, read_votes
from panel_app.opinions.votes import (
    Statement,
    TooLarge,
    Vote,
    VoteMatrix,
    matrix_of,
    matrix_of_cells,
)

__all__ = [
    "Conversation",
    "FaultyFiles",
    "Statement",
    "TooLarge",
    "Vote",
    "VoteMatrix",
    "analyse",
    "analyse_given_groups",
    "counts_by_group",
    "leanings_of",
    "matrix_of",
    "matrix_of_cells",
    "read_polis",
    "read_votes",
    "write_polis",
]
