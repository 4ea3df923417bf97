"""What the demo's pots pay for, in three languages. Everything is invented."""

from __future__ import annotations

from panel_app.budgets.commitments.services import Offer
from panel_app.budgets.models import CommitmentState
from panel_app.core.translated import Translated

T = Translated.of

BALLOT_TITLE = T(en="Ballot on £100,000", bn="£1,00,000 নিয়ে ব্যালট", ar="اقتراع على £100,000")

LINES = (
    (T(en="Caretaking", bn="কেয়ারটেকিং", ar="الحراسة والنظافة"), 3_800_000),
    (
        T(en="Repairs that can wait", bn="যে মেরামত অপেক্ষা করতে পারে", ar="إصلاحات غير عاجلة"),
        4_100_000,
    ),
    (T(en="Green spaces", bn="সবুজ জায়গা", ar="المساحات الخضراء"), 2_100_000),
)

SHARED_QUESTION = T(
    en="How should £90,000 a year be shared out?",
    bn="বছরে £90,000 কীভাবে ভাগ হবে?",
    ar="كيف يُوزَّع مبلغ £90,000 في السنة؟",
)
SHARED_POT = T(
    en="What the estate’s services get",
    bn="এস্টেটের সেবাগুলো যা পায়",
    ar="ما تحصل عليه خدمات المجمّع",
)

POT = T(en="Estate budget 2027", bn="এস্টেটের বাজেট ২০২৭", ar="ميزانية المجمّع 2027")

QUESTION = T(
    en="Choose what the £100,000 should pay for",
    bn="£1,00,000 দিয়ে কী কী করা হবে বেছে নিন",
    ar="اختر ما ينبغي أن يُنفق عليه مبلغ £100,000",
)

#: Title, summary, line, cost and (where residents take part) the council's cost, in pence.
PROJECTS = (
    (
        T(
            en="Better lighting on the garage path",
            bn="গ্যারেজের পথে ভালো আলো",
            ar="إنارة أفضل لممر المواقف",
        ),
        T(
            en="Twelve low-glare lamps from the gate to Block C.",
            bn="গেট থেকে ব্লক সি পর্যন্ত চোখে না লাগা বারোটি বাতি।",
            ar="اثنا عشر مصباحًا خافت الوهج من البوابة إلى المبنى ج.",
        ),
        1,
        1_850_000,
        None,
    ),
    (
        T(en="Caretaker on Saturdays", bn="শনিবারে কেয়ারটেকার", ar="عامل نظافة يوم السبت"),
        T(
            en="One year of a Saturday shift, 9 to 1.",
            bn="এক বছর, শনিবার ৯টা থেকে ১টা।",
            ar="سنة واحدة، كل سبت من 9 إلى 1.",
        ),
        0,
        2_400_000,
        None,
    ),
    (
        T(
            en="Growing beds and a tool store",
            bn="সবজি চাষের জায়গা ও সরঞ্জাম রাখার ঘর",
            ar="أحواض زراعة ومخزن أدوات",
        ),
        T(
            en="Residents build them and look after them.",
            bn="বাসিন্দারাই বানাবেন ও দেখাশোনা করবেন।",
            ar="يبنيها السكان ويعتنون بها.",
        ),
        2,
        620_000,
        1_100_000,
    ),
    (
        T(en="New play surface", bn="খেলার মাঠের নতুন মেঝে", ar="أرضية جديدة للملعب"),
        T(
            en="Replaces the worn tarmac; lasts about 15 years.",
            bn="ক্ষয়ে যাওয়া পিচ বদলাবে; প্রায় ১৫ বছর টিকবে।",
            ar="تحلّ محل الإسفلت البالي وتدوم نحو 15 سنة.",
        ),
        2,
        5_200_000,
        None,
    ),
    (
        T(en="Lift refurbishment, Block A", bn="ব্লক এ-র লিফট সংস্কার", ar="تجديد المصعد في المبنى أ"),
        T(
            en="New doors and controls, fewer breakdowns.",
            bn="নতুন দরজা ও নিয়ন্ত্রণ, কম বিকল হবে।",
            ar="أبواب ولوحة تحكّم جديدة وأعطال أقل.",
        ),
        1,
        6_800_000,
        None,
    ),
    (
        T(
            en="Bin store doors, Blocks B and C",
            bn="ময়লার ঘরের দরজা, ব্লক বি ও সি",
            ar="أبواب غرف القمامة، المبنيان ب وج",
        ),
        T(
            en="Doors that close by themselves and keep rats out.",
            bn="নিজে থেকে বন্ধ হয়, ইঁদুর ঢোকে না।",
            ar="أبواب تُغلق تلقائيًا وتمنع الجرذان.",
        ),
        1,
        1_480_000,
        None,
    ),
    (
        T(en="Painting the stairwells", bn="সিঁড়িঘর রং করা", ar="طلاء السلالم"),
        T(
            en="Residents paint; the council pays for paint and a trainer.",
            bn="রং করবেন বাসিন্দারা; রং ও প্রশিক্ষকের খরচ কাউন্সিলের।",
            ar="يطليها السكان ويدفع المجلس ثمن الطلاء وأجر مدرّب.",
        ),
        1,
        740_000,
        1_950_000,
    ),
    (
        T(en="Benches and shade in the square", bn="চত্বরে বেঞ্চ ও ছায়া", ar="مقاعد وظلال في الساحة"),
        T(
            en="Six benches with backs, four trees.",
            bn="হেলান দেওয়ার ছয়টি বেঞ্চ, চারটি গাছ।",
            ar="ستة مقاعد بمساند وأربع أشجار.",
        ),
        2,
        990_000,
        None,
    ),
)

