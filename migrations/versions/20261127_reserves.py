"""Keep lists of reserves, and of which draw a later lottery fills seats.

Forward adds a table and two columns; of replacements the panel's own lottery becomes the parent.
The release before runs on: its replacements have no parent, which only reserves need. Back, lists of
reserves go; whoever was called from one keeps their seat.
"""

import sqlalchemy as sa
from alembic import op

revision = "20261127_reserves"
down_revision = "20261127_rehearsal"
branch_labels = None
depends_on = None

OLD, NEW = "kind IN ('panel', 'replacement')", "kind IN ('panel', 'replacement', 'reserves')"
PARENT = "kind <> 'reserves' OR parent_id IS NOT NULL"
BEFORE = "uq_lottery_replacement", "kind = 'replacement' AND state NOT IN ('failed', 'drawn')"
AFTER = "uq_lottery_after_the_draw", "kind <> 'panel' AND state NOT IN ('failed', 'drawn')"


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
    with op.batch_alter_table("lottery") as table:
        table.add_column(sa.Column("parent_id", sa.Integer(), nullable=True))
        table.add_column(sa.Column("plan", sa.JSON(), nullable=True))
        table.create_foreign_key(
            op.f("fk_lottery_parent_id_lottery"), "lottery", ["parent_id"], ["id"]
        )
        table.drop_constraint(op.f("ck_lottery_kind"), type_="check")
        table.create_check_constraint(op.f("ck_lottery_kind"), NEW)
        table.create_check_constraint(op.f("ck_lottery_parent"), PARENT)
    op.execute(
        "UPDATE lottery SET parent_id = (SELECT first.id FROM lottery AS first"
        " WHERE first.panel_id = lottery.panel_id AND first.kind = 'panel'"
        " AND first.state = 'drawn') WHERE kind = 'replacement'"
    )
    op.drop_index(BEFORE[0], "lottery")
    _one_a_panel(*AFTER)
    op.create_table(
        "reserve",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("public_id", sa.String(12), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("lottery_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("called_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reason", sa.String(400), nullable=True),
        sa.CheckConstraint("position > 0", name=op.f("ck_reserve_position")),
        sa.ForeignKeyConstraint(
            ["lottery_id"], ["lottery.id"], name=op.f("fk_reserve_lottery_id_lottery")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_reserve_person_id_person")
        ),
        sa.UniqueConstraint("public_id", name=op.f("uq_reserve_public_id")),
        sa.UniqueConstraint("person_id", name=op.f("uq_reserve_person_id")),
        sa.UniqueConstraint("lottery_id", "position", name=op.f("uq_reserve_lottery_id_position")),
    )


def downgrade() -> None:
    op.drop_table("reserve")
    op.drop_index(AFTER[0], "lottery")
    op.execute(
        "UPDATE person SET lottery_id = (SELECT lottery.parent_id FROM lottery"
        " WHERE lottery.id = person.lottery_id)"
        " WHERE lottery_id IN (SELECT id FROM lottery WHERE kind = 'reserves')"
    )
    op.execute("DELETE FROM lottery WHERE kind = 'reserves'")
    with op.batch_alter_table("lottery") as table:
        table.drop_constraint(op.f("ck_lottery_parent"), type_="check")
        table.drop_constraint(op.f("fk_lottery_parent_id_lottery"), type_="foreignkey")
        table.drop_constraint(op.f("ck_lottery_kind"), type_="check")
        table.create_check_constraint(op.f("ck_lottery_kind"), OLD)
        table.drop_column("parent_id")
        table.drop_column("plan")
    _one_a_panel(*BEFORE)
