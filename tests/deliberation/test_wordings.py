"""Statements corrected, translated, and what their authors hear."""

from __future__ import annotations

import csv
import io
import zipfile

import pytest
from flask import Flask

from panel_app.core.db import db
from panel_app.core.errors import Conflict, Refused
from panel_app.core.translated import Translated
from panel_app.deliberation.statements import polis_files, queries, rules, services, wordings
from panel_app.deliberation.statements.models import Statement, StatementAnswer
from panel_app.panels.models import Member
from panel_app.sessions import services as sessions
from tests.checked_client import text_of
from tests.deliberation.test_rounds import Hall, Join, SignIn, _item, _member
from tests.factories.deliberation import answer_all, make_statement
from tests.factories.sessions import ACTOR


@pytest.fixture
def hall(app: Flask) -> Hall:
    return Hall(app)


def own(hall: Hall, text: str = "More bences.", *, state: str = "pending") -> Statement:
    """Return the first member's statement, as moderated."""
    made = make_statement(_item(hall), _member(hall, 0), text)
    if state != "pending":
        services.moderate(statement=made, state=state, actor=ACTOR)  # type: ignore[arg-type]
    return made


def reword(statement: Statement, text: str, *, key: str = "another-key") -> Statement:
    """Have the author correct a statement."""
    member = _first_author(statement)
    return wordings.correct_own(
        statement=statement, member=member, text=text, language="en", key=key
    )


def _first_author(statement: Statement) -> Member:
    return db.session.get_one(Member, statement.author_id)


@pytest.mark.parametrize("state", ["pending", "accepted"])
def test_author_corrects_in_place_before_the_first_answer(
    hall: Hall, app: Flask, state: str
) -> None:
    with app.app_context():
        made = own(hall, state=state)
        assert reword(made, "More benches.") is made
        assert (made.state, str(made.wording), made.revision) == ("pending", "More benches.", 1)


@pytest.mark.parametrize("state", ["accepted", "rejected"])
def test_afterwards_a_correction_stands_beside_the_old_one(
    hall: Hall, app: Flask, state: str
) -> None:
    with app.app_context():
        made = own(hall, state="accepted")
        if state == "accepted":
            answer_all(_item(hall), _member(hall, 1), 1)
        else:
            services.moderate(statement=made, state="rejected", actor=ACTOR)
        beside = reword(made, "More benches.")
        again = reword(made, "More benches.")
        assert (beside.state, beside.corrects) == ("pending", made.number)
        assert again is beside
        assert (made.state, str(made.wording)) == (state, "More bences.")


def test_answer_to_a_wording_that_was_corrected_is_refused(hall: Hall, app: Flask) -> None:
    with app.app_context():
        made = own(hall, state="accepted")
        reword(made, "More benches.")
        services.moderate(statement=made, state="accepted", actor=ACTOR)
        with pytest.raises(Conflict, match="corrected meanwhile"):
            services.answer_statement(
                statement=made, member=_member(hall, 1), value=1, counter=1, revision=0
            )
        services.answer_statement(
            statement=made, member=_member(hall, 1), value=1, counter=1, revision=1
        )
        assert db.session.query(StatementAnswer).count() == 1


def test_wording_changed_under_the_moderator_is_not_let_in(hall: Hall, app: Flask) -> None:
    with app.app_context():
        made = own(hall)
        reword(made, "Something quite different.")
        with pytest.raises(Conflict):
            services.moderate(statement=made, state="accepted", actor=ACTOR, revision=0)
        with pytest.raises(Conflict):
            wordings.set_wording(
                statement=made,
                wording=Translated.of(en="More benches."),
                revision=0,
                keep=False,
                actor=ACTOR,
            )


def test_nobody_corrects_after_closing(hall: Hall, app: Flask) -> None:
    with app.app_context():
        made = own(hall, state="accepted")
        sessions.close_item(item=_item(hall), actor=ACTOR)
        with pytest.raises(Conflict):
            reword(made, "More benches.")


