"""A year in files: made from the two logs alone, the same bytes each time, and nothing of what is not public."""

import csv
import io
from pathlib import Path

import pytest
from django.contrib.auth.models import User
from django.core.management import call_command
from django.test import override_settings
from django.utils import timezone
from django.utils.translation import override

from claims.complaints import desk, receive
from claims.dossier.files import files_of
from claims.dossier.gather import gather
from claims.models import Review, ReviewVersion
from claims.public import wording
from claims.public.complaints.register import OUTCOMES
from claims.reviews import publish, suspension, workflow
from claims.site_pages import proposals
from sources.database.audit import acting
from tests import factories
from tests.claims.complaints.changing import again, corrected

pytestmark = pytest.mark.django_db
YEAR = timezone.now().year


def rows(files: dict[str, bytes], name: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(files[name].decode())))


@pytest.fixture
def review() -> Review:
    made = factories.published_review(factories.claim("412 bridges need repair."))
    factories.linked(made.claim)
    factories.published_again(made.claim)
    return made


def test_checks_with_their_sources_and_what_was_changed(review: Review) -> None:
    corrected(review)
    gone = factories.published_review(factories.claim("The weir is sound."))
    corrected(gone)
    again(gone, "withdrawal", public_note="It was of another weir.")
    waits = factories.published_review(factories.claim("=HYPERLINK(1)"))
    suspension.suspend(waits, actor=factories.editor(), reason="Secret doubt.")
    removed = factories.published_review(factories.claim("Removed words."))
    factories.redacted(removed.claim)
    draft = factories.draft(factories.claim("Nobody has read this yet."))
    files = files_of(gather(YEAR))
    checks = {each["review_id"]: each for each in rows(files, "checks.csv")}
    assert set(checks) == {review.public_id, gone.public_id, waits.public_id}
    one = checks[review.public_id]
    assert (one["status"], one["sources"], one["different_sources"], one["corrections"]) == ("stands", "1", "1", "1")
    assert one["rating"] and one["speakers"].startswith("A. Minister")
    assert (checks[gone.public_id]["status"], checks[gone.public_id]["rating"]) == ("withdrawn", "")
    assert (checks[waits.public_id]["status"], checks[waits.public_id]["rating"]) == ("under review", "")
    assert checks[waits.public_id]["claim"] == "'=HYPERLINK(1)"
    assert {each["review_id"] for each in rows(files, "sources.csv")} == set(checks)
    told = [(each["event"], each["review_id"], each["status"]) for each in rows(files, "changes.csv")]
    of_gone = [(event, gone.public_id, "withdrawn") for event in ("corrected", "withdrawn")]
    assert told == [("corrected", review.public_id, "stands"), *of_gone]
    words = b"\n".join(files.values()).decode()
    for hidden in ("Removed words.", "Nobody has read this yet.", "Secret doubt.", draft.review.claim.public_id):
        assert hidden not in words
    assert rows(files, "ratings.csv")[0]["checks"] == "1"


def test_complaints_with_their_days_and_without_words_or_names(review: Review) -> None:
    sent = receive.receive(about="fact", reporter="reader", text="Wrong bridge.", claim=review.claim.public_id)
    receive.receive(about="fact", reporter="reader", text="Wrong weir.", email="a@b.example")
    desk.answer(sent.complaint, outcome="upheld", words="You are right.", actor=factories.editor())
    files = files_of(gather(YEAR))
    first, second = rows(files, "complaints.csv")
    today = timezone.now().date().isoformat()
    assert (first["received_on"], first["answered_on"], first["outcome"]) == (today, today, "upheld")
    assert first["claim_id"] == review.claim.public_id and second["answered_on"] == "" == second["working_days"]
    words = b"\n".join(files.values()).decode()
    assert not any(each in words for each in ("Wrong", "a@b.example", "You are right."))


