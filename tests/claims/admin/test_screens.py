"""Admin pages of claims: the re-check queue, two-person reviews, quotes, documents, and hostile text."""

import re
from typing import Any

import pytest
from django.contrib.auth.models import Group, User
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from claims.models import (
    Appearance,
    Attribution,
    Claim,
    Document,
    Evidence,
    Publication,
    Recheck,
    Review,
    ReviewVersion,
    Statement,
    Tip,
    TipGroup,
)
from claims.publication.words import leaving
from claims.reviews import workflow
from claims.roles import EDITORS
from claims.statements import ingest
from claims.tips import inbox
from claims.watch import sweep
from sources.admin.base import SEEN, fingerprint
from sources.database.audit import acting
from sources.models import Page
from tests import factories
from tests.sources.documents import docx, pdf

pytestmark = pytest.mark.django_db
ALTERED = factories.PAGE_TEXT.replace("412", "389")


def person(username: str) -> User:
    """An editor by the group that the first start makes."""
    user = User.objects.create_user(username, is_staff=True)
    user.groups.add(Group.objects.get(name=EDITORS))
    return User.objects.get(pk=user.pk)


def at_the_desk(user: User) -> Client:
    client = Client(HTTP_HOST="localhost")
    client.force_login(user)
    return client


@pytest.fixture
def ana() -> User:
    return person("ana")


@pytest.fixture
def ben() -> User:
    return person("ben")


@pytest.fixture
def recheck() -> Recheck:
    """A published review one of whose quotes was altered."""
    page = factories.page()
    factories.published_review(factories.claim("412 bridges need repair."), of=page)
    factories.change(page, ALTERED)
    sweep.sweep()
    return Recheck.objects.get()


def verb(client: Client, row: Any, name: str, **data: str) -> HttpResponse:
    meta = row._meta
    address = reverse(f"admin:{meta.app_label}_{meta.model_name}_verb", args=[row.pk, name])
    return client.post(address, data, follow=True)


def decided(client: Client, row: Any, name: str, **data: str) -> HttpResponse:
    """Post the decision, then send it from the page that shows what leaves; that page, if it could not be sent."""
    page = verb(client, row, name, **data)
    seen = re.search(r'name="seen" value="([0-9a-f]{64})"', page.content.decode())
    return verb(client, row, name, **data, seen=seen[1]) if seen else page


def page_of(client: Client, row: Any) -> str:
    meta = row._meta
    answer = client.get(reverse(f"admin:{meta.app_label}_{meta.model_name}_change", args=[row.pk]), {"table": "1"})
    assert answer.status_code == 200
    return answer.content.decode()


def offered(body: str, row: Any, name: str) -> bool:
    meta = row._meta
    return reverse(f"admin:{meta.app_label}_{meta.model_name}_verb", args=[row.pk, name]) in body


# the queue


def test_the_first_screen_starts_with_the_open_rechecks(ana: User, recheck: Recheck) -> None:
    body = at_the_desk(ana).get(reverse("admin:index")).content.decode()
    assert body.index("1 open") < body.index("Waiting for you") < body.index("Asked most, not answered yet")
    assert ">figure changed<" in body and ">substance<" in body
    assert "412 bridges need repair." in body


def test_the_first_screen_lists_what_waits_and_what_cannot_be_read(ana: User) -> None:
    version = factories.draft(factories.claim("Fares rose."))
    workflow.submit(version, actor=version.author)
    page = Page.objects.get()
    page.watch, page.watched_since = Page.Watch.WATCHED, page.created_at
    page.save()
    page.polling.last_outcome, page.polling.unread_since, page.polling.weight = "blocked", page.created_at, 1
    page.polling.save()
    body = at_the_desk(ana).get(reverse("admin:index")).content.decode()
    assert "Fares rose." in body and "to approve" in body
    assert str(page) in body and "blocked" in body


def test_only_pages_that_reviews_rest_on_are_named_among_those_that_cannot_be_read(ana: User) -> None:
    rested = factories.published_review().versions.get().evidence.get().page
    other = factories.page("https://aaa.example/other")
    Page.objects.filter(pk=other.pk).update(watch=Page.Watch.WATCHED, watched_since=other.created_at)
    for page, weight in ((rested, 1), (other, 0)):
        page.polling.last_outcome, page.polling.unread_since = "blocked", page.created_at
        page.polling.weight = weight
        page.polling.save()
    body = at_the_desk(ana).get(reverse("admin:index")).content.decode().split("Pages that cannot be read")[1]
    assert str(rested) in body and str(other) not in body
    assert body.count("1 published review rests on it.") == 1


def test_the_queue_shows_the_open_ones_and_the_settled_on_request(ana: User, recheck: Recheck) -> None:
    client = at_the_desk(ana)
    queue = reverse("admin:claims_recheck_changelist") + "?table=1"
    assert "412 bridges" in client.get(queue).content.decode()
    decided(client, recheck, "dismiss", note="A fault of the site.")
    assert "412 bridges" not in client.get(queue).content.decode()
    assert "412 bridges" in client.get(f"{queue}&state=all").content.decode()
    assert "412 bridges" in client.get(f"{queue}&state=dismissed").content.decode()


