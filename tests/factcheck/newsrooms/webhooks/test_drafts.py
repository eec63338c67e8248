"""What came of a draft is told to the webhooks of the key that sent it, and to nobody else."""

from typing import Any

import orjson
import pytest

from claims.models import DraftEvent, Publication, ReviewVersion
from claims.permissions import Refused
from claims.publication.words import leaving
from claims.reviews import publish, workflow
from factcheck.newsrooms.keys import create_key, revoke_key
from factcheck.newsrooms.models import ApiKey, Newsroom, WebhookDelivery
from factcheck.newsrooms.webhooks import endpoints, outbox
from sources.database.audit import acting
from tests import factories
from tests.api_client import ask, said
from tests.claims import drafts_api
from tests.factcheck.webhook_receiver import Receiver

pytestmark = pytest.mark.django_db
REASON = "Say in the summary which year the report is of."


def endpoint_of(key: str | None, receiver: Receiver, path: str = "/hook", **filters: Any) -> Any:
    """An endpoint that the key made; the desk, without one."""
    row = ApiKey.objects.get(prefix=key.split("_")[1]) if key else None
    newsroom = row.newsroom if row else Newsroom.objects.get(name="Daily Paper")
    return endpoints.create(newsroom, url=receiver.url(path), actor="a test", key=row, filters=filters)[0]


def submitted(key: str) -> tuple[dict[str, Any], ReviewVersion]:
    review = drafts_api.review(key)
    drafts_api.dataset(key, review["id"])
    assert drafts_api.send(f"reviews/{review['id']}/submit/", key, b"").status_code == 200
    return review, ReviewVersion.objects.get(review__public_id=review["id"])


def published(version: ReviewVersion) -> Publication:
    approver = factories.editor()
    workflow.approve(version, actor=approver, shown=leaving(version).sha256)
    return publish.publish(ReviewVersion.objects.get(pk=version.pk), actor=approver)


@pytest.fixture
def key(db: None) -> str:
    factories.organisation()
    return drafts_api.writing_key()


def drafts_told(receiver: Receiver) -> list[tuple[str, str]]:
    return [
        (each.path, each.message["type"]) for each in receiver.received if each.message["type"].startswith("draft.")
    ]


def test_sent_back_and_published_reach_the_key_that_sent_the_draft_alone(
    key: str, receiver: Receiver, deliver: Any
) -> None:
    second = drafts_api.writing_key()  # of the same newsroom
    stranger = drafts_api.writing_key("Other Paper")
    endpoint_of(key, receiver, "/own")
    endpoint_of(second, receiver, "/second")
    endpoint_of(None, receiver, "/desk")
    endpoint_of(stranger, receiver, "/stranger")
    review, version = submitted(key)
    workflow.send_back(version, actor=factories.editor(), reason=f"  {REASON} ")
    deliver()
    (message,) = receiver.received
    assert message.path == "/own"
    assert message.message["type"] == "draft.sent_back"
    assert message.message["data"] == {
        "review": review["id"],
        "claim": review["claim"],
        "url": review["url"],
        "reason": REASON,
    }
    shown = said(review["url"], key)
    assert (shown["state"], shown["sent_back"]["reason"], shown["published"]) == ("draft", REASON, None)
    for other in (second, stranger):
        assert ask(review["url"], other).status_code == 404
        assert REASON.encode() not in ask("/api/v1/desk/reviews/", other).content

    drafts_api.send(f"reviews/{review['id']}/submit/", key, b"")
    published(ReviewVersion.objects.get())
    deliver()
    assert drafts_told(receiver) == [("/own", "draft.sent_back"), ("/own", "draft.published")]
    draft = next(each.message for each in receiver.received if each.message["type"] == "draft.published")
    assert draft["data"]["published_url"] == f"/api/v1/reviews/{review['id']}/"
    assert said(draft["data"]["published_url"], create_key("Reader"))["id"] == review["id"]
    shown = said(review["url"], key)
    assert shown["state"] == "published" and shown["published"]["url"] == draft["data"]["published_url"]


