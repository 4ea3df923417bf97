"""Write down who may vote, and drop what named voters or kept fewer than five papers.

Going back brings the tables back as they were, but nothing that was destroyed here.
"""

import sqlalchemy as sa
from alembic import op

revision = "20261126_electorate"
down_revision = "20261126_secret_mark"
branch_labels = None
depends_on = None

#: Nobody kept who could vote in ballots before: the confirmed members, and whoever did vote.
BALLOTS = """
    INSERT INTO elector (vote, member_id, taken_out)
    SELECT 'ballot:' || ballot.public_id, member.id, false
    FROM ballot JOIN member ON member.panel_id = ballot.panel_id
    WHERE ballot.state <> 'draft' AND (member.state = 'confirmed' OR EXISTS (
        SELECT 1 FROM turnout WHERE turnout.ballot_id = ballot.id AND turnout.member_id = member.id
    ))
"""
CASES = """
    INSERT INTO elector (vote, member_id, taken_out)
    SELECT 'case:' || "case".public_id, member.id, false
    FROM "case" JOIN member ON member.panel_id = "case".panel_id
    WHERE member.state = 'confirmed'
      AND ("case".voting OR "case".id IN (SELECT case_id FROM decision_vote))
      AND NOT EXISTS (
        SELECT 1 FROM conflict WHERE conflict.case_id = "case".id
        AND conflict.member_id = member.id AND conflict.level IN ('close', 'direct')
    )
"""
BALLOT = sa.table(
    "ballot", *map(sa.column, ("id", "state", "fingerprint")), sa.column("cleaned", sa.Boolean)
)
RECEIPT = sa.table("receipt", sa.column("ballot_id"))
TURNOUT = sa.table("turnout", sa.column("ballot_id"))
#: What is kept of a closed ballot beside the receipts.
KEPT = [sa.table(name, sa.column("ballot_id")) for name in ("turnout", "count", "counted_paper")]


def upgrade() -> None:
    op.create_table(
        "elector",
        sa.Column("vote", sa.String(length=60), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("taken_out", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name=op.f("fk_elector_member_id")),
        sa.PrimaryKeyConstraint("vote", "member_id", name=op.f("pk_elector")),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_elector_member_id"), "elector", ["member_id"])
    op.execute(BALLOTS)
    op.execute(CASES)
    taking = sa.select(BALLOT.c.id).where(BALLOT.c.state == "open")
    op.execute(sa.delete(TURNOUT).where(TURNOUT.c.ballot_id.in_(taking)))
    _destroy_the_few()


def _destroy_the_few() -> None:
    """Leave nothing of ballots that closed with fewer than five papers.

    The minute's round rewrites the files: it looks for ballots that are not clean.
    """
    receipts = sa.select(sa.func.count()).where(RECEIPT.c.ballot_id == BALLOT.c.id)
    few = sa.and_(BALLOT.c.state == "closed", receipts.scalar_subquery() < 5)
    op.execute(sa.update(BALLOT).where(few).values(cleaned=False, fingerprint=None))
    for table in (*KEPT, RECEIPT):
        op.execute(sa.delete(table).where(table.c.ballot_id.in_(sa.select(BALLOT.c.id).where(few))))


def downgrade() -> None:
    op.drop_index(op.f("ix_elector_member_id"), table_name="elector")
    op.drop_table("elector")
