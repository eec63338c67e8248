"""Tell two entries of a series from two versions of one sentence.

`Week 12: 38 cases` and `Week 13: 31 cases` are alike and both true; of `38 people live there` and `31 people live
there` one is an edit of the other. Entries are told apart by their time, their label or what they speak of.

Pure: no network, no database.
"""

import re
from functools import cache

from sources.quotes.cues import LANGUAGES, WORD, cues_of, fold
from sources.quotes.normalization import CONTINUOUS, normal
from sources.quotes.word_diff import diff
from sources.quotes.words.modality import modals
from sources.quotes.words.negations import negations
from sources.quotes.words.quantities import COMPARED, quantities

Span = tuple[int, int]

_LABEL = 60
"""Characters of the longest line that is the label of the lines below it."""
_LINE = 300
"""Characters of its line before a sentence that tell its entry."""


def other_entry(was: str, now: str) -> bool:
    """Whether two like sentences, in their normal form and with their labels, may be two entries of a series.

    They have different times, and say something else besides or set the time off as their label; or they begin with
    another subject and say something else of it. Where nothing but the date of a sentence differs, it was edited.
    """
    changes = _changes(was, now)
    if not changes:
        return False
    first = changes[0]
    times = _times(was), _times(now)
    if all(times) and times[0] != times[1]:
        if _untimed(was) == _untimed(now):
            return _words_before(was, first) <= _OPENING and _sets_off(was, first)
        return len(changes) > 1 or _words_before(was, first) <= _OPENING
    return len(changes) > 1 and _opens(was, first) and _other_subject(was, now, first)


def labelled(text: str, start: int, end: int) -> str:
    """The normal form of a sentence with what stands before it in its line, or with the short line above it."""
    line = text.rfind("\n", max(0, start - _LINE), start) + 1 or max(0, start - _LINE)
    if text[line:start].strip():
        return normal(text[line:end])
    above = text[max(0, line - 2 * _LABEL) : line].rstrip().rpartition("\n")[2].strip()
    is_label = 0 < len(above) <= _LABEL and above.rstrip(_CLOSING)[-1:] not in ".!?…。！？।؟۔"
    return normal(f"{above}: {text[start:end]}" if is_label else text[start:end])


_CLOSING = "\"'”’»“‘)]」』】 "
_OPENING = 3
"""Words that may stand before the time with which an entry opens: `In the course of`."""
_Change = tuple[int, str, str]


def _changes(was: str, now: str) -> list[_Change]:
    """Where the wordings differ: the position in `was`, what went and what came."""
    found: list[_Change] = []
    at, start, removed, added = 0, 0, "", ""
    for sign, words in (*diff(was, now), ("=", "")):
        if sign == "=":
            if removed or added:
                found.append((start, removed, added))
            removed = added = ""
        elif sign == "-":
            start, removed = at, words
        else:
            start, added = (start, words) if removed else (at, words)
        at += len(words) if sign != "+" else 0
    return found


def _words_before(text: str, change: _Change) -> int:
    head = text[: change[0]]
    return len(_PART.findall(head)) if not _DENSE.search(head) else (len(_DENSE.findall(head)) + 1) // 2


def _sets_off(text: str, change: _Change) -> bool:
    """Whether a mark follows the time that changed, as it follows a label: `5 May: no new cases`."""
    return _SET_OFF.match(text, change[0] + len(change[1])) is not None


_SET_OFF = re.compile(r"[^:：–—|!?。]{0,15}(?:[:：–—|]| - )(?!\d)")
_DENSE = re.compile(rf"[{CONTINUOUS}]")
_PART = re.compile(r"\w+")


def _opens(text: str, change: _Change) -> bool:
    """Whether a change is where the subject stands: at the beginning, after an article, in Arabic after the verb."""
    head = _PART.findall(text[: change[0]])
    if _ARABIC.match(text.lstrip("\"'([- ")):
        return len(head) == 1
    return not head or (len(head) == 1 and head[0].casefold() in _ARTICLES)


_ARABIC = re.compile("[\u0600-\u06ff]")
_ARTICLES = frozenset(
    re.split(
        r"\W+",
        "the a an der die das ein eine le la les un une l el los las una o os as um uma il lo gli i de het een den det"
        " en et ett this that diese dieser dieses ce cette ces este esta",
    )
)


