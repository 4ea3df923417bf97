"""Words that a facilitator should look at twice: short lists by language, never a ban.

Kept to what is meant to hurt wherever it is said. Words for dogs, rubbish and dirt are left out
where they are insults too: an estate talks of those all evening. Words are as `opinions.tokens`
cuts them; endings of a language's own are spelt out. More languages are more entries.
"""

from __future__ import annotations

from panel_app.opinions.tokens import words_of

RUDE_WORDS: dict[str, frozenset[str]] = {
    "en": frozenset(
        """
        arse arsehole arseholes asshole assholes bastard bastards bellend bitch bitches bollocks
        bullshit chink coon cunt cunts dickhead dickheads faggot faggots fuck fucked fucker
        fuckers fucking gypo kike moron morons motherfucker nigger niggers paki pakis pikey pikeys
        prick pricks retard retarded retards scum scumbag scumbags shit shite shitty slag slags
        slut sluts spastic tosser tossers tranny twat twats wanker wankers whore whores wog
        """.split()
    ),
    "bn": frozenset(
        """
        বাল বালের শালা শালার শালী হারামি হারামির হারামজাদা হারামজাদী কুত্তার খানকি খানকির মাগি
        মাগির মাগী চোদা চুদি চুদির চোদনা বেশ্যা বেজন্মা শুয়োরের মালাউন বোকাচোদা
        """.split()
    ),
    "ar": frozenset(
        "شرموطة شراميط عاهرة عاهرات قحبة قحاب منيوك خرا حقير حقيرة حقراء ملعون حثالة".split()
    ),
    "so": frozenset("dhilo dhillo wase waseey nacas nacasyo doqon doqomo".split()),
    "fr": frozenset(
        """
        connard connards connasse conne con cons enculé enculés merde pute putes putain salope
        salopes salaud salauds bougnoule nègre nègres pédé pédés bâtard bâtards
        """.split()
    ),
    "es": frozenset(
        """
        cabrón cabrones cabron puta putas puto mierda gilipollas hijoputa maricón maricones
        maricon joder coño imbécil imbéciles sudaca sudacas
        """.split()
    ),
    "sq": frozenset("kurvë kurva pidh bythë budalla idiot idiotë pederast".split()),
    "pt": frozenset(
        """
        cabrão cabrões caralho puta putas merda foder fodido paneleiro paneleiros
        """.split()
    ),
    "pl": frozenset(
        """
        kurwa kurwy chuj chuja huj jebać jebany jebani pierdolić pierdolony skurwysyn
        skurwysyny suka suki dziwka dziwki pedał pedały ciapaty ciapaci debil debile
        """.split()
    ),
    "tr": frozenset(
        """
        amk siktir sikeyim orospu orospular piç pezevenk göt ibne ibneler yavşak gerizekalı
        şerefsiz şerefsizler salak
        """.split()
    ),
}
#: As they are compared: folded as words of statements are.
_FOLDED = {
    language: frozenset(word for typed in words for word in words_of(typed))
    for language, words in RUDE_WORDS.items()
}


def rude(text: str, language: str) -> list[str]:
    """Return the words of a text on its language's list or the English one, each once, in order."""
    listed = _FOLDED["en"] | _FOLDED.get(language, frozenset())
    return [word for word in dict.fromkeys(words_of(text)) if word in listed]
