"""Every model at the desk: opens, searches, costs the same however many rows, shows hostile text as text."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.apps import apps
from django.contrib import admin
from django.contrib.auth.models import Group, User
from django.db import connection, models, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from pghistory.models import Event

from claims.models import (
    Article,
    Claim,
    Evidence,
    Organisation,
    Publication,
    Recheck,
    Review,
    Sweep,
    Topic,
)
from claims.roles import GROUPS, Role, ensure_groups
from claims.statements import proposals
from claims.tips import inbox
from claims.watch import sweep
from factcheck.newsrooms.keys import create_key
from factcheck.newsrooms.models import Newsroom, WebhookDelivery
from factcheck.newsrooms.webhooks import endpoints
from sources.feeds.reader import add_feed
from sources.models import FeedItem, FeedReading, Polling
from tests import factories
from tests.claims import drafts_api

pytestmark = pytest.mark.django_db

OURS = {"sources", "claims", "newsrooms", "auth"}
REGISTERED = sorted(
    (model for model in admin.site._registry if model._meta.app_label in OURS), key=lambda m: m._meta.label
)
LOGS = [model for model in REGISTERED if getattr(model, "append_only", False)]
# The audit tables share one class of page, so two of them stand for all: with and without a row of their own.
OPENED = [
    model
    for model in REGISTERED
    if not issubclass(model, Event) or model.__name__ in ("ClaimEvent", "ClaimTopicsEvent")
]
OWN_MARKUP = re.compile(r"&lt;/?(?:span|a|b|br|code|div|time)\b")  # markup of ours that was escaped by mistake
DATABASE_WORDS = re.compile(r"\b(Pgh|Scrubs?|[Cc]laim versions?|Heartbeats?|Stands|House)\b")
PAYLOAD = "<script>alert('x')</script><img src=x onerror=alert(1)>\"'"


def superuser() -> User:
    """A superuser who is chief too: alone the one gives no editorial right, the other no key."""
    user = User.objects.create_superuser("root-" + str(User.objects.count()))
    user.groups.add(Group.objects.get(name=GROUPS[Role.CHIEF]))
    return user


def logged_in(user: User) -> Client:
    client = Client(HTTP_HOST="localhost")
    client.force_login(user)
    return client


def address(model: type[models.Model], page: str, *args: Any) -> str:
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{page}", args=args)


def words(page: Any) -> str:
    """What a person reads on the page."""
    return re.sub(r"<(script|style)\b.*?</\1>|<[^>]*>", " ", page.content.decode(), flags=re.DOTALL)


def fill(tag: str, text: str = "") -> Review:
    """One row at least of every table of the desk."""
    claim = factories.claim(text or f"{tag}: 412 bridges need repair.", is_demo=bool(text))
    topic = Topic.objects.create(slug=f"topic-{tag}", name=text or f"Topic {tag}")
    claim.topics.add(topic)
    factories.linked(claim, text=f"“412 bridges need repair,” {text or tag} said.", speaker=text or f"Speaker {tag}")
    page = factories.page()
    review = factories.published_review(claim, of=page)
    organisation = Organisation.objects.get(pk=review.organisation_id)
    Article.objects.create(organisation=organisation, url=f"https://desk.example/{tag}", title=text or f"Article {tag}")
    factories.change(page, factories.PAGE_TEXT.replace("412", "312"))
    sweep.sweep()
    factories.draft(factories.claim(text or f"{tag}: another."))
    feed = add_feed(f"https://paper-{tag}.example/feed", actor=factories.editor())
    FeedItem.objects.create(feed=feed, url=f"https://paper.example/{tag}", title=text or f"Item {tag}", baseline=False)
    FeedReading.objects.filter(feed=feed).update(problem=text)
    proposals.propose()
    inbox.receive(
        actor="test",
        text=text or f"Tip {tag}",
        name=text[:200] or "A reader",
        email="r@paper.example",
        newsroom=text[:200],
    )
    factories.notice(superuser(), text or f"Notice {tag}", kind="sent_back")
    create_key(f"Newsroom {tag} {text}"[:200])
    newsroom = Newsroom.objects.latest("pk")
    endpoint, _ = endpoints.create(newsroom, url=f"https://hooks.example/{tag}", actor=tag)
    WebhookDelivery.objects.create(
        endpoint=endpoint,
        publication=Publication.objects.latest("sequence"),
        next_attempt_at=timezone.now(),
        last_detail=text,
        last_answer=text,
    )
    Group.objects.create(name=f"Group {tag}")
    key = drafts_api.writing_key(f"Writers {tag} {text}"[:200])
    statement = drafts_api.statement(key, speaker_as_written=text)
    draft = drafts_api.review(
        key, claim=drafts_api.claim(key, text=text or tag, statements=[statement["id"]])["id"], summary=text
    )
    drafts_api.dataset(key, draft["id"], note=text)
    markup = {"claimReviewed": text or tag, "rating": {"ratingExplanation": text}}
    page_of_google = {"pageUrl": f"https://g.example/{tag}", "claimReviewMarkups": [markup]}
    assert drafts_api.send("/v1alpha1/pages", key, page_of_google).status_code == 200
    return review


def test_every_model_of_the_product_is_at_the_desk() -> None:
    # Shown on the pages of what they belong to; the schedule's own number; what machines forget by themselves.
    hidden = {"Polling", "FeedReading", "Blob", "Text", "PublicationBody", "PollingPrice", "Host", "KeyUse"}
    hidden |= {"Bucket", "StoredAnswer", "WebhookSecret", "WebhookProgress"}
    hidden |= {"FeedToken", "FeedTokenUse"}  # on the page of their newsroom
    hidden |= {"SavedPage", "DraftEvent"}  # on the page of the evidence, and of the draft
    hidden |= {"TipFingerprint", "TipSender", "ClientHashKey"}  # computed from tips; forgotten within the hour
    hidden |= {"LogRestore"}  # what readers of the change feed are told
    hidden |= {"Complaint", "ComplaintContact", "ComplaintSender"}  # in the public record; forgotten within the hour
    hidden |= {"PageProposal"}  # on the screen of the site's pages
    hidden |= {"SitePublication"}  # on the readers' pages and in the public record
    hidden |= {"Seal", "Checkpoint", "CheckpointDelivery", "AuditReport"}  # on the first screen, and by `audit verify`
    hidden |= {"SealRevision"}  # with the seals, by `audit verify`
    hidden |= {"Attribution"}  # on the page of its statement
    # on the workbench, on a person's own page, or in charts
    hidden |= {"Comment", "Assignment", "ChecklistItem", "ChecklistTick", "PublicationTimer", "ReviewBy", "Presence"}
    hidden |= {"DiscardedVersion", "Autosave", "Preferences", "NoticeDelivery", "ChatWebhook", "DailyCount"}
    hidden |= {"SourceRequest", "SourceAnswer", "EvidenceFile", "CheckImport", "CheckItem"}
    hidden |= {"Passage"}  # with the evidence that points at it
    hidden |= {"ClaimFingerprint"}  # computed from each claim
    hidden |= {"UnpublishedEdit", "Amendment", "AmendmentItem"}  # on the screen of edits that wait
    hidden |= {
        "FacetCount",
        "IndexState",
        "Import",
        "ImportedRecord",
    }  # an index; what the command that imports tells of itself
    product = {
        model
        for model in apps.get_models()
        if model._meta.app_label in {"sources", "claims", "newsrooms", "factcheck"} and model.__name__ not in hidden
    }
    assert product <= set(admin.site._registry)


@pytest.fixture(scope="class")
def rows(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """A row of everything, with hostile text, for all tests of a class. What each of them writes is rolled back."""
    with django_db_blocker.unblock(), transaction.atomic():
        fill("bad", PAYLOAD)
        yield
        transaction.set_rollback(True)


@pytest.mark.usefixtures("rows")
class TestWithRows:
    def test_every_page_opens_shows_hostile_text_as_text_and_costs_no_more_with_more_rows(self) -> None:
        client = logged_in(superuser())
        request = _request(client)
        lists = {"the first screen": reverse("admin:index")}
        lists |= {
            model._meta.label: address(model, "changelist") + ("?state=all" if model is Recheck else "")
            for model in OPENED
        }
        # Where people are led on to a screen, the screen and the table.
        lists |= {
            f"the table of {model._meta.label}": f"{address(model, 'changelist')}?table=1"
            for model in OPENED
            if getattr(admin.site._registry[model], "list_screen", "")
        }
        pages = []
        for model in OPENED:
            for row in model._default_manager.order_by("-pk")[:1]:
                pages += [address(model, "change", row.pk), address(model, "history", row.pk)]
                if getattr(admin.site._registry[model], "row_screen", ""):
                    pages.append(f"{address(model, 'change', row.pk)}?table=1")
                if admin.site._registry[model].has_delete_permission(request):
                    pages.append(address(model, "delete", row.pk))
        assert len(pages) > 80

        shown = 0
        before = {}

        def look(page: str) -> int:
            """Open the page; returns its number of queries."""
            nonlocal shown
            with CaptureQueriesContext(connection) as queries:
                answer = client.get(page, follow=True)
            body = answer.content.decode()
            assert answer.status_code == 200, page
            assert "table=1" not in page or not answer.redirect_chain, page
            assert "<script>alert" not in body, page
            assert "<img src=x" not in body, page
            assert not OWN_MARKUP.search(body), page
            if not page.endswith(("/history/", "/delete/")):
                assert not DATABASE_WORDS.search(words(answer)), page
            assert "delete_selected" not in body, page
            shown += "&lt;script&gt;alert" in body
            return len(queries)

        for name, page in lists.items():
            before[name] = look(page)
        for page in pages:
            look(page)
        assert shown > 20  # the payload did reach the pages
        for tag in ("two", "three", "four"):
            fill(tag)
        after = {name: look(page) for name, page in lists.items()}
        assert after["the first screen"] == before["the first screen"]
        assert [(name, before[name], after[name]) for name in lists if after[name] > before[name]] == []

    def test_every_search_box_and_autocomplete_answers(self) -> None:
        client = logged_in(superuser())
        for model, model_admin in admin.site._registry.items():
            if model_admin.search_fields:
                answer = client.get(address(model, "changelist"), {"q": "bridges '\"<"})
                assert answer.status_code == 200, model
            for name in model_admin.autocomplete_fields:
                answer = client.get(
                    reverse("admin:autocomplete"),
                    {
                        "app_label": model._meta.app_label,
                        "model_name": model._meta.model_name,
                        "field_name": name,
                        "term": "bridges",
                    },
                )
                assert answer.status_code == 200, (model, name)

    def test_pages_load_nothing_from_other_hosts_and_tell_browsers_so(self) -> None:
        client = logged_in(superuser())
        pages = [reverse("admin:index"), address(Recheck, "changelist"), address(Evidence, "changelist")]
        pages += [address(Review, "change", Review.objects.latest("pk").pk)]
        for page in pages:
            answer = client.get(page)
            body = answer.content.decode()
            assert not re.findall(r"""<(?:script|link|img|iframe)[^>]+(?:src|href)=["'](?:https?:)?//""", body), page
            policy = answer.headers["Content-Security-Policy"]
            assert "default-src 'none'" in policy
            assert "connect-src 'self'" in policy and "img-src 'self' data:" in policy
            assert answer.headers["Referrer-Policy"] == "same-origin"

    def test_strangers_see_the_log_in_alone(self) -> None:
        stranger = Client(HTTP_HOST="localhost")
        reader = logged_in(User.objects.create_user("reader"))
        for client in (stranger, reader):
            for model in OPENED:
                answer = client.get(address(model, "changelist"))
                assert answer.status_code == 302 and "/login/" in answer.headers["Location"], model
            review = Review.objects.latest("pk")
            answer = client.post(reverse("admin:claims_review_verb", args=[review.pk, "correction"]))
            assert answer.status_code == 302 and "/login/" in answer.headers["Location"]