def _other_subject(was: str, now: str, change: _Change) -> bool:
    if _COMPARISON.match(was) or _COMPARISON.match(now):
        return False
    if any(count(words) for count in (modals, negations, quantities) for words in change[1:]):
        return False
    gone, come = ({each for each in WORD.findall(fold(words)) if not each.isdigit()} for words in change[1:])
    if not gone or not come:
        return False
    was, now = fold(was), fold(now)
    return not any(each in now for each in gone if len(each) > 3 or _DENSE.search(each)) and not any(
        each in was for each in come if len(each) > 3 or _DENSE.search(each)
    )


_COMPARISON = re.compile(rf"\W*(?:{COMPARED})", re.IGNORECASE)

# Times.

_UNITS = (
    "day|week|month|quarter|round|part|episode|no|nr|kw|tag|woche|monat|quartal|runde|folge|teil|jour|semaine|mois"
    "|trimestre|partie|épisode|día|semana|mes|ronda|parte|dia|mês|rodada|giorno|settimana|mese|puntata|dzień|tydzień"
    "|miesiąc|kwartał|część|dag|uge|vecka|uke|день|неделя|месяц|часть|день|тиждень|gün|hafta|ay|day|hari|minggu"
    "|bulletin|report|issue|edition|update|bericht|ausgabe|lage|numéro|rapport|boletín|informe|boletim|relatório"
    "|bollettino|biuletyn|raport|бюллетень|выпуск|отчёт|نشرة|النشرة|التقرير|अंक|रिपोर्ट"
    "|يوم|اليوم|أسبوع|الأسبوع|شهر|الشهر|दिन|सप्ताह|हफ़्ता|महीना|tuần|ngày"
)
_ORDINAL = r"\d{1,3}(?:\.|st|nd|rd|th|e|er|re|ème|ª|º|°|ro|da|-?[йяае]|-?го|वें|वां|वाँ)"


@cache
def _time() -> re.Pattern[str]:
    """A date, a weekday, a year, a time of day, or a numbered week or part, in a text folded as cues are."""
    names = {name for language in LANGUAGES if (cues := cues_of(language)) for name in cues.months}
    spaced = "|".join(sorted((re.escape(each) for each in names if not _DENSE.search(each)), key=len, reverse=True))
    units = "|".join(fold(each) for each in _UNITS.split("|"))
    day = r"\d{1,2}(?:\.|st|nd|rd|th|er|º|ª)?"
    alone = r"(?!\w|[.,]\d|\s*%| [^\W\d_])"  # `In March 12 boats came` has no day
    return re.compile(
        rf"(?<!\w){day}\s*(?:de\s+|of\s+)?(?:{spaced})(?![^\W\d_])|(?<![^\W\d_])(?:{spaced})(?![^\W\d_])\.?(?:\s*{day}{alone})?"
        r"|(?<![\d.,])(?:19|20)\d{2}(?![\d%])(?![.,]\d)"
        r"|\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}|(?<!\d)\d{1,2}[:h]\d{2}(?!\d)"
        rf"|(?<![^\W\d_])(?:{units})\.?\s*#?\d+(?!\w)|(?<![\w.,]){_ORDINAL}\s*(?:{units})(?![^\W\d_])"
        r"|第\s*[\d一二三四五六七八九十百]+|\d+\s*月\s*(?:\d+\s*[日号])?|[星期周週]{1,2}[一二三四五六日天]|[月火水木金土日]曜"
        r"|[一二三四五六七八九十]{1,3}月(?:[一二三四五六七八九十]{1,3}[日号])?|\d+월(?:\s*\d+일)?|제\s*\d+"
        r"|^\W*\d{1,4}[.:)](?!\d)|^\W*[#№]\s*\d+"
    )


def _times(text: str) -> list[str]:
    return sorted("".join(each.split()) for each in _time().findall(_dated(text)))


def _untimed(text: str) -> str:
    """What a sentence says apart from its times."""
    return " ".join(_time().sub(" ", _dated(text)).split())


def _dated(text: str) -> str:
    return fold(_NO_MONTH.sub(lambda found: "_" * len(found[0]), text))


_NO_MONTH = re.compile(
    r"(?<!\w)(?:(?:may|march)(?= (?!del? )[^\W\d_])|(?<!\d )(?<!\d de )(?:set|out|ago|mar|sept)(?!\w))"
)
"""Words in small letters that are the names of months, or short for them, in another language or place only."""
