"""Keep the rules that were agreed for a budget ballot.

Forward adds a column with a value for every row: the release before runs on. Back, ballots are
voted on and counted as they always were.
"""

import sqlalchemy as sa
from alembic import op

revision = "20261127_ballot_rules"
down_revision = "20261127_pool"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "budget_ballot", sa.Column("rules", sa.JSON(), nullable=False, server_default="{}")
    )


def downgrade() -> None:
    with op.batch_alter_table("budget_ballot") as table:
        table.drop_column("rules")
