"""Votes name amounts; outcomes belong to the kind of case; a late connection ends a vote."""

import sqlalchemy as sa
from alembic import op

revision = "20261126_votes_with_amounts"
down_revision = "20261126_places"
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
    with op.batch_alter_table("decision") as decisions:
        decisions.drop_constraint(op.f("ck_decision_outcome"), type_="check")
        decisions.drop_constraint(op.f("ck_decision_quorum"), type_="check")
        decisions.drop_constraint(op.f("ck_decision_amount_when_funded"), type_="check")
        decisions.alter_column("outcome", type_=sa.String(20), existing_type=sa.String(10))
        for name in ("gives", "defers"):
            decisions.add_column(
                sa.Column(name, sa.Boolean(), server_default=sa.false(), nullable=False)
            )
        decisions.add_column(
            sa.Column("basis", sa.String(length=20), server_default="", nullable=False)
        )
    decision = sa.table(
        "decision",
        sa.column("outcome"),
        sa.column("amount"),
        sa.column("gives", sa.Boolean()),
        sa.column("defers", sa.Boolean()),
    )
    op.execute(
        decision.update().values(
            gives=decision.c.amount.is_not(None), defers=decision.c.outcome == "defer"
        )
    )
    with op.batch_alter_table("decision") as decisions:
        decisions.create_check_constraint(op.f("ck_decision_quorum"), "defers OR voted >= quorum")
        decisions.create_check_constraint(
            op.f("ck_decision_amount_when_given"), "gives = (amount IS NOT NULL)"
        )
        decisions.create_check_constraint(
            op.f("ck_decision_gives_or_defers"), "NOT (gives AND defers)"
        )


def downgrade() -> None:
    with op.batch_alter_table("decision") as decisions:
        for name in ("quorum", "amount_when_given", "gives_or_defers"):
            decisions.drop_constraint(op.f(f"ck_decision_{name}"), type_="check")
        for name in ("basis", "defers", "gives"):
            decisions.drop_column(name)
        decisions.alter_column("outcome", type_=sa.String(10), existing_type=sa.String(20))
        decisions.create_check_constraint(op.f("ck_decision_outcome"), WORDS)
        decisions.create_check_constraint(
            op.f("ck_decision_quorum"), "outcome = 'defer' OR voted >= quorum"
        )
        decisions.create_check_constraint(
            op.f("ck_decision_amount_when_funded"),
            "(outcome IN ('fund', 'part')) = (amount IS NOT NULL)",
        )
    with op.batch_alter_table("decision_vote") as votes:
        votes.drop_constraint(op.f("ck_decision_vote_amount"), type_="check")
        votes.drop_column("amount")
        votes.alter_column("outcome", type_=sa.String(10), existing_type=sa.String(20))
        votes.create_check_constraint(op.f("ck_decision_vote_outcome"), WORDS)
    op.drop_column("case", "vote_anew")
