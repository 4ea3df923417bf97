"""Let people in the room ask and propose, and press for what others wrote.

Forward adds three tables, of which the release before knows nothing.
Back drops them with what they hold.
"""

import sqlalchemy as sa
from alembic import op

revision = "20261129_contributions"
down_revision = "20261128_one_match"
branch_labels = None
depends_on = None

STATES = "('pending', 'accepted', 'rejected', 'joined')"
REASONS = "('person', 'unkind', 'off_topic')"
SUPPORT = (("contribution_support", "member"), ("contribution_guest_support", "guest"))


def upgrade() -> None:
    op.create_table(
        "contribution",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(12), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("item_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("author_id", sa.Integer()),
        sa.Column("guest_id", sa.Integer()),
        sa.Column("wording", sa.JSON(), nullable=False),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("reason", sa.String(10)),
        sa.Column("same_as", sa.Integer()),
        sa.Column("key", sa.String(40)),
        sa.Column("shortlisted", sa.Boolean(), nullable=False, server_default=sa.false()),
        sa.Column("on_wall", sa.Boolean(), nullable=False, server_default=sa.false()),
        sa.Column("answered_at", sa.DateTime(timezone=True)),
        sa.CheckConstraint(f"state IN {STATES}", name=op.f("ck_contribution_state")),
        sa.CheckConstraint(f"reason IN {REASONS}", name=op.f("ck_contribution_reason")),
        sa.CheckConstraint(
            "(state = 'joined') = (same_as IS NOT NULL)", name=op.f("ck_contribution_joined")
        ),
        sa.CheckConstraint(
            "NOT on_wall OR state = 'accepted'", name=op.f("ck_contribution_on_wall")
        ),
        sa.ForeignKeyConstraint(
            ["item_id"], ["agenda_item.id"], name=op.f("fk_contribution_item_id_agenda_item")
        ),
        sa.ForeignKeyConstraint(
            ["author_id"], ["member.id"], name=op.f("fk_contribution_author_id_member")
        ),
        sa.ForeignKeyConstraint(
            ["guest_id"], ["guest.id"], name=op.f("fk_contribution_guest_id_guest")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contribution")),
        sa.UniqueConstraint("public_id", name=op.f("uq_contribution_public_id")),
        sa.UniqueConstraint("item_id", "number", name=op.f("uq_contribution_item_id_number")),
        sa.UniqueConstraint(
            "item_id", "author_id", "key", name=op.f("uq_contribution_item_id_author_id_key")
        ),
        sa.UniqueConstraint(
            "item_id", "guest_id", "key", name=op.f("uq_contribution_item_id_guest_id_key")
        ),
    )
    for column in ("item_id", "author_id", "guest_id"):
        op.create_index(op.f(f"ix_contribution_{column}"), "contribution", [column])
    op.create_index(
        "uq_contribution_on_wall",
        "contribution",
        ["item_id"],
        unique=True,
        sqlite_where=sa.text("on_wall"),
        postgresql_where=sa.text("on_wall"),
    )
    for table, person in SUPPORT:
        _add_support(table, person)


def _add_support(table: str, person: str) -> None:
    op.create_table(
        table,
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("contribution_id", sa.Integer(), nullable=False),
        sa.Column(f"{person}_id", sa.Integer(), nullable=False),
        sa.Column("wanted", sa.Boolean(), nullable=False),
        sa.Column("counter", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["contribution_id"],
            ["contribution.id"],
            name=op.f(f"fk_{table}_contribution_id_contribution"),
        ),
        sa.ForeignKeyConstraint(
            [f"{person}_id"], [f"{person}.id"], name=op.f(f"fk_{table}_{person}_id_{person}")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
        sa.UniqueConstraint(
            "contribution_id", f"{person}_id", name=op.f(f"uq_{table}_contribution_id_{person}_id")
        ),
    )
    for column in ("contribution_id", f"{person}_id"):
        op.create_index(op.f(f"ix_{table}_{column}"), table, [column])


def downgrade() -> None:
    for table, _person in reversed(SUPPORT):
        op.drop_table(table)
    op.drop_table("contribution")
