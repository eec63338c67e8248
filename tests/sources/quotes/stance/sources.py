"""Edits of who says a sentence, in every language with cue tables: its source exchanged, or the same by other words.

For each language: an opening paragraph that names the source, the sentence Q, and edits as (expected, before, now).
"""

from typing import NamedTuple


class Sources(NamedTuple):
    opening: str
    quote: str
    edits: tuple[tuple[str, str, str], ...]


S, A = "stands", "reattributed"

SOURCES = {
    "en": Sources(
        "The harbour board met in Calder on Monday. Its chair, Mona Price, presented the annual accounts.",
        "the ferry carried 41,000 passengers last year",
        (
            (A, "The harbour board says that {Q}.", "A shareholder who wants her money back says that {Q}."),
            (A, "“{Q},” said Mona Price, chair of the board.", "“{Q},” said Glen Tarr, chair of the shop owners."),
            (A, "“{Q},” said Mona Price.", "“{Q},” quipped a landlord on the quay."),
            (
                A,
                "{Q}, and most of them came back.",
                "To hear the islanders’ committee tell it: {Q}, and most of them came back.",
            ),
            (A, "Then {Q} in all weathers, the board says.", "Then {Q} in all weathers, a rival carrier swears."),
            (A, "Chair Mona Price reckoned that {Q}.", "A tour guide without a licence reckoned that {Q}."),
            (S, "The harbour board says that {Q}.", "The harbour board said on Monday that {Q}."),
            (S, "The harbour board says that {Q}.", "A spokeswoman for the harbour board says that {Q}."),
            (S, "“{Q},” she said.", "“{Q},” Price told reporters on the quay."),
            (S, "“{Q},” said Mona Price.", "“{Q},” she said."),
            (S, "“{Q},” said Mona Price.", "“{Q},” the chair, Mona Price, told a full hall in Calder."),
            (S, "According to the Calder Harbour Board, {Q}.", "According to the CHB, {Q}."),
            (S, "“{Q},” said Mona Price, chair of the board.", "“{Q},” Price said, with a smile."),
            (S, "In all, {Q}.", "In all, the board says, {Q}."),
        ),
    ),
    "de": Sources(
        "Das Hafenamt hat am Montag in Lohfeld seine Bilanz vorgelegt. Leiterin Petra Sommer sprach von Rekorden.",
        "die Fähre brachte im vergangenen Jahr 41.000 Gäste auf die Insel",
        (
            (A, "Laut Hafenamt gilt: {Q}.", "Laut einem anonymen Beitrag im Netz gilt: {Q}."),
            (A, "„{Q}“, sagt Amtsleiterin Petra Sommer.", "„{Q}“, sagt Gastwirt Uwe Lenz."),
            (A, "„{Q}“, sagt Petra Sommer.", "„{Q}“, spottet ein Vermieter vom Kai."),
            (A, "{Q}, so das Hafenamt am Montag.", "{Q}, so eine Kleinaktionärin am Montag."),
            (
                A,
                "Und {Q}, fast alle mit Fahrrad.",
                "Ein Mieter, der gegen das Amt klagt, gab zum Besten: {Q}, fast alle mit Fahrrad.",
            ),
            (S, "„{Q}“, sagt Amtsleiterin Petra Sommer.", "„{Q}“, so Sommer am Montag."),
            (S, "„{Q}“, sagt sie.", "„{Q}“, sagt Sommer vor Journalisten."),
            (S, "„{Q}“, sagt Petra Sommer.", "„{Q}“, sagt Petra Sommer, die das Amt seit 2015 leitet."),
            (S, "{Q}, so das Hafenamt.", "{Q}, so ein Sprecher des Hafenamts am Montag."),
            (S, "{Q}, so das Hafenamt am Montag.", "{Q}, so das Amt."),
            (S, "Laut Hafenamt gilt: {Q}.", "Nach Angaben des Hafenamts gilt: {Q}."),
            (A, "„{Q}“, sagt Sommer.", "„{Q}“, sagt Lenz."),
        ),
    ),
    "fr": Sources(
        "L’office du port a présenté lundi son bilan à Lormel. Sa directrice, Claire Aubry, parle d’un record.",
        "le bac a transporté 41 000 passagers l’an dernier",
        (
            (A, "Selon l’office du port, {Q}.", "Selon un message anonyme publié sur un réseau, {Q}."),
            (
                A,
                "« {Q} », explique Claire Aubry, directrice de l’office.",
                "« {Q} », explique Luc Morin, patron du café voisin.",
            ),
            (A, "« {Q} », explique Claire Aubry.", "« {Q} », ironise un bailleur du quai."),
            (A, "Enfin, {Q}, surtout en été.", "À en croire le collectif des riverains : {Q}, surtout en été."),
            (A, "{Q}, indique l’office du port.", "{Q}, jure un transporteur qui réclame sa part."),
            (S, "Selon l’office du port, {Q}.", "Selon l’office du port de Lormel, {Q}."),
            (S, "« {Q} », explique Claire Aubry.", "« {Q} », explique-t-elle."),
            (S, "« {Q} », explique-t-elle.", "« {Q} », a précisé Claire Aubry lundi."),
            (S, "« {Q} », explique Claire Aubry.", "« {Q} », se félicite la directrice, Claire Aubry."),
            (S, "{Q}, indique l’office du port.", "{Q}, a indiqué lundi une porte-parole de l’office du port."),
        ),
    ),
    "es": Sources(
        "La autoridad del puerto presentó el lunes sus cuentas en Almar. Su directora, Rosa Vidal, habló de récord.",
        "el transbordador llevó a 41.000 pasajeros el año pasado",
        (
            (A, "Según la autoridad del puerto, {Q}.", "Según una publicación sin firma, {Q}."),
            (A, "«{Q}», explica Rosa Vidal, directora del puerto.", "«{Q}», explica Julio Peña, dueño de un bar."),
            (A, "«{Q}», explica Rosa Vidal.", "«{Q}», bromea un accionista descontento."),
            (
                A,
                "Además, {Q}, sobre todo en verano.",
                "A juicio de la plataforma de vecinos: {Q}, sobre todo en verano.",
            ),
            (A, "{Q}, indica la autoridad del puerto.", "{Q}, jura un transportista que perdió el contrato."),
            (S, "Según la autoridad del puerto, {Q}.", "Según la autoridad del puerto de Almar, {Q}."),
            (S, "«{Q}», explica Rosa Vidal.", "«{Q}», explica ella."),
            (S, "«{Q}», explica.", "«{Q}», explicó Vidal el lunes."),
            (S, "«{Q}», explica Rosa Vidal.", "«{Q}», celebra la directora, Rosa Vidal."),
            (S, "{Q}, indica la autoridad del puerto.", "{Q}, indicó el lunes un portavoz de la autoridad del puerto."),
        ),
    ),
    "it": Sources(
        "L’autorità portuale ha presentato lunedì il bilancio a Savina. La direttrice, Elena Riva, parla di un record.",
        "il traghetto ha portato 41.000 passeggeri l’anno scorso",
        (
            (A, "Secondo l’autorità portuale, {Q}.", "Secondo un volantino senza firma, {Q}."),
            (A, "«{Q}», spiega Elena Riva, direttrice del porto.", "«{Q}», spiega Ugo Ferri, gestore di un bar."),
            (A, "«{Q}», spiega Elena Riva.", "«{Q}», ironizza un padrone di casa del molo."),
            (A, "Infine {Q}, soprattutto d’estate.", "Stando al comitato dei residenti: {Q}, soprattutto d’estate."),
            (A, "{Q}, comunica l’autorità portuale.", "{Q}, giura un vettore che ha perso l’appalto."),
            (S, "Secondo l’autorità portuale, {Q}.", "Secondo l’autorità portuale di Savina, {Q}."),
            (S, "«{Q}», spiega Elena Riva.", "«{Q}», spiega la direttrice."),
            (S, "«{Q}», spiega lei.", "«{Q}», ha detto Riva lunedì."),
            (S, "«{Q}», spiega Elena Riva.", "«{Q}», esulta la direttrice Elena Riva."),
            (S, "{Q}, comunica l’autorità portuale.", "{Q}, ha comunicato un portavoce dell’autorità portuale."),
        ),
    ),
    "pt": Sources(
        "A autoridade do porto apresentou ontem as contas em Almar. A diretora, Rosa Vidal, falou de recorde.",
        "o barco levou 41 mil passageiros no ano passado",
        (
            (A, "Segundo a autoridade do porto, {Q}.", "Segundo um texto anónimo que circula na rede, {Q}."),
            (A, "«{Q}», explica Rosa Vidal, diretora do porto.", "«{Q}», explica Júlio Penha, dono de um café."),
            (A, "«{Q}», explica Rosa Vidal.", "«{Q}», ironiza um senhorio do cais."),
            (
                A,
                "Além disso, {Q}, sobretudo no verão.",
                "Nas contas da comissão de moradores: {Q}, sobretudo no verão.",
            ),
            (A, "{Q}, indica a autoridade do porto.", "{Q}, jura um transportador que perdeu o contrato."),
            (S, "Segundo a autoridade do porto, {Q}.", "Segundo a autoridade do porto de Almar, {Q}."),
            (S, "«{Q}», explica Rosa Vidal.", "«{Q}», explica ela."),
            (S, "«{Q}», explica ela.", "«{Q}», disse Vidal na segunda-feira."),
            (S, "«{Q}», explica Rosa Vidal.", "«{Q}», congratula-se a diretora, Rosa Vidal."),
            (S, "{Q}, indica a autoridade do porto.", "{Q}, indicou um porta-voz da autoridade do porto."),
        ),
    ),
    "nl": Sources(
        "Het havenbedrijf gaf maandag in Merwede zijn jaarcijfers. Directeur Anja Smit sprak van een record.",
        "de veerboot vervoerde vorig jaar 41.000 reizigers",
        (
            (A, "Volgens het havenbedrijf geldt: {Q}.", "Volgens een bericht zonder afzender geldt: {Q}."),
            (A, "„{Q}”, zegt directeur Anja Smit.", "„{Q}”, zegt kroegbaas Henk Bol."),
            (A, "„{Q}”, zegt Anja Smit.", "„{Q}”, schampert een huisbaas aan de kade."),
            (A, "En {Q}, vooral in de zomer.", "Als het aan het bewonerscomité ligt: {Q}, vooral in de zomer."),
            (A, "{Q}, meldt het havenbedrijf.", "{Q}, zweert een vervoerder die de opdracht misliep."),
            (S, "„{Q}”, zegt directeur Anja Smit.", "„{Q}”, aldus Smit maandag."),
            (S, "„{Q}”, zegt ze.", "„{Q}”, zei Smit tegen verslaggevers."),
            (S, "„{Q}”, zegt Anja Smit.", "„{Q}”, zegt ze."),
            (S, "„{Q}”, zegt Anja Smit.", "„{Q}”, juicht Anja Smit, directeur van het havenbedrijf."),
            (S, "{Q}, meldt het havenbedrijf.", "{Q}, meldde een woordvoerder van het havenbedrijf maandag."),
        ),
    ),
    "pl": Sources(
        "Zarząd portu przedstawił w poniedziałek w Zarzeczu wyniki. Prezeska Hanna Wilk mówi o rekordzie.",
        "prom przewiózł w zeszłym roku 41 tysięcy pasażerów",
        (
            (A, "Według zarządu portu {Q}.", "Według niepodpisanego wpisu {Q}."),
            (A, "„{Q}” – mówi Hanna Wilk, prezeska portu.", "„{Q}” – mówi Adam Kos, właściciel baru."),
            (A, "„{Q}” – mówi Hanna Wilk.", "„{Q}” – drwi jeden z akcjonariuszy."),
            (A, "Poza tym {Q}, głównie latem.", "Komitet mieszkańców nabrzeża liczy po swojemu: {Q}, głównie latem."),
            (A, "{Q}, podaje zarząd portu.", "{Q}, zarzeka się przewoźnik bez koncesji."),
            (S, "Według zarządu portu {Q}.", "Według zarządu portu w Zarzeczu {Q}."),
            (S, "„{Q}” – mówi Hanna Wilk.", "„{Q}” – mówi prezeska."),
            (S, "„{Q}” – mówi.", "„{Q}” – powiedziała Wilk w poniedziałek."),
            (S, "„{Q}” – mówi Hanna Wilk.", "„{Q}” – cieszy się prezeska Hanna Wilk."),
            (S, "{Q}, podaje zarząd portu.", "{Q}, podał rzecznik zarządu portu."),
        ),
    ),
    "ru": Sources(
        "Управление порта представило в понедельник отчёт. Начальник порта Анна Седова говорит о рекорде.",
        "паром перевёз в прошлом году 41 тысячу человек",
        (
            (A, "По данным управления порта, {Q}.", "По словам неизвестного автора в сети, {Q}."),
            (A, "«{Q}», — сказала начальник порта Анна Седова.", "«{Q}», — сказал хозяин кафе Пётр Лужин."),
            (A, "«{Q}», — сказала Анна Седова.", "«{Q}», — усмехнулся домовладелец с набережной."),
            (
                A,
                "Кроме того, {Q}, в основном летом.",
                "Комитет жильцов набережной считает по-своему: {Q}, в основном летом.",
            ),
            (A, "{Q}, сообщает управление порта.", "{Q}, клянётся перевозчик, потерявший контракт."),
            (S, "По данным управления порта, {Q}.", "По данным управления порта города, {Q}."),
            (S, "«{Q}», — сказала Анна Седова.", "«{Q}», — сказала она."),
            (S, "«{Q}», — сказала она.", "«{Q}», — сказала Седова журналистам."),
            (S, "«{Q}», — сказала Анна Седова.", "«{Q}», — радуется начальник порта Анна Седова."),
            (S, "{Q}, сообщает управление порта.", "{Q}, сообщил представитель управления порта."),
        ),
    ),
    "ar": Sources(
        "عرضت هيئة الميناء يوم الاثنين حسابات العام. وتحدثت المديرة سلمى حداد عن رقم قياسي.",
        "العبّارة نقلت 41 ألف راكب في العام الماضي",
        (
            (A, "قالت هيئة الميناء إن {Q}.", "قال تاجر في السوق إن {Q}."),
            (A, "وقالت المديرة سلمى حداد إن {Q}.", "وقال صاحب المقهى فادي نجار إن {Q}."),
            (A, "وفق هيئة الميناء فإن {Q}.", "وفق عريضة وقعها السكان فإن {Q}."),
            (A, "«{Q}»، بحسب هيئة الميناء.", "«{Q}»، بحسب مساهم غاضب."),
            (S, "قالت هيئة الميناء إن {Q}.", "قالت هيئة الميناء يوم الاثنين إن {Q}."),
            (S, "قالت هيئة الميناء إن {Q}.", "قال متحدث باسم هيئة الميناء إن {Q}."),
            (S, "وقالت المديرة سلمى حداد إن {Q}.", "وقالت حداد إن {Q}."),
            (S, "«{Q}»، بحسب هيئة الميناء.", "«{Q}»، كما ذكرت هيئة الميناء."),
        ),
    ),
    "hi": Sources(
        "बंदरगाह प्राधिकरण ने सोमवार को अपना लेखा रखा। निदेशक अनीता जोशी ने इसे रिकॉर्ड बताया।",
        "नाव ने पिछले साल 41 हज़ार यात्री ढोए",
        (
            (A, "बंदरगाह प्राधिकरण के अनुसार {Q}।", "एक गुमनाम पोस्ट के अनुसार {Q}।"),
            (A, "निदेशक अनीता जोशी ने कहा कि {Q}।", "दुकानदार रमेश गुप्ता ने कहा कि {Q}।"),
            (A, "अनीता जोशी ने कहा, “{Q}”।", "एक मकान मालिक ने कहा, “{Q}”।"),
            (A, "प्राधिकरण ने बताया कि {Q}।", "मोहल्ला समिति ने बताया कि {Q}।"),
            (S, "बंदरगाह प्राधिकरण के अनुसार {Q}।", "राज्य के बंदरगाह प्राधिकरण के अनुसार {Q}।"),
            (S, "निदेशक अनीता जोशी ने कहा कि {Q}।", "अनीता जोशी ने सोमवार को कहा कि {Q}।"),
            (S, "अनीता जोशी ने कहा, “{Q}”।", "उन्होंने कहा, “{Q}”।"),
            (S, "प्राधिकरण ने बताया कि {Q}।", "प्राधिकरण के प्रवक्ता ने बताया कि {Q}।"),
        ),
    ),
    "ja": Sources(
        "港湾局は月曜日、年間の実績を発表した。佐藤美咲局長は過去最高だと話した。",
        "フェリーは昨年4万1000人を運んだ",
        (
            (A, "港湾局によると、{Q}。", "匿名の書き込みによると、{Q}。"),
            (A, "佐藤美咲局長は「{Q}」と話した。", "飲食店主の山田太郎さんは「{Q}」と話した。"),
            (A, "「{Q}」と港湾局は発表した。", "「{Q}」と住民の会は発表した。"),
            (A, "港湾局は、{Q}と説明した。", "ある株主は、{Q}と説明した。"),
            (S, "港湾局によると、{Q}。", "市の港湾局によると、{Q}。"),
            (S, "佐藤美咲局長は「{Q}」と話した。", "港湾局の佐藤美咲局長は「{Q}」と述べた。"),
            (S, "佐藤美咲局長は「{Q}」と話した。", "佐藤局長は月曜日、「{Q}」と話した。"),
            (S, "港湾局は、{Q}と説明した。", "港湾局の担当者は、{Q}と説明した。"),
        ),
    ),
    "zh": Sources(
        "港务局周一公布了年度数据。局长陈丽华称成绩创纪录。",
        "渡轮去年运送了4.1万名乘客",
        (
            (A, "港务局表示，{Q}。", "一名保安在网上留言，{Q}。"),
            (A, "局长陈丽华说：“{Q}。”", "餐馆老板王建国说：“{Q}。”"),
            (A, "据港务局介绍，{Q}。", "据一篇匿名帖子，{Q}。"),
            (A, "“{Q}，”港务局指出。", "“{Q}，”一位房东指出。"),
            (S, "港务局表示，{Q}。", "市港务局周一表示，{Q}。"),
            (S, "局长陈丽华说：“{Q}。”", "陈丽华局长说：“{Q}。”"),
            (S, "局长陈丽华说：“{Q}。”", "她说：“{Q}。”"),
            (S, "港务局表示，{Q}。", "港务局发言人表示，{Q}。"),
        ),
    ),
}
