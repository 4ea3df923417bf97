"""Hypothesis strategies: tiny elections built to tie, and permuted ones."""

from hypothesis import strategies as st

from panel_app.counting import (
    Election,
    Project,
    approval_election,
    points_election,
    ranking_election,
)

COSTS = st.sampled_from([0, 1, 2, 2, 3, 3, 4, 6, 6, 8, 12])


@st.composite
def projects(draw: st.DrawFn) -> list[Project]:
    costs = draw(st.lists(COSTS, min_size=1, max_size=5))
    return [Project(name, cost) for name, cost in zip("edcba", costs, strict=False)]


@st.composite
def approvals(draw: st.DrawFn, most: int = 7) -> Election:
    """Approval papers over a few projects of small equal costs; empty papers too."""
    offered = draw(projects())
    names = st.sets(st.sampled_from([project.id for project in offered]))
    papers = draw(st.lists(names, min_size=1, max_size=most))
    return approval_election(offered, papers, pot=draw(st.integers(0, 20)), unit=1)


@st.composite
def cumulative(draw: st.DrawFn) -> Election:
    """Papers of 0 to 3 points to each project."""
    offered = draw(projects())
    names = st.sampled_from([project.id for project in offered])
    papers = draw(st.lists(st.dictionaries(names, st.integers(0, 3)), min_size=1, max_size=6))
    return points_election(offered, papers, pot=draw(st.integers(0, 20)), unit=1)


@st.composite
def rankings(draw: st.DrawFn) -> Election:
    """Rankings of some projects, best first."""
    offered = draw(projects())
    names = st.sampled_from([project.id for project in offered])
    papers = draw(st.lists(st.lists(names, unique=True), min_size=1, max_size=6))
    return ranking_election(offered, papers, pot=draw(st.integers(0, 20)), unit=1)
