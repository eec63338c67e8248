"""Suspensions: one editor is enough to begin one, two people end it, and meanwhile nobody is shown the rating."""

from typing import Any

import orjson
import pytest
from django.contrib.auth.models import User
from django.db import Error, connection, transaction
from django.utils import timezone

from claims.formats import atom_and_jsonfeed, claimreview, csv, google_factcheck
from claims.models import Claim, ClaimVersion, Notice, Publication, Recheck, Review, Suspension
from claims.models.verification import with_verification
from claims.permissions import Refused
from claims.publication.append import filter_columns, searched_words
from claims.publication.rebuild import rebuild_index
from claims.reviews import publish, rechecks, suspension, workflow
from claims.watch import sweep
from sources.database.audit import acting
from sources.models import Page
from tests import factories

pytestmark = pytest.mark.django_db
ALTERED = factories.PAGE_TEXT.replace("412", "389")


def body(audience: str = "public") -> Any:
    return orjson.loads(bytes(ClaimVersion.objects.current(audience).get().publication.body.json))


def events() -> list[str]:
    return list(Publication.objects.order_by("sequence").values_list("event", flat=True))


def suspended(review: Review, actor: User | None = None) -> User:
    actor = actor or factories.editor()
    suspension.suspend(review, actor=actor, reason="A reader says the figure is of another year.")
    review.refresh_from_db()
    return actor


@pytest.fixture
def review() -> Review:
    return factories.published_review()


def test_one_editor_suspends_and_readers_are_shown_fixed_words(review: Review) -> None:
    before = body()
    suspended(review)
    assert events() == ["published", "suspended"]
    for audience in ("public", "newsrooms"):
        after = body(audience)
        [own] = after["reviews"]
        day = f"{timezone.now():%-d %B %Y}"
        assert after["verification"]["status"] == "suspended"
        assert after["verification"]["since"] == own["suspended_since"]
        assert own["display_codes"] == [{"code": "suspended", "on": own["suspended_since"][:10]}]
        assert own["display"].startswith(f"Under review since {day}: Our desk")
        assert "Right" not in own["display"]
        # The words of the review stay, as history; the reason is for colleagues.
        for name in ("rating", "summary", "body", "evidence", "history", "version"):
            assert own[name] == before["reviews"][0][name]
        assert b"another year" not in orjson.dumps(after)
    assert with_verification(Claim.objects.all()).get().verification == "suspended"


def test_formats_searches_and_filters_leave_the_rating_out(review: Review) -> None:
    suspended(review)
    found = body()
    [own] = found["reviews"]
    columns = filter_columns(found)
    assert (columns["verdicts"], columns["ratings"], columns["rating_steps"], columns["sites"]) == ([], [], [], [])
    assert columns["verification"] == "suspended"
    assert columns["hosts"] and own["id"] in columns["contained_ids"]
    assert "The report says so." not in searched_words(found)
    row = ClaimVersion.objects.current("public").get()
    assert (row.verdicts, row.ratings, row.rating_steps) == ([], [], [])

    document = claimreview.claim_review(found, own, base="https://desk.example")
    assert "reviewRating" not in document and "reviewBody" not in document
    assert (document["creativeWorkStatus"], document["description"]) == ("Under review", own["display"])
    assert google_factcheck.claim(found, base="https://desk.example") is None
    [line] = csv.rows(found)
    cells = dict(zip(csv.COLUMNS, line, strict=True))
    assert cells["verification"] == "suspended" and cells["suspended_since"] == own["suspended_since"]
    assert not any(cells[name] for name in ("rating", "rating_value", "verdict", "summary", "body"))
    entry = atom_and_jsonfeed.entry(
        id="x",
        event="suspended",
        review=own["id"],
        at=timezone.now(),
        body=found,
        page=None,
        now={own["id"]: own},
    )
    assert entry.title.startswith("Under review: ") and entry.text == own["display"]


def test_a_rebuild_of_the_index_leaves_the_rating_out_too(review: Review) -> None:
    suspended(review)
    ClaimVersion.objects.filter(sequence_to__isnull=True).update(ratings=["Right"], verdicts=["true"])
    rebuild_index()
    row = ClaimVersion.objects.current("public").get()
    assert (row.verdicts, row.ratings, row.verification) == ([], [], "suspended")


