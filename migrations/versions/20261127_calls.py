"""Let callers ring people who were asked to take part.

Forward adds two tables and a role: the release before runs on, as long as nobody has that role.
Back, calls and callers' roles go.
"""

import sqlalchemy as sa
from alembic import op

revision = "20261127_calls"
down_revision = "20261127_corrections"
branch_labels = None
depends_on = None

BEFORE = "role IN ('administrator', 'organiser', 'facilitator', 'scribe', 'observer')"
AFTER = "role IN ('administrator', 'organiser', 'facilitator', 'caller', 'scribe', 'observer')"


def _roles(condition: str) -> None:
    with op.batch_alter_table("staff_role") as roles:
        roles.drop_constraint(op.f("ck_staff_role_role"), type_="check")
        roles.create_check_constraint(op.f("ck_staff_role_role"), condition)


def upgrade() -> None:
    op.create_table(
        "call",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("by", sa.String(40), nullable=False),
        sa.Column("outcome", sa.String(10), nullable=False),
        sa.Column("back_at", sa.DateTime(timezone=True)),
        sa.Column("note", sa.LargeBinary()),
        sa.CheckConstraint(
            "outcome IN ('yes', 'no', 'reached', 'no_answer', 'back')", name=op.f("ck_call_outcome")
        ),
        sa.ForeignKeyConstraint(
            ["member_id"], ["member.id"], name=op.f("fk_call_member_id_member")
        ),
    )
    op.create_index(op.f("ix_call_member_id"), "call", ["member_id"])
    op.create_table(
        "calling",
        sa.Column("member_id", sa.Integer(), primary_key=True),
        sa.Column("by", sa.String(40), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["member_id"], ["member.id"], name=op.f("fk_calling_member_id_member")
        ),
    )
    _roles(AFTER)


def downgrade() -> None:
    op.execute("DELETE FROM staff_role WHERE role = 'caller'")
    _roles(BEFORE)
    op.drop_table("calling")
    op.drop_table("call")
