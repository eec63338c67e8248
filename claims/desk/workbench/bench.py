"""What the workbench shows of a claim: which review and version is on it, what is public, and what waits."""

from collections.abc import Collection
from dataclasses import dataclass, field

from claims.models import Appearance, Claim, Organisation, Recheck, Review, ReviewVersion
from claims.reviews.drafts.claim_edits import remember_waiting
from sources.admin.difference import Piece, difference, with_context

_TEXTS = ("summary", "body", "public_note", "reply_asked", "reply")
_WHOLE = ("true_as_of", "reply_asked_on", "reply_answered_on", "reply_none_by", "reply_url")


@dataclass
class Bench:
    """The page of one claim for one person. `review` is the one that is worked on, None before there is one."""

    claim: Claim
    reviews: list[Review]
    review: Review | None = None
    versions: list[ReviewVersion] = field(default_factory=list)
    """Of `review`, the latest first."""
    version: ReviewVersion | None = None
    """The one whose words are shown: the open one, else the latest, else the one that was asked for."""
    public: ReviewVersion | None = None
    recheck: Recheck | None = None
    organisations: list[Organisation] = field(default_factory=list)
    """Ours, for which a review can be started."""
    appearances: list[Appearance] = field(default_factory=list)
    is_on_record: bool = False
    """Whether the public record names the claim; known once its timeline is."""
    has_merged: bool = False
    """Whether a claim was merged into this one."""

    @property
    def open(self) -> ReviewVersion | None:
        """The version that is not published yet."""
        return next((each for each in self.versions if each.state != ReviewVersion.State.PUBLISHED), None)

    @property
    def is_merged(self) -> bool:
        return self.claim.merged_into_id is not None

    @property
    def imported(self) -> list[Review]:
        return [each for each in self.reviews if each.origin == Review.Origin.IMPORTED]

    @property
    def others(self) -> list[Review]:
        """The reviews beside the one that is worked on."""
        return [each for each in self.reviews if self.review is None or each.pk != self.review.pk]


@dataclass(frozen=True)
class Waiting:
    """A field in which the open version differs from the public one."""

    name: str
    pieces: list[Piece]


def bench(claim: Claim, *, review: int | None = None, number: int | None = None) -> Bench:
    """Collect what is shown; `review` and `number` ask for another than the one that is worked on."""
    reviews = list(claim.reviews.select_related("organisation", "article").order_by("pk"))
    for each in reviews:
        each.claim = claim
    by_review: dict[int, list[ReviewVersion]] = {each.pk: [] for each in reviews}
    rows = ReviewVersion.objects.filter(review__in=by_review).select_related("author", "approver", "rating__scale")
    for version in rows.order_by("-number"):
        version.review = next(each for each in reviews if each.pk == version.review_id)
        by_review[version.review_id].append(version)
    for each in reviews:
        each.shown_versions = by_review[each.pk]  # type: ignore[attr-defined]
    remember_waiting(claim, (version for versions in by_review.values() for version in versions))
    found = Bench(claim, reviews, organisations=list(Organisation.objects.filter(is_ours=True).order_by("name")[:100]))
    found.review = _chosen(reviews, by_review, review)
    if found.review is None:
        return found
    found.versions = by_review[found.review.pk]
    asked = next((each for each in found.versions if each.number == number), None)
    found.version = asked or found.open or next(iter(found.versions), None)
    found.public = next((each for each in found.versions if each.state == ReviewVersion.State.PUBLISHED), None)
    found.recheck = Recheck.objects.open().filter(review=found.review).order_by("pk").first()
    return found


def _chosen(reviews: Collection[Review], versions: dict[int, list[ReviewVersion]], asked: int | None) -> Review | None:
    own = [each for each in reviews if each.origin == Review.Origin.OWN]
    for each in reviews:
        if each.pk == asked:
            return each
    opened = [each for each in own if any(row.published_at is None for row in versions[each.pk])]
    standing = [each for each in own if each.withdrawn_at is None]
    return next(iter([*opened, *standing, *own]), None)


def waiting(found: Bench) -> list[Waiting]:
    """What the open version changes of the public one, word by word."""
    if found.open is None or found.public is None:
        return []
    before, after = found.public, found.open
    shown = []
    if before.rating_id != after.rating_id:
        shown.append(Waiting("rating", _whole(str(before.rating or ""), str(after.rating or ""))))
    for name in _TEXTS:
        old = "" if name == "public_note" else getattr(before, name)
        new = getattr(after, name)
        if old != new:
            shown.append(Waiting(name, with_context(difference(old, new))))
    for name in _WHOLE:
        was, comes = getattr(before, name), getattr(after, name)
        if was != comes:
            shown.append(Waiting(name, _whole(str(was or ""), str(comes or ""))))
    return shown


def _whole(before: str, after: str) -> list[Piece]:
    return [piece for piece in (Piece("removed", before), Piece("same", " "), Piece("added", after)) if piece.text]