def test_deliveries_are_listed_for_the_endpoint_alone_and_never_twice(
    key: str, receiver: Receiver, deliver: Any
) -> None:
    made = endpoint_of(key, receiver)
    review, version = submitted(key)
    workflow.send_back(version, actor=factories.editor())
    for _ in range(3):
        deliver()
        outbox.fan_out()
    assert drafts_told(receiver) == [("/hook", "draft.sent_back")]
    reader = create_key("Other Paper", ["read", "write"])
    path = f"/api/v1/webhooks/{made.public_id}/deliveries/"
    assert ask(path, reader).status_code == 404
    revoke_key("Daily Paper", key.split("_")[1])
    own = create_key("Daily Paper", ["read", "write"])
    (listed,) = said(path, own)["results"]
    assert (listed["type"], listed["review"], listed["claim"], listed["sequence"]) == (
        "draft.sent_back",
        review["id"],
        review["claim"],
        None,
    )
    endpoints.replay(made, actor="a test", after=0)
    deliver()
    assert len(drafts_told(receiver)) == 1, "a replay is of the log"


def test_a_draft_of_a_revoked_key_is_told_to_the_keys_that_inherit_it(
    key: str, receiver: Receiver, deliver: Any
) -> None:
    heir = drafts_api.writing_key()
    endpoint_of(heir, receiver)
    _, version = submitted(key)
    revoke_key("Daily Paper", key.split("_")[1])
    workflow.send_back(version, actor=factories.editor())
    deliver()
    assert drafts_told(receiver) == [("/hook", "draft.sent_back")]


def test_a_webhook_begins_with_what_comes_after_it_and_asks_for_what_it_wants(
    key: str, receiver: Receiver, deliver: Any
) -> None:
    _, version = submitted(key)
    workflow.send_back(version, actor=factories.editor())
    endpoint_of(key, receiver, "/all")
    endpoint_of(key, receiver, "/log", event_filter=["corrected"])
    endpoint_of(key, receiver, "/topic", topics=["roads"])
    endpoint_of(key, receiver, "/named", topics=["roads"], event_filter=["draft_sent_back"])
    endpoint_of(key, receiver, "/other", event_filter=["draft_published"])
    deliver()
    assert receiver.received == []
    with pytest.raises(Refused, match="The events are"):
        endpoint_of(key, receiver, "/odd", event_filter=["draft_approved"])
    workflow.submit(ReviewVersion.objects.get(), actor=version.author)
    workflow.send_back(ReviewVersion.objects.get(), actor=factories.editor())
    deliver()
    assert sorted(drafts_told(receiver)) == [("/all", "draft.sent_back"), ("/named", "draft.sent_back")]


def test_a_newsroom_hears_nothing_of_what_the_desk_does_with_a_draft_it_took_over(
    key: str, receiver: Receiver, deliver: Any
) -> None:
    endpoint_of(key, receiver)
    review, version = submitted(key)
    ana, ben = factories.editor(), factories.editor()
    with acting(ana, reason="edited"):
        ReviewVersion.objects.filter(pk=version.pk).update(summary="What the desk makes of it.")
    workflow.take_over(version, actor=ana)
    workflow.submit(ReviewVersion.objects.get(), actor=ana)
    workflow.send_back(ReviewVersion.objects.get(), actor=ben, reason="Among ourselves: is this libel?")
    deliver()
    assert receiver.received == [] and not DraftEvent.objects.exists()
    assert "libel" not in ask(review["url"], key).content.decode()
    workflow.submit(ReviewVersion.objects.get(), actor=ana)
    published(ReviewVersion.objects.get())
    deliver()
    assert drafts_told(receiver) == [("/hook", "draft.published")]
    assert "What the desk makes" not in orjson.dumps(said(review["url"], key)).decode()


def test_a_disabled_endpoint_waits_and_a_test_is_still_sent(key: str, receiver: Receiver, deliver: Any) -> None:
    made = endpoint_of(key, receiver)
    _, version = submitted(key)
    workflow.send_back(version, actor=factories.editor())
    outbox.fan_out()
    endpoints.disable(made, actor="a test", by="newsroom")
    endpoints.send_test(made, actor="a test")
    deliver()
    assert [each.message["type"] for each in receiver.received] == ["webhook.test"]
    endpoints.enable(made, actor="a test", by="newsroom")
    deliver()
    assert drafts_told(receiver) == [("/hook", "draft.sent_back")]
    assert WebhookDelivery.objects.filter(state="delivered").count() == 2


def test_a_reason_must_read_as_it_is_stored(key: str) -> None:
    _, version = submitted(key)
    for reason in ("\u202eback", "x" * 2_001, "a\x1bb"):
        with pytest.raises(Refused):
            workflow.send_back(version, actor=factories.editor(), reason=reason)
    assert ReviewVersion.objects.get().state == "in_review" and not DraftEvent.objects.exists()
