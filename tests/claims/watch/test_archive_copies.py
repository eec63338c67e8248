"""Only pages that are quoted in public, or picked by an editor, are sent to an archive; checked at each step."""

from collections.abc import Iterator

import pytest

from claims.models import Evidence, ReviewVersion
from claims.permissions import Refused
from claims.reviews import publish, workflow
from claims.watch import archive_copies, sweep
from sources.models import ArchiveCopy, Page, Polling
from tests import factories
from tests.sources.archive_server import Archive, set_up

pytestmark = pytest.mark.django_db


@pytest.fixture
def archive(settings: object) -> Iterator[Archive]:
    with set_up(settings) as made:
        yield made


def test_no_page_is_requested_before_publication_or_without_public_evidence(archive: Archive) -> None:
    factories.draft()
    hidden = factories.draft()
    hidden.evidence.update(visibility=Evidence.Visibility.CONFIDENTIAL)
    publish.publish(factories.approved(hidden), actor=factories.editor())
    assert archive_copies.request_copies() == 0 and archive_copies.process_copies() == 0 and archive.asked == []


@pytest.mark.parametrize("outcome", ["disallowed", "paywall"])
def test_disallowed_and_paywalled_pages_are_not_sent(archive: Archive, outcome: str) -> None:
    made = factories.page()
    factories.published_review(of=made)
    Polling.objects.filter(page=made).update(last_outcome=outcome)
    assert archive_copies.request_copies() == 0


def test_an_altered_page_is_requested_once_more(archive: Archive) -> None:
    page = factories.page()
    factories.published_review(of=page)
    assert archive_copies.request_copies() == 1
    factories.change(page, factories.PAGE_TEXT.replace("412", "389"))
    sweep.sweep()
    assert (archive_copies.request_copies(), archive_copies.request_copies()) == (1, 0)
    assert ArchiveCopy.objects.count() == 2


@pytest.fixture
def version(db: None) -> ReviewVersion:
    return factories.draft()


def chosen(version: ReviewVersion) -> ArchiveCopy:
    return archive_copies.request_copy(version.evidence.get(), actor=version.author)


def test_an_editor_may_choose_it_before_publication(archive: Archive, version: ReviewVersion) -> None:
    copy = chosen(version)
    assert copy.chosen_by == version.author.username
    assert archive_copies.request_copies() == 0 and archive_copies.process_copies() == 1
    (body,) = archive.captures()
    assert body["url"] == [copy.page.url]


@pytest.mark.parametrize("visibility", ["described", "confidential"])
def test_what_is_not_public_cannot_be_chosen(archive: Archive, version: ReviewVersion, visibility: str) -> None:
    version.evidence.update(visibility=visibility, description="a doctor")
    with pytest.raises(Refused, match="not public"):
        chosen(version)


def test_a_page_that_other_evidence_hides_cannot_be_chosen(archive: Archive, version: ReviewVersion) -> None:
    other = factories.draft(of=version.evidence.get().page)
    other.evidence.update(visibility="confidential")
    with pytest.raises(Refused, match="Other evidence"):
        chosen(version)


def test_the_demo_other_kinds_and_people_without_the_right_are_refused(
    archive: Archive, version: ReviewVersion
) -> None:
    with pytest.raises(Refused, match="role of a reporter"):
        archive_copies.request_copy(version.evidence.get(), actor=factories.User.objects.create_user("reader"))
    analysis = Evidence.objects.create(version=version, kind="analysis", stance="context", note="We counted.")
    with pytest.raises(Refused, match="Only pages that are quoted"):
        archive_copies.request_copy(analysis, actor=version.author)
    analysis.delete()
    Page.objects.update(is_demo=True)
    with pytest.raises(Refused, match="demo"):
        chosen(version)
    assert not ArchiveCopy.objects.exists()


def test_a_request_is_refused_when_archiving_is_off_or_the_page_is_paywalled(
    archive: Archive, version: ReviewVersion, settings: object
) -> None:
    Polling.objects.update(last_outcome="paywall")
    with pytest.raises(Refused, match="paywall"):
        chosen(version)
    settings.ARCHIVE_SERVICE = ""  # type: ignore[attr-defined]
    with pytest.raises(Refused, match="ARCHIVE_SERVICE"):
        chosen(version)


# -- dropped requests ---------------------------------------------------------------------------------------------


def hide(version: ReviewVersion) -> None:
    version.evidence.update(visibility="confidential")


def take_out(version: ReviewVersion) -> None:
    version.evidence.all().delete()


