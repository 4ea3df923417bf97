"""Take files of people in by a job: a place for the file and its people until all are there.

Forward adds tables and columns with defaults: the release before runs on. Back, files on their way
are forgotten; the pool stays, and letters show again what makes a home.
"""

import sqlalchemy as sa
from alembic import op

revision = "20261127_pool"
down_revision = "20261127_payments"
branch_labels = None
depends_on = None

STATES = (
    "'asked', 'to_check', 'checking', 'faulty', 'checked', 'to_write', 'writing', 'done', 'failed'"
)


def upgrade() -> None:
    with op.batch_alter_table("pool") as table:
        table.add_column(sa.Column("letter_columns", sa.JSON(), nullable=True))
        table.add_column(sa.Column("plan", sa.JSON(), nullable=True))
        table.add_column(sa.Column("silent", sa.String(8), nullable=False, server_default="fault"))
        table.add_column(sa.Column("edition", sa.Integer(), nullable=False, server_default="0"))
        table.create_check_constraint(
            op.f("ck_pool_silent"), "silent IN ('fault', 'leave', 'exclude')"
        )
    _pool_import()
    _staged_person()


def _pool_import() -> None:
    op.create_table(
        "pool_import",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(12), nullable=False),
        sa.Column("panel_id", sa.Integer(), nullable=False),
        sa.Column("by", sa.String(40), nullable=False),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("key", sa.LargeBinary(), nullable=False),
        sa.Column("source", sa.LargeBinary(), nullable=False),
        sa.Column("found", sa.LargeBinary(), nullable=True),
        sa.Column("plan", sa.JSON(), nullable=True),
        sa.Column("counts", sa.JSON(), nullable=False),
        sa.Column("compared_with", sa.String(64), nullable=True),
        sa.Column("done", sa.Integer(), nullable=False),
        sa.Column("beat_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("fault", sa.String(20), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(f"state IN ({STATES})", name=op.f("ck_pool_import_state")),
        sa.ForeignKeyConstraint(["panel_id"], ["panel.id"], name=op.f("fk_pool_import_panel_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pool_import")),
        sa.UniqueConstraint("public_id", name=op.f("uq_pool_import_public_id")),
    )
    op.create_index(op.f("ix_pool_import_panel_id"), "pool_import", ["panel_id"])


def _staged_person() -> None:
    op.create_table(
        "staged_person",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("import_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(8), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("public_id", sa.String(12), nullable=True),
        sa.Column("reference", sa.String(120), nullable=True),
        sa.Column("features", sa.JSON(), nullable=True),
        sa.Column("household", sa.String(64), nullable=True),
        sa.Column("person_key", sa.LargeBinary(), nullable=True),
        sa.Column("sealed", sa.LargeBinary(), nullable=True),
        sa.CheckConstraint(
            "kind IN ('new', 'changed', 'moved', 'gone')", name=op.f("ck_staged_person_kind")
        ),
        sa.ForeignKeyConstraint(
            ["import_id"], ["pool_import.id"], name=op.f("fk_staged_person_import_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_staged_person")),
    )
    for column in ("import_id", "person_id"):
        op.create_index(op.f(f"ix_staged_person_{column}"), "staged_person", [column])


def downgrade() -> None:
    op.drop_table("staged_person")
    op.drop_table("pool_import")
    with op.batch_alter_table("pool") as table:
        table.drop_constraint(op.f("ck_pool_silent"), type_="check")
        for column in ("edition", "silent", "plan", "letter_columns"):
            table.drop_column(column)
