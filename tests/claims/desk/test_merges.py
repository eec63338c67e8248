"""Merging claims as people click through it: choose, read both, ask, and the second person."""

import re

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse

from claims.models import Claim, Merge
from claims.reviews import suspension, workflow
from tests import factories
from tests.claims.reviews.test_merging import published

pytestmark = pytest.mark.django_db


def at_desk(user: User) -> Client:
    client = Client(HTTP_HOST="localhost")
    client.force_login(user)
    return client


def text(client: Client, address: str, **data: object) -> str:
    answer = client.post(address, data, follow=True) if data else client.get(address, follow=True)
    assert answer.status_code == 200
    page = answer.content.decode()
    assert "{%" not in page and "{{" not in page
    return page


def page_of(claim: Claim) -> str:
    return reverse("admin:claims_claim_change", args=[claim.pk]) + "?table=1"


def shown(page: str) -> str:
    [found] = re.findall('name="shown" value="([0-9a-f]{64})"', page)
    return str(found)


def test_from_the_claim_to_the_second_person_and_back() -> None:
    one, other = published("412 bridges need <b>repair</b>."), published("Bridges in need of repair: 412.")
    ann, ben = at_desk(factories.editor("ann")), at_desk(factories.editor("ben"))
    home = reverse("admin:index")
    choose = reverse("desk:merge_choose", args=[one.pk])
    assert choose in text(ann, page_of(one))
    assert "same words or a statement in common" in text(ann, choose)
    assert "No other published claim has these words" in text(ann, f"{choose}?q=trains")
    compare = reverse("desk:merge_compare", args=[one.pk, other.pk])
    for words in ("need bridges", other.public_id):
        assert compare in text(ann, f"{choose}?q={words}")

    page = text(ann, compare)
    assert reverse("desk:merge_compare", args=[other.pk, one.pk]) in page, "the other one may stay"
    assert page.count("Our desk rated this claim Right") == 4, "one each now, two afterwards"
    assert "&lt;b&gt;repair" in page and "<b>repair" not in page
    assert "Say why" in text(ann, compare, shown=shown(page), reason=" ")
    asked = text(ann, compare, shown=shown(page), reason="<i>The same words.")
    request = Merge.objects.get()
    address = reverse("desk:merge", args=[request.pk])
    assert "waits for a second person" in asked and "&lt;i&gt;The same words." in asked
    assert "somebody else has to approve it" in asked and "Approve and merge" not in asked and "Decline" in asked
    assert "You asked for this" in text(ann, address, verb="approve", shown=request.sha256)

    User.objects.filter(username="ann").update(first_name="Ann", last_name="Arbor")  # colleagues are called by name
    assert "Ann Arbor asks for a second person" in text(ben, home)
    for claim in (one, other):
        assert "waits for a second person" in text(ben, page_of(claim))
        assert "asked for by Ann Arbor, waits" in text(ben, reverse("desk:claim", args=[claim.pk]))
    page = text(ben, address)
    assert page.count("Our desk rated this claim Right") == 4
    assert "Choose to approve this" in text(ben, address, verb="else")
    assert "Merged. Both ids answer." in text(ben, address, verb="approve", shown=shown(page))
    assert "asks for a second person" not in text(ben, home)
    assert "approved by ben" in re.sub(r"</?b>", "", text(ben, address)).replace("\n", " ")

    page = text(ben, page_of(one))
    assert "its id answers with that claim" in page and choose not in page
    assert 'name="text"' not in page and 'name="text"' in text(ben, page_of(other)), "edited where it stands"
    assert "Merged into this claim" in text(ben, page_of(other))
    assert "412 bridges need" not in text(ben, home), "the list of claims has it no more"
    separate = reverse("desk:merge_separate", args=[one.pk])
    assert separate in page
    page = text(ben, separate)
    assert page.count("Our desk rated this claim Right") == 4, "two now, one each afterwards"
    text(ben, separate, shown=shown(page), reason="They are of two years.")
    address = reverse("desk:merge", args=[Merge.objects.latest("pk").pk])
    page = text(ann, address)
    assert "Each claim stands alone" in text(ann, address, verb="approve", shown=shown(page))
    one.refresh_from_db()
    assert one.merged_into is None
    assert text(ann, page_of(one)).count("approved") >= 2, "its page keeps both decisions"
    assert "part of no other" in text(ann, separate)
    assert "separation" in text(ann, reverse("admin:claims_merge_changelist"))


