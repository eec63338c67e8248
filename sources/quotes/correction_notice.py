"""A pattern that recognises notices of a correction, an update or a retraction on a page, in many languages."""

import re

# How news sites open a notice, at the start of a line or sentence: a word that a colon, a dash, a bracket or a date
# must follow, or a phrase that is notice enough.
_WORDS = (
    r"corrections?(?: and clarifications?)?|clarifications?|editor['’]s note|retraction|erratum|errata|corrigendum",
    r"korrektur|berichtigung|richtigstellung|anmerkung der redaktion",
    r"rectificatif|note de la rédaction",
    r"corrección|rectificación|fe de erratas?|nota de la redacción",
    r"correção|nota da redação|correzione|rettifica|errata corrige|correctie|rectificatie|sprostowanie|korekta",
    r"исправление|поправка|опровержение|تصحيح|تصويب",
    r"更正|勘误|勘誤|订正|訂正|お詫びと訂正|おわびと訂正|정정(?:보도)?|바로잡습니다|แก้ไขข่าว|ข้อแก้ไข",
)
_PHRASES = (
    r"(?:this|the) (?:article|story|page|report|release) (?:was|has been) "
    r"(?:corrected|amended|updated|revised|retracted)",
    r"an earlier version of this (?:article|story|page|report)|in einer früheren (?:version|fassung)",
    r"une version (?:antérieure|précédente) de cet article|una versión anterior de este artículo",
    r"uma versão anterior (?:desta|deste)|una versione precedente di questo articolo|in een eerdere versie",
)
NOTICE = re.compile(
    rf"(?:^|[.!?。]\s*)[\[(*【]?\s*(?:(?:{'|'.join(_WORDS)})\s*(?:[:：—–\]】)(-]|\d|$|of \d)|(?:{'|'.join(_PHRASES)}))",
    re.IGNORECASE | re.MULTILINE,
)