def test_what_was_called_no_complaint_is_in_the_table_and_not_in_the_figures(review: Review) -> None:
    receive.receive(about="fact", reporter="reader", text="Wrong weir.")
    spam = receive.receive(about="other", reporter="reader", text="Cheap watches.", claim=review.claim.public_id)
    desk.answer(spam.complaint, outcome="no_complaint", words="Advertising.", actor=factories.editor())
    found = gather(YEAR)
    assert [each["outcome"] for each in rows(files_of(found), "complaints.csv")] == ["", "no_complaint"]
    assert (len(found.about_work), found.no_complaints, found.answered_in_time) == (1, 1, 0)


def test_policies_as_they_were_in_force(review: Review) -> None:
    for text in ("We ask both sides.", "We ask all sides."):
        row = proposals.submit("method", text=text, actor=factories.editor())
        proposals.approve(row, actor=factories.editor())
    files = files_of(gather(YEAR))
    assert files["policies/method-1.md"] == b"We ask both sides.\n"
    assert [each["version"] for each in rows(files, "policies.csv")] == ["1", "2"]
    later = files_of(gather(YEAR + 1))
    assert [each["version"] for each in rows(later, "policies.csv")] == ["2"], "the one that is still in force"
    assert rows(later, "checks.csv") == []
    assert rows(files_of(gather(YEAR - 1)), "policies.csv") == []


def test_the_same_log_gives_the_same_bytes_whatever_the_desk_does(review: Review, tmp_path: Path) -> None:
    for name in ("one", "two"):
        call_command("dossier", str(tmp_path / name), year=YEAR, verbosity=0)
        organisation = review.organisation
        organisation.name = f"Renamed {name}"
        with factories.acting_as("editor"):
            organisation.save()
        factories.draft(factories.claim())
        User.objects.create_user(name)
    one, two = (
        {str(each.relative_to(tmp_path / name)): each.read_bytes() for each in (tmp_path / name).rglob("*.*")}
        for name in ("one", "two")
    )
    assert one == two and len(one) == 10
    html = one["index.html"].decode()
    assert "<script" not in html and " style=" not in html and "Renamed" not in html


@override_settings(READERS_LANGUAGE="de")
def test_the_page_has_words_and_the_tables_have_codes(review: Review) -> None:
    corrected(review)
    gone = factories.published_review(factories.claim("The weir is sound."))
    again(gone, "withdrawal", public_note="It was of another weir.")
    sent = receive.receive(about="fact", reporter="reader", text="Wrong bridge.", claim=review.claim.public_id)
    desk.answer(sent.complaint, outcome="not_upheld", words="You are wrong.", actor=factories.editor())
    files = files_of(gather(YEAR))
    html = files["index.html"].decode()
    with override("de"):
        words = [wording.event("withdrawn"), str(OUTCOMES["not_upheld"]), wording.status("withdrawn")]
    assert all(f">{each}</t" in html for each in words), words
    assert not any(f">{code}" in html for code in ("corrected", "withdrawn", "stands", "not_upheld", "substantive"))
    assert [each["outcome"] for each in rows(files, "complaints.csv")] == ["not_upheld"]
    assert {each["event"] for each in rows(files, "changes.csv")} == {"corrected", "withdrawn"}


def test_a_right_of_reply_counts_as_asking_the_speaker(review: Review) -> None:
    assert [each["speaker_asked"] for each in rows(files_of(gather(YEAR)), "checks.csv")] == ["no"]
    version = workflow.start_version(review, kind="update", actor=factories.editor(), public_note="They answered.")
    with acting(version.author, reason="edited"):
        ReviewVersion.objects.filter(pk=version.pk).update(
            reply_asked="the minister", reply_asked_on="2026-02-01", reply_none_by="2026-02-08"
        )
    version = factories.approved(ReviewVersion.objects.get(pk=version.pk))
    publish.publish(version, actor=version.approver)
    assert [each["speaker_asked"] for each in rows(files_of(gather(YEAR)), "checks.csv")] == ["yes"]
