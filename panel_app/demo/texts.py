"""What the demo borough says, in the three languages of its pages. Everything is invented."""

from __future__ import annotations

from panel_app.core.translated import Translated

T = Translated.of

PANEL_NAME = T(en="Hillgrove panel", bn="হিলগ্রোভ প্যানেল", ar="لجنة هيلغروف")
PANEL_PURPOSE = T(
    en="How £100,000 a year is spent on the Hillgrove estate.",
    bn="হিলগ্রোভ এস্টেটে বছরে £1,00,000 কীভাবে খরচ হবে।",
    ar="كيف يُنفق مبلغ £100,000 سنويًا على مجمّع هيلغروف.",
)
#: The borough, its estate, and the blocks that the pool's addresses name.
BOROUGH = T(en="Hillgrove", bn="হিলগ্রোভ", ar="هيلغروف")
ESTATE = T(en="Hillgrove estate", bn="হিলগ্রোভ এস্টেট", ar="مجمّع هيلغروف")
BLOCKS = tuple(T(en=f"Block {x}", bn=f"ব্লক {x}", ar=f"المبنى {x}") for x in "ABCD")
MISSION = T(
    en="Homes and estates where people feel safe",
    bn="এমন ঘর ও এস্টেট যেখানে মানুষ নিরাপদ বোধ করেন",
    ar="بيوت ومجمّعات يشعر فيها الناس بالأمان",
)

#: What residents read for the pool's features and values, as the file of targets names them.
FEATURES = {
    ("Gender", ""): T(en="Gender", bn="লিঙ্গ", ar="الجنس"),
    ("Gender", "Women"): T(en="Women", bn="নারী", ar="نساء"),
    ("Gender", "Men"): T(en="Men", bn="পুরুষ", ar="رجال"),
    ("Gender", "Non-binary or other"): T(
        en="Non-binary or other", bn="নন-বাইনারি বা অন্য", ar="غير ثنائي أو غير ذلك"
    ),
    ("Age", ""): T(en="Age", bn="বয়স", ar="العمر"),
    ("Age", "16 to 29"): T(en="16 to 29", bn="১৬ থেকে ২৯", ar="من 16 إلى 29"),
    ("Age", "30 to 44"): T(en="30 to 44", bn="৩০ থেকে ৪৪", ar="من 30 إلى 44"),
    ("Age", "45 to 59"): T(en="45 to 59", bn="৪৫ থেকে ৫৯", ar="من 45 إلى 59"),
    ("Age", "60 and over"): T(en="60 and over", bn="৬০ ও তার বেশি", ar="60 فأكثر"),
    ("Home", ""): T(en="Home", bn="বাসস্থান", ar="السكن"),
    ("Home", "Council tenants"): T(
        en="Council tenants", bn="কাউন্সিলের ভাড়াটে", ar="مستأجرون من المجلس"
    ),
    ("Home", "Private renters"): T(
        en="Private renters", bn="ব্যক্তিগত ভাড়াটে", ar="مستأجرون من القطاع الخاص"
    ),
    ("Home", "Owners"): T(en="Owners", bn="মালিক", ar="مالكون"),
    ("Block", ""): T(en="Block", bn="ব্লক", ar="المبنى"),
    ("Block", "Block A"): T(en="Block A", bn="ব্লক এ", ar="المبنى أ"),
    ("Block", "Block B"): T(en="Block B", bn="ব্লক বি", ar="المبنى ب"),
    ("Block", "Block C"): T(en="Block C", bn="ব্লক সি", ar="المبنى ج"),
    ("Block", "Block D"): T(en="Block D", bn="ব্লক ডি", ar="المبنى د"),
}

LAST_SESSION = T(
    en="First evening: what the estate is like",
    bn="প্রথম সন্ধ্যা: এস্টেটটি কেমন",
    ar="الأمسية الأولى: كيف هو مجمّعنا",
)
SESSION = T(
    en="How should £100,000 be spent on the estate?",
    bn="এস্টেটে £1,00,000 কীভাবে খরচ করা উচিত?",
    ar="كيف ينبغي إنفاق £100,000 على المجمّع؟",
)
HALL = T(en="Community hall", bn="কমিউনিটি হল", ar="قاعة المجتمع")

WELCOME = T(en="Welcome and food", bn="স্বাগতম ও খাবার", ar="الترحيب والطعام")
HEARD = T(en="What matters most this year?", bn="এ বছর সবচেয়ে জরুরি কী?", ar="ما الأهم هذا العام؟")
STATEMENTS_TITLE = T(en="Repairs or lighting?", bn="মেরামত না আলো?", ar="الإصلاحات أم الإنارة؟")
BREAK = T(en="Break", bn="বিরতি", ar="استراحة")
BALLOT_TITLE = T(en="Ballot on £100,000", bn="£1,00,000 নিয়ে ব্যালট", ar="اقتراع على £100,000")
GRANTS_TITLE = T(en="Small grants, round 9", bn="ছোট অনুদান, পর্ব ৯", ar="المنح الصغيرة، الجولة 9")
CLOSING = T(en="Next steps", bn="এরপর কী", ar="الخطوات التالية")

