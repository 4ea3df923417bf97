"""Count ballots on a pot, exactly and with reasons.

In the order in which a count goes through them:

- `election`: projects, a pot and papers, equal ones merged; `rule`: how to count, as one value
- `winners`: who wins by a rule, through `greedy` (most votes first) or Equal Shares:
  `add1` raises the purses, `equal_shares` makes one pass on floats,
  and `exact_purses` decides what floats cannot; `ties` breaks ties
- `tally`: counts and tells everything about it as a `result`, with plain votes beside it
- `margins`: by how much the losers missed, counted again and again
- `explanation`: a result in sentences; `own_share`: what one paper paid for
- `line_shares`: a pot shared over service lines, by the rules in `phantoms`
- `pb_file`, `pb_values`, `pb_election`: Pabulib's files; `command`: `panel-app count`

Nothing heavy is loaded until Equal Shares is counted.
"""

from panel_app.counting.election import CountError as CountError
from panel_app.counting.election import Election as Election
from panel_app.counting.election import Project as Project
from panel_app.counting.election import approval_election as approval_election
from panel_app.counting.election import points_election as points_election
from panel_app.counting.election import ranking_election as ranking_election
from panel_app.counting.explanation import explain as explain
from panel_app.counting.explanation import missed_by as missed_by
from panel_app.counting.line_shares import LineShare as LineShare
from panel_app.counting.line_shares import SharesResult as SharesResult
from panel_app.counting.line_shares import count_shares as count_shares
from panel_app.counting.line_shares import explain_shares as explain_shares
from panel_app.counting.line_shares import largest_remainder as largest_remainder
from panel_app.counting.margins import with_margins as with_margins
from panel_app.counting.own_share import OwnShare as OwnShare
from panel_app.counting.own_share import own_share as own_share
from panel_app.counting.pb_election import document_of as document_of
from panel_app.counting.pb_election import election_of as election_of
from panel_app.counting.pb_file import PbFile as PbFile
from panel_app.counting.pb_file import format_pb as format_pb
from panel_app.counting.pb_file import parse_pb as parse_pb
from panel_app.counting.pb_values import limit_in as limit_in
from panel_app.counting.result import Loser as Loser
from panel_app.counting.result import Result as Result
from panel_app.counting.result import Round as Round
from panel_app.counting.rule import Rule as Rule
from panel_app.counting.tally import count as count
