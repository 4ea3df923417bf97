"""Give each programme the questions that applicants were asked so far, as a questionnaire.

Answers are sealed under these questions' codes already, so that each keeps its own. Forward adds
two columns that may stay empty: the release before runs on. Back drops them with the
questionnaires; answers to other questions stay sealed, and are shown again going forward only
where the programme asks for them again.
"""

import hashlib
import json
from datetime import UTC, datetime

import sqlalchemy as sa
from alembic import op

revision = "20261126_application_questions"
down_revision = "20261126_proposed_lottery"
branch_labels = None
depends_on = None

PROGRAMME = sa.table(
    "programme",
    sa.column("id"),
    sa.column("public_id"),
    sa.column("panel_id"),
    sa.column("largest_grant"),
    sa.column("missions", sa.JSON),
    sa.column("created_at", sa.DateTime(timezone=True)),
    sa.column("questionnaire_id"),
)
APPLICATION = sa.table(
    "application", sa.column("id"), sa.column("programme_id"), sa.column("version_id")
)
QUESTIONNAIRE = sa.table(
    "questionnaire",
    sa.column("id"),
    sa.column("public_id"),
    sa.column("panel_id"),
    sa.column("use"),
    sa.column("created_at", sa.DateTime(timezone=True)),
)
VERSION = sa.table(
    "questionnaire_version",
    sa.column("id"),
    sa.column("questionnaire_id"),
    sa.column("number"),
    sa.column("snapshot"),
    sa.column("digest"),
    sa.column("frozen_at", sa.DateTime(timezone=True)),
)


def upgrade() -> None:
    # Written out: the same on both databases, and no table is made anew under its rows.
    op.execute(
        "ALTER TABLE programme ADD COLUMN questionnaire_id INTEGER"
        " CONSTRAINT fk_programme_questionnaire_id_questionnaire REFERENCES questionnaire (id)"
    )
    op.create_index(
        op.f("ix_programme_questionnaire_id"), "programme", ["questionnaire_id"], unique=True
    )
    op.execute(
        "ALTER TABLE application ADD COLUMN version_id INTEGER"
        " CONSTRAINT fk_application_version_id_questionnaire_version"
        " REFERENCES questionnaire_version (id)"
    )
    op.create_index(op.f("ix_application_version_id"), "application", ["version_id"])
    bind = op.get_bind()
    for programme in bind.execute(sa.select(PROGRAMME)).all():
        _ask(bind, programme)


def downgrade() -> None:
    op.drop_index(op.f("ix_application_version_id"), "application")
    op.execute("ALTER TABLE application DROP COLUMN version_id")
    op.drop_index(op.f("ix_programme_questionnaire_id"), "programme")
    op.execute("ALTER TABLE programme DROP COLUMN questionnaire_id")
    ours = sa.select(QUESTIONNAIRE.c.id).where(QUESTIONNAIRE.c.use == "grants")
    bind = op.get_bind()
    bind.execute(VERSION.delete().where(VERSION.c.questionnaire_id.in_(ours)))
    bind.execute(QUESTIONNAIRE.delete().where(QUESTIONNAIRE.c.use == "grants"))


def _ask(bind: sa.Connection, programme: sa.Row) -> None:
    """Write a programme's questions down, and that its applicants were asked them."""
    mine = APPLICATION.c.programme_id == programme.id
    begun = bind.execute(sa.select(APPLICATION.c.id).where(mine).limit(1)).first()
    questionnaire = _added(
        bind,
        QUESTIONNAIRE,
        public_id=programme.public_id,
        panel_id=programme.panel_id,
        use="grants",
        created_at=programme.created_at,
    )
    snapshot = json.dumps(
        _asked(programme), sort_keys=True, separators=(",", ":"), ensure_ascii=False
    )
    version = _added(
        bind,
        VERSION,
        questionnaire_id=questionnaire,
        number=1,
        snapshot=snapshot,
        digest=hashlib.sha256(snapshot.encode()).hexdigest(),
        frozen_at=datetime.now(UTC) if begun else None,
    )
    bind.execute(
        PROGRAMME.update()
        .where(PROGRAMME.c.id == programme.id)
        .values(questionnaire_id=questionnaire)
    )
    bind.execute(APPLICATION.update().where(mine).values(version_id=version))


def _asked(programme: sa.Row) -> list[dict[str, object]]:
    missions = [
        {"code": mission["code"], "wording": mission["title"]} for mission in programme.missions
    ]
    filled = {
        "kind": {"options": [{"code": c, "wording": _words(t)} for c, t in KINDS.items()]},
        "mission": {"options": missions},
        "amount": {"high": programme.largest_grant},
    }
    asked = [question for question in QUESTIONS if question["code"] != "mission" or missions[1:]]
    return [{**question, **filled.get(question["code"], {})} for question in asked]


def _added(bind: sa.Connection, table: sa.TableClause, **values: object) -> int:
    return bind.execute(table.insert().values(**values).returning(table.c.id)).scalar_one()


def _words(texts: dict[str, str]) -> dict[str, object]:
    versions = {code: {"text": text, "origin": "person"} for code, text in texts.items()}
    return {"original": "en", "versions": versions}


