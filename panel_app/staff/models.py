"""Staff accounts and what each may do, on one panel or on all."""

from __future__ import annotations

from datetime import datetime

from flask_security import AsaList, RoleMixin, UserMixin
from sqlalchemy import ForeignKey, Index, String, text
from sqlalchemy.ext.mutable import MutableList
from sqlalchemy.orm import Mapped, mapped_column, relationship

from panel_app.core.db import Base, Dated, Moment, Numbered, Public, one_of
from panel_app.panels.models import Panel
from panel_app.staff.roles import Role


class AccountGroup(Numbered, RoleMixin, Base):
    """A group as the sign-in library wants one; what staff may do is in StaffRole."""

    __tablename__ = "account_group"

    name: Mapped[str] = mapped_column(String(40), unique=True)


class User(Public, Dated, UserMixin, Base):
    """A member of staff."""

    __tablename__ = "staff_user"

    email: Mapped[str] = mapped_column(String(255), unique=True)
    name: Mapped[str] = mapped_column(String(120))
    password: Mapped[str] = mapped_column(String(255))
    active: Mapped[bool] = mapped_column(default=True)
    #: Changes when every sign-in of this person must end.
    fs_uniquifier: Mapped[str] = mapped_column(String(64), unique=True)
    tf_primary_method: Mapped[str | None] = mapped_column(String(64))
    tf_totp_secret: Mapped[str | None] = mapped_column(String(255))
    tf_phone_number: Mapped[str | None] = mapped_column(String(20))
    #: The newest number from the app that was used; older ones are refused.
    totp_counter: Mapped[int | None]
    mf_recovery_codes: Mapped[list[str] | None] = mapped_column(MutableList.as_mutable(AsaList()))
    last_signed_in_at: Mapped[datetime | None] = mapped_column(Moment)
    language: Mapped[str | None] = mapped_column(String(10))

    staff_roles: Mapped[list[StaffRole]] = relationship(
        back_populates="user", cascade="all, delete-orphan", lazy="selectin"
    )

    #: The library's groups are not used: permissions come from StaffRole.
    roles = list[RoleMixin]()  # noqa: RUF012


class StaffRole(Numbered, Base):
    """What one member of staff is, on one panel or (without a panel) on all."""

    __tablename__ = "staff_role"
    __table_args__ = (
        one_of("role", Role),
        Index("uq_staff_role_panel", "user_id", "panel_id", "role", unique=True),
        Index(
            "uq_staff_role_everywhere",
            "user_id",
            "role",
            unique=True,
            sqlite_where=text("panel_id IS NULL"),
            postgresql_where=text("panel_id IS NULL"),
        ),
    )

    user_id: Mapped[int] = mapped_column(ForeignKey("staff_user.id"), index=True)
    panel_id: Mapped[int | None] = mapped_column(ForeignKey("panel.id"), index=True)
    role: Mapped[str] = mapped_column(String(20))

    user: Mapped[User] = relationship(back_populates="staff_roles")
    panel: Mapped[Panel | None] = relationship()
