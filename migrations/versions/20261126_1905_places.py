"""Give places a tree, and panels the place that they decide for.

Forward adds a table and a column that may stay empty: the release before runs on. Back drops them.
"""

import sqlalchemy as sa
from alembic import op

revision = "20261126_places"
down_revision = "20261126_room_questions"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "place",
        sa.Column("parent_id", sa.Integer(), nullable=True),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("name", sa.JSON(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=12), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "kind IN ('borough', 'ward', 'estate', 'block')", name=op.f("ck_place_kind")
        ),
        sa.ForeignKeyConstraint(["parent_id"], ["place.id"], name=op.f("fk_place_parent_id_place")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_place")),
        sa.UniqueConstraint("public_id", name=op.f("uq_place_public_id")),
    )
    op.create_index(op.f("ix_place_parent_id"), "place", ["parent_id"])
    # Written out: the same on both databases, and no table is made anew under its rows.
    op.execute(
        "ALTER TABLE panel ADD COLUMN area_id INTEGER"
        " CONSTRAINT fk_panel_area_id_place REFERENCES place (id)"
    )
    op.create_index(op.f("ix_panel_area_id"), "panel", ["area_id"])


def downgrade() -> None:
    op.drop_index(op.f("ix_panel_area_id"), "panel")
    with op.batch_alter_table("panel") as panels:
        panels.drop_column("area_id")
    op.drop_table("place")