def test_it_resumes_by_two(review: Review) -> None:
    before = body()
    ann = suspended(review)
    with pytest.raises(Refused, match="Resuming takes two"):
        suspension.resume(review, actor=ann)
    suspension.request_resume(review, actor=ann, note="The year is right after all.")
    with pytest.raises(Refused, match="somebody else has to agree"):
        suspension.resume(review, actor=ann)
    with pytest.raises(Refused, match="asked for that already"):
        suspension.request_resume(review, actor=factories.editor(), note="Yes.")
    suspension.resume(review, actor=factories.editor())
    assert events()[-1] == "resumed"
    after = body()
    assert after["reviews"] == before["reviews"]
    assert after["verification"] == before["verification"]
    assert with_verification(Claim.objects.all()).get().verification == "checked"
    with pytest.raises(Refused, match="not suspended"):
        suspension.resume(review, actor=factories.editor())


def test_a_request_is_taken_off_and_made_anew(review: Review) -> None:
    ann, ben = suspended(review), factories.editor()
    with pytest.raises(Refused, match="Nobody has asked"):
        suspension.keep_suspended(review, actor=ann)
    suspension.request_resume(review, actor=ann, note="It is right.")
    suspension.keep_suspended(review, actor=ben)
    assert Notice.objects.filter(recipient=ann, what="kept_suspended").exists()
    with pytest.raises(Refused, match="Resuming takes two"):
        suspension.resume(review, actor=ben)
    suspension.request_resume(review, actor=ben, note="It is right, I looked.")
    suspension.resume(review, actor=ann)
    assert events() == ["published", "suspended", "resumed"]


def test_what_cannot_be_suspended(review: Review) -> None:
    ann = factories.editor()
    with pytest.raises(Refused, match="Say why"):
        suspension.suspend(review, actor=ann, reason="  ")
    with pytest.raises(Refused, match="may not suspend"):
        suspension.suspend(review, actor=User.objects.create_user("reader"), reason="No.")
    with pytest.raises(Refused, match="published yet"):
        suspension.suspend(factories.draft(factories.claim("Another.")).review, actor=ann, reason="No.")
    suspended(review)
    with pytest.raises(Refused, match="suspended already"):
        suspension.suspend(review, actor=ann, reason="Again.")
    imported = Review(origin=Review.Origin.IMPORTED)
    assert "publisher" in (suspension.why_not(imported) or "")


def test_a_machine_event_keeps_it_suspended(review: Review) -> None:
    suspended(review)
    factories.change(Page.objects.get(), ALTERED)
    assert sweep.sweep() == 1
    newsrooms = body("newsrooms")
    assert events()[-1] == "recheck_raised"
    assert newsrooms["verification"]["status"] == "suspended"
    assert newsrooms["verification"]["because"][0]["after"]
    assert newsrooms["reviews"][0]["display_codes"][0]["code"] == "suspended"
    # Whoever confirms says that a quote changed, and nothing about the verdict.
    ann = factories.editor()
    rechecks.confirm(Recheck.objects.get(), actor=ann)
    assert body()["verification"]["status"] == "suspended"
    assert body()["verification"]["because"]
    rechecks.reconfirm(Recheck.objects.get(), actor=ann, note="Another edition.")
    assert body()["verification"]["status"] == "suspended"
    suspension.request_resume(review, actor=ann, note="It is right.")
    suspension.resume(review, actor=factories.editor())
    assert body()["verification"]["status"] == "checked"


def test_confirming_a_recheck_leaves_the_verdict_up(review: Review) -> None:
    factories.change(Page.objects.get(), ALTERED)
    sweep.sweep()
    rechecks.confirm(Recheck.objects.get(), actor=factories.editor())
    assert body()["verification"]["status"] == "needs_recheck"
    assert body()["reviews"][0]["suspended_since"] is None
    assert ClaimVersion.objects.current("public").get().ratings == ["Right"]


