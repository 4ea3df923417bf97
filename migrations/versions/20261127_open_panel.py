"""Let a panel be of whoever comes, without seats.

Forward widens two constraints: the release before runs on. Back, an open panel is a roll with
nobody on it.
"""

from alembic import op

revision = "20261127_open_panel"
down_revision = "20261127_files"
branch_labels = None
depends_on = None

SIZE = "size > 0 OR (kind = 'roll' AND size = 0)"
SIZE_NOW = "size > 0 OR (kind <> 'drawn' AND size = 0)"
KIND, KIND_NOW = "kind IN ('drawn', 'roll')", "kind IN ('drawn', 'roll', 'open')"


def _hold(size: str, kind: str) -> None:
    with op.batch_alter_table("panel") as table:
        for name, condition in ((op.f("ck_panel_size"), size), (op.f("ck_panel_kind"), kind)):
            table.drop_constraint(name, type_="check")
            table.create_check_constraint(name, condition)


def upgrade() -> None:
    _hold(SIZE_NOW, KIND_NOW)


def downgrade() -> None:
    op.execute("UPDATE panel SET kind = 'roll' WHERE kind = 'open'")
    _hold(SIZE, KIND)
