"""Keep by how much a ballot's losers missed beside its count, filled by a job.

Counts from before get theirs from the job, too; going back loses nothing else.
"""

import sqlalchemy as sa
from alembic import op

revision = "20261126_margins"
down_revision = "20261126_electorate"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("count", sa.Column("margins", sa.JSON(none_as_null=True), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("count") as table:
        table.drop_column("margins")
