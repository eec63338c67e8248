"""The buttons of the workbench: saved first, refused with what was typed, undone where nothing went out."""

import re
from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.utils import timezone

from claims.models import (
    Autosave,
    ChecklistItem,
    ChecklistTick,
    Claim,
    DiscardedVersion,
    Notice,
    Publication,
    Restriction,
    Review,
    ReviewVersion,
    Topic,
)
from claims.publication.words import leaving
from claims.reviews import workflow
from claims.reviews.drafts import unsaved
from sources.database.audit import acting
from tests import factories
from tests.claims.desk.workbench.pages import browser, do, read, seen

pytestmark = pytest.mark.django_db


@pytest.fixture
def ana() -> User:
    return factories.editor()


@pytest.fixture
def ben() -> User:
    return factories.editor()


def typed(version: ReviewVersion, page: str, **changed: object) -> dict[str, object]:
    """The fields of the form, as the page shows them."""
    return {
        "form": "1",
        "seen": seen(page),
        "next": f"/admin/claims/{version.review.claim_id}/?typed=1",
        "rating": version.rating_id or "",
        "summary": version.summary,
        "body": version.body,
        "true_as_of": version.true_as_of.isoformat() if version.true_as_of else "",
        "embargo_until": "",
        **changed,
    }


def fresh(version: ReviewVersion) -> ReviewVersion:
    return ReviewVersion.objects.get(pk=version.pk)


def test_submitting_saves_the_form_and_its_ticks_first(ana: User) -> None:
    version = factories.draft(author=ana)
    item = ChecklistItem.objects.create(organisation=version.review.organisation, text="Read it aloud")
    client = browser(ana)
    page = read(client, version.review.claim)
    assert "1 thing is missing. Nothing goes out." in page
    fields = typed(version, page, summary="The yearly report says so.", tick=item.pk)
    answer = do(client, "version", version, "submit", **fields)
    now = fresh(version)
    assert (now.state, now.summary) == ("in_review", "The yearly report says so.")
    assert ChecklistTick.objects.get().ticked_by == ana
    assert "Submitted. A colleague has to approve it; nothing has gone out." in answer.text
    assert not Publication.objects.exists()


def test_what_cannot_be_submitted_is_saved_all_the_same(ana: User) -> None:
    version = factories.draft(author=ana)
    client = browser(ana)
    fields = typed(version, read(client, version.review.claim), summary="")
    answer = do(client, "version", version, "submit", **fields)
    assert "Saved, but not submitted. Before you submit: write the summary." in answer.text
    assert (fresh(version).state, fresh(version).summary) == ("draft", "")


def test_posting_what_stands_there_already_makes_nobody_an_author(ana: User, ben: User) -> None:
    version = factories.draft(author=ana)
    with acting(ana, reason="edited"):
        ReviewVersion.objects.filter(pk=version.pk).update(body="First.\n\nSecond.")
    version = fresh(version)
    client = browser(ben)
    page = read(client, version.review.claim)
    do(client, "version", version, "submit", **typed(version, page, body="First.\r\n\r\nSecond."))
    shown = leaving(fresh(version)).sha256
    do(client, "version", version, "approve", shown=shown)
    assert fresh(version).state == "approved"


def test_a_review_that_is_begun_twice_is_begun_once(ana: User, ben: User) -> None:
    claim = factories.claim()
    factories.organisation()
    do(browser(ana), "claim", claim, "begin-review", form="1", summary="Only 410 do.")
    for client in (browser(ana), browser(ben)):
        answer = do(client, "claim", claim, "begin-review", form="1", summary="Only 409 do.")
        assert "was begun meanwhile" in answer.text
    assert [each.summary for each in ReviewVersion.objects.all()] == ["Only 410 do."]


def test_a_refused_form_stands_again_as_it_was_typed(ana: User) -> None:
    version = factories.draft(author=ana)
    client = browser(ana)
    tomorrow = (timezone.now() + timedelta(days=3)).date().isoformat()
    fields = typed(version, read(client, version.review.claim), true_as_of=tomorrow, summary="Not lost.")
    answer = do(client, "version", version, "save", **fields)
    assert "This day is still to come" in answer.text
    assert "Not lost." in answer.text
    assert tomorrow in answer.text
    assert fresh(version).summary != "Not lost."
    fields["true_as_of"] = "2026-03-02"
    do(client, "version", version, "save", **fields)
    assert fresh(version).summary == "Not lost."
    assert not Autosave.objects.exists()