def test_both_sentences_stand_side_by_side_with_what_changed_marked(ana: User, recheck: Recheck) -> None:
    body = page_of(at_the_desk(ana), recheck)
    assert "<del>412</del>" in body
    assert "<ins>389</ins>" in body
    assert "number changed" in body
    assert "we no longer found this sentence in its place on the page" in body
    assert "deleted" not in body.split("desk-two", 1)[1].split("desk-decide", 1)[0]


def test_the_live_page_is_linked_without_telling_it_anything(ana: User, recheck: Recheck) -> None:
    body = page_of(at_the_desk(ana), recheck)
    link = body[body.index('class="desk-outside"') :].split(">", 1)[0]
    assert 'rel="noreferrer noopener"' in link
    assert 'referrerpolicy="no-referrer"' in link


def test_opening_a_recheck_is_no_event(ana: User, recheck: Recheck) -> None:
    rows = Publication.objects.count()
    page_of(at_the_desk(ana), recheck)
    recheck.refresh_from_db()
    assert (recheck.seen_by, Publication.objects.count()) == (None, rows)


def test_still_stands_wants_a_note_and_then_settles(ana: User, recheck: Recheck) -> None:
    client = at_the_desk(ana)
    assert "Say why in the note" in decided(client, recheck, "still-stands", note=" ").content.decode()
    recheck.refresh_from_db()
    assert recheck.state == "raised"
    decided(client, recheck, "still-stands", note="An erratum; the finding holds.")
    recheck.refresh_from_db()
    assert (recheck.state, recheck.resolved_by, recheck.note) == (
        "reconfirmed",
        ana,
        "An erratum; the finding holds.",
    )
    assert Publication.objects.latest("sequence").event == "reconfirmed"


def test_a_decision_shows_what_leaves_and_asks_once(ana: User, recheck: Recheck) -> None:
    client, rows = at_the_desk(ana), Publication.objects.count()
    page = verb(client, recheck, "still-stands", note="An erratum.").content.decode()
    assert "Nothing has been sent yet" in page
    newsrooms, readers = page.split("<h3>Readers</h3>")
    for part in (newsrooms, readers):
        assert "re-confirmed" in part and "389 bridges" in part
    recheck.refresh_from_db()
    assert (recheck.state, Publication.objects.count()) == ("raised", rows)
    page = verb(client, recheck, "dismiss", note="A fault.").content.decode()
    assert "They are told nothing." in page.split("<h3>Readers</h3>")[1]
    stale = verb(client, recheck, "confirm", seen="0" * 64).content.decode()
    assert "Something changed while you were reading" in stale
    decided(client, recheck, "confirm")
    recheck.refresh_from_db()
    assert (recheck.state, Publication.objects.count()) == ("confirmed", rows + 1)


def test_an_editor_says_where_each_broken_quote_stands_now(ana: User, recheck: Recheck) -> None:
    client, key = at_the_desk(ana), Evidence.objects.get().pk
    assert f'name="place-{key}" value="found" checked' in page_of(client, recheck)
    refused = decided(
        client, recheck, "still-stands", note="Why.", **{f"place-{key}": "passage", f"words-{key}": "No."}
    )
    assert "do not stand on the page" in refused.content.decode()
    decided(client, recheck, "still-stands", note="Why.", **{f"place-{key}": "without"})
    home = client.get(reverse("admin:index")).content.decode()
    assert "1 kept by a decision" in home and "although not every quote stands" in home
    assert "no longer stands, kept by a decision" in page_of(client, recheck.review.latest_published())


def test_the_home_says_that_quotes_stood_only_if_all_did(ana: User) -> None:
    page = factories.page()
    factories.published_review(of=page)
    client = at_the_desk(ana)
    assert "although not every quote stands" not in client.get("/admin/").content.decode()
    factories.change(page, factories.PAGE_TEXT.replace(factories.QUOTE, ""))
    sweep.sweep()
    home = client.get("/admin/").content.decode()
    assert "although not every quote stands" in home and "1 at one look so far" in home


def test_a_question_is_put_on_a_colleagues_home(ana: User, ben: User, recheck: Recheck) -> None:
    client = at_the_desk(ana)
    assert "Choose the colleague" in verb(client, recheck, "ask", question="Well?").content.decode()
    verb(client, recheck, "ask", colleague=str(ben.pk), question="Did you call them?")
    assert "Did you call them?" in at_the_desk(ben).get(reverse("admin:index")).content.decode()
    assert "Did you call them?" not in client.get(reverse("admin:index")).content.decode()


