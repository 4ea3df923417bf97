"""Let members in at the door once whose letter is at home.

Forward adds a table: the release before runs on. Back drops it; passes on a laptop stop working.
"""

import sqlalchemy as sa
from alembic import op

revision = "20261127_door"
down_revision = "20261127_wall"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "door_pass",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("session_id", sa.Integer(), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("token_digest", sa.String(64), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True)),
        sa.ForeignKeyConstraint(
            ["session_id"], ["session.id"], name="fk_door_pass_session_id_session"
        ),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name="fk_door_pass_member_id_member"),
        sa.UniqueConstraint("member_id", name="uq_door_pass_member_id"),
        sa.UniqueConstraint("token_digest", name="uq_door_pass_token_digest"),
    )
    op.create_index("ix_door_pass_session_id", "door_pass", ["session_id"])


def downgrade() -> None:
    op.drop_table("door_pass")