HEARD_OPTIONS = (
    T(en="Feeling safe in the evening", bn="সন্ধ্যায় নিরাপদ বোধ করা", ar="الشعور بالأمان مساءً"),
    T(en="Clean stairs and bins", bn="পরিষ্কার সিঁড়ি ও ময়লার জায়গা", ar="نظافة السلالم وأماكن القمامة"),
    T(en="Places for children", bn="শিশুদের জায়গা", ar="أماكن للأطفال"),
    T(en="Green spaces", bn="সবুজ জায়গা", ar="المساحات الخضراء"),
)

STATEMENTS = (
    T(
        en="Repairs that are not urgent should wait if that pays for more lighting on the paths.",
        bn="জরুরি নয় এমন মেরামত অপেক্ষা করতে পারে, যদি তাতে পথে আরও আলো দেওয়া যায়।",
        ar="يمكن تأجيل الإصلاحات غير العاجلة إذا وفّر ذلك مزيدًا من الإنارة على الممرات.",
    ),
    T(
        en="A caretaker at the weekend would do more for the estate than new equipment.",
        bn="নতুন সরঞ্জামের চেয়ে সপ্তাহান্তে একজন কেয়ারটেকার এস্টেটের বেশি উপকার করবেন।",
        ar="وجود حارس في عطلة نهاية الأسبوع أنفع للمجمّع من المعدّات الجديدة.",
    ),
    T(
        en="Residents should be paid a little for looking after the gardens.",
        bn="বাগান দেখাশোনার জন্য বাসিন্দাদের সামান্য টাকা দেওয়া উচিত।",
        ar="ينبغي دفع مبلغ بسيط للسكان مقابل العناية بالحدائق.",
    ),
    T(
        en="The playground matters more than the car park.",
        bn="গাড়ি রাখার জায়গার চেয়ে খেলার মাঠ বেশি জরুরি।",
        ar="الملعب أهم من موقف السيارات.",
    ),
    T(
        en="We should check the work ourselves before the council pays for it.",
        bn="কাউন্সিল টাকা দেওয়ার আগে কাজটা আমাদের নিজেদের দেখে নেওয়া উচিত।",
        ar="ينبغي أن نتحقّق من العمل بأنفسنا قبل أن يدفع المجلس ثمنه.",
    ),
    T(
        en="Every block should get the same amount, whatever its size.",
        bn="আকার যাই হোক, প্রতিটি ব্লকের সমান টাকা পাওয়া উচিত।",
        ar="ينبغي أن تحصل كل بناية على المبلغ نفسه مهما كان حجمها.",
    ),
)
#: Written by members during the session and waiting to be checked.
NEW_STATEMENTS = (
    ("bn", "গ্যারেজের পথে রাতে আলো থাকে না।"),
    ("en", "The caretaker at the weekend should also do the bins."),
)

LINES = (
    (T(en="Caretaking", bn="কেয়ারটেকিং", ar="الحراسة والنظافة"), 3_800_000),
    (
        T(en="Repairs that can wait", bn="যে মেরামত অপেক্ষা করতে পারে", ar="إصلاحات غير عاجلة"),
        4_100_000,
    ),
    (T(en="Green spaces", bn="সবুজ জায়গা", ar="المساحات الخضراء"), 2_100_000),
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

PROGRAMME = T(en="Hillgrove small grants", bn="হিলগ্রোভ ছোট অনুদান", ar="منح هيلغروف الصغيرة")
PROGRAMME_SUMMARY = T(
    en="Up to £2,000 for something good for your neighbours. Residents decide every fortnight.",
    bn="প্রতিবেশীদের ভালোর জন্য £2,000 পর্যন্ত। বাসিন্দারা প্রতি দুই সপ্তাহে সিদ্ধান্ত নেন।",
    ar="حتى £2,000 لعمل ينفع جيرانك. يقرّر السكان كل أسبوعين.",
)
MISSIONS = {
    "food": T(
        en="Everyone eats well every day", bn="সবাই প্রতিদিন ভালো খাবার পান", ar="يأكل الجميع جيدًا كل يوم"
    ),
    "young": T(
        en="Every young person has a chance", bn="প্রতিটি তরুণ সুযোগ পান", ar="فرصة لكل شابّ وشابّة"
    ),
    "safe": T(
        en="Homes and estates where people feel safe", bn="নিরাপদ ঘর ও এস্টেট", ar="بيوت ومجمّعات آمنة"
    ),
    "together": T(en="Nobody is left alone", bn="কেউ একা নন", ar="لا أحد يبقى وحيدًا"),
}
CRITERIA = (
    T(
        en="How well does it serve the estate?",
        bn="এটি এস্টেটের কতটা কাজে লাগবে?",
        ar="ما مدى فائدته للمجمّع؟",
    ),
    T(
        en="How sure are you that they can do it?",
        bn="তাঁরা এটি করতে পারবেন বলে আপনি কতটা নিশ্চিত?",
        ar="ما مدى ثقتك بقدرتهم على تنفيذه؟",
    ),
)
