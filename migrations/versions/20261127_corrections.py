"""Note when the words of a decision were corrected.

Forward adds an empty column: the release before runs on. Back forgets the dates; the log keeps them.
"""

import sqlalchemy as sa
from alembic import op

revision = "20261127_corrections"
down_revision = "20261127_letter_terms"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("decision", sa.Column("corrected_at", sa.DateTime(timezone=True)))


def downgrade() -> None:
    op.drop_column("decision", "corrected_at")