def test_every_form_to_add_a_row_opens() -> None:
    client = logged_in(superuser())
    request = _request(client)
    opened = 0
    for model in OPENED:
        if admin.site._registry[model].has_add_permission(request):
            answer = client.get(address(model, "add"), follow=True)
            assert answer.status_code == 200, model
            assert "DatabaseDefault" not in answer.content.decode(), model
            opened += 1
    assert opened > 12
    # A form that comes back with an error shows its new rows too.
    rows = {"appearances-TOTAL_FORMS": "1", "appearances-INITIAL_FORMS": "0", "appearances-0-statement": "0"}
    answer = client.post(address(Claim, "add"), {"text": "", "language": "en", **rows})
    assert answer.status_code == 200 and "DatabaseDefault" not in answer.content.decode()


def test_the_first_screen_opens_when_a_page_has_no_polling_row() -> None:
    page = factories.page("https://agency.example/never-polled")
    factories.published_review(of=page)
    Polling.objects.filter(page=page).delete()
    desk = logged_in(superuser())
    assert desk.get(reverse("admin:index")).status_code == 200
    assert "agency.example/never-polled" in desk.get(reverse("desk:quotes")).content.decode()


@pytest.mark.parametrize("model", LOGS, ids=lambda model: model._meta.label)
def test_logs_cannot_be_written_even_by_a_superuser(model: type[models.Model], rf: Any) -> None:
    request = rf.get("/")
    request.user = superuser()
    model_admin = admin.site._registry[model]
    assert not model_admin.has_add_permission(request)
    assert not model_admin.has_change_permission(request)
    assert not model_admin.has_delete_permission(request)
    assert logged_in(request.user).get(address(model, "add")).status_code == 403


