"""Let guests have a place at a table.

Forward widens a column and adds one that may be empty: the release before runs on, and seats
members. Back, the places of guests go.
"""

import sqlalchemy as sa
from alembic import op

revision = "20261127_guest_tables"
down_revision = "20261127_reserves"
branch_labels = None
depends_on = None

UNIQUE = "uq_table_seat_plan_id_round_guest_id"


def upgrade() -> None:
    with op.batch_alter_table("table_seat") as table:
        table.alter_column("member_id", existing_type=sa.Integer(), nullable=True)
        table.add_column(sa.Column("guest_id", sa.Integer()))
        table.create_foreign_key(
            op.f("fk_table_seat_guest_id_guest"), "guest", ["guest_id"], ["id"]
        )
        table.create_unique_constraint(op.f(UNIQUE), ["plan_id", "round", "guest_id"])
        table.create_check_constraint(
            op.f("ck_table_seat_person"), "(member_id IS NULL) <> (guest_id IS NULL)"
        )
        table.create_index(op.f("ix_table_seat_guest_id"), ["guest_id"])


def downgrade() -> None:
    op.execute("DELETE FROM table_seat WHERE guest_id IS NOT NULL")
    with op.batch_alter_table("table_seat") as table:
        table.drop_index(op.f("ix_table_seat_guest_id"))
        table.drop_constraint(op.f("ck_table_seat_person"), type_="check")
        table.drop_constraint(op.f(UNIQUE), type_="unique")
        table.drop_constraint(op.f("fk_table_seat_guest_id_guest"), type_="foreignkey")
        table.drop_column("guest_id")
        table.alter_column("member_id", existing_type=sa.Integer(), nullable=False)
