"""From votes on statements to opinion groups, common ground and themes: pure functions.

A run goes through the modules in this order:

1. `votes` builds the matrix of who said what, `statistics` counts it.
2. `projection` places people on two axes; `grouping` says who is clustered and, with `kmeans`,
   into which group, `agreement` how well that fits.
3. `chance` and `stability` test the groups, `statistics` and `representative` describe them;
   `analysis` does all this at one call and `may_show` gives the verdict.
4. `remarks` picks what is worth saying, `reading` keeps it, `sentences` says it in any
   language, `where_you_sit` finds one person's place.
5. Texts: `tokens` and `stop_words` cut them and find repeats, `themes` sorts them. `polis/` reads
   and writes files.

The names below are what pages tell, and load neither numpy nor scikit-learn; `api` is the door
for the jobs and files that need them.
"""

from panel_app.opinions.may_show import Gate as Gate
from panel_app.opinions.may_show import Reason as Reason
from panel_app.opinions.may_show import gate_sentence as gate_sentence
from panel_app.opinions.reading import Direction as Direction
from panel_app.opinions.reading import Reading as Reading
from panel_app.opinions.sentences import Kind as Kind
from panel_app.opinions.sentences import Told as Told
from panel_app.opinions.sentences import group_letter as group_letter
from panel_app.opinions.sentences import tell as tell
from panel_app.opinions.sentences import tell_group as tell_group
from panel_app.opinions.sentences import tell_place as tell_place
from panel_app.opinions.themes import ThemeBook as ThemeBook
from panel_app.opinions.themes import Thinness as Thinness
from panel_app.opinions.themes import propose_themes as propose_themes
from panel_app.opinions.themes import thinness_sentence as thinness_sentence
from panel_app.opinions.tokens import alike as alike
from panel_app.opinions.where_you_sit import Leanings as Leanings
from panel_app.opinions.where_you_sit import where_you_sit as where_you_sit
