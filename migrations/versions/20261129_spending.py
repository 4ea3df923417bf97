"""Keep contracts, and which share of each falls to which place.

Forward adds two tables; the release before runs on. Back, both go.
"""

import sqlalchemy as sa
from alembic import op

revision = "20261129_spending"
down_revision = "20261130_paper_ballots"
branch_labels = None
depends_on = None

TIME = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "contract",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("public_id", sa.String(12), nullable=False),
        sa.Column("created_at", TIME, nullable=False),
        sa.Column("reference", sa.String(60), nullable=False),
        sa.Column("service", sa.JSON(), nullable=False),
        sa.Column("supplier", sa.String(10), nullable=False),
        sa.Column("yearly", sa.BigInteger(), nullable=False),
        sa.Column("worked_out", sa.Boolean(), nullable=False),
        sa.Column("area_id", sa.Integer()),
        sa.CheckConstraint("yearly > 0", name=op.f("ck_contract_yearly")),
        sa.CheckConstraint(
            "supplier IN ('own', 'public', 'charity', 'small', 'company', 'unknown')",
            name=op.f("ck_contract_supplier"),
        ),
        sa.ForeignKeyConstraint(["area_id"], ["place.id"], name=op.f("fk_contract_area_id_place")),
        sa.UniqueConstraint("public_id", name=op.f("uq_contract_public_id")),
        sa.UniqueConstraint("reference", name=op.f("uq_contract_reference")),
    )
    op.create_index(op.f("ix_contract_area_id"), "contract", ["area_id"])
    op.create_table(
        "apportionment",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("public_id", sa.String(12), nullable=False),
        sa.Column("created_at", TIME, nullable=False),
        sa.Column("contract_id", sa.Integer(), nullable=False),
        sa.Column("place_id", sa.Integer(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("basis", sa.String(12), nullable=False),
        sa.Column("counted", sa.JSON()),
        sa.Column("part", sa.BigInteger(), nullable=False),
        sa.Column("whole", sa.BigInteger(), nullable=False),
        sa.Column("confidence", sa.String(5), nullable=False),
        sa.Column("source", sa.String(200), nullable=False),
        sa.CheckConstraint(
            "basis IN ('households', 'area', 'assets', 'measured', 'agreed')",
            name=op.f("ck_apportionment_basis"),
        ),
        sa.CheckConstraint(
            "confidence IN ('high', 'fair', 'guess')", name=op.f("ck_apportionment_confidence")
        ),
        sa.CheckConstraint("part > 0 AND part <= whole", name=op.f("ck_apportionment_share")),
        sa.CheckConstraint(
            "basis <> 'assets' OR counted IS NOT NULL", name=op.f("ck_apportionment_counted")
        ),
        sa.CheckConstraint("source <> ''", name=op.f("ck_apportionment_source")),
        sa.ForeignKeyConstraint(
            ["contract_id"], ["contract.id"], name=op.f("fk_apportionment_contract_id_contract")
        ),
        sa.ForeignKeyConstraint(
            ["place_id"], ["place.id"], name=op.f("fk_apportionment_place_id_place")
        ),
        sa.UniqueConstraint("public_id", name=op.f("uq_apportionment_public_id")),
        sa.UniqueConstraint(
            "contract_id",
            "place_id",
            "year",
            name=op.f("uq_apportionment_contract_id_place_id_year"),
        ),
    )
    op.create_index(op.f("ix_apportionment_place_id"), "apportionment", ["place_id"])


def downgrade() -> None:
    op.drop_table("apportionment")
    op.drop_table("contract")
