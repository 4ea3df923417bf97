"""What the demo's evenings ask and say, in three languages. Everything is invented."""

from __future__ import annotations

from panel_app.core.translated import Translated

T = Translated.of

LAST_SESSION = T(
    en="First evening: what the estate is like",
    bn="প্রথম সন্ধ্যা: এস্টেটটি কেমন",
    ar="الأمسية الأولى: كيف هو مجمّعنا",
)

HEARD = T(en="What matters most this year?", bn="এ বছর সবচেয়ে জরুরি কী?", ar="ما الأهم هذا العام؟")

HEARD_OPTIONS = (
    T(en="Feeling safe in the evening", bn="সন্ধ্যায় নিরাপদ বোধ করা", ar="الشعور بالأمان مساءً"),
    T(en="Clean stairs and bins", bn="পরিষ্কার সিঁড়ি ও ময়লার জায়গা", ar="نظافة السلالم وأماكن القمامة"),
    T(en="Places for children", bn="শিশুদের জায়গা", ar="أماكن للأطفال"),
    T(en="Green spaces", bn="সবুজ জায়গা", ar="المساحات الخضراء"),
)

STATEMENTS_TITLE = T(en="Repairs or lighting?", bn="মেরামত না আলো?", ar="الإصلاحات أم الإنارة؟")

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

TABLES_TITLE = T(
    en="At tables: what would make it fair?",
    bn="টেবিলে: কী হলে ন্যায্য হবে?",
    ar="على الطاولات: ما الذي يجعله عادلًا؟",
)
PROMPTS = (
    T(en="What should never wait?", bn="কোনটি কখনো ফেলে রাখা যায় না?", ar="ما الذي لا ينتظر أبدًا؟"),
    T(
        en="What can wait, and who says so?",
        bn="কোনটি অপেক্ষা করতে পারে, আর কে তা বলবে?",
        ar="ما الذي ينتظر، ومن يقرر ذلك؟",
    ),
)
PLACES = (
    T(en="by the door", bn="দরজার পাশে", ar="بجانب الباب"),
    T(en="by the window", bn="জানালার পাশে", ar="بجانب النافذة"),
    T(en="by the stage", bn="মঞ্চের পাশে", ar="بجانب المنصة"),
    T(en="in the middle", bn="মাঝখানে", ar="في الوسط"),
)
#: What tables wrote: the table, the language and the point, round by round.
NOTES = (
    ((1, "en", "Heat, water, lifts and locks"), (2, "bn", "সিঁড়ির বাতি"), (3, "ar", "المصعد")),
    (
        (1, "en", "Paint can wait; ask again after the winter"),
        (2, "en", "A date on the door for each repair that waits"),
    ),
)

BREAK = T(en="Break", bn="বিরতি", ar="استراحة")


FIRST_STATEMENTS_TITLE = T(en="The estate today", bn="আজকের এস্টেট", ar="المجمّع اليوم")
FIRST_STATEMENTS = (
    T(
        en="I know at least three neighbours by name.",
        bn="আমি অন্তত তিনজন প্রতিবেশীর নাম জানি।",
        ar="أعرف ثلاثة من جيراني على الأقل بأسمائهم.",
    ),
    T(
        en="The stairwells are clean enough.",
        bn="সিঁড়িঘরগুলো যথেষ্ট পরিষ্কার।",
        ar="السلالم نظيفة بما يكفي.",
    ),
    T(
        en="The council listens to the estate.",
        bn="কাউন্সিল এস্টেটের কথা শোনে।",
        ar="المجلس يصغي إلى سكان المجمّع.",
    ),
)
FEELING_TITLE = T(en="How is it to live here?", bn="এখানে থাকতে কেমন লাগে?", ar="كيف هي الحياة هنا؟")
#: What is rated from one to five, and the names of the two ends.
FEELINGS = (
    T(en="Safe after dark", bn="রাতে নিরাপদ", ar="الأمان بعد حلول الظلام"),
    T(en="Repairs are done in time", bn="সময়মতো মেরামত হয়", ar="تُنجز الإصلاحات في وقتها"),
)
ENDS = (T(en="Not at all", bn="একেবারেই না", ar="لا أبدًا"), T(en="Very much", bn="খুব বেশি", ar="جدًا"))

QUESTIONS_TITLE = T(en="Your questions", bn="আপনাদের প্রশ্ন", ar="أسئلتكم")
#: Questions from the room, each with its language, and how many more want to know.
QUESTIONS = (
    (
        "en",
        T(
            en="Who decides which repairs come first?",
            bn="কোন মেরামত আগে হবে তা কে ঠিক করে?",
            ar="من يقرر أي الإصلاحات تأتي أولًا؟",
        ),
        11,
    ),
    (
        "bn",
        T(
            bn="সিঁড়িঘরের আলো কবে ঠিক হবে?",
            en="When will the lights in the stairwells be mended?",
            ar="متى تُصلَح أنوار السلالم؟",
        ),
        8,
    ),
    (
        "ar",
        T(
            ar="هل يمكن للأطفال استخدام القاعة بعد المدرسة؟",
            en="May children use the hall after school?",
            bn="স্কুলের পরে শিশুরা কি হলটি ব্যবহার করতে পারবে?",
        ),
        2,
    ),
)
