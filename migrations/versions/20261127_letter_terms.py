"""Let a panel say whom to ask, and what people get for taking part.

Forward adds two columns that may be empty: the release before runs on. Back they go, with what
was written in them.
"""

import sqlalchemy as sa
from alembic import op

revision = "20261127_letter_terms"
down_revision = "20261127_roll"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("panel", sa.Column("contact", sa.String(120), nullable=False, server_default=""))
    op.add_column("panel", sa.Column("terms", sa.JSON()))


def downgrade() -> None:
    op.drop_column("panel", "terms")
    op.drop_column("panel", "contact")
