"""A pattern that recognises notices of a correction, an update or a retraction on a page, in many languages."""

import re

# How news sites open a notice, at the start of a line or sentence: a word that a colon, a dash, a bracket or a date
# must follow, or a phrase that is notice enough.
_WORDS = (
    r"corrections?(?: (?:and|&) (?:clarifications?|amplifications?))?|clarifications?|(?:editor['’]?s"
    r"|editors['’]|editorial) note"
    r"|note (?:from the editors?|to (?:our )?readers)|retractions?|notice of retraction|expression of concern"
    r"|erratum|errata"
    r"|corrigend(?:um|a)|amendments?|for the record|corrected|clarified|amended|retracted|withdrawn"
    r"|an? (?:correction|clarification|apology)|statement of correction|we were wrong",
    r"korrektur(?:hinweis)?|berichtigung|richtigstellung|klarstellung|gegendarstellung|präzisierung"
    r"|transparenzhinweis|widerruf"
    r"|(?:anmerkung|anm\.|hinweis) (?:der|d\.) (?:redaktion|red\.)|redaktioneller hinweis|in eigener sache"
    r"|korrigiert|berichtigt",
    r"rectificatifs?|rectification|mise au point|rétractation|note de la rédaction|ndlr|corrigé|droit de réponse",
    r"corrección|correcciones|rectificación|aclaración|fe de err(?:atas?|ores)|nota (?:de la redacción"
    r"|del editor)|retractación"
    r"|corregido|n\. de la r\.",
    r"correç(?:ão|ões)|correcção|re[c]?tificação|esclarecimento|nota (?:da reda[c]?ção|do editor)|erramos"
    r"|retratação|corrigido",
    r"correzion[ei]|rettific[ah]e?|precisazion[ei]|nota della redazione|ndr|errata corrige|ritrattazione|smentita",
    r"correcties?|rectificaties?|verduidelijking|naschrift(?: van de redactie)?|noot van de redactie|intrekking"
    r"|gecorrigeerd",
    r"sprostowanie|korekta|od redakcji|uściślenie|wyjaśnienie redakcji|odwołanie|poprawka",
    r"исправлени[ея]|исправлено|поправк[аи]|опровержение|уточнение|от редакции|примечание редакции|отозвано",
    r"تصحيح|تصويب|استدراك|توضيح|تنويه|ملاحظة من التحرير|اعتذار وتصحيح",
    r"भूल[ -]सुधार|सुधार|संशोधन|शुद्धिपत्र|स्पष्टीकरण|संपादक(?:ीय)? (?:की )?टिप्पणी",
    r"更正(?:启事|啟事|声明|聲明)?|勘误|勘誤|订正|訂正|撤稿(?:声明|聲明)?|编者按|編者按|编者注|編者註|澄清(?:声明|聲明)?",
    r"お?詫びと訂正|おわびと訂正|記事の?(?:訂正|撤回)|編集部注|編集部より|撤回|정정(?:보도)?|바로잡습니다|แก้ไขข่าว|ข้อแก้ไข",
)
_PHRASES = (
    r"(?:this|the) (?:article|story|page|report|release|post|piece|item|headline|entry|text|video|podcast)"
    r"(?: (?:above|below))? (?:was|has been|has since been) (?:\w+ ){0,2}"
    r"(?:corrected|amended|updated|revised|retracted|clarified|withdrawn|changed to correct|edited to correct)",
    r"(?:in )?an? (?:earlier|previous|prior|original) (?:version|edition) of (?:this|the)",
    r"(?:this|the) (?:article|story|page|report|post|piece) (?:originally|initially|previously|incorrectly"
    r"|wrongly|mistakenly) ",
    r"we (?:have |had )?(?:corrected|retracted|clarified|incorrectly|wrongly|mistakenly|erroneously) ",
    r"due to an? (?:editing|production|reporting|typing) error|because of an editing error|owing to an editing error",
    r"in (?:einer|der) (?:früheren|vorherigen|ersten|ursprünglichen|vorigen|älteren) (?:version|fassung)",
    r"(?:eine|die) (?:frühere|vorherige|erste|ursprüngliche) (?:version|fassung)",
    r"(?:dieser|der) (?:artikel|beitrag|text|bericht) (?:wurde|ist) (?:\w+ ){0,3}(?:korrigiert|berichtigt"
    r"|zurückgezogen|geändert)",
    r"wir haben (?:\w+ ){0,5}(?:korrigiert|berichtigt|zurückgezogen)",
    r"(?:dans )?une (?:version|première version) (?:antérieure|précédente|initiale|de cet)"
    r"|la version (?:précédente|initiale)",
    r"cet article a été (?:\w+ ){0,2}(?:corrigé|rectifié|modifié|retiré)|nous avons (?:corrigé|rectifié|retiré)",
    r"contrairement à ce que nous (?:avons|avions)|nous (?:avions|avons) (?:écrit|indiqué"
    r"|annoncé) (?:par erreur|à tort)",
    r"(?:en )?una (?:primera )?versión (?:anterior|previa|de este)|este artículo (?:ha sido|fue) (?:\w+ ){0,2}"
    r"(?:corregido|rectificado|modificado|retirado)|hemos (?:corregido|rectificado|retirado)",
    r"(?:em |n)?uma versão anterior|este (?:artigo|texto) foi (?:\w+ ){0,2}(?:corrigido|retificado|alterado"
    r"|retirado)",
    r"(?:in )?una (?:prima )?versione (?:precedente|di questo)|questo articolo è stato (?:\w+ ){0,2}"
    r"(?:corretto|rettificato|modificato|ritirato)|abbiamo (?:corretto|rettificato|ritirato)",
    r"in een (?:eerdere|vorige|oudere) versie|dit (?:artikel|bericht) is (?:\w+ ){0,3}(?:gecorrigeerd"
    r"|gerectificeerd|ingetrokken)",
    r"w(?:e)? (?:poprzedniej|wcześniejszej|pierwotnej) wersji|ten artykuł został (?:\w+ ){0,2}(?:poprawiony"
    r"|skorygowany|wycofany)",
    r"в (?:предыдущей|прежней|первоначальной|ранней) версии|ранее (?:в статье )?(?:сообщалось|было указано|ошибочно)"
    r"|(?:эта )?статья (?:была )?(?:исправлена|отозвана)",
    r"(?:في )?نسخة سابقة من|(?:تم|جرى) (?:تصحيح|تعديل|سحب) (?:هذا|هذه|المقال)",
    r"(?:इस|यह) (?:लेख|ख़बर|खबर|रिपोर्ट) (?:के|को|में) (?:\S+ ){0,3}(?:सुधार|संशोधित|पिछले संस्करण|वापस)",
    r"(?:本文|本报道|本報道)(?:早前|此前|较早|較早|先前|已(?:作)?更正|已撤)|(?:较早|較早|早前|此前|先前)版本",
    r"(?:当初|以前の版|旧版|初版)(?:の記事|では|で)|この記事(?:は|を)(?:訂正|修正|撤回)",
)
_DATED = r"[^:：\n—–]{0,30}?\d[^:：\n—–]{0,25}?"
"""A date between a notice's word and its mark: `Correction, 3 May 2024:`, `Korrektur vom 3. Mai:`."""
NOTICE = re.compile(
    rf"(?:^|[.!?。]\s*)[\[(*【]?\s*(?:(?:{'|'.join(_WORDS)})"
    rf"\s*(?:[:：—–\]】)(-]|\d|$|of \d|[,;]?\s?{_DATED}[:：—–\])】])"
    rf"|(?:{'|'.join(_PHRASES)}))",
    re.IGNORECASE | re.MULTILINE,
)
