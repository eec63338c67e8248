"""Audit rows say who did what in a person's words, and one verb writes no other verb's reason."""

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse

from claims.models import Evidence, Review, ReviewVersion, Submission
from claims.publication import words
from claims.reviews import publish, workflow
from sources.admin.history import audit_rows, reason_of
from tests import factories
from tests.claims import drafts_api

pytestmark = pytest.mark.django_db


def reasons(model: type, **row: int) -> list[tuple[str, str]]:
    """Who and why, in the order in which the rows were written, repetitions left out."""
    events = model.pgh_event_model.objects.filter(**row).order_by("pgh_id")  # type: ignore[attr-defined]
    found = [(event.pgh_context["actor"], event.pgh_context["reason"]) for event in events]
    return list(dict.fromkeys(found))


def test_each_step_of_a_review_is_named() -> None:
    ana, ben = factories.editor("ana"), factories.editor("ben")
    version = workflow.start_review(claim=factories.claim(), organisation=factories.organisation(), author=ana)
    workflow.discard(version, actor=ana)
    draft = factories.draft(author=ana)
    for _ in range(2):
        workflow.submit(draft, actor=ana)
        workflow.send_back(draft, actor=ben)
    workflow.submit(draft, actor=ana)
    workflow.approve(draft, actor=ben, shown=words.leaving(draft).sha256)
    publish.publish(draft, actor=ana)
    workflow.start_version(Review.objects.get(pk=draft.review_id), kind="correction", actor=ben)
    told = [each for each in reasons(ReviewVersion, review=draft.review_id) if each[0] in ("ana", "ben")]
    steps = ["started a review", "submitted for approval", "sent back", "approved", "published", "started a correction"]
    assert [reason for _, reason in told if reason in steps] == steps
    assert "took over from a newsroom" not in {reason for _, reason in told}
    assert ("ana", "attached a quote") in reasons(Evidence, version=draft.pk)
    assert ("ana", "discarded") in reasons(ReviewVersion, pgh_obj_id=version.pk)


def test_taking_over_is_named_where_it_happens() -> None:
    key = drafts_api.writing_key("The Paper")
    factories.organisation()
    sent = drafts_api.review(key)
    drafts_api.dataset(key, sent["id"])
    version = ReviewVersion.objects.get()
    workflow.take_over(version, actor=factories.editor("ana"))
    workflow.take_over(version, actor=factories.editor("ben"))
    taken = [who for who, why in reasons(ReviewVersion, pgh_obj_id=version.pk) if why == "took over from a newsroom"]
    assert taken == ["ana"]
    assert Submission.objects.filter(review=version.review_id, taken_at__isnull=False).exists()
    row = audit_rows([version])[-1]
    assert row.what == "added" and row.reason.startswith("started a review, with the key fc_")


def test_a_form_of_the_desk_says_what_it_did() -> None:
    ana = factories.editor("ana")
    version = factories.draft(author=ana)
    client = Client(HTTP_HOST="localhost")
    client.force_login(User.objects.get(pk=ana.pk))
    address = reverse("admin:claims_reviewversion_change", args=[version.pk]) + "?table=1"
    form = client.get(address).context["adminform"].form
    data = {name: form[name].value() or "" for name in form.fields} | {"summary": "Shorter."}
    seen = client.get(address).context["seen"]
    client.post(address, data | {"_seen": seen})
    version.refresh_from_db()
    assert version.summary == "Shorter."
    assert ("ana", "edited on the page of a review version") in reasons(ReviewVersion, pgh_obj_id=version.pk)


def test_without_a_reason_the_place_is_said() -> None:
    assert reason_of({"actor": "ana", "url": "/admin/auth/user/1/"}) == "on /admin/auth/user/1/"
    assert reason_of(None) == ""
