"""The right of reply on the page of a claim: who was asked, when, and what was answered, or that nobody did."""

from datetime import date

import pytest
from django.test import Client

from claims.models import Claim, ReviewVersion
from claims.reviews import publish, suspension
from sources.database.audit import acting
from tests import factories

pytestmark = pytest.mark.django_db
ASKED = {"reply_asked": "the ministry", "reply_asked_on": date(2026, 2, 24)}


def published(**values: object) -> ReviewVersion:
    ana, ben = factories.editor(), factories.editor()
    version = factories.draft(author=ana)
    with acting(ana, reason="edited"):
        ReviewVersion.objects.filter(pk=version.pk).update(**values)
    version.refresh_from_db()
    publish.publish(factories.approved(version, approver=ben), actor=ben)
    return version


def page(claim: Claim) -> str:
    return Client().get(f"/claims/{claim.public_id}").text


def test_an_answer_stands_in_a_section_of_its_own() -> None:
    answer = "We <b>stand</b> by it.\nAnd by the rest."
    version = published(
        **ASKED, reply=answer, reply_answered_on=date(2026, 2, 26), reply_url="https://ministry.example/answer"
    )
    html = page(version.review.claim)
    section = html[html.index("Right of reply") :].partition("</section>")[0]
    assert "Asked to respond on 24 February 2026:" in section and "the ministry" in section
    assert "Answered on 26 February 2026." in section
    assert "We &lt;b&gt;stand&lt;/b&gt; by it." in section and "<b>" not in section
    assert 'href="https://ministry.example/answer" rel="nofollow noreferrer noopener"' in section
    assert "No answer" not in section


def test_silence_has_its_days() -> None:
    section = page(published(**ASKED, reply_none_by=date(2026, 2, 27)).review.claim)
    assert "No answer had come by 27 February 2026." in section
    assert "Answered on" not in section


def test_an_address_that_is_none_of_the_web_is_no_link() -> None:
    html = page(published(**ASKED, reply_answered_on=date(2026, 2, 26), reply_url="javascript:alert(1)").review.claim)
    assert "Answered on" in html and "javascript:" not in html


def test_a_review_without_one_has_no_such_section() -> None:
    assert "Right of reply" not in page(factories.published_review().claim)


def test_it_is_not_shown_while_the_review_is_under_review() -> None:
    version = published(**ASKED, reply_none_by=date(2026, 2, 27))
    suspension.suspend(version.review, actor=factories.editor(), reason="Looking.")
    assert "Right of reply" not in page(version.review.claim)
