"""Take votes on paper, at a kiosk and with somebody's help into the one count.

Forward adds four tables and three columns with defaults: the release before writes phones' votes
as ever. Back forgets what was printed and typed, and where votes came from; counted papers stay.
"""

import sqlalchemy as sa
from alembic import op

revision = "20261130_paper_ballots"
down_revision = "20261129_commitments"
branch_labels = None
depends_on = None

TABLES = ("printed_paper", "paper_voter", "paper_batch", "typed_paper")


def upgrade() -> None:
    op.add_column(
        "paper", sa.Column("origin", sa.String(10), nullable=False, server_default="phone")
    )
    op.add_column("paper", sa.Column("helper", sa.String(12), nullable=False, server_default=""))
    op.add_column("ballot", sa.Column("origins", sa.JSON()))
    op.create_table(
        "printed_paper",
        sa.Column("ballot_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.String(10), nullable=False),
        sa.Column("run", sa.Integer(), nullable=False),
        sa.Column("language", sa.String(10), nullable=False),
        sa.Column("returned", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["ballot_id"], ["ballot.id"], name=op.f("fk_printed_paper_ballot_id_ballot")
        ),
        sa.PrimaryKeyConstraint("ballot_id", "number", name=op.f("pk_printed_paper")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "paper_voter",
        sa.Column("ballot_id", sa.Integer(), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["ballot_id"], ["ballot.id"], name=op.f("fk_paper_voter_ballot_id_ballot")
        ),
        sa.ForeignKeyConstraint(
            ["member_id"], ["member.id"], name=op.f("fk_paper_voter_member_id_member")
        ),
        sa.PrimaryKeyConstraint("ballot_id", "member_id", name=op.f("pk_paper_voter")),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_paper_voter_member_id"), "paper_voter", ["member_id"])
    _add_batches()


def _add_batches() -> None:
    op.create_table(
        "paper_batch",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ballot_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("place", sa.String(120), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("entered_by", sa.String(40)),
        sa.Column("checked_by", sa.String(40)),
        sa.Column("entered", sa.Boolean(), nullable=False),
        sa.Column("checked", sa.Boolean(), nullable=False),
        sa.CheckConstraint("number > 0", name=op.f("ck_paper_batch_number")),
        sa.CheckConstraint("size > 0", name=op.f("ck_paper_batch_size")),
        sa.CheckConstraint("entered_by <> checked_by", name=op.f("ck_paper_batch_two_people")),
        sa.ForeignKeyConstraint(
            ["ballot_id"], ["ballot.id"], name=op.f("fk_paper_batch_ballot_id_ballot")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_paper_batch")),
        sa.UniqueConstraint("ballot_id", "number", name=op.f("uq_paper_batch_ballot_id_number")),
    )
    op.create_index(op.f("ix_paper_batch_ballot_id"), "paper_batch", ["ballot_id"])
    op.create_table(
        "typed_paper",
        sa.Column("ballot_id", sa.Integer(), nullable=False),
        sa.Column("side", sa.Integer(), nullable=False),
        sa.Column("number", sa.String(10), nullable=False),
        sa.Column("batch_id", sa.Integer(), nullable=False),
        sa.Column("said", sa.String(10), nullable=False),
        sa.Column("choice", sa.JSON()),
        sa.CheckConstraint("said IN ('vote', 'blank', 'void')", name=op.f("ck_typed_paper_said")),
        sa.CheckConstraint("side IN (1, 2)", name=op.f("ck_typed_paper_side")),
        sa.ForeignKeyConstraint(
            ["ballot_id", "number"],
            ["printed_paper.ballot_id", "printed_paper.number"],
            name=op.f("fk_typed_paper_ballot_id_printed_paper"),
        ),
        sa.ForeignKeyConstraint(
            ["batch_id"], ["paper_batch.id"], name=op.f("fk_typed_paper_batch_id_paper_batch")
        ),
        sa.PrimaryKeyConstraint("ballot_id", "side", "number", name=op.f("pk_typed_paper")),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_typed_paper_batch_id"), "typed_paper", ["batch_id"])


def downgrade() -> None:
    for table in reversed(TABLES):
        op.drop_table(table)
    op.drop_column("ballot", "origins")
    op.drop_column("paper", "helper")
    op.drop_column("paper", "origin")
