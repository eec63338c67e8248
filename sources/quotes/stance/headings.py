"""What a page's headline and the headings above a quoted sentence say of it."""

import re
from dataclasses import dataclass

from sources.quotes.correction_notice import NOTICE
from sources.quotes.cues import LETTER, Cues, figures, fold, is_dateline, shared_stems, stems
from sources.quotes.stance.cue_matches import attributed
from sources.quotes.stance.findings import Finding, Reading, Span, Stance
from sources.quotes.stance.frame import Frame
from sources.quotes.stance.page_lines import lines_of

_YEAR = re.compile(r"(?<!\d)(?:19|20)\d{2}(?!\d)")


_LABELS = 120
"""Characters of the longest label over an article."""
_ABOVE, _BELOW = 2, 3
"""Lines above and below a headline in which the label of an article stands."""
_BESIDE_LABEL = re.compile(rf"^(?:(?!{LETTER}).)+|(?:(?!{LETTER}).)+$")
_SEGMENT = re.compile(r"\s[|·–—-]\s|\s*\|\s*")


@dataclass(frozen=True)
class OverTheArticle:
    """The headline as it stands on the page, and the short lines right above and below it."""

    headline: str
    labels: tuple[str, ...]


def over_the_article(page: Reading, place: Span) -> OverTheArticle:
    """What stands over an article. Its headline is the first line above the quote that its title has."""
    title = fold(page.title)
    longest = max((part.strip() for part in _SEGMENT.split(title)), key=len, default="")
    lines = [line for line in page.text[: min(place[0], _HEAD)].split("\n") if line.strip()] if longest else []
    for at, line in enumerate(lines):
        if len(line) > _LONGEST or line[0].isspace():
            continue
        words = " ".join(fold(line).split())
        if (len(words.encode()) >= _LEAST and words in title) or (
            longest in words and len(words) <= len(longest) + _LABELS // 2
        ):
            near = lines[max(0, at - _ABOVE) : at] + lines[at + 1 : at + 1 + _BELOW]
            labels = tuple(each.strip() for each in near if len(each) <= _LABELS and not each[0].isspace())
            return OverTheArticle(line.strip(), labels)
    return OverTheArticle("", ())


_HEAD = 20_000
"""Characters of a page among which its headline is looked for."""
_LONGEST = 300
_LEAST = 10
"""Characters of the longest headline, and bytes of the shortest: a Han character says more than a Latin letter."""


def in_labels(now: OverTheArticle, then: OverTheArticle, cues: Cues) -> Finding | None:
    """What a new label over the article says of all that it says: `Satire`, `Sponsored by …`, `Hoax`."""
    old = {_BESIDE_LABEL.sub("", fold(label)) for label in then.labels}
    for label in now.labels:
        if _BESIDE_LABEL.sub("", fold(label)) not in old and (stance := _of_label(fold(label), cues)):
            return Finding(stance, False, label)
    return None


def _of_label(folded: str, cues: Cues) -> Stance | None:
    words = _BESIDE_LABEL.sub("", folded)
    if cues["void_labels"].fullmatch(words):
        return Stance.DISOWNED
    kind = cues["kickers"].match(words)
    if kind is None:
        return Stance.REQUALIFIED if _says_what_it_is(folded, cues) else None
    rest = words[kind.end() :]
    parted = re.match(r"\s*[:：]|\s[-–—]\s", rest) is not None
    by = (len(kind[0].split()) > 1 or parted) and len(rest.split()) <= 5 and not cues.unspaced
    return Stance.REQUALIFIED if kind.end() == len(words) or by else None


def _says_what_it_is(folded: str, cues: Cues) -> bool:
    """Whether a sentence says what kind of text the article is: `This is a work of satire.`"""
    points = any(cues.find(table, folded) for table in ("article", "forward")) or cues["demonstratives"].match(folded)
    return bool(points and cues.find("page_kinds", folded))


def in_headline(
    now: Reading, before: Reading, then: Frame, over: tuple[OverTheArticle, OverTheArticle], cues: Cues
) -> Finding | None:
    """What the new headline says of the quote, or of the whole page."""
    pairs = (now.title, before.title), (over[0].headline, over[1].headline)
    for new, old in pairs:
        if new and old and fold(new) != fold(old) and (stance := _of_headline(fold(new), fold(old), then, cues)):
            return Finding(stance, False, new[:300])
    return None


