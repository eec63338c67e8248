"""The seat of a sentence: in the running line of a paragraph, beside these sentences, or as a line of its own.

Teasers, share boxes, pull quotes and lists of headlines repeat a sentence as a line of its own. Where it stood among
the sentences of a paragraph, such a line is a copy of it and not the passage, unless the paragraph was split there.

Pure: no network, no database.
"""

import re

from rapidfuzz import fuzz

from sources.quotes.nearest_sentence import cut, lines_of
from sources.quotes.normalization import extent, normal
from sources.quotes.place.slot import Slot, Span
from sources.quotes.surroundings import prose_around

_STOPS = ".!?…。！？।؟ "
_SENTENCE = 20
"""Characters from which what stands beside a sentence in its line is another one, not a mark or a button."""
_PROSE = 60
"""Characters from which a line is running text."""
_REACH = 1_500
"""Characters on either side of a sentence within which the others of its line are looked at."""
_NEARBY = 6
"""Lines on either side within which the items of one list stand."""
_LIKE = 60.0
_ENTRY = 75.0
"""Likeness (0 to 100) from which a line is a neighbour with some of its words changed, or an entry of one series."""


def keeps_its_seat(text: str, before: str, old: Span, now: Span) -> bool:
    """Whether the sentence at `now`, in the place where it belongs, is no mere copy of the one that stood at `old`.

    It is a copy if it stood in a running line that goes on without it, and is a line of its own now; or if it has the
    credit of a picture beside it now, and had none.
    """
    left, right = _mates(before, old)
    if is_caption(text, now, below=bool(left or right)) and not is_caption(before, old):
        return False
    if not (left or right) or any(_mates(text, now)):
        return True
    if any(mate.rstrip(_STOPS) in text[slice(*now)] for mate in (*left, *right)):
        return True  # they were joined to one sentence
    if not any(each[-1:] and each[-1] in text for each in (left, right[::-1])):
        return True  # nothing is left of its line
    return _touches(text, now, left, right)


def is_caption(text: str, span: Span, *, below: bool = False) -> bool:
    """Whether nothing but the credit of a picture stands in its line beside the sentence, or `below` in the next."""
    start, end = text.rfind("\n", 0, span[0]) + 1, text.find("\n", span[1])
    end = len(text) if end < 0 else end
    before, after = text[max(start, span[0] - _CREDIT) : span[0]], text[span[1] : end]
    if not before.strip(_MARKS) and not after.strip(_MARKS):
        line = text[end : end + 2 * _CREDIT].strip().partition("\n")[0] if below else ""
        return len(line) <= _CREDIT and _CREDITED.match(line.lstrip(_MARKS)) is not None
    rest = f"{before.strip()} {after.strip()}".strip()
    if len(rest) > _CREDIT or span[0] - start > _CREDIT or re.search(r"[.!?]\s+\w{3}", rest):
        return False
    return _CREDITED.search(rest) is not None


_CREDIT = 80
"""Characters of the longest credit of a picture."""
_MARKS = " \t\xa0.,;:|/–—-()[]\"'“”„«»*"
_CREDITED = re.compile(
    r"©|(?<![^\W\d_])(?:photo(?:graph)?s?|foto(?:s|grafie|grafía|grafia)?|picture|image|imagen|imagem|immagine|bild(?:er)?"
    r"|grafik|illustration|cr[eé]dits?|crédito|credito|beeld|afbeelding|zdjęcie|fot|фото|снимок|صوره|صورة|تصوير|फोटो|फ़ोटो"
    r"|चित्र|तस्वीर|fotoğraf|ảnh)(?:\s+\d+)?\s*(?:[:：/|©.]|by\b|von\b|de\b|par\b|di\b|door\b|courtesy\b)"
    r"|(?<![^\W\d_])[^\W\d_]+\s+(?:photo|foto)(?![^\W\d_])|(?:写真|撮影|図|图|圖|摄|攝|照片|사진)\s*[:：=＝/]"
    r"|[|/(]\s*(?:AP|AFP|dpa|Reuters|Getty(?: Images)?|EPA|ANSA|EFE|PAP|TASS|Xinhua|Alamy|Shutterstock)(?![^\W\d_])",
    re.IGNORECASE,
)


