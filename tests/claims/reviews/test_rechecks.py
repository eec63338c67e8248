"""From a changed page to a re-check of the review that rests on it, and the editors' decisions."""

import orjson
import pytest
from django.contrib.auth.models import User

from claims.models import Anchoring, ClaimVersion, Evidence, EvidenceCheck, Notice, Publication, Recheck, Review, Sweep
from claims.permissions import Refused
from claims.publication import append
from claims.publication.quote_state import quote_states
from claims.reviews import publish, rechecks, workflow
from claims.reviews.evidence import attach_quote
from claims.reviews.preview import preview
from claims.watch import sweep
from sources.models import Page
from tests import factories

pytestmark = pytest.mark.django_db

ALTERED = factories.PAGE_TEXT.replace("412", "389")
GONE = factories.PAGE_TEXT.replace(factories.QUOTE, "")
NOISE = factories.PAGE_TEXT.replace("Contact us.", "Contact us. 1,204 readers online.")


def seen_by(audience: str) -> dict:
    return orjson.loads(bytes(ClaimVersion.objects.current(audience).get().publication.body.json))


def events() -> list[tuple[str, str]]:
    return list(Publication.objects.order_by("sequence").values_list("event", "audience"))


@pytest.fixture
def review() -> Review:
    return factories.published_review()


@pytest.fixture
def page(review: Review) -> Page:
    return Page.objects.get()


def test_an_altered_quote_raises_a_recheck_that_newsrooms_see_and_the_public_does_not(
    review: Review, page: Page
) -> None:
    factories.change(page, ALTERED)
    assert sweep.sweep() == 1
    recheck = Recheck.objects.get()
    assert (recheck.review, recheck.state) == (review, "raised")
    verification = seen_by("newsrooms")["verification"]
    assert verification["status"] == "needs_recheck"
    assert verification["seen_by_editor"] is False
    cause = verification["because"][0]
    assert cause["before"] == factories.QUOTE
    assert cause["after"] == factories.QUOTE.replace("412", "389")
    assert cause["result"] == "altered"
    assert "number" in cause["changed"]
    assert "no longer found" in cause["wording"]
    assert "deleted" not in cause["wording"]
    assert seen_by("public")["verification"]["status"] == "checked"
    assert b"389 bridges" not in bytes(ClaimVersion.objects.current("public").get().publication.body.json)
    version = review.latest_published()
    assert version is not None
    assert version.rating is not None
    assert version.rating.label == "Right", "a machine never changes a verdict"


def test_a_change_elsewhere_on_the_page_raises_nothing(review: Review, page: Page) -> None:
    factories.change(page, NOISE)
    sweep.sweep()
    assert EvidenceCheck.objects.filter(reason="change").get().result == "intact"
    assert not Recheck.objects.exists()
    assert events() == [("published", "public")]


def test_a_missing_quote_counts_only_after_a_second_poll(review: Review, page: Page) -> None:
    factories.change(page, GONE)
    sweep.sweep()
    assert not Recheck.objects.exists()
    assert seen_by("newsrooms")["reviews"][0]["evidence"][0]["state"] == "intact"
    factories.change(page, GONE, certainty="confirmed")
    sweep.sweep()
    assert Recheck.objects.get().state == "raised"
    cause = seen_by("newsrooms")["verification"]["because"][0]
    assert (cause["result"], cause["after"]) == ("gone", None)


def test_a_quote_that_is_back_at_the_second_poll_raises_nothing(review: Review, page: Page) -> None:
    factories.change(page, GONE)
    factories.change(page, factories.PAGE_TEXT)
    factories.change(page, factories.PAGE_TEXT, certainty="confirmed")
    sweep.sweep()
    assert not Recheck.objects.exists()


def test_a_quote_first_missing_at_the_confirming_poll_waits_for_another(review: Review, page: Page) -> None:
    factories.change(page, NOISE)
    factories.change(page, GONE, certainty="confirmed")
    sweep.sweep()
    assert not Recheck.objects.exists()


def test_a_page_that_cannot_be_read_is_neither_changed_nor_unchanged(review: Review, page: Page) -> None:
    factories.change(page, None, kind="blocked", certainty="confirmed")
    sweep.sweep()
    assert EvidenceCheck.objects.order_by("pk").last().result == "unverifiable"
    assert not Recheck.objects.exists()