def test_logs_are_among_the_registered() -> None:
    labels = {model._meta.label for model in LOGS}
    assert {"claims.Publication", "claims.EvidenceCheck", "sources.Change", "sources.Snapshot"} <= labels
    assert "claims.ClaimEvent" in labels


def test_editors_have_the_desk_and_not_the_keys() -> None:
    groups = ensure_groups()
    assert ensure_groups() == groups
    ursula = User.objects.create_user("ursula", is_staff=True)
    ursula.groups.add(groups[Role.EDITOR])
    ursula = User.objects.get(pk=ursula.pk)
    for right in ("claims.approve_review", "claims.publish_review", "claims.decide_recheck", "claims.add_claim"):
        assert ursula.has_perm(right)
    for wrong in ("auth.change_user", "newsrooms.add_apikey", "newsrooms.view_newsroom", "claims.delete_claim"):
        assert not ursula.has_perm(wrong)
    client = logged_in(ursula)
    assert client.get(reverse("admin:index")).status_code == 200
    assert client.get(reverse("admin:claims_claim_changelist")).status_code == 200
    refused = client.get(reverse("admin:auth_user_changelist"))
    assert refused.status_code == 403
    assert "back to the desk" in refused.content.decode()
    assert client.get(reverse("admin:newsrooms_apikey_changelist")).status_code == 403


