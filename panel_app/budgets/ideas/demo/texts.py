"""What residents of the demo's estate would change, in three languages. Everything is invented."""

from __future__ import annotations

from panel_app.budgets.ideas.models import Origin, Verdict
from panel_app.core.translated import Translated

T = Translated.of

POT = T(en="Estate budget 2028", bn="এস্টেটের বাজেট ২০২৮", ar="ميزانية المجمّع 2028")

#: Language, title, why, block (by its place in the list; None for nowhere), origin, how many want
#: it, and its author's contact.
IDEAS: tuple[tuple[str, str, str, int | None, Origin, int, str], ...] = (
    (
        "en",
        "Benches where the bus stops",
        "My mother can’t stand that long, and there is no wall to lean on.",
        None,
        "phone",
        34,
        "seat-lover@residents.example",
    ),
    ("bn", "বাস স্টপে বসার বেঞ্চ", "বয়স্কদের দাঁড়িয়ে থাকতে কষ্ট হয়।", None, "stall", 11, ""),
    (
        "ar",
        "مقاعد عند موقف الحافلة",
        "كبار السن لا يستطيعون الوقوف طويلًا.",
        None,
        "workshop",
        8,
        "",
    ),
    (
        "en",
        "A light over the bin store",
        "It is dark from four in winter and the step is broken.",
        0,
        "phone",
        22,
        "",
    ),
    ("en", "Water tap by the growing beds", "We carry cans down three floors.", 1, "phone", 17, ""),
    ("bn", "খেলার মাঠে ছায়া দেওয়া গাছ", "গ্রীষ্মে বাচ্চারা রোদে খেলতে পারে না।", 2, "phone", 26, ""),
    ("ar", "درج آمن إلى المغسلة", "الدرجة الأخيرة مكسورة والأطفال يتعثرون.", 3, "stall", 14, ""),
    (
        "en",
        "A second lift in our block",
        "With one lift broken people on the ninth floor stay in.",
        0,
        "workshop",
        41,
        "",
    ),
    (
        "en",
        "Somewhere to lock bicycles",
        "Two went missing from the landing this year.",
        2,
        "phone",
        19,
        "",
    ),
    (
        "en",
        "Repair café once a month",
        "Plenty of us can mend things, and there is the hall.",
        None,
        "council",
        12,
        "",
    ),
    ("bn", "ধোপাখানার সময় সন্ধ্যায় বাড়ানো", "যাঁরা দিনে কাজ করেন তাঁরা যেতে পারেন না।", 1, "phone", 9, ""),
    ("en", "Stop Mr Example parking on the grass", "He does it every night.", 3, "phone", 0, ""),
)

#: By the idea's place in the list: verdict, pence, whether yearly, basis, reason.
COSTS: tuple[tuple[int, Verdict, int | None, bool, str, Translated], ...] = (
    (
        0,
        "costed",
        340_000,
        False,
        "2 benches at £1,700, set in concrete",
        T(
            en="The bus company agrees to the place.",
            bn="বাস কোম্পানি জায়গাটিতে রাজি।",
            ar="وافقت شركة الحافلات على المكان.",
        ),
    ),
    (
        3,
        "costed",
        92_000,
        False,
        "1 lamp at £640, £280 to connect it",
        T(en="The cable is there already."),
    ),
    (
        4,
        "costed",
        210_000,
        False,
        "14 m of pipe at £90, £840 for the tap and its drain",
        T(en="It needs a frost valve."),
    ),
    (
        5,
        "costed",
        480_000,
        False,
        "6 trees at £620, £1,080 for two summers of watering",
        T(
            en="Small trees would die; these are four metres high.",
            bn="ছোট গাছ বাঁচে না; এগুলো চার মিটার উঁচু।",
        ),
    ),
    (
        7,
        "no",
        None,
        False,
        "",
        T(
            en="A second shaft can’t be built inside the block. The lift that is there is renewed in"
            " 2029 from another budget."
        ),
    ),
    (
        8,
        "unknown",
        None,
        False,
        "",
        T(en="We are asking the fire service where stands may go. We know by 15 January."),
    ),
    (
        9,
        "costed",
        260_000,
        True,
        "12 evenings at £150, £800 for tools",
        T(en="The hall is free of charge."),
    ),
)

BENCHES = T(en="Benches at the bus stop", bn="বাস স্টপে বেঞ্চ", ar="مقاعد عند موقف الحافلة")
BENCHES_SUMMARY = T(
    en="Two benches with arms, one on each side of the road.",
    bn="হাতলওয়ালা দুটি বেঞ্চ, রাস্তার দুই পাশে।",
    ar="مقعدان بمساند للذراعين، على جانبي الطريق.",
)
BENCHES_GOAL = T(
    en="Nobody waits for the bus standing because there is nowhere to sit: look on any morning.",
    bn="বসার জায়গার অভাবে কেউ দাঁড়িয়ে থাকবেন না: যেকোনো সকালে দেখুন।",
    ar="لا ينتظر أحد واقفًا لعدم وجود مقعد: انظر في أي صباح.",
)
