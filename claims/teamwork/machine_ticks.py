"""What the machine can know of a checklist: two origins, quotes that stand, a speaker who was asked."""

import unicodedata
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from urllib.parse import urlsplit

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from claims.models import ChecklistItem, Evidence, ReviewVersion, Speaker
from claims.watch.quotes_now import quotes_now

Machine = ChecklistItem.Machine


@dataclass(frozen=True)
class Finding:
    """Whether it is so, and a sentence on what the machine saw."""

    holds: bool
    sentence: str


def find(machine: str, version: ReviewVersion) -> Finding:
    """What the machine says of this version."""
    return _FINDINGS[Machine(machine)](version)


def _two_sources(version: ReviewVersion) -> Finding:
    found = {_origin(each) for each in version.evidence.select_related("page__source")}
    origins = len(found)
    if origins == 0:
        return Finding(False, _("No evidence is attached."))
    sentence = ngettext("The evidence has %(count)s origin.", "The evidence has %(count)s origins.", origins)
    return Finding(origins >= 2, sentence % {"count": origins})


def _quotes_stand(version: ReviewVersion) -> Finding:
    quotes = quotes_now(version)
    wrong = sum(bool(each.snapshot is None or each.outcome.unread or each.objection()) for each in quotes)
    if wrong:
        sentence = ngettext(
            "%(count)s quote does not stand, or cannot be looked for.",
            "%(count)s quotes do not stand, or cannot be looked for.",
            wrong,
        )
        return Finding(False, sentence % {"count": wrong})
    if not quotes:
        return Finding(True, _("No quote is watched."))
    sentence = ngettext("%(count)s quote stands or is kept.", "%(count)s quotes stand or are kept.", len(quotes))
    return Finding(True, sentence % {"count": len(quotes)})


def _speaker_asked(version: ReviewVersion) -> Finding:
    asked = version.evidence.filter(kind=Evidence.Kind.INTERVIEW)
    speakers = Speaker.objects.filter(statements__appearances__claim__reviews=version.review_id).distinct()
    names = {word for speaker in speakers for word in _words(speaker.name)}
    if any(names & set(_words(f"{each.who} {each.description}")) for each in asked):
        return Finding(True, _("An interview or letter of the speaker is attached."))
    return Finding(False, _("No interview or letter that names the speaker is attached."))


_FINDINGS: dict[Machine, Callable[[ReviewVersion], Finding]] = {
    Machine.TWO_SOURCES: _two_sources,
    Machine.QUOTES_STAND: _quotes_stand,
    Machine.SPEAKER_ASKED: _speaker_asked,
}


def _origin(evidence: Evidence) -> tuple[str, str]:
    """Whose it is: of a page its publisher, of anything else whoever gave it."""
    if evidence.page is not None:
        source = evidence.page.source
        return "page", _site(source.homepage or evidence.page.url) or f"source {source.pk}"
    given = evidence.who or evidence.dataset or evidence.programme or evidence.file_sha256 or evidence.kind
    return evidence.kind, given.strip().casefold()


def _site(url: str) -> str:
    """The host without its first names, so that `www.` and `news.` of one publisher are one origin."""
    labels = (urlsplit(url).hostname or "").split(".")
    short_second = len(labels) > 2 and len(labels[-1]) == 2 and labels[-2] in _SECOND_LEVELS
    return ".".join(labels[-3:] if short_second else labels[-2:])


_SECOND_LEVELS = frozenset({"ac", "co", "com", "edu", "gob", "gov", "gouv", "govt", "mil", "ne", "net", "or", "org"})


def _words(text: str) -> Iterable[str]:
    """The words of a name without accents; those of fewer than three letters name nobody."""
    plain = "".join(c for c in unicodedata.normalize("NFKD", text.casefold()) if not unicodedata.combining(c))
    marked = "".join(c if c.isalnum() else " " for c in plain)
    return [word for word in marked.split() if len(word) > 2 and word not in _TITLES]


_TITLES = frozenset({"the", "for", "and", "dr", "prof", "mrs", "minister", "ministry", "office", "president", "mayor"})
