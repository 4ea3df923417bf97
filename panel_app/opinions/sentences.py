"""What the votes say, in sentences that a neighbour would use, each with its counts."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from panel_app.gettext_protocol import Gettext, Ngettext, gettext_noop, ngettext_noop
from panel_app.opinions.may_show import FEWEST_TOLD
from panel_app.opinions.reading import Direction, Reading, Remark
from panel_app.opinions.where_you_sit import Match, Place

Texts = Mapping[str, str]
#: What is read in the votes of all people: the names of `Reading`'s remarks.
Kind = Literal["common_ground", "divides", "unsure"]

#: What all people did with a statement, by how many of them did.
_EVERYONE = {
    Direction.AGREE: ngettext_noop(
        "%(num)s of %(votes)s people agrees: “%(statement)s”",
        "%(num)s of %(votes)s people agree: “%(statement)s”",
    ),
    Direction.DISAGREE: ngettext_noop(
        "%(num)s of %(votes)s people disagrees: “%(statement)s”",
        "%(num)s of %(votes)s people disagree: “%(statement)s”",
    ),
}
_DIVIDED = ngettext_noop(
    "People differ on “%(statement)s”: of %(num)s person %(agree)s agree "
    "and %(disagree)s disagree.",
    "People differ on “%(statement)s”: of %(num)s people %(agree)s agree "
    "and %(disagree)s disagree.",
)
_PASSED = ngettext_noop(
    "%(num)s of %(votes)s people passed on “%(statement)s”",
    "%(num)s of %(votes)s people passed on “%(statement)s”",
)
_GROUP = {
    Direction.AGREE: gettext_noop("Group %(group)s: %(count)s of %(votes)s agree."),
    Direction.DISAGREE: gettext_noop("Group %(group)s: %(count)s of %(votes)s disagree."),
}
_GROUP_PASSED = gettext_noop("Group %(group)s: %(count)s of %(votes)s passed.")
#: A group beside all others, on a statement that tells it apart.
_TYPICAL = {
    Direction.AGREE: gettext_noop(
        "“%(statement)s”: %(count)s of %(votes)s in group %(group)s agree, "
        "and %(other_count)s of %(other_votes)s in the other groups."
    ),
    Direction.DISAGREE: gettext_noop(
        "“%(statement)s”: %(count)s of %(votes)s in group %(group)s disagree, "
        "and %(other_count)s of %(other_votes)s in the other groups."
    ),
}


@dataclass(frozen=True)
class Told:
    """A sentence about one statement, and one more for each group it was counted in."""

    statement: str
    sentence: str
    by_group: tuple[str, ...] = ()


def group_letter(label: int) -> str:
    """The name of a group on screen: A for 0, Z for 25, then AA."""
    letters = ""
    label += 1
    while label:
        label, place = divmod(label - 1, 26)
        letters = chr(ord("A") + place) + letters
    return letters


def tell(
    kind: Kind, reading: Reading, texts: Texts, *, gettext: Gettext, ngettext: Ngettext
) -> tuple[Told, ...]:
    """Say what was read of one kind, each with how every group answered.

    `common_ground` is what every group, or without groups most people, agree or disagree with;
    `divides` what they answer differently; `unsure` what many passed on.
    """
    passed = kind == "unsure"
    told = []
    for remark in getattr(reading, kind):
        way, counts = remark.direction, remark.everyone
        messages = {"common_ground": _EVERYONE[way], "divides": _DIVIDED, "unsure": _PASSED}
        number = {"common_ground": counts.towards(way), "divides": counts.votes}
        sentence = ngettext(
            *messages[kind],
            number.get(kind, counts.passes),
            statement=_text(remark, texts),
            votes=counts.votes,
            agree=counts.agree,
            disagree=counts.disagree,
        )
        by_group = tuple(
            gettext(
                _GROUP_PASSED if passed else _GROUP[way],
                group=group_letter(label),
                count=own.passes if passed else own.towards(way),
                votes=own.votes,
            )
            for label, own in remark.groups.items()
        )
        told.append(Told(remark.statement, sentence, by_group))
    return tuple(told)


def _text(remark: Remark, texts: Texts) -> str:
    return texts.get(remark.statement, remark.statement).strip()


def tell_group(
    reading: Reading, label: int, texts: Texts, *, gettext: Gettext, ngettext: Ngettext
) -> tuple[str, tuple[Told, ...]]:
    """Describe one group: its size, and what it says more than the others do."""

    def sentence(remark: Remark) -> str:
        own, way = remark.groups[label], remark.direction
        others = [counts for other, counts in remark.groups.items() if other != label]
        return gettext(
            _TYPICAL[way],
            group=group_letter(label),
            count=own.towards(way),
            votes=own.votes,
            other_count=sum(counts.towards(way) for counts in others),
            other_votes=sum(counts.votes for counts in others),
            statement=_text(remark, texts),
        )

    return (
        size_sentence(reading.sizes, label, gettext=gettext, ngettext=ngettext),
        tuple(
            Told(remark.statement, sentence(remark))
            for remark in reading.typical.get(label, ())
            if label in remark.groups
        ),
    )


def size_sentence(
    sizes: Mapping[int, int], label: int, *, gettext: Gettext, ngettext: Ngettext
) -> str:
    """Say how large a group is, unless it or another is too small to count out loud."""
    group, smallest = group_letter(label), min(sizes.values())
    if sizes[label] < FEWEST_TOLD:
        return gettext(
            "Group %(group)s is fewer than %(fewest)s people.", group=group, fewest=FEWEST_TOLD
        )
    if smallest < FEWEST_TOLD:  # which the others' sizes would give away
        return gettext(
            "Group %(group)s is %(fewest)s people or more.", group=group, fewest=FEWEST_TOLD
        )
    return ngettext(
        "Group %(group)s is %(num)s person out of %(everyone)s.",
        "Group %(group)s is %(num)s people out of %(everyone)s.",
        sizes[label],
        group=group,
        everyone=sum(sizes.values()),
    )


def tell_place(place: Place, *, gettext: Gettext, ngettext: Ngettext) -> tuple[str, ...]:
    """Tell one person where they sit; the first sentence says most."""
    if place.missing:
        missing = ngettext(
            "Vote on %(num)s more statement to see where you sit.",
            "Vote on %(num)s more statements to see where you sit.",
            place.missing,
        )
        return (missing,)
    told = []
    if place.group is not None:
        group = group_letter(place.group)
        told.append(gettext("Your answers are closest to group %(group)s.", group=group))
    told += [
        gettext(
            "You answered like most of group %(group)s on %(alike)s of the %(compared)s "
            "statements where it leans one way and you took a side.",
            group=group_letter(label),
            alike=match.alike,
            compared=match.compared,
        )
        for label, match in place.groups.items()
        if match.compared
    ]
    return (*told, _beside_most(place.majority, gettext, ngettext))


def _beside_most(match: Match, gettext: Gettext, ngettext: Ngettext) -> str:
    if not match.compared:
        return gettext("There is nothing yet that most people and you both took a side on.")
    return ngettext(
        "You answered like most people on %(alike)s of %(num)s statement.",
        "You answered like most people on %(alike)s of %(num)s statements.",
        match.compared,
        alike=match.alike,
    )
