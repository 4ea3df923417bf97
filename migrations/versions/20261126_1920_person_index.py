"""Count people and homes of a pool by one index, where two covered neither."""

from alembic import op

revision = "20261126_person_index"
down_revision = "20261126_outbox"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_person_panel_id_household", "person", ["panel_id", "household"])
    op.drop_index(op.f("ix_person_household"), "person")
    op.drop_index(op.f("ix_person_panel_id"), "person")


def downgrade() -> None:
    op.create_index(op.f("ix_person_panel_id"), "person", ["panel_id"])
    op.create_index(op.f("ix_person_household"), "person", ["household"])
    op.drop_index("ix_person_panel_id_household", "person")