def test_a_correction_that_keeps_the_broken_quote_is_warned_of_early_and_wants_a_reason(
    ana: User, ben: User, recheck: Recheck
) -> None:
    hers, his = at_the_desk(ana), at_the_desk(ben)
    verb(hers, recheck, "correct")
    version = recheck.review.open_version()
    version.correction_kind, version.public_note = "substantive", "The page has another number."
    with acting(ana, reason="wrote the version"):
        version.save()
    assert "no longer stands on" in page_of(hers, version)
    assert "It cannot be published as it is" in verb(hers, version, "submit").content.decode()
    assert "It cannot be published as it is" in verb(his, version, "approve").content.decode()
    verb(his, version, "approve", shown=leaving(version).sha256)
    assert "no longer stands on" in verb(his, version, "publish", shown=leaving(version).sha256).content.decode()
    version.refresh_from_db()
    assert version.state == "approved"
    verb(hers, version, "send-back")
    evidence = version.evidence.get()
    address = reverse("admin:claims_evidence_change", args=[evidence.pk])
    assert 'name="kept_because"' in hers.get(address).content.decode()
    form = {"stance": "supports", "visibility": "public", "note": "", "description": "", SEEN: fingerprint(evidence)}
    hers.post(address, form | {"kept_because": "It was right on its day."})
    verb(hers, version, "submit")
    verb(his, version, "approve", shown=leaving(version).sha256)
    verb(his, version, "publish", shown=leaving(version).sha256)
    version.refresh_from_db()
    assert version.state == "published"
    assert "Kept because: It was right on its day." in page_of(hers, version)


def test_a_quote_that_is_back_is_proposed_with_the_note_filled_in(ana: User, recheck: Recheck) -> None:
    client = at_the_desk(ana)
    assert "proposed: re-confirm" not in page_of(client, recheck)
    factories.change(Page.objects.get(), factories.PAGE_TEXT)
    sweep.sweep()
    body = page_of(client, recheck)
    assert "proposed: re-confirm" in body
    assert "required>The quote is on the page again word for word" in body
    recheck.refresh_from_db()
    assert recheck.state == "raised"


def test_confirm_tells_the_public_and_takes_dismiss_away(ana: User, recheck: Recheck) -> None:
    client = at_the_desk(ana)
    decided(client, recheck, "confirm")
    body = page_of(client, recheck)
    recheck.refresh_from_db()
    assert recheck.state == "confirmed"
    assert Publication.objects.filter(event="recheck_confirmed", audience="public").exists()
    assert not offered(body, recheck, "dismiss")
    assert all(offered(body, recheck, name) for name in ("still-stands", "update", "correct", "withdraw", "ask"))
    assert "cannot be dismissed" in decided(client, recheck, "dismiss", note="x").content.decode()


def test_correct_opens_a_correction_with_the_published_text(ana: User, recheck: Recheck) -> None:
    answer = verb(at_the_desk(ana), recheck, "correct")
    version = recheck.review.open_version()
    assert version is not None
    assert (version.kind, version.summary, version.author) == ("correction", "The report says so.", ana)
    assert answer.redirect_chain[-1][0] == f"/admin/claims/{version.review.claim_id}/?version={version.pk}"
    assert "Publishing this version settles the re-check" in answer.content.decode()


def test_a_settled_recheck_offers_nothing_and_refuses_politely(ana: User, recheck: Recheck) -> None:
    client = at_the_desk(ana)
    body = decided(client, recheck, "dismiss", note="A fault of the site.").content.decode()
    assert not offered(body, recheck, "confirm")
    again = decided(client, recheck, "still-stands", note="x")
    assert again.status_code == 200
    assert "settled already" in again.content.decode()


def test_verbs_are_posted_with_a_token_and_by_those_who_may(ana: User, recheck: Recheck) -> None:
    address = reverse("admin:claims_recheck_verb", args=[recheck.pk, "confirm"])
    assert at_the_desk(ana).get(address).status_code == 405
    strict = Client(HTTP_HOST="localhost", enforce_csrf_checks=True)
    strict.force_login(ana)
    assert strict.post(address).status_code == 403
    intern = User.objects.create_user("intern", is_staff=True)
    assert at_the_desk(intern).post(address).status_code == 403
    recheck.refresh_from_db()
    assert recheck.state == "raised"


def test_who_may_look_but_not_decide_is_told_so(recheck: Recheck) -> None:
    from django.contrib.auth.models import Permission

    intern = User.objects.create_user("intern", is_staff=True)
    intern.user_permissions.add(Permission.objects.get(codename="view_recheck"))
    client = at_the_desk(intern)
    assert not offered(page_of(client, recheck), recheck, "confirm")
    recheck.refresh_from_db()
    assert recheck.seen_at is None
    assert "may not decide" in decided(client, recheck, "confirm").content.decode()


# reviews


