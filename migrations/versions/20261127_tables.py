"""Seat people at tables over rounds, and keep what tables write.

Forward adds four tables: the release before runs on. Back, plans and notes go.
"""

import sqlalchemy as sa
from alembic import op

revision = "20261127_tables"
down_revision = "20261127_dice"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "table_plan",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("item_id", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("whom", sa.String(10), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True)),
        sa.Column("seed", sa.Integer(), nullable=False),
        sa.Column("current_round", sa.Integer(), nullable=False),
        sa.Column("running", sa.Boolean(), nullable=False),
        sa.Column("round_ends_at", sa.DateTime(timezone=True)),
        sa.Column("figures", sa.JSON(), nullable=False),
        sa.Column("faults", sa.JSON(), nullable=False),
        sa.CheckConstraint(
            "state IN ('empty', 'waiting', 'ready', 'failed')", name=op.f("ck_table_plan_state")
        ),
        sa.CheckConstraint("current_round >= 0", name=op.f("ck_table_plan_current_round")),
        sa.ForeignKeyConstraint(
            ["item_id"], ["agenda_item.id"], name=op.f("fk_table_plan_item_id_agenda_item")
        ),
        sa.UniqueConstraint("item_id", name=op.f("uq_table_plan_item_id")),
    )
    op.create_table(
        "hall_table",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("plan_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(6), nullable=False),
        sa.Column("help_at", sa.DateTime(timezone=True)),
        sa.CheckConstraint("number > 0", name=op.f("ck_hall_table_number")),
        sa.ForeignKeyConstraint(
            ["plan_id"], ["table_plan.id"], name=op.f("fk_hall_table_plan_id_table_plan")
        ),
        sa.UniqueConstraint("plan_id", "number", name=op.f("uq_hall_table_plan_id_number")),
        sa.UniqueConstraint("code", name=op.f("uq_hall_table_code")),
    )
    _seats()
    _notes()


def _seats() -> None:
    op.create_table(
        "table_seat",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("plan_id", sa.Integer(), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("writes", sa.Boolean(), nullable=False),
        sa.Column("waits_since", sa.DateTime(timezone=True)),
        sa.Column("turns", sa.Integer(), nullable=False),
        sa.CheckConstraint("turns >= 0", name=op.f("ck_table_seat_turns")),
        sa.ForeignKeyConstraint(
            ["plan_id"], ["table_plan.id"], name=op.f("fk_table_seat_plan_id_table_plan")
        ),
        sa.ForeignKeyConstraint(
            ["member_id"], ["member.id"], name=op.f("fk_table_seat_member_id_member")
        ),
        sa.ForeignKeyConstraint(
            ["plan_id", "number"],
            ["hall_table.plan_id", "hall_table.number"],
            name="fk_table_seat",
        ),
        sa.UniqueConstraint(
            "plan_id", "round", "member_id", name=op.f("uq_table_seat_plan_id_round_member_id")
        ),
    )
    op.create_index(op.f("ix_table_seat_member_id"), "table_seat", ["member_id"])


def _notes() -> None:
    op.create_table(
        "table_note",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("public_id", sa.String(12), nullable=False),
        sa.Column("plan_id", sa.Integer(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("wording", sa.JSON(), nullable=False),
        sa.Column("author_id", sa.Integer()),
        sa.Column("key", sa.String(60)),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("hidden", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["plan_id"], ["table_plan.id"], name=op.f("fk_table_note_plan_id_table_plan")
        ),
        sa.ForeignKeyConstraint(
            ["author_id"], ["member.id"], name=op.f("fk_table_note_author_id_member")
        ),
        sa.ForeignKeyConstraint(
            ["plan_id", "number"],
            ["hall_table.plan_id", "hall_table.number"],
            name="fk_table_note",
        ),
        sa.UniqueConstraint("public_id", name=op.f("uq_table_note_public_id")),
        sa.UniqueConstraint("plan_id", "place", name="uq_table_note_place"),
        sa.UniqueConstraint("plan_id", "key", name="uq_table_note_key"),
    )
    op.create_index(op.f("ix_table_note_author_id"), "table_note", ["author_id"])


def downgrade() -> None:
    for table in ("table_note", "table_seat", "hall_table", "table_plan"):
        op.drop_table(table)
