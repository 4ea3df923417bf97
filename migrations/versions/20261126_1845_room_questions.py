"""Polls become questions to the room, with what was answered.

Back again only what a poll could hold comes along: one choice, kept by seat.
"""

import hashlib
import json

import sqlalchemy as sa
from alembic import op

revision = "20261126_room_questions"
down_revision = "20261126_shown_again"
branch_labels = None
depends_on = None


def _table(name: str, *columns: str) -> sa.TableClause:
    kinds = {"settings": sa.JSON, "snapshot_json": sa.JSON, "answers": sa.JSON, "wording": sa.JSON}
    moments = {"created_at", "frozen_at", "opened_at"}
    return sa.table(
        name,
        *(
            sa.column(c, sa.DateTime(timezone=True) if c in moments else kinds.get(c))
            for c in columns
        ),
    )


ITEM = sa.table(
    "agenda_item",
    sa.column("id"),
    sa.column("public_id"),
    sa.column("session_id"),
    sa.column("title", sa.JSON),
    sa.column("kind"),
    sa.column("settings", sa.JSON),
    sa.column("snapshot", sa.JSON),
    sa.column("opened_at", sa.DateTime(timezone=True)),
)
SESSION = _table("session", "id", "panel_id", "created_at")
MEMBER = _table("member", "id", "public_id")
OPTION = _table("poll_option", "id", "public_id", "item_id", "position", "wording")
POLL_ANSWER = _table("poll_answer", "item_id", "member_id", "option_id", "counter", "created_at")
QUESTIONNAIRE = _table("questionnaire", "id", "public_id", "panel_id", "use", "created_at")
VERSION = _table(
    "questionnaire_version", "id", "questionnaire_id", "number", "snapshot", "digest", "frozen_at"
)
ANSWER_SET = _table("answer_set", "version_id", "about", "who", "answers", "counter")
LIVE = _table("live_question", "item_id", "questionnaire_id", "version_id", "by_seat", "on_wall")


def upgrade() -> None:
    op.create_table(
        "live_question",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("item_id", sa.Integer(), nullable=False),
        sa.Column("questionnaire_id", sa.Integer(), nullable=False),
        sa.Column("version_id", sa.Integer(), nullable=True),
        sa.Column("by_seat", sa.Boolean(), nullable=False),
        sa.Column("on_wall", sa.String(length=20), nullable=True),
        sa.ForeignKeyConstraint(
            ["item_id"], ["agenda_item.id"], name=op.f("fk_live_question_item_id")
        ),
        sa.ForeignKeyConstraint(
            ["questionnaire_id"],
            ["questionnaire.id"],
            name=op.f("fk_live_question_questionnaire_id"),
        ),
        sa.ForeignKeyConstraint(
            ["version_id"],
            ["questionnaire_version.id"],
            name=op.f("fk_live_question_version_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_live_question")),
        sa.UniqueConstraint("item_id", name=op.f("uq_live_question_item_id")),
        sa.UniqueConstraint("questionnaire_id", name=op.f("uq_live_question_questionnaire_id")),
    )
    bind = op.get_bind()
    for item in bind.execute(sa.select(ITEM).where(ITEM.c.kind == "poll")).all():
        _ask_instead(bind, item)
    op.drop_table("poll_answer")
    op.drop_table("poll_option")


def downgrade() -> None:
    _make_poll_tables()
    bind = op.get_bind()
    for item in bind.execute(sa.select(ITEM).where(ITEM.c.kind == "question")).all():
        _poll_instead(bind, item)
    op.drop_table("live_question")
    used = sa.text("DELETE FROM answer_set WHERE about LIKE 'item:%'")
    bind.execute(used)
    live = "SELECT id FROM questionnaire WHERE use = 'live'"
    bind.execute(
        sa.text(f"DELETE FROM questionnaire_version WHERE questionnaire_id IN ({live})")  # noqa: S608
    )
    bind.execute(sa.text("DELETE FROM questionnaire WHERE use = 'live'"))


