"""What the votes say, in sentences that a neighbour would use, each with its counts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from panel_app.opinions.gettext_protocol import Gettext, Ngettext, group_letter
from panel_app.opinions.remarks import Counts, Reading, Remark
from panel_app.opinions.representative import Direction
from panel_app.opinions.tallies import FEWEST_TOLD
from panel_app.opinions.where_you_sit import Match, Place


@dataclass(frozen=True)
class Told:
    """A sentence about one statement, and one more for each group it was counted in."""

    statement: str
    sentence: str
    by_group: tuple[str, ...] = ()


def tell_common_ground(
    reading: Reading, texts: Mapping[str, str], *, gettext: Gettext, ngettext: Ngettext
) -> tuple[Told, ...]:
    """Say what every group, or without groups most people, agree or disagree with."""
    return tuple(
        Told(
            remark.statement,
            _direction_sentence(remark, texts, ngettext),
            _by_group(remark, gettext),
        )
        for remark in reading.common_ground
    )


def tell_divides(
    reading: Reading, texts: Mapping[str, str], *, gettext: Gettext, ngettext: Ngettext
) -> tuple[Told, ...]:
    """Say what groups, or without groups people, answer differently."""
    return tuple(
        Told(
            remark.statement, _divide_sentence(remark, texts, ngettext), _by_group(remark, gettext)
        )
        for remark in reading.divides
    )


def tell_unsure(
    reading: Reading, texts: Mapping[str, str], *, gettext: Gettext, ngettext: Ngettext
) -> tuple[Told, ...]:
    """Say what many people passed on."""
    return tuple(
        Told(
            remark.statement,
            ngettext(
                "%(num)s of %(votes)s people passed on “%(statement)s”",
                "%(num)s of %(votes)s people passed on “%(statement)s”",
                remark.everyone.passes,
                votes=remark.everyone.votes,
                statement=_text(remark, texts),
            ),
            tuple(
                gettext(
                    "Group %(group)s: %(count)s of %(votes)s passed.",
                    group=group_letter(label),
                    count=counts.passes,
                    votes=counts.votes,
                )
                for label, counts in remark.groups.items()
            ),
        )
        for remark in reading.unsure
    )


def tell_group(
    reading: Reading,
    label: int,
    texts: Mapping[str, str],
    *,
    gettext: Gettext,
    ngettext: Ngettext,
) -> tuple[str, tuple[Told, ...]]:
    """Describe one group: its size, and what it says more than the others do."""
    return (
        size_sentence(reading.sizes, label, gettext=gettext, ngettext=ngettext),
        tuple(
            Told(remark.statement, _typical_sentence(remark, label, texts, gettext))
            for remark in reading.typical.get(label, ())
            if label in remark.groups
        ),
    )


def size_sentence(
    sizes: Mapping[int, int], label: int, *, gettext: Gettext, ngettext: Ngettext
) -> str:
    """Say how large a group is, unless it or another is too small to count out loud."""
    if sizes[label] < FEWEST_TOLD:
        return gettext(
            "Group %(group)s is fewer than %(fewest)s people.",
            group=group_letter(label),
            fewest=FEWEST_TOLD,
        )
    if min(sizes.values()) < FEWEST_TOLD:  # which the others' sizes would give away
        return gettext(
            "Group %(group)s is %(fewest)s people or more.",
            group=group_letter(label),
            fewest=FEWEST_TOLD,
        )
    return ngettext(
        "Group %(group)s is %(num)s person out of %(everyone)s.",
        "Group %(group)s is %(num)s people out of %(everyone)s.",
        sizes[label],
        group=group_letter(label),
        everyone=sum(sizes.values()),
    )


def tell_place(place: Place, *, gettext: Gettext, ngettext: Ngettext) -> tuple[str, ...]:
    """Tell one person where they sit; the first sentence says most."""
    if place.missing:
        return (
            ngettext(
                "Vote on %(num)s more statement to see where you sit.",
                "Vote on %(num)s more statements to see where you sit.",
                place.missing,
            ),
        )
    beside = _match_sentence(place.majority, gettext, ngettext)
    closest = (
        ()
        if place.group is None
        else (
            gettext(
                "Your answers are closest to group %(group)s.", group=group_letter(place.group)
            ),
        )
    )
    matches = (
        gettext(
            "You answered like most of group %(group)s on %(alike)s of the %(compared)s "
            "statements where it leans one way and you took a side.",
            group=group_letter(label),
            alike=match.alike,
            compared=match.compared,
        )
        for label, match in place.groups.items()
        if match.compared
    )
    return (*closest, *matches, beside)


def _match_sentence(match: Match, gettext: Gettext, ngettext: Ngettext) -> str:
    if not match.compared:
        return gettext("There is nothing yet that most people and you both took a side on.")
    return ngettext(
        "You answered like most people on %(alike)s of %(num)s statement.",
        "You answered like most people on %(alike)s of %(num)s statements.",
        match.compared,
        alike=match.alike,
    )


def _direction_sentence(remark: Remark, texts: Mapping[str, str], ngettext: Ngettext) -> str:
    votes, statement = remark.everyone.votes, _text(remark, texts)
    if remark.direction is Direction.AGREE:
        return ngettext(
            "%(num)s of %(votes)s people agrees: “%(statement)s”",
            "%(num)s of %(votes)s people agree: “%(statement)s”",
            remark.everyone.agree,
            votes=votes,
            statement=statement,
        )
    return ngettext(
        "%(num)s of %(votes)s people disagrees: “%(statement)s”",
        "%(num)s of %(votes)s people disagree: “%(statement)s”",
        remark.everyone.disagree,
        votes=votes,
        statement=statement,
    )


def _divide_sentence(remark: Remark, texts: Mapping[str, str], ngettext: Ngettext) -> str:
    return ngettext(
        "People differ on “%(statement)s”: of %(num)s person %(agree)s agree "
        "and %(disagree)s disagree.",
        "People differ on “%(statement)s”: of %(num)s people %(agree)s agree "
        "and %(disagree)s disagree.",
        remark.everyone.votes,
        agree=remark.everyone.agree,
        disagree=remark.everyone.disagree,
        statement=_text(remark, texts),
    )


def _by_group(remark: Remark, gettext: Gettext) -> tuple[str, ...]:
    return tuple(
        _group_line(label, remark.direction, counts, gettext)
        for label, counts in remark.groups.items()
    )


def _group_line(label: int, direction: Direction, counts: Counts, gettext: Gettext) -> str:
    if direction is Direction.AGREE:
        return gettext(
            "Group %(group)s: %(count)s of %(votes)s agree.",
            group=group_letter(label),
            count=counts.agree,
            votes=counts.votes,
        )
    return gettext(
        "Group %(group)s: %(count)s of %(votes)s disagree.",
        group=group_letter(label),
        count=counts.disagree,
        votes=counts.votes,
    )


def _typical_sentence(
    remark: Remark, label: int, texts: Mapping[str, str], gettext: Gettext
) -> str:
    """Compare a group with all others on a statement that tells it apart."""
    own, others = remark.groups[label], _others(remark, label)
    counts = {
        "group": group_letter(label),
        "count": own.towards(remark.direction),
        "votes": own.votes,
        "other_count": sum(counts.towards(remark.direction) for counts in others),
        "other_votes": sum(counts.votes for counts in others),
        "statement": _text(remark, texts),
    }
    if remark.direction is Direction.AGREE:
        return gettext(
            "“%(statement)s”: %(count)s of %(votes)s in group %(group)s agree, "
            "and %(other_count)s of %(other_votes)s in the other groups.",
            **counts,
        )
    return gettext(
        "“%(statement)s”: %(count)s of %(votes)s in group %(group)s disagree, "
        "and %(other_count)s of %(other_votes)s in the other groups.",
        **counts,
    )


def _others(remark: Remark, label: int) -> Sequence[Counts]:
    return [counts for other, counts in remark.groups.items() if other != label]


def _text(remark: Remark, texts: Mapping[str, str]) -> str:
    return texts.get(remark.statement, remark.statement).strip()
