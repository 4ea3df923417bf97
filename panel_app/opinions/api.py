"""The door for what computes: finds groups, reads votes, reads and writes files; loads numpy."""

from panel_app.opinions.analysis import analyse as analyse
from panel_app.opinions.analysis import analyse_given_groups as analyse_given_groups
from panel_app.opinions.polis.reader import Conversation as Conversation
from panel_app.opinions.polis.reader import read_polis as read_polis
from panel_app.opinions.polis.writer import write_polis as write_polis
from panel_app.opinions.remarks import counts_by_group as counts_by_group
from panel_app.opinions.remarks import leanings_of as leanings_of
from panel_app.opinions.remarks import read_votes as read_votes
from panel_app.opinions.votes import Statement as Statement
from panel_app.opinions.votes import TooLarge as TooLarge
from panel_app.opinions.votes import Vote as Vote
from panel_app.opinions.votes import VoteMatrix as VoteMatrix
from panel_app.opinions.votes import matrix_of as matrix_of
from panel_app.opinions.votes import matrix_of_cells as matrix_of_cells