def test_from_claim_to_publication_by_two_people(ana: User, ben: User) -> None:
    organisation = factories.organisation()
    claim = factories.claim("Fares rose.")
    page = factories.page()
    hers, his = at_the_desk(ana), at_the_desk(ben)
    verb(hers, claim, "review", organisation=str(organisation.pk))
    version = ReviewVersion.objects.get()
    assert version.author == ana

    missing = verb(hers, version, "submit").content.decode()
    assert "choose a rating" in missing and "attach at least one piece of evidence" in missing

    save(hers, version, rating=str(organisation.scales.get().ratings.first().pk), summary="They did.")
    watch = reverse("admin:claims_evidence_watch", args=[version.pk])
    hers.post(watch, {"url": page.url, "exact": factories.QUOTE, "stance": "supports", "visibility": "public"})
    assert version.evidence.get().exact == factories.QUOTE

    verb(hers, version, "submit")
    body = page_of(hers, version)
    version.refresh_from_db()
    assert version.state == "in_review"
    assert not offered(body, version, "approve")
    assert "started by" not in body and f"written by {ana}" in body
    assert "You wrote part of this version" in body
    refused = verb(hers, version, "approve").content.decode()
    assert "You wrote part of this version" in refused and "somebody else has to approve it" in refused

    assert offered(page_of(his, version), version, "approve")
    read_first = verb(his, version, "approve").content.decode()
    assert "They did." in read_first and factories.QUOTE in read_first
    version.refresh_from_db()
    assert version.state == "in_review", "no approval without the hash of what was shown"
    verb(his, version, "approve", shown=leaving(version).sha256)
    read_once_more = verb(his, version, "publish").content.decode()
    assert "leaves now" in read_once_more and "They did." in read_once_more
    verb(his, version, "publish", shown=leaving(version).sha256)
    body = page_of(his, version)
    version.refresh_from_db()
    page.refresh_from_db()
    assert version.state == "published"
    assert page.watch == "watched"
    assert "locked for ever" in body
    assert 'name="_save"' not in body
    assert Publication.objects.get().event == "published"


def save(client: Client, version: ReviewVersion, seen: str | None = None, **data: str) -> HttpResponse:
    version.refresh_from_db()
    whole = {
        "rating": str(version.rating_id or ""),
        "summary": version.summary,
        "body": version.body,
        "true_as_of": "2026-03-01",
        "embargo_until_0": "",
        "embargo_until_1": "",
        "public_note": version.public_note,
        SEEN: seen or fingerprint(version),
        "_continue": "1",
    }
    address = reverse("admin:claims_reviewversion_change", args=[version.pk])
    return client.post(address, whole | data)


def test_a_published_version_is_read_only_also_for_who_posts(ana: User) -> None:
    version = factories.published_review().latest_published()
    assert version is not None
    answer = save(at_the_desk(ana), version, summary="Rewritten.")
    assert answer.status_code == 403
    version.refresh_from_db()
    assert version.summary == "The report says so."
    evidence = version.evidence.get()
    assert (
        at_the_desk(ana).post(reverse("admin:claims_evidence_delete", args=[evidence.pk]), {"post": "yes"}).status_code
        == 403
    )


def test_saving_over_a_colleague_shows_both_texts_and_overwrites_nothing(ana: User, ben: User) -> None:
    version = factories.draft()
    version.refresh_from_db()
    opened = fingerprint(version)
    hers, his = at_the_desk(ana), at_the_desk(ben)
    assert save(hers, version, seen=opened, summary="Ana's words.").status_code == 302
    answer = save(his, version, seen=opened, summary="Ben's words.")
    body = answer.content.decode()
    assert answer.status_code == 409
    assert "Ana&#x27;s words." in body and "Ben&#x27;s words." in body and "ana saved" in body
    version.refresh_from_db()
    assert version.summary == "Ana's words."
    # Having compared, he may still put his over hers.
    assert save(his, version, summary="Ben's words.").status_code == 302
    version.refresh_from_db()
    assert version.summary == "Ben's words."


def test_a_form_that_does_not_say_what_it_was_filled_from_is_no_licence_to_overwrite(ana: User) -> None:
    version = factories.draft()
    assert save(at_the_desk(ana), version, seen="0", summary="Blind.").status_code == 409


def test_an_approval_in_between_is_a_conflict_too(ana: User, ben: User) -> None:
    version = factories.draft(author=ana)
    workflow.submit(version, actor=ana)
    version.refresh_from_db()
    opened = fingerprint(version)
    workflow.approve(version, actor=ben, shown=leaving(version).sha256)
    assert save(at_the_desk(ana), version, seen=opened, summary="One word more.").status_code == 409
    version.refresh_from_db()
    assert version.state == "approved"


def test_claims_have_the_same_conflict_page(ana: User, ben: User) -> None:
    claim = factories.claim("Fares rose.")
    form = {
        "text": "Fares rose by 9 per cent.",
        "language": "en",
        SEEN: fingerprint(claim),
        "appearances-TOTAL_FORMS": "0",
        "appearances-INITIAL_FORMS": "0",
    }
    address = reverse("admin:claims_claim_change", args=[claim.pk])
    assert at_the_desk(ana).post(address, form).status_code == 302
    answer = at_the_desk(ben).post(address, form | {"text": "Fares fell."})
    assert answer.status_code == 409
    claim.refresh_from_db()
    assert claim.text == "Fares rose by 9 per cent."


def test_only_ratings_of_the_own_organisation_are_offered(ana: User) -> None:
    version = factories.draft()
    other = factories.organisation("Another desk").scales.get().ratings.first()
    body = page_of(at_the_desk(ana), version)
    assert f'<option value="{other.pk}"' not in body
    assert save(at_the_desk(ana), version, rating=str(other.pk)).status_code == 200  # the form again, with its error


