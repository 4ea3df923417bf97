"""Keep which sheet of a list of addresses is read, and which column names its rows.

Adds columns with defaults: forward and back lose nothing but what was chosen here.
"""

import sqlalchemy as sa
from alembic import op

revision = "20261128_address_sheets"
down_revision = "20261129_log_subject"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("address_list") as table:
        table.add_column(sa.Column("id_column", sa.String(200), server_default="", nullable=False))
        table.add_column(sa.Column("sheets", sa.JSON(), server_default="[]", nullable=False))
        table.add_column(sa.Column("sheet", sa.String(200), server_default="", nullable=False))


def downgrade() -> None:
    with op.batch_alter_table("address_list") as table:
        for name in ("sheet", "sheets", "id_column"):
            table.drop_column(name)