def test_a_key_is_shown_once_and_can_be_revoked() -> None:
    newsroom = Newsroom.objects.create(name="The Paper")
    client = logged_in(superuser())
    answer = client.post(reverse("admin:newsrooms_newsroom_verb", args=[newsroom.pk, "key"]), {"scopes": ["read"]})
    key = re.search(r"fc_[a-z0-9]{8}_\w+", answer.content.decode())
    assert key is not None and "no-store" in answer.headers["Cache-Control"]
    page = client.get(reverse("admin:newsrooms_newsroom_change", args=[newsroom.pk])).content.decode()
    assert key[0] not in page and key[0][:11] in page
    made = newsroom.keys.get()
    client.post(reverse("admin:newsrooms_apikey_verb", args=[made.pk, "revoke"]))
    made.refresh_from_db()
    assert made.revoked_at is not None


def test_a_key_without_scopes_is_refused_in_a_sentence() -> None:
    newsroom = Newsroom.objects.create(name="The Paper")
    client = logged_in(superuser())
    answer = client.post(reverse("admin:newsrooms_newsroom_verb", args=[newsroom.pk, "key"]), follow=True)
    assert "The scopes of a key are one or more of" in answer.content.decode()
    assert not newsroom.keys.exists()


def test_who_wrote_a_row_is_in_its_history() -> None:
    root = superuser()
    client = logged_in(root)
    client.post(address(Topic, "add"), {"name": "Roads", "slug": "roads"})
    topic = Topic.objects.get()
    body = client.get(address(Topic, "history", topic.pk)).content.decode()
    assert root.username in body and "added on the page of a topic" in body and "Roads" in body
    assert Sweep.objects.count() == 0


def _request(client: Client) -> Any:
    return client.get(reverse("admin:index")).wsgi_request
