"""Making lotteries out of a panel model.

relaxation         the fairest expected seats that linear programs allow, level by level
peeling            those seats as weighted panels, by splitting whole multiples of them
panels_on_demand   panels found as duals ask for them: the same where peeling stops short; where no
                   panels have those seats, leximin over panels, proven (proof)
fairest_weights    the above in turn, as one lottery with exact weights
equal_panels       M equally likely panels: repeating, splitting, then dealing
best_panel         panels of great worth, by swaps, and the best, by an integer program
"""
