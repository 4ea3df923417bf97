"""Give photos in answers their table. Forward adds it: the release before runs on. Back drops it."""

import sqlalchemy as sa
from alembic import op

revision = "20261126_photos"
down_revision = "20261126_replacements"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "photo",
        sa.Column("about", sa.String(length=40), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("person_key", sa.LargeBinary(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=12), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_photo")),
        sa.UniqueConstraint("about", "digest", name=op.f("uq_photo_about_digest")),
        sa.UniqueConstraint("public_id", name=op.f("uq_photo_public_id")),
    )


def downgrade() -> None:
    op.drop_table("photo")
