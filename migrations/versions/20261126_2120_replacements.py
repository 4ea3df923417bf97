"""Let a panel have lotteries of replacements, and say which lottery gave a person their seat.

Forward adds columns with defaults and narrows an index: the release before runs on. Back gives up
the lotteries of replacements; the people whom they seated keep their seats.
"""

import sqlalchemy as sa
from alembic import op

revision = "20261126_replacements"
down_revision = "20261126_application_questions"
branch_labels = None
depends_on = None

IN_USE = "uq_lottery_in_use"
OPEN = "uq_lottery_replacement"


def _one_a_panel(name: str, where: str) -> None:
    condition = sa.text(where)
    op.create_index(
        name,
        "lottery",
        ["panel_id"],
        unique=True,
        sqlite_where=condition,
        postgresql_where=condition,
    )


def upgrade() -> None:
    # Written out: the same on both databases, and no table is made anew under its rows.
    op.execute(
        "ALTER TABLE lottery ADD COLUMN kind VARCHAR(12) NOT NULL DEFAULT 'panel'"
        " CONSTRAINT ck_lottery_kind CHECK (kind IN ('panel', 'replacement'))"
    )
    op.add_column("lottery", sa.Column("eased", sa.JSON(), nullable=False, server_default="[]"))
    op.execute(
        "ALTER TABLE person ADD COLUMN lottery_id INTEGER"
        " CONSTRAINT fk_person_lottery_id_lottery REFERENCES lottery (id)"
    )
    op.create_index(op.f("ix_person_lottery_id"), "person", ["lottery_id"])
    op.execute(
        "UPDATE person SET lottery_id = (SELECT lottery.id FROM lottery"
        " WHERE lottery.panel_id = person.panel_id AND lottery.state = 'drawn')"
        " WHERE member_id IS NOT NULL"
    )
    op.drop_index(IN_USE, "lottery")
    _one_a_panel(IN_USE, "kind = 'panel' AND state <> 'failed'")
    _one_a_panel(OPEN, "kind = 'replacement' AND state NOT IN ('failed', 'drawn')")


def downgrade() -> None:
    op.drop_index(op.f("ix_person_lottery_id"), "person")
    op.execute("ALTER TABLE person DROP COLUMN lottery_id")
    op.drop_index(OPEN, "lottery")
    op.drop_index(IN_USE, "lottery")
    op.execute("DELETE FROM lottery WHERE kind = 'replacement'")
    op.drop_column("lottery", "eased")
    # A later migration, gone up and down again, leaves the constraint with the table.
    with op.batch_alter_table("lottery") as table:
        table.drop_constraint(op.f("ck_lottery_kind"), type_="check")
        table.drop_column("kind")
    _one_a_panel(IN_USE, "state <> 'failed'")
