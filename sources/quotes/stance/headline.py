"""What a page's headline says of a quoted sentence that stands below it."""

import re

from sources.quotes.correction_notice import NOTICE
from sources.quotes.cues import Cues, figures, fold, shared_stems, stems
from sources.quotes.stance.cue_matches import attributed
from sources.quotes.stance.findings import Finding, Reading, Stance
from sources.quotes.stance.frame import Frame
from sources.quotes.stance.headings import OverTheArticle, of_label


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
        if len(parts) > len(old_parts) and (stance := of_label(part, cues)):
            return stance
        was = max(old_parts, key=lambda each: len(shared_stems(stems(each, cues), part, cues)))
        label = _LABELLED.match(part) or _LABEL_AT_END.search(part)
        if label and not any(cues.find(table, was) for table in ("retracted", "kickers", "void_labels")):
            words = next(filter(None, label.groups()))
            if cues.find("retracted", words):
                return Stance.DISOWNED
            if stance := of_label(words, cues):
                return stance
        corrected = _is_corrected(part) and not _is_corrected(was)
        if corrected and shared_stems(stems(then.sentence, cues), part, cues):
            return Stance.DISOWNED
        own = stems(then.sentence, cues)
        is_of_quote = len(shared_stems(own, part, cues)) >= 2 or figures(part, cues) & figures(then.sentence, cues)
        if is_of_quote and _says_false(part, own, then.sentence, cues) and not cues.find("false", was):
            return Stance.DISOWNED
        if _negates(part, was, cues) or _takes_back(part, was, then.sentence, cues):
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


def _says_false(part: str, own: frozenset[str], sentence: str, cues: Cues) -> bool:
    """Whether a headline calls something false that is not merely named in it: `Wrong colours and long talks`."""
    part = cues["innocent"].sub(" ", part)
    for match in cues["false"].finditer(part):
        if quoted_by(match[0], sentence, cues):
            continue
        noun = attributed(part, match, cues)
        if not noun or shared_stems(own, noun, cues) or any(cues.find(table, noun) for table in ("things", "hearsay")):
            return True
    return False


def _takes_back(part: str, was: str, sentence: str, cues: Cues) -> bool:
    """Whether a headline denies what the headline before or the quote says: `No, …`, `It is false that …`, `Why the
    story about … is wrong`, `We were wrong about …`."""
    known = f"{was} {fold(sentence)}"
    if label := _LABELLED.match(part):
        is_check = cues["verdict_labels"].fullmatch(next(filter(None, label.groups())).strip())
        part = part[label.end() :].strip() if is_check else part
    if cues.find("our_error", part) and not cues.find("our_error", was):
        return bool(shared_stems(stems(part, cues), known, cues))
    opened = re.search(rf"(?:^|[?؟？]\s*)(?:{cues['answers_no'].pattern})\s*[,:;،，、。!.–—-]+\s*", part)
    if opened and not cues["answers_no"].match(was):
        said = part[opened.end() :]
        against = was if cues.find("negations", fold(sentence)) else known
        denied = cues.find("negations", said) or cues.find("answers_no", said)
        return bool(denied) and _is_known(said, against, cues)
    for match in cues["false"].finditer(part):
        if cues.find("false", was) or quoted_by(match[0], sentence, cues):
            continue
        that = cues["that"].match(part, re.match(r"[\s,]*", part[match.end() :]).end() + match.end())  # type: ignore[union-attr]
        if that and len(part[: match.start()].split()) <= _OPENING and _is_known(part[that.end() :], known, cues):
            return True
        before, after = part[: match.start()], part[match.end() :]
        told = cues.find("stories", before)
        if told and ":" not in part and not stems(after, cues) and shared_stems(stems(before, cues), known, cues):
            return True
    return False


_OPENING = 3
"""Words before `false` in a headline that calls false what follows."""


def quoted_by(cue: str, sentence: str, cues: Cues) -> bool:
    """Whether a cue is a word of the quote itself."""
    words = stems(cue, cues)
    return bool(words) and len(shared_stems(words, sentence, cues)) == len(words)


def _is_known(said: str, known: str, cues: Cues) -> bool:
    """Whether words say what is known: at most one in four is new."""
    words = stems(cues["negations"].sub(" ", cues["answers_no"].sub(" ", said)), cues)
    shared = len(shared_stems(words, known, cues))
    return shared >= 2 and len(words) - shared <= len(words) // 4


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
    ends = cues.language in ("de", "nl") and not clause[denied.end() :].strip(" .!")
    verb_last = cues.unspaced or cues.language == "hi" or ends
    return verb_last or bool(shared_stems(old, clause[denied.end() :], cues))
