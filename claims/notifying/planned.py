"""Plan anew what waits for a person, after she changed how she wants to be told."""

from django.db.models.functions import Now

from claims.models import NoticeDelivery, Preferences


def plan_anew(wanted: Preferences) -> int:
    """Make what waits to be mailed to this person due at once, which asks her preferences again. Returns how many."""
    waiting = NoticeDelivery.objects.filter(
        notice__recipient=wanted.user_id, chat__isnull=True, state=NoticeDelivery.State.PENDING, attempts=0
    )
    return waiting.update(due_at=Now())
