"""An open workshop of the demo: whoever came said what the ward is like, without a seat."""

from __future__ import annotations

from datetime import timedelta
from random import Random

from panel_app.core import clock
from panel_app.core.story import ACTOR, Part, Story
from panel_app.core.translated import Translated
from panel_app.deliberation.questions import services as questions
from panel_app.deliberation.questions.queries import put_in
from panel_app.deliberation.statements import services
from panel_app.deliberation.statements.queries import statements_of
from panel_app.panels import services as panels
from panel_app.panels.models import Panel
from panel_app.places.models import Place
from panel_app.questions import drafting
from panel_app.sessions import activities, guests
from panel_app.sessions import services as sessions
from panel_app.sessions.demo import WELCOME, add, evening, part_of
from panel_app.sessions.models import AgendaItem, Guest, GuestRole, Session

T = Translated.of
NAME = T(en="Hillgrove ward workshops", bn="হিলগ্রোভ ওয়ার্ডের কর্মশালা", ar="ورش عمل حي هيلغروف")
PURPOSE = T(
    en="Say what the ward is like, what the plan for the canal side would change, and what would"
    " make it better.",
    bn="ওয়ার্ডটি কেমন, খালের ধারের পরিকল্পনায় কী বদলাবে, আর কী হলে তা আরও ভালো হবে—বলুন।",
    ar="قل كيف هو الحي، وما الذي ستغيّره خطة ضفة القناة، وما الذي يجعلها أفضل.",
)
TITLE = T(
    en="First workshop: the ward and the canal side",
    bn="প্রথম কর্মশালা: ওয়ার্ড ও খালের ধার",
    ar="الورشة الأولى: الحي وضفة القناة",
)
LIKE = T(
    en="What do you like most about the ward?",
    bn="ওয়ার্ডের কী আপনার সবচেয়ে ভালো লাগে?",
    ar="ما أكثر ما يعجبك في الحي؟",
)
LIKED = (
    T(en="The market", bn="বাজার", ar="السوق"),
    T(en="The canal", bn="খাল", ar="القناة"),
    T(en="The neighbours", bn="প্রতিবেশীরা", ar="الجيران"),
    T(en="How near everything is", bn="সবকিছু কত কাছে", ar="قرب كل شيء"),
)
SAID_TITLE = T(en="The plan for the canal side", bn="খালের ধারের পরিকল্পনা", ar="خطة ضفة القناة")
SAID = (
    T(
        en="Homes along the canal are worth losing some of the car park.",
        bn="খালের ধারে বাড়ি হলে গাড়ি রাখার কিছু জায়গা ছেড়ে দেওয়া যায়।",
        ar="المساكن على ضفة القناة تستحق أن نخسر جزءًا من موقف السيارات.",
    ),
    T(
        en="The path should stay open to everybody day and night.",
        bn="পথটি দিনরাত সবার জন্য খোলা থাকা উচিত।",
        ar="ينبغي أن يبقى الممر مفتوحًا للجميع ليلًا ونهارًا.",
    ),
    T(
        en="No building should be taller than the mill.",
        bn="কোনো ভবন মিলের চেয়ে উঁচু হওয়া উচিত নয়।",
        ar="ينبغي ألا يعلو أي مبنى على المطحنة.",
    ),
)
#: Who came, as they said at the door, and the languages of their phones.
CAME: tuple[tuple[GuestRole, str], ...] = (
    *[("resident", code) for code in ("en", "en", "bn", "en", "ar", "bn", "en", "en", "bn", "en")],
    *[("resident", code) for code in ("en", "ar", "en", "bn", "en", "en", "bn", "en")],
    ("officer", "en"),
    ("officer", "en"),
    ("councillor", "en"),
    ("partner", "en"),
)
#: How likely people are to agree, pass and disagree, a statement each.
LEANINGS = ((4, 2, 4), (9, 1, 1), (6, 2, 3))


def hold(story: Story) -> None:
    """Hold a workshop that is open to everybody, and show what came of it."""
    random = Random(26)
    session = evening(_panel(story.the(Place)), TITLE, clock.now())
    guests.allow(session=session, allowed=True, actor=ACTOR)
    welcome = add(session, WELCOME, 15)
    liked, said = _liked(session), _said(session)
    sessions.open_session(session=session, actor=ACTOR)
    for role, language in CAME:
        guests.come(session=session, role=role, language=language)
    began, came = clock.how_long_ago(), guests.of(session)
    with part_of(session, welcome, 14):
        pass
    with clock.ago(began - timedelta(minutes=15)), part_of(session, liked, 9):
        _like(liked, came, random)
    with clock.ago(began - timedelta(minutes=26)), part_of(session, said, 25):
        _answer(said, came, random)
    with clock.ago(began - timedelta(minutes=60)):
        for item in (liked, said):
            sessions.reveal(item=item, actor=ACTOR)
        sessions.close_session(session=session, actor=ACTOR)


def _panel(area: Place) -> Panel:
    panel = panels.create_panel(
        kind="open",
        area=area,
        name=NAME,
        purpose=PURPOSE,
        mission=None,
        size=0,
        place="Library, 2 Hillgrove Road",
        languages=["en", "bn", "ar"],
        slug="ward-workshops",
        actor=ACTOR,
    )
    panels.publish(panel=panel, published=True, actor=ACTOR)
    return panel


def _liked(session: Session) -> AgendaItem:
    question = drafting.first("one_of", LIKED, LIKE)
    return add(session, LIKE, 10, "question", questions=[question.to_json()])


def _said(session: Session) -> AgendaItem:
    return add(session, SAID_TITLE, 30, "statements", seeds=activities.written(SAID), adding=False)


def _like(item: AgendaItem, came: list[Guest], random: Random) -> None:
    put = put_in(item)
    (asked,) = put.questions
    codes = [option.code for option in asked.options]
    for guest in came[1:]:
        chosen = random.choices(codes, [6, 9, 7, 4])[0]
        questions.answer(put=put, member=guest, answers={asked.code: chosen}, counter=1)


def _answer(item: AgendaItem, came: list[Guest], random: Random) -> None:
    for statement, leaning in zip(statements_of(item), LEANINGS, strict=True):
        for guest in came[:-1]:
            opinion: services.Opinion = random.choices((1, 0, -1), leaning)[0]
            services.answer_statement(statement=statement, member=guest, value=opinion, counter=1)


PARTS = (Part(ago=timedelta(days=11, hours=5), play=hold),)