def _question(
    code: str, kind: str, wording: dict[str, str], help: dict[str, str] | None, **more: object
) -> dict[str, object]:
    usual = {
        "options": [],
        "low": None,
        "high": None,
        "required": True,
        "only_if": None,
        "with_previous": False,
        "hidden": False,
        "public": False,
    }
    written = {"wording": _words(wording), "help": _words(help) if help else None}
    return {"code": code, "kind": kind, **written, **usual, **more}


KINDS = {
    "individual": {
        "en": "Me, as a resident",
        "bn": "আমি নিজে, একজন বাসিন্দা",
        "ar": "أنا، كأحد السكان",
    },
    "group": {
        "en": "A group of neighbours",
        "bn": "প্রতিবেশীদের একটি দল",
        "ar": "مجموعة من الجيران",
    },
    "organisation": {
        "en": "An organisation",
        "bn": "একটি সংগঠন",
        "ar": "مؤسسة",
    },
}
QUESTIONS = [
    _question(
        "kind",
        "one_of",
        {
            "en": "Who is asking?",
            "bn": "কে চাইছেন?",
            "ar": "من صاحب الطلب؟",
        },
        None,
        public=True,
    ),
    _question(
        "title",
        "line",
        {
            "en": "What is it, in a few words?",
            "bn": "কয়েক কথায় বলুন, কাজটি কী?",
            "ar": "ما هو، في بضع كلمات؟",
        },
        {
            "en": (
                "Everyone will see this, so leave names out. For example: Saturday breakfast club."
            ),
            "bn": "এটি সবাই দেখবেন, তাই কারও নাম লিখবেন না। যেমন: শনিবারের নাশতার আসর।",
            "ar": "سيرى الجميع هذا، فلا تكتب أسماء. مثال: نادي إفطار يوم السبت.",
        },
        high=80,
        public=True,
    ),
    _question(
        "plan",
        "text",
        {
            "en": "What will happen?",
            "bn": "কী হবে?",
            "ar": "ماذا سيحدث؟",
        },
        {
            "en": (
                "What, where, when, and who does it. Write in any language, at most "
                "1,500 characters."
            ),
            "bn": "কী, কোথায়, কখন, আর কে করবেন। যেকোনো ভাষায় লিখুন, সর্বোচ্চ 1,500 অক্ষর।",
            "ar": "ماذا وأين ومتى ومن يقوم به. اكتب بأي لغة، 1,500 حرف على الأكثر.",
        },
        high=1500,
    ),
    _question(
        "people",
        "text",
        {
            "en": "Who is it for, and what will change for them?",
            "bn": "এটি কাদের জন্য, আর তাঁদের জীবনে কী বদলাবে?",
            "ar": "لمن هو، وماذا سيتغيّر لهم؟",
        },
        {
            "en": "A few sentences are enough: at most 1,000 characters.",
            "bn": "কয়েকটি বাক্যই যথেষ্ট: সর্বোচ্চ 1,000 অক্ষর।",
            "ar": "تكفي بضع جمل: 1,000 حرف على الأكثر.",
        },
        high=1000,
    ),
    _question(
        "mission",
        "one_of",
        {
            "en": "Which of these does it help most?",
            "bn": "এগুলোর কোনটিতে এটি সবচেয়ে বেশি সাহায্য করে?",
            "ar": "أي هدف من هذه يخدمه طلبك أكثر من غيره؟",
        },
        None,
        public=True,
    ),
    _question(
        "amount",
        "money",
        {
            "en": "How much do you ask for?",
            "bn": "আপনি কত টাকা চাইছেন?",
            "ar": "كم تطلب؟",
        },
        None,
        public=True,
    ),
    _question(
        "costs",
        "text",
        {
            "en": "What will the money be spent on?",
            "bn": "টাকা কী কী কাজে খরচ হবে?",
            "ar": "علامَ سيُنفق المال؟",
        },
        {
            "en": "For example: ingredients £900, two hobs £450, leaflets £50.",
            "bn": "যেমন: বাজার-সদাই £900, দুটি চুলা £450, প্রচারপত্র £50।",
            "ar": "مثال: مواد غذائية £900، موقدان £450، منشورات £50.",
        },
        high=1000,
    ),
    _question(
        "contact",
        "contact",
        {
            "en": "How can we reach you?",
            "bn": "আপনার সঙ্গে কীভাবে যোগাযোগ করব?",
            "ar": "كيف نصل إليك؟",
        },
        {
            "en": "E-mail or phone number (you may leave it empty)",
            "bn": "ই-মেইল বা ফোন নম্বর (না দিলেও চলে)",
            "ar": "البريد الإلكتروني أو رقم الهاتف (يمكنك تركه فارغًا)",
        },
        hidden=True,
        required=False,
    ),
    _question(
        "name",
        "name",
        {
            "en": "Your name, or your group’s",
            "bn": "আপনার নাম, বা আপনার দলের নাম",
            "ar": "اسمك أو اسم مجموعتك",
        },
        None,
        high=80,
        hidden=True,
        with_previous=True,
        required=False,
    ),
]
