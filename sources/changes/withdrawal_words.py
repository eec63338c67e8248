"""Recognise a line by which a page says that its article was withdrawn, removed or corrected, in many languages."""

import re

from sources.quotes.correction_notice import NOTICE

# A noun for what was published and a verb for what became of it, in one sentence. Words of error pages, of consent and
# of accounts are no such nouns, and "not found" is no such verb.
_NOUNS_AND_VERBS = (
    (
        r"article|story|report|statement|post|piece|paper|study|publication|press release|release|column|dispatch"
        r"|interview|tweet|analysis",
        r"withdr[ae]wn?|retract(?:ed|s|ing|ion)|unpublished|took down|taken down|removed|deleted|pulled|corrected"
        r"|amended|rescinded|revoked|disavow(?:ed|s)?|stands? by|did not meet|no longer (?:valid|accurate|endorsed?)",
    ),
    (
        r"artikels?|beitr[aä]g(?:s|es|e)?|berichts?|meldung|mitteilung|erklärung|studie|veröffentlichung",
        r"zurückgezogen|zurückgenommen|widerrufen|entfernt|gelöscht|korrigiert|berichtigt|depubliziert"
        r"|offline genommen",
    ),
    (
        r"articles?|textes?|reportages?|communiqués?|déclarations?|publications?|études?|tribune|enquête",
        r"retirée?s?|dépubliée?s?|supprimée?s?|rétractée?s?|corrigée?s?|rectifiée?s?|rétractation",
    ),
    (
        r"artículos?|texto|reportaje|nota|noticia|información|comunicado|declaración|publicación|estudio",
        r"retirad[oa]s?|retractad[oa]s?|eliminad[oa]s?|corregid[oa]s?|rectificad[oa]s?|despublicad[oa]s?|borrad[oa]s?",
    ),
    (
        r"artigos?|texto|reportagem|matéria|notícia|nota|comunicado|declaração|publicação|estudo",
        r"retirad[oa]s?|removid[oa]s?|excluíd[oa]s?|apagad[oa]s?|corrigid[oa]s?|retificad[oa]s?|despublicad[oa]s?|retratad[oa]s?",
    ),
    (
        r"articol[oi]|testo|servizio|notizia|comunicato|dichiarazione|pubblicazione|studio",
        r"ritirat[oaie]|rimoss[oaie]|cancellat[oaie]|eliminat[oaie]|corrett[oaie]|rettificat[oaie]|ritrattat[oaie]",
    ),
    (
        r"artikel|bericht|stuk|tekst|verhaal|verklaring|persbericht|publicatie|studie|onderzoek",
        r"ingetrokken|teruggetrokken|verwijderd|gerectificeerd|gecorrigeerd|offline gehaald",
    ),
    (
        r"artykuł[u]?|tekst[u]?|materiał|informacj[aię]|komunikat|oświadczenie|publikacj[aię]|badanie|wpis",
        r"wycofan[yaeo]|usunięt[yaeo]|skasowan[yaeo]|sprostowan[yaeo]|poprawion[yaeo]|odwołan[yaeo]",
    ),
    (
        r"стать[яюи]|текст|материал|публикаци[яюи]|сообщение|заявление|новость|исследование|репортаж|заметк[ау]",
        r"отозван[аоы]?|удал[её]н[аоы]?|снят[аоы]?|исправлен[аоы]?|опровергнут[аоы]?|отредактирован[аоы]?|изъят[аоы]?",
    ),
    (
        r"статт[яюі]|текст|матеріал|публікаці[яюї]|повідомлення|заяв[ау]|новин[ау]|дослідження",
        r"відкликан[аоеий]+|видален[аоеий]+|знят[аоеий]+|виправлен[аоеий]+|спростован[аоеий]+",
    ),
    (
        r"artikel|artikeln|texten|rapporten|uttalandet|studien|artiklen|teksten|udtalelsen|uttalelsen|saken|innlegget",
        r"tillbakadrag(?:en|its)|dragits tillbaka|återkallats|borttag(?:en|its)|tagits bort|rättats|trukket"
        r"|fjernet|slettet|rettet|korrigert|avpublisert|avpublicerats",
    ),
    (
        r"článek|text|zpráva|prohlášení|studie|příspěvek|článok|správa|članak|tekst|izjava|cikk(?:et)?|közlemény|nyilatkozat"
        r"|articolul|textul|declarația|comunicatul",
        r"stažen[ay]?|odstraněn[ay]?|smazán[ay]?|opraven[ay]?|stiahnut[ýáé]|odstránen[ýáé]|povučen[ao]?|uklonjen[ao]?"
        r"|visszavont(?:uk|ák)?|eltávolított(?:uk|ák)?|töröl(?:tük|ték)|javított(?:uk|ák)?|retras[ăe]?|șters[ăe]?|corectat[ăe]?",
    ),
    (
        r"haber(?:i|imiz)?|yazı(?:sı)?|makale(?:si)?|açıklama(?:sı)?|rapor|çalışma|metin",
        r"geri çek(?:ildi|ilmiştir|tik)|kaldır(?:ıldı|ılmıştır|dık)|yayından|silin(?:di|miştir)"
        r"|düzelt(?:ildi|ilmiştir|me)",
    ),
    (
        r"άρθρο|κείμενο|ανακοίνωση|δήλωση|δημοσίευμα|ρεπορτάζ|μελέτη",
        r"αποσύρθηκε|ανακλήθηκε|αφαιρέθηκε|διαγράφηκε|διορθώθηκε|κατέβηκε",
    ),
    (
        r"\w{0,2}(?:المقال[ةه]?|الخبر|التقرير|البيان|النص|الماد[ةه]|الدراس[ةه]|المنشور)",
        r"سحب\w*|حذف\w*|إزال[ةه]|تصحيح\w*|تراجع\w*|ألغي\w*|سُحب\w*|حُذف\w*|أُزيل\w*",
    ),
    (
        r"مقاله|خبر|گزارش|بیانیه|متن|مطلب",
        r"پس گرفته|حذف|اصلاح|برداشته|لغو",
    ),
    (r"הכתבה|המאמר|הידיעה|הדו\"ח|ההודעה|הפרסום|הטקסט", r"הוסר[ה]?|נמחק[ה]?|נמשכ[ה]?|תוק(?:ן|נה)|הוסרו|בוטל[ה]?"),
    (r"लेख|खबर|ख़बर|रिपोर्ट|बयान|समाचार|अध्ययन", r"वापस|हटा|सुधार|रद्द|संशोधित"),
    (
        r"artikel|berita|laporan|pernyataan|tulisan|tin|bài (?:viết|báo)|bản tin|tuyên bố",
        r"ditarik|dihapus|dikoreksi|diralat|dicabut|rút|gỡ|xóa|đính chính",
    ),
)
_DENSE = (
    r"(?:文章|报道|報道|報導|新闻|新聞|声明|聲明|稿件|原文|论文|論文|内容|內容).{0,20}(?:撤回|撤稿|撤下|删除|刪除|下架|更正|收回)",
    r"(?:撤回|撤稿|删除|刪除|下架|更正).{0,12}(?:文章|报道|報道|報導|新闻|新聞|声明|聲明|稿件|论文|論文)",
    r"(?:記事|声明|論文|発表|投稿|本文|ニュース).{0,24}(?:撤回|取り消|取消|削除|訂正|取り下げ)",
    r"(?:기사|보도|성명|논문|발표|게시물|글).{0,24}(?:철회|삭제|취소|정정|내려)",
    # What this text is said to be, and at the end of the sentence, after all reasons, what became of it.
    r"(?:この|本|当|当該|同)(?:記事|論文|報道|投稿|声明|発表)(?:は|を|につ)[^。！？]{0,250}(?:撤回|取り消|取消|削除|訂正|取り下げ)",
    r"[本该該此这這]篇?(?:文|报道|報道|報導|新闻|新聞|声明|聲明|稿件|论文|論文)[^。！？]{0,250}"
    r"(?:撤回|撤稿|撤下|删除|刪除|下架|更正|收回)",
    r"(?:이|본|해당) (?:기사|보도|성명|논문|발표|게시물|글)(?:는|은|를|을)[^.!?]{0,300}(?:철회|삭제|취소|정정|내려)",
    r"(?:บทความ|ข่าว|รายงาน|แถลงการณ์).{0,40}(?:ถอน|ลบ|แก้ไข|เพิกถอน)",
)
_PAIRS = [
    re.compile(
        rf"\b(?:{nouns})\b[^.!?]{{0,120}}?\b(?:{verbs})\b|\b(?:{verbs})\b[^.!?]{{0,60}}?\b(?:{nouns})\b", re.IGNORECASE
    )
    for nouns, verbs in _NOUNS_AND_VERBS
]
_DENSE_PAIRS = re.compile("|".join(_DENSE))
# Consent that readers may withdraw, of which cookie banners speak beside their own statements and reports.
_WITHDRAW = (
    r"(?:withdr[ae]w\w*|revok\w+|widerruf\w*|zurück(?:ge)?zogen|zurückzuziehen|zurückziehen|retir\w+|révoqu\w+|revoc\w+"
    r"|revog\w+|ritir\w+|intrekken|ingetrokken|cofn\w+|wycof\w+|odvola\w+|отозва\w+|відклика\w+|återkalla\w*|trekke\w*)"
)
_CONSENT = (
    r"(?:consent|permission|einwilligung\w*|zustimmung\w*|consent\w+|autorisation|toestemming|zgod\w+|souhlas\w*"
    r"|согласи\w+|згод\w+|samtycke\w*|samtykke\w*)"
)
_OF_CONSENT = re.compile(
    rf"\b{_WITHDRAW}(?:\W+\w+){{0,2}}?\W+{_CONSENT}\b|\b{_CONSENT}(?:\W+\w+){{0,4}}?\W+{_WITHDRAW}\b"
    "|(?:撤回|取消|收回).{0,6}同意|同意.{0,6}(?:撤回|取り消|取消)|동의.{0,6}(?:철회|취소)",
    re.IGNORECASE,
)
_LONGEST = 1_000  # characters of a line that are read


def is_withdrawal(line: str) -> bool:
    """Whether a line says that what was published was withdrawn, removed or corrected."""
    line = _OF_CONSENT.sub(" ", line[:_LONGEST])
    if NOTICE.search(line) or any(pair.search(line) for pair in _PAIRS):
        return True
    return not line.isascii() and _DENSE_PAIRS.search(line) is not None