def is_moved(text: str, before: str, old: Span, now: Span) -> bool:
    """Whether the sentence at `now`, elsewhere than it stood, is the passage and not a copy of it.

    It is if it stands as it did: in a running line with sentences of the article, or as a line of its own between
    lines of the article or of its own list.
    """
    left, right = _mates(before, old)
    sentence = text[slice(*now)]
    there = [mate for side in _mates(text, now) for mate in side if mate != sentence]
    if any(mate in before for mate in there):
        return True
    if there:
        return sum(map(extent, there)) >= _PROSE and prose_around(text, *now)[1]
    if left or right:
        return _touches(text, now, left, right)
    beside = [line for line in _lines_beside(text, now) if not line.startswith(sentence)]
    return any(_is_kept(line, before, old) for line in beside)


def _mates(text: str, span: Span) -> tuple[list[str], list[str]]:
    """The other sentences of its line, on the left and on the right, in their order."""
    start, end = text.rfind("\n", 0, span[0]) + 1, text.find("\n", span[1])
    first, last = max(start, span[0] - _REACH), min(len(text) if end < 0 else end, span[1] + _REACH)
    sides = cut(text, first, span[0]), cut(text, span[1], last)
    left, right = ([text[a:b] for a, b in side if extent(text[a:b]) >= _SENTENCE] for side in sides)
    return left, right


def _lines_beside(text: str, span: Span) -> list[str]:
    lines = lines_of(text)
    first, last = lines.at(span[0]), lines.at(max(span[0], span[1] - 1))
    return lines.texts[max(0, first - 1) : first] + lines.texts[last + 1 : last + 2]


def _touches(text: str, now: Span, left: list[str], right: list[str]) -> bool:
    """Whether the line above ends with the sentence that stood on its left, or the one below begins with the other."""
    lines = lines_of(text)
    first, last = lines.at(now[0]), lines.at(max(now[0], now[1] - 1))
    above, below = lines.texts[max(0, first - 1) : first], lines.texts[last + 1 : last + 2]
    return (bool(left and above) and _is_like(left[-1], above[0], at_end=True)) or (
        bool(right and below) and _is_like(right[0], below[0], at_end=False)
    )


def _is_like(mate: str, line: str, *, at_end: bool) -> bool:
    if line.endswith(mate) if at_end else line.startswith(mate):
        return True
    pieces = cut(line, max(0, len(line) - _REACH), len(line)) if at_end else cut(line, 0, _REACH)
    if not pieces:
        return False
    start, end = pieces[-1 if at_end else 0]
    return fuzz.ratio(normal(mate), normal(line[start:end])) >= _LIKE


def _is_kept(line: str, before: str, old: Span) -> bool:
    """Whether a line is of the article as it was, or of the list in which the sentence stood."""
    lines = lines_of(before)
    number = lines.once.get(line)
    if number is None:
        return any(before.find(line[a:b]) >= 0 for a, b in cut(line, 0, _REACH) if extent(line[a:b]) >= _SENTENCE)
    if extent(line) >= _PROSE:
        return True
    first, last = lines.at(old[0]), lines.at(max(old[0], old[1] - 1))
    near = range(max(0, first - _NEARBY), last + _NEARBY + 1)
    if number in near or any(line == each for each in lines.texts[near.start : near.stop]):
        return True
    return fuzz.ratio(normal(line), normal(before[slice(*old)])) >= _ENTRY


def in_its_line(text: str, before: str, slot: Slot, was: Span, now: Span) -> bool:
    """Whether a sentence continues the line of each neighbour whose line it continued, if of any."""
    old = before[slot.was[0] : was[0]], before[was[1] : slot.was[1]]
    new = text[slot.now[0] : now[0]], text[now[1] : slot.now[1]]
    bounds = slot.was[0] > 0, slot.was[1] < len(before)
    continued = [bound and _in_one_line(gap) for bound, gap in zip(bounds, old, strict=True)]
    return any(continued) and all(not kept or _in_one_line(gap) for kept, gap in zip(continued, new, strict=True))


def _in_one_line(gap: str) -> bool:
    """Whether nothing but spaces, or nothing at all as in Chinese, stands between two sentences of a line."""
    return not gap.strip() and "\n" not in gap


def at_its_neighbour(text: str, before: str, slot: Slot, was: Span, now: Span) -> bool:
    """Whether a sentence stands right after the slot's beginning or right before its end, as it did."""
    left, right = before[slot.was[0] : was[0]] + text[slot.now[0] : now[0]], before[was[1] : slot.was[1]]
    return not left.strip() or not (right + text[now[1] : slot.now[1]]).strip()
