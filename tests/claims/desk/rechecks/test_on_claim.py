"""What is open on a claim, as its workbench shows it: re-checks, letters, the day of review."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.template.loader import render_to_string
from django.test import Client, RequestFactory
from django.utils import timezone

from claims.desk.rechecks.on_claim import on_claim
from claims.models import Recheck, Review, ReviewBy
from claims.requests import source_requests
from claims.watch import sweep
from sources.models import Page
from tests import factories

pytestmark = pytest.mark.django_db


def shown(review: Review, user: User) -> str:
    request = RequestFactory().get("/admin/claims/1/")
    request.user = user
    return render_to_string("desk/rechecks/on_claim.html", on_claim(review.claim, user), request)


def test_open_rechecks_and_letters_stand_on_the_claim() -> None:
    review, ada = factories.published_review(), factories.editor("ada")
    assert "Answer the re-check" not in shown(review, ada)
    factories.change(Page.objects.get(), factories.PAGE_TEXT.replace("412", "389"))
    sweep.sweep()
    recheck = Recheck.objects.get()
    source_requests.send(
        recheck, actor=ada, page=Page.objects.get(), grade="note", text="What changed?", recipient="them"
    )
    page = shown(review, ada)
    assert "figure changed" in page and f"/admin/rechecks/{recheck.pk}/" in page and "Source asked" in page


def test_the_day_of_review_is_proposed_set_and_removed_at_the_desk() -> None:
    end = timezone.now().date() + timedelta(days=30)
    review = factories.published_review(factories.claim(period_start=end - timedelta(days=60), period_end=end))
    ada = factories.editor("ada")
    page = shown(review, ada)
    assert "No day is set" in page and f'value="{end + timedelta(days=1)}"' in page
    client = Client()
    client.force_login(ada)
    post = f"/admin/do/review/{review.pk}"
    client.post(f"{post}/review-day/", {"day": f"{end}", "why": "the period ends", "next": "/admin/"})
    assert ReviewBy.objects.get().day == end
    review = Review.objects.get()
    assert "the period ends" in shown(review, ada)
    client.post(f"{post}/no-review-day/", {"next": "/admin/"})
    assert not ReviewBy.objects.exists()


def test_a_reporter_reads_the_day_and_is_offered_no_form() -> None:
    review = factories.published_review()
    assert "<form" not in shown(review, User.objects.create_user("rita", is_staff=True))