@pytest.mark.parametrize("kind", ["correction", "update", "clarification", "withdrawal"])
def test_a_published_review_offers_its_next_versions(ana: User, kind: str) -> None:
    review = factories.published_review()
    client = at_the_desk(ana)
    assert offered(page_of(client, review), review, kind)
    answer = verb(client, review, kind)
    version = review.open_version()
    assert version is not None and version.kind == kind
    assert "version 2 · draft" in answer.content.decode().lower()
    assert not offered(page_of(client, review), review, "update")


# evidence


def test_watch_this_says_what_the_site_sees_and_puts_refusals_beside_their_field(ana: User) -> None:
    version = factories.draft()
    page = version.evidence.get().page
    client = at_the_desk(ana)
    address = reverse("admin:claims_evidence_watch", args=[version.pk])
    assert "What the site will see" in client.get(address).content.decode()
    form = {"url": page.url, "exact": "Words that never stood there.", "stance": "refutes", "visibility": "public"}
    wrong_quote = client.post(address, form)
    assert wrong_quote.context["form"].errors.keys() == {"exact"}
    wrong_url = client.post(address, form | {"url": "ftp://agency.example/x"})
    assert wrong_url.context["form"].errors.keys() == {"url"}
    undescribed = client.post(address, form | {"visibility": "described"})
    assert undescribed.context["form"].errors.keys() == {"description"}
    assert version.evidence.count() == 1


def test_a_quote_can_be_taken_out_of_a_draft_again(ana: User) -> None:
    version = factories.draft(author=ana)
    evidence = version.evidence.get()
    answer = at_the_desk(ana).post(reverse("admin:claims_evidence_delete", args=[evidence.pk]), {"post": "yes"})
    assert answer.headers["Location"] == reverse("admin:claims_reviewversion_change", args=[version.pk])
    assert not version.evidence.exists()


@pytest.mark.parametrize(
    ("kind", "fields"),
    [
        ("file", {"file_name": "letter.pdf", "file_sha256": "a" * 64}),
        (
            "dataset",
            {"dataset_name": "Census, Statistics Office", "cell": "T1 r2 c3", "value": "412", "unit": "bridges"},
        ),
        (
            "interview",
            {"who": "A. Engineer", "happened_at_0": "2026-03-01", "happened_at_1": "10:00", "how": "telephone"},
        ),
        ("broadcast", {"programme": "Evening news", "timecode": "00:12:30"}),
        ("analysis", {"note": "We added the columns."}),
    ],
)
def test_every_other_kind_of_evidence_can_be_recorded(ana: User, kind: str, fields: dict[str, str]) -> None:
    version = factories.draft()
    address = reverse("admin:claims_evidence_other", args=[version.pk])
    form = {
        "kind": kind,
        "stance": "supports",
        "visibility": "public",
        "note": "",
        "happened_at_0": "",
        "happened_at_1": "",
    }
    client = at_the_desk(ana)
    incomplete = client.post(address, form)
    assert incomplete.status_code == 200 and incomplete.context["errors"], "the rule of its kind"
    answer = client.post(address, form | fields, follow=True)
    assert answer.redirect_chain, answer.context["errors"]
    assert "Not saved" not in answer.content.decode()
    made = version.evidence.get(kind=kind)
    assert made.page is None
    assert "not watchable" in page_of(client, version)


def test_evidence_of_a_published_version_takes_nothing_more(ana: User) -> None:
    version = factories.published_review().latest_published()
    assert version is not None
    client = at_the_desk(ana)
    for name in ("watch", "other"):
        answer = client.get(reverse(f"admin:claims_evidence_{name}", args=[version.pk]), follow=True)
        assert "published and locked" in answer.content.decode()


# documents and statements

STORY = "“412 bridges need repair,” the Minister of Roads, Ada Verne, said on Monday.\n\nThe yearly report is out.\n"


def test_ingest_by_paste_lists_statements_with_speaker_and_figures(ana: User) -> None:
    client = at_the_desk(ana)
    form = {"text": STORY, "kind": "article", "language": "en", "title": "Bridges", "publisher": "The Paper"}
    answer = client.post(reverse("admin:claims_document_add"), form, follow=True)
    body = answer.content.decode()
    document = Document.objects.get()
    assert (document.title, document.publisher, document.created_by) == ("Bridges", "The Paper", ana)
    assert all(document.text[each.start : each.end] == each.text for each in document.statements.all())
    assert "Verne" in body and "412" in body and "Make this claim" in body


def test_a_text_of_another_paper_is_a_document_of_its_own(ana: User) -> None:
    client = at_the_desk(ana)
    address = reverse("admin:claims_document_add")
    form = {"text": STORY, "kind": "article", "language": "en", "title": "Bridges", "publisher": "The Paper"}
    client.post(address, form | {"url": "https://paper.example/a"})
    other = form | {"title": "Roads", "publisher": "The Post", "url": "https://post.example/b"}
    shown = client.post(address, other, follow=True).content.decode()
    first, second = Document.objects.order_by("pk")
    assert (second.title, second.publisher, second.url) == ("Roads", "The Post", "https://post.example/b")
    assert "The same text stands in" in shown and f"/{first.pk}/change/" in shown
    assert "known already" in client.post(address, other, follow=True).content.decode()
    refused = client.post(address, other | {"title": "Streets & <b>"})
    body = refused.content.decode()
    assert refused.status_code == 200 and "holds this text at this address, with another title" in body
    assert f"/claims/document/{second.pk}/change/" in body and "Streets &amp; &lt;b&gt;" in body
    assert Document.objects.count() == 2


