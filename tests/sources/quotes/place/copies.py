"""Paragraphs in twelve languages, each with an edit, to be repeated on their page in pull quotes, teasers and lists."""

from typing import NamedTuple


class Article(NamedTuple):
    lead: str
    also: str
    quote: str
    edited: str
    next: str
    last: str


ARTICLES = {
    "en": Article(
        "The harbour board met on Thursday to hear what the new breakwater has cost so far.",
        "Its chair read out a letter in which the builders ask for a further year of time.",
        "The breakwater was to cost 38 million crowns and to hold for sixty winters.",
        "The breakwater was to cost 83 million crowns and to hold for sixty winters.",
        "Divers have found cracks in the third pier, which nobody had mentioned before.",
        "The board wants to decide in autumn whether the builders get the time they ask for.",
    ),
    "de": Article(
        "Der Hafenrat hat sich am Donnerstag berichten lassen, was die neue Mole bisher gekostet hat.",
        "Die Vorsitzende verlas einen Brief, in dem die Baufirma um ein weiteres Jahr bittet.",
        "Die Mole wird nach dem Gutachten der Stadt sicher sechzig Winter halten.",
        "Die Mole wird nach dem Gutachten der Stadt kaum sechzig Winter halten.",
        "Taucher haben im dritten Pfeiler Risse gefunden, von denen bisher keine Rede war.",
        "Im Herbst will der Rat entscheiden, ob die Firma die Zeit bekommt, um die sie bittet.",
    ),
    "es": Article(
        "La junta del puerto se reunió el jueves para saber cuánto ha costado hasta ahora el dique nuevo.",
        "Su presidenta leyó una carta en la que los constructores piden un año más de plazo.",
        "El dique resistió las tormentas del invierno y no necesita reparaciones.",
        "El dique no resistió las tormentas del invierno y necesita reparaciones.",
        "Unos buzos han encontrado grietas en el tercer pilar, de las que nadie había hablado.",
        "La junta quiere decidir en otoño si concede a los constructores el tiempo que piden.",
    ),
    "fr": Article(
        "Le conseil du port s'est réuni jeudi pour apprendre ce que la nouvelle digue a coûté jusqu'ici.",
        "Sa présidente a lu une lettre dans laquelle les constructeurs demandent une année de plus.",
        "La digue a été payée à hauteur de 64 pour cent par la région et la ville.",
        "La digue a été payée à hauteur de 46 pour cent par la région et la ville.",
        "Des plongeurs ont trouvé des fissures dans le troisième pilier, dont personne n'avait parlé.",
        "Le conseil veut décider à l'automne s'il accorde aux constructeurs le temps demandé.",
    ),
    "pt": Article(
        "A junta do porto reuniu-se na quinta-feira para saber quanto custou até agora o novo molhe.",
        "A presidente leu uma carta em que os construtores pedem mais um ano de prazo.",
        "O molhe deve ficar pronto antes que comecem as marés altas do inverno.",
        "O molhe pode ficar pronto depois que comecem as marés altas do inverno.",
        "Mergulhadores encontraram fendas no terceiro pilar, de que ninguém tinha falado.",
        "A junta quer decidir no outono se dá aos construtores o tempo que pedem.",
    ),
    "hi": Article(
        "बंदरगाह परिषद ने गुरुवार को यह जानने के लिए बैठक की कि नए बाँध पर अब तक कितना खर्च हुआ है।",
        "अध्यक्ष ने एक पत्र पढ़ा जिसमें निर्माताओं ने एक और साल का समय माँगा है।",
        "नए बाँध पर कुल 38 करोड़ रुपये खर्च हुए और वह साठ साल तक टिकेगा।",
        "नए बाँध पर कुल 83 करोड़ रुपये खर्च हुए और वह साठ साल तक टिकेगा।",
        "गोताखोरों को तीसरे खंभे में दरारें मिली हैं जिनका पहले किसी ने ज़िक्र नहीं किया था।",
        "परिषद पतझड़ में तय करना चाहती है कि निर्माताओं को समय दिया जाए या नहीं।",
    ),
    "ar": Article(
        "اجتمع مجلس الميناء يوم الخميس ليعرف كم كلف حاجز الأمواج الجديد حتى الآن.",
        "وقرأت رئيسة المجلس رسالة يطلب فيها البناؤون سنة أخرى لإنهاء العمل.",
        "بلغت كلفة الحاجز الجديد 38 مليون دينار وسيصمد ستين شتاء على الأقل.",
        "بلغت كلفة الحاجز الجديد 83 مليون دينار وسيصمد ستين شتاء على الأقل.",
        "ووجد الغواصون شقوقا في الدعامة الثالثة لم يتحدث عنها أحد من قبل.",
        "ويريد المجلس أن يقرر في الخريف هل يمنح البنائين الوقت الذي طلبوه.",
    ),
    "zh": Article(
        "港口委员会星期四开会，听取新防波堤迄今为止花费了多少资金的报告，会议持续了三个小时。",
        "委员会主席宣读了一封信，承建商在信中请求再宽限一年的时间来完成剩余的工程。",
        "新防波堤的造价为38亿元，设计使用年限为六十年，由省和市共同承担。",
        "新防波堤的造价为83亿元，设计使用年限为六十年，由省和市共同承担。",
        "潜水员在第三根桥墩上发现了裂缝，此前从来没有任何人提到过这件事情。",
        "委员会希望在秋天决定是否给予承建商他们所要求的时间，届时还将公布报告。",
    ),
    "ja": Article(
        "港湾委員会は木曜日に会合を開き、新しい防波堤にこれまでいくらかかったかの報告を受けた。",
        "委員長は、建設会社があと一年の猶予を求めている手紙を出席者全員の前で読み上げた。",
        "新しい防波堤の建設費は38億円で、六十年の冬に耐えるとされている。",
        "新しい防波堤の建設費は83億円で、六十年の冬に耐えるとされている。",
        "潜水士は第三の橋脚にひび割れを見つけたが、それまで誰もそのことに触れていなかった。",
        "委員会は、会社が求める時間を与えるかどうかを秋に決めたいと考えていると述べた。",
    ),
    "pl": Article(
        "Rada portu zebrała się w czwartek, by usłyszeć, ile dotąd kosztował nowy falochron.",
        "Przewodnicząca odczytała list, w którym budowniczowie proszą o kolejny rok.",
        "Falochron zbudowała spółka Wiślana, a płaciły za niego miasto i województwo.",
        "Falochron zbudowała spółka Morska, a płaciły za niego miasto i województwo.",
        "Nurkowie znaleźli w trzecim filarze pęknięcia, o których nikt wcześniej nie wspominał.",
        "Rada chce jesienią zdecydować, czy budowniczowie dostaną czas, o który proszą.",
    ),
    "ru": Article(
        "Совет порта собрался в четверг, чтобы узнать, сколько стоил до сих пор новый волнолом.",
        "Председатель прочла письмо, в котором строители просят ещё один год для работ.",
        "Волнолом выдержал обе зимние бури, и ремонтировать его не придётся.",
        "Волнолом не выдержал обе зимние бури, и ремонтировать его придётся.",
        "Водолазы нашли в третьей опоре трещины, о которых раньше никто не говорил.",
        "Совет хочет осенью решить, дать ли строителям время, о котором они просят.",
    ),
    "ko": Article(
        "항만 위원회는 목요일에 모여 새 방파제에 지금까지 얼마가 들었는지 보고를 들었다.",
        "위원장은 건설사가 일 년을 더 달라고 부탁하는 편지를 참석자들 앞에서 읽었다.",
        "새 방파제의 건설 비용은 38억 원이며 예순 번의 겨울을 견딜 것이라고 한다.",
        "새 방파제의 건설 비용은 83억 원이며 예순 번의 겨울을 견딜 것이라고 한다.",
        "잠수부들은 셋째 기둥에서 금이 간 곳을 찾았는데 전에는 아무도 말하지 않았다.",
        "위원회는 건설사가 부탁한 시간을 줄지 가을에 결정하려 한다고 밝혔다.",
    ),
}

UNSPACED = {"zh", "ja"}

HEAD = "Start\nTown\nSea\n\nNews of the quay\n"
FOOT = "\nMost read\n  Fog over the sound\n  Herring is back\nImprint\nContact\n"

# How a copy is set beside its paragraph, as extraction reads it: what stands before it and after it.
COPIES = {
    "blockquote": ("\n\n", "\n\n"),
    "pull quote in marks": ("\n\n“", "”\n\n"),
    "figcaption": ("\n\n", "\n"),
    "aside": ("\n", "\n\n"),
    "heading": ("\n\n", "\n\n"),
    "list item": ("\n\n  ", "\n\n"),
}


def page(*blocks: str) -> str:
    return HEAD + "\n\n".join(blocks) + FOOT


def paragraph(language: str, *sentences: str) -> str:
    return ("" if language in UNSPACED else " ").join(sentences)


def unlike(language: str) -> str:
    """A sentence of the language that is like no other: the words of the first in the reverse order."""
    lead = ARTICLES[language].lead
    words = lead[:-1] if language in UNSPACED else lead[:-1].split()
    return ("" if language in UNSPACED else " ").join(reversed(words)).capitalize() + lead[-1]
