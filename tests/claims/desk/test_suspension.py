"""The buttons of a suspension: a page that shows what readers will be shown, and a second person who resumes."""

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse

from claims.models import Review, Suspension
from tests import factories

pytestmark = pytest.mark.django_db


def at_desk(user: User) -> Client:
    client = Client(HTTP_HOST="localhost")
    client.force_login(user)
    return client


def page(user: User, review: Review) -> str:
    return at_desk(user).get(reverse("admin:claims_review_change", args=[review.pk]), {"table": "1"}).content.decode()


def post(user: User, review: Review, verb: str, **data: str) -> str:
    address = reverse("admin:claims_review_verb", args=[review.pk, verb])
    return at_desk(user).post(address, data, follow=True).content.decode()


def home(user: User) -> str:
    return at_desk(user).get(reverse("admin:index")).content.decode()


def test_the_whole_journey() -> None:
    review = factories.published_review()
    ann, ben = factories.editor("ann"), factories.editor("ben")
    assert "Suspend…" in page(ann, review)

    shown = post(ann, review, "suspend")
    assert "Under review since" in shown and "gives no rating until it has" in shown and "“Right”" in shown
    assert not Suspension.objects.exists()
    assert "Say why" in post(ann, review, "suspend", reason=" ")
    assert "shown no rating" in post(ann, review, "suspend", reason="<b>Wrong year</b>")
    sentence = Suspension.objects.get().reason
    assert sentence == "<b>Wrong year</b>"
    for screen in (home(ben), page(ben, review)):
        assert "&lt;b&gt;Wrong year" in screen and "<b>Wrong year" not in screen

    assert "Suspend…" not in page(ann, review) and "Ask to resume" in page(ann, review)
    assert "Resuming takes two" in post(ann, review, "resume")
    assert "Somebody else has to resume it" in post(ann, review, "ask-to-resume", note="It is right.")
    assert ">Resume<" not in page(ann, review).replace("\n", "").replace("  ", "")
    assert "somebody else has to agree" in post(ann, review, "resume")
    User.objects.filter(username="ann").update(first_name="Ann", last_name="Arbor")  # colleagues are called by name
    assert "Ann Arbor asks to resume it" in home(ben)
    bench = at_desk(ben).get(reverse("desk:claim", args=[review.claim_id])).content.decode()
    assert "Ann Arbor put this review under review." in bench and "Ann Arbor asks to resume it." in bench
    assert "Its verdict stands again" in post(ben, review, "resume")
    assert "Wrong year" not in home(ben)
    assert "Suspend…" in page(ann, review)


def test_whoever_only_reads_is_offered_nothing() -> None:
    review = factories.published_review()
    reader = User.objects.create_user("reader", is_staff=True)
    reader.user_permissions.add(*reader.user_permissions.model.objects.filter(codename__startswith="view_"))
    assert "Suspend…" not in page(reader, review)
    assert "may not suspend" in post(reader, review, "suspend", reason="No.")
    assert not Suspension.objects.exists()


@pytest.mark.parametrize("verb", ["resume", "keep-suspended"])
def test_nobody_is_asked_any_more_for_what_is_decided(verb: str) -> None:
    review = factories.published_review()
    ann, ben, author = factories.editor("ann"), factories.editor("ben"), review.versions.get().author
    post(ann, review, "suspend", reason="Wrong year")
    post(ann, review, "ask-to-resume", note="It is right.")
    assert "asks for a colleague to resume" in home(author)
    post(ben, review, verb)
    assert "asks for a colleague to resume" not in home(author)
