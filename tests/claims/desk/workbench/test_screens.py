"""The workbench: one page of a claim, from the empty form to what is public."""

import re

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from claims.models import Appearance, Claim, Comment, Organisation, Restriction, Review, ReviewVersion
from claims.reviews import suspension, workflow
from claims.reviews.evidence import attach_quote
from sources.database.audit import acting
from tests import factories
from tests.claims.desk.workbench.pages import browser, do, read

pytestmark = pytest.mark.django_db
HOSTILE = "<script>alert(1)</script>\"'><img src=x onerror=alert(1)>{{ 7|add:1 }}\u202e=cmd|' /C calc'!A0"
READABLE = HOSTILE.replace("\u202e", "")


@pytest.fixture
def ana() -> User:
    return factories.editor()


@pytest.fixture
def ben() -> User:
    return factories.editor()


def test_a_fresh_claim_shows_the_empty_form_and_saving_it_begins_the_review(ana: User) -> None:
    claim, organisation = factories.claim(), factories.organisation()
    client = browser(ana)
    text = read(client, claim)
    assert "Nothing yet. Nobody outside sees this claim." in text
    assert 'name="organisation"' not in text, "with one organisation of ours no choice is asked"
    rating = organisation.scales.get().ratings.get(label="Wrong")
    answer = client.post(
        f"/admin/do/claim/{claim.pk}/begin-review/", {"form": "1", "rating": rating.pk, "summary": "Only 410 do."}
    )
    version = ReviewVersion.objects.get()
    assert answer.headers["Location"] == f"/admin/claims/{claim.pk}/?review={version.review_id}"
    assert (version.summary, version.rating, version.author) == ("Only 410 do.", rating, ana)


def test_with_several_organisations_the_one_is_chosen_and_its_scale_shown(ana: User) -> None:
    factories.organisation()
    other = factories.organisation("The other desk")
    claim = factories.claim()
    client = browser(ana)
    text = read(client, claim, f"?organisation={other.pk}")
    assert f'<option value="{other.pk}" selected>' in text
    assert f'name="rating" value="{other.scales.get().ratings.first().pk}"' in text
    client.post(f"/admin/do/claim/{claim.pk}/begin-review/", {"form": "1", "organisation": other.pk})
    assert ReviewVersion.objects.get().review.organisation == other


def test_the_author_is_shown_the_form_and_why_she_may_not_approve(ana: User, ben: User) -> None:
    version = factories.draft(author=ana)
    workflow.submit(version, actor=ana)
    text = read(browser(ana), version.review.claim)
    assert "Take back" in text
    assert re.search(r"Approve and publish …</b> <span[^>]*>– You wrote part of this version \(.*evidence", text)
    assert f"These may: {ben.username}" in text or ben.username in text


def test_the_second_person_reads_it_with_marks_and_is_offered_to_approve_and_publish(ana: User, ben: User) -> None:
    review = factories.published_review(author=ana)
    version = workflow.start_version(review, kind="update", actor=ana, public_note="The report was renewed.")
    with acting(ana, reason="edited"):
        ReviewVersion.objects.filter(pk=version.pk).update(summary="The new report says so.")
    workflow.submit(version, actor=ana)
    text = read(browser(ben), review.claim)
    assert "<ins>new </ins>" in text
    assert "Approve and publish …" in text
    assert 'id="review-form"' not in text
    assert "Half right" in text


def test_all_is_said_of_a_published_claim_and_what_follows_is_offered(ana: User) -> None:
    review = factories.published_review(author=ana)
    text = read(browser(ana), review.claim)
    for words in ("Public now", "Right", "Nothing waits.", "Withdraw the review", "Went out to everybody: published"):
        assert words in text
    assert "You</" not in text
    assert "You wrote in version 1" in text


def test_an_imported_review_is_read_only(ana: User) -> None:
    other = Organisation.objects.create(name="Elsewhere")
    claim = factories.claim()
    with acting(ana, reason="import"):
        review = Review.objects.create(claim=claim, organisation=other, origin="imported")
        version = ReviewVersion.objects.create(
            review=review,
            number=1,
            state="published",
            summary="Wrong.",
            rating_as_given="Pants",
            published_at=timezone.now(),
        )
    factories.organisation()
    text = read(browser(ana), claim, f"?version={version.pk}")
    assert "imported; its publisher corrects it" in text
    assert "Pants" in text
    assert 'id="review-form"' not in text
    assert 'id="review-form"' in read(browser(ana), claim), "ours can be written beside it"


