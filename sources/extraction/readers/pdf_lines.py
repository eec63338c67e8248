"""Make running text of the lines of a PDF: without line numbers, and with heads and feet of pages out of the way.

A PDF knows lines and pages, no sentences. What repeats at the edges of its pages would interrupt the sentence that runs
over the page break; it is put at the end, once.
"""

import re
from collections import Counter
from itertools import chain, islice, pairwise

_EDGE = 3  # lines at the top and at the bottom of a page that may be heads and feet
_SHORT_PAGE = 4  # lines; a page with fewer holds nothing that heads could interrupt
_FEW_PAGES = 5
_MAX_HEADS = 200
_MIN_CONTAINED = 12  # characters of a head that is part of another one
_PAGE_NUMBER = re.compile(
    r"[\W_]*(?:(?:page|seite|p|s|pág|pag|página|стр|صفحة|第)\W*)?(?:#|[ivxlc]{1,6})(?:\s*(?:/|of|von|de|sur|из|di)\s*#)?\W*"
)
_PAGE_OF = re.compile(r"(?:page|seite|página|pagina|стр)\W*#\s*(?:/|of|von|de|sur|из|di)\s*#.*")
_NUMBERED = re.compile(r"\s*(\d{1,4})(?:\s+(.*)|\s*)")
_MIN_NUMBERED = 5
_BROKEN = re.compile(r"(?:[\ufffe\x02]\n?|\u00ad\n)\s*")
_LEFT = re.compile(r"[^\W_]+(?:-[^\W_]+)*\Z")
_RIGHT = re.compile(r"[^\W_]+")
_LONGEST = 60  # characters of a word
_WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")


def join(pages: list[str]) -> str:
    """Return the text of a document by that of its pages. U+FFFE marks hyphens at line ends, as in pdfium."""
    lines = [_without_line_numbers([line.rstrip() for line in page.split("\n")]) for page in pages]
    running = _running_lines(lines)
    body = "\n".join("\n".join(page) for page in lines)
    text = _without_hyphens("\n\n".join(part for part in (body.strip("\n"), "\n".join(running)) if part))
    return text.replace("\ufffe", "").replace("\x02", "")


def _without_line_numbers(lines: list[str]) -> list[str]:
    """Remove the numbers before lines if they count the lines, as in bills and transcripts of courts."""
    found = [(place, match) for place, line in enumerate(lines) if (match := _NUMBERED.fullmatch(line))]
    filled = sum(bool(line.strip()) for line in lines)
    if len(found) < max(_MIN_NUMBERED, filled * 0.6):
        return lines
    numbers = [int(match[1]) for _, match in found]
    steps = sum(following == number + 1 for number, following in pairwise(numbers))
    words = [match[2] for _, match in found if match[2]]
    if steps < 0.8 * (len(numbers) - 1) or sum(each[0].islower() for each in words) < 0.3 * len(words):
        return lines  # a list or a table
    kept = list(lines)
    for place, match in found:
        kept[place] = match[2] or ""
    return kept


def _key(line: str) -> str:
    return re.sub(r"\d+", "#", " ".join(line.split()).casefold())


def _running_lines(pages: list[list[str]]) -> list[str]:
    """Take the heads and feet out of the pages, and return each once."""
    edges = [_edges(page) for page in pages]
    counts = Counter(
        key for page, places in zip(pages, edges, strict=True) for key in {_key(page[i]) for i in chain(*places)}
    )
    needed = 2 if len(pages) <= _FEW_PAGES else 3
    repeated = dict.fromkeys(key for key, count in counts.items() if count >= needed or _PAGE_OF.fullmatch(key))
    taken: dict[str, str] = {}
    for page, places in zip(pages, edges, strict=True):
        for side in places:
            for place in side:
                key = _key(page[place])
                if not _is_running(key, repeated, len(pages)):
                    break
                taken.setdefault(key, page[place].strip())
                page[place] = ""
    for page in pages:
        page[:] = [line for line in page if line.strip()]
    return list(taken.values())


def _edges(page: list[str]) -> tuple[list[int], list[int]]:
    """Return the places of a page's first lines, and of its last ones from the bottom."""
    filled = [place for place, line in enumerate(page) if line.strip()]
    if len(filled) < _SHORT_PAGE:
        return [], []
    edge = min(_EDGE, len(filled) // 2)
    return filled[:edge], filled[: -edge - 1 : -1]


def _is_running(key: str, repeated: dict[str, None], pages: int) -> bool:
    if key in repeated or (pages > 1 and _PAGE_NUMBER.fullmatch(key) is not None):
        return True
    return len(key) >= _MIN_CONTAINED and any(key in other for other in islice(repeated, _MAX_HEADS))


def _without_hyphens(text: str) -> str:
    """Join words broken at line ends. A hyphen that the word may have anywhere stays, as far as the text tells."""
    first, *others = _BROKEN.split(text)
    if not others:
        return text
    words = set(_WORD.findall(text.casefold()))
    kept = [first]
    for piece in others:
        left, right = _LEFT.search(kept[-1][-_LONGEST:]), _RIGHT.match(piece[:_LONGEST])
        kept += [_between(left[0], right[0], words) if left and right else "", piece]
    return "".join(kept)


def _between(left: str, right: str, words: set[str]) -> str:
    """Return what stands between the parts of a word that was broken at a hyphen."""
    if not right[0].islower() or left[-1].isdigit():
        return "-" if left[-1].islower() or left[-1].isdigit() else ""
    whole = (left + right).casefold()
    if whole in words:
        return ""
    return "-" if f"{left}-{right}".casefold() in words else "\u00ad"
