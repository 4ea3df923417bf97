"""Let statements be corrected, their authors hear why one is not shown, and people say what matters.

Forward adds columns with defaults: the release before runs on and knows nothing of them.
Back forgets reasons, which statement corrects which, and what mattered to people.
"""

import sqlalchemy as sa
from alembic import op

revision = "20261128_statements"
down_revision = "20261127_open_panel"
branch_labels = None
depends_on = None

REASONS = "('repeats', 'two_ideas', 'person', 'unkind', 'off_topic', 'reworded')"


def upgrade() -> None:
    with op.batch_alter_table("statement") as statement:
        statement.add_column(
            sa.Column("revision", sa.Integer(), nullable=False, server_default="0")
        )
        statement.add_column(sa.Column("reason", sa.String(10)))
        statement.add_column(sa.Column("corrects", sa.Integer()))
        statement.create_check_constraint(op.f("ck_statement_reason"), f"reason IN {REASONS}")
    for table in ("statement_answer", "guest_answer"):
        op.add_column(
            table, sa.Column("matters", sa.Boolean(), nullable=False, server_default=sa.false())
        )


def downgrade() -> None:
    for table in ("guest_answer", "statement_answer"):
        op.drop_column(table, "matters")
    with op.batch_alter_table("statement") as statement:
        statement.drop_constraint(op.f("ck_statement_reason"), type_="check")
        statement.drop_column("corrects")
        statement.drop_column("reason")
        statement.drop_column("revision")
