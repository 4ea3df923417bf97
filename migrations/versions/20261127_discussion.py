"""Let members write notes on a case, decisions have conditions, and substitutes be called.

Forward adds tables, and columns that fill themselves: the release before runs on. Back, notes,
conditions and who was called go.
"""

import sqlalchemy as sa
from alembic import op

revision = "20261127_discussion"
down_revision = "20261127_support"
branch_labels = None
depends_on = None


def _members(table: str, other: str, *columns: sa.Column, cascades: bool = False) -> None:
    """Make a table of two keys: a row of `other`, and a member."""
    key, named = f"{other.removeprefix('case_')}_id", other
    op.create_table(
        table,
        sa.Column(key, sa.Integer(), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=False),
        *columns,
        sa.ForeignKeyConstraint(
            [key],
            [f"{named}.id"],
            name=op.f(f"fk_{table}_{key}"),
            ondelete="CASCADE" if cascades else None,
        ),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name=op.f(f"fk_{table}_member_id")),
        sa.PrimaryKeyConstraint(key, "member_id", name=op.f(f"pk_{table}")),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f(f"ix_{table}_member_id"), table, ["member_id"])


def upgrade() -> None:
    op.create_table(
        "case_note",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("public_id", sa.String(12), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("language", sa.String(10), nullable=False),
        sa.Column("agreed", sa.Integer(), nullable=False),
        sa.Column("disagreed", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["case.id"], name=op.f("fk_case_note_case_id")),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name=op.f("fk_case_note_member_id")),
        sa.UniqueConstraint("public_id", name=op.f("uq_case_note_public_id")),
        sa.UniqueConstraint("case_id", "member_id", name=op.f("uq_case_note_case_id_member_id")),
    )
    for column in ("case_id", "member_id"):
        op.create_index(op.f(f"ix_case_note_{column}"), "case_note", [column])
    agrees = sa.Column("agrees", sa.Boolean(), nullable=False)
    _members("note_view", "case_note", agrees, cascades=True)
    _members("substitute", "case")
    text = sa.Column("reason_code", sa.String(20), nullable=False, server_default="")
    op.add_column("decision", text)
    op.add_column(
        "decision", sa.Column("conditions", sa.JSON(), nullable=False, server_default="[]")
    )
    op.add_column("decision", sa.Column("condition", sa.Text(), nullable=False, server_default=""))


def downgrade() -> None:
    with op.batch_alter_table("decision") as decisions:
        for column in ("condition", "conditions", "reason_code"):
            decisions.drop_column(column)
    op.drop_table("substitute")
    op.drop_table("note_view")
    op.drop_table("case_note")
