"""The screens of suggestions: suggest, look at the difference, accept."""

import pytest
from django.test import Client
from django.urls import reverse

from claims.models import ReviewVersion, Suggestion
from claims.reviews import suggestions, workflow
from tests import factories

pytestmark = pytest.mark.django_db


def test_suggest_and_accept_on_the_desk() -> None:
    ana, ben = factories.editor("ana"), factories.editor("ben")
    version = workflow.submit(factories.draft(author=ana), actor=ana)
    hers, his = Client(HTTP_HOST="localhost"), Client(HTTP_HOST="localhost")
    hers.force_login(ana)
    his.force_login(ben)
    page = reverse("admin:claims_reviewversion_change", args=[version.pk]) + "?table=1"
    form = reverse("desk:suggest", args=[version.pk])
    assert form in his.get(page).content.decode() and form not in hers.get(page).content.decode()
    assert hers.get(form).status_code == 403
    fields = his.get(form).context["form"]
    values = {name: field.initial for name, field in fields.fields.items()}
    assert "Nothing differs" in his.post(form, values).content.decode()
    assert his.post(form, values | {"summary": "The report <b>says</b> so."}).status_code == 302
    one = Suggestion.objects.get()
    body = hers.get(page).content.decode()
    assert "suggested by ben" in body and "<ins>" in body and "<b>says" not in body and ">Accept<" in body
    assert ">Accept<" not in his.get(page).content.decode()
    decide = reverse("desk:suggestion", args=[one.pk])
    assert hers.get(decide).status_code == 405
    his.post(decide, {"accept": "1"})
    assert Suggestion.objects.get().state == "open"
    hers.post(decide, {"accept": "1"})
    done = ReviewVersion.objects.get()
    assert (done.state, done.summary) == ("draft", "The report <b>says</b> so.")


def test_the_workbench_shows_an_open_suggestion_with_its_difference() -> None:
    ana, ben = factories.editor("ana"), factories.editor("ben")
    version = workflow.submit(factories.draft(author=ana), actor=ana)
    suggestions.suggest(version, changes={"summary": "The report <b>says</b> so."}, actor=ben)
    for user in (ana, ben):
        client = Client(HTTP_HOST="localhost")
        client.force_login(user)
        answer = client.get(reverse("desk:claim", args=[version.review.claim_id]), {"version": version.pk})
        assert answer.status_code == 200
        body = answer.content.decode()
        assert "<ins>" in body and "<b>says" not in body
        assert ('name="accept"' in body) is (user == ana)
