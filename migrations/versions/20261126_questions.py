"""Questionnaires with their versions, and answers to them."""

import sqlalchemy as sa
from alembic import op

revision = "20261126_questions"
down_revision = "20261122_ground"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "questionnaire",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=12), nullable=False),
        sa.Column("panel_id", sa.Integer(), nullable=False),
        sa.Column("use", sa.String(length=30), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["panel_id"], ["panel.id"], name=op.f("fk_questionnaire_panel_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_questionnaire")),
        sa.UniqueConstraint("public_id", name=op.f("uq_questionnaire_public_id")),
    )
    op.create_index(op.f("ix_questionnaire_panel_id"), "questionnaire", ["panel_id"])
    op.create_table(
        "questionnaire_version",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("questionnaire_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("snapshot", sa.Text(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("frozen_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["questionnaire_id"],
            ["questionnaire.id"],
            name=op.f("fk_questionnaire_version_questionnaire_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_questionnaire_version")),
        sa.UniqueConstraint(
            "questionnaire_id",
            "number",
            name=op.f("uq_questionnaire_version_questionnaire_id_number"),
        ),
    )
    op.create_index(
        op.f("ix_questionnaire_version_questionnaire_id"),
        "questionnaire_version",
        ["questionnaire_id"],
    )
    op.create_table(
        "answer_set",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.Column("about", sa.String(length=40), nullable=False),
        sa.Column("who", sa.String(length=64), nullable=False),
        sa.Column("answers", sa.JSON(), nullable=False),
        sa.Column("counter", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["version_id"], ["questionnaire_version.id"], name=op.f("fk_answer_set_version_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_answer_set")),
        sa.UniqueConstraint("about", "who", name=op.f("uq_answer_set_about_who")),
    )
    op.create_index(op.f("ix_answer_set_version_id"), "answer_set", ["version_id"])


def downgrade() -> None:
    op.drop_table("answer_set")
    op.drop_table("questionnaire_version")
    op.drop_table("questionnaire")
