"""Keep answers before and after so that they can be paired until the second time closes.

Forward adds two tables: the release before runs on. Back, what was answered goes.
"""

import sqlalchemy as sa
from alembic import op

revision = "20261127_pairing"
down_revision = "20261127_guest_tables"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "pairing",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("public_id", sa.String(12), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("panel_id", sa.Integer(), nullable=False),
        sa.Column("key_digest", sa.String(64), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True)),
        sa.Column("cleaned", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["panel_id"], ["panel.id"], name=op.f("fk_pairing_panel_id_panel")),
        sa.UniqueConstraint("public_id", name=op.f("uq_pairing_public_id")),
    )
    op.create_index(op.f("ix_pairing_panel_id"), "pairing", ["panel_id"])
    op.create_table(
        "paired_answer",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("pairing_id", sa.Integer(), nullable=False),
        sa.Column("wave", sa.String(6), nullable=False),
        sa.Column("handle", sa.LargeBinary(32), nullable=False),
        sa.Column("answers", sa.JSON(), nullable=False),
        sa.Column("counter", sa.Integer(), nullable=False),
        sa.CheckConstraint("wave IN ('before', 'after')", name=op.f("ck_paired_answer_wave")),
        sa.ForeignKeyConstraint(
            ["pairing_id"], ["pairing.id"], name=op.f("fk_paired_answer_pairing_id_pairing")
        ),
        sa.UniqueConstraint(
            "pairing_id", "handle", name=op.f("uq_paired_answer_pairing_id_handle")
        ),
        sqlite_with_rowid=False,
    )


def downgrade() -> None:
    op.drop_table("paired_answer")
    op.drop_table("pairing")
