"""Find the group of a tip: same address, same text, or most of the words and nothing by which the matcher tells claims.

Later tips find a group by the text and the address of the tip that began it, and by what others bring along that no
group has yet, as long as no claim answers it. So a stranger cannot tie two questions together with one tip, lead from
one to the other in small steps, or put a new page under an answer that is there: who asks the one would be answered the
other. Editors see by what a group is found before they answer it. Once they merge groups, all that is in one finds it.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice

from django.db.models import Q, QuerySet

from claims.matching.differences import differences
from claims.models import Tip, TipFingerprint, TipGroup
from claims.tips.fingerprint import RULES, Fingerprint, fingerprint, similar

_NOTHING = Fingerprint("", "", [])
_COMPARED = 200  # texts, the newest first, that share a band with a tip
_CLOSELY = 20  # of them, which takes up to 10 ms each
_LONGEST = 2_000  # characters; longer texts are one only word for word


@dataclass(frozen=True)
class Place:
    """The group of a tip, and what of the tip's fingerprint leads there from now on; all of it in a new group."""

    group: TipGroup
    leads: Fingerprint
    is_new: bool = False


def place(text: str, url: str, language: str = "") -> Place:
    """The group that a tip belongs to, made if there is none. Call it with `Lock.TIPS` held."""
    own = fingerprint(text, url)
    same_url, same_text = Q(url_sha256=own.url_sha256), Q(text_sha256=own.text_sha256)
    if own.url_sha256 and own.text_sha256 and (both := _first(same_url & same_text)):
        return Place(both, _NOTHING)
    by_url = _first(same_url) if own.url_sha256 else None
    by_text = (_first(same_text) or _similar(text, language, own.bands)) if own.text_sha256 else None
    found = by_url or by_text
    if found is None:
        return Place(TipGroup.objects.create(), own, is_new=True)
    if found.claim_id is not None:
        return Place(found, _NOTHING)
    return Place(
        found,
        Fingerprint(
            url_sha256="" if by_url else own.url_sha256,
            text_sha256="" if by_text else own.text_sha256,
            bands=[] if by_text else own.bands,
        ),
    )


def index_tip(tip: Tip, place: Place) -> None:
    """Let later tips find the group by what this one adds."""
    if place.is_new or place.leads != _NOTHING:
        _write([(tip.pk, place.leads)])


def index(groups: Iterable[TipGroup]) -> None:
    """Make the fingerprints of these groups anew, from every text and address in them: an editor has seen them."""
    for group in groups:
        TipFingerprint.objects.filter(tip__group=group).delete()
        _write(_distinct(group))


def index_stale(limit: int = 1_000) -> int:
    """Make fingerprints of groups that have none, or of earlier rules. Returns the number of groups done."""
    indexed = TipFingerprint.objects.filter(tip__group__isnull=False)
    old = Q(pk__in=indexed.exclude(rules=RULES).values("tip__group"))
    without = ~Q(pk__in=indexed.values("tip__group"))
    groups = list(TipGroup.objects.filter(old | without, tips__isnull=False).order_by("pk").distinct()[:limit])
    index(groups)
    return len(groups)


def _distinct(group: TipGroup) -> Iterator[tuple[int, Fingerprint]]:
    seen: set[tuple[str, str]] = set()
    for pk, text, url in group.tips.order_by("pk").values_list("pk", "text", "url").iterator():
        if (text, url) not in seen:
            seen.add((text, url))
            yield pk, fingerprint(text, url)


def _write(rows: Iterable[tuple[int, Fingerprint]]) -> None:
    TipFingerprint.objects.bulk_create(
        (
            TipFingerprint(
                tip_id=pk, url_sha256=each.url_sha256, text_sha256=each.text_sha256, bands=each.bands, rules=RULES
            )
            for pk, each in rows
        ),
        batch_size=1_000,
    )


def _indexed() -> QuerySet[TipFingerprint]:
    return TipFingerprint.objects.filter(tip__group__isnull=False).select_related("tip__group")


def _first(condition: Q) -> TipGroup | None:
    found = _indexed().filter(condition).order_by("pk").first()
    return found.tip.group if found is not None else None


def _similar(text: str, language: str, bands: list[int]) -> TipGroup | None:
    """The group of a text that says the same: what the matcher would call a match, were it a claim."""
    if not bands or len(text) > _LONGEST:
        return None
    near = _indexed().filter(bands__overlap=bands).order_by("-pk")[:_COMPARED]
    candidates = (each.tip for each in near if len(each.tip.text) <= _LONGEST and similar(text, each.tip.text))
    for tip in islice(candidates, _CLOSELY):
        if not differences(
            text, tip.text, language=language, claim_language=tip.language, period=(None, None), place=""
        ):
            return tip.group
    return None
