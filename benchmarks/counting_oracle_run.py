"""Count one .pb file with pabutools and pabulib-checker; runs in the oracles' own environment."""

import json
import sys
import time
from hashlib import sha256
from pathlib import Path
from typing import Any

import pabulib.checker
from gmpy2 import mpq
from pabulib_helpers.load_pb_file import parse_pb_lines
from pabutools.election import (
    Additive_Cardinal_Sat,
    ApprovalMultiProfile,
    CardinalBallot,
    Cardinality_Sat,
    CardinalMultiProfile,
    CardinalProfile,
    Cost_Sat,
    parse_pabulib,
)
from pabutools.rules import (
    greedy_utilitarian_welfare,
    method_of_equal_shares,
)
from pabutools.rules.budgetallocation import BudgetAllocation
from pabutools.rules.mes.mes_rule import method_of_equal_shares_scheme
from pabutools.tiebreaking import TieBreakingRule

SEED = "0"


def seeded(name: str) -> str:
    return sha256(f"{SEED}:{name}".encode()).hexdigest()


def load(path: Path) -> tuple[Any, Any, Any]:
    """Read the file into an instance, a multi-profile and the satisfaction of our default rule.

    Rankings become points by place (k for the first, with k the longest ranking), because
    pabutools' own Borda gives the last place of every ballot nothing.
    """
    instance, profile = parse_pabulib(str(path))
    kind = instance.meta["vote_type"]
    if kind == "approval":
        return instance, profile.as_multiprofile(), Cost_Sat
    if kind == "ordinal":
        longest = max(map(len, profile))
        profile = CardinalProfile(
            [
                CardinalBallot({project: longest - place for place, project in enumerate(ballot)})
                for ballot in profile
            ],
            instance=instance,
        )
    return instance, profile.as_multiprofile(), Additive_Cardinal_Sat


def tie_rule(profile: ApprovalMultiProfile | CardinalMultiProfile) -> TieBreakingRule:
    """Lowest cost, most votes, then the published seed."""
    votes: dict[str, int] = {}
    for ballot in profile:
        for project in ballot:
            if not hasattr(ballot, "items") or ballot[project] > 0:
                votes[project.name] = votes.get(project.name, 0) + profile.multiplicity(ballot)

    def key(_instance: Any, _profile: Any, project: Any) -> tuple[Any, int, str]:
        return project.cost, -votes.get(project.name, 0), seeded(project.name)

    return TieBreakingRule(key)


def names(allocation: Any) -> list[str]:
    return [project.name for project in allocation]


def rates(allocation: Any, profile: Any, sat: Any) -> list[str]:
    """The price of one point of utility in each round, from the purses before and after."""
    satisfactions = list(profile.as_sat_profile(sat_class=sat))
    found = []
    for step in allocation.details.iterations:
        if step.selected_project is None:
            continue
        project = step.selected_project.project
        pairs = zip(step.voters_budget, step.voters_budget_after_selection, strict=True)
        paid = [before - after for before, after in pairs]
        used = [(gave, s.sat_project(project)) for gave, s in zip(paid, satisfactions, strict=True)]
        found.append(str(max(mpq(gave) / mpq(utility) for gave, utility in used if utility > 0)))
    return found


def until_overspend(instance: Any, profile: Any, sat: Any, ties: TieBreakingRule) -> list[str]:
    """Add1 as the checker and equalshares.net have it, by pabutools' passes, for every ballot."""
    satisfactions = profile.as_sat_profile(sat_class=sat)
    binary = sat is Cost_Sat
    voters = profile.num_ballots()

    def outcome(purse: Any) -> list[Any]:
        return method_of_equal_shares_scheme(
            instance, profile, satisfactions, purse, BudgetAllocation(), ties, binary_sat=binary
        )

    purse = instance.budget_limit // voters
    kept = outcome(mpq(instance.budget_limit) / voters)
    supported = {project for ballot in profile for project in ballot}
    while len(kept) < len(supported):
        purse += 1
        tried = outcome(purse)
        if sum(project.cost for project in tried) > instance.budget_limit:
            break
        kept = tried
    return names(kept)


class EverythingBought(Exception):
    """Ends the checker's add1, which would otherwise raise purses for ever."""


def by_checker(path: Path) -> dict[str, list[str]]:
    """pabulib-checker's own Equal Shares (approval only), its lots replaced by the seed."""
    pabulib.checker.Fraction = mpq
    checker = pabulib.checker.Checker()
    parsed = parse_pb_lines(path.read_text(encoding="utf-8-sig").split("\n"))
    checker.meta, checker.projects, checker.votes = parsed[:3]
    untied = checker._break_equalshares_ties
    checker._break_equalshares_ties = lambda *tied: [min(untied(*tied), key=seeded)]
    base = checker._compute_equalshares_winners()
    supported = {
        project for project, voters in checker._build_approval_approvers().items() if voters
    }
    pot = int(checker._parse_numeric(checker.meta["budget"]))
    one_pass = checker._equal_shares_fixed_budget

    def watched(*given: Any) -> list[str]:
        winners = one_pass(*given)
        if supported <= set(winners) and sum(given[1][name] for name in winners) <= pot:
            raise EverythingBought(winners)
        return winners

    checker._equal_shares_fixed_budget = watched
    try:
        return {"base": base, "until_overspend": checker._compute_equalshares_winners(add1=True)}
    except EverythingBought as complete:
        return {"base": base, "until_overspend": complete.args[0]}


def count(path: Path) -> dict[str, Any]:
    instance, profile, sat = load(path)
    ties = tie_rule(profile)
    common = {"sat_class": sat, "tie_breaking": ties}
    base = method_of_equal_shares(instance, profile, analytics=True, **common)
    started = time.perf_counter()
    add1 = until_overspend(instance, profile, sat, ties)
    seconds = time.perf_counter() - started
    found: dict[str, Any] = {
        "add1_seconds": round(seconds, 3),
        "base": {"winners": names(base), "rates": rates(base, profile, sat)},
        "until_overspend": add1,
    }
    if sat is Cost_Sat:
        found["greedy"] = sorted(names(greedy_utilitarian_welfare(instance, profile, **common)))
        cardinality = {"sat_class": Cardinality_Sat, "tie_breaking": ties}
        found["cardinality"] = names(method_of_equal_shares(instance, profile, **cardinality))
        found["checker"] = by_checker(path)
    return found


if __name__ == "__main__":
    print(json.dumps(count(Path(sys.argv[1]))))
