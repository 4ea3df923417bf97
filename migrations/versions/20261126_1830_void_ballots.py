"""Let a ballot be declared void, with a reason."""

import sqlalchemy as sa
from alembic import op

revision = "20261126_void_ballots"
down_revision = "20261126_margins"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("ballot", sa.Column("voided_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("ballot", sa.Column("void_reason", sa.Text(), server_default="", nullable=False))


def downgrade() -> None:
    op.drop_column("ballot", "void_reason")
    op.drop_column("ballot", "voided_at")
