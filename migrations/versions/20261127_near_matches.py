"""Keep pairs of people who may be one home or one person, and what an organiser decided.

Forward adds a table: the release before runs on, whose lotteries don't know of the pairs. Back,
what was decided goes.
"""

import sqlalchemy as sa
from alembic import op

revision = "20261127_near_matches"
down_revision = "20261127_calendar"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "near_match",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("public_id", sa.String(12), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("panel_id", sa.Integer(), nullable=False),
        sa.Column("first_id", sa.Integer(), nullable=False),
        sa.Column("second_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(6), nullable=False),
        sa.Column("reason", sa.String(10), nullable=False),
        sa.Column("verdict", sa.String(4), nullable=False),
        sa.CheckConstraint("kind IN ('home', 'person')", name=op.f("ck_near_match_kind")),
        sa.CheckConstraint("verdict IN ('open', 'one', 'two')", name=op.f("ck_near_match_verdict")),
        sa.ForeignKeyConstraint(
            ["panel_id"], ["panel.id"], name=op.f("fk_near_match_panel_id_panel")
        ),
        sa.ForeignKeyConstraint(
            ["first_id"],
            ["person.id"],
            name=op.f("fk_near_match_first_id_person"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["second_id"],
            ["person.id"],
            name=op.f("fk_near_match_second_id_person"),
            ondelete="CASCADE",
        ),
        sa.UniqueConstraint("public_id", name=op.f("uq_near_match_public_id")),
        sa.UniqueConstraint(
            "first_id", "second_id", "kind", name=op.f("uq_near_match_first_id_second_id_kind")
        ),
    )
    op.create_index(op.f("ix_near_match_panel_id"), "near_match", ["panel_id"])
    op.create_index(op.f("ix_near_match_second_id"), "near_match", ["second_id"])


def downgrade() -> None:
    op.drop_table("near_match")
