"""Checklists: what gates a submission, what the machine ticks, and who defines the lines."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.utils import timezone

from claims.models import ChecklistItem, ChecklistTick, Evidence, ReviewVersion
from claims.permissions import Refused
from claims.reviews import workflow
from claims.teamwork import checklists
from claims.teamwork.checklist_templates import templates
from sources.database.audit import acting
from tests import factories
from tests.claims.teamwork.test_comments import chief

pytestmark = pytest.mark.django_db


@pytest.fixture
def boss() -> User:
    return chief()


def add(version: ReviewVersion, text: str, actor: User, machine: str = "") -> ChecklistItem:
    return checklists.add_item(version.review.organisation, text=text, actor=actor, machine=machine)


def done(version: ReviewVersion) -> list[bool]:
    return [line.is_done for line in checklists.lines(version)]


def test_without_lines_nothing_is_gated() -> None:
    version = factories.draft()
    assert checklists.missing(version) == []
    assert workflow.submit(version, actor=version.author).state == "in_review"


def test_a_tick_is_asked_for_and_stays_when_it_is_sent_back(boss: User) -> None:
    version = factories.draft()
    item = add(version, "Read it aloud.", boss)
    with pytest.raises(Refused, match="Before you submit: tick “Read it aloud"):
        workflow.submit(version, actor=version.author)
    checklists.tick(version, item, actor=version.author)
    checklists.tick(version, item, actor=version.author)
    submitted = workflow.submit(version, actor=version.author)
    with pytest.raises(Refused, match="send it back first"):
        checklists.untick(submitted, item, actor=version.author)
    workflow.send_back(submitted, actor=version.author)
    assert done(version) == [True]
    checklists.set_ticks(version, [], actor=version.author)
    assert done(version) == [False]
    checklists.set_ticks(version, [item.pk], actor=version.author)
    checklists.retire_item(item, actor=boss)
    assert checklists.lines(version) == [] and ChecklistTick.objects.count() == 1


def test_ticking_makes_no_author_and_voids_nothing(boss: User) -> None:
    version, helper = factories.draft(), factories.editor()
    item = add(version, "Read it aloud.", boss)
    checklists.tick(version, item, actor=helper)
    approved = factories.approved(version, approver=helper)
    assert approved.state == "approved" and approved.approver == helper
    with pytest.raises(Refused, match="before a version is approved"):
        checklists.tick(approved, item, actor=helper)


def test_a_withdrawal_needs_no_ticks(boss: User) -> None:
    review = factories.published_review()
    version = workflow.start_version(review, kind="withdrawal", actor=boss, public_note="It was wrong.")
    add(version, "Read it aloud.", boss)
    assert workflow.submit(version, actor=boss).state == "in_review"


def test_two_origins_are_two_publishers(boss: User) -> None:
    version = factories.draft(of=factories.page("https://www.agency.example/a"))
    add(version, "Two origins", boss, "two_sources")
    assert done(version) == [False]
    also(version, factories.page("https://data.agency.example/b"))
    assert done(version) == [False], "two hosts of one publisher"
    also(version, factories.page("https://other.example/c"))
    assert done(version) == [True]


def also(version: ReviewVersion, page: object) -> None:
    options = {"exact": factories.QUOTE, "stance": Evidence.Stance.SUPPORTS, "actor": version.author}
    factories.attach_quote(version, url_or_page=page, **options)  # type: ignore[arg-type]


def test_quotes_stand_by_what_the_page_says_and_never_by_hand(boss: User) -> None:
    page = factories.page()
    version = factories.draft(of=page)
    item = add(version, "Quotes stand", boss, "quotes_stand")
    assert done(version) == [True]
    factories.change(page, factories.PAGE_TEXT.replace("412", "312"))
    (line,) = checklists.lines(version)
    assert not line.is_done and line.found == "1 quote does not stand, or cannot be looked for."
    with pytest.raises(Refused, match="machine alone"):
        checklists.tick(version, item, actor=version.author)
    with pytest.raises(Refused, match="see to it that the machine can tick “Quotes stand”"):
        workflow.submit(version, actor=version.author)


def test_the_speaker_was_asked_if_a_letter_names_them_and_a_person_may_know_more(boss: User) -> None:
    claim = factories.claim()
    factories.linked(claim, speaker="Ines Hallowáy")
    version = factories.draft(claim)
    item = add(version, "Speaker asked", boss, "speaker_asked")
    letter = {
        "kind": "interview",
        "stance": "context",
        "happened_at": timezone.now() - timedelta(days=1),
        "how": "letter",
    }
    with acting(version.author, reason="write"):
        Evidence.objects.create(version=version, who="A hospital doctor", **letter)
    assert done(version) == [False]
    checklists.tick(version, item, actor=version.author)
    assert [(line.is_done, line.by_machine) for line in checklists.lines(version)] == [(True, False)]
    with acting(version.author, reason="write"):
        Evidence.objects.create(version=version, who="Office of HALLOWAY", **letter)
    assert [(line.is_done, line.by_machine) for line in checklists.lines(version)] == [(True, True)]


def test_a_line_of_another_organisation_cannot_be_ticked(boss: User) -> None:
    version = factories.draft()
    other = checklists.add_item(factories.organisation("Another desk"), text="Read.", actor=boss)
    with pytest.raises(Refused, match="not on the checklist"):
        checklists.tick(version, other, actor=version.author)


def test_lines_are_ordered_reworded_and_retired_by_chiefs_alone(boss: User) -> None:
    desk, editor = factories.organisation(), factories.editor()
    first, second, third = (checklists.add_item(desk, text=text, actor=boss) for text in "ABC")
    checklists.move_item(third, by=-1, actor=boss)
    checklists.move_item(first, by=-1, actor=boss)
    checklists.retire_item(second, actor=boss)
    checklists.reword_item(first, text=" A\n again ", actor=boss)
    assert [item.text for item in checklists.items_of(desk)] == ["A again", "C"]
    for refused in (
        lambda: checklists.add_item(desk, text="D", actor=editor),
        lambda: checklists.move_item(first, by=1, actor=editor),
        lambda: checklists.retire_item(first, actor=editor),
        lambda: checklists.reword_item(first, text="D", actor=editor),
        lambda: checklists.use_template(desk, "ifcn", actor=editor),
        lambda: checklists.add_item(desk, text=" ", actor=boss),
        lambda: checklists.add_item(desk, text="D", machine="dice", actor=boss),
        lambda: checklists.use_template(desk, "none", actor=boss),
    ):
        with pytest.raises(Refused):
            refused()


@pytest.mark.parametrize("key", ["ifcn", "efcsn"])
def test_a_template_comes_once(key: str, boss: User) -> None:
    desk = factories.organisation()
    assert checklists.use_template(desk, key, actor=boss) == len(templates()[key].lines) == 10
    assert checklists.use_template(desk, key, actor=boss) == 0
    machines = {item.machine for item in checklists.items_of(desk)}
    assert machines == {"", "two_sources", "quotes_stand", "speaker_asked"}
