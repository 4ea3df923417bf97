"""Remember when a closed part was put on the screens again."""

import sqlalchemy as sa
from alembic import op

revision = "20261126_shown_again"
down_revision = "20261126_void_ballots"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "agenda_item", sa.Column("shown_again_at", sa.DateTime(timezone=True), nullable=True)
    )


def downgrade() -> None:
    op.drop_column("agenda_item", "shown_again_at")