def test_ingest_by_upload_and_its_refusals(ana: User) -> None:
    client = at_the_desk(ana)
    address = reverse("admin:claims_document_add")
    both = {"text": STORY, "file": SimpleUploadedFile("s.txt", STORY.encode()), "kind": "article", "language": "en"}
    assert "one of the two" in client.post(address, both).content.decode()
    for name, broken in [("s.pdf", b"%PDF-1.7 ..."), ("s.docx", b"PK\x03\x04...")]:
        sent = {"file": SimpleUploadedFile(name, broken), "kind": "article", "language": "en"}
        shown = client.post(address, sent).content.decode()
        assert "damaged. Open it and save it again, or paste its text." in shown
    assert not Document.objects.exists()
    good = {"file": SimpleUploadedFile("s.txt", STORY.encode(), "text/plain"), "kind": "article", "language": "en"}
    assert client.post(address, good).status_code == 302
    assert Document.objects.get().statements.exists()


@pytest.mark.parametrize(
    ("name", "body"),
    [
        ("s.pdf", pdf("The minister said 412 bridges need repair.")),
        ("s.docx", docx("<w:p><w:r><w:t>The minister said 412 bridges need repair.</w:t></w:r></w:p>")),
    ],
)
def test_a_document_of_an_office_is_uploaded_and_its_statements_are_read(ana: User, name: str, body: bytes) -> None:
    sent = {"file": SimpleUploadedFile(name, body), "kind": "article", "language": "en"}
    assert at_the_desk(ana).post(reverse("admin:claims_document_add"), sent).status_code == 302
    statement = Document.objects.get().statements.get()
    assert statement.text == "The minister said 412 bridges need repair."
    assert statement.speaker_as_written == "The minister" and statement.figures


def making(client: Client, statement: Statement) -> str:
    """The page that shows what claims can be made of the statement."""
    return client.get(reverse("admin:claims_statement_claim", args=[statement.pk])).content.decode()


def test_a_claim_is_shown_before_it_is_made_and_a_second_click_makes_none(ana: User) -> None:
    statement = factories.statement()
    client = at_the_desk(ana)
    assert reverse("admin:claims_statement_claim", args=[statement.pk]) in page_of(client, statement.document)
    body = verb(client, statement, "claim").content.decode()
    assert "A. Minister" in body and not Claim.objects.exists()
    for _ in range(2):
        answer = verb(client, statement, "claim", text="412 bridges need repair.", stay="document")
        assert "Claim created" in answer.content.decode()
    claim = Claim.objects.get()
    assert (claim.created_by, claim.text) == (ana, "412 bridges need repair.")
    assert "Made already" in making(client, statement)


def test_a_claim_that_is_refused_stays_on_the_page_as_typed(ana: User) -> None:
    statement = factories.statement(text="The dam \u202esdloh\u202c today.")
    Statement.objects.filter(pk=statement.pk).update(content=[])  # all of it
    client = at_the_desk(ana)
    body = making(client, statement)
    assert "\u202e" not in body and "The dam [RLO]sdloh[PDF] today." in body
    assert "The dam sdloh today." in body and "characters that reorder text (bidirectional controls)" in body
    for typed, reason in (
        ("Dams \u202ehold.", "bidirectional controls"),
        ("a " * 6_000, "11,999 characters long; at most 10,000 are taken"),
    ):
        answer = verb(client, statement, "claim", text=typed, stay="document")
        assert answer.request["PATH_INFO"].endswith("/claim/") and answer.status_code == 200
        assert typed in answer.content.decode() and reason in answer.content.decode()
    assert not Claim.objects.exists()


def test_the_desk_takes_no_claim_longer_than_an_import_does(ana: User) -> None:
    answer = at_the_desk(ana).post(reverse("admin:claims_claim_add"), {"text": "word " * 2_100, "language": "en"})
    assert "The claim is 10,499 characters long; at most 10,000 are taken." in answer.content.decode()
    assert not Claim.objects.exists()


def test_a_title_cannot_turn_the_page_round(ana: User) -> None:
    document = factories.statement().document
    Document.objects.filter(pk=document.pk).update(title="Paid \u202eyb srekaerb")
    client = at_the_desk(ana)
    shown = client.get(reverse("admin:claims_document_changelist"), {"table": "1"}).content.decode()
    assert "Paid [RLO]yb srekaerb" in shown and "\u202e" not in shown


