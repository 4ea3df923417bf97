"""The most frequent words that say nothing about a topic, where scikit-learn has no list."""

from __future__ import annotations

from collections.abc import Mapping

_LISTS = {
    "en": """don doesn didn isn aren wasn won wouldn couldn shouldn ve ll re just really like also
        need needs get got make think want would could should people lot thing things""",
    "ar": """في من على إلى الى عن مع هذا هذه ذلك تلك التي الذي الذين هو هي هم نحن أنا انا أنت كان
        كانت يكون تكون ليس لا ما لم لن قد كل بعض أن ان إن أو او ثم حتى عند بين بعد قبل كما لكن
        هناك أي اي غير عندما حيث كيف لماذا منذ خلال فقط أكثر اكثر جدا يجب""",
    "bn": """এবং ও আর কিন্তু যে এই সেই তা তার তারা আমি আমরা আমার আমাদের তুমি আপনি আপনার সে
        তাদের এটা এটি ওটা কি কী না নয় নেই হয় হবে হচ্ছে ছিল আছে থেকে জন্য সঙ্গে সাথে করে করা
        করতে করুন হতে যদি তবে তাই মধ্যে উপর পর আগে এর একটি এক কোন কোনো সব খুব আরও যা যায় যাবে
        দিয়ে কাছে যখন তখন উচিত""",
    "cy": """y yr a ac ar i o yn ei eu fy dy ein eich mae oedd yw bod am gan gyda wrth rhag dan hyn
        hynny hwn hon fel ond neu os pan bydd cael wedi nid ddim dim mwy iawn pob rhai sydd sy""",
    "de": """der die das den dem des ein eine einen einem einer eines und oder aber nicht kein keine
        keinen ist sind war waren wird werden wurde hat haben hatte sein ich bin du er sie es wir
        ihr mir dir ihm ihn ihnen mich dich sich uns euch mein dein unser ihre auf in im an am zu
        zum zur von vom mit bei
        für aus nach über unter auch als wie wenn dass daß weil so nur noch schon sehr mehr man
        kann können muss müssen soll sollen sollte sollten durch um bis hier dort was wer da dann
        diese dieser dieses diesen alle alles damit ohne zb""",
    "es": """el la los las un una unos unas y o pero no de del al a en con por para sin sobre entre
        que qué se su sus es son era fue ser estar está están hay ha han he lo le les me te nos mi
        tu nuestro nuestra este esta estos estas ese esa eso como cómo más menos muy ya también si
        sí cuando donde porque todo toda todos todas debe deben puede pueden hasta desde""",
    "fr": """le la les un une des du de et ou mais ne pas plus au aux en dans sur sous par pour avec
        sans entre que qui quoi dont où se sa son ses ce cet cette ces est sont était être ont
        avoir il elle ils elles on nous vous je tu me te mon ma mes ton ta notre nos votre vos
        leur leurs comme si très bien aussi tout toute tous toutes faut peut doit doivent plus
        quand parce car donc même""",
    "it": """il lo la i gli le un uno una e o ma non di del della dei delle dello da dal in nel
        nella con su per tra fra che chi cui è sono era essere ha hanno ho si se suo sua loro mio
        mia nostro nostra questo questa questi queste quello quella come più meno molto anche quando
        dove perché tutto tutti tutte deve devono può possono al alla ai alle""",
    "pl": """i oraz a ale lub albo nie tak jest są był była było być ma mają się na w we z ze do od
        dla po przez pod nad przy za o u że który która które którzy to ten ta te tego tej tych jak
        jako co czy gdy gdzie bo więc już też także tylko bardzo więcej mniej my wy oni one on ona
        mój moja nasz nasza ich jego jej wszystko wszyscy powinien powinna powinno powinny może
        można trzeba""",
    "pt": """o a os as um uma uns umas e ou mas não de do da dos das em no na nos nas ao à por para
        com sem sobre entre que quem se seu sua seus suas é são era foi ser estar está estão há
        tem têm ter eu tu ele ela eles elas nós vós meu minha nosso nossa este esta esse essa isso
        isto como mais menos muito também já quando onde porque tudo todos todas deve devem pode
        podem até""",
    "so": """iyo oo ama laakiin waa ma aan ku ka u la si in ay uu aad way wuu waxa waxaa waxay wax
        kale kan tan kuwa halkan hadda sida marka haddii sababta dhammaan badan yar mid jira ah
        ahaa yahay tahay ayaa ayaan ayay ayuu baa ha inta ilaa kala isku aanu waxaan waxaanu rabnaa
        rabaa baahannahay""",
    "sq": """dhe ose por nuk është janë ishte ka kanë një i e të së në me për nga te tek që si kur
        ku çdo gjithë shumë më pak po jo ai ajo ata ato unë ti ne ju ky kjo këto këta duhet mund do
        edhe vetëm pasi sepse""",
    "tr": """ve veya ama fakat de da ki bu şu o bir için ile gibi kadar daha çok az en mi mı mu mü
        değil var yok olan olarak olması olmalı olur ne neden nasıl her bütün tüm ben sen biz siz
        onlar benim bizim sonra önce göre ya hem çünkü eğer ise""",
    "uk": """і й та або але не так є був була було бути має мають що як який яка яке які це цей ця
        ці того тому на в у з із зі до від для по про при за під над через коли де бо чи вже також
        тільки дуже більше менше ми ви вони він вона воно мій наш їх його її всі все можна треба
        потрібно""",
    "zh": """我们 他们 你们 这个 那个 因为 所以 但是 如果 可以 应该 没有 不是 就是 一个 什么
        怎么 我們 他們 你們 這個 那個 因為 如果 應該 沒有 一個 什麼 怎麼 的人 也是 還是""",
}

STOP_WORDS: Mapping[str, frozenset[str]] = {
    language: frozenset(words.split()) for language, words in _LISTS.items()
}
