"""Messages that leave by themselves, the organisation's wordings, applicants' further links.

Reversible: going back, what was sent, perhaps sent or made again counts as sent or failed.
"""

import sqlalchemy as sa
from alembic import op

revision = "20261126_outbox"
down_revision = "20261126_places"
branch_labels = None
depends_on = None

STATES = ("waiting", "sending", "sent", "unsure", "failed", "returned", "replaced")
OLD_STATES = ("waiting", "sent", "failed")
NEW = (
    "purpose", "recipient", "secret", "by_hand", "due_at", "tries", "claimed_at", "sent_by",
    "answer", "opened_at", "opened_by", "again_of_id",
)  # fmt: skip


def _one_of(states):
    return "state IN ({})".format(", ".join(f"'{state}'" for state in states))


def _allow(batch_op, states):
    """Hold the state to `states`. SQLite finds named checks as well when it copies the table."""
    batch_op.drop_constraint(op.f("ck_message_state"), type_="check")
    batch_op.create_check_constraint(op.f("ck_message_state"), _one_of(states))


def upgrade() -> None:
    moment = sa.DateTime(timezone=True)
    with op.batch_alter_table("message") as batch_op:
        _allow(batch_op, STATES)
        # What was there may hold a link; nobody reads it without saying so.
        batch_op.add_column(
            sa.Column("purpose", sa.String(length=40), nullable=False, server_default="earlier")
        )
        batch_op.add_column(sa.Column("recipient", sa.String(length=64)))
        batch_op.add_column(
            sa.Column("secret", sa.Boolean(), nullable=False, server_default=sa.true())
        )
        batch_op.add_column(
            sa.Column("by_hand", sa.Boolean(), nullable=False, server_default=sa.true())
        )
        batch_op.add_column(
            sa.Column("due_at", moment, nullable=False, server_default=sa.func.current_timestamp())
        )
        batch_op.add_column(sa.Column("tries", sa.Integer(), nullable=False, server_default="0"))
        batch_op.add_column(sa.Column("claimed_at", moment))
        batch_op.add_column(sa.Column("sent_by", sa.String(length=40)))
        batch_op.add_column(sa.Column("answer", sa.Integer()))
        batch_op.add_column(sa.Column("opened_at", moment))
        batch_op.add_column(sa.Column("opened_by", sa.String(length=40)))
        batch_op.add_column(sa.Column("again_of_id", sa.Integer()))
        batch_op.create_foreign_key(
            op.f("fk_message_again_of_id"), "message", ["again_of_id"], ["id"], ondelete="SET NULL"
        )
    op.create_index("ix_message_due", "message", ["state", "due_at"])
    op.create_index(op.f("ix_message_recipient"), "message", ["recipient"])
    op.create_table(
        "wording",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("purpose", sa.String(length=40), nullable=False),
        sa.Column("language", sa.String(length=10), nullable=False),
        sa.Column("subject", sa.String(length=200), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("short", sa.String(length=600), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_wording")),
        sa.UniqueConstraint("purpose", "language", name=op.f("uq_wording_purpose_language")),
    )
    op.create_table(
        "applicant_link",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("application_id", sa.Integer(), nullable=False),
        sa.Column("token_digest", sa.String(length=64), nullable=False),
        sa.Column("created_at", moment, nullable=False),
        sa.ForeignKeyConstraint(
            ["application_id"],
            ["application.id"],
            name=op.f("fk_applicant_link_application_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_applicant_link")),
        sa.UniqueConstraint("token_digest", name=op.f("uq_applicant_link_token_digest")),
    )
    op.create_index(op.f("ix_applicant_link_application_id"), "applicant_link", ["application_id"])
    op.add_column("application", sa.Column("contact_index", sa.String(length=64)))
    op.create_index(op.f("ix_application_contact_index"), "application", ["contact_index"])


def downgrade() -> None:
    op.drop_index(op.f("ix_application_contact_index"), "application")
    op.drop_column("application", "contact_index")
    op.drop_table("applicant_link")
    op.drop_table("wording")
    op.drop_index(op.f("ix_message_recipient"), "message")
    op.drop_index("ix_message_due", "message")
    op.execute("UPDATE message SET state = 'sent' WHERE state = 'returned'")
    op.execute(
        "UPDATE message SET state = 'failed' WHERE state IN ('sending', 'unsure', 'replaced')"
    )
    with op.batch_alter_table("message") as batch_op:
        _allow(batch_op, OLD_STATES)
        batch_op.drop_constraint(op.f("fk_message_again_of_id"), type_="foreignkey")
        for column in NEW:
            batch_op.drop_column(column)
