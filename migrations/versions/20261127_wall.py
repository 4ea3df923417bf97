"""Keep which screen of a part the wall shows, whether it shows how to get in, and in what else.

Forward adds three columns: the release before runs on, its wall shows the first screen. What it
keeps of questions alone (`live_question.on_wall`) stays for it. Back, the three go.
"""

import sqlalchemy as sa
from alembic import op

revision = "20261127_wall"
down_revision = "20261127_near_matches"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("agenda_item") as item:
        item.add_column(
            sa.Column("wall_page", sa.Integer(), nullable=False, server_default=sa.text("0"))
        )
    with op.batch_alter_table("session") as session:
        session.add_column(
            sa.Column("inviting", sa.Boolean(), nullable=False, server_default=sa.false())
        )
        session.add_column(sa.Column("second_language", sa.String(length=10), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("session") as session:
        session.drop_column("second_language")
        session.drop_column("inviting")
    with op.batch_alter_table("agenda_item") as item:
        item.drop_column("wall_page")
