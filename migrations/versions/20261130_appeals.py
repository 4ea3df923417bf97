"""Take appeals against decisions, for so many days as a programme says.

Forward adds a table and a column with a default: the release before runs on. Back forgets both.
"""

import sqlalchemy as sa
from alembic import op

revision = "20261130_appeals"
down_revision = "20261130_award_reports"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "appeal",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(12), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("application_id", sa.Integer(), nullable=False),
        sa.Column("decision_id", sa.Integer(), nullable=False),
        sa.Column("about", sa.String(10), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("outcome", sa.String(10)),
        sa.Column("answered_at", sa.DateTime(timezone=True)),
        sa.Column("answered_by", sa.String(40)),
        sa.CheckConstraint("about IN ('facts', 'process')", name=op.f("ck_appeal_about")),
        sa.CheckConstraint(
            "outcome IS NULL OR outcome IN ('stands', 'again')", name=op.f("ck_appeal_outcome")
        ),
        sa.CheckConstraint(
            "(outcome IS NULL) = (answered_at IS NULL)", name=op.f("ck_appeal_answered")
        ),
        sa.CheckConstraint("(outcome IS NULL) = (answered_by IS NULL)", name=op.f("ck_appeal_by")),
        sa.ForeignKeyConstraint(
            ["application_id"],
            ["application.id"],
            name=op.f("fk_appeal_application_id_application"),
        ),
        sa.ForeignKeyConstraint(
            ["decision_id"], ["decision.id"], name=op.f("fk_appeal_decision_id_decision")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_appeal")),
        sa.UniqueConstraint("public_id", name=op.f("uq_appeal_public_id")),
        sa.UniqueConstraint("decision_id", name=op.f("uq_appeal_decision_id")),
    )
    op.create_index(op.f("ix_appeal_application_id"), "appeal", ["application_id"])
    op.add_column(
        "programme", sa.Column("appeal_days", sa.Integer(), nullable=False, server_default="14")
    )


def downgrade() -> None:
    op.drop_column("programme", "appeal_days")
    op.drop_table("appeal")
