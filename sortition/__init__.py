"""Sortition: fair lotteries for representative panels, exact and verifiable.

Which module does what, in the order of a lottery:

    csv_files, folding, targets, pool     read the files (workbook: xlsx); bands, not_this_one
    panel_model                           types of people, rows of targets; who is selected already
    households                            who may be one home, or one person, for somebody to decide
    region, swaps                         whole points within bounds and rows, by swaps or programs
    feasibility                           is there a panel at all, and what change would allow one
    api                                   the questions: a panel, the fairest weights, M panels
    lottery_making                        the fairest weights, and M equal panels, made and proven
    lotteries                             what comes out, and what it means for each value
    bundle, verify                        what a stranger checks: multipliers, hashes, the draw
    invitations, dropouts, seating        before and after the panel; seating puts it at tables
    highs, progress, faults, messages     the solver; stops and the best so far; what is wrong, said
    cli                                   `python -m sortition`

`api` is the door. The verifier runs where no solver is installed.
"""
