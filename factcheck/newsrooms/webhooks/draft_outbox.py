"""Create deliveries of what came of a newsroom's own drafts, for the webhooks of the key that sent them, and no others.

An event goes to the endpoints of the key that sent the draft; once that key is revoked or expired, to those of the
newsroom's live keys, which then see the draft (`ApiKey.keys_of_drafts`). An endpoint that the desk made belongs to no
key and is told nothing of drafts until a key changes it. Events have a cursor of their own beside that of the log.
"""

from django.db import transaction
from django.db.models import Max, QuerySet
from django.db.models.functions import Now

from claims.models import DraftEvent
from factcheck.newsrooms.models import DRAFT_EVENTS, WebhookDelivery, WebhookEndpoint, WebhookProgress
from factcheck.newsrooms.webhooks import payloads

_BATCH = 500  # events for one endpoint in one transaction
_ENDPOINTS = 100


def head() -> int:
    """The last event of any draft; 0 if there is none."""
    return DraftEvent.objects.aggregate(head=Max("sequence"))["head"] or 0


def fan_out() -> None:
    """Create the deliveries of new events for endpoints that are behind; at most `_ENDPOINTS` at a time."""
    upto = head()
    behind = WebhookProgress.objects.filter(
        draft_cursor__lt=upto, endpoint__is_active=True, endpoint__newsroom__is_active=True
    )
    for endpoint_id in behind.order_by("-draft_cursor", "pk").values_list("pk", flat=True)[:_ENDPOINTS]:
        _fan_out_to(endpoint_id, upto)


@transaction.atomic
def _fan_out_to(endpoint_id: int, upto: int) -> None:
    unlocked = WebhookProgress.objects.select_for_update(skip_locked=True, of=("self",))
    progress = unlocked.select_related("endpoint__newsroom", "endpoint__api_key").filter(pk=endpoint_id).first()
    if progress is None:
        return
    endpoint = progress.endpoint
    events = list(_told_to(endpoint, progress.draft_cursor, upto)[:_BATCH])
    cursor = events[-1].sequence if len(events) == _BATCH else upto
    WebhookDelivery.objects.bulk_create(
        [
            WebhookDelivery(
                public_id=payloads.message_id(endpoint.public_id, event.public_id),
                endpoint=endpoint,
                draft_event=event,
                next_attempt_at=Now(),
            )
            for event in events
        ],
        ignore_conflicts=True,
    )
    WebhookProgress.objects.filter(pk=endpoint_id).update(draft_cursor=cursor)


def _told_to(endpoint: WebhookEndpoint, after: int, upto: int) -> QuerySet[DraftEvent]:
    """The events in (after, upto] that this endpoint is told of, in order."""
    events = DraftEvent.objects.filter(sequence__gt=after, sequence__lte=upto).order_by("sequence")
    key = endpoint.api_key
    if key is None or not (kinds := _kinds(endpoint)):
        return events.none()
    return events.filter(sender__newsroom=endpoint.newsroom.public_id, key__in=key.keys_of_drafts(), kind__in=kinds)


def _kinds(endpoint: WebhookEndpoint) -> list[str]:
    """The kinds that it wants. One that follows some claims, speakers, topics or hosts has to name them."""
    named = [kind.value for name, kind in DRAFT_EVENTS.items() if name in endpoint.event_filter]
    narrowed = endpoint.event_filter or endpoint.claims or endpoint.speakers or endpoint.topics or endpoint.hosts
    return named if narrowed else [kind.value for kind in DRAFT_EVENTS.values()]