def test_a_merged_claim_leads_to_the_whole_and_is_edited_there(ana: User) -> None:
    review = factories.published_review()
    other = factories.published_review(factories.claim("412 bridges are to be repaired."))
    factories.merged(other.claim, into=review.claim)
    text = read(browser(ana), other.claim)
    assert "This claim is part of" in text
    assert f'href="/admin/claims/{review.claim.pk}/"' in text
    assert 'id="claim-form"' not in text
    assert 'id="review-form"' not in text
    assert "1 claim was merged into this one" in read(browser(ana), review.claim)


def test_a_restricted_claim_is_not_there_for_others(ana: User, ben: User) -> None:
    version = factories.draft(author=ana)
    restriction = Restriction.objects.create(claim=version.review.claim, created_by=ana)
    restriction.members.add(ana)
    assert "Restricted" in read(browser(ana), version.review.claim)
    client = browser(ben)
    for path in ("", "compare/", "history/", "near/", f"versions/{version.pk}/preview/"):
        assert client.get(f"/admin/claims/{version.review.claim.pk}/{path}").status_code == 404
    text = read(browser(ana), version.review.claim)
    assert ben.username not in text, "who may not see it may not approve it"


def test_a_suspended_review_says_so_and_a_second_person_resumes_it(ana: User, ben: User) -> None:
    review = factories.published_review()
    suspension.suspend(review, actor=ana, reason="A reader doubts the table.")
    text = read(browser(ana), review.claim)
    assert "Under review" in text
    assert "A reader doubts the table." in text
    do(browser(ana), "review", review, "ask-to-resume", note="The table holds.")
    assert "You asked for it, so a colleague has to resume it." in read(browser(ana), review.claim)
    assert "Resume" in read(browser(ben), review.claim)
    do(browser(ben), "review", review, "resume")
    review.refresh_from_db()
    assert review.suspended_at is None


def test_hostile_words_show_as_text_in_every_field(ana: User) -> None:
    claim = factories.claim(HOSTILE, place=HOSTILE[:200])
    version = factories.draft(claim, author=ana)
    with acting(ana, reason="edited"):
        ReviewVersion.objects.filter(pk=version.pk).update(
            summary=READABLE, body=f"{HOSTILE}\n\n[x](javascript:alert(1))"
        )
        Comment.objects.create(claim=claim, version=version, text=HOSTILE, author=ana)
    factories.linked(claim, text=HOSTILE)
    workflow.submit(version, actor=ana)
    workflow.send_back(version, actor=factories.editor(), reason=READABLE)
    client = browser(ana)
    pages = [read(client, claim), read(client, claim, "?edit=1")]
    pages += [client.get(f"/admin/claims/{claim.pk}/{path}").text for path in ("compare/", "history/")]
    pages += [client.get(f"/admin/claims/{claim.pk}/versions/{version.pk}/preview/").text]
    for text in pages:
        assert "<script>alert" not in text
        assert "<img src=x" not in text
        assert 'href="javascript' not in text
        assert "{{ 7|add:1 }}" in text or "7|add" not in text
    assert "\u202e" not in re.sub(r"<textarea.*?</textarea>|value=\"[^\"]*\"", "", pages[1], flags=re.S)


def test_everything_that_happened_holds_what_the_workbench_shows_of_it(ana: User) -> None:
    claim = factories.claim()
    statement = factories.statement()
    Appearance.objects.create(claim=claim, statement=statement, created_by=ana)
    client = browser(ana)
    assert "You linked a statement" in read(client, claim)
    compare = f"/admin/claims/{claim.pk}/compare/"
    page = client.get(f"/admin/claims/{claim.pk}/history/").text
    assert "You linked a statement" in page and compare not in page, "there are no two versions"
    assert client.get(compare).status_code == 404
    workflow.start_version(factories.published_review(claim), kind="update", actor=ana)
    assert compare in client.get(f"/admin/claims/{claim.pk}/history/").text


def test_the_preview_marks_evidence_that_came(ana: User) -> None:
    review = factories.published_review()
    version = workflow.start_version(review, kind="update", actor=ana, public_note="Still so.")
    came = factories.page(text="Another report. It counts 412 bridges too.")
    quote = "It counts 412 bridges too."
    attach_quote(version, url_or_page=came, exact=quote, stance="supports", actor=ana, note="")
    page = browser(ana).get(f"/admin/claims/{review.claim_id}/versions/{version.pk}/preview/").text
    assert f"<ins>{quote}</ins>" in page and "Evidence: words before the quote" in page


def test_languages_are_called_by_name(ana: User) -> None:
    for code, name in (("en", "English"), ("pt-BR", "Brazilian Portuguese"), ("de-AT", "German (de-AT)"), ("xx", "xx")):
        claim = factories.claim(language=code)
        assert f"{name} · " in read(browser(ana), claim)


