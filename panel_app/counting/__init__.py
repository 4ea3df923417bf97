"""Count ballots on a pot, exactly and with reasons.

In the order in which a count goes through them:

- `election`: projects, a pot and papers, equal ones merged; `rule`: how to count, as one value
- `winners`: who wins by a rule, through `greedy` (most votes first) or Equal Shares:
  `add1` raises the purses, `equal_shares` makes one pass (`passes` is what it tells), on floats,
  and `exact_purses` decides what floats cannot; `ties` breaks ties
- `tally`: counts and tells everything about it as a `result`, with plain votes beside it
- `margins`: by how much the losers missed, counted again and again
- `explanation`: a result in sentences; `own_share`: what one paper paid for
- `line_shares`: a pot shared over service lines, by the rules in `phantoms`
- `pb_file`, `pb_values`, `pb_election`: Pabulib's files; `command`: `panel-app count`

Nothing heavy is loaded until Equal Shares is counted.
"""

from panel_app.counting.election import (
    CountError,
    Election,
    Project,
    approval_election,
    points_election,
    ranking_election,
)
from panel_app.counting.explanation import Explanation, explain, missed_by
from panel_app.counting.line_shares import (
    LineShare,
    SharesResult,
    count_shares,
    explain_shares,
)
from panel_app.counting.margins import with_margins
from panel_app.counting.own_share import OwnShare, own_share
from panel_app.counting.pb_election import document_of
from panel_app.counting.pb_file import format_pb
from panel_app.counting.result import Loser, Plain, Result, Round, Tie
from panel_app.counting.rule import Rule
from panel_app.counting.tally import count

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
    "missed_by",
    "Explanation",
    "count_shares",
    "explain_shares",
    "SharesResult",
    "LineShare",
    "document_of",
    "format_pb",
    "CountError",
]
