"""Sources, pages and changes over REST: health, and quotes before and after."""

from datetime import timedelta

import pytest
from django.utils import timezone

from claims.api.published.changes import visible_changes
from claims.api.published.sources import published_pages, published_sources
from claims.models import Claim, Evidence, Recheck
from claims.reviews import publish, rechecks
from claims.reviews.evidence import attach_quote
from claims.watch import sweep
from sources.models import Change, Page, Polling, Source
from tests import factories
from tests.api_client import ask, problem, reading_key, said
from tests.claims.api.published.test_claims import CHANGED, schema_of

pytestmark = pytest.mark.django_db
API = "/api/v1/"


@pytest.fixture
def key(db: None) -> str:
    return reading_key()


@pytest.fixture
def page(db: None) -> Page:
    """A page that one published review rests on."""
    return factories.published_review().latest_published().evidence.get().page


def change(page: Page, text: str | None, **options: str) -> Change:
    made = factories.change(page, text, **options)
    assert sweep.sweep() == 1
    return made


def test_sources_of_published_reviews_are_listed(key: str, page: Page, django_assert_num_queries) -> None:
    factories.page()  # of a source that nothing rests on
    assert Source.objects.count() == 2
    Source.objects.filter(pk=page.source_id).update(notes="For the desk alone.")
    with django_assert_num_queries(4):  # the key, the log's head, the sources, bodies that name them
        listed = said(f"{API}sources/", key)
    schema_of("SourcePage").validate(listed)
    assert [source["id"] for source in listed["results"]] == [page.source.public_id]
    with django_assert_num_queries(5):
        detail = said(f"{API}sources/{page.source.public_id}/", key)
    schema_of("SourceDetail").validate(detail)
    assert [found["id"] for found in detail["pages"]] == [page.public_id]
    assert "notes" not in detail


def test_sources_are_filtered_by_kind(key: str, page: Page) -> None:
    Source.objects.filter(pk=page.source_id).update(kind="statistics")
    assert len(said(f"{API}sources/?kind=other", key)["results"]) == 1
    assert said(f"{API}sources/?kind=statistics", key)["results"] == [], "only the desk says so yet"
    factories.published_again(Claim.objects.get())
    assert len(said(f"{API}sources/?kind=statistics", key)["results"]) == 1
    assert said(f"{API}sources/?kind=news", key)["results"] == []
    assert "statistics, court" in problem(ask(f"{API}sources/?kind=bank", key))["detail"]


def test_a_source_lists_only_its_published_pages(key: str, page: Page) -> None:
    factories.draft(of=factories.page(f"https://{page.host}/unpublished"))
    assert Page.objects.filter(source=page.source).count() == 2
    detail = said(f"{API}sources/{page.source.public_id}/", key)
    assert [found["id"] for found in detail["pages"]] == [page.public_id]


def test_the_health_of_a_page_is_shown(key: str, page: Page, django_assert_num_queries) -> None:
    now = timezone.now()
    Polling.objects.filter(page=page).update(
        last_outcome="blocked",
        last_detail="HTTP 403 from behind their wall",
        last_attempt_at=now,
        last_success_at=now - timedelta(hours=3),
        failures=2,
    )
    # The key, the page, bodies of the claims on it, their checks; four for when each quote was last seen.
    with django_assert_num_queries(8):
        body = said(f"{API}pages/{page.public_id}/", key)
    schema_of("Page").validate(body)
    assert body["url"] == page.url
    assert body["watch"] == "watched"
    assert body["health"]["outcome"] == "blocked"
    assert body["health"]["failures"] == 2
    assert body["health"]["last_attempt_at"] > body["health"]["last_success_at"]
    [quote] = body["quotes"]
    assert quote["quote"]["exact"] == factories.QUOTE
    assert quote["state"] == "intact"
    assert "wall" not in str(body)


@pytest.mark.parametrize("outcome", ["disallowed", "paywall"])
def test_a_page_that_may_not_be_read_is_not_watched(key: str, page: Page, outcome: str) -> None:
    Polling.objects.filter(page=page).update(last_outcome=outcome)
    body = said(f"{API}pages/{page.public_id}/", key)
    assert (body["watch"], body["health"]["outcome"]) == ("not_watched", outcome)


