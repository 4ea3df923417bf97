"""Find what was last done to something without reading the whole log.

Forward adds an index, of which the release before knows nothing.
Back drops it; nothing is lost.
"""

from alembic import op

revision = "20261129_log_subject"
down_revision = "20261129_contributions"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_audit_entry_subject", "audit_entry", ["subject", "action"])


def downgrade() -> None:
    op.drop_index("ix_audit_entry_subject", table_name="audit_entry")