def hide_elsewhere(version: ReviewVersion) -> None:
    hide(factories.draft(of=version.evidence.get().page))


@pytest.mark.parametrize("ends", [hide, take_out, hide_elsewhere])
@pytest.mark.parametrize("pulled", [True, False], ids=["by the task", "right before sending"])
def test_an_editors_request_is_dropped_with_the_quote_it_rested_on(
    archive: Archive, version: ReviewVersion, ends: object, pulled: bool
) -> None:
    copy = chosen(version)
    ends(version)  # type: ignore[operator]
    if pulled:
        archive_copies.request_copies()
        assert archive_copies.process_copies() == 0
    else:
        assert archive_copies.process_copies() == 1
    copy.refresh_from_db()
    assert (copy.state, archive.asked) == ("dropped", [])
    assert archive_copies.request_copies() == 0


def published() -> ReviewVersion:
    made = factories.approved(factories.draft())
    publish.publish(made, actor=made.approver)
    assert archive_copies.request_copies() == 1
    return made


def next_version(made: ReviewVersion, kind: str) -> ReviewVersion:
    version = workflow.start_version(made.review, kind=kind, actor=made.author)
    version.public_note = "We were wrong."
    if kind == "correction":
        version.correction_kind = "substantive"
    version.save()
    return version


def out(version: ReviewVersion) -> None:
    version = factories.approved(version)
    publish.publish(version, actor=version.approver)


def withdraw(made: ReviewVersion) -> None:
    out(next_version(made, "withdrawal"))


def correct_without_it(made: ReviewVersion) -> None:
    version = next_version(made, "correction")
    version.evidence.update(visibility="described", description="an agency")
    out(version)


@pytest.mark.parametrize("ends", [withdraw, correct_without_it])
@pytest.mark.parametrize("pulled", [True, False], ids=["by the task", "right before sending"])
def test_a_request_is_dropped_when_no_published_review_quotes_the_page(
    archive: Archive, ends: object, pulled: bool
) -> None:
    made = published()
    ends(made)  # type: ignore[operator]
    if pulled:
        archive_copies.request_copies()
        assert archive_copies.process_copies() == 0
    else:
        assert archive_copies.process_copies() == 1
    assert (ArchiveCopy.objects.get().state, archive.asked) == ("dropped", [])


def test_a_copy_that_is_there_or_refused_is_left_as_it_is(archive: Archive) -> None:
    made = published()
    ArchiveCopy.objects.update(state="refused")
    withdraw(made)
    archive_copies.request_copies()
    assert ArchiveCopy.objects.get().state == "refused"


def test_a_dropped_copy_is_requested_again_when_the_quote_is_published(
    archive: Archive, version: ReviewVersion
) -> None:
    copy = chosen(version)
    ArchiveCopy.objects.update(state="dropped")
    out(version)
    assert archive_copies.request_copies() == 1
    copy.refresh_from_db()
    assert (copy.state, copy.chosen_by) == ("waiting", "")


# -- progress ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("outcome", ["disallowed", "paywall", ""])
def test_pages_that_are_skipped_hold_up_no_other(archive: Archive, outcome: str) -> None:
    private = [f"http://10.0.0.{number}/" for number in range(3)]
    skipped = [factories.page() if outcome else factories.page(address) for address in private]
    for each in [*skipped, factories.page()]:
        factories.published_review(of=each)
    held = [each.pk for each in skipped]
    if outcome:
        Polling.objects.filter(page__in=held).update(last_outcome=outcome)
    for _ in range(5):
        archive_copies.request_copies(1)
    wanted = ArchiveCopy.objects.filter(state="waiting").values_list("page", flat=True)
    assert len(wanted) == 1 and wanted[0] not in held
    for page in skipped:
        factories.change(page, factories.PAGE_TEXT.replace("412", "389"))
    last = Page.objects.get(pk=wanted[0])
    factories.change(last, factories.PAGE_TEXT.replace("412", "389"))
    sweep.sweep()
    for _ in range(5):
        archive_copies.request_copies(1)
    assert last.archive_copies.filter(state="waiting").count() == 2
    assert not ArchiveCopy.objects.filter(state="waiting", page__in=held).exists()


def test_several_quotes_of_one_page_take_one_place(archive: Archive) -> None:
    page = factories.page()
    for _ in range(3):
        factories.published_review(of=page)
    factories.published_review()
    assert archive_copies.request_copies(2) == 2
    assert ArchiveCopy.objects.values("page").distinct().count() == 2
