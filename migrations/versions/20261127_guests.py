"""Let people without a seat take part in a session as guests, counted apart.

Forward adds tables and columns with defaults: the release before runs on and knows no guests.
Back deletes what guests answered, and the names of who wrote their statements.
"""

import sqlalchemy as sa
from alembic import op

revision = "20261127_guests"
down_revision = "20261127_ballot_rules"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "session", sa.Column("guests", sa.Boolean(), nullable=False, server_default=sa.false())
    )
    op.add_column("agenda_item", sa.Column("guest_snapshot", sa.JSON()))
    op.create_table(
        "guest",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("public_id", sa.String(12), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("session_id", sa.Integer(), nullable=False),
        sa.Column("token_digest", sa.String(64)),
        sa.Column("role", sa.String(12), nullable=False),
        sa.Column("language", sa.String(10), nullable=False),
        sa.CheckConstraint(
            "role IN ('resident', 'officer', 'councillor', 'partner')", name="ck_guest_role"
        ),
        sa.ForeignKeyConstraint(["session_id"], ["session.id"], name="fk_guest_session_id_session"),
        sa.UniqueConstraint("public_id", name="uq_guest_public_id"),
        sa.UniqueConstraint("token_digest", name="uq_guest_token_digest"),
    )
    op.create_index("ix_guest_session_id", "guest", ["session_id"])
    op.create_table(
        "guest_answer",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("statement_id", sa.Integer(), nullable=False),
        sa.Column("guest_id", sa.Integer(), nullable=False),
        sa.Column("value", sa.Integer(), nullable=False),
        sa.Column("counter", sa.Integer(), nullable=False),
        sa.CheckConstraint("value IN (-1, 0, 1)", name="ck_guest_answer_value"),
        sa.ForeignKeyConstraint(
            ["statement_id"], ["statement.id"], name="fk_guest_answer_statement_id_statement"
        ),
        sa.ForeignKeyConstraint(["guest_id"], ["guest.id"], name="fk_guest_answer_guest_id_guest"),
        sa.UniqueConstraint(
            "statement_id", "guest_id", name="uq_guest_answer_statement_id_guest_id"
        ),
    )
    op.create_index("ix_guest_answer_statement_id", "guest_answer", ["statement_id"])
    op.create_index("ix_guest_answer_guest_id", "guest_answer", ["guest_id"])
    with op.batch_alter_table("statement") as statement:
        statement.add_column(sa.Column("guest_id", sa.Integer()))
        statement.create_foreign_key("fk_statement_guest_id_guest", "guest", ["guest_id"], ["id"])
        statement.create_index("ix_statement_guest_id", ["guest_id"])


def downgrade() -> None:
    with op.batch_alter_table("statement") as statement:
        statement.drop_index("ix_statement_guest_id")
        statement.drop_constraint("fk_statement_guest_id_guest", type_="foreignkey")
        statement.drop_column("guest_id")
    op.drop_table("guest_answer")
    op.drop_table("guest")
    op.drop_column("agenda_item", "guest_snapshot")
    op.drop_column("session", "guests")
