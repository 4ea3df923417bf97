"""A lottery is proposed before somebody commits to it, and can be ended with the best so far."""

import sqlalchemy as sa
from alembic import op

revision = "20261126_proposed_lottery"
down_revision = "20261126_annulments"
branch_labels = None
depends_on = None

BEFORE = "state IN ('waiting', 'working', 'ready', 'failed', 'drawn')"
AFTER = "state IN ('waiting', 'working', 'proposed', 'ready', 'failed', 'drawn')"


def upgrade() -> None:
    with op.batch_alter_table("lottery") as lotteries:
        lotteries.drop_constraint(op.f("ck_lottery_state"), type_="check")
        lotteries.create_check_constraint(op.f("ck_lottery_state"), AFTER)
        lotteries.add_column(sa.Column("chances", sa.JSON(), server_default="[]", nullable=False))
        lotteries.add_column(
            sa.Column("enough", sa.Boolean(), server_default=sa.false(), nullable=False)
        )


def downgrade() -> None:
    """A proposed lottery was never committed to: the release before computes it anew."""
    op.execute("""UPDATE lottery SET state = 'failed', fault = '{"code": "interrupted"}'
                  WHERE state = 'proposed'""")
    op.execute("""UPDATE lottery SET fault = '{"code": "stopped"}'
                  WHERE state = 'failed' AND CAST(fault AS VARCHAR) NOT LIKE '%interrupted%'
                  AND (CAST(fault AS VARCHAR) LIKE '%"left"%'
                       OR CAST(fault AS VARCHAR) LIKE '%"given_up"%')""")
    with op.batch_alter_table("lottery") as lotteries:
        lotteries.drop_constraint(op.f("ck_lottery_state"), type_="check")
        lotteries.create_check_constraint(op.f("ck_lottery_state"), BEFORE)
        lotteries.drop_column("enough")
        lotteries.drop_column("chances")