def state_of_the_quote() -> str:
    return seen_by("newsrooms")["reviews"][0]["evidence"][0]["state"]


def test_newsrooms_get_one_event_when_a_page_is_confirmed_unreadable_and_one_when_it_is_back(
    review: Review, page: Page
) -> None:
    factories.change(page, None, kind="blocked")
    sweep.sweep()
    assert state_of_the_quote() == "intact" and events() == [("published", "public")], "once may be a passing fault"
    factories.change(page, None, kind="blocked", certainty="confirmed")
    factories.change(page, None, kind="gone")
    factories.change(page, None, kind="blocked", certainty="confirmed")
    sweep.sweep()
    assert state_of_the_quote() == "unverifiable"
    assert events()[1:] == [("watch_lost", "newsrooms")]
    assert seen_by("newsrooms")["verification"]["status"] == "checked", "a machine that cannot look knows nothing"
    factories.change(page, factories.PAGE_TEXT, kind="back", certainty="confirmed")
    sweep.sweep()
    assert state_of_the_quote() == "intact"
    assert events()[2:] == [("watch_resumed", "newsrooms")]
    assert not Recheck.objects.exists()


def test_a_page_that_says_twice_that_it_is_gone_raises_a_recheck(review: Review, page: Page) -> None:
    factories.change(page, None, kind="gone")
    sweep.sweep()
    assert state_of_the_quote() == "intact" and not Recheck.objects.exists(), "once may be a passing fault"
    factories.change(page, None, kind="gone", certainty="confirmed")
    sweep.sweep()
    recheck = Recheck.objects.get()
    assert (recheck.cause, recheck.grade) == ("page_gone", "")
    assert state_of_the_quote() == "page_gone" and events()[1:] == [("recheck_raised", "newsrooms")]
    (because,) = seen_by("newsrooms")["verification"]["because"]
    assert (because["result"], because["cause"], because["after"]) == ("unverifiable", "page_gone", None)
    assert because["wording"].endswith("we no longer found the page.")
    factories.change(page, factories.PAGE_TEXT, kind="back", certainty="confirmed")
    sweep.sweep()
    assert state_of_the_quote() == "intact" and Recheck.objects.open().exists(), "people decide"


def test_a_claim_with_a_recheck_whose_page_becomes_unreadable_is_not_raised_again(review: Review, page: Page) -> None:
    factories.change(page, ALTERED)
    factories.change(page, None, kind="blocked")
    factories.change(page, None, kind="blocked", certainty="confirmed")
    factories.change(page, ALTERED, kind="back", certainty="confirmed")
    sweep.sweep()
    assert [event for event, _ in events()] == ["published", "recheck_raised", "watch_lost", "watch_resumed"]
    assert seen_by("newsrooms")["verification"]["status"] == "needs_recheck"
    assert state_of_the_quote() == "altered"


def test_a_quote_missing_before_and_after_an_outage_waits_for_a_second_poll(review: Review, page: Page) -> None:
    factories.change(page, GONE)
    factories.change(page, None, kind="blocked")
    factories.change(page, GONE, kind="back", certainty="confirmed")
    sweep.sweep()
    assert not Recheck.objects.exists()
    factories.change(page, GONE, certainty="confirmed")
    sweep.sweep()
    assert Recheck.objects.exists()


def test_an_unreadable_page_of_confidential_evidence_appends_no_event() -> None:
    version = factories.draft()
    version.evidence.update(visibility="confidential")
    publish.publish(factories.approved(version), actor=factories.editor())
    factories.change(Page.objects.get(), None, kind="blocked", certainty="confirmed")
    sweep.sweep()
    assert events() == [("published", "public")]


def test_a_review_published_while_its_page_is_unreadable_says_so(page: Page, review: Review) -> None:
    factories.change(page, None, kind="gone", certainty="confirmed")
    sweep.sweep()
    factories.published_review(of=page)
    assert EvidenceCheck.objects.order_by("pk").last().result == "unverifiable"


def test_sweeping_twice_doubles_nothing(review: Review, page: Page) -> None:
    factories.change(page, ALTERED)
    assert sweep.sweep() == 1
    checks, rows = EvidenceCheck.objects.count(), Publication.objects.count()
    assert sweep.sweep() == 0
    assert (EvidenceCheck.objects.count(), Publication.objects.count(), Sweep.objects.count()) == (checks, rows, 1)


