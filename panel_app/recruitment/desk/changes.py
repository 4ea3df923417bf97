"""Why there is no lottery, and which changes of the targets help, in the organiser's language."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from panel_app.core.text import _
from panel_app.web.i18n import apart, number

#: Why a computation ended without a lottery, by the code that is kept of it.
REASONS: Mapping[str, Any] = {
    "stopped": _("The computation was stopped."),
    "left": _("The lottery that was computed was not used."),
    "given_up": _("The committed lottery was given up before the dice. Everybody can read why:"),
    "interrupted": _("The computation was interrupted. Compute the lottery again."),
    "broken": _("The computation failed. Try again, or ask for help."),
    "other_number": _(
        "With this number of people the targets can’t be met: from %(fewest)s to %(most)s can."
    ),
    "too_few": _("With so few people the targets can’t be met. Let more people come in."),
    "no_change_helps": _(
        "No panel can meet all targets, and no change of the targets helps: there are too"
        " few people at different addresses. Invite more people, or make the panel smaller."
    ),
    "infeasible": _("No panel can meet all targets. The smallest change that allows one:"),
    "infeasible_within_flex": _(
        "No panel can meet all targets, not even within the flex limits of the file."
        " The smallest change that allows one:"
    ),
}
_CHANGES: Mapping[str, Any] = {
    "min": _("Lower the minimum of %(feature)s “%(value)s” from %(old)s to %(new)s."),
    "max": _("Raise the maximum of %(feature)s “%(value)s” from %(old)s to %(new)s."),
}


def fault_lines(fault: Mapping[str, Any]) -> list[str]:
    """Say why there is no lottery, then its organiser's reason, or each change that helps."""
    reason = [fault["reason"]] if "reason" in fault else []
    why = str(REASONS[fault["code"]]) % fault
    return [why, *reason, *change_lines(fault.get("changes", ()))]


def change_lines(changes: Sequence[Mapping[str, Any]]) -> list[str]:
    """Say each change of a target's minimum or maximum."""
    return [
        str(_CHANGES[change["bound"]])
        % {
            "feature": apart(change["feature"]),
            "value": apart(change["value"]),
            "old": number(change["old"]),
            "new": number(change["new"]),
        }
        for change in changes
    ]
