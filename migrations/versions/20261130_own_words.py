"""Let authors of questions and ideas correct them, and take them back.

Forward adds a column with a default and widens what a state may be: the release before runs on.
Back forgets corrections, and what was taken back counts as not shown.
"""

import sqlalchemy as sa
from alembic import op

revision = "20261130_own_words"
down_revision = "20261129_spending"
branch_labels = None
depends_on = None

BEFORE = "('pending', 'accepted', 'rejected', 'joined')"
NOW = "('pending', 'accepted', 'rejected', 'joined', 'withdrawn')"


def upgrade() -> None:
    with op.batch_alter_table("contribution") as contribution:
        contribution.add_column(
            sa.Column("revision", sa.Integer(), nullable=False, server_default="0")
        )
        contribution.drop_constraint(op.f("ck_contribution_state"), type_="check")
        contribution.create_check_constraint(op.f("ck_contribution_state"), f"state IN {NOW}")


def downgrade() -> None:
    op.execute("UPDATE contribution SET state = 'rejected' WHERE state = 'withdrawn'")
    with op.batch_alter_table("contribution") as contribution:
        contribution.drop_constraint(op.f("ck_contribution_state"), type_="check")
        contribution.create_check_constraint(op.f("ck_contribution_state"), f"state IN {BEFORE}")
        contribution.drop_column("revision")
