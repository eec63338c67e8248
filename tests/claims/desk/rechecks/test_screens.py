"""The screens of re-checks: the queue, one re-check with its answers, and what each of them sends."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import Group, User
from django.db import OperationalError, connection
from django.test import Client
from django.utils import timezone

from claims.desk.shell.verbs import seen_of
from claims.models import Anchoring, Publication, Recheck, Restriction, Review, ReviewVersion, SourceRequest
from claims.reviews import rechecks
from claims.watch import sweep
from sources.models import Page
from tests import factories

pytestmark = pytest.mark.django_db

ALTERED = factories.PAGE_TEXT.replace("412", "389")


@pytest.fixture
def review() -> Review:
    return factories.published_review()


@pytest.fixture
def recheck(review: Review) -> Recheck:
    factories.change(Page.objects.get(), ALTERED)
    sweep.sweep()
    return Recheck.objects.get()


@pytest.fixture
def ada() -> User:
    return factories.editor("ada")


@pytest.fixture
def desk(ada: User) -> Client:
    client = Client()
    client.force_login(ada)
    return client


def told(desk: Client, address: str) -> str:
    response = desk.get(address)
    assert response.status_code == 200
    return response.content.decode()


def press(desk: Client, recheck: Recheck, verb: str, **fields: object) -> str:
    """Press the button of an answer, once what it sends was shown."""
    values = {"seen": rechecks.shown(recheck), "next": f"/admin/rechecks/{recheck.pk}/", "answer": verb, **fields}
    if verb in ("still-stands", "tell", "dismiss") and "shown" not in fields:
        values["shown"] = shown_field(desk.post(f"/admin/rechecks/{recheck.pk}/goes-out/{verb}/", values).text)
    response = desk.post(f"/admin/do/recheck/{recheck.pk}/{verb}/", values)
    assert response.status_code == 302
    return str(response["Location"])


def shown_field(page: str) -> str:
    """The field by which a page says that it showed what goes out; empty if it showed nothing."""
    found = re.search(r'name="shown" value="([0-9a-f]+)"', page)
    return found[1] if found else ""


def events() -> list[tuple[str, str]]:
    return list(Publication.objects.order_by("sequence").values_list("event", "audience"))[2:]


def test_the_queue_shows_the_gravest_first_and_open_ones_alone(recheck: Recheck, desk: Client, ada: User) -> None:
    other = factories.published_review(factories.claim("Another claim rests elsewhere."))
    page = other.versions.get().evidence.get().page
    factories.change(page, None, kind="gone", certainty="suspected")
    factories.change(page, None, kind="gone", certainty="confirmed")
    sweep.sweep()
    assert Recheck.objects.count() == 2
    shown = told(desk, "/admin/rechecks/")
    assert shown.index("412 bridges need repair.") < shown.index("Another claim rests elsewhere.")
    assert "figure changed" in shown and "page gone" in shown
    rechecks.dismiss(recheck, actor=ada, note="Misread.")
    assert "412 bridges need repair." not in told(desk, "/admin/rechecks/")
    assert "412 bridges need repair." in told(desk, "/admin/rechecks/?state=dismissed")
    assert "Another claim" not in told(desk, "/admin/rechecks/?cause=altered&state=all")


def test_a_restricted_claim_is_in_no_queue_of_others(recheck: Recheck, desk: Client, ada: User) -> None:
    Restriction.objects.create(claim=recheck.review.claim, created_by=ada)
    assert "412 bridges" not in told(desk, "/admin/rechecks/?state=all")
    assert desk.get(f"/admin/rechecks/{recheck.pk}/").status_code == 404
    assert desk.get(f"/admin/rechecks/{recheck.pk}/goes-out/tell/").status_code == 404


def test_a_recheck_shows_both_sentences_and_what_still_stands_sends(recheck: Recheck, desk: Client) -> None:
    before = list(Publication.objects.values_list("pk", flat=True))
    shown = told(desk, f"/admin/rechecks/{recheck.pk}/")
    assert "<del>412</del>" in shown and "<ins>389</ins>" in shown
    assert "figure changed" in shown and "substance" in shown
    assert "“still stands”, the rating unchanged" in told(desk, f"/admin/rechecks/{recheck.pk}/?show=1")
    assert "#:~:text=" in shown
    assert list(Publication.objects.values_list("pk", flat=True)) == before, "looking sends nothing"
    recheck.refresh_from_db()
    assert recheck.seen_at is None


def test_a_view_of_the_page_runs_no_answer(recheck: Recheck, desk: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    """To run one and take it back locks the log, which the publication of many rows can hold for long."""

    def run(*_args: object) -> None:
        raise AssertionError("an answer was run")

    monkeypatch.setattr("claims.desk.rechecks.screens.going_out", run)
    shown = told(desk, f"/admin/rechecks/{recheck.pk}/")
    assert f'href="/admin/rechecks/{recheck.pk}/?answer=still-stands&amp;show=1"' in shown
    assert f'data-goes-out="/admin/rechecks/{recheck.pk}/goes-out/still-stands/"' in shown


def test_what_goes_out_is_not_waited_for_long(recheck: Recheck, desk: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    waits = []

    def locked(*_args: object, **_more: object) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SHOW lock_timeout")
            waits.append(cursor.fetchone()[0])
        raise OperationalError("canceling statement due to lock timeout")

    monkeypatch.setattr(rechecks, "confirm", locked)
    assert "Try again" in told(desk, f"/admin/rechecks/{recheck.pk}/goes-out/tell/")
    assert waits == ["5s"]


def test_still_stands_is_one_press_from_the_screen(recheck: Recheck, desk: Client, ada: User) -> None:
    press(desk, recheck, "still-stands", note="It counts the later month.")
    recheck.refresh_from_db()
    assert (recheck.state, recheck.note, recheck.resolved_by) == ("reconfirmed", "It counts the later month.", ada)
    assert events() == [("reconfirmed", "public")]
    assert Anchoring.objects.get().exact == factories.QUOTE.replace("412", "389")


def test_what_was_typed_stays_if_the_answer_is_refused(recheck: Recheck, desk: Client, ada: User) -> None:
    seen = rechecks.shown(recheck)
    rechecks.confirm(recheck, actor=ada)
    where = press(desk, recheck, "still-stands", note="A long reason of mine.", seen=seen)
    recheck.refresh_from_db()
    assert recheck.is_open
    shown = told(desk, where)
    assert "A long reason of mine." in shown and "Something changed while you were reading" in shown


def test_a_passage_that_was_refused_is_still_in_its_field(recheck: Recheck, desk: Client) -> None:
    key = rechecks.broken_quotes(recheck)[0].evidence.pk
    passage = {f"place-{key}": "passage", f"words-{key}": "words that stand nowhere on it"}
    shown = told(desk, press(desk, recheck, "still-stands", note="It counts the later month.", **passage))
    assert Recheck.objects.get().is_open
    assert 'value="words that stand nowhere on it"' in shown
    assert 'value="passage" checked' in shown and 'value="found" checked' not in shown


def test_an_answer_that_was_not_shown_is_refused(recheck: Recheck, desk: Client) -> None:
    press(desk, recheck, "still-stands", note="Blind.", seen="")
    recheck.refresh_from_db()
    assert recheck.is_open and events() == []


@pytest.mark.parametrize("verb", ["still-stands", "tell", "dismiss"])
def test_nothing_is_sent_before_what_goes_out_was_read(recheck: Recheck, desk: Client, verb: str) -> None:
    """The flow without scripts: press, read, press again. What was typed stands there again."""
    key = rechecks.broken_quotes(recheck)[0].evidence.pk
    typed = {"note": "Only its place moved.", f"place-{key}": "without"}
    where = press(desk, recheck, verb, shown="", **typed)
    assert where == f"/admin/rechecks/{recheck.pk}/?answer={verb}&show=1" and events() == []
    page = told(desk, where)
    assert "Nothing is sent yet." in page and (verb == "tell" or "Only its place moved." in page)
    token = shown_field(page)
    if verb == "still-stands":
        other = {f"place-{key}": "found", "note": "Only its place moved."}
        press(desk, recheck, verb, shown=token, **other)
        assert events() == [], "another place sends something else than what was shown"
    press(desk, recheck, verb, shown=token, **typed)
    assert len(events()) == 1


def test_what_another_person_was_shown_counts_for_nobody_else(recheck: Recheck, desk: Client) -> None:
    page = told(desk, f"/admin/rechecks/{recheck.pk}/?answer=tell&show=1")
    other = Client()
    other.force_login(factories.editor())
    press(other, recheck, "tell", shown=shown_field(page))
    assert events() == []


@pytest.mark.parametrize("verb", ["update", "correct", "withdraw"])
def test_an_answer_to_what_has_changed_meanwhile_opens_nothing(
    recheck: Recheck, desk: Client, ada: User, verb: str
) -> None:
    seen = rechecks.shown(recheck)
    rechecks.confirm(recheck, actor=ada)
    shown = told(desk, press(desk, recheck, verb, public_note="New figures.", seen=seen))
    assert "Something changed while you were reading" in shown and "New figures." in shown
    press(desk, recheck, verb, public_note="New figures.", seen="")
    assert recheck.review.open_version() is None


def test_telling_readers_leaves_it_open(recheck: Recheck, desk: Client) -> None:
    shown = told(desk, f"/admin/rechecks/{recheck.pk}/?answer=tell&show=1")
    assert "“looking again”" in shown and "On " in shown
    press(desk, recheck, "tell")
    recheck.refresh_from_db()
    assert recheck.state == "confirmed" and ("recheck_confirmed", "public") in events()
    assert "/tell/" not in told(desk, f"/admin/rechecks/{recheck.pk}/")


def test_a_false_alarm_asks_why_and_readers_hear_nothing(recheck: Recheck, desk: Client) -> None:
    assert "they are not told of it" in told(desk, f"/admin/rechecks/{recheck.pk}/goes-out/dismiss/")
    press(desk, recheck, "dismiss", note="")
    assert Recheck.objects.get().is_open
    press(desk, recheck, "dismiss", note="The page was misread.")
    assert Recheck.objects.get().state == "dismissed"
    assert events() == [("recheck_dismissed", "newsrooms")]


def test_a_correction_opens_with_the_new_sentence_as_its_quote(recheck: Recheck, desk: Client) -> None:
    evidence = recheck.review.versions.get().evidence.get()
    where = press(
        desk,
        recheck,
        "correct",
        correction_kind="substantive",
        requote=[str(evidence.pk)],
        public_note="We gave the old figure.",
    )
    version = ReviewVersion.objects.get(state="draft")
    assert where == f"/admin/claims/{recheck.review.claim_id}/?version={version.pk}"
    assert (version.kind, version.correction_kind) == ("correction", "substantive")
    assert version.public_note == "We gave the old figure."
    quoted = version.evidence.get()
    assert quoted.exact == factories.QUOTE.replace("412", "389")
    assert quoted.copied_from is None and quoted.stance == evidence.stance


def test_an_update_without_the_tick_keeps_the_old_quote(recheck: Recheck, desk: Client) -> None:
    press(desk, recheck, "update")
    version = ReviewVersion.objects.get(state="draft")
    assert (version.kind, version.evidence.get().exact) == ("update", factories.QUOTE)


def test_a_withdrawal_is_submitted_at_once(recheck: Recheck, desk: Client) -> None:
    press(desk, recheck, "withdraw", public_note="")
    assert not ReviewVersion.objects.filter(kind="withdrawal").exists()
    press(desk, recheck, "withdraw", public_note="The figure never held.")
    version = ReviewVersion.objects.get(kind="withdrawal")
    assert (version.state, version.public_note) == ("in_review", "The figure never held.")


def letter(recheck: Recheck, **fields: str) -> dict[str, str]:
    page = Page.objects.get()
    return {
        "page": str(page.pk),
        "grade": "request",
        "text-request": "What was counted, asks the xylographer?",
        "recipient": "press@roads.example",
        "deadline": f"{timezone.now().date() + timedelta(days=7)}",
        **fields,
    }


def test_a_letter_is_drafted_saved_sent_and_answered(recheck: Recheck, desk: Client, ada: User) -> None:
    where = f"/admin/rechecks/{recheck.pk}/?answer=ask-source"
    shown = told(desk, where)
    assert "To whom it may concern" in shown and "mailto:" in shown
    assert "It tells the source that you watch this page." in shown
    press(desk, recheck, "ask-source", **letter(recheck))
    assert SourceRequest.objects.get().state == "draft" and events() == []
    assert "xylographer" in told(desk, where)
    press(desk, recheck, "ask-source", **letter(recheck), sent="1")
    sent = SourceRequest.objects.get()
    assert (sent.state, sent.sent_by, sent.recipient) == ("sent", ada, "press@roads.example")
    assert events() == [("source_asked", "newsrooms")]
    assert "Record an answer" in told(desk, where)
    today = f"{timezone.now().date()}"
    answer = {"received_on": today, "text": "We counted twice.", "next": where}
    refused = desk.post(f"/admin/do/letter/{sent.pk}/answer/", answer, follow=True)
    assert "nothing is saved" in refused.text and "We counted twice.</textarea>" in refused.text
    desk.post(f"/admin/do/letter/{sent.pk}/answer/", {**answer, "seen": seen_of(sent)})
    sent.refresh_from_db()
    assert sent.state == "answered" and sent.answers.get().text == "We counted twice."
    assert "We counted twice." in told(desk, where)


def test_an_unreadable_day_of_a_letter_is_refused_with_a_sentence(recheck: Recheck, desk: Client) -> None:
    where = press(desk, recheck, "ask-source", **letter(recheck, deadline="soon"), sent="1")
    assert not SourceRequest.objects.exists()
    shown = told(desk, where)
    assert "“soon” is not a day" in shown and "xylographer" in shown


def test_who_may_not_decide_reads_and_is_offered_nothing(recheck: Recheck) -> None:
    rita = User.objects.create_user("rita", is_staff=True)
    rita.groups.add(Group.objects.get(name="Reporters"))
    client = Client()
    client.force_login(rita)
    response = client.get(f"/admin/rechecks/{recheck.pk}/")
    assert response.status_code == 200 and b"How do you settle it?" in response.content
    assert b"Settle: still stands" not in response.content


def test_a_settled_recheck_says_who_settled_it_and_offers_nothing(recheck: Recheck, desk: Client, ada: User) -> None:
    rechecks.reconfirm(recheck, actor=ada, note="The later count.")
    shown = told(desk, f"/admin/rechecks/{recheck.pk}/")
    assert "The later count." in shown and "How do you settle it?" not in shown
    assert desk.get(f"/admin/rechecks/{recheck.pk}/goes-out/tell/").status_code == 404


def test_hostile_words_stay_words(desk: Client) -> None:
    hostile = "<script>alert(1)</script> “412”"
    review = factories.published_review(factories.claim(hostile))
    factories.change(review.versions.get().evidence.get().page, ALTERED.replace("389", "<img src=x onerror=1>"))
    sweep.sweep()
    shown = told(desk, f"/admin/rechecks/{Recheck.objects.get().pk}/") + told(desk, "/admin/rechecks/")
    assert "<script>alert" not in shown and "<img src=x" not in shown


def test_the_queries_of_a_recheck_do_not_grow_with_its_quotes(
    desk: Client, recheck: Recheck, django_assert_max_num_queries: Any
) -> None:
    desk.get(f"/admin/rechecks/{recheck.pk}/")
    with django_assert_max_num_queries(56):
        assert desk.get(f"/admin/rechecks/{recheck.pk}/").status_code == 200


def test_what_is_typed_for_a_version_that_is_open_already_is_not_dropped(recheck: Recheck, desk: Client) -> None:
    press(desk, recheck, "update", public_note="New figures.")
    version = recheck.review.open_version()
    assert version is not None and version.public_note == "New figures."
    shown = told(desk, press(desk, recheck, "update", public_note="Still newer figures."))
    assert "This version is open already" in shown and "Still newer figures." in shown
    where = press(desk, recheck, "update")
    assert f"version={version.pk}" in where, "without words of its own it leads there"


def test_a_day_that_was_typed_stays_in_a_letter_that_was_refused(recheck: Recheck, desk: Client) -> None:
    day = f"{timezone.now().date() + timedelta(days=3)}"
    shown = told(desk, press(desk, recheck, "ask-source", **letter(recheck, deadline=day, recipient=""), sent="1"))
    assert "Say to whom you sent the letter" in shown and f'name="deadline" value="{day}"' in shown