def test_a_change_that_commits_late_with_a_lower_number_is_still_swept(review: Review, page: Page) -> None:
    """The queue is an anti-join, not “greater than the last seen”."""
    early = factories.change(page, NOISE)
    late = factories.change(page, ALTERED)
    Sweep.objects.create(change=late, checks=0)
    assert sweep.sweep() == 1
    assert Sweep.objects.filter(change=early).exists()


def test_confirming_tells_the_public(review: Review, page: Page) -> None:
    factories.change(page, ALTERED)
    sweep.sweep()
    rechecks.confirm(Recheck.objects.get(), actor=factories.editor())
    public = seen_by("public")["verification"]
    assert public["status"] == "needs_recheck"
    assert public["because"][0]["after"] == factories.QUOTE.replace("412", "389")
    assert events()[-1] == ("recheck_confirmed", "public")


def test_dismissing_needs_a_reason_and_the_public_never_hears(review: Review, page: Page) -> None:
    factories.change(page, ALTERED)
    sweep.sweep()
    recheck, actor = Recheck.objects.get(), factories.editor()
    with pytest.raises(Refused, match="note"):
        rechecks.dismiss(recheck, actor=actor, note="  ")
    rechecks.dismiss(recheck, actor=actor, note="A rendering fault of the site.")
    assert seen_by("newsrooms")["verification"]["status"] == "checked"
    assert [audience for _, audience in events()] == ["public", "newsrooms", "newsrooms"]
    with pytest.raises(Refused, match="settled"):
        rechecks.confirm(Recheck.objects.get(), actor=actor)


def test_still_stands_settles_it_and_the_same_words_do_not_raise_it_again(review: Review, page: Page) -> None:
    factories.change(page, ALTERED)
    sweep.sweep()
    rechecks.reconfirm(Recheck.objects.get(), actor=factories.editor(), note="389 after an erratum; same finding.")
    assert seen_by("newsrooms")["verification"]["status"] == "checked"
    factories.change(page, ALTERED.replace("Contact us.", "Contact."))
    sweep.sweep()
    assert Recheck.objects.count() == 1
    factories.change(page, factories.PAGE_TEXT.replace("412", "377"))
    sweep.sweep()
    assert Recheck.objects.open().count() == 1


def test_a_confirmed_recheck_cannot_be_dismissed(review: Review, page: Page) -> None:
    factories.change(page, ALTERED)
    sweep.sweep()
    actor = factories.editor()
    recheck = rechecks.confirm(Recheck.objects.get(), actor=actor)
    with pytest.raises(Refused, match="still stands"):
        rechecks.dismiss(recheck, actor=actor, note="Changed my mind.")


def test_publishing_the_correction_settles_the_recheck(review: Review, page: Page) -> None:
    factories.change(page, ALTERED)
    sweep.sweep()
    version = rechecks.correct(Recheck.objects.get(), actor=factories.editor())
    version.correction_kind, version.public_note = "substantive", "The agency now counts 389 bridges."
    version.save()
    version.evidence.all().delete()
    attach_quote(
        version, url_or_page=page, exact=factories.QUOTE.replace("412", "389"), stance="supports", actor=version.author
    )
    factories.approved(version)
    publish.publish(version, actor=factories.editor())
    assert Recheck.objects.get().state == "corrected"
    said = seen_by("public")
    assert said["verification"]["status"] == "checked"
    assert said["reviews"][0]["evidence"][0]["state"] == "intact"
    factories.change(page, ALTERED.replace("Contact us.", "Contact."))
    sweep.sweep()
    assert not Recheck.objects.open().exists()


def test_an_unrelated_public_event_does_not_tell_the_public_of_an_unconfirmed_recheck(
    review: Review, page: Page
) -> None:
    factories.change(page, ALTERED)
    sweep.sweep()
    append.append(review.claim, event="updated", audience="public", review=review)
    assert seen_by("public")["verification"]["status"] == "checked"
    assert b"389 bridges" not in bytes(ClaimVersion.objects.current("public").get().publication.body.json)
    assert seen_by("newsrooms")["verification"]["status"] == "needs_recheck"


