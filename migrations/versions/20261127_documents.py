"""Say of each file in an answer which kind it is, so that documents can lie beside photos.

Forward adds a column that holds what all files were: the release before runs on, and adds photos.
Back takes the documents out with it, for without the column they would be shown as photos; the
answers that named them then ask for them again.
"""

import sqlalchemy as sa
from alembic import op

revision = "20261127_documents"
down_revision = "20261127_guests"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "photo",
        sa.Column("media", sa.String(100), nullable=False, server_default="image/jpeg"),
    )


def downgrade() -> None:
    op.execute("DELETE FROM photo WHERE media <> 'image/jpeg'")
    with op.batch_alter_table("photo") as table:
        table.drop_column("media")
