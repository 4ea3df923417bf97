"""Keep what residents and partners take on, and what happens where it falls through.

Forward adds two tables and a column with a default, so that the release before goes on adding
projects: what lowered a price so far is kept as "the council does it all", which is what ballots
said. Back, commitments and plans go.
"""

import sqlalchemy as sa
from alembic import op

revision = "20261129_commitments"
down_revision = "20261129_lost_registration"
branch_labels = None
depends_on = None

TIME = sa.DateTime(timezone=True)
STATES = "'offered', 'agreed', 'done', 'not_done'"


def _plan_b() -> None:
    with op.batch_alter_table("project") as project:
        project.add_column(sa.Column("plan_b", sa.String(10), server_default="full"))
        project.create_check_constraint(op.f("ck_project_plan_b"), "plan_b IN ('full', 'out')")
        project.create_check_constraint(
            op.f("ck_project_lowered"),
            "council_cost IS NULL OR council_cost = cost OR plan_b IS NOT NULL",
        )


def _commitments() -> None:
    op.create_table(
        "commitment",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("public_id", sa.String(12), nullable=False),
        sa.Column("created_at", TIME, nullable=False),
        sa.Column("project_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(10), nullable=False),
        sa.Column("what", sa.JSON(), nullable=False),
        sa.Column("who", sa.JSON(), nullable=False),
        sa.Column("hours", sa.Integer()),
        sa.Column("pence", sa.BigInteger()),
        sa.Column("state", sa.String(10), nullable=False),
        sa.CheckConstraint(
            "kind IN ('hours', 'money', 'room', 'thing')", name=op.f("ck_commitment_kind")
        ),
        sa.CheckConstraint(f"state IN ({STATES})", name=op.f("ck_commitment_state")),
        sa.CheckConstraint(
            "(kind = 'hours') = (hours IS NOT NULL)", name=op.f("ck_commitment_counted")
        ),
        sa.CheckConstraint(
            "(kind = 'money') = (pence IS NOT NULL)", name=op.f("ck_commitment_paid")
        ),
        sa.CheckConstraint("hours > 0 AND pence > 0", name=op.f("ck_commitment_something")),
        sa.ForeignKeyConstraint(
            ["project_id"], ["project.id"], name=op.f("fk_commitment_project_id_project")
        ),
        sa.UniqueConstraint("public_id", name=op.f("uq_commitment_public_id")),
    )
    op.create_index(op.f("ix_commitment_project_id"), "commitment", ["project_id"])
    op.create_table(
        "commitment_step",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("created_at", TIME, nullable=False),
        sa.Column("commitment_id", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("words", sa.JSON()),
        sa.CheckConstraint(f"state IN ({STATES})", name=op.f("ck_commitment_step_state")),
        sa.ForeignKeyConstraint(
            ["commitment_id"],
            ["commitment.id"],
            name=op.f("fk_commitment_step_commitment_id_commitment"),
        ),
    )
    op.create_index(op.f("ix_commitment_step_commitment_id"), "commitment_step", ["commitment_id"])


def upgrade() -> None:
    _plan_b()
    op.execute("UPDATE project SET plan_b = NULL WHERE council_cost IS NULL")
    _commitments()


def downgrade() -> None:
    op.drop_table("commitment_step")
    op.drop_table("commitment")
    with op.batch_alter_table("project") as project:
        project.drop_constraint(op.f("ck_project_lowered"), type_="check")
        project.drop_constraint(op.f("ck_project_plan_b"), type_="check")
        project.drop_column("plan_b")
