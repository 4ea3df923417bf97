"""Keep what the last look at a pool against its targets found.

Forward adds a column that may be empty; back, it is looked at anew.
"""

import sqlalchemy as sa
from alembic import op

revision = "20261127_pool_check"
down_revision = "20261127_door"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("pool", sa.Column("checked", sa.JSON(), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("pool") as table:
        table.drop_column("checked")
