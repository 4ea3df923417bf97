"""What the demo's panel says, in the three languages of its pages. Everything is invented."""

from __future__ import annotations

from panel_app.core.translated import Translated

T = Translated.of

PANEL_NAME = T(en="Hillgrove panel", bn="হিলগ্রোভ প্যানেল", ar="لجنة هيلغروف")

PANEL_PURPOSE = T(
    en="How £100,000 a year is spent on the Hillgrove estate.",
    bn="হিলগ্রোভ এস্টেটে বছরে £1,00,000 কীভাবে খরচ হবে।",
    ar="كيف يُنفق مبلغ £100,000 سنويًا على مجمّع هيلغروف.",
)

MISSION = T(
    en="Homes and estates where people feel safe",
    bn="এমন ঘর ও এস্টেট যেখানে মানুষ নিরাপদ বোধ করেন",
    ar="بيوت ومجمّعات يشعر فيها الناس بالأمان",
)

CONTACT = "Ada, 020 7946 0000"

TERMS = T(
    en="£50 an evening, dinner, and childcare if you need it",
    bn="প্রতি সন্ধ্যায় £50, রাতের খাবার, আর দরকার হলে শিশুর দেখাশোনা",
    ar="50 جنيهًا للأمسية، وعشاء، ورعاية للأطفال عند الحاجة",
)

ESTATE_NAME = T(en="Canal Court", bn="ক্যানাল কোর্ট", ar="كانال كورت")

ESTATE_PURPOSE = T(
    en="What everybody who lives in Canal Court wants changed there.",
    bn="ক্যানাল কোর্টের সব বাসিন্দা সেখানে যা বদলাতে চান।",
    ar="ما يريد جميع سكان كانال كورت تغييره فيه.",
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
