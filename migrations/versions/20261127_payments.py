"""Let awards be accepted, checked and paid by two people.

Forward adds tables, columns that fill themselves, and two roles: the release before runs on, as
long as nobody has those roles. Back, payments, checks, bank details and those roles go.
"""

import sqlalchemy as sa
from alembic import op

revision = "20261127_payments"
down_revision = "20261127_tables"
branch_labels = None
depends_on = None

BEFORE = "role IN ('administrator', 'organiser', 'facilitator', 'caller', 'scribe', 'observer')"
AFTER = (
    "role IN ('administrator', 'organiser', 'facilitator', 'caller', 'payer', 'releaser',"
    " 'scribe', 'observer')"
)
STATES = (
    "state IN ('offered', 'accepted', 'paying', 'reporting', 'closed', 'annulled', 'cancelled',"
    " 'returned')"
)
CHECKS = {
    "freed": "0 <= freed AND freed <= amount",
    "annulled": "state <> 'annulled' OR freed = amount",
    "state": STATES,
    "pay_by": "pay_by IS NULL OR pay_by IN ('bank', 'cheque')",
    "accepted": "state NOT IN ('accepted', 'paying', 'reporting') OR accepted_at IS NOT NULL",
}
COLUMNS = (
    "state", "freed", "accepted_at", "terms_digest", "may_name", "pay_by", "conditions_met_at",
)  # fmt: skip


def _roles(condition: str) -> None:
    with op.batch_alter_table("staff_role") as roles:
        roles.drop_constraint(op.f("ck_staff_role_role"), type_="check")
        roles.create_check_constraint(op.f("ck_staff_role_role"), condition)


def _awards() -> None:
    time = sa.DateTime(timezone=True)
    with op.batch_alter_table("award") as awards:
        awards.add_column(
            sa.Column("state", sa.String(10), nullable=False, server_default="offered")
        )
        awards.add_column(sa.Column("freed", sa.BigInteger(), nullable=False, server_default="0"))
        awards.add_column(sa.Column("accepted_at", time))
        awards.add_column(sa.Column("terms_digest", sa.String(64)))
        awards.add_column(sa.Column("may_name", sa.Boolean()))
        awards.add_column(sa.Column("pay_by", sa.String(10)))
        awards.add_column(sa.Column("conditions_met_at", time))
    op.execute("UPDATE award SET state = 'annulled', freed = amount WHERE annulled_at IS NOT NULL")
    with op.batch_alter_table("award") as awards:
        for name, condition in CHECKS.items():
            awards.create_check_constraint(op.f(f"ck_award_{name}"), condition)


def _payments() -> None:
    time = sa.DateTime(timezone=True)
    op.create_table(
        "payment",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("public_id", sa.String(12), nullable=False),
        sa.Column("created_at", time, nullable=False),
        sa.Column("award_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("drafted_by", sa.String(40), nullable=False),
        sa.Column("released_by", sa.String(40)),
        sa.Column("released_at", time),
        sa.Column("settled_at", time),
        sa.CheckConstraint(
            "state IN ('draft', 'dropped', 'released', 'paid', 'failed', 'returned')",
            name=op.f("ck_payment_state"),
        ),
        sa.CheckConstraint("amount > 0", name=op.f("ck_payment_amount")),
        sa.CheckConstraint(
            "released_by IS NULL OR released_by <> drafted_by",
            name=op.f("ck_payment_two_people"),
        ),
        sa.CheckConstraint(
            "(state IN ('draft', 'dropped')) = (released_by IS NULL)",
            name=op.f("ck_payment_released"),
        ),
        sa.CheckConstraint(
            "(released_by IS NULL) = (released_at IS NULL)", name=op.f("ck_payment_when")
        ),
        sa.ForeignKeyConstraint(["award_id"], ["award.id"], name=op.f("fk_payment_award_id")),
        sa.UniqueConstraint("public_id", name=op.f("uq_payment_public_id")),
        sa.UniqueConstraint("award_id", "number", name=op.f("uq_payment_award_id_number")),
    )
    op.create_index(op.f("ix_payment_award_id"), "payment", ["award_id"])


def _checks() -> None:
    time = sa.DateTime(timezone=True)
    op.create_table(
        "award_check",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("award_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("by", sa.String(40), nullable=False),
        sa.Column("at", time, nullable=False),
        sa.Column("note", sa.LargeBinary(), nullable=False),
        sa.CheckConstraint(
            "kind IN ('identity', 'account', 'register', 'safeguarding', 'insurance')",
            name=op.f("ck_award_check_kind"),
        ),
        sa.ForeignKeyConstraint(["award_id"], ["award.id"], name=op.f("fk_award_check_award_id")),
        sa.UniqueConstraint("award_id", "kind", name=op.f("uq_award_check_award_id_kind")),
    )
    op.create_index(op.f("ix_award_check_award_id"), "award_check", ["award_id"])
    op.create_table(
        "bank_details",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("created_at", time, nullable=False),
        sa.Column("award_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.LargeBinary(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("last_two", sa.String(2), nullable=False),
        sa.Column("seen_by", sa.String(40)),
        sa.Column("seen_at", time),
        sa.ForeignKeyConstraint(["award_id"], ["award.id"], name=op.f("fk_bank_details_award_id")),
        sa.UniqueConstraint("award_id", name=op.f("uq_bank_details_award_id")),
    )


def upgrade() -> None:
    _awards()
    _payments()
    _checks()
    op.add_column("application", sa.Column("ties", sa.JSON(), nullable=False, server_default="[]"))
    _roles(AFTER)


def downgrade() -> None:
    op.execute("DELETE FROM staff_role WHERE role IN ('payer', 'releaser')")
    _roles(BEFORE)
    op.drop_column("application", "ties")
    for table in ("bank_details", "award_check", "payment"):
        op.drop_table(table)
    with op.batch_alter_table("award") as awards:
        for name in CHECKS:
            awards.drop_constraint(op.f(f"ck_award_{name}"), type_="check")
    with op.batch_alter_table("award") as awards:
        for column in COLUMNS:
            awards.drop_column(column)