#: What is taken on for projects of the open pot, by their place.
OFFERS = (
    (
        2,
        Offer(
            kind="hours",
            hours=160,
            who=T(
                en="The gardening group of Block C",
                bn="ব্লক সি-র বাগান দল",
                ar="مجموعة البستنة في المبنى ج",
            ),
            what=T(
                en="Building the beds and watering them for a year",
                bn="চাষের জায়গা বানানো ও এক বছর পানি দেওয়া",
                ar="بناء الأحواض وسقيها طوال سنة",
            ),
        ),
    ),
    (
        2,
        Offer(
            kind="thing",
            who=T(
                en="The school beside the estate",
                bn="এস্টেটের পাশের স্কুল",
                ar="المدرسة المجاورة للمجمّع",
            ),
            what=T(en="Tools for forty people", bn="চল্লিশ জনের সরঞ্জাম", ar="أدوات لأربعين شخصًا"),
        ),
    ),
    (
        6,
        Offer(
            kind="hours",
            hours=220,
            who=T(
                en="The residents’ association",
                bn="বাসিন্দাদের সমিতি",
                ar="رابطة السكان",
            ),
            what=T(
                en="Painting, in six weekends",
                bn="ছয়টি সপ্তাহান্তে রং করা",
                ar="الطلاء في ست عطل أسبوعية",
            ),
        ),
    ),
)

AGREED = T(
    en="Agreed at the residents’ meeting.",
    bn="বাসিন্দাদের সভায় রাজি হওয়া গেছে।",
    ar="اتُّفق عليه في اجتماع السكان.",
)

PAST_OFFERS = (
    (
        1,
        Offer(
            kind="room",
            who=T(en="The community centre", bn="কমিউনিটি সেন্টার", ar="المركز المجتمعي"),
            what=T(
                en="A room on two afternoons a week",
                bn="সপ্তাহে দুই বিকেলে একটি ঘর",
                ar="غرفة عصر يومين في الأسبوع",
            ),
        ),
    ),
    (
        4,
        Offer(
            kind="hours",
            hours=60,
            who=T(en="Neighbours of Block B", bn="ব্লক বি-র প্রতিবেশীরা", ar="جيران المبنى ب"),
            what=T(
                en="Setting up the fair, and clearing up after it",
                bn="মেলা সাজানো ও পরে গুছিয়ে নেওয়া",
                ar="تجهيز المهرجان والترتيب بعده",
            ),
        ),
    ),
)

BECAME: tuple[tuple[CommitmentState, Translated], ...] = (
    (
        "done",
        T(
            en="The club meets there since September.",
            bn="সেপ্টেম্বর থেকে ক্লাব সেখানেই বসে।",
            ar="يجتمع النادي هناك منذ سبتمبر.",
        ),
    ),
    (
        "not_done",
        T(
            en="Only three people could come; the fair is moved to spring.",
            bn="মাত্র তিনজন আসতে পেরেছেন; মেলা বসন্তে হবে।",
            ar="لم يتمكن من الحضور سوى ثلاثة؛ نُقل المهرجان إلى الربيع.",
        ),
    ),
)

PAST_POT = T(en="Summer pot 2026", bn="গ্রীষ্মের তহবিল ২০২৬", ar="صندوق صيف 2026")

PAST_QUESTION = T(
    en="Choose what the £24,000 should pay for",
    bn="£24,000 দিয়ে কী কী করা হবে বেছে নিন",
    ar="اختر ما ينبغي أن يُنفق عليه مبلغ £24,000",
)

PAST_PROJECTS = (
    (T(en="Handrails on the slope", bn="ঢালু পথে হাতল", ar="درابزين على المنحدر"), 860_000),
    (T(en="Homework club, one year", bn="এক বছরের হোমওয়ার্ক ক্লাব", ar="نادي الواجبات لسنة"), 720_000),
    (T(en="Bicycle shed", bn="সাইকেল রাখার ঘর", ar="مظلّة للدراجات"), 1_150_000),
    (
        T(
            en="Noticeboards in four languages",
            bn="চার ভাষায় নোটিশবোর্ড",
            ar="لوحات إعلانات بأربع لغات",
        ),
        310_000,
    ),
    (T(en="Summer fair", bn="গ্রীষ্মের মেলা", ar="مهرجان صيفي"), 480_000),
)

PAST_SUMMARY = T(
    en="Costed by the council in May.",
    bn="মে মাসে কাউন্সিল খরচ হিসাব করেছে।",
    ar="قدّر المجلس التكلفة في مايو.",
)
