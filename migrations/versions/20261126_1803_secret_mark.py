"""Keep a keyed fingerprint of the secret, so that a wrong or lost one is noticed."""

import sqlalchemy as sa
from alembic import op

revision = "20261126_secret_mark"
down_revision = "20261126_questions"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "secret_mark",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("mark", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_secret_mark")),
    )


def downgrade() -> None:
    op.drop_table("secret_mark")
