"""Help on targets, people, draw and letters."""

from __future__ import annotations

from panel_app.core.text import _
from panel_app.web.desk.help import PageHelp

HELP = (
    PageHelp(
        pages=frozenset(
            {"recruitment_desk.targets", "recruitment_desk.target_wordings", "targets_desk"}
        ),
        words=_(
            "Targets say how few and how many of the people drawn have each value of a feature, "
            "such as a ward or an age group. Import them before the people: everyone needs one "
            "value of each feature."
        ),
    ),
    PageHelp(
        pages=frozenset(
            {
                "recruitment_desk.people",
                "recruitment_desk.columns",
                "pool_desk",
                "importing",
            }
        ),
        words=_(
            "Import everyone who is ready to take part, a row each. Names and addresses are "
            "encrypted, and the lottery looks at features alone. Choose the address columns, so "
            "that no household gets two seats."
        ),
    ),
    PageHelp(
        pages=frozenset(
            {
                "draw_desk.draw",
                "draw_desk.lottery",
                "draw_desk.give_up",
                "recruitment_files.people",
            }
        ),
        words=_(
            "The lottery is computed first. You look at who has which chance, and commit to it: "
            "its fingerprint is published. Then dice rolled in public name the panel. So nobody "
            "can steer the result, and anyone can check it with the download. A panel that is "
            "drawn stays as it is."
        ),
    ),
    PageHelp(
        pages=frozenset({"near_matches"}),
        words=_(
            "People who may share a home, or be one person, though their rows are written "
            "differently. Say for each pair whether they are one: of those at most one is drawn. "
            "Decide before the lottery is computed; it can be changed until then."
        ),
    ),
    PageHelp(
        pages=frozenset({"support.asked"}),
        words=_(
            "Once a meeting is planned members are asked what would help them come: travel, "
            "childcare, an interpreter. Answer each: they read on their page what is promised and "
            "done. It is encrypted, since it may tell of somebody's health."
        ),
    ),
    PageHelp(
        pages=frozenset({"calls"}),
        words=_(
            "Those who have not answered their letter are rung, one at a time, and never by two "
            "callers at once. A caller sees a name, numbers and a language, and nothing else of "
            "the panel. A yes takes the seat; a no gives it up, and can be taken back until the "
            "place is given to another."
        ),
    ),
    PageHelp(
        pages=frozenset({"roll_desk"}),
        words=_(
            "A roll is a list of everybody whom the panel concerns, such as all who live on an "
            "estate. Each person has one seat, however often the list is loaded. A vote counts "
            "those who are on the roll when it opens. Nobody is drawn."
        ),
    ),
    PageHelp(
        pages=frozenset({"replacements_desk"}),
        words=_(
            "Seats that people gave up are filled by a lottery of their own, among those of the "
            "pool who were never drawn and share no home with a member. Its fingerprint is "
            "published before dice decide, as the panel's was. Until then whoever said no can "
            "still be asked again."
        ),
    ),
    PageHelp(
        pages=frozenset({"reserves_desk"}),
        words=_(
            "Reserves save weeks when somebody leaves: they are drawn and known before. Say how "
            "many are likely to leave, have the lottery computed, commit to it and roll the dice. "
            "They are called in the order that the draw fixed; whoever is called before others "
            "needs a reason, which everybody may read."
        ),
    ),
    PageHelp(
        pages=frozenset(
            {
                "letters_desk.letters_list",
                "letters_desk.print_letters",
                "letters_desk.print_letter",
                "letters_desk.ask_to_reissue",
                "recruitment_files.merge",
            }
        ),
        words=_(
            "Each letter holds a code that gives its holder the seat: print letters when you "
            "post them. A letter that got lost is made anew, and the old one then stops "
            "working."
        ),
    ),
)
