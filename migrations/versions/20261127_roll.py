"""Let a panel be everybody on a list instead of people drawn by lottery.

Forward adds a column with a default: the release before runs on. Back, a roll without anybody
counts one seat, since a panel had to have some.
"""

from alembic import op

revision = "20261127_roll"
down_revision = "20261126_schemes"
branch_labels = None
depends_on = None

OLD, NEW = "size > 0", "size > 0 OR (kind = 'roll' AND size = 0)"


def upgrade() -> None:
    op.execute(
        "ALTER TABLE panel ADD COLUMN kind VARCHAR(10) NOT NULL DEFAULT 'drawn'"
        " CONSTRAINT ck_panel_kind CHECK (kind IN ('drawn', 'roll'))"
    )
    with op.batch_alter_table("panel") as table:
        table.drop_constraint(op.f("ck_panel_size"), type_="check")
        table.create_check_constraint(op.f("ck_panel_size"), NEW)


def downgrade() -> None:
    op.execute("UPDATE panel SET size = 1 WHERE size = 0")
    with op.batch_alter_table("panel") as table:
        table.drop_constraint(op.f("ck_panel_size"), type_="check")
        table.drop_constraint(op.f("ck_panel_kind"), type_="check")
        table.drop_column("kind")
        table.create_check_constraint(op.f("ck_panel_size"), OLD)
