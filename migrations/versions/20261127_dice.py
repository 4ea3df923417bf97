"""Hold the dice that were typed until somebody says that they show so.

Forward adds an empty column: the release before runs on, and draws at once as it did. Back forgets
dice that wait for a yes; they are typed again.
"""

import sqlalchemy as sa
from alembic import op

revision = "20261127_dice"
down_revision = "20261127_invitations"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("lottery", sa.Column("typed", sa.String(10)))


def downgrade() -> None:
    op.drop_column("lottery", "typed")