def test_an_altered_quote_shows_before_and_after(key: str, page: Page, django_assert_num_queries) -> None:
    made = change(page, CHANGED)
    with django_assert_num_queries(4):  # the key, changes, bodies, checks
        listed = said(f"{API}changes/", key)
    schema_of("ChangePage").validate(listed)
    [found] = listed["results"]
    with django_assert_num_queries(4):
        assert said(f"{API}changes/{made.public_id}/", key) == found
    assert found["page"]["id"] == page.public_id
    assert (found["kind"], found["certainty"], found["outcome"]) == ("text", "suspected", "ok")
    [quote] = found["quotes"]
    assert quote["result"] == "altered"
    assert quote["before"] == factories.QUOTE
    assert quote["after"] == factories.QUOTE.replace("412", "430")
    assert quote["changed"] == ["number"]
    assert quote["recheck"] == Recheck.objects.get().public_id
    assert quote["wording"].startswith("On ") and "no longer found this sentence" in quote["wording"]
    [state] = said(f"{API}pages/{page.public_id}/", key)["quotes"]
    assert (state["state"], state["now"]) == ("altered", quote["after"])


def test_a_quote_missing_once_is_not_gone(key: str, page: Page) -> None:
    gone = "Bridges\n\nThe yearly report was taken away for now.\n\nContact us."
    change(page, gone)
    [quote] = said(f"{API}pages/{page.public_id}/", key)["quotes"]
    assert quote["state"] == "intact"
    assert said(f"{API}changes/", key)["results"][0]["quotes"] == []
    change(page, gone, certainty="confirmed")
    [quote] = said(f"{API}pages/{page.public_id}/", key)["quotes"]
    assert quote["state"] == "gone"
    confirmed = said(f"{API}changes/?certainty=confirmed", key)["results"]
    assert [quote["result"] for quote in confirmed[0]["quotes"]] == ["gone"]


def test_an_unreadable_page_is_a_state_of_its_own(key: str, page: Page) -> None:
    change(page, None, kind="blocked", certainty="confirmed")
    [quote] = said(f"{API}pages/{page.public_id}/", key)["quotes"]
    assert quote["state"] == "unverifiable"
    [found] = said(f"{API}changes/", key)["results"]
    schema_of("Change").validate(found)
    assert found["quotes"][0]["result"] == "unverifiable"
    assert found["quotes"][0]["wording"] is None


def test_only_the_quote_and_its_surroundings_are_shown(key: str) -> None:
    far = "Far from the quote stands another sentence. "
    text = far * 40 + factories.QUOTE + " " + far * 40
    review = factories.published_review(of=factories.page(text=text))
    page = review.latest_published().evidence.get().page
    made = change(page, text.replace("412", "430"))
    for path in (f"changes/{made.public_id}/", f"pages/{page.public_id}/", f"claims/{review.claim.public_id}/"):
        answer = ask(f"{API}{path}", key).content.decode()
        assert answer.count(far.strip()) <= 12, path
        assert len(answer) < 4_500, path


def test_an_endless_sentence_is_cut(key: str) -> None:
    text = "Bridges " + "and bridges " * 2_000 + factories.QUOTE
    review = factories.published_review(of=factories.page(text=text))
    page = review.latest_published().evidence.get().page
    made = change(page, text.replace("412", "430"))
    [quote] = said(f"{API}changes/{made.public_id}/", key)["quotes"]
    assert len(quote["after"] or "") <= 1_000
    assert len(quote["surroundings"] or "") <= 1_500
    [because] = said(f"{API}claims/{review.claim.public_id}/", key)["verification"]["because"]
    assert len(because["after"] or "") + len(because["surroundings"] or "") <= 2_500


def test_changes_are_filtered_by_page_source_kind_and_time(key: str, page: Page) -> None:
    other = factories.published_review().latest_published().evidence.get().page
    first = change(page, CHANGED)
    second = change(other, None, kind="gone", certainty="confirmed")
    both = [second.public_id, first.public_id]

    def found(query: str) -> list[str]:
        return [row["id"] for row in said(f"{API}changes/{query}", key)["results"]]

    assert found("") == both
    assert found(f"?page={page.public_id}") == [first.public_id]
    assert found(f"?source={other.source.public_id}") == [second.public_id]
    assert found("?kind=gone") == [second.public_id]
    assert found("?certainty=suspected") == [first.public_id]
    since = second.detected_at.isoformat().replace("+00:00", "Z")
    assert found(f"?detected_since={since}") == [second.public_id]
    pages = [said(f"{API}changes/?limit=1", key)]
    pages.append(said(pages[0]["next"], key))
    assert [row["id"] for one in pages for row in one["results"]] == both
    assert pages[1]["next"] is None


