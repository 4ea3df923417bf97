"""Schemes have versions, weights that are used and words for each score; scores are appended."""

import json

import sqlalchemy as sa
from alembic import op

revision = "20261126_schemes"
down_revision = "20261126_photos"
branch_labels = None
depends_on = None

#: What each score meant until now, lowest first.
GUIDE = {
    "en": (
        "Can’t tell from what they say",
        "Poor",
        "Weak",
        "Fair: some questions left",
        "Good",
        "Excellent: clear need, clearly met",
    ),
    "bn": (
        "লেখা থেকে বোঝা যাচ্ছে না",
        "খারাপ",
        "দুর্বল",
        "মোটামুটি: কিছু প্রশ্ন থেকে যায়",
        "ভালো",
        "চমৎকার: প্রয়োজন স্পষ্ট, স্পষ্টভাবে মেটানো হবে",
    ),
    "ar": (
        "لا أستطيع الحكم مما ذكروه",
        "ضعيف جدًا",
        "ضعيف",
        "مقبول: بقيت بعض الأسئلة",
        "جيد",
        "ممتاز: حاجة واضحة وتلبية واضحة",
    ),
}


def guide() -> str:
    """Return the words for each score as the column holds them."""
    levels = [
        {
            "original": "en",
            "versions": {
                code: {"text": words[n], "origin": "person"} for code, words in GUIDE.items()
            },
        }
        for n in range(6)
    ]
    return json.dumps(levels)


def upgrade() -> None:
    with op.batch_alter_table("scheme") as schemes:
        schemes.add_column(sa.Column("kind", sa.String(20), server_default="grant", nullable=False))
        schemes.add_column(sa.Column("series", sa.String(12), server_default="", nullable=False))
        schemes.add_column(sa.Column("version", sa.Integer(), server_default="1", nullable=False))
        schemes.add_column(
            sa.Column("scorers", sa.String(10), server_default="members", nullable=False)
        )
        schemes.add_column(sa.Column("frozen_at", sa.DateTime(timezone=True)))
    op.execute("UPDATE scheme SET series = public_id")
    op.execute(
        "UPDATE scheme SET frozen_at = (SELECT min(assessment.created_at) FROM assessment"
        ' JOIN "case" ON "case".id = assessment.case_id WHERE "case".scheme_id = scheme.id)'
    )
    with op.batch_alter_table("scheme") as schemes:
        schemes.create_check_constraint(
            op.f("ck_scheme_scorers"), "scorers IN ('members', 'staff', 'both')"
        )
        schemes.create_unique_constraint(op.f("uq_scheme_series_version"), ["series", "version"])
    op.add_column("criterion", sa.Column("least", sa.Integer()))
    op.add_column("criterion", sa.Column("guide", sa.JSON(), server_default="[]", nullable=False))
    op.get_bind().execute(
        sa.text("UPDATE criterion SET guide = :guide").bindparams(
            sa.bindparam("guide", json.loads(guide()), type_=sa.JSON())
        )
    )
    _share_out()
    with op.batch_alter_table("assessment") as assessments:
        assessments.drop_constraint(op.f("uq_assessment_case_id_member_id"), type_="unique")
        assessments.alter_column("member_id", nullable=True, existing_type=sa.Integer())
        assessments.add_column(sa.Column("staff_id", sa.Integer()))
        assessments.add_column(sa.Column("scheme_id", sa.Integer()))
        assessments.add_column(sa.Column("why", sa.Text(), server_default="", nullable=False))
    op.execute(
        'UPDATE assessment SET scheme_id = (SELECT scheme_id FROM "case"'
        ' WHERE "case".id = assessment.case_id)'
    )
    with op.batch_alter_table("assessment") as assessments:
        assessments.alter_column("scheme_id", nullable=False, existing_type=sa.Integer())
        assessments.create_foreign_key(
            op.f("fk_assessment_staff_id"), "staff_user", ["staff_id"], ["id"]
        )
        assessments.create_foreign_key(
            op.f("fk_assessment_scheme_id"), "scheme", ["scheme_id"], ["id"]
        )
        assessments.create_check_constraint(
            op.f("ck_assessment_assessor"), "(member_id IS NULL) <> (staff_id IS NULL)"
        )
        assessments.create_index(op.f("ix_assessment_staff_id"), ["staff_id"])
    with op.batch_alter_table("score") as scores:
        scores.drop_constraint(op.f("ck_score_points"), type_="check")
        scores.create_check_constraint(op.f("ck_score_points"), "points >= 0")
    told = sa.Column("told", sa.Boolean(), server_default=sa.false(), nullable=False)
    op.add_column("case", told)
    until = sa.Column("told_until", sa.Integer(), server_default="0", nullable=False)
    op.add_column("case", until)
    _tell()


def _share_out() -> None:
    """Give the criteria of each scheme equal weights that sum to 100."""
    bind = op.get_bind()
    rows = bind.execute(sa.text("SELECT id, scheme_id FROM criterion ORDER BY scheme_id, position"))
    by_scheme: dict[int, list[int]] = {}
    for number, scheme in rows.all():
        by_scheme.setdefault(scheme, []).append(number)
    for criteria in by_scheme.values():
        each, more = divmod(100, len(criteria))
        for place, number in enumerate(criteria):
            weight = each + (place < more)
            bind.execute(
                sa.text("UPDATE criterion SET weight = :w WHERE id = :n"),
                {"w": weight, "n": number},
            )


def _tell() -> None:
    """Go on telling the figures of cases that five have scored."""
    op.execute(
        'UPDATE "case" SET told_until = (SELECT coalesce(max(id), 0) FROM assessment'
        ' WHERE assessment.case_id = "case".id), told = true'
        ' WHERE (SELECT count(*) FROM assessment WHERE assessment.case_id = "case".id) >= 5'
    )


def downgrade() -> None:
    """Scores that were changed or that staff gave go: the release before knows one a member."""
    op.execute(
        "DELETE FROM score WHERE assessment_id NOT IN (SELECT max(id) FROM assessment"
        " WHERE member_id IS NOT NULL GROUP BY case_id, member_id)"
    )
    op.execute("DELETE FROM assessment WHERE id NOT IN (SELECT assessment_id FROM score)")
    op.drop_column("case", "told_until")
    op.drop_column("case", "told")
    with op.batch_alter_table("score") as scores:
        scores.drop_constraint(op.f("ck_score_points"), type_="check")
        scores.create_check_constraint(op.f("ck_score_points"), "points BETWEEN 0 AND 5")
    with op.batch_alter_table("assessment") as assessments:
        assessments.drop_index(op.f("ix_assessment_staff_id"))
        assessments.drop_constraint(op.f("ck_assessment_assessor"), type_="check")
        assessments.drop_constraint(op.f("fk_assessment_scheme_id"), type_="foreignkey")
        assessments.drop_constraint(op.f("fk_assessment_staff_id"), type_="foreignkey")
        for name in ("why", "scheme_id", "staff_id"):
            assessments.drop_column(name)
        assessments.alter_column("member_id", nullable=False, existing_type=sa.Integer())
        assessments.create_unique_constraint(
            op.f("uq_assessment_case_id_member_id"), ["case_id", "member_id"]
        )
    op.drop_column("criterion", "guide")
    op.drop_column("criterion", "least")
    with op.batch_alter_table("scheme") as schemes:
        schemes.drop_constraint(op.f("uq_scheme_series_version"), type_="unique")
        schemes.drop_constraint(op.f("ck_scheme_scorers"), type_="check")
        for name in ("frozen_at", "scorers", "version", "series", "kind"):
            schemes.drop_column(name)