def test_who_was_slower_is_shown_both_texts_and_nothing_is_overwritten(ana: User, ben: User) -> None:
    version = factories.draft(author=ana)
    client = browser(ana)
    fields = typed(version, read(client, version.review.claim), summary="Mine.")
    with acting(ben, reason="edited"):
        ReviewVersion.objects.filter(pk=version.pk).update(summary="Ben's.")
    answer = client.post(f"/admin/do/version/{version.pk}/save/", fields)
    assert answer.status_code == 409
    assert "Ben&#x27;s." in answer.text or "Ben's." in answer.text
    assert "Mine." in answer.text
    assert fresh(version).summary == "Ben's."
    assert Autosave.objects.get().values["summary"] == ["Mine."]


def test_approving_and_publishing_shows_what_goes_out_and_asks_once(ana: User, ben: User) -> None:
    version = factories.draft(author=ana)
    workflow.submit(version, actor=ana)
    client = browser(ben)
    preview = do(client, "version", version, "approve-and-publish")
    assert preview.request["PATH_INFO"] == f"/admin/claims/{version.review.claim_id}/versions/{version.pk}/preview/"
    assert not Publication.objects.exists()
    assert "The report says so." in preview.text
    shown = re.search(r'name="shown" value="([0-9a-f]{64})"', preview.text)
    assert shown is not None
    answer = do(client, "version", version, "approve-and-publish", shown=shown[1])
    assert "Published as entry" in answer.text
    assert fresh(version).state == "published"
    assert fresh(version).approver == ben


def test_words_that_were_edited_after_the_preview_are_neither_approved_nor_published(ana: User, ben: User) -> None:
    version = factories.draft(author=ana)
    workflow.submit(version, actor=ana)
    shown = leaving(version).sha256
    with acting(ana, reason="edited"):
        ReviewVersion.objects.filter(pk=version.pk).update(summary="Other words.")
    workflow.submit(version, actor=ana)
    answer = do(browser(ben), "version", version, "approve-and-publish", shown=shown)
    assert "The words are not those that you were shown" in answer.text
    assert fresh(version).state == "in_review"
    assert not Publication.objects.exists()


def test_an_author_cannot_approve_by_any_button(ana: User) -> None:
    version = factories.draft(author=ana)
    workflow.submit(version, actor=ana)
    for verb in ("approve", "approve-and-publish", "publish"):
        do(browser(ana), "version", version, verb, shown=leaving(version).sha256)
    assert fresh(version).state == "in_review"


def test_sending_back_tells_the_author_why_and_can_be_undone(ana: User, ben: User) -> None:
    version = factories.draft(author=ana)
    workflow.submit(version, actor=ana)
    do(browser(ben), "version", version, "send-back", reason="No answer from the ministry yet.")
    notice = Notice.objects.get(recipient=ana, kind="sent_back")
    assert notice.path == f"/admin/claims/{version.review.claim_id}/"
    page = read(browser(ana), version.review.claim)
    assert "No answer from the ministry yet." in page
    assert "Undo: put it back" not in page
    assert "Undo: put it back into review" in read(browser(ben), version.review.claim)
    do(browser(ben), "version", version, "submit")
    assert fresh(version).state == "in_review"
    assert "No answer from the ministry yet." not in read(browser(ben), version.review.claim).split("What happened")[0]


def test_the_author_takes_back_what_she_submitted(ana: User) -> None:
    version = factories.draft(author=ana)
    workflow.submit(version, actor=ana)
    answer = do(browser(ana), "version", version, "take-back")
    assert fresh(version).state == "draft"
    assert "You took version 1 back" in answer.text


def test_a_discarded_draft_is_restored_from_the_claim(ana: User) -> None:
    version = factories.draft(author=ana)
    claim = version.review.claim
    client = browser(ana)
    page = do(client, "version", version, "discard")
    assert "Version 1, discarded by" in page.text
    page = do(client, "discarded", DiscardedVersion.objects.get(), "restore")
    assert "Restored as a draft" in page.text
    assert fresh(version).review.claim == claim
    assert "Discarded drafts" not in page.text


def test_a_review_is_withdrawn_from_its_claim(ana: User, ben: User) -> None:
    review = factories.published_review()
    client = browser(ana)
    assert 'name="public_note"' in read(client, review.claim)
    do(client, "review", review, "withdrawal", public_note="The table was invented.")
    version = review.versions.get(number=2)
    assert (version.kind, version.state) == ("withdrawal", "in_review")
    refused = do(client, "review", Review.objects.get(pk=review.pk), "withdrawal", public_note="")
    assert "already open" in refused.text
    told = do(browser(ben), "version", version, "approve-and-publish", shown=leaving(fresh(version)).sha256).text
    assert "the review is withdrawn." in told
    assert "are watched from now on" not in told, "pages of a withdrawn review are not"
    assert "What the review said stands below." in told
    assert "watched quotes stand" not in told
    assert "watched quote stands" not in told


