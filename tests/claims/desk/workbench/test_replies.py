"""The right of reply on the workbench: its fields, its marks, and the words that go out."""

from datetime import date

import pytest

from claims.models import ReviewVersion
from claims.reviews import publish, workflow
from sources.database.audit import acting
from tests import factories
from tests.claims.desk.workbench.pages import browser, do, read, seen

pytestmark = pytest.mark.django_db


def test_it_is_typed_compared_and_previewed() -> None:
    ana, ben = factories.editor(), factories.editor()
    version = factories.draft(author=ana)
    client = browser(ana)
    page = read(client, version.review.claim)
    fields = {
        "form": "1",
        "seen": seen(page),
        "rating": version.rating_id,
        "summary": version.summary,
        "body": version.body,
        "true_as_of": "2026-03-01",
        "reply_asked": "the ministry",
        "reply_asked_on": "2026-02-24",
        "reply_none_by": "2026-02-27",
        "next": f"/admin/claims/{version.review.claim_id}/?typed=1",
    }
    do(client, "version", version, "save", **fields)
    saved = ReviewVersion.objects.get(pk=version.pk)
    assert (saved.reply_asked, saved.reply_asked_on, saved.reply_none_by) == (
        "the ministry",
        date(2026, 2, 24),
        date(2026, 2, 27),
    )
    assert "Right of reply" in read(client, version.review.claim)
    do(client, "version", saved, "submit", next=f"/admin/claims/{version.review.claim_id}/")
    preview = browser(ben).get(f"/admin/claims/{version.review.claim_id}/versions/{version.pk}/preview/")
    assert "Right of reply: no answer by" in preview.text and "2026-02-27" in preview.text


def test_an_answer_that_came_since_is_marked_beside_the_silence() -> None:
    ana, ben = factories.editor(), factories.editor()
    version = factories.draft(author=ana)
    with acting(ana, reason="edited"):
        ReviewVersion.objects.filter(pk=version.pk).update(
            reply_asked="the ministry", reply_asked_on=date(2026, 2, 24), reply_none_by=date(2026, 2, 27)
        )
    version.refresh_from_db()
    publish.publish(factories.approved(version, approver=ben), actor=ben)
    following = workflow.start_version(version.review, kind="update", actor=ana, public_note="They answered.")
    with acting(ana, reason="edited"):
        ReviewVersion.objects.filter(pk=following.pk).update(
            reply="We stand by it.", reply_answered_on=date(2026, 3, 3), reply_none_by=None
        )
    workflow.submit(following, actor=ana)
    html = read(browser(ben), version.review.claim)
    assert "<del>2026-02-27</del>" in html and "<ins>2026-03-03</ins>" in html
    assert "We stand by it." in html
    compared = (
        browser(ben)
        .get(f"/admin/claims/{version.review.claim_id}/compare/?a={version.pk}&b={following.pk}", follow=True)
        .text
    )
    assert "Right of reply: answered on" in compared
