"""What the demo puts into the database, and what may be dropped with it."""

import json
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pghistory.models
import pytest
from django.apps import apps
from django.contrib.auth.models import User
from django.utils import timezone

from claims.models import Claim, Document, Evidence, EvidenceCheck, Organisation, Review, Speaker, Statement, Topic
from claims.models.verification import with_verification
from factcheck.demo import DEMO_ACCOUNTS, DEMO_ADMINISTRATOR, DEMO_EDITORS, remove, seed, start
from factcheck.demo.folder import DemoError, DemoFolder
from factcheck.demo.pages import FIGURES, SELF_EDIT
from factcheck.demo.site import Content, Site
from factcheck.newsrooms.models import Newsroom
from sources.models import Page, Polling, Source
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def data(tmp_path: Path, settings: Any) -> Path:
    settings.DATA = tmp_path
    settings.SNAPSHOT_STORE = str(tmp_path / "snapshots")
    settings.EMBEDDED_DATABASE = True  # the suite may run on a server of one's own
    DemoFolder(tmp_path).make()
    return tmp_path


@pytest.fixture
def site(data: Path, settings: Any) -> Iterator[Site]:
    with Site(0, Content(DemoFolder(data).path)) as site:
        settings.FETCH_ALLOWED_LOOPBACK = f"127.0.0.1:{site.server_port}"
        thread = threading.Thread(target=site.serve_forever, args=(0.01,))
        thread.start()
        yield site
        site.shutdown()
        thread.join()


def test_the_demo_is_a_story_seven_claims_and_two_published_reviews(site: Site, data: Path) -> None:
    seed.seed()
    document = Document.objects.get()
    assert "758,000" in document.text
    assert document.statements.count() >= 12
    assert Claim.objects.count() >= 6
    assert all(claim.statements.count() == 1 for claim in Claim.objects.all())
    reviews = [review.latest_published() for review in Review.objects.all()]
    assert len(reviews) == 2
    assert {review.author.username for review in reviews} == set(DEMO_EDITORS)
    assert all(review.author != review.approver for review in reviews)
    assert with_verification(Claim.objects.all()).filter(verification="checked").count() == 2
    assert DemoFolder(data).seeded.exists()


def test_every_quote_is_intact_and_its_page_is_watched_closely(site: Site) -> None:
    seed.seed()
    quotes = Evidence.objects.watched()
    assert {quote.checks.first().result for quote in quotes} == {EvidenceCheck.Result.INTACT}
    assert len(quotes) == 3
    pages = Page.objects.filter(watch=Page.Watch.WATCHED)
    assert {page.pk for page in pages} == {quote.page_id for quote in quotes}
    assert all(page.pinned_interval.total_seconds() <= 5 for page in pages)
    assert all(page.confirm_after.total_seconds() <= 15 for page in pages)


def test_everything_is_labelled_and_no_person_is_rated(site: Site) -> None:
    seed.seed()
    for model in (Claim, Document, Speaker, Organisation, Source, Page):
        assert model.objects.exists()
        assert not model.objects.filter(is_demo=False).exists(), model
    assert remove.describe_other_rows() == ""
    for review in Review.objects.all():
        version = review.latest_published()
        assert "(demo)" in version.rating.label
        assert version.summary.startswith("Demo, not a real fact-check.")
    said = Statement.objects.filter(claims__reviews__isnull=False)
    assert said.exists()
    assert not said.filter(speaker__kind=Speaker.Kind.PERSON).exists()


def test_demo_editors_have_no_rights_over_users_and_keys(site: Site) -> None:
    seed.seed()
    assert set(User.objects.values_list("username", flat=True)) == set(DEMO_ACCOUNTS)
    assert not User.objects.filter(is_superuser=True).exists()
    for user in User.objects.filter(username__in=DEMO_EDITORS):
        assert user.is_staff
        assert user.has_perm("claims.publish_review")
        assert not any(user.has_module_perms(label) for label in ("auth", "newsrooms"))


def test_seeding_twice_is_seeding_once(site: Site) -> None:
    seed.seed()
    before = list(Claim.objects.values_list("public_id", flat=True))
    seed.seed()
    assert list(Claim.objects.values_list("public_id", flat=True)) == before


def test_a_seed_that_was_cut_short_leaves_nothing_and_can_be_repeated(site: Site, data: Path) -> None:
    site.content.edit(FIGURES, {SELF_EDIT.sentence: "The second review's quote is not there."})
    with pytest.raises(DemoError):
        seed.seed()
    assert not any(model.objects.exists() for model in (Claim, Document, Source, User, Topic, Organisation))
    assert not DemoFolder(data).seeded.exists()
    site.content.restore(FIGURES)
    seed.seed()
    assert Review.objects.count() == 2