def test_a_withdrawal_without_a_note_starts_nothing(ana: User) -> None:
    review = factories.published_review()
    do(browser(ana), "review", review, "withdrawal", public_note=" ")
    assert review.versions.count() == 1


def test_the_claims_own_words_topics_and_repetition_are_edited(ana: User) -> None:
    claim, other = factories.claim(), factories.claim("400 bridges needed repair.")
    topic = Topic.objects.create(slug="bridges", name="Bridges")
    gone = Topic.objects.create(slug="roads", name="Roads")
    claim.topics.add(gone)
    factories.organisation()
    client = browser(ana)
    page = read(client, claim)
    fields = {
        "seen": seen(page, "claim-form"),
        "text": "413 bridges need repair.",
        "language": "en",
        "place": "Port Ellery",
        "add_topics": "bridges",
        "repeats_id": other.public_id,
    }
    do(client, "claim", claim, "save", **fields)
    now = Claim.objects.get(pk=claim.pk)
    assert (now.text, now.place, now.repeats, list(now.topics.all())) == (fields["text"], "Port Ellery", other, [topic])


def opened(page: str) -> dict[str, list[str]]:
    """The topics as the form of the claim was filled."""
    return {"opened:topics": re.findall(r'name="opened:topics" value="(\d*)"', page)}


def test_topics_that_somebody_else_changed_meanwhile_are_shown_as_they_were_opened(ana: User) -> None:
    claim = factories.claim()
    roads, bridges, ports = (
        Topic.objects.create(slug=name, name=name.title()) for name in ("roads", "bridges", "ports")
    )
    claim.topics.add(roads)
    client = browser(ana)
    page = read(client, claim)
    fields = {"seen": seen(page, "claim-form"), "text": "Mine: bridges need repair.", "language": claim.language}
    fields |= opened(page)
    assert fields["opened:topics"] == ["", str(roads.pk)]
    felix = factories.editor()
    User.objects.filter(pk=felix.pk).update(first_name="Felix")
    with acting(felix, reason="edited"):
        claim.topics.add(bridges)
    conflict = client.post(f"/admin/do/claim/{claim.pk}/save/", fields)  # the box of roads is not ticked any more
    assert conflict.status_code == 409
    shown = conflict.text[conflict.text.index('id="field-topics"') :]
    first, theirs, mine = shown.split("<h3>")[1:4]
    assert "As you opened it" in first and "Roads" in first and "Bridges" not in first
    assert "Bridges" in theirs and "Roads" in theirs and "<del>Roads</del>" in mine
    assert "Saved by Felix" in theirs, "who changed the topics, not who saved the claim before"
    assert 'id="field-text"' not in conflict.text, "nobody else changed it, though the topics changed since"
    assert set(opened(conflict.text)["opened:topics"]) == {"", str(bridges.pk), str(roads.pk)}
    again = fields | opened(conflict.text) | {"seen": seen(conflict.text, "conflict"), "asked:topics": "1"}
    theirs_values = {"theirs:topics": [str(roads.pk), str(bridges.pk)]}
    client.post(f"/admin/conflict/claim/{claim.pk}/save/", again | theirs_values | {"choice:topics": "theirs"})
    now = Claim.objects.get(pk=claim.pk)
    assert (now.text, set(now.topics.all())) == (fields["text"], {roads, bridges})
    assert ports not in now.topics.all()


def test_the_rule_of_two_people_is_said_in_full(ana: User, ben: User) -> None:
    version = factories.draft(author=ana)
    page = read(browser(ana), version.review.claim)
    assert "One approval is needed: by an editor or a chief editor" in page
    assert "any editor may publish it, its author too" in page and "restricted claim, and chief" not in page
    Restriction.objects.create(claim=version.review.claim).members.add(ana)
    assert "restricted claim, and chief editors, may do it" in read(browser(ana), version.review.claim)


