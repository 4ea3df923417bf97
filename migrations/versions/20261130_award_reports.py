"""Keep what came of a grant, and until when it is to be told.

Forward adds a table and two empty columns, of which the release before knows nothing; of a grant
that is paid already it is to be told half a year from now. Back forgets what was told.
"""

from datetime import UTC, datetime, timedelta

import sqlalchemy as sa
from alembic import op

revision = "20261130_award_reports"
down_revision = "20261130_own_words"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "award_report",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("award_id", sa.Integer(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True)),
        sa.Column("agreed", sa.JSON(), nullable=False),
        sa.Column("looked_at", sa.JSON(), nullable=False),
        sa.Column("shown_at", sa.DateTime(timezone=True)),
        sa.CheckConstraint(
            "shown_at IS NULL OR sent_at IS NOT NULL", name=op.f("ck_award_report_shown")
        ),
        sa.ForeignKeyConstraint(
            ["award_id"], ["award.id"], name=op.f("fk_award_report_award_id_award")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_award_report")),
        sa.UniqueConstraint("award_id", name=op.f("uq_award_report_award_id")),
    )
    op.add_column("award", sa.Column("report_due_on", sa.Date()))
    op.add_column("award", sa.Column("reminded_on", sa.Date()))
    op.create_index(op.f("ix_award_report_due_on"), "award", ["report_due_on"])
    award = sa.table("award", sa.column("state", sa.String), sa.column("report_due_on", sa.Date))
    due = (datetime.now(UTC) + timedelta(days=180)).date()
    op.execute(sa.update(award).where(award.c.state == "reporting").values(report_due_on=due))


def downgrade() -> None:
    op.drop_index(op.f("ix_award_report_due_on"), "award")
    op.drop_column("award", "reminded_on")
    op.drop_column("award", "report_due_on")
    op.drop_table("award_report")
