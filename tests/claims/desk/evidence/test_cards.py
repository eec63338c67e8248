"""Cards of evidence: state, watch line, words for who does not see it, forms, and a fixed number of queries."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.template.loader import render_to_string
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from claims.desk.evidence import cards, line
from claims.desk.shell.verbs import seen_of
from claims.models import Evidence, Recheck, ReviewVersion
from claims.models.publication import Audience
from claims.reviews import rechecks, workflow
from claims.reviews.evidence import add_evidence, attach_quote
from claims.watch import sweep
from claims.watch.watch_line import BROKEN, STOOD, UNREAD, watch_lines
from sources.models import Page, Polling
from tests import factories

pytestmark = pytest.mark.django_db

ALTERED = factories.PAGE_TEXT.replace("412", "398")


def panel(version: ReviewVersion, user: Any = None) -> cards.Panel:
    found: cards.Panel = cards.of_version(version, user or version.author)["evidence"]
    return found


def shown(version: ReviewVersion, user: Any = None) -> str:
    user = user or version.author
    request = RequestFactory().get(f"/admin/claims/{version.review.claim_id}/")
    request.user = user
    return render_to_string("desk/evidence/cards.html", cards.of_version(version, user), request=request)


def published(page: Page) -> ReviewVersion:
    version = factories.published_review(of=page).latest_published()
    assert version is not None
    return version


def altered(page: Page) -> Recheck:
    factories.change(page, ALTERED)
    sweep.sweep()
    factories.change(page, ALTERED, certainty="confirmed")
    sweep.sweep()
    return Recheck.objects.get(review__versions__evidence__page=page)


def states(row: Evidence) -> list[str]:
    return [each.state for each in watch_lines([row], audience=Audience.NEWSROOMS)[row.pk].periods]


def test_a_line_steps_down_where_the_quote_broke_and_up_where_other_words_were_accepted() -> None:
    page = factories.page()
    row = published(page).evidence.get()
    assert states(row) == [STOOD]
    recheck = altered(page)
    assert states(row) == [STOOD, BROKEN]
    words = line.drawn(row)
    assert words is not None and "It has not stood since today" in words.words
    assert [name for name, _data in words.paths] == [
        "w-ok",
        "w-off",
        *(["w-dot"] if "truly seen" in words.words else []),
    ]
    assert "V16" in words.paths[1][1]
    editor = factories.editor()
    exact = factories.QUOTE.replace("412", "398")
    rechecks.reconfirm(recheck, actor=editor, note="The count was brought up to date.", places={row.pk: exact})
    assert states(row) == [STOOD, BROKEN, STOOD]
    card = panel(row.version, editor).cards[0]
    assert [each.exact for each in card.accepted] == [exact]
    assert card.tone == "ok"


def test_a_line_is_dotted_while_the_page_cannot_be_read() -> None:
    page = factories.page()
    row = published(page).evidence.get()
    since = timezone.now() - timedelta(hours=2)
    Polling.objects.filter(page=page).update(last_outcome="blocked", unread_since=since, last_detail="HTTP 403")
    found = watch_lines([row], audience=Audience.NEWSROOMS)[row.pk]
    assert found.periods[-1].state == UNREAD and found.periods[-1].end == found.end
    drawn = line.draw(found)
    assert "The page cannot be read since" in drawn.words
    assert ("w-dim") in [name for name, _data in drawn.paths]


def test_a_copy_in_a_later_version_has_the_line_of_what_it_was_copied_from() -> None:
    page = factories.page()
    row = published(page).evidence.get()
    altered(page)
    later = workflow.start_version(row.version.review, kind=ReviewVersion.Kind.UPDATE, actor=factories.editor())
    copy = later.evidence.get()
    assert states(copy) == [STOOD, BROKEN]
    card = panel(later).cards[0]
    assert card.shown is not None and card.shown.broke and card.tone == "off"
    assert card.form is not None and "kept_because" in card.form.fields
    assert "sentence changed (substance)" in shown(later)


def test_state_and_line_never_differ_for_a_draft_whose_page_changed() -> None:
    page = factories.page()
    version = factories.draft(of=page)
    assert panel(version).cards[0].tone == "ok"
    factories.snapshot(page, ALTERED)
    card = panel(version).cards[0]
    assert card.tone == "off" and card.line is not None
    assert [each.state for each in card.line.periods] == [STOOD, BROKEN]


def test_the_number_of_queries_does_not_depend_on_the_number_of_cards() -> None:
    author = factories.editor()
    version = factories.draft(author=author)
    add_evidence(
        version, kind="interview", actor=author, stance="context", who="A", how="letter", happened_at=timezone.now()
    )
    cards.of_version(version, author)

    def queries() -> int:
        with CaptureQueriesContext(connection) as seen:
            shown(version, author)
        return len(seen)

    few = queries()
    for _ in range(5):
        attach_quote(version, url_or_page=factories.page(), exact=factories.QUOTE, stance="supports", actor=author)
    assert queries() == few
    assert few <= 30


def test_what_contradicts_the_rating_is_remarked_on_and_not_refused() -> None:
    version = factories.draft(rating="Wrong")
    assert "This supports the claim, and the rating says “Wrong”." in shown(version)
    assert "the rating says" not in shown(factories.draft(rating="Half right"))


def test_what_is_not_watched_says_so_and_confidential_is_marked() -> None:
    author = factories.editor()
    version = factories.draft(author=author)
    fields = {"who": "A doctor", "how": "by telephone", "happened_at": timezone.now(), "note": "She saw it."}
    add_evidence(version, kind="interview", actor=author, stance="context", visibility="confidential", **fields)
    page = shown(version)
    assert "This cannot be watched" in page and "nothing: confidential" in page and ">confidential<" in page


def test_hostile_words_are_only_words() -> None:
    author = factories.editor()
    version = factories.draft(author=author)
    bad = "<script>alert(1)</script>\u202e"
    add_evidence(version, kind="analysis", actor=author, stance="context", note=bad)
    page = shown(version)
    assert "<script>" not in page and "&lt;script&gt;" in page and "[RLO]" in page
    assert "style=" not in page and " on" + "click=" not in page


def test_who_may_not_write_sees_no_form() -> None:
    version = factories.draft()
    assert "Change or remove" in shown(version)
    workflow.submit(version, actor=version.author)
    version.refresh_from_db()
    reporter = factories.editor()
    reporter.groups.clear()
    assert "Change or remove" not in shown(version, reporter)


def client_of(user: Any) -> Client:
    client = Client(HTTP_HOST="localhost")
    client.force_login(user)
    return client


def test_evidence_is_changed_and_removed_through_the_one_endpoint() -> None:
    version = factories.draft()
    row = version.evidence.get()
    client = client_of(version.author)
    save = reverse("desk:do", args=["evidence", row.pk, "save"])
    fields = {"stance": "context", "note": "Other words", "visibility": "described", "seen": seen_of(row)}
    client.post(save, {**fields, "description": ""})
    row.refresh_from_db()
    assert row.stance == "supports", "a description is missing, so nothing is saved"
    assert "what you typed and could not be saved" in shown(version) and "Other words" in shown(version)
    client.post(save, {**fields, "seen": "", "description": "an office"})
    row.refresh_from_db()
    assert row.stance == "supports", "the form did not say what it was filled from"
    client.post(save, {**fields, "description": "an office"})
    row.refresh_from_db()
    assert (row.stance, row.description, row.note) == ("context", "an office", "Other words")
    assert "could not be saved" not in shown(version)
    client.post(reverse("desk:do", args=["evidence", row.pk, "remove"]), {"seen": fields["seen"]})
    assert version.evidence.exists(), "it was changed since"
    client.post(reverse("desk:do", args=["evidence", row.pk, "remove"]), {"seen": seen_of(row)})
    assert not version.evidence.exists()


def test_evidence_of_a_published_version_is_neither_changed_nor_removed() -> None:
    row = published(factories.page()).evidence.get()
    client = client_of(factories.editor())
    seen = {"seen": seen_of(row)}
    client.post(reverse("desk:do", args=["evidence", row.pk, "remove"]), seen)
    data = {"stance": "context", "visibility": "public", **seen}
    client.post(reverse("desk:do", args=["evidence", row.pk, "save"]), data)
    row.refresh_from_db()
    assert row.stance == "supports"


def test_a_time_that_a_form_shows_by_the_minute_keeps_its_seconds() -> None:
    author = factories.editor()
    version = factories.draft(author=author)
    at = timezone.now().replace(second=37, microsecond=5)
    fields = {"who": "A doctor", "how": "letter", "happened_at": at}
    row = add_evidence(version, kind="interview", actor=author, stance="context", **fields)
    row.refresh_from_db()
    save = reverse("desk:do", args=["evidence", row.pk, "save"])
    data = {"stance": "context", "visibility": "public", "who": "A doctor", "how": "by letter"}
    client_of(author).post(save, {**data, "happened_at": f"{at:%Y-%m-%dT%H:%M}", "seen": seen_of(row)})
    row.refresh_from_db()
    assert (row.how, row.happened_at) == ("by letter", at)
    client_of(author).post(save, {**data, "who": "", "seen": seen_of(row)})
    row.refresh_from_db()
    assert row.who == "A doctor", "an interview needs who"
