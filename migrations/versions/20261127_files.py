"""Keep the files that people send in the data folder, by name, and let a record have some.

Forward adds a column and lets another be empty: the release before runs on, and can't show what is
sent meanwhile; what it keeps itself moves in the night. Back, the files that are there come into
the database again; rows whose file is missing go, and so do the documents of records.
"""

import sqlalchemy as sa
from alembic import op
from flask import current_app

revision = "20261127_files"
down_revision = "20261127_record"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("photo") as table:
        table.add_column(sa.Column("file", sa.String(64)))
        table.alter_column("content", existing_type=sa.LargeBinary(), nullable=True)
        table.create_index(op.f("ix_photo_file"), ["file"])
    op.add_column("record_entry", sa.Column("file", sa.String(12)))


def downgrade() -> None:
    op.execute("DELETE FROM record_entry WHERE file IS NOT NULL")
    with op.batch_alter_table("record_entry") as table:
        table.drop_column("file")
    connection = op.get_bind()
    photos = sa.table(
        "photo", sa.column("id"), sa.column("file", sa.String), sa.column("content", sa.LargeBinary)
    )
    folder = current_app.extensions["settings"].data_dir / "files"
    outside = sa.select(photos.c.id, photos.c.file).where(photos.c.content.is_(None))
    for row in connection.execute(outside).all():
        place = folder / row.file[:2] / row.file if row.file else folder
        mine = photos.c.id == row.id
        if place.is_file():
            content = {"content": place.read_bytes()}
            connection.execute(photos.update().where(mine).values(content))
        else:
            connection.execute(photos.delete().where(mine))
    with op.batch_alter_table("photo") as table:
        table.drop_index(op.f("ix_photo_file"))
        table.alter_column("content", existing_type=sa.LargeBinary(), nullable=False)
        table.drop_column("file")