def test_a_speaker_read_from_a_pronoun_is_confirmed_by_the_editor(ana: User) -> None:
    statement = factories.statement()
    factories.attribution(statement, "said", [[1, 24]], "She", speaker=statement.speaker)
    client = at_the_desk(ana)
    assert "“She” (read as A. Minister)" in (page := making(client, statement)) and 'name="confirmed"' in page
    sent = {"text": "412 bridges need repair.", "attribution": statement.attributions.get().public_id}
    assert "Confirm who speaks" in verb(client, statement, "claim", **sent).content.decode()
    assert not Claim.objects.exists()
    verb(client, statement, "claim", **sent, confirmed="on")
    assert "(read as A. Minister)" in page_of(client, Claim.objects.get())


def test_two_who_speak_make_two_claims_and_a_denial_makes_one_without_a_speaker(ana: User) -> None:
    text = "Moe said the dam holds, and Falk said it is not safe; Lund never said it leaks."
    statement = factories.statement(text=text)
    for who, cue, content, polarity in (
        ("Moe", "said the", "the dam holds", "asserted"),
        ("Falk", "said it is", "it is not safe", "asserted"),
        ("Lund", "never said", "it leaks", "negated"),
    ):
        start = text.index(content)
        factories.attribution(statement, cue, [[start, start + len(content)]], who, polarity=polarity)
    client = at_the_desk(ana)
    body = making(client, statement)
    assert [words in body for words in ("The dam holds.", "It is not safe.", "It leaks.")] == [True] * 3
    assert "does not say that Lund said this" in body
    ids = dict(statement.attributions.values_list("speaker_as_written", "public_id"))
    assert "Choose who made this claim" in verb(client, statement, "claim", text="It leaks.").content.decode()
    refused = verb(client, statement, "claim", text="It leaks.", attribution=ids["Lund"]).content.decode()
    assert "does not say that this was said" in refused and not Claim.objects.exists()
    verb(client, statement, "claim", text="It leaks.", attribution=ids["Lund"], without_speaker="on")
    verb(client, statement, "claim", text="The dam holds.", attribution=ids["Moe"])
    verb(client, statement, "claim", text="It is not safe.", attribution=ids["Falk"])
    found = {(each.claim.text, each.attribution and each.attribution.cue) for each in Appearance.objects.all()}
    assert found == {("It leaks.", None), ("The dam holds.", "said the"), ("It is not safe.", "said it is")}


def test_a_statement_is_linked_by_who_made_the_claim(ana: User) -> None:
    statement, claim = factories.attributed(), factories.claim("Fares rose.")
    other = factories.attribution(statement, "said", [[1, 4]], "a clerk")
    denied = factories.attribution(statement, "said", [[1, 4]], "nobody", polarity="negated")
    client = at_the_desk(ana)
    address = reverse("admin:claims_statement_link", args=[statement.pk])
    assert client.post(address, {"claim": str(claim.pk), "attribution": str(denied.pk)}).status_code == 200
    assert not Appearance.objects.exists()
    assert client.post(address, {"claim": str(claim.pk), "attribution": str(other.pk)}).status_code == 302
    assert Appearance.objects.get().attribution == other
    Appearance.objects.all().delete()
    assert client.post(address, {"claim": str(claim.pk), "attribution": ""}).status_code == 302
    assert Appearance.objects.get().attribution is None


def test_an_editor_mends_who_says_what(ana: User) -> None:
    statement = factories.attributed()
    [attribution] = statement.attributions.all()
    factories.appearing(factories.claim(), statement)
    client = at_the_desk(ana)

    def saved(**changes: str) -> str:
        [row] = statement.attributions.all()
        form = {
            **{f"attributions-{name}_FORMS": number for name, number in (("TOTAL", 1), ("INITIAL", 1))},
            "attributions-0-id": row.pk,
            "attributions-0-statement": statement.pk,
            "attributions-0-speaker": row.speaker_id or "",
            "attributions-0-speaker_as_written": row.speaker_as_written,
            "attributions-0-cue": row.cue,
            "attributions-0-polarity": row.polarity,
            "attributions-0-said": "412 bridges need repair",
            **{f"appearances-{name}_FORMS": 0 for name in ("TOTAL", "INITIAL")},
            **{f"attributions-0-{name}": value for name, value in changes.items()},
        }
        address = reverse("admin:claims_statement_change", args=[statement.pk])
        shown = client.get(address, {"table": "1"}).content.decode()
        seen = re.search(r'name="_seen" value="(\w+)"', shown)
        return client.post(
            f"{address}?table=1", form | ({"_seen": seen[1]} if seen else {}), follow=True
        ).content.decode()

    assert "does not stand in the statement" in saved(said="413 bridges")
    saved(said="412 bridges\nrepair", speaker_as_written="a minister")
    attribution.refresh_from_db()
    assert (attribution.content, attribution.mended_by) == ([[1, 12], [18, 24]], ana)
    statement.refresh_from_db()
    assert (statement.speaker_as_written, statement.content) == ("a minister", [[1, 12], [18, 24]])
    saved(polarity="modal")
    attribution.refresh_from_db()
    statement.refresh_from_db()
    assert (attribution.polarity, attribution.speaker, statement.speaker, statement.cue) == ("modal", None, None, "")
    assert Appearance.objects.get().attribution is None


