"""Keep residents' ideas with their costs and their road, the goal of projects, and a role.

Forward adds five tables, a column that may stay empty, and a role: the release before runs on, as
long as nobody has that role. Back, the ideas, the goals and that role go.
"""

import sqlalchemy as sa
from alembic import op

revision = "20261128_ideas"
down_revision = "20261128_statements"
branch_labels = None
depends_on = None

BEFORE = (
    "role IN ('administrator', 'organiser', 'facilitator', 'caller', 'payer', 'releaser',"
    " 'scribe', 'observer')"
)
AFTER = (
    "role IN ('administrator', 'organiser', 'facilitator', 'caller', 'officer', 'payer',"
    " 'releaser', 'scribe', 'observer')"
)
TIME = sa.DateTime(timezone=True)


def _roles(condition: str) -> None:
    with op.batch_alter_table("staff_role") as roles:
        roles.drop_constraint(op.f("ck_staff_role_role"), type_="check")
        roles.create_check_constraint(op.f("ck_staff_role_role"), condition)


def _calls() -> None:
    op.create_table(
        "idea_call",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("public_id", sa.String(12), nullable=False),
        sa.Column("created_at", TIME, nullable=False),
        sa.Column("pot_id", sa.Integer(), nullable=False),
        sa.Column("taking", sa.Boolean(), nullable=False),
        sa.Column("closes_on", sa.Date()),
        sa.Column("costed_by", sa.Date()),
        sa.Column("all_held", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["pot_id"], ["pot.id"], name=op.f("fk_idea_call_pot_id_pot")),
        sa.UniqueConstraint("public_id", name=op.f("uq_idea_call_public_id")),
        sa.UniqueConstraint("pot_id", name=op.f("uq_idea_call_pot_id")),
    )


def _ideas() -> None:
    op.create_table(
        "idea",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("public_id", sa.String(12), nullable=False),
        sa.Column("created_at", TIME, nullable=False),
        sa.Column("call_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("origin", sa.String(10), nullable=False),
        sa.Column("known_by", sa.String(10), nullable=False),
        sa.Column("language", sa.String(10), nullable=False),
        sa.Column("title", sa.JSON(), nullable=False),
        sa.Column("why", sa.JSON(), nullable=False),
        sa.Column("place_id", sa.Integer()),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("doubts", sa.JSON(), nullable=False),
        sa.Column("folded", sa.Text(), nullable=False),
        sa.Column("photo", sa.String(12)),
        sa.Column("photo_shown", sa.Boolean(), nullable=False),
        sa.Column("costing", sa.String(10), nullable=False),
        sa.Column("project_id", sa.Integer()),
        sa.Column("person_key", sa.LargeBinary(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("key", sa.String(64)),
        sa.Column("entered_by", sa.String(40)),
        sa.CheckConstraint(
            "origin IN ('phone', 'stall', 'workshop', 'council')", name=op.f("ck_idea_origin")
        ),
        sa.CheckConstraint(
            "known_by IN ('seat', 'code', 'place', 'staff')", name=op.f("ck_idea_known_by")
        ),
        sa.CheckConstraint(
            "state IN ('held', 'shown', 'hidden', 'withdrawn')", name=op.f("ck_idea_state")
        ),
        sa.CheckConstraint(
            "costing IN ('none', 'costed', 'unknown', 'no')", name=op.f("ck_idea_costing")
        ),
        sa.CheckConstraint(
            "project_id IS NULL OR (state = 'shown' AND costing IN ('none', 'costed'))",
            name=op.f("ck_idea_joined"),
        ),
        sa.ForeignKeyConstraint(
            ["call_id"], ["idea_call.id"], name=op.f("fk_idea_call_id_idea_call")
        ),
        sa.ForeignKeyConstraint(["place_id"], ["place.id"], name=op.f("fk_idea_place_id_place")),
        sa.ForeignKeyConstraint(
            ["project_id"],
            ["project.id"],
            name=op.f("fk_idea_project_id_project"),
            ondelete="SET NULL",
        ),
        sa.UniqueConstraint("public_id", name=op.f("uq_idea_public_id")),
        sa.UniqueConstraint("call_id", "number", name=op.f("uq_idea_call_id_number")),
        sa.UniqueConstraint("call_id", "key", name=op.f("uq_idea_call_id_key")),
    )
    op.create_index(op.f("ix_idea_place_id"), "idea", ["place_id"])
    op.create_index(op.f("ix_idea_project_id"), "idea", ["project_id"])
    op.create_table(
        "idea_wish",
        sa.Column("idea_id", sa.Integer(), nullable=False),
        sa.Column("who", sa.String(64), nullable=False),
        sa.ForeignKeyConstraint(
            ["idea_id"], ["idea.id"], name=op.f("fk_idea_wish_idea_id_idea"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("idea_id", "who", name=op.f("pk_idea_wish")),
    )


def _roads() -> None:
    op.create_table(
        "costing",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("created_at", TIME, nullable=False),
        sa.Column("idea_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("verdict", sa.String(10), nullable=False),
        sa.Column("pence", sa.BigInteger()),
        sa.Column("yearly", sa.Boolean(), nullable=False),
        sa.Column("basis", sa.String(400), nullable=False),
        sa.Column("reason", sa.JSON(), nullable=False),
        sa.Column("by", sa.String(40), nullable=False),
        sa.CheckConstraint(
            "verdict IN ('costed', 'unknown', 'no')", name=op.f("ck_costing_verdict")
        ),
        sa.CheckConstraint(
            "(verdict = 'costed') = (pence IS NOT NULL)", name=op.f("ck_costing_costed")
        ),
        sa.CheckConstraint("pence > 0", name=op.f("ck_costing_pence")),
        sa.ForeignKeyConstraint(["idea_id"], ["idea.id"], name=op.f("fk_costing_idea_id_idea")),
        sa.UniqueConstraint("idea_id", "version", name=op.f("uq_costing_idea_id_version")),
    )
    steps = (
        "'received', 'shown', 'hidden', 'costed', 'unknown', 'no', 'joined', 'parted', 'listed',"
        " 'funded', 'unfunded', 'done', 'withdrawn'"
    )
    op.create_table(
        "idea_step",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("created_at", TIME, nullable=False),
        sa.Column("idea_id", sa.Integer(), nullable=False),
        sa.Column("step", sa.String(10), nullable=False),
        sa.Column("about", sa.String(40), nullable=False),
        sa.Column("words", sa.JSON()),
        sa.CheckConstraint(f"step IN ({steps})", name=op.f("ck_idea_step_step")),
        sa.ForeignKeyConstraint(["idea_id"], ["idea.id"], name=op.f("fk_idea_step_idea_id_idea")),
        sa.UniqueConstraint(
            "idea_id", "step", "about", name=op.f("uq_idea_step_idea_id_step_about")
        ),
    )


def upgrade() -> None:
    _calls()
    _ideas()
    _roads()
    with op.batch_alter_table("project") as project:
        project.add_column(sa.Column("goal", sa.JSON()))
    _roles(AFTER)


def downgrade() -> None:
    op.execute("DELETE FROM staff_role WHERE role = 'officer'")
    _roles(BEFORE)
    with op.batch_alter_table("project") as project:
        project.drop_column("goal")
    for table in ("idea_step", "costing", "idea_wish", "idea", "idea_call"):
        op.drop_table(table)