@pytest.mark.parametrize("act", ["confirm", "dismiss", "still stands", "correct", "ask"])
def test_the_first_act_of_an_editor_tells_newsrooms_that_it_was_seen(review: Review, page: Page, act: str) -> None:
    factories.change(page, ALTERED)
    sweep.sweep()
    recheck, actor, rows = Recheck.objects.get(), factories.editor(), Publication.objects.count()
    assert seen_by("newsrooms")["verification"]["seen_by_editor"] is False
    if act == "confirm":
        rechecks.confirm(recheck, actor=actor)
    elif act == "dismiss":
        rechecks.dismiss(recheck, actor=actor, note="A fault of the site.")
    elif act == "still stands":
        rechecks.reconfirm(recheck, actor=actor, note="An erratum.")
    elif act == "correct":
        rechecks.correct(recheck, actor=actor)
    else:
        rechecks.ask(recheck, actor=actor, colleague=factories.editor(), question="Did you call them?")
    recheck.refresh_from_db()
    assert (recheck.seen_by, Publication.objects.count()) == (actor, rows + 1), "one event, whatever the act"
    if recheck.is_open:
        assert seen_by("newsrooms")["verification"]["seen_by_editor"] is True
        rows = Publication.objects.count()
        rechecks.ask(recheck, actor=actor, colleague=factories.editor(), question="And you?")
        assert Publication.objects.count() == rows


def test_a_question_reaches_a_colleague_who_may_decide(review: Review, page: Page) -> None:
    factories.change(page, ALTERED)
    sweep.sweep()
    recheck, actor, colleague = Recheck.objects.get(), factories.editor(), factories.editor()
    rechecks.ask(recheck, actor=actor, colleague=colleague, question="Did you call them?", path="/admin/")
    notice = Notice.objects.get(kind="question")
    assert (notice.recipient, notice.path) == (colleague, "/admin/")
    assert "Did you call them?" in notice.said and actor.username in notice.said
    reader = User.objects.create_user("reader", is_staff=True)
    for whom, question in ((actor, "?"), (colleague, " "), (reader, "?")):
        with pytest.raises(Refused):
            rechecks.ask(recheck, actor=actor, colleague=whom, question=question)
    assert Notice.objects.filter(kind="question").count() == 1


def evidence_for(audience: str) -> dict:
    return seen_by(audience)["reviews"][0]["evidence"][0]


def test_still_stands_is_told_to_readers_and_the_watch_follows_the_new_words(review: Review, page: Page) -> None:
    factories.change(page, ALTERED)
    sweep.sweep()
    rechecks.reconfirm(Recheck.objects.get(), actor=factories.editor(), note="An erratum; same finding.")
    assert events()[-1] == ("reconfirmed", "public")
    for audience in ("newsrooms", "public"):
        quote = evidence_for(audience)
        assert quote["quote"]["exact"] == factories.QUOTE, "what the verdict was made on stays"
        assert quote["stands_as"]["exact"] == factories.QUOTE.replace("412", "389")
        assert quote["state"] == "intact"
        assert "389" in quote["wording"]
        said = seen_by(audience)["reviews"][0]
        assert said["display_codes"][-1]["code"] == "reconfirmed" and "the finding stands" in said["display"]
        assert seen_by(audience)["verification"]["status"] == "checked"
    factories.change(page, ALTERED.replace("Contact us.", "Contact."))
    factories.change(page, ALTERED.replace("The yearly report is out.", "The report is out."))
    sweep.sweep()
    assert not Recheck.objects.open().exists()
    factories.change(page, factories.PAGE_TEXT.replace("412", "377"))
    sweep.sweep()
    cause = seen_by("newsrooms")["verification"]["because"][0]
    assert (cause["before"], cause["after"]) == (
        factories.QUOTE.replace("412", "389"),
        factories.QUOTE.replace("412", "377"),
    )