def _of_headline(new: str, old: str, then: Frame, cues: Cues) -> Stance | None:
    parts, old_parts = re.split(r"\s[|·]\s", new), re.split(r"\s[|·]\s", old)
    for part in parts:
        if part in old_parts:
            continue
        if len(parts) > len(old_parts) and (stance := _of_label(part, cues)):
            return stance
        was = max(old_parts, key=lambda each: len(shared_stems(stems(each, cues), part, cues)))
        label = _LABELLED.match(part) or _LABEL_AT_END.search(part)
        if label and not any(cues.find(table, was) for table in ("retracted", "kickers", "void_labels")):
            words = next(filter(None, label.groups()))
            if cues.find("retracted", words):
                return Stance.DISOWNED
            if stance := _of_label(words, cues):
                return stance
        corrected = _is_corrected(part) and not _is_corrected(was)
        if corrected and shared_stems(stems(then.sentence, cues), part, cues):
            return Stance.DISOWNED
        own = stems(then.sentence, cues)
        is_of_quote = len(shared_stems(own, part, cues)) >= 2 or figures(part, cues) & figures(then.sentence, cues)
        if is_of_quote and _says_false(part, own, cues) and not cues.find("false", was):
            return Stance.DISOWNED
        if _negates(part, was, cues):
            return Stance.DISOWNED
    return None


_LABELLED = re.compile(r"[\[(【]([^\])】]{2,40})[\])】]|([^:：|–—-]{2,30}?)\s*(?:[:：]|\s[-–—]\s)")
_LABEL_AT_END = re.compile(r"[\[(【–—-]\s*([^\[\](【】|–—-]{2,30})[\])】]?$")


def _is_corrected(part: str) -> bool:
    """Whether a headline opens with the label of a correction, alone or beside another: `[Updated – corrected]`."""
    label = _LABELLED.match(part)
    return NOTICE.match(part) is not None or (
        label is not None
        and any(NOTICE.match(f"{each.strip()}:") for each in re.split(r"\s-\s|[/,;&]", label[1] or ""))
    )


def _says_false(part: str, own: frozenset[str], cues: Cues) -> bool:
    """Whether a headline calls something false that is not merely named in it: `Wrong colours and long talks`."""
    part = cues["innocent"].sub(" ", part)
    for match in cues["false"].finditer(part):
        noun = attributed(part, match, cues)
        if not noun or shared_stems(own, noun, cues) or any(cues.find(table, noun) for table in ("things", "hearsay")):
            return True
    return False


def _negates(part: str, was: str, cues: Cues) -> bool:
    """Whether a headline denies what it said before: the same words in one clause, with a negation among them."""
    old = stems(was, cues)
    least = 4 if cues.unspaced else 2
    if len(old) < least or len(cues["negations"].findall(part)) != len(cues["negations"].findall(was)) + 1:
        return False
    clause = max(re.split(r"[,;:،；：]|\s[-–—]\s", part), key=lambda each: len(shared_stems(old, each, cues)))
    denied = cues.find("negations", clause)
    new = stems(clause, cues)
    if denied is None or len(old - new) > len(old) // 4 or len(new - old) > 1:
        return False
    verb_last = cues.unspaced or cues.language == "hi"
    return verb_last or bool(shared_stems(old, clause[denied.end() :], cues))


def in_heading(current: Frame, then: Frame, before: Reading, cues: Cues) -> Finding | None:
    """What the headings above the quote say of it, if they are others than before."""
    old = [fold(heading) for heading in then.headings]
    for place, heading in enumerate(current.headings):
        if fold(heading) not in old and not is_dateline(heading, cues):
            is_fresh = heading not in lines_of(before.text)
            if (place == 0 or is_fresh) and (
                stance := _of_heading(heading, is_fresh, old, current, then, before, cues)
            ):
                return Finding(stance, False, heading)
    return None


def _of_heading(
    heading: str, is_fresh: bool, old: list[str], current: Frame, then: Frame, before: Reading, cues: Cues
) -> Stance | None:
    folded = fold(heading)
    asks = folded.endswith(("?", "؟")) and cues.find("generic_questions", folded)
    if not any(cues.find("headings", each) or _is_claim_label(each, cues) for each in old):
        if is_fresh and (asks or cues.find("headings", folded)):
            return Stance.REATTRIBUTED if cues.find("claims", folded) else Stance.REQUALIFIED
        if _is_claim_label(folded, cues):
            return Stance.REATTRIBUTED
    if is_fresh and (speaks := cues.find("speaking_headings", folded)) and not cues.find("numbers", folded):
        known = before.text[max(0, then.lines[0] - _NEARBY) : then.lines[0]] + " ".join([then.sentence, *old])
        if not shared_stems(stems(speaks[0] if cues.unspaced else folded, cues), known, cues):
            return Stance.REATTRIBUTED
    years, old_years = set(_YEAR.findall(folded)), {year for each in old for year in _YEAR.findall(each)}
    if years and (is_fresh or old_years) and not years & (old_years | set(_YEAR.findall(fold(then.sentence)))):
        return Stance.REQUALIFIED
    contrast = current.next_heading and current.next_heading not in lines_of(before.text)
    if is_fresh and contrast and cues.find("rest", fold(current.next_heading)):
        return Stance.REQUALIFIED
    return None


_NEARBY = 600
"""Characters above the quote in which whoever speaks in a heading may have been named."""


def _is_claim_label(folded: str, cues: Cues) -> bool:
    """Whether a line is the label of a claim that others examine: `Claim 1`, `Myth:`."""
    return bool(cues["claim_labels"].fullmatch(_BESIDE_LABEL.sub("", re.sub(r"\d", "", folded))))
