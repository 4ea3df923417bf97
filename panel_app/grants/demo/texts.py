"""What the demo's grants programme says, in three languages. Everything is invented."""

from __future__ import annotations

from panel_app.core.translated import Translated

T = Translated.of

GRANTS_TITLE = T(en="Small grants, round 9", bn="ছোট অনুদান, পর্ব ৯", ar="المنح الصغيرة، الجولة 9")

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

#: What came of the first grant.
TOLD = {
    "people": "31",
    "changed": "Children who came to school hungry eat first, and "
    "neighbours who had never spoken sit at one table every Saturday.",
    "differently": "Buy half as much bread, and put up the notice two weeks earlier.",
}
PHOTO = "A long table laid for breakfast"
APPEAL = (
    "The reason says that it is too risky so close to the flats. The fire brigade came to look at the "
    "courtyard in May and wrote that it can be done. I sent the letter with my answers."
)

#: What the programme gave before, as its spreadsheet had it.
PAST_AWARDS = """reference,date,amount,kind,title,mission,place
HG-1,2024-02-13,1850,individual,,food,North blocks
HG-2,2024-02-27,900,group,Soup on Sundays,food,North blocks
HG-3,2024-03-12,1200,individual,,young,North blocks
HG-4,2024-05-07,640.50,individual,,together,North blocks
HG-5,2024-06-18,2000,organisation,Bicycle workshop,young,North blocks
HG-6,2025-01-28,1500,individual,,safe,South blocks
HG-7,2025-02-11,750,group,Lights for the passage,safe,South blocks
HG-8,2025-04-22,1100,individual,,together,South blocks
HG-9,2025-09-09,480,individual,,food,South blocks
HG-10,2026-01-20,1990,group,Chess after school,young,South blocks
HG-11,2026-03-03,1320,individual,,together,
HG-12,2026-05-12,860,individual,,food,
"""