def test_an_editor_may_choose_another_passage_but_none_that_is_not_there(review: Review, page: Page) -> None:
    factories.change(page, GONE.replace("Contact us.", "Of all bridges, 412 wait for repair. Contact us."))
    factories.change(
        page, GONE.replace("Contact us.", "Of all bridges, 412 wait for repair. Contact us."), certainty="confirmed"
    )
    sweep.sweep()
    recheck, actor, key = Recheck.objects.get(), factories.editor(), review.latest_published().evidence.get().pk
    for words in ("Nothing of the kind stands there.", "  "):
        with pytest.raises(Refused):
            rechecks.reconfirm(recheck, actor=actor, note="Reworded.", places={key: words})
    with pytest.raises(Refused, match="not broken"):
        rechecks.reconfirm(recheck, actor=actor, note="Reworded.", places={key + 1: "Contact us."})
    with pytest.raises(Refused, match="cut out of a sentence"):
        rechecks.reconfirm(recheck, actor=actor, note="Reworded.", places={key: "412 wait for repair."})
    recheck.refresh_from_db()
    assert recheck.is_open and not Anchoring.objects.exists()
    rechecks.reconfirm(recheck, actor=actor, note="Reworded.", places={key: "Of all bridges, 412 wait for repair."})
    assert evidence_for("public")["stands_as"]["exact"] == "Of all bridges, 412 wait for repair."
    assert Anchoring.objects.get().anchored_by == actor


def test_a_verdict_may_stand_without_the_quote_which_is_kept_then(review: Review, page: Page) -> None:
    for certainty in ("suspected", "confirmed"):
        factories.change(page, GONE, certainty=certainty)
    sweep.sweep()
    rechecks.reconfirm(Recheck.objects.get(), actor=factories.editor(), note="The ministry confirmed it by letter.")
    for audience in ("newsrooms", "public"):
        quote = evidence_for(audience)
        assert quote["state"] == "kept" and quote["decided_at"] and "stands_as" not in quote
        assert "no longer" in quote["wording"]
    factories.change(page, GONE.replace("Contact us.", "Contact."))
    factories.change(page, GONE.replace("Contact us.", "Contact."), certainty="confirmed")
    sweep.sweep()
    assert not Recheck.objects.open().exists() and evidence_for("newsrooms")["state"] == "kept"
    factories.change(page, factories.PAGE_TEXT)
    sweep.sweep()
    assert quote_states([Evidence.objects.get().pk], "newsrooms")[Evidence.objects.get().pk].state == "intact"


def test_a_false_alarm_is_kept_for_newsrooms_and_nothing_for_the_public(review: Review, page: Page) -> None:
    before = evidence_for("public")
    factories.change(page, ALTERED)
    sweep.sweep()
    rechecks.dismiss(Recheck.objects.get(), actor=factories.editor(), note="A rendering fault of the site.")
    assert evidence_for("newsrooms")["state"] == "kept"
    assert evidence_for("public") == before
    append.append(review.claim, event="updated", audience="public", review=review)
    assert evidence_for("public") == before


def test_a_later_version_follows_the_anchoring_of_the_version_before(review: Review, page: Page) -> None:
    factories.change(page, ALTERED)
    sweep.sweep()
    rechecks.reconfirm(Recheck.objects.get(), actor=factories.editor(), note="An erratum; same finding.")
    version = workflow.start_version(review, kind="update", actor=factories.editor(), public_note="More sources.")
    publish.publish(factories.approved(version), actor=factories.editor())
    assert evidence_for("public")["stands_as"]["exact"] == factories.QUOTE.replace("412", "389")
    assert evidence_for("public")["state"] == "intact"
    factories.change(page, ALTERED.replace("Contact us.", "Contact."))
    sweep.sweep()
    assert not Recheck.objects.open().exists()
    assert EvidenceCheck.objects.order_by("-pk")[0].anchoring is not None


def test_what_an_editor_was_not_shown_is_not_sent(review: Review, page: Page) -> None:
    factories.change(page, ALTERED)
    sweep.sweep()
    recheck, actor = Recheck.objects.get(), factories.editor()
    seen = rechecks.shown(recheck)
    factories.change(page, factories.PAGE_TEXT.replace("412", "377"))
    sweep.sweep()
    for act in (rechecks.confirm, rechecks.dismiss, rechecks.reconfirm):
        note = {} if act is rechecks.confirm else {"note": "Why."}
        with pytest.raises(Refused, match="changed while you were reading"):
            act(recheck, actor=actor, seen=seen, **note)
    rechecks.confirm(recheck, actor=actor, seen=rechecks.shown(recheck))


