"""Let a round say when its papers are due.

Forward adds a column that may be empty: the release before runs on. Back it goes.
"""

import sqlalchemy as sa
from alembic import op

revision = "20261127_calendar"
down_revision = "20261127_documents"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("round", sa.Column("papers_at", sa.DateTime(timezone=True)))


def downgrade() -> None:
    op.drop_column("round", "papers_at")