def test_what_is_typed_is_kept_apart_and_offered_again_until_it_is_thrown_away(ana: User, ben: User) -> None:
    version = factories.draft(author=ana)
    claim = version.review.claim
    client = browser(ana)
    page = read(client, claim)
    events = ReviewVersion.pgh_event_model.objects.count()  # type: ignore[attr-defined]
    fields = typed(version, page, summary="Half a sentence", typed_in=f"version:{version.pk}")
    assert client.post("/admin/typed/", fields).status_code == 200
    assert ReviewVersion.pgh_event_model.objects.count() == events, "a pause makes no author"  # type: ignore[attr-defined]
    page = read(client, claim)
    assert "What you typed and did not save stands here again." in page
    assert "Half a sentence</textarea>" in page
    assert "Half a sentence" not in read(browser(ben), claim), "it is hers alone"
    with acting(ben, reason="edited"):
        ReviewVersion.objects.filter(pk=version.pk).update(summary="Ben's.")
    page = read(client, claim)
    assert "Somebody saved this after you typed something else" in page
    assert "Half a sentence</textarea>" not in page
    assert "Half a sentence</textarea>" in read(client, claim, "?take=1")
    client.post("/admin/typed/", {"typed_in": f"version:{version.pk}", "drop": "1"})
    assert "Half a sentence" not in read(client, claim)


def test_what_was_under_way_while_it_was_saved_or_thrown_away_does_not_come_back(ana: User) -> None:
    version = factories.draft(author=ana)
    claim = version.review.claim
    client = browser(ana)
    late = typed(version, read(client, claim), summary="Half a", typed_in=f"version:{version.pk}", sitting="a1")
    client.post("/admin/typed/", late)
    do(client, "version", version, "save", **{**late, "summary": "Whole."})
    assert fresh(version).summary == "Whole."
    assert client.post("/admin/typed/", late).status_code == 200
    page = read(client, claim)
    assert "Half a" not in page and "What you typed and did not save" not in page
    late["seen"] = seen(page)
    client.post("/admin/typed/", {**late, "sitting": "b2", "summary": "Another."})
    assert "Another.</textarea>" in read(client, claim), "the next sitting is kept"
    client.post("/admin/typed/", {"typed_in": f"version:{version.pk}", "drop": "1", "sitting": "b2"})
    client.post("/admin/typed/", {**late, "sitting": "b2", "summary": "Another."})
    assert "Another.</textarea>" not in read(client, claim)
    Autosave.objects.update(saved_at=timezone.now() - timedelta(days=2))
    unsaved.delete_over()
    assert not Autosave.objects.exists()


def test_the_place_that_a_claim_is_about_is_kept_like_its_other_fields(ana: User) -> None:
    claim = factories.claim()
    factories.organisation()
    client = browser(ana)
    fields = {"text": claim.text, "language": "en", "place": "Port Ellery", "typed_in": f"claim:{claim.pk}"}
    assert client.post("/admin/typed/", fields).status_code == 200
    assert 'value="Port Ellery"' in read(client, claim)


def test_only_places_of_the_workbench_are_kept_and_only_for_who_works_at_the_desk(ana: User) -> None:
    for place in ("", "version:", "version:x", "other:1", "version:1:2"):
        assert browser(ana).post("/admin/typed/", {"typed_in": place, "summary": "x"}).status_code == 400
    stranger = User.objects.create_user("stranger", is_staff=True)
    assert browser(stranger).post("/admin/typed/", {"typed_in": "version:1", "summary": "x"}).status_code == 403
    assert not Autosave.objects.exists()


def test_unsaved_forms_of_public_versions_are_deleted(ana: User) -> None:
    version, public = factories.draft(author=ana), factories.published_review().versions.get()
    for place in (f"version:{version.pk}", f"version:{public.pk}", "version:999999999", "claim:1"):
        Autosave.objects.create(user=ana, place=place, seen="", values={"summary": ["x"]})
    assert unsaved.delete_over() == 2
    assert {each.place for each in Autosave.objects.all()} == {f"version:{version.pk}", "claim:1"}


def test_old_pages_lead_to_the_workbench(ana: User) -> None:
    version = factories.draft(author=ana)
    review, claim = version.review, version.review.claim
    client = browser(ana)
    for old, new in (
        (f"claim/{claim.pk}", ""),
        (f"review/{review.pk}", f"?review={review.pk}"),
        (f"reviewversion/{version.pk}", f"?version={version.pk}"),
    ):
        answer = client.get(f"/admin/claims/{old}/change/", follow=True)
        assert answer.redirect_chain[-1][0] == f"/admin/claims/{claim.pk}/{new}"
        assert client.get(f"/admin/claims/{old}/change/?table=1").status_code == 200
