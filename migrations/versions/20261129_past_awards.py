"""Keep the grants that a programme gave before it was kept here.

Forward adds an empty table: the release before runs on. Back forgets what was read from lists.
"""

import sqlalchemy as sa
from alembic import op

revision = "20261129_past_awards"
down_revision = "20261130_appeals"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "past_award",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("programme_id", sa.Integer(), nullable=False),
        sa.Column("reference", sa.String(60), nullable=False),
        sa.Column("awarded_on", sa.Date(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("title", sa.String(140), nullable=True),
        sa.Column("mission", sa.String(40), nullable=True),
        sa.Column("place", sa.String(60), nullable=True),
        sa.Column("organisation", sa.String(120), nullable=True),
        sa.Column("organisation_id", sa.String(60), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "kind IN ('individual', 'group', 'organisation')", name=op.f("ck_past_award_kind")
        ),
        sa.CheckConstraint("amount > 0", name=op.f("ck_past_award_amount")),
        sa.CheckConstraint(
            "kind <> 'individual' OR (title IS NULL AND organisation IS NULL"
            " AND organisation_id IS NULL)",
            name=op.f("ck_past_award_nobody_named"),
        ),
        sa.ForeignKeyConstraint(
            ["programme_id"], ["programme.id"], name=op.f("fk_past_award_programme_id_programme")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_past_award")),
        sa.UniqueConstraint(
            "programme_id", "reference", name=op.f("uq_past_award_programme_id_reference")
        ),
    )
    op.create_index(op.f("ix_past_award_programme_id"), "past_award", ["programme_id"])


def downgrade() -> None:
    op.drop_table("past_award")
