"""Let members say what would help them come.

Forward adds a table: the release before runs on. Back, what was asked for goes.
"""

import sqlalchemy as sa
from alembic import op

revision = "20261127_support"
down_revision = "20261127_calls"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "support",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["member_id"], ["member.id"], name=op.f("fk_support_member_id_member")
        ),
        sa.UniqueConstraint("member_id", name=op.f("uq_support_member_id")),
    )


def downgrade() -> None:
    op.drop_table("support")
