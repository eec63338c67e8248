"""What a page's headline and the headings above a quoted sentence say of it."""

import re
from dataclasses import dataclass

from sources.quotes.cues import LETTER, Cues, fold, is_dateline, shared_stems, stems
from sources.quotes.stance.findings import Finding, Reading, Span, Stance
from sources.quotes.stance.frame import Frame, in_list, margin_of
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
    """What stands over an article.

    Its headline is the first line above the quote that the longest part of its title has, else any part: a site's name
    stands in titles too, and above all.
    """
    title = " ".join(fold(page.title).split())
    longest = max((part.strip() for part in _SEGMENT.split(title)), key=len, default="")
    lines = _set_apart(page.text, place[0]) if longest else []
    named = -1
    for at, line in enumerate(lines):
        words = " ".join(fold(line).split()) if len(line) <= _LONGEST else ""
        if len(words.encode()) < _LEAST and longest not in words:
            continue
        if words in longest or (longest in words and len(words) <= len(longest) + _LABELS // 2):
            named = at
            break
        if named < 0 and words in title:
            named = at
    if named < 0:
        return OverTheArticle("", ())
    near = lines[max(0, named - _ABOVE) : named] + lines[named + 1 : named + 1 + _BELOW]
    return OverTheArticle(lines[named], tuple(each for each in near if len(each) <= _LABELS))


def _set_apart(text: str, quoted: int) -> list[str]:
    """The lines above the quote, each without its margin. In the place of a menu is an empty one."""
    margin, at, found = margin_of(text, quoted), 0, []
    for line in text[: min(quoted, _HEAD)].split("\n"):
        if words := line.strip():
            found.append("" if in_list(text, at, at + len(line), margin) else words)
        at += len(line) + 1
    return found


_HEAD = 20_000
"""Characters of a page among which its headline is looked for."""
_LONGEST = 300
_LEAST = 10
"""Characters of the longest headline, and bytes of the shortest: a Han character says more than a Latin letter."""


def in_labels(now: OverTheArticle, then: OverTheArticle, cues: Cues) -> Finding | None:
    """What a new label over the article says of all that it says: `Satire`, `Sponsored by …`, `Hoax`."""
    old = {_BESIDE_LABEL.sub("", fold(label)) for label in then.labels}
    for label in now.labels:
        if _BESIDE_LABEL.sub("", fold(label)) not in old and (stance := of_label(fold(label), cues)):
            return Finding(stance, False, label)
    return None


def of_label(folded: str, cues: Cues) -> Stance | None:
    """What a label says of the article under it."""
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


def in_heading(
    current: Frame, then: Frame, before: Reading, over: tuple[OverTheArticle, OverTheArticle], cues: Cues
) -> Finding | None:
    """What the headings above the quote say of it, if they are others than before."""
    old = [fold(heading) for heading in then.headings]
    still = {fold(each) for each in (*current.headings, over[1].headline)}
    gone = [heading for heading in old if heading not in still]
    if then.lead != current.lead and then.lead.endswith(_COLONS) and _is_turned(current.lead, [then.lead], cues):
        return Finding(Stance.REQUALIFIED, False, current.lead)
    for place, heading in enumerate(current.headings):
        if place and over[0].headline in current.headings[:place]:
            break  # What stands over the headline is a label of the article, or none of its lines.
        if fold(heading) in old or is_dateline(heading, cues) or is_of_another(heading, before, cues):
            continue
        is_fresh = heading not in lines_of(before.text)
        if not (place == 0 or is_fresh):
            continue
        if heading != over[0].headline and _is_turned(heading, gone, cues):
            return Finding(Stance.REQUALIFIED, False, heading)
        if stance := _of_heading(heading, is_fresh, old, current, then, before, cues):
            return Finding(stance, False, heading)
    return None


_COLONS = (":", "：")
_ADVERTISER = 6
"""Words of the longest label with the name of who advertises."""


def is_of_advertising(line: str, cues: Cues) -> bool:
    """Whether a line says only that an advertisement stands here, and that the article goes on below it."""
    folded = _BESIDE_LABEL.sub("", fold(line))
    if named := re.match(r"[^.:|]*(?=[.:|]\s)", folded):
        return bool(cues["ad_labels"].fullmatch(named[0])) and len(folded.split()) <= _ADVERTISER
    return bool(cues.find("ad_labels", folded)) and not stems(cues["ad_labels"].sub(" ", folded), cues)


def is_of_another(line: str, before: Reading, cues: Cues) -> bool:
    """Whether a short line among those of an article is none of its own: an advertisement's, or another article's."""
    folded = _BESIDE_LABEL.sub("", fold(line))
    if is_of_advertising(line, cues) or re.match(rf"(?:{cues['related_headings'].pattern})\s*[:：]", folded):
        return True
    headline = re.split(r"[:：]", folded)[1:]
    words = stems(headline[0], cues) if headline else frozenset()
    return len(words) >= (3 * _TEASER if cues.unspaced else _TEASER) and not shared_stems(words, before.text, cues)


_TEASER = 3
"""Words from which a headline behind a label, with none of the page's words, is another article's."""


def _is_turned(heading: str, gone: list[str], cues: Cues) -> bool:
    """Whether a heading has another status in the place of one that is gone: `Measures adopted`, `rejected`.

    One that has fewer words says less, and nothing else.
    """
    folded = fold(heading)
    rest = _rest(folded, cues)
    for old in map(fold, gone):
        turned = [bool(cues.find(table, folded)) != bool(cues.find(table, old)) for table in _STATUSES]
        was, shared = _rest(old, cues), len(shared_stems(rest, old, cues))
        says_less = turned[0] and not cues.find("not_in_force", folded) and shared == len(rest)
        pairs = 2 if cues.unspaced else 1  # A word of Han has several.
        alike = shared * (pairs + 1) >= max(len(rest), 1) and shared + pairs * _STATUS >= len(was)
        alone = not rest and len(was) <= _STATUS
        if any(turned) and not says_less and (alike or alone):
            return True
    return False


_STATUSES = ("not_in_force", "negations")
_STATUS = 2
"""Words of a heading's status that no table has: `in force`, `adopted`."""


def _all(cues: Cues, table: str, folded: str) -> list[str]:
    return [match[0] for match in cues[table].finditer(folded)]


def _rest(folded: str, cues: Cues) -> frozenset[str]:
    """The words of a heading without its status."""
    return stems(cues["not_in_force"].sub(" ", cues["negations"].sub(" ", folded)), cues)


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
    contrast = contrast and not is_of_advertising(current.next_heading, cues)
    if is_fresh and contrast and cues.find("rest", fold(current.next_heading)):
        return Stance.REQUALIFIED
    return None


_NEARBY = 600
"""Characters above the quote in which whoever speaks in a heading may have been named."""


def _is_claim_label(folded: str, cues: Cues) -> bool:
    """Whether a line is the label of a claim that others examine: `Claim 1`, `Myth:`."""
    return bool(cues["claim_labels"].fullmatch(_BESIDE_LABEL.sub("", re.sub(r"\d", "", folded))))
