"""Find the verdict that a publisher's label amounts to, by the publisher's own scale. Unsure means none.

    verdict_of("False. The picture shows …", publisher="Snopes", site="https://www.snopes.com",
               url="https://www.snopes.com/fact-check/x/", language="en")

The whole label counts first, then its first phrase, unless what follows turns it (“True, but …”), narrows it or names
another step. Numbers decide nothing: some publishers give one number to all their ratings.
"""

import re
import tomllib
from collections.abc import Iterable
from functools import lru_cache
from importlib.resources import files
from typing import Any, NamedTuple

from claims.rating_scales.labels import Opening, folded, key, opening, sentences, trimmed
from claims.rating_scales.scales import SCALES_VERSION, Label, Scale, scales, scales_by_host

_MIRRORS = ("www.", "m.", "amp.", "mobile.")
_SHORT = 4  # words of a second phrase that may be a rating of its own
_SOON = 3  # words of the next sentence by which it may turn the rating
_WITHOUT_SPACES = ("zh", "th", "ja", "my")


class MappedVerdict(NamedTuple):
    """The verdict of a label by a scale of this version; `borderline` if other published mappings differ."""

    verdict: str
    scale: str
    version: int
    borderline: bool


def verdict_of(label: str, *, publisher: str, site: str | None, url: str | None, language: str) -> MappedVerdict | None:
    """The verdict of a label that an organisation of this name and site gave in the article at this URL.

    None if the publisher has no scale here, or its scale does not say for sure.
    """
    host = host_of(url) if url else host_of(site or "")
    if host not in scales_by_host():
        return None
    scale = scale_of(publisher, host_of(site or ""), host)
    if scale is None or (found := step(scale, label, primary(language))) is None or found.mapped is None:
        return None
    return MappedVerdict(found.mapped, scale.name, SCALES_VERSION, found.borderline)


def host_of(url: str) -> str:
    """The host of a web address in lower case, without port and without `www.`, `m.` or `amp.`; empty if none."""
    host = url.partition("://")[2].partition("/")[0].partition("?")[0].partition("#")[0].lower()
    host = host.rpartition("@")[2].partition(":")[0].rstrip(".")
    for prefix in _MIRRORS:
        host = host.removeprefix(prefix)
    return host


def primary(language: str) -> str:
    """The language of a BCP 47 tag without its country; empty for `und`."""
    code = language.partition("-")[0].lower()
    return "" if code == "und" else code


@lru_cache(maxsize=4096)
def scale_of(publisher: str, site: str, host: str) -> Scale | None:
    """The scale of a publisher whose article is on the host; `site` is the host of its own site, empty if not known.

    The host must be one of the scale's. Besides, the publisher's name must fit where other content has the host too;
    elsewhere its name or its site. A name or site of another scale's publisher fits none.
    """
    scale = scales_by_host().get(host)
    if scale is None or scales_by_host().get(site, scale) is not scale:
        return None
    if scale.is_named(publisher):
        return scale
    if host in scale.shared_hosts or any(other.is_named(publisher) for other in scales().values()):
        return None
    return scale if any(_belongs(site, each) for each in scale.hosts) else None


def _belongs(site: str, host: str) -> bool:
    """Whether a publisher's site and a host of its scale are of one domain: afp.com and factcheck.afp.com."""
    return "." in site and f".{host}".endswith(f".{site}")


@lru_cache(maxsize=16_384)
def step(scale: Scale, text: str, language: str) -> Label | None:
    """The label of the scale that a rating says; None if that is not sure. `language` is that of the record."""
    if (whole := scale.by_key.get(key(text))) is not None:
        return whole
    languages = {language, "en", *map(primary, scale.languages)} - {""}
    rest = _after_lead_in(folded(text), languages)
    if (whole := scale.by_key.get(trimmed(rest))) is not None:
        return whole
    start = opening(rest)
    if start is None or (label := scale.by_key.get(trimmed(start.phrase))) is None:
        return None
    known = words()
    # Where the words that turn a rating are not known, nothing says that none of them follows.
    if language not in known if language else not languages <= set(known):
        return None
    return None if _is_turned(scale, label, start, tuple(sorted(languages & set(known)))) else label


def _after_lead_in(text: str, languages: Iterable[str]) -> str:
    """What follows “Verdict:” or the like; the whole text without it."""
    before, colon, after = text.partition(":")
    lead_ins = {lead_in for code in languages for lead_in in words().get(code, _NO_WORDS)["lead_ins"]}
    return after if colon and trimmed(before) in lead_ins else text


def _is_turned(scale: Scale, label: Label, start: Opening, languages: tuple[str, ...]) -> bool:
    """Whether what follows the label may turn it, narrow it, or rate something otherwise."""
    said = sentences(start.rest)
    if not said:
        return False
    if label.verdict == "true" and not (start.ends_sentence or start.announces):
        return True  # “True, the mayor says”, “True (in 2019)”: a rating that is qualified
    turning = _pattern(languages, "turning")
    within = start.rest if label.verdict == "true" else said[0]
    if label.verdict != "true" and start.ends_sentence:
        within = " ".join(said[0].split()[:_SOON])
    if turning.search(within):
        return True
    if not (start.ends_sentence or start.announces) and _pattern(languages, "reported").search(
        " ".join(said[0].split()[:_SOON])
    ):
        return True
    return any(_rates_otherwise(scale, label, sentence) for sentence in said)


def _rates_otherwise(scale: Scale, label: Label, sentence: str) -> bool:
    """Whether a sentence begins with another rating of the scale, or a short one holds the words of it."""
    start = opening(sentence)
    phrase = trimmed(start.phrase if start else sentence)
    other = scale.by_key.get(phrase)
    if other is not None:
        return other.verdict != label.verdict
    spoken = f" {phrase} "
    return len(phrase.split()) <= _SHORT and any(
        each.verdict != label.verdict and f" {spelling} " in spoken for spelling, each in scale.by_key.items()
    )


_NO_WORDS: dict[str, list[str]] = {"turning": [], "lead_ins": []}


@lru_cache(maxsize=1)
def words() -> dict[str, dict[str, list[str]]]:
    """The words that turn a label, lead in to one or give it to somebody else, folded, by language."""
    path = files(__package__).joinpath("turning_words.toml")
    found: dict[str, Any] = tomllib.loads(path.read_text(encoding="utf-8"))
    return {code: {name: list(map(key, each)) for name, each in table.items()} for code, table in found.items()}


@lru_cache(maxsize=128)
def _pattern(languages: tuple[str, ...], kind: str) -> re.Pattern[str]:
    """Finds any word of the kind in a folded text; nothing if the languages have none."""
    spaced = [each for code in languages if code not in _WITHOUT_SPACES for each in words()[code].get(kind, ())]
    anywhere = [each for code in languages if code in _WITHOUT_SPACES for each in words()[code].get(kind, ())]
    pieces = [rf"(?<!\w)(?:{'|'.join(map(re.escape, spaced))})(?!\w)"] if spaced else []
    return re.compile("|".join([*pieces, *map(re.escape, anywhere)]) or r"(?!)")
