"""Votes name amounts; a late connection ends a vote."""

import sqlalchemy as sa
from alembic import op

revision = "20261126_votes_with_amounts"
down_revision = "20261126_person_index"
branch_labels = None
depends_on = None

WORDS = "outcome IN ('fund', 'part', 'decline', 'defer')"


def upgrade() -> None:
    op.add_column(
        "case", sa.Column("vote_anew", sa.Boolean(), server_default=sa.false(), nullable=False)
    )
    with op.batch_alter_table("decision_vote") as votes:
        votes.drop_constraint(op.f("ck_decision_vote_outcome"), type_="check")
        votes.alter_column("outcome", type_=sa.String(20), existing_type=sa.String(10))
        votes.add_column(sa.Column("amount", sa.BigInteger(), nullable=True))
        votes.create_check_constraint(
            op.f("ck_decision_vote_amount"), "amount IS NULL OR amount > 0"
        )
    op.add_column(
        "decision", sa.Column("basis", sa.String(length=20), server_default="", nullable=False)
    )


def downgrade() -> None:
    op.drop_column("decision", "basis")
    with op.batch_alter_table("decision_vote") as votes:
        votes.drop_constraint(op.f("ck_decision_vote_amount"), type_="check")
        votes.drop_column("amount")
        votes.alter_column("outcome", type_=sa.String(10), existing_type=sa.String(20))
        votes.create_check_constraint(op.f("ck_decision_vote_outcome"), WORDS)
    op.drop_column("case", "vote_anew")