def _ask_instead(bind: sa.Connection, item: sa.Row) -> None:
    """Turn one poll into a question with the same options, answers and result."""
    options = bind.execute(
        sa.select(OPTION).where(OPTION.c.item_id == item.id).order_by(OPTION.c.position)
    ).all()
    codes = {option.id: f"o{number}" for number, option in enumerate(options, 1)}
    session = bind.execute(sa.select(SESSION).where(SESSION.c.id == item.session_id)).one()
    written = [_question(item.title, [(codes[o.id], o.wording) for o in options])]
    snapshot = json.dumps(written, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    digest = hashlib.sha256(snapshot.encode()).hexdigest()
    questionnaire = _added(
        bind,
        QUESTIONNAIRE,
        public_id=item.public_id,
        panel_id=session.panel_id,
        use="live",
        created_at=session.created_at,
    )
    version = _added(
        bind,
        VERSION,
        questionnaire_id=questionnaire,
        number=1,
        snapshot=snapshot,
        digest=digest,
        frozen_at=item.opened_at,
    )
    bind.execute(
        LIVE.insert().values(
            item_id=item.id,
            questionnaire_id=questionnaire,
            version_id=version if item.opened_at else None,
            by_seat=True,
        )
    )
    _keep_answers(bind, item, version, codes)
    bind.execute(
        ITEM.update()
        .where(ITEM.c.id == item.id)
        .values(
            kind="question",
            settings={"by_seat": True},
            snapshot=_figures(item.snapshot, digest) if item.snapshot else sa.null(),
        )
    )


def _question(title: object, options: list[tuple[str, object]]) -> dict[str, object]:
    return {
        "code": "q1",
        "kind": "one_of",
        "wording": title,
        "help": None,
        "options": [{"code": code, "wording": wording} for code, wording in options],
        "low": None,
        "high": None,
        "required": True,
        "only_if": None,
        "with_previous": False,
        "hidden": False,
        "public": False,
    }


def _keep_answers(bind: sa.Connection, item: sa.Row, version: int, codes: dict[int, str]) -> None:
    given = sa.select(POLL_ANSWER, MEMBER.c.public_id).join(
        MEMBER, MEMBER.c.id == POLL_ANSWER.c.member_id
    )
    for answer in bind.execute(given.where(POLL_ANSWER.c.item_id == item.id)).all():
        bind.execute(
            ANSWER_SET.insert().values(
                version_id=version,
                about=f"item:{item.public_id}",
                who=answer.public_id,
                answers={"q1": codes[answer.option_id]},
                counter=answer.counter,
            )
        )


def _figures(before: dict[str, object], digest: str) -> dict[str, object]:
    """Return a poll's result as a question's: what was told then is told now."""
    people, options = before["answers"], before["options"]
    rows = [
        [f"o{number}", option["chosen"], option["chosen"], people]
        for number, option in enumerate(options, 1)
        if option["chosen"] is not None
    ]
    told = {"answers": people if rows else None, "rows": rows, "unit": "people", "figures": {}}
    return {"version": digest, "answers": people, "questions": {"q1": told}}


def _poll_instead(bind: sa.Connection, item: sa.Row) -> None:
    """Turn a question with one choice into a poll; any other part asks nothing any more."""
    live = bind.execute(sa.select(LIVE).where(LIVE.c.item_id == item.id)).one()
    query = sa.select(VERSION).where(VERSION.c.questionnaire_id == live.questionnaire_id)
    version = bind.execute(query.order_by(VERSION.c.number.desc())).first()
    questions = json.loads(version.snapshot)
    if [question["kind"] for question in questions] != ["one_of"]:
        bind.execute(
            ITEM.update()
            .where(ITEM.c.id == item.id)
            .values(kind=None, settings={}, snapshot=sa.null())
        )
        return
    ids = _poll_options(bind, item, questions[0]["options"])
    _poll_answers(bind, item, questions[0]["code"], ids)
    texts = [
        {code: version["text"] for code, version in option["wording"]["versions"].items()}
        for option in questions[0]["options"]
    ]
    bind.execute(
        ITEM.update()
        .where(ITEM.c.id == item.id)
        .values(
            kind="poll",
            settings={"options": texts},
            snapshot=_poll_figures(item.snapshot, questions[0]) if item.snapshot else sa.null(),
        )
    )


def _poll_options(bind: sa.Connection, item: sa.Row, options: list[dict]) -> dict[str, int]:
    return {
        option["code"]: _added(
            bind,
            OPTION,
            public_id=f"{item.id}-{number}",
            item_id=item.id,
            position=number,
            wording=option["wording"],
        )
        for number, option in enumerate(options, 1)
    }


def _poll_answers(bind: sa.Connection, item: sa.Row, code: str, ids: dict[str, int]) -> None:
    given = sa.select(ANSWER_SET, MEMBER.c.id.label("member_id")).join(
        MEMBER, MEMBER.c.public_id == ANSWER_SET.c.who
    )
    for answer in bind.execute(given.where(ANSWER_SET.c.about == f"item:{item.public_id}")).all():
        if answer.answers.get(code) in ids:
            bind.execute(
                POLL_ANSWER.insert().values(
                    item_id=item.id,
                    member_id=answer.member_id,
                    option_id=ids[answer.answers[code]],
                    counter=answer.counter,
                    created_at=item.opened_at,
                )
            )


def _poll_figures(after: dict[str, object], question: dict) -> dict[str, object]:
    rows = after["questions"][question["code"]]["rows"]
    chosen = {key: low for key, low, high, _of in rows if low == high}
    options = [
        {
            "language": option["wording"]["original"],
            "text": {k: v["text"] for k, v in option["wording"]["versions"].items()},
            "chosen": chosen.get(option["code"]),
        }
        for option in question["options"]
    ]
    return {"answers": after["answers"], "options": options}


def _added(bind: sa.Connection, table: sa.TableClause, **values: object) -> int:
    return bind.execute(table.insert().values(**values).returning(table.c.id)).scalar_one()


def _make_poll_tables() -> None:
    op.create_table(
        "poll_option",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=12), nullable=False),
        sa.Column("item_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("wording", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["item_id"], ["agenda_item.id"], name=op.f("fk_poll_option_item_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_poll_option")),
        sa.UniqueConstraint("item_id", "position", name=op.f("uq_poll_option_item_id_position")),
        sa.UniqueConstraint("public_id", name=op.f("uq_poll_option_public_id")),
    )
    op.create_index(op.f("ix_poll_option_item_id"), "poll_option", ["item_id"])
    op.create_table(
        "poll_answer",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("item_id", sa.Integer(), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("option_id", sa.Integer(), nullable=False),
        sa.Column("counter", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["item_id"], ["agenda_item.id"], name=op.f("fk_poll_answer_item_id")
        ),
        sa.ForeignKeyConstraint(
            ["member_id"], ["member.id"], name=op.f("fk_poll_answer_member_id")
        ),
        sa.ForeignKeyConstraint(
            ["option_id"], ["poll_option.id"], name=op.f("fk_poll_answer_option_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_poll_answer")),
        sa.UniqueConstraint("item_id", "member_id", name=op.f("uq_poll_answer_item_id_member_id")),
    )
    op.create_index(op.f("ix_poll_answer_item_id"), "poll_answer", ["item_id"])
    op.create_index(op.f("ix_poll_answer_member_id"), "poll_answer", ["member_id"])
