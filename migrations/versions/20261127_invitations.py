"""Invite homes on a list of addresses in waves of letters, each with a code of its own.

Forward adds four tables: the release before runs on. Back, the list and its waves go.
"""

import sqlalchemy as sa
from alembic import op

revision = "20261127_invitations"
down_revision = "20261127_registration"
branch_labels = None
depends_on = None

UNDER_WAY = sa.text("state IN ('planned', 'sealing', 'ready', 'drawing')")


def upgrade() -> None:
    op.create_table(
        "address_list",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("panel_id", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("columns", sa.JSON(), nullable=False),
        sa.Column("address_columns", sa.JSON(), nullable=False),
        sa.Column("area_column", sa.String(200), nullable=False),
        sa.Column("list_key", sa.LargeBinary(), nullable=False),
        sa.Column("upload", sa.LargeBinary(), nullable=True),
        sa.Column("told", sa.LargeBinary(), nullable=True),
        sa.Column("done", sa.Integer(), nullable=False),
        sa.Column("beat_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("salt", sa.String(32), nullable=False),
        sa.CheckConstraint(
            "state IN ('waiting', 'reading', 'ready', 'failed')",
            name=op.f("ck_address_list_state"),
        ),
        sa.ForeignKeyConstraint(
            ["panel_id"], ["panel.id"], name=op.f("fk_address_list_panel_id_panel")
        ),
        sa.UniqueConstraint("panel_id", name=op.f("uq_address_list_panel_id")),
    )
    op.create_table(
        "address",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("public_id", sa.String(12), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("panel_id", sa.Integer(), nullable=False),
        sa.Column("reference", sa.String(120), nullable=False),
        sa.Column("area", sa.String(120), nullable=False),
        sa.Column("home", sa.String(64), nullable=False),
        sa.Column("address_key", sa.LargeBinary(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["panel_id"], ["panel.id"], name=op.f("fk_address_panel_id_panel")),
        sa.UniqueConstraint("public_id", name=op.f("uq_address_public_id")),
        sa.UniqueConstraint("panel_id", "reference", name=op.f("uq_address_panel_id_reference")),
    )
    op.create_index("ix_address_panel_id_home", "address", ["panel_id", "home"])
    _waves()
    _invitations()


def _waves() -> None:
    op.create_table(
        "wave",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("public_id", sa.String(12), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("panel_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("letters", sa.Integer(), nullable=False),
        sa.Column("homes", sa.Integer(), nullable=False),
        sa.Column("plan", sa.JSON(), nullable=False),
        sa.Column("closes_on", sa.Date(), nullable=False),
        sa.Column("commitment", sa.String(64), nullable=True),
        sa.Column("committed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("bundle", sa.JSON(), nullable=True),
        sa.Column("dice", sa.String(10), nullable=True),
        sa.Column("drawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reason", sa.String(400), nullable=False),
        sa.Column("beat_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "state IN ('planned', 'sealing', 'ready', 'drawing', 'drawn', 'given_up')",
            name=op.f("ck_wave_state"),
        ),
        sa.CheckConstraint("letters > 0", name=op.f("ck_wave_letters")),
        sa.CheckConstraint(
            "state NOT IN ('drawing', 'drawn') OR dice IS NOT NULL", name=op.f("ck_wave_dice")
        ),
        sa.ForeignKeyConstraint(["panel_id"], ["panel.id"], name=op.f("fk_wave_panel_id_panel")),
        sa.UniqueConstraint("public_id", name=op.f("uq_wave_public_id")),
        sa.UniqueConstraint("panel_id", "number", name=op.f("uq_wave_panel_id_number")),
    )
    op.create_index(
        "uq_wave_under_way",
        "wave",
        ["panel_id"],
        unique=True,
        sqlite_where=UNDER_WAY,
        postgresql_where=UNDER_WAY,
    )


def _invitations() -> None:
    op.create_table(
        "invitation",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("public_id", sa.String(12), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("panel_id", sa.Integer(), nullable=False),
        sa.Column("wave_id", sa.Integer(), nullable=False),
        sa.Column("address_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("area", sa.String(120), nullable=False),
        sa.Column("home", sa.String(64), nullable=False),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("issue", sa.Integer(), nullable=False),
        sa.Column("code_digest", sa.String(64), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "state IN ('sent', 'returned', 'refused', 'used')", name=op.f("ck_invitation_state")
        ),
        sa.CheckConstraint(
            "(state = 'used') = (used_at IS NOT NULL)", name=op.f("ck_invitation_used")
        ),
        sa.ForeignKeyConstraint(
            ["panel_id"], ["panel.id"], name=op.f("fk_invitation_panel_id_panel")
        ),
        sa.ForeignKeyConstraint(["wave_id"], ["wave.id"], name=op.f("fk_invitation_wave_id_wave")),
        sa.ForeignKeyConstraint(
            ["address_id"], ["address.id"], name=op.f("fk_invitation_address_id_address")
        ),
        sa.UniqueConstraint("public_id", name=op.f("uq_invitation_public_id")),
        sa.UniqueConstraint("address_id", name=op.f("uq_invitation_address_id")),
        sa.UniqueConstraint("code_digest", name=op.f("uq_invitation_code_digest")),
        sa.UniqueConstraint("panel_id", "home", name=op.f("uq_invitation_panel_id_home")),
        sa.UniqueConstraint("wave_id", "number", name=op.f("uq_invitation_wave_id_number")),
    )


def downgrade() -> None:
    for table in ("invitation", "wave", "address", "address_list"):
        op.drop_table(table)