def test_changes_before_publication_are_not_shown(key: str) -> None:
    page = factories.page()
    early = change(page, factories.PAGE_TEXT + " More.")
    factories.published_review(of=page)
    late = change(page, CHANGED)
    assert [row["id"] for row in said(f"{API}changes/", key)["results"]] == [late.public_id]
    assert ask(f"{API}changes/{early.public_id}/", key).status_code == 404


def test_a_new_version_still_shows_the_broken_quote(key: str, page: Page) -> None:
    made = change(page, CHANGED)
    author = factories.editor()
    version = rechecks.correct(Recheck.objects.get(), actor=author, kind="update")
    version.public_note = "The page has a new figure."
    version.save()
    version.evidence.update(kept_because="It was right on its day.")
    version = factories.approved(version)
    publish.publish(version, actor=version.approver)
    [quote] = said(f"{API}changes/{made.public_id}/", key)["quotes"]
    assert quote["result"] == "altered"
    assert quote["evidence"] == version.evidence.get().public_id


def test_described_and_confidential_quotes_reveal_no_page(key: str) -> None:
    author = factories.editor()
    version = factories.draft(author=author)
    hidden = {}
    for visibility in ("described", "confidential"):
        page = factories.page(f"https://{visibility}.example/")
        hidden[visibility] = attach_quote(
            version,
            url_or_page=page,
            exact=factories.QUOTE,
            stance="supports",
            actor=author,
            visibility=visibility,
            description="a clerk" if visibility == "described" else "",
        )
    version = factories.approved(version)
    publish.publish(version, actor=version.approver)
    assert Evidence.objects.in_force().count() == 3
    for visibility, evidence in hidden.items():
        made = change(evidence.page, CHANGED)
        for path in (
            f"pages/{evidence.page.public_id}/",
            f"sources/{evidence.page.source.public_id}/",
            f"changes/{made.public_id}/",
        ):
            assert ask(API + path, key).status_code == 404, (visibility, path)
    listed = " ".join(ask(f"{API}{path}", key).content.decode() for path in ("claims/", "sources/", "changes/"))
    assert "described.example" not in listed
    assert "confidential.example" not in listed
    assert hidden["confidential"].public_id not in listed
    assert "a clerk" in listed, "the control: what is described is described"


def test_an_unpublished_page_is_not_found(key: str) -> None:
    page = factories.draft().evidence.get().page
    for path, unknown in (
        (f"pages/{page.public_id}/", "pages/pag_0000000000000000/"),
        (f"sources/{page.source.public_id}/", "sources/src_0000000000000000/"),
    ):
        real, imagined = ask(API + path, key), ask(API + unknown, key)
        assert (real.status_code, real.content) == (404, imagined.content)
        for response in (real, imagined):
            del response.headers["RateLimit"]  # one of them was asked before the other
        assert dict(real.headers) == dict(imagined.headers)


def test_a_page_shows_only_its_own_quotes(key: str) -> None:
    author = factories.editor()
    version = factories.draft(author=author)
    second = factories.page()
    quote = attach_quote(
        version, url_or_page=second, exact="The next report is due in spring.", stance="context", actor=author
    )
    version = factories.approved(version)
    publish.publish(version, actor=version.approver)
    [shown] = said(f"{API}pages/{second.public_id}/", key)["quotes"]
    assert shown["evidence"] == quote.public_id
    made = change(second, None, kind="blocked", certainty="confirmed")
    [shown] = said(f"{API}changes/{made.public_id}/", key)["quotes"]
    assert shown["evidence"] == quote.public_id


def test_arrays_of_ids_use_the_ids_collation(db: None) -> None:
    """Ids have another one; comparing the two would forbid the index and read every claim (10 s at 100,000)."""
    request = type("Request", (), {"auth": "a key"})()
    for rows in (published_pages(request), published_sources(request), visible_changes(request)):
        statement = str(rows.query)
        assert statement.count('COLLATE "default"') == statement.count("@>") > 0