def test_what_cannot_be_is_said_in_a_sentence() -> None:
    one, other = published("412 bridges need repair."), published("Bridges in need of repair: 412.")
    ann, ben = factories.editor("ann"), factories.editor("ben")
    assert "cannot be merged into itself" in text(at_desk(ann), reverse("desk:merge_compare", args=[one.pk, one.pk]))
    page = text(at_desk(ann), reverse("desk:merge_compare", args=[one.pk, other.pk]))
    address = reverse("desk:merge_compare", args=[one.pk, other.pk])
    text(at_desk(ann), address, shown=shown(page), reason="The same words.")
    suspension.suspend(other.reviews.get(), actor=ann, reason="Doubt.")
    request = reverse("desk:merge", args=[Merge.objects.get().pk])
    page = text(at_desk(ben), request)
    assert "the claim that stays would be so as a whole" in page and "Approve and merge" not in page
    assert "Declined." in text(at_desk(ben), request, verb="decline")
    assert "Decline" not in text(at_desk(ben), request).split("<main", 1)[-1].replace("declined", "")


def test_warnings_are_on_the_page() -> None:
    one = factories.claim("412 bridges need repair.", place="Weirside")
    other = factories.claim("412 Brücken sind kaputt.", language="de", period_start="2026-01-01")
    for claim in (one, other):
        factories.published_review(claim)
    page = text(at_desk(factories.editor()), reverse("desk:merge_compare", args=[one.pk, other.pk]))
    assert "different languages" in page and "differ in place" in page and "differ in period" in page


def test_reporters_are_offered_nothing() -> None:
    one, other = published("412 bridges need repair."), published("Bridges in need of repair: 412.")
    reporter = factories.editor()
    reporter.groups.set(factories.Group.objects.filter(name="Reporters"))
    client = at_desk(reporter)
    for name, keys in (("merge_choose", [one.pk]), ("merge_compare", [one.pk, other.pk]), ("merge_separate", [one.pk])):
        address = reverse(f"desk:{name}", args=keys)
        assert address not in text(client, page_of(one))
        assert client.get(address).status_code == 403


def test_a_moved_review_is_shown_with_the_words_that_it_was_made_of() -> None:
    one, other = published("412 bridges need repair."), published("Bridges in need of repair: 412.")
    top = published("All bridges are broken.")
    draft = factories.draft(one).review
    review, stayed, own = one.reviews.order_by("pk").first(), other.reviews.get(), top.reviews.get()
    factories.merged(one, into=other)
    factories.merged(other, into=top)
    client = at_desk(factories.editor())
    for row, words in ((review, one.text), (draft, one.text), (stayed, other.text)):
        page = text(client, reverse("admin:claims_review_change", args=[row.pk]) + "?table=1")
        assert f"was merged into it: “{words}”" in page
    version = draft.versions.get()
    workflow.submit(version, actor=version.author)
    assert f"was merged into it: “{one.text}”" in text(
        client, reverse("admin:claims_reviewversion_leaves", args=[version.pk, "approve"])
    )
    page = text(client, page_of(one))
    assert re.search(rf"Part of <a[^>]*>{re.escape(top.text)}</a>", page), "the claim that answers"
    assert "Nobody has reviewed it yet" not in page
    assert "was merged into it" not in text(client, reverse("admin:claims_review_change", args=[own.pk]) + "?table=1")


def test_two_verdicts_of_ours_or_contradicting_ones_are_pointed_out() -> None:
    one, other = published("412 bridges need repair."), published("Bridges in need of repair: 412.")
    third = factories.claim("Bridges are fine.")
    factories.published_review(third, rating="Wrong")
    client = at_desk(factories.editor())
    page = text(client, reverse("desk:merge_compare", args=[one.pk, other.pk]))
    assert "readers would find two of ours under one claim" in page and "verdicts contradict" not in page
    page = text(client, reverse("desk:merge_compare", args=[one.pk, third.pk]))
    assert "Their verdicts contradict each other: true there, false for the claim that stays." in page
