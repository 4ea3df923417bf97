"""Let people register for a pool: ways in, what they consent to, what they answered.

Forward adds tables, and columns with a default or without a value: the release before runs on.
Back, whoever registered stays in the pool as if a file had named them, but for those who withdrew:
they go, since the release before would draw them.
"""

import sqlalchemy as sa
from alembic import op

revision = "20261127_registration"
down_revision = "20261127_discussion"
branch_labels = None
depends_on = None

HERE = sa.text("withdrawn_at IS NULL")
SENT = sa.text("state = 'sent'")


def upgrade() -> None:
    op.create_table(
        "consent_text",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("panel_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("wording", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["panel_id"], ["panel.id"], name=op.f("fk_consent_text_panel_id_panel")
        ),
        sa.UniqueConstraint("panel_id", "number", name=op.f("uq_consent_text_panel_id_number")),
    )
    op.create_table(
        "registration_page",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("public_id", sa.String(12), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("panel_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(80), nullable=False),
        sa.Column("opens_at", sa.DateTime(timezone=True)),
        sa.Column("closes_at", sa.DateTime(timezone=True)),
        sa.Column("by_code", sa.Boolean(), nullable=False),
        sa.Column("youngest", sa.Integer()),
        sa.Column("oldest", sa.Integer()),
        sa.Column("areas", sa.JSON(), nullable=False),
        sa.Column("testing", sa.Boolean(), nullable=False),
        sa.CheckConstraint("youngest <= oldest", name=op.f("ck_registration_page_ages")),
        sa.CheckConstraint("opens_at < closes_at", name=op.f("ck_registration_page_times")),
        sa.ForeignKeyConstraint(
            ["panel_id"], ["panel.id"], name=op.f("fk_registration_page_panel_id_panel")
        ),
        sa.UniqueConstraint("public_id", name=op.f("uq_registration_page_public_id")),
        sa.UniqueConstraint("panel_id", "name", name=op.f("uq_registration_page_panel_id_name")),
    )
    _add_to_person()
    _add_registrations()
    op.create_table(
        "two_people",
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("first_id", sa.Integer(), primary_key=True),
        sa.Column("second_id", sa.Integer(), primary_key=True),
        sa.Column("by", sa.String(40), nullable=False),
        *(
            sa.ForeignKeyConstraint(
                [name], ["person.id"], ondelete="CASCADE", name=op.f(f"fk_two_people_{name}_person")
            )
            for name in ("first_id", "second_id")
        ),
    )


def _add_to_person() -> None:
    op.execute(
        "ALTER TABLE person ADD COLUMN origin VARCHAR(8) NOT NULL DEFAULT 'file'"
        " CONSTRAINT ck_person_origin CHECK (origin IN ('file', 'web', 'phone', 'paper'))"
    )
    for name, table in (("way_in_id", "registration_page"), ("consent_id", "consent_text")):
        op.execute(
            f"ALTER TABLE person ADD COLUMN {name} INTEGER"
            f" CONSTRAINT fk_person_{name}_{table} REFERENCES {table} (id)"
        )
    op.add_column("person", sa.Column("consented_at", sa.DateTime(timezone=True)))
    op.add_column("person", sa.Column("consent_by", sa.String(40)))
    op.add_column("person", sa.Column("withdrawn_at", sa.DateTime(timezone=True)))
    op.create_index(
        "ix_person_in_pool", "person", ["panel_id"], sqlite_where=HERE, postgresql_where=HERE
    )


def _add_registrations() -> None:
    links = (
        ("page_id", "registration_page", None),
        ("version_id", "questionnaire_version", None),
        ("consent_id", "consent_text", None),
        ("person_id", "person", "SET NULL"),
    )
    op.create_table(
        "registration",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("public_id", sa.String(12), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("page_id", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("origin", sa.String(8), nullable=False),
        sa.Column("test", sa.Boolean(), nullable=False),
        sa.Column("language", sa.String(10), nullable=False),
        sa.Column("token_digest", sa.String(64)),
        sa.Column("code_digest", sa.String(64)),
        sa.Column("version_id", sa.Integer()),
        sa.Column("consent_id", sa.Integer(), nullable=False),
        sa.Column("person_key", sa.LargeBinary(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True)),
        sa.Column("entered_by", sa.String(40)),
        sa.Column("person_id", sa.Integer()),
        sa.CheckConstraint(
            "state IN ('draft', 'sent', 'withdrawn')", name=op.f("ck_registration_state")
        ),
        sa.CheckConstraint(
            "origin IN ('web', 'phone', 'paper')", name=op.f("ck_registration_origin")
        ),
        *(
            sa.ForeignKeyConstraint(
                [name], [f"{table}.id"], ondelete=gone, name=op.f(f"fk_registration_{name}_{table}")
            )
            for name, table, gone in links
        ),
        *(
            sa.UniqueConstraint(name, name=op.f(f"uq_registration_{name}"))
            for name in ("public_id", "token_digest", "person_id")
        ),
    )
    op.create_index(op.f("ix_registration_page_id"), "registration", ["page_id"])
    op.create_index(
        "uq_registration_code",
        "registration",
        ["code_digest"],
        unique=True,
        sqlite_where=SENT,
        postgresql_where=SENT,
    )


def downgrade() -> None:
    op.drop_table("two_people")
    op.drop_table("registration")
    op.execute("DELETE FROM person WHERE withdrawn_at IS NOT NULL AND member_id IS NULL")
    op.drop_index("ix_person_in_pool", "person")
    # Each with what holds it to other tables and values.
    for name in ("withdrawn_at", "consent_by", "consented_at", "consent_id", "way_in_id", "origin"):
        op.drop_column("person", name)
    op.drop_table("registration_page")
    op.drop_table("consent_text")
