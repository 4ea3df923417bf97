"""Count ballots on a pot, exactly and with reasons; nothing heavy is loaded until it is needed."""

from panel_app.counting.counting import count
from panel_app.counting.election import (
    CountError,
    Election,
    Project,
    approval_election,
    points_election,
    ranking_election,
)
from panel_app.counting.line_shares import (
    LineShare,
    SharesResult,
    count_shares,
    explain_shares,
)
from panel_app.counting.own_share import OwnShare, own_share
from panel_app.counting.recount import with_margins
from panel_app.counting.result import Loser, Plain, Result, Round, Tie
from panel_app.counting.rule import Rule
from panel_app.counting.sentences import Explanation, Reader, explain

__all__ = [
    "approval_election",
    "points_election",
    "ranking_election",
    "Project",
    "Election",
    "Rule",
    "count",
    "with_margins",
    "Result",
    "Round",
    "Loser",
    "Tie",
    "Plain",
    "own_share",
    "OwnShare",
    "explain",
    "Explanation",
    "count_shares",
    "explain_shares",
    "SharesResult",
    "LineShare",
    "Reader",
    "CountError",
]
