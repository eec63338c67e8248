"""By what two tips are found to ask the same: the address, the normalised text, or most of the words. Pure.

Near texts are looked up by MinHash (Broder 1997): each of `ROWS * BANDS` hash functions keeps the smallest hash of the
words, and `ROWS` of them in a row make a band. Texts that share seven of ten words have a band in common in 99.9 % of
cases. `similar` then compares the words themselves.
"""

import hashlib
import re
from dataclasses import dataclass

from claims.matching.normalization import normalize, text_sha256
from sources.http.url_key import URL_KEY_VERSION, stored_key

_VERSION = 1
RULES = 1_000 * _VERSION + URL_KEY_VERSION
"""The version of the rules; fingerprints of another one are made anew (`index_stale` in claims/tips/grouping.py)."""

SIMILAR = 0.7
"""The share of the words, by their weight, that two texts have in common if they ask the same."""

ROWS, BANDS = 3, 20
_WORD = re.compile(r"\w+")
_FIGURE = re.compile(r"\d")
# Scripts without spaces are compared by pairs of characters.
_UNSPACED = re.compile("[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]")
_HEAVIEST = 8  # letters: longer words count no more
_LARGE = (1 << 61) - 1  # a Mersenne prime, for hash functions a·x + b
_FACTORS = [
    tuple(int.from_bytes(hashlib.sha256(f"{number}:{part}".encode()).digest()[:7]) for part in "ab")
    for number in range(ROWS * BANDS)
]


@dataclass(frozen=True)
class Fingerprint:
    """`url_sha256` and `text_sha256` are empty for a tip without one, and `bands` for a text of no word."""

    url_sha256: str
    text_sha256: str
    bands: list[int]


def fingerprint(text: str, url: str) -> Fingerprint:
    """The fingerprint of a tip. A site's front page is no article, so its address says nothing of what is asked."""
    normalized = normalize(text)
    key = stored_key(url) if url else ""
    names_a_page = "/" in key or "?" in key or "#" in key
    return Fingerprint(
        url_sha256=hashlib.sha256(key.encode()).hexdigest() if names_a_page else "",
        text_sha256=text_sha256(normalized) if normalized else "",
        bands=_bands(words(text)),
    )


def words(text: str) -> frozenset[str]:
    """The distinct words of a text, normalised; in scripts without spaces its pairs of characters."""
    found: set[str] = set()
    for word in _WORD.findall(normalize(text)):
        if _UNSPACED.search(word) and len(word) > 1:
            found |= {word[at : at + 2] for at in range(len(word) - 1)}
        else:
            found.add(word)
    return frozenset(found)


def similar(one: str, other: str) -> bool:
    """Whether the texts share most of their words and every figure, and one alone has further words.

    A word in the place of another may be a name, a month or a verb that turns the question.
    """
    first, second = words(one), words(other)
    if not first or not second or _figures(first) != _figures(second):
        return False
    if first - second and second - first:
        return False
    return _weight(first & second) >= SIMILAR * _weight(first | second)


def _figures(among: frozenset[str]) -> set[str]:
    return {word for word in among if _FIGURE.search(word)}


def _weight(among: frozenset[str]) -> int:
    return sum(min(len(word), _HEAVIEST) for word in among)


def _bands(among: frozenset[str]) -> list[int]:
    if not among:
        return []
    hashed = [int.from_bytes(hashlib.sha256(word.encode("utf-8", "replace")).digest()[:7]) for word in among]
    smallest = [min((a * each + b) % _LARGE for each in hashed) for a, b in _FACTORS]
    return sorted(
        {
            int.from_bytes(
                hashlib.sha256(repr((band, smallest[band * ROWS : (band + 1) * ROWS])).encode()).digest()[:8],
                signed=True,
            )
            for band in range(BANDS)
        }
    )