def test_a_preview_names_the_fields_that_change_and_sends_nothing(review: Review, page: Page) -> None:
    factories.change(page, ALTERED)
    sweep.sweep()
    recheck, actor, rows = Recheck.objects.get(), factories.editor(), Publication.objects.count()
    newsrooms, public = preview(review.claim, lambda: rechecks.confirm(recheck, actor=actor))
    assert (newsrooms.audience, newsrooms.event) == ("newsrooms", "recheck_confirmed")
    assert "verification.seen_by_editor" in {change.path for change in newsrooms.changes}
    status = next(change for change in public.changes if change.path == "verification.status")
    assert (status.before, status.after) == ("checked", "needs_recheck")
    recheck.refresh_from_db()
    assert (Publication.objects.count(), recheck.state) == (rows, "raised")
    newsrooms, public = preview(review.claim, lambda: rechecks.dismiss(recheck, actor=actor, note="No."))
    assert newsrooms.event == "recheck_dismissed" and (public.event, public.changes) == ("", [])


def test_a_second_quote_or_a_confirming_poll_appends_only_what_newsrooms_can_read(page: Page, review: Review) -> None:
    factories.change(page, ALTERED)
    sweep.sweep()
    rows = Publication.objects.count()
    factories.change(page, ALTERED, certainty="confirmed")
    factories.change(page, ALTERED.replace("Contact us.", "Contact us now."))
    sweep.sweep()
    assert Publication.objects.count() == rows


def test_a_second_confidential_quote_that_breaks_appends_nothing() -> None:
    version = factories.draft()
    other = factories.page()
    attach_quote(
        version,
        url_or_page=other,
        exact=factories.QUOTE,
        stance="supports",
        actor=version.author,
        visibility="confidential",
    )
    publish.publish(factories.approved(version), actor=factories.editor())
    factories.change(version.evidence.first().page, ALTERED)
    sweep.sweep()
    rows = Publication.objects.count()
    factories.change(other, ALTERED)
    sweep.sweep()
    assert Publication.objects.count() == rows
    assert Recheck.objects.get().checks.count() == 2


def test_a_quote_that_returns_is_recorded_and_left_to_people(review: Review, page: Page) -> None:
    factories.change(page, ALTERED)
    factories.change(page, factories.PAGE_TEXT)
    sweep.sweep()
    assert Recheck.objects.get().state == "raised"
    assert seen_by("newsrooms")["reviews"][0]["evidence"][0]["state"] == "intact"


def test_a_quote_that_is_back_word_for_word_is_proposed_for_reconfirming(review: Review, page: Page) -> None:
    factories.change(page, ALTERED)
    sweep.sweep()
    recheck = Recheck.objects.get()
    assert rechecks.proposed_note(recheck) == ""
    factories.change(page, None, kind="blocked")
    sweep.sweep()
    assert rechecks.proposed_note(recheck) == "", "could not look"
    factories.change(page, factories.PAGE_TEXT)
    sweep.sweep()
    note = rechecks.proposed_note(recheck)
    assert "again word for word" in note
    recheck.refresh_from_db()
    assert recheck.state == "raised", "a machine settles nothing"
    factories.change(page, GONE)
    sweep.sweep()
    assert rechecks.proposed_note(recheck) == "", "gone again"
    factories.change(page, factories.PAGE_TEXT)
    sweep.sweep()
    settled = rechecks.reconfirm(recheck, actor=factories.editor(), note=rechecks.proposed_note(recheck))
    assert (settled.state, rechecks.proposed_note(settled)) == ("reconfirmed", "")
    assert seen_by("newsrooms")["verification"]["status"] == "checked"


@pytest.mark.parametrize("kind", ["update", "correction", "withdrawal"])
def test_one_change_of_a_page_raises_one_recheck_in_the_log(review: Review, page: Page, kind: str) -> None:
    factories.change(page, ALTERED)
    sweep.sweep()
    recheck = Recheck.objects.get()
    rechecks.correct(recheck, actor=factories.editor(), kind=kind, note="New figures.")
    assert [event for event, _ in events()] == ["published", "recheck_raised", "recheck_open"]
    sweep.sweep()
    assert [event for event, _ in events()].count("recheck_raised") == 1
