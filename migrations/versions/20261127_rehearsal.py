"""Keep which panel is made up, for a rehearsal of which session, and until when.

Forward adds a column that may be empty and a table: the release before runs on. Back, made-up
panels stay as panels that nobody published; throw rehearsals away before.
"""

import sqlalchemy as sa
from alembic import op

revision = "20261127_rehearsal"
down_revision = "20261128_ideas"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("panel") as table:
        table.add_column(sa.Column("rehearses_id", sa.Integer(), nullable=True))
        table.create_index("ix_panel_rehearses_id", ["rehearses_id"])
        table.create_foreign_key("fk_panel_rehearses_id_panel", "panel", ["rehearses_id"], ["id"])
    op.create_table(
        "rehearsal",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("panel_id", sa.Integer(), nullable=False),
        sa.Column("session_id", sa.Integer(), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["panel_id"], ["panel.id"], name="fk_rehearsal_panel_id_panel"),
        sa.ForeignKeyConstraint(
            ["session_id"], ["session.id"], name="fk_rehearsal_session_id_session"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_rehearsal"),
        sa.UniqueConstraint("panel_id", name="uq_rehearsal_panel_id"),
        sa.UniqueConstraint("session_id", name="uq_rehearsal_session_id"),
    )


def downgrade() -> None:
    op.drop_table("rehearsal")
    with op.batch_alter_table("panel") as table:
        table.drop_constraint("fk_panel_rehearses_id_panel", type_="foreignkey")
        table.drop_index("ix_panel_rehearses_id")
        table.drop_column("rehearses_id")
