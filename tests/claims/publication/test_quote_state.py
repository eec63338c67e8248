"""What may be said of a quote, after anything that may happen to it in any order."""

import random
import re
from collections.abc import Callable
from typing import Any

import orjson
import pytest
from django.test import Client
from django.urls import reverse

from claims.models import ClaimVersion, Evidence, Publication, Recheck, Review
from claims.permissions import Refused
from claims.publication.quote_state import STOOD, not_stood, quote_states, unreported
from claims.reviews import publish, rechecks, workflow
from claims.reviews.evidence import attach_quote
from claims.watch import sweep
from sources.models import Page, Polling
from tests import api_client, factories

pytestmark = pytest.mark.django_db
ALTERED = [factories.PAGE_TEXT.replace("412", number) for number in ("389", "377", "430")]
GONE = factories.PAGE_TEXT.replace(factories.QUOTE, "")
TEXTS = [factories.PAGE_TEXT, *ALTERED, GONE, GONE, None]


def body_for(audience: str) -> Any:
    return orjson.loads(bytes(ClaimVersion.objects.current(audience).get().publication.body.json))


class Desk:
    """A desk with one review of two quotes, and everything that may happen to it."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)
        self.actor, self.second = factories.editor(), factories.editor()
        version = factories.draft(author=self.actor)
        other = factories.page()
        attach_quote(version, url_or_page=other, exact=factories.QUOTE, stance="supports", actor=self.actor)
        publish.publish(factories.approved(version, approver=self.second), actor=self.second)
        self.review = Review.objects.get(pk=version.review_id)
        self.home = Client(HTTP_HOST="localhost")
        self.home.force_login(self.actor)

    def poll(self) -> None:
        page = self.random.choice(list(Page.objects.order_by("pk")))
        text = self.random.choice(TEXTS)
        if text is not None and self.random.random() < 0.3:
            text = text.replace("Contact us.", f"{self.random.randrange(99)} readers online.")
        last = Polling.objects.get(page=page).latest_snapshot
        again = last is not None and last.text.text == text
        certainty = "confirmed" if again else self.random.choice(["suspected", "confirmed"])
        factories.change(page, text, kind="text" if text else "blocked", certainty=certainty)
        sweep.sweep()

    def decide(self) -> None:
        recheck = Recheck.objects.open().first()
        if recheck is None:
            return
        verb = self.random.choice(["confirm", "dismiss", "still stands", "still stands", "ask"])
        if verb == "confirm":
            rechecks.confirm(recheck, actor=self.actor)
        elif verb == "dismiss":
            rechecks.dismiss(recheck, actor=self.actor, note="A false alarm.")
        elif verb == "ask":
            rechecks.ask(recheck, actor=self.actor, colleague=self.second, question="Well?")
        else:
            places = {
                quote.evidence.pk: self.random.choice([quote.proposed, None, "The yearly report is out."])
                for quote in rechecks.broken_quotes(recheck)
            }
            rechecks.reconfirm(recheck, actor=self.actor, note="It holds.", places=places)

    def correct(self) -> None:
        kind = self.random.choice(["correction", "update", "clarification"])
        version = self.review.open_version() or workflow.start_version(self.review, kind=kind, actor=self.actor)
        version.public_note = "What changed."
        version.correction_kind = "substantive" if version.kind == "correction" else ""
        version.save()
        for evidence in version.evidence.all():
            if self.random.random() < 0.5:
                evidence.kept_because = self.random.choice(["", "It was right on its day."])
                evidence.save()
        if version.state == "draft":
            factories.approved(version, approver=self.second)
        publish.publish(version, actor=self.second)

    def step(self) -> None:
        verb: Callable[[], None] = self.random.choices([self.poll, self.decide, self.correct], [6, 4, 2])[0]
        try:
            verb()
        except Refused:
            version = self.review.open_version()
            if version is not None:
                workflow.discard(version, actor=self.actor)


def stands(evidence: Evidence) -> bool:
    """Whether the page, as last read, has the words in which the quote is looked for now."""
    state = quote_states([evidence.pk], "newsrooms")[evidence.pk]
    words = state.stands_as.exact if state.stands_as else evidence.exact
    snapshot = Polling.objects.get(page=evidence.page_id).latest_snapshot
    return snapshot is not None and words in snapshot.text.text


def check_what_is_said(desk: Desk, key: str) -> None:
    quotes = list(Evidence.objects.watched())
    for audience in ("newsrooms", "public"):
        body = body_for(audience)
        states = [item["state"] for review in body["reviews"] for item in review["evidence"]]
        if body["verification"]["status"] == "checked":
            assert not {"altered", "gone"} & set(states), (audience, states)
        for item in body["reviews"][0]["evidence"]:
            assert (item["state"] == "kept") == ("decided_at" in item)
            assert item["quote"]["exact"] == factories.QUOTE, "what the verdict was made on stays"
    for quote in quotes:
        last = quote.checks.order_by("-pk")[0]
        page = api_client.said(f"/api/v1/pages/{Page.objects.get(pk=quote.page_id).public_id}/", key)
        items = [*page["quotes"], *body_for("newsrooms")["reviews"][0]["evidence"]]
        now = quote_states([quote.pk], "newsrooms")[quote.pk].state
        assert {each["state"] for each in items if each.get("id") == quote.public_id} <= (
            set(STOOD) if now in STOOD else {now}
        ), "what newsrooms were told last is what holds"
        said = {each["state"] for each in items if quote.public_id in (each.get("evidence"), each.get("id"))}
        if said & set(STOOD) and last.broke:
            # A single miss, of which nobody is told before another poll.
            assert unreported([quote.pk]) == {quote.pk: last} and last.why == "gone"
        if said & {"altered", "gone"}:
            assert Recheck.objects.open().exists()
    broken = [each for each in quotes if not stands(each)]
    assert {each.pk for each in broken} <= {each.pk for each in not_stood()} | {
        each.pk for each in quotes if each.checks.order_by("-pk")[0].result in STOOD
    }
    # The home counts every quote once, and none that the last look did not find as standing.
    home = desk.home.get(reverse("admin:index")).content.decode()
    numbers = [int(number) for number in re.findall(r'<b class="num">(\d+)</b>', home)[:3]]
    if quotes:
        assert sum(numbers) == len(quotes) and numbers[1] + numbers[2] == not_stood().count()


@pytest.mark.parametrize("seed", range(3))
def test_no_field_and_no_screen_calls_a_broken_quote_checked(seed: int) -> None:
    key = api_client.reading_key()
    desk = Desk(seed)
    for _ in range(20):
        desk.step()
        check_what_is_said(desk, key)
    assert Publication.objects.count() > 5