def test_the_other_review_of_the_claim_keeps_its_rating(review: Review) -> None:
    factories.published_review(review.claim, rating="Wrong")
    suspended(review)
    assert body()["verification"]["status"] == "suspended"
    assert ClaimVersion.objects.current("public").get().ratings == ["Wrong"]
    shown = google_factcheck.claim(body(), base="")
    assert shown is not None and [each["textualRating"] for each in shown["claimReview"]] == ["Wrong"]


@pytest.mark.parametrize(("kind", "event"), [("clarification", "clarified"), ("withdrawal", "withdrawn")])
def test_a_version_approved_since_ends_it(review: Review, kind: str, event: str) -> None:
    suspended(review)
    version = workflow.start_version(review, kind=kind, actor=factories.editor(), public_note="We looked again.")
    version = factories.approved(version)
    publish.publish(version, actor=version.approver)
    assert events()[-1] == event
    assert body()["reviews"][0]["suspended_since"] is None
    assert body()["verification"]["status"] == {"clarified": "checked", "withdrawn": "withdrawn"}[event]
    row = Suspension.objects.get()
    assert (row.ended_by_version, row.resumed_by) == (version, None)


def test_a_version_approved_before_does_not_end_it(review: Review) -> None:
    version = workflow.start_version(
        review, kind="clarification", actor=factories.editor(), public_note="A word was missing."
    )
    version = factories.approved(version)
    suspended(review)
    with pytest.raises(Refused, match="suspended after this version was approved"):
        publish.publish(version, actor=version.approver)
    assert body()["verification"]["status"] == "suspended"


def test_those_who_answer_for_the_review_are_told(review: Review) -> None:
    version = review.latest_published()
    assert version is not None
    ann = suspended(review)
    people = set(Notice.objects.filter(kind="suspension").values_list("recipient", flat=True))
    assert people == {version.author_id, version.approver_id}
    suspension.request_resume(review, actor=factories.editor(), note="It is right.")
    assert Notice.objects.filter(recipient=ann, kind="suspension").count() == 1


def attempt(statement: str, *args: object, actor: User | None = None) -> None:
    """Raw SQL, as the role of the web processes, which the database refuses."""
    named = acting(actor or User.objects.latest("pk"), reason="raw")
    with pytest.raises(Error), transaction.atomic(), named, connection.cursor() as cursor:
        cursor.execute(statement, args)


@pytest.mark.sql
def test_the_database_wants_two_people(review: Review) -> None:
    ann, ben = suspended(review), factories.editor()
    now = "resume_requested_at = now(), resume_note = 'x'"
    attempt("UPDATE claims_review SET suspended_at = NULL", actor=ann)
    attempt("DELETE FROM claims_suspension", actor=ann)
    attempt("UPDATE claims_suspension SET ended_at = now()", actor=ann)
    attempt("UPDATE claims_suspension SET ended_at = now(), resumed_by_id = %s", ann.pk, actor=ann)
    # One who acts cannot ask in another's name, nor resume in it, nor do both at once.
    attempt(f"UPDATE claims_suspension SET resume_requested_by_id = %s, {now}", ben.pk, actor=ann)
    attempt(
        f"UPDATE claims_suspension SET resume_requested_by_id = %s, {now}, resumed_by_id = %s, ended_at = now()",
        *(ben.pk, ann.pk),
        actor=ann,
    )
    attempt("UPDATE claims_suspension SET reason = 'nothing'", actor=ann)
    suspension.request_resume(review, actor=ann, note="It is right.")
    attempt("UPDATE claims_suspension SET resumed_by_id = %s, ended_at = now()", ann.pk, actor=ann)
    attempt("UPDATE claims_suspension SET resumed_by_id = %s, ended_at = now()", ben.pk, actor=ann)
    attempt("UPDATE claims_suspension SET resume_requested_by_id = %s", ben.pk, actor=ben)
    version = review.latest_published()
    attempt("UPDATE claims_suspension SET ended_by_version_id = %s, ended_at = now()", version and version.pk)
    suspension.resume(review, actor=ben)
    attempt("UPDATE claims_suspension SET ended_at = NULL, resumed_by_id = NULL", actor=ann)
    attempt("TRUNCATE claims_suspension CASCADE", actor=ann)
    attempt("UPDATE claims_review SET suspended_at = now()", actor=ann)
