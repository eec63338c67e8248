"""Start draft reviews of items that were taken over, with the ratings that an editor chose for their statuses."""

from collections.abc import Callable, Mapping

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.db import DataError, IntegrityError, InternalError, transaction
from django.utils.translation import gettext as _

from claims.check_import.intake import MAY_NOT, may_take_over
from claims.models import Article, CheckImport, CheckItem, Organisation, Rating, Review
from claims.permissions import Refused, User, require
from claims.reviews import workflow
from claims.visible_text import readable
from sources.database.audit import acting

_AT_ONCE = 100
_REASON = "started a review of an item from Check"
WITHOUT_RATING = 0
"""Stands for a draft whose rating an editor chooses later."""


def ask_for_drafts(
    imported: CheckImport, *, organisation: Organisation, ratings: Mapping[str, int], actor: User
) -> int:
    """Have draft reviews made of the items with these statuses. Returns the number of items.

    `actor` chose the ratings, and whoever brought the list its words: both are their authors.

    `ratings` has the key of a rating for each status, or `WITHOUT_RATING`; items of other statuses stay claims without
    a review. Raises `Refused`.
    """
    require(may_take_over(actor), MAY_NOT)
    if not organisation.is_ours:
        raise Refused(_("Draft reviews are written for an organisation of this desk; choose another one."))
    steps = {rating.pk: rating for rating in Rating.objects.filter(scale__organisation=organisation, retired_at=None)}
    if set(ratings.values()) - set(steps) - {WITHOUT_RATING}:
        raise Refused(_("A rating is none of this organisation's scale any more; load the page again and choose."))
    number = 0
    with acting(actor, reason="chose ratings for statuses of Check"), transaction.atomic():
        for status, key in ratings.items():
            items = imported.items.filter(status=status, review=None).exclude(state=CheckItem.State.REFUSED)
            number += items.update(draft_by=actor, organisation=organisation, rating=steps.get(key))
    return number


def make_drafts(*, may_continue: Callable[[], bool]) -> int:
    """Make the drafts that were asked for. Returns the number of items gone through."""
    number = 0
    while may_continue():
        asked = CheckItem.objects.filter(draft_by__isnull=False, state=CheckItem.State.DONE).order_by("id")
        keys = list(asked.values_list("pk", flat=True)[:_AT_ONCE])
        if not keys:
            break
        for pk in keys:
            if not may_continue():
                return number
            number += _make(pk)
    return number


def _make(pk: int) -> bool:
    """Make one draft. Whatever comes of it, it is not asked for any more; a refusal stands in `why`."""
    row = CheckItem.objects.select_related("draft_by").get(pk=pk)
    if row.draft_by is None:
        return False
    with acting(row.draft_by, reason=_REASON), transaction.atomic():
        item = (
            CheckItem.objects.select_for_update(of=("self",), skip_locked=True)
            .select_related("claim", "organisation", "rating", "draft_by", "check_import__started_by")
            .filter(pk=pk, draft_by__isnull=False)
            .first()
        )
        if item is None:
            return False
        try:
            with transaction.atomic():
                item.review, item.why = _drafted(item), ""
        except (Refused, ValidationError) as refusal:
            item.why = str(refusal)
        except (IntegrityError, InternalError, DataError):
            item.why = "The database refuses a draft of what the row holds."
        item.draft_by = None
        item.save(update_fields=["review", "why", "draft_by"])
        return True


def _drafted(item: CheckItem) -> Review:
    if item.claim is None or item.organisation is None or item.draft_by is None:
        raise Refused("The item was not taken over, so there is no claim to review.")
    there = item.claim.reviews.filter(organisation=item.organisation).first()
    if there is not None:
        return there
    with acting(item.draft_by, reason=_REASON):
        version = workflow.start_review(claim=item.claim, organisation=item.organisation, author=item.draft_by)
        version.rating = item.rating
        version.save(update_fields=["rating"])
    # The words are of whoever brought the list, who may have written them into the file.
    with acting(item.check_import.started_by, reason="wrote it in a list from Check"):
        version.review.article = _article(item, item.organisation)
        version.review.save(update_fields=["article"])
        version.summary = readable(str(item.words.get("summary") or "")) or version.summary
        version.save(update_fields=["summary"])
    return version.review


def _article(item: CheckItem, organisation: Organisation) -> Article | None:
    """The organisation's article at the address that Check has for the fact-check; None for another's, or none."""
    url = str(item.words.get("article") or "")
    if not url or len(url) > 2_000:
        return None
    try:
        URLValidator(schemes=["http", "https"])(url)
    except ValidationError:
        return None
    title = readable(str(item.words.get("title") or ""))[:500] or url[:500]
    article, _made = Article.objects.get_or_create(
        url=url,
        defaults={"organisation": organisation, "title": title, "language": item.claim.language},  # type: ignore[union-attr]
    )
    return article if article.organisation_id == organisation.pk else None
