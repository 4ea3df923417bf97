"""Keep who was said to be two people with the other pairs that look alike.

Forward moves rows: in the release before, the page of people who look alike fails until it is
stopped. Back, they stand in a table of their own again.
"""

import secrets
from datetime import UTC, datetime

import sqlalchemy as sa
from alembic import op

revision = "20261128_one_match"
down_revision = "20261127_pairing"
branch_labels = None
depends_on = None

_PAIR = sa.table(
    "near_match",
    *map(
        sa.column, ("public_id", "panel_id", "first_id", "second_id", "kind", "reason", "verdict")
    ),
    sa.column("created_at", sa.DateTime(timezone=True)),
)
_TWO = sa.table("two_people", *map(sa.column, ("first_id", "second_id", "by", "created_at")))
_PERSON = sa.table("person", sa.column("id"), sa.column("panel_id"))
#: The letters of public identifiers.
_LETTERS = "0123456789abcdefghjkmnpqrstvwxyz"


def upgrade() -> None:
    connection = op.get_bind()
    query = sa.select(_TWO.c.first_id, _TWO.c.second_id, _PERSON.c.panel_id)
    rows = connection.execute(query.join(_PERSON, _PERSON.c.id == _TWO.c.first_id)).all()
    for first, second, panel in rows:
        same = (_PAIR.c.first_id == first, _PAIR.c.second_id == second, _PAIR.c.kind == "person")
        known = connection.execute(_PAIR.update().where(*same).values(verdict="two"))
        if not known.rowcount:
            connection.execute(_PAIR.insert().values(**_row(panel, first, second)))
    op.drop_table("two_people")


def downgrade() -> None:
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
    connection = op.get_bind()
    two = _PAIR.c.kind == "person", _PAIR.c.verdict == "two"
    columns = _PAIR.c.created_at, _PAIR.c.first_id, _PAIR.c.second_id, sa.literal("system")
    moved = _TWO.insert().from_select(
        ["created_at", "first_id", "second_id", "by"], sa.select(*columns).where(*two)
    )
    connection.execute(moved)


def _row(panel: int, first: int, second: int) -> dict[str, object]:
    return {
        "public_id": "".join(secrets.choice(_LETTERS) for _ in range(12)),
        "created_at": datetime.now(UTC),
        "panel_id": panel,
        "first_id": first,
        "second_id": second,
        "kind": "person",
        "reason": "name",
        "verdict": "two",
    }