def test_the_page_of_a_claim_says_by_which_attribution_a_statement_makes_it(ana: User) -> None:
    text = "Ida Moe said that the dam holds, but Karl Falk said that it leaks. Eva Orr denied that it does."
    document = ingest.store(ingest.read(text.encode()), ingest.statements(text))
    both, denial = document.statements.all()
    moe, falk = both.attributions.all()
    row = factories.appearing(factories.claim("The dam leaks."), both)
    client = at_the_desk(ana)
    address = reverse("admin:claims_claim_change", args=[row.claim.pk])

    def saved(attribution: Attribution) -> HttpResponse:
        shown = client.get(address, {"table": "1"}).content.decode()
        assert "Ida Moe, said (asserted)" in shown and "Eva Orr" not in shown
        seen = re.search(r'name="_seen" value="(\w+)"', shown)
        form = {
            "text": "The dam leaks.",
            "language": "en",
            "_seen": seen[1] if seen else "",
            **{f"appearances-{name}_FORMS": 1 for name in ("TOTAL", "INITIAL")},
            "appearances-0-id": row.pk,
            "appearances-0-claim": row.claim.pk,
            "appearances-0-statement": both.pk,
            "appearances-0-attribution": attribution.pk,
        }
        return client.post(address, form)  # type: ignore[return-value]

    assert saved(falk).status_code == 302
    row.refresh_from_db()
    assert row.attribution == falk
    assert saved(denial.attributions.get()).status_code == 200  # the form again: not one of the choices
    row.refresh_from_db()
    assert row.attribution == falk and moe != falk


def test_a_statement_is_linked_to_a_claim_that_is_there(ana: User) -> None:
    statement, claim = factories.statement(), factories.claim("Fares rose.")
    merged = factories.claim("An old one.", merged_into=claim)
    client = at_the_desk(ana)
    address = reverse("admin:claims_statement_link", args=[statement.pk])
    assert client.post(address, {"claim": str(merged.pk)}).status_code == 200
    assert client.post(address, {"claim": str(claim.pk)}).status_code == 302
    assert Appearance.objects.get().claim == claim


def test_a_tip_becomes_a_document_only_when_an_editor_saves_it(ana: User) -> None:
    tip = inbox.receive(actor="test", text=STORY).tip
    client = at_the_desk(ana)
    answer = verb(client, tip.group, "take")
    assert "412 bridges" in answer.content.decode()
    assert not Document.objects.exists()
    address = answer.redirect_chain[-1][0]
    client.post(address, {"pasted": STORY, "tip": str(tip.pk), "kind": "tip", "language": "en"})
    tip.refresh_from_db()
    assert tip.state == tip.group.state == "taken" and tip.document == Document.objects.get()


def test_the_history_of_a_version_tells_who_did_what(ana: User, ben: User) -> None:
    version = factories.draft(author=ana)
    workflow.submit(version, actor=ana)
    verb(at_the_desk(ben), version, "approve", shown=leaving(version).sha256)
    body = at_the_desk(ana).get(reverse("admin:claims_reviewversion_history", args=[version.pk])).content.decode()
    assert "<ins>approved</ins>" in body and "<del>in review</del>" in body
    assert "ben" in body and "attached a quote" in body


def test_demo_rows_carry_a_badge(ana: User) -> None:
    claim = factories.claim("Made up for the demo.", is_demo=True)
    version = factories.draft(claim)
    client = at_the_desk(ana)
    for body in (
        page_of(client, claim),
        page_of(client, version),
        client.get(reverse("admin:claims_claim_changelist")).content.decode(),
    ):
        assert '<span class="desk-badge demo"' in body


def test_nothing_of_the_desk_needs_rows_to_open(ana: User) -> None:
    client = at_the_desk(ana)
    assert "No published verdict rests on a quote yet" in client.get(reverse("admin:index")).content.decode()
    for model in (Claim, Review, ReviewVersion, Evidence, Statement, Document, Recheck, Tip, TipGroup):
        address = reverse(f"admin:claims_{model._meta.model_name}_changelist")
        assert client.get(address, {"table": "1"}).status_code == 200
        answer = client.get(address, follow=True)
        assert answer.status_code == 200 and len(answer.redirect_chain) <= 1


def test_a_new_claim_is_saved_by_one_button_and_leads_to_its_page(ana: User) -> None:
    client = at_the_desk(ana)
    form = client.get("/admin/claims/claim/add/").content.decode()
    assert 'name="_save"' in form and 'name="_continue"' not in form and 'name="_addanother"' not in form
    fields = {
        "text": "412 bridges.",
        "language": "en",
        "appearances-TOTAL_FORMS": "0",
        "appearances-INITIAL_FORMS": "0",
    }
    page = client.post("/admin/claims/claim/add/", fields, follow=True)
    assert page.request["PATH_INFO"] == f"/admin/claims/{Claim.objects.get().pk}/"
    assert "Save as a draft" not in page.content.decode(), "no organisation yet"
    factories.organisation()
    assert "Save as a draft" in client.get(page.request["PATH_INFO"]).content.decode()
