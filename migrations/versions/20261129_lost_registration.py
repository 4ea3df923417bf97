"""Find the registration of somebody who lost their link by a keyed hash of their contact.

Forward adds an empty column: the release before runs on. Who registered before is found once they
change an answer. Back forgets the hashes.
"""

import sqlalchemy as sa
from alembic import op

revision = "20261129_lost_registration"
down_revision = "20261128_address_sheets"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("registration", sa.Column("contact_index", sa.String(64)))
    op.create_index(op.f("ix_registration_contact_index"), "registration", ["contact_index"])


def downgrade() -> None:
    op.drop_index(op.f("ix_registration_contact_index"), "registration")
    op.drop_column("registration", "contact_index")
