"""Which pages are named to an archive: what is published in public and what an editor chose, looked at each time."""

from collections.abc import Iterator

import pytest

from claims.models import Evidence, ReviewVersion
from claims.permissions import Refused
from claims.reviews import publish, workflow
from claims.watch import archive_copies as wanting
from sources.models import ArchiveCopy, Page, Polling
from tests import factories
from tests.sources.archive_server import Archive, set_up

pytestmark = pytest.mark.django_db


@pytest.fixture
def archive(settings: object) -> Iterator[Archive]:
    with set_up(settings) as made:
        yield made


def test_nothing_is_named_before_publication_nor_anything_not_public(archive: Archive) -> None:
    factories.draft()
    hidden = factories.draft()
    hidden.evidence.update(visibility=Evidence.Visibility.CONFIDENTIAL)
    factories.publishing.publish(factories.approved(hidden), actor=factories.editor())
    assert wanting.want_copies() == 0 and wanting.work() == 0 and archive.asked == []


@pytest.mark.parametrize("outcome", ["disallowed", "paywall"])
def test_pages_that_may_not_be_looked_at_are_not_sent(archive: Archive, outcome: str) -> None:
    made = factories.page()
    factories.published_review(of=made)
    Polling.objects.filter(page=made).update(last_outcome=outcome)
    assert wanting.want_copies() == 0


def test_the_altered_page_is_wanted_once_more(archive: Archive) -> None:
    page = factories.page()
    factories.published_review(of=page)
    assert wanting.want_copies() == 1
    factories.change(page, factories.PAGE_TEXT.replace("412", "389"))
    factories.evidence_watch.sweep()
    assert (wanting.want_copies(), wanting.want_copies()) == (1, 0)
    assert ArchiveCopy.objects.count() == 2


@pytest.fixture
def version(db: None) -> ReviewVersion:
    return factories.draft()


def chosen(version: ReviewVersion) -> ArchiveCopy:
    return wanting.keep(version.evidence.get(), actor=version.author)


def test_an_editor_may_choose_it_before_publication(archive: Archive, version: ReviewVersion) -> None:
    copy = chosen(version)
    assert copy.chosen_by == version.author.username
    assert wanting.want_copies() == 0 and wanting.work() == 1
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
    with pytest.raises(Refused, match="group Editors"):
        wanting.keep(version.evidence.get(), actor=factories.User.objects.create_user("reader"))
    analysis = Evidence.objects.create(version=version, kind="analysis", stance="context", note="We counted.")
    with pytest.raises(Refused, match="Only quotes"):
        wanting.keep(analysis, actor=version.author)
    analysis.delete()
    Page.objects.update(is_demo=True)
    with pytest.raises(Refused, match="demo"):
        chosen(version)
    assert not ArchiveCopy.objects.exists()


def test_off_or_with_a_page_that_may_not_be_looked_at_it_is_refused(
    archive: Archive, version: ReviewVersion, settings: object
) -> None:
    Polling.objects.update(last_outcome="paywall")
    with pytest.raises(Refused, match="paywall"):
        chosen(version)
    settings.ARCHIVE_SERVICE = ""  # type: ignore[attr-defined]
    with pytest.raises(Refused, match="ARCHIVE_SERVICE"):
        chosen(version)


# -- out of the queue --------------------------------------------------------------------------------------------


def hide(version: ReviewVersion) -> None:
    version.evidence.update(visibility="confidential")


def take_out(version: ReviewVersion) -> None:
    version.evidence.all().delete()


def hide_elsewhere(version: ReviewVersion) -> None:
    hide(factories.draft(of=version.evidence.get().page))


@pytest.mark.parametrize("ends", [hide, take_out, hide_elsewhere])
@pytest.mark.parametrize("pulled", [True, False], ids=["by the pull", "right before it is asked"])
def test_a_choice_ends_with_what_it_rested_on(
    archive: Archive, version: ReviewVersion, ends: object, pulled: bool
) -> None:
    copy = chosen(version)
    ends(version)  # type: ignore[operator]
    if pulled:
        wanting.want_copies()
        assert wanting.work() == 0
    else:
        assert wanting.work() == 1
    copy.refresh_from_db()
    assert (copy.state, archive.asked) == ("dropped", [])
    assert wanting.want_copies() == 0


def published() -> ReviewVersion:
    made = factories.approved(factories.draft())
    publish.publish(made, actor=made.approver)
    assert wanting.want_copies() == 1
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
@pytest.mark.parametrize("pulled", [True, False], ids=["by the pull", "right before it is asked"])
def test_a_copy_waits_no_longer_than_its_page_is_published(archive: Archive, ends: object, pulled: bool) -> None:
    made = published()
    ends(made)  # type: ignore[operator]
    if pulled:
        wanting.want_copies()
        assert wanting.work() == 0
    else:
        assert wanting.work() == 1
    assert (ArchiveCopy.objects.get().state, archive.asked) == ("dropped", [])


def test_a_copy_that_is_there_or_refused_is_left_as_it_is(archive: Archive) -> None:
    made = published()
    ArchiveCopy.objects.update(state="refused")
    withdraw(made)
    wanting.want_copies()
    assert ArchiveCopy.objects.get().state == "refused"


def test_what_was_dropped_and_is_published_again_is_wanted_again(archive: Archive, version: ReviewVersion) -> None:
    copy = chosen(version)
    ArchiveCopy.objects.update(state="dropped")
    out(version)
    assert wanting.want_copies() == 1
    copy.refresh_from_db()
    assert (copy.state, copy.chosen_by) == ("waiting", "")


# -- progress ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("outcome", ["disallowed", "paywall", ""])
def test_pages_that_are_skipped_hold_up_no_other(archive: Archive, outcome: str) -> None:
    skipped = [factories.page() for _ in range(3)]
    for each in [*skipped, factories.page()]:
        factories.published_review(of=each)
    held = [each.pk for each in skipped]
    if outcome:
        Polling.objects.filter(page__in=held).update(last_outcome=outcome)
    else:
        for each in skipped:
            Page.objects.filter(pk=each.pk).update(url=f"http://10.0.0.{each.pk % 250}/")
    for _ in range(5):
        wanting.want_copies(1)
    wanted = ArchiveCopy.objects.filter(state="waiting").values_list("page", flat=True)
    assert len(wanted) == 1 and wanted[0] not in held
    for page in skipped:
        factories.change(page, factories.PAGE_TEXT.replace("412", "389"))
    last = Page.objects.get(pk=wanted[0])
    factories.change(last, factories.PAGE_TEXT.replace("412", "389"))
    factories.evidence_watch.sweep()
    for _ in range(5):
        wanting.want_copies(1)
    assert last.archive_copies.filter(state="waiting").count() == 2
    assert not ArchiveCopy.objects.filter(state="waiting", page__in=held).exists()


def test_several_quotes_of_one_page_take_one_place(archive: Archive) -> None:
    page = factories.page()
    for _ in range(3):
        factories.published_review(of=page)
    factories.published_review()
    assert wanting.want_copies(2) == 2
    assert ArchiveCopy.objects.values("page").distinct().count() == 2
