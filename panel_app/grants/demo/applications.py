"""The twelve applications of the demo's grants round. Everything is invented."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class Request:
    """One application: what is asked for, and (where decided) what came of it."""

    title: str
    language: str
    kind: Literal["individual", "group", "organisation"]
    mission: str
    asks: int
    what: str
    who: str
    name: str
    outcome: Literal["fund", "part", "decline", "defer"] | None = None
    amount: int | None = None
    reason: str = ""


REQUESTS = (
    Request(
        "Saturday breakfast club, Block D",
        "en",
        "group",
        "food",
        185_000,
        "A free breakfast for about 25 children in the community room, twelve Saturdays, cooked by residents with a food hygiene certificate.",
        "Children of the estate and whoever brings them.",
        "Rosa Quillfeather",
        "fund",
        185_000,
        "A clear need, and the cooks have done it before. We would like to see how many children come.",
    ),
    Request(
        "Bike repair afternoons",
        "en",
        "individual",
        "young",
        64_000,
        "Four afternoons in the square where anyone can bring a bicycle and learn to mend it. The money is for tools and spare parts.",
        "Young people first, but nobody is turned away.",
        "Tam Underhill",
        "fund",
        64_000,
        "Useful, cheap and open to everybody.",
    ),
    Request(
        "শাড়ি ও সেলাই আড্ডা",
        "bn",
        "group",
        "together",
        120_000,
        "প্রতি মাসে দুবার মহিলারা একসঙ্গে সেলাই করবেন ও চা খাবেন। দুটি সেলাই মেশিন ও কাপড় কেনা হবে।",
        "যে মহিলারা ঘরে একা থাকেন।",
        "নাসরিন কল্পিতা",
        "part",
        80_000,
        "We like it very much. One machine to start with; come back for the second.",
    ),
    Request(
        "Fireworks in the courtyard",
        "en",
        "individual",
        "together",
        150_000,
        "A ten-minute display on New Year's Eve.",
        "Everybody who can see the courtyard.",
        "Dex Marlowfield",
        "decline",
        None,
        "Too risky so close to the flats, and it is over in ten minutes. A lantern walk would find friends here.",
    ),
    Request(
        "Chair exercise for over-sixties",
        "en",
        "organisation",
        "together",
        96_000,
        "A trainer once a week for three months in the community room, with tea afterwards.",
        "About fifteen older neighbours.",
        "Hillgrove Elders Circle",
        "fund",
        96_000,
        "Fifteen people have already put their names down.",
    ),
    Request(
        "Stairwell lights for Diwali, Eid and Christmas",
        "en",
        "group",
        "safe",
        110_000,
        "Strings of lights for four stairwells that we put up together three times a year.",
        "Blocks A to D.",
        "Priya Inventada",
    ),
    Request(
        "حلقة قراءة للأطفال",
        "ar",
        "individual",
        "young",
        78_000,
        "ساعة قراءة كل جمعة بالعربية والإنجليزية في غرفة المجتمع، مع كتب يأخذها الأطفال إلى البيت.",
        "الأطفال من خمس إلى عشر سنوات.",
        "سلمى المخترعة",
    ),
    Request(
        "Football kit for the under-elevens",
        "en",
        "group",
        "young",
        132_000,
        "Shirts, balls and goals for a team that now plays in coats.",
        "22 children.",
        "Coach Bellweather",
    ),
    Request(
        "Freezer for shared meals",
        "en",
        "individual",
        "food",
        45_000,
        "A second-hand chest freezer in the community kitchen, so that cooked food is not thrown away.",
        "Anyone who needs a meal.",
        "Ines Fabuloso",
    ),
    Request(
        "Repair of the community piano",
        "en",
        "individual",
        "together",
        58_000,
        "Tuning, and seven new keys.",
        "Whoever plays, and whoever listens.",
        "Olu Notreal",
    ),
    Request(
        "Winter coats swap",
        "en",
        "group",
        "safe",
        30_000,
        "Two Saturdays with rails, hangers and hot soup. What is left goes to the shelter.",
        "Families on the estate.",
        "Block C neighbours",
    ),
    Request(
        "Podcast by teenagers",
        "en",
        "group",
        "young",
        175_000,
        "Microphones and a trainer for eight young people to tell what it is like to grow up here.",
        "Teenagers from 13 to 18.",
        "Hillgrove Youth Voices",
    ),
)
