"""The desk's screens of tips: the queue by demand, a question's page, its answer, merging and splitting."""

import pytest
from django.contrib.auth.models import Group, User
from django.test import Client
from django.urls import reverse

from claims.models import Restriction, Tip, TipGroup
from claims.roles import GROUPS, Role
from claims.tips import groups, inbox
from tests import factories

pytestmark = pytest.mark.django_db
QUEUE = reverse("admin:claims_tipgroup_changelist")
FERRY = "The ferry to Lindholm stops running in October because the harbour silts up."
WATER = "The tap water in Lindholm has lead in it, says a leaflet from the pharmacy."


def sent(text: str = "", **options: str) -> Tip:
    return inbox.receive(actor="test", text=text, **options).tip


def group_of(tip: Tip) -> TipGroup:
    assert tip.group is not None
    return tip.group


def page(client: Client, tip: Tip) -> str:
    answer = client.get(reverse("admin:claims_tipgroup_change", args=[group_of(tip).pk]))
    assert answer.status_code == 200
    return answer.content.decode()


@pytest.fixture
def ana() -> Client:
    client = Client(HTTP_HOST="localhost")
    client.force_login(factories.editor("ana"))
    return client


@pytest.fixture
def reporter() -> Client:
    user = User.objects.create_user("reporter", is_staff=True)
    user.groups.add(Group.objects.get(name=GROUPS[Role.REPORTER]))
    client = Client(HTTP_HOST="localhost")
    client.force_login(User.objects.get(pk=user.pk))
    return client


def test_the_queue_has_questions_the_most_asked_first_and_each_state(ana: Client) -> None:
    water, aside, answered, waits = (sent(text) for text in (WATER, "Aside?", "Answered?", "Waits?"))
    for sender in "abc":
        sent(FERRY, sender=sender)
    groups.set_aside(group_of(aside), actor=factories.editor())
    groups.link(group_of(answered), factories.published_review().claim, actor=factories.editor())
    groups.link(group_of(waits), factories.claim(), actor=factories.editor())
    body = ana.get(QUEUE).content.decode()
    assert body.index("The ferry to Lindholm") < body.index("The tap water")
    assert "Aside?" not in body and "Answered?" not in body and "Waits?" not in body
    for state, shown in (("set_aside", "Aside?"), ("answered", "Answered?"), ("taken", "Waits?")):
        body = ana.get(QUEUE, {"state": state}).content.decode()
        assert shown in body and "The ferry" not in body, state
    assert all(each in ana.get(QUEUE, {"state": "all"}).content.decode() for each in ("Aside?", "The ferry", "Waits?"))
    assert "The tap water" in ana.get(QUEUE, {"q": "pharmacy"}).content.decode()
    navigation = ana.get(reverse("admin:index")).content.decode().partition("</nav>")[0]
    assert '<span class="cnt num">2<' in navigation
    assert water.state == "new"


def test_a_question_shows_what_is_published_and_drafted_about_it(ana: Client) -> None:
    published = factories.published_review(factories.claim(FERRY)).claim
    draft = factories.draft(factories.claim("The ferry to Lindholm stops because of the harbour.")).review.claim
    hidden = factories.claim("The ferry to Lindholm never stopped, the harbour silts up.")
    Restriction.objects.create(claim=hidden, created_by=factories.editor())
    body = page(ana, sent(FERRY))
    assert body.index(published.text) < body.index(draft.text)
    assert hidden.text not in body
    assert "says the same" in body and "not published" in body


def test_the_question_stands_there_as_it_was_asked(ana: Client) -> None:
    tip = sent("Is <b>this</b> & that true?")
    for name in ("desk:tips_answer", "desk:tips_merge"):
        body = ana.get(reverse(name, args=[group_of(tip).pk])).content.decode()
        assert "Is &lt;b&gt;this&lt;/b&gt; &amp; that true?" in body


def test_an_editor_answers_with_a_claim_and_takes_it_back(ana: Client, reporter: Client) -> None:
    tip, claim = sent(FERRY), factories.claim("Ferries run in winter.")
    address = reverse("desk:tips_answer", args=[group_of(tip).pk])
    assert reporter.get(address).status_code == 403 and reporter.post(address, {"claim": claim.pk}).status_code == 403
    assert "Answer with a claim" not in page(reporter, tip)
    assert claim.text in ana.get(address, {"q": "winter ferries"}).content.decode()
    assert "No review of it is public" in ana.post(address, {"claim": claim.pk}, follow=True).content.decode()
    factories.published_review(claim)
    assert "It is published: everybody who asked reads it" in page(ana, tip)
    verb = reverse("admin:claims_tipgroup_verb", args=[group_of(tip).pk, "unlink"])
    reporter.post(verb)
    assert TipGroup.objects.get(pk=group_of(tip).pk).claim == claim, "a reporter is not offered it"
    ana.post(verb)
    assert TipGroup.objects.get(pk=group_of(tip).pk).claim is None
    for nonsense in ("", "x", "0", "99999999999999999999"):
        assert ana.post(address, {"claim": nonsense}).status_code == 404


def test_an_editor_merges_and_splits(ana: Client, reporter: Client) -> None:
    ferry, water = sent(FERRY), sent(WATER)
    merge = reverse("desk:tips_merge", args=[group_of(ferry).pk])
    assert "The tap water" in ana.get(merge, {"q": "pharmacy"}).content.decode()
    assert reporter.post(merge, {"into": group_of(water).pk}).status_code == 403
    ana.post(merge, {"into": group_of(water).pk})
    ferry.refresh_from_db()
    assert ferry.group == water.group
    assert "Tips with these words or at these addresses count as the same question" in page(ana, water)
    split = reverse("desk:tips_split", args=[group_of(water).pk])
    assert ana.get(split).status_code == 405 and reporter.post(split, {"tip": ferry.pk}).status_code == 403
    ana.post(split, {"tip": [ferry.pk, "x"]})
    ferry.refresh_from_db()
    assert ferry.group != water.group


def test_an_address_inside_the_house_is_no_link(ana: Client) -> None:
    for url in ("http://127.0.0.1/a", "http://wiki/a", "http://x.local/a", "http://192.168.1.1/a", "http://10.1.2.3/a"):
        body = page(ana, sent(f"Look at this, at {url[7:12]}", url=url))
        assert url in body and f'href="{url}' not in body
    outside = page(ana, sent("Look at that", url="https://paper.example/a"))
    assert 'href="https://paper.example/a" rel="noreferrer noopener"' in outside


def test_a_tip_that_was_told_on_the_phone_joins_its_question(ana: Client) -> None:
    tip = sent(FERRY)
    ana.post(reverse("admin:claims_tip_add"), {"text": FERRY.upper(), "url": "", "language": "en"})
    added = Tip.objects.latest("pk")
    assert (added.group, added.token_sha256) == (tip.group, "")
    answer = ana.post(reverse("admin:claims_tip_add"), {"text": "", "url": "", "language": ""})
    assert "Write a text, give an address, or both." in answer.content.decode()
