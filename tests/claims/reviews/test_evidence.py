"""Which quotes an editor may attach to a review, and that a refused one leaves nothing behind."""

import pytest

from claims.models import Evidence
from claims.permissions import Refused
from claims.reviews import workflow
from claims.reviews.evidence import attach_quote
from sources.models import Page, Source
from tests import factories

pytestmark = pytest.mark.django_db


def draft() -> object:
    return workflow.start_review(
        claim=factories.claim(), organisation=factories.organisation(), author=factories.editor()
    )


def test_the_quote_is_kept_with_what_stands_around_it_and_the_snapshot_it_is_from() -> None:
    page, version = factories.page(), draft()
    made = attach_quote(version, url_or_page=page, exact=factories.QUOTE, stance="supports", actor=version.author)
    assert made.snapshot == page.snapshots.get()
    assert made.prefix.endswith("The yearly report is out. ")
    assert made.suffix.startswith(" The next report")


def test_words_that_do_not_stand_on_the_page_are_refused() -> None:
    version = draft()
    with pytest.raises(Refused, match="do not stand"):
        attach_quote(
            version,
            url_or_page=factories.page(),
            exact="The ministry counted 999 bridges.",
            stance="supports",
            actor=version.author,
        )
    assert not Evidence.objects.exists()


@pytest.mark.parametrize(
    "url", ["bridge.example/report", "ftp://bridge.example/", "http://user:secret@bridge.example/", "http://a b/"]
)
def test_what_is_no_address_is_refused_in_a_sentence(url: str) -> None:
    version = draft()
    with pytest.raises(Refused, match="URL"):
        attach_quote(version, url_or_page=url, exact="Words.", stance="supports", actor=version.author)
    assert not Page.objects.exists()


def test_a_page_that_cannot_be_read_leaves_nothing_behind() -> None:
    version = draft()
    with pytest.raises(Refused, match="could not be read"):
        attach_quote(
            version, url_or_page="http://127.0.0.1:8080/x", exact="Words.", stance="supports", actor=version.author
        )
    assert not Page.objects.exists()
    assert not Source.objects.exists()


def test_evidence_of_a_draft_can_be_taken_out_again() -> None:
    version = factories.draft()
    version.evidence.get().delete()
    assert not Evidence.objects.exists()


def test_nothing_is_attached_to_a_published_version() -> None:
    version = factories.published_review().latest_published()
    with pytest.raises(Refused, match="locked"):
        attach_quote(
            version, url_or_page=factories.page(), exact=factories.QUOTE, stance="supports", actor=factories.editor()
        )
