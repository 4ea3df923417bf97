"""Keep parts out of the record, add decisions and documents, keep templates.

Forward adds columns with defaults and two tables: the release before runs on. Back, they go.
"""

import sqlalchemy as sa
from alembic import op

revision = "20261127_record"
down_revision = "20261127_pool_check"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "agenda_item",
        sa.Column("kept_back", sa.Boolean(), nullable=False, server_default=sa.false()),
    )
    op.add_column("session", sa.Column("series", sa.String(12)))
    op.create_index(op.f("ix_session_series"), "session", ["series"])
    op.create_table(
        "record_entry",
        *_public(),
        sa.Column("session_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(10), nullable=False),
        sa.Column("wording", sa.JSON(), nullable=False),
        sa.Column("address", sa.String(400)),
        sa.CheckConstraint("kind IN ('decision', 'document')", name=op.f("ck_record_entry_kind")),
        sa.ForeignKeyConstraint(
            ["session_id"], ["session.id"], name=op.f("fk_record_entry_session_id_session")
        ),
        sa.UniqueConstraint("public_id", name=op.f("uq_record_entry_public_id")),
    )
    op.create_index(op.f("ix_record_entry_session_id"), "record_entry", ["session_id"])
    op.create_table(
        "session_template",
        *_public(),
        sa.Column("name", sa.JSON(), nullable=False),
        sa.Column("body", sa.JSON(), nullable=False),
        sa.UniqueConstraint("public_id", name=op.f("uq_session_template_public_id")),
    )


def _public() -> list[sa.Column[object]]:
    return [
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("public_id", sa.String(12), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
    ]


def downgrade() -> None:
    for table in ("session_template", "record_entry"):
        op.drop_table(table)
    with op.batch_alter_table("session") as batch:
        batch.drop_index(op.f("ix_session_series"))
        batch.drop_column("series")
    with op.batch_alter_table("agenda_item") as batch:
        batch.drop_column("kept_back")