def test_the_page_takes_the_same_queries_with_five_of_everything_as_with_one(ana: User, ben: User) -> None:
    def page(count: int) -> int:
        claim = factories.claim(f"{count} bridges need repair.")
        version = factories.draft(claim, author=ana)
        for number in range(count):
            text = f"The ministry counted {number + 500} roads in need of repair."
            attach_quote(
                version,
                url_or_page=factories.page(text=text),
                exact=text,
                stance="supports",
                actor=ana,
                note="A table.",
            )
            with acting(ben, reason="comment"):
                Comment.objects.create(claim=claim, version=version, text=f"Comment {number}", author=ben)
            factories.linked(claim, text=f"“{count} bridges need repair,” the minister said {number} times.")
        client = browser(ana)
        read(client, claim)
        with CaptureQueriesContext(connection) as caught:
            read(client, claim)
        counted.append([each["sql"][:200] for each in caught.captured_queries])
        return len(caught)

    counted: list[list[str]] = []
    one, five = page(1), page(5)
    assert one == five, [each for each in counted[1] if counted[1].count(each) > counted[0].count(each)]
    assert one <= 60, "\n".join(counted[0])


def test_a_person_without_an_editorial_role_is_refused(ana: User) -> None:
    stranger = User.objects.create_user("stranger", is_staff=True)
    assert browser(stranger).get(f"/admin/claims/{factories.claim().pk}/").status_code == 403


def test_a_claim_is_made_from_nothing(ana: User) -> None:
    client = browser(ana)
    assert "Make the claim" in client.get("/admin/claims/new/").text
    refused = client.post("/admin/claims/new/", {"text": "  ", "language": "en"})
    assert refused.status_code == 422
    made = client.post("/admin/claims/new/", {"text": "Nine bridges fell.", "language": "en", "place": "Port"})
    claim = Claim.objects.get(text="Nine bridges fell.")
    assert made.headers["Location"] == f"/admin/claims/{claim.pk}/"
    assert (claim.created_by, claim.place) == (ana, "Port")


def test_a_new_claim_begins_with_the_usual_language(ana: User) -> None:
    def begins() -> str:
        page = browser(ana).get("/admin/claims/new/").text
        [field] = re.findall(r'<input[^>]*name="language"[^>]*>', page)
        [value] = re.findall(r'value="([^"]*)"', field)
        return str(value)

    assert begins() == "en", "of the desk's screens"
    factories.claim("Neun Brücken.", language="de")
    Claim.objects.update(created_by=factories.editor())
    assert begins() == "de", "of the desk's claims"
    Claim.objects.create(text="Nueve puentes.", language="es", created_by=ana)
    Claim.objects.create(text="?", created_by=ana)
    assert begins() == "es", "of her own claims"


def test_a_claim_is_made_with_who_said_it_where_and_when(ana: User) -> None:
    client = browser(ana)
    sent = {"text": "Nine bridges fell.", "language": "en", "speaker": "Ines Halloway"}
    refused = client.post("/admin/claims/new/", sent)
    assert refused.status_code == 422 and "No speaker is called Ines Halloway" in refused.text
    assert not Claim.objects.exists()
    where = {"said_at": "https://example.org/speech", "said_on": "2026-11-14", "said_words": "We lost nine bridges."}
    assert client.post("/admin/claims/new/", sent | where | {"new_speaker": "on"}).status_code == 302
    [appearance] = Appearance.objects.select_related("statement__speaker", "statement__document")
    statement = appearance.statement
    assert (statement.text, statement.quoted, statement.speaker.name) == (where["said_words"], True, "Ines Halloway")
    assert (statement.document.url, str(statement.document.published_on)) == (where["said_at"], "2026-11-14")
    assert "Ines Halloway" in client.get("/admin/claims/").text
    paraphrased = {"text": "Ten bridges fell.", "language": "en", "speaker": "ines halloway"}
    assert client.post("/admin/claims/new/", paraphrased).status_code == 302
    statement = Appearance.objects.select_related("statement").latest("pk").statement
    assert (statement.text, statement.quoted) == ("Ten bridges fell.", False)
    nobody = client.post("/admin/claims/new/", {"text": "Eleven fell.", "language": "en", "said_on": "2026-11-14"})
    assert nobody.status_code == 422 and "Name who said it" in nobody.text


def test_the_very_words_of_two_speakers_are_not_mixed_up(ana: User) -> None:
    client = browser(ana)
    sent = {"text": "Nine bridges fell.", "language": "en", "new_speaker": "on"}
    assert client.post("/admin/claims/new/", sent | {"speaker": "Ines"}).status_code == 302
    refused = client.post("/admin/claims/new/", sent | {"speaker": "Tomas"})
    assert refused.status_code == 422 and "by somebody else" in refused.text
    assert Claim.objects.count() == 1
