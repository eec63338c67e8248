"""Delete what was delivered, so that no second copy of who was told of what grows beside the notices."""

from datetime import timedelta

from django.db.models import Q
from django.db.models.functions import Now

from claims.models import NoticeDelivery

KEPT = timedelta(days=7)
_AT_ONCE = 5_000


def delete_old() -> int:
    """Delete deliveries a week after they ended, and those that nobody could send for as long. Returns how many."""
    over = Q(ended_at__lt=Now() - KEPT) | Q(state=NoticeDelivery.State.PENDING, notice__created_at__lt=Now() - KEPT)
    deleted = 0
    while keys := list(NoticeDelivery.objects.filter(over).values_list("pk", flat=True)[:_AT_ONCE]):
        deleted += NoticeDelivery.objects.filter(pk__in=keys).delete()[0]
    return deleted