def test_without_its_site_the_seed_says_so(data: Path, settings: Any) -> None:
    settings.FETCH_ALLOWED_LOOPBACK = ""
    with pytest.raises(DemoError, match="on a first start"):
        seed.seed()


def test_the_demo_is_wanted_only_where_nobody_has_worked_yet(data: Path) -> None:
    assert start.is_wanted()
    Newsroom.objects.create(name="Demo newsroom", is_demo=True)
    assert start.is_wanted()
    factories.claim()
    assert not start.is_wanted()


def test_a_removed_demo_does_not_come_back(data: Path) -> None:
    DemoFolder(data).removed.touch()
    assert not start.is_wanted()


def test_with_a_database_of_ones_own_there_is_no_demo(data: Path, settings: Any) -> None:
    settings.EMBEDDED_DATABASE = False
    assert not start.is_wanted()


def test_a_start_before_the_seed_forgets_edits_and_one_after_it_keeps_them(site: Site, data: Path) -> None:
    folder = DemoFolder(data)
    site.content.edit(FIGURES, {SELF_EDIT.sentence: "Edited."})
    first = start.start(web_port=8000)
    assert first.seed is not None
    assert Content(folder.path).texts(FIGURES)[SELF_EDIT.sentence] != "Edited."
    site.content.restore(FIGURES)
    seed.seed()
    site.content.edit(FIGURES, {SELF_EDIT.sentence: "Edited."})
    Polling.objects.filter(due_at__isnull=False).update(due_at=factories.later(900))
    second = start.start(web_port=8000)
    assert second.seed is None
    assert Polling.objects.filter(due_at__lte=timezone.now()).count() == 3
    assert second.environment == first.environment
    assert Content(folder.path).texts(FIGURES)[SELF_EDIT.sentence] == "Edited."
    for name, password in folder.passwords(tuple(DEMO_ACCOUNTS)).items():
        assert f"demo: user {name} password {password}" in first.lines
        assert password not in "\n".join(second.lines)


def test_a_demo_of_an_earlier_version_gets_its_administrator_at_the_next_start(data: Path, site: Site) -> None:
    seed.seed()
    administrator = User.objects.get(username=DEMO_ADMINISTRATOR)
    assert administrator.has_perm("auth.change_user") and not administrator.is_superuser
    administrator.delete()
    folder = DemoFolder(data)
    kept = {name: password for name, password in folder.passwords(()).items() if name != DEMO_ADMINISTRATOR}
    (folder.path / "logins").write_text(json.dumps(kept))
    lines = start.start(web_port=8000).lines
    passwords = folder.passwords(())
    assert [name for name, password in passwords.items() if password in "\n".join(lines)] == [DEMO_ADMINISTRATOR]
    assert kept.items() < passwords.items()
    assert User.objects.get(username=DEMO_ADMINISTRATOR).check_password(passwords[DEMO_ADMINISTRATOR])


def test_anything_that_is_not_demo_is_counted(site: Site) -> None:
    seed.seed()
    demo = Claim.objects.filter(reviews__isnull=True).first()
    factories.claim("Something else.")
    factories.claim("Another thing.")
    factories.draft(demo)
    Newsroom.objects.create(name="A newsroom")
    assert remove.describe_other_rows() == (
        "2 claims, 1 organisation, 1 rating scale, 1 review, 1 source, 1 page, 1 newsroom, 1 account"
    )
    assert not remove.only_demo()


def test_what_editors_do_with_the_demo_is_demo(site: Site) -> None:
    seed.seed()
    review = Review.objects.first()
    editor = User.objects.first()
    review.rechecks.create(raised_at=timezone.now())
    version = seed.workflow.start_version(review, kind="update", actor=editor, public_note="Played with.")
    seed.tick_by_hand(version, editor)
    seed.workflow.submit(version, actor=editor)
    assert remove.only_demo()


def test_every_table_is_known_to_the_removal() -> None:
    ours = {"claims", "sources", "newsrooms", "factcheck", "backup", "thinning", "login", "auth"}
    links = {"claims.Claim_topics", "auth.User_groups", "auth.User_user_permissions", "auth.Group_permissions"}
    models = {
        model._meta.label
        for model in apps.get_models(include_auto_created=True)
        if model._meta.app_label in ours and not issubclass(model, pghistory.models.Event)
    }
    assert models - links == set(remove.DEMO_ROWS) | remove.DEPENDENT