def test_corrections_of_rejected_ones_wait_in_a_bounded_number(hall: Hall, app: Flask) -> None:
    with app.app_context():
        made = own(hall, state="rejected")
        for number in range(services.WAITING_A_MEMBER):
            reword(made, f"Attempt {number}", key=f"attempt-{number}")
        with pytest.raises(Refused):
            reword(made, "One more", key="one-more-key")


@pytest.mark.parametrize("keep", [True, False])
def test_facilitator_rewords_an_answered_one_beside_it(hall: Hall, app: Flask, keep: bool) -> None:
    with app.app_context():
        made = own(hall, state="accepted")
        answer_all(_item(hall), _member(hall, 1), 1)
        other = wordings.set_wording(
            statement=made,
            wording=made.wording.retyped({"en": "More benches."}),
            revision=0,
            keep=keep,
            actor=ACTOR,
        )
        assert (other.state, other.corrects, other.author_id) == (
            "accepted",
            made.number,
            made.author_id,
        )
        assert (made.state, made.reason) == (
            ("accepted", None) if keep else ("rejected", "reworded")
        )
        assert str(made.wording) == "More bences."


def test_translation_is_added_at_any_time_also_to_kept_results(hall: Hall, app: Flask) -> None:
    with app.app_context():
        made, item = own(hall, state="accepted"), _item(hall)
        answer_all(item, _member(hall, 1), 1)
        sessions.close_item(item=item, actor=ACTOR)
        both = made.wording.with_version("bn", "আরও বেঞ্চ।")
        wordings.set_wording(statement=made, wording=both, revision=0, keep=False, actor=ACTOR)
        rows = {row["number"]: row["text"] for row in (item.snapshot or {})["statements"]}
        assert rows[made.number] == {"en": "More bences.", "bn": "আরও বেঞ্চ।"}
        assert made.revision == 0
        with pytest.raises(Conflict):
            wordings.set_wording(
                statement=made,
                wording=made.wording.retyped({"en": "Other"}),
                revision=0,
                keep=False,
                actor=ACTOR,
            )


def test_author_hears_what_became_of_it(
    hall: Hall, join: Join, sign_in: SignIn, app: Flask
) -> None:
    phone, desk = join(hall.members[0]), sign_in(hall.facilitator)
    phone.submit(f"/my/statements/{hall.item}/new", {"text": "More bences"})
    assert "A facilitator has yet to look at it." in text_of(phone.page(hall.phone))
    check = f"/desk/{hall.slug}/items/{hall.item}/check"
    desk.submit(check, button="about a person", action="/reject")
    told = text_of(phone.page(hall.phone))
    assert "Not shown. It is about a person who can be recognised." in " ".join(told.split())
    assert "More bences" not in text_of(join(hall.members[1]).page(hall.phone))
    with app.app_context():
        made = db.session.query(Statement).filter_by(state="rejected").one()
    page = f"/my/statements/{made.public_id}/correct"
    assert "a new statement beside it" in text_of(phone.page(page))
    phone.submit(page, {"text": "More benches"})
    with app.app_context():
        sessions.close_item(item=_item(hall), actor=ACTOR)
        db.session.commit()
    assert "Too late to be asked: it is kept for the record." in text_of(phone.page(hall.phone))
    assert "too late, kept for the record" in text_of(
        desk.page(f"/desk/{hall.slug}/items/{hall.item}/statements")
    )


def test_nobody_corrects_a_neighbours_statement(hall: Hall, join: Join, app: Flask) -> None:
    with app.app_context():
        path = f"/my/statements/{own(hall).public_id}/correct"
        db.session.commit()
    assert join(hall.members[1]).get(path).status_code == 404
    assert join(hall.members[0]).get(path).status_code == 200


