"""Who works on a panel, and in which role."""

from __future__ import annotations

from sqlalchemy import select

from panel_app.core.db import db, found, locked
from panel_app.core.errors import NotAllowed, Refused
from panel_app.core.text import _
from panel_app.panels.models import Panel
from panel_app.staff import accounts
from panel_app.staff.models import StaffRole, User
from panel_app.staff.roles import PERMISSIONS, Role


def staff_of(panel: Panel) -> list[StaffRole]:
    """Return the roles given on this panel, by name; roles on all panels are not among them."""
    query = select(StaffRole).join(User).where(StaffRole.panel_id == panel.id)
    return list(db.session.scalars(query.order_by(User.name, StaffRole.id)))


def role_on(panel: Panel, number: str) -> StaffRole:
    """Return the role with this number on this panel. Raises NotFound for any other."""
    return found(next((given for given in staff_of(panel) if str(given.id) == number), None))


def add_staff(
    *,
    panel: Panel,
    email: str,
    name: str,
    role: Role,
    password: str,
    held: frozenset[str],
    actor: str,
) -> StaffRole:
    """Give a person a role on the panel, with a new account where the address has none.

    `held` is what the person acting may do here: nobody gives away more. Raises Refused where
    the person has the role already, or a new account lacks a name or a password.
    """
    _check_held(role, held)
    locked(panel)
    email = email.strip().lower()
    user = db.session.scalar(select(User).where(User.email == email))
    if user is None:
        if not name.strip():
            raise Refused(_("This person has no account yet: type their name."), field="name")
        user = accounts.create_user(
            email=email, name=name.strip(), password=password, role=role, panel=panel, actor=actor
        )
        return user.staff_roles[0]
    if any(given.role == role and given.panel_id == panel.id for given in user.staff_roles):
        raise Refused(_("This person has that role already."), field="email")
    return accounts.give_role(user=user, role=role, panel=panel, actor=actor)


def remove_staff(*, given: StaffRole, held: frozenset[str], actor: str) -> None:
    """Take a role on the panel away; the person's next request is refused."""
    _check_held(given.role, held)
    accounts.take_role(given=given, actor=actor)


def _check_held(role: str, held: frozenset[str]) -> None:
    if not PERMISSIONS[role] <= held:
        raise NotAllowed(_("You can’t give or take a role that may do more than your own."))
