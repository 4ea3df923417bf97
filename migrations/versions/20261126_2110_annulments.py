"""A decision can be flagged and annulled, its money goes back; its outcomes are the subject's."""

import sqlalchemy as sa
from alembic import op

revision = "20261126_annulments"
down_revision = "20261126_votes_with_amounts"
branch_labels = None
depends_on = None

OUTCOMES = "outcome IN ('fund', 'part', 'decline', 'defer')"
FUNDED = "(outcome IN ('fund', 'part')) = (amount IS NOT NULL)"
STANDING = sa.text("annulled_at IS NULL")


def upgrade() -> None:
    op.add_column(
        "decision", sa.Column("defers", sa.Boolean(), server_default=sa.false(), nullable=False)
    )
    op.execute("UPDATE decision SET defers = true WHERE outcome = 'defer'")
    with op.batch_alter_table("decision") as decisions:
        for name in ("outcome", "quorum", "amount_when_funded", "amount"):
            decisions.drop_constraint(op.f(f"ck_decision_{name}"), type_="check")
        decisions.alter_column("outcome", type_=sa.String(20), existing_type=sa.String(10))
        decisions.add_column(sa.Column("flagged_at", sa.DateTime(timezone=True)))
        decisions.add_column(sa.Column("annulled_at", sa.DateTime(timezone=True)))
        decisions.add_column(
            sa.Column("annulled_for", sa.Text(), server_default="", nullable=False)
        )
        decisions.create_check_constraint(op.f("ck_decision_quorum"), "defers OR voted >= quorum")
        decisions.create_check_constraint(
            op.f("ck_decision_amount"), "amount IS NULL OR (amount > 0 AND NOT defers)"
        )
        decisions.create_check_constraint(
            op.f("ck_decision_annulled"), "(annulled_at IS NULL) = (annulled_for = '')"
        )
    op.create_table(
        "took_part",
        sa.Column("decision_id", sa.Integer(), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["decision_id"], ["decision.id"], name=op.f("fk_took_part_decision_id")
        ),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name=op.f("fk_took_part_member_id")),
        sa.PrimaryKeyConstraint("decision_id", "member_id", name=op.f("pk_took_part")),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_took_part_member_id"), "took_part", ["member_id"])
    with op.batch_alter_table("round") as rounds:
        rounds.drop_constraint(op.f("ck_round_within_pot"), type_="check")
        rounds.add_column(sa.Column("freed", sa.BigInteger(), server_default="0", nullable=False))
        rounds.create_check_constraint(op.f("ck_round_freed"), "0 <= freed AND freed <= committed")
        rounds.create_check_constraint(op.f("ck_round_within_pot"), "committed - freed <= pot")
    with op.batch_alter_table("award") as awards:
        awards.drop_constraint(op.f("uq_award_application_id"), type_="unique")
        awards.add_column(sa.Column("annulled_at", sa.DateTime(timezone=True)))
    op.create_index(op.f("ix_award_application_id"), "award", ["application_id"])
    op.create_index(
        "uq_award_standing",
        "award",
        ["application_id"],
        unique=True,
        sqlite_where=STANDING,
        postgresql_where=STANDING,
    )


def downgrade() -> None:
    """What was annulled goes: the release before knows decisions that stand only."""
    op.execute("DELETE FROM award WHERE annulled_at IS NOT NULL")
    op.drop_table("took_part")
    op.execute("DELETE FROM decision WHERE annulled_at IS NOT NULL")
    op.drop_index("uq_award_standing", "award")
    op.drop_index(op.f("ix_award_application_id"), "award")
    with op.batch_alter_table("award") as awards:
        awards.drop_column("annulled_at")
        awards.create_unique_constraint(op.f("uq_award_application_id"), ["application_id"])
    op.execute("UPDATE round SET committed = committed - freed, freed = 0")
    with op.batch_alter_table("round") as rounds:
        rounds.drop_constraint(op.f("ck_round_within_pot"), type_="check")
        rounds.drop_constraint(op.f("ck_round_freed"), type_="check")
        rounds.drop_column("freed")
        rounds.create_check_constraint(
            op.f("ck_round_within_pot"), "committed >= 0 AND committed <= pot"
        )
    with op.batch_alter_table("decision") as decisions:
        for name in ("quorum", "amount", "annulled"):
            decisions.drop_constraint(op.f(f"ck_decision_{name}"), type_="check")
        for name in ("annulled_for", "annulled_at", "flagged_at", "defers"):
            decisions.drop_column(name)
        decisions.alter_column("outcome", type_=sa.String(10), existing_type=sa.String(20))
        decisions.create_check_constraint(op.f("ck_decision_outcome"), OUTCOMES)
        decisions.create_check_constraint(
            op.f("ck_decision_quorum"), "outcome = 'defer' OR voted >= quorum"
        )
        decisions.create_check_constraint(op.f("ck_decision_amount_when_funded"), FUNDED)
        decisions.create_check_constraint(
            op.f("ck_decision_amount"), "amount IS NULL OR amount > 0"
        )