def test_desk_translates_and_phones_mark_what_is_not_translated(
    hall: Hall, join: Join, sign_in: SignIn, app: Flask
) -> None:
    with app.app_context():
        item = _item(hall)
        item.title = item.title.with_version("ar", "ما الأول؟")
        services.clear_statements(item)
        made = own(hall, state="accepted")
        path = f"/desk/{hall.slug}/statements/{made.public_id}/wording"
        db.session.commit()
    phone, desk = join(hall.members[1]), sign_in(hall.facilitator)
    assert phone.get(f"{hall.phone}?l=ar").text.count("غير مترجم") == 1
    desk.submit(path, {"wording_ar": "المزيد من المقاعد."})
    shown = phone.get(f"{hall.phone}?l=ar").text
    assert "المزيد من المقاعد." in shown
    assert "غير مترجم" not in shown


@pytest.mark.parametrize(
    ("text", "language", "likely"),
    [
        ("More benches", "en", "en"),
        ("More benches", "fr", "fr"),
        ("More benches", "bn", "en"),
        ("আরও বেঞ্চ চাই", "en", "bn"),
        ("আরও বেঞ্চ চাই", "bn", "bn"),
        ("مزيد من المقاعد", "en", "ar"),
        ("مزيد من المقاعد في Rose Court", "ar", "ar"),
        ("1 + 1", "bn", "bn"),
        ("更多长椅", "en", "en"),
    ],
)
def test_letters_hint_at_the_language(text: str, language: str, likely: str) -> None:
    assert rules.language_by_letters(text, language) == likely


def test_language_is_asked_once_and_then_believed(hall: Hall, join: Join, app: Flask) -> None:
    phone, page = join(hall.members[0]), f"/my/statements/{hall.item}/new"
    asked = phone.submit(page, {"text": "আরও বেঞ্চ চাই", "language": "en"})
    assert asked.status_code == 422
    assert "বাংলা" in asked.text
    phone.submit(page, {"text": "Ami benche chai", "language": "bn", "asked": "yes"})
    phone.submit(page, {"text": "আরও বেঞ্চ চাই", "language": "bn"})
    with app.app_context():
        made = db.session.query(Statement).filter_by(state="pending").all()
        assert [one.wording.original for one in made] == ["bn", "bn"]


def test_what_matters_is_counted_from_five_up(hall: Hall, join: Join, app: Flask) -> None:
    with app.app_context():
        item = _item(hall)
        item.settings = {**item.settings, "matters": True}
        db.session.commit()
    phone = join(hall.members[0])
    phone.submit(hall.phone, {"value": "1", "matters": "1"}, action="/answer")
    with app.app_context():
        item = _item(hall)
        assert db.session.query(StatementAnswer).one().matters
        first, second, *_others = queries.statements_of(item)
        for place in range(6):
            for statement, marked in ((first, place < 5), (second, place < 4)):
                services.answer_statement(
                    statement=statement,
                    member=_member(hall, place),
                    value=1,
                    counter=9,
                    matters=marked,
                )
        sessions.close_item(item=item, actor=ACTOR)
        sessions.reveal(item=item, actor=ACTOR)
        db.session.commit()
        rows = (item.snapshot or {})["statements"]
        assert [row["matters"] for row in rows[:2]] == [5, None]
        files = zipfile.ZipFile(io.BytesIO(polis_files.archive(item)))
        table = list(csv.DictReader(io.StringIO(files.read("participant-importance.csv").decode())))
        assert [sum(row[number] == "1" for row in table) for number in ("1", "2")] == [5, 0]
    assert "It matters to 5 people." in text_of(phone.page(hall.phone))


def test_what_matters_is_kept_only_where_it_was_asked(hall: Hall, app: Flask) -> None:
    with app.app_context():
        statement = queries.statements_of(_item(hall))[0]
        services.answer_statement(
            statement=statement, member=_member(hall, 0), value=1, counter=1, matters=True
        )
        assert not db.session.query(StatementAnswer).one().matters
        assert "matters" not in queries.statement_counts(_item(hall))[0]
