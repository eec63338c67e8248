"""What is edited after publication waits, and leaves when one person submitted it and another approved it."""

from typing import Any

import orjson
import pytest
from django.contrib.auth.models import User
from django.db import Error, IntegrityError, connection, transaction
from django.utils import timezone

from claims.models import (
    Amendment,
    AmendmentItem,
    Appearance,
    Article,
    Claim,
    ClaimVersion,
    Publication,
    Review,
    Speaker,
    Statement,
    Topic,
    UnpublishedEdit,
)
from claims.permissions import Refused
from claims.publication import append
from claims.publication import body as publication_body
from claims.reviews import amendments, publish, suspension, workflow
from claims.statements import link_claim
from claims.visibility import restrict
from sources.database.audit import acting, acting_as
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def ann() -> User:
    return factories.editor("ann")


@pytest.fixture
def ben() -> User:
    return factories.editor("ben")


@pytest.fixture
def review() -> Review:
    claim = factories.claim()
    claim.topics.add(Topic.objects.create(slug="roads", name="Roads"))
    factories.linked(claim)
    review = factories.published_review(claim)
    article = Article.objects.create(organisation=review.organisation, url="https://desk.example/1", title="Bridges")
    Review.objects.filter(pk=review.pk).update(article=article)
    factories.published_again(claim)
    assert amendments.count_unpublished(factories.editor()) == 0 and not UnpublishedEdit.objects.exists()
    return review


def body(claim: Claim) -> Any:
    return orjson.loads(bytes(ClaimVersion.objects.current("public").get(claim=claim).publication.body.json))


def edited(by: User, **fields: Any) -> None:
    """The speaker is edited at the desk."""
    with acting(by, reason="edit"):
        speaker = Speaker.objects.get(name__contains="Minister")
        for name, value in fields.items():
            setattr(speaker, name, value)
        speaker.save()


def listed(user: User) -> list[str]:
    return [
        f"{each.path}: {each.before} > {each.after}" for row in amendments.unpublished(user) for each in row.differences
    ]


def submitted(by: User) -> Amendment:
    rows = amendments.unpublished(by)
    return amendments.submit([row.claim.pk for row in rows], actor=by, shown=amendments.shown_sha256(rows))


def shown(amendment: Amendment) -> str:
    return amendments.shown_sha256(amendments.now(amendment))


def test_an_edit_waits_and_leaves_with_one_approval(review: Review, ann: User, ben: User) -> None:
    assert listed(ann) == []
    edited(ann, name="B. Minister", role="Minister of Transport")
    [statement] = body(review.claim)["statements"]
    path = f"claim.statements[{statement['id']}].speaker"
    assert listed(ben) == [f"{path}.name: A. Minister > B. Minister", f"{path}.role:  > Minister of Transport"]
    with pytest.raises(Refused, match="not those that you were shown"):
        amendments.submit([review.claim.pk], actor=ann, shown="")
    amendment = submitted(ann)
    with pytest.raises(Refused, match="waits for a second person already"):
        submitted(ben)
    assert list(amendments.waiting(ben)) == [amendment]
    before = body(review.claim)
    assert before["statements"][0]["speaker"]["name"] == "A. Minister"

    amendments.approve(amendment, actor=ben, shown=shown(amendment))
    after = body(review.claim)
    assert after["event"] == "clarified" and after["statements"][0]["speaker"]["name"] == "B. Minister"
    assert after["reviews"] == before["reviews"]
    assert listed(ann) == [] and amendments.count_unpublished(ann) == 0 and not amendments.waiting(ben).exists()
    assert not UnpublishedEdit.objects.exists()
    assert AmendmentItem.objects.get().publication == Publication.objects.latest("sequence")
    with pytest.raises(Refused, match="are approved and published"):
        amendments.approve(amendment, actor=ben, shown="")


@pytest.mark.sql
@pytest.mark.parametrize(
    ("sql", "path"),
    [
        ("UPDATE claims_claim SET text = 'Another.'", "claim.text"),
        ("UPDATE claims_claim SET place = 'Here'", "claim.place"),
        ("UPDATE claims_topic SET name = 'Streets'", "claim.topics[roads].name"),
        ("UPDATE claims_document SET title = 'Other'", ".document.title"),
        ("UPDATE claims_statement SET cue = 'lied'", ".cue"),
        ("UPDATE claims_organisation SET name = 'Their desk'", ".organisation.name"),
        ("UPDATE claims_organisation SET licence = 'https://l.example/'", ".licence"),
        ("UPDATE claims_article SET title = 'Other'", ".article.title"),
        ("UPDATE claims_review SET article_id = NULL", ".article.title"),
        ("DELETE FROM claims_claim_topics", "claim.topics[roads].name"),
        ("DELETE FROM claims_appearance", "].text"),
    ],
)
def test_every_edited_table_is_found_and_an_unknown_hand_blocks(
    review: Review, ann: User, ben: User, sql: str, path: str
) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('pghistory.context_metadata', '', true)")  # as in a session of psql
        cursor.execute(sql)
    assert any(path in each for each in listed(ben)), listed(ben)
    amendment = submitted(ann)
    with pytest.raises(Refused, match="does not say which person"):
        amendments.approve(amendment, actor=ben, shown=shown(amendment))


def test_what_is_not_published_or_never_leaves_is_not_listed(review: Review, ann: User) -> None:
    with acting(ann, reason="edit"):
        Speaker.objects.update(aliases=["Minnie"])
        other = factories.claim("Another.")
        Claim.objects.filter(pk=other.pk).update(text="Still another.")
        factories.linked(other)
    assert not UnpublishedEdit.objects.exists()


def test_an_edit_taken_back_disappears(review: Review, ann: User, ben: User) -> None:
    edited(ann, name="B. Minister")
    assert amendments.count_unpublished(ben) == 1
    edited(ben, name="A. Minister")
    assert amendments.count_unpublished(ben) == 0 and not UnpublishedEdit.objects.exists()
    # And whoever took it back wrote nothing of the next.
    edited(ann, name="C. Minister")
    amendment = submitted(ann)
    amendments.approve(amendment, actor=ben, shown=shown(amendment))


def test_nobody_approves_what_she_submitted_or_edited(review: Review, ann: User, ben: User) -> None:
    edited(ann, name="Liar Minister")
    own = submitted(ann)
    with pytest.raises(Refused, match="You submitted these edits"):
        amendments.approve(own, actor=ann, shown=shown(own))
    amendments.decline(own, actor=ann)
    innocent = submitted(ben)
    with pytest.raises(Refused, match="made some of these edits yourself"):
        amendments.approve(innocent, actor=ann, shown=shown(innocent))
    edited(factories.editor("cleo"), role="Minister")  # over the edit that is already there
    amendments.decline(innocent, actor=ann)
    again = submitted(ben)
    with pytest.raises(Refused, match="made some of these edits yourself"):
        amendments.approve(again, actor=ann, shown=shown(again))
    assert body(review.claim)["statements"][0]["speaker"]["name"] == "A. Minister"


def test_the_machine_publishes_no_edit(review: Review, ann: User) -> None:
    edited(ann, name="Liar Minister")
    append.append(review.claim, event="recheck_raised", audience="newsrooms", review=review)
    suspension.suspend(review, actor=ann, reason="To get it out.")
    assert body(review.claim)["statements"][0]["speaker"]["name"] == "A. Minister"
    assert amendments.count_unpublished(ann) == 1


def test_an_edit_after_the_page_was_opened_is_not_approved_with_it(review: Review, ann: User, ben: User) -> None:
    edited(ann, name="B. Minister")
    amendment = submitted(ann)
    page = shown(amendment)
    edited(ann, name="Liar Minister")
    for hash_of_page in (page, shown(amendment)):
        with pytest.raises(Refused, match=r"edited after these edits were submitted.*\[-B.-\] \[\+Liar\+\]"):
            amendments.approve(amendment, actor=ben, shown=hash_of_page)
    assert Amendment.objects.get().state == "submitted"
    with pytest.raises(Refused, match="not those that you were shown"):
        edited(ann, name="B. Minister")
        amendments.approve(amendment, actor=ben, shown="old")


def test_new_appearances_leave_at_a_second_persons_tick(review: Review, ann: User, ben: User) -> None:
    with acting_as("ingest"):
        statement = factories.statement(text="“412 bridges,” she said again.", speaker="C. Clerk")
    link_claim.link_statement(statement, review.claim, actor=ann)
    [row] = amendments.unpublished(ben)
    assert row.kind == "appearances"
    by_ben = submitted(ben)
    with pytest.raises(Refused, match="made some of these edits yourself"):
        amendments.approve(by_ben, actor=ann, shown=shown(by_ben))
    amendments.decline(by_ben, actor=ben)
    by_ann = submitted(ann)
    assert by_ann.kind == "appearances"
    amendments.approve(by_ann, actor=ben, shown=shown(by_ann))
    assert body(review.claim)["event"] == "updated" and len(body(review.claim)["statements"]) == 2


def test_a_version_publishes_the_edits_and_the_amendment_has_nothing_left(review: Review, ann: User, ben: User) -> None:
    edited(ann, name="B. Minister")
    amendment = submitted(ann)
    version = workflow.start_version(review, kind="update", actor=ann, public_note="New figures.")
    publish.publish(factories.approved(version, approver=ben), actor=ben)
    assert body(review.claim)["statements"][0]["speaker"]["name"] == "B. Minister"
    with pytest.raises(Refused, match="All of this was published since"):
        amendments.approve(amendment, actor=ben, shown=shown(amendment))
    assert listed(ann) == []


def test_the_approval_of_an_open_version_stays_right(review: Review, ann: User, ben: User) -> None:
    edited(ann, name="B. Minister")
    amendment = submitted(ann)
    version = workflow.start_version(review, kind="update", actor=ann, public_note="New figures.")
    version = factories.approved(version, approver=ben)  # with the edit
    amendments.approve(amendment, actor=ben, shown=shown(amendment))
    version.refresh_from_db()
    assert version.state == "approved"
    publish.publish(version, actor=ben)

    version = workflow.start_version(review, kind="update", actor=ann, public_note="Newer figures.")
    version = factories.approved(version, approver=ben)  # without the edit that follows
    edited(ann, name="C. Minister")
    amendment = submitted(ann)
    amendments.approve(amendment, actor=ben, shown=shown(amendment))
    with pytest.raises(Refused, match=r"changed after the approval.*\[-B-\] \[\+C\+\]"):
        publish.publish(version, actor=ben)


def test_a_restricted_claim_shows_to_its_members_alone(review: Review, ann: User, ben: User) -> None:
    chief = factories.editor("chief")
    chief.groups.add(*factories.Group.objects.filter(name="Chiefs"))
    edited(ann, name="B. Minister")
    amendment = submitted(ann)
    restrict(review.claim, members=[ann], actor=User.objects.get(pk=chief.pk))
    assert listed(ben) == [] and amendments.count_unpublished(ben) == 0 and not amendments.waiting(ben).exists()
    for verb in (lambda: amendments.approve(amendment, actor=ben, shown=shown(amendment)),):
        with pytest.raises(Refused, match="restricted to others"):
            verb()
    with pytest.raises(Refused, match="Nothing of these claims differs"):
        amendments.submit([review.claim.pk], actor=ben, shown=shown(amendment))
    assert amendments.count_unpublished(ann) == 1


@pytest.mark.sql
def test_the_database_wants_two_persons(review: Review, ann: User, ben: User) -> None:
    edited(ann, name="B. Minister")
    amendment = submitted(ann)
    approval = "UPDATE claims_amendment SET state = 'approved', decided_at = now(), decided_by_id = %s"
    for actor, statement, values in (
        (ann, approval, [ann.pk]),
        (ann, approval, [ben.pk]),
        (ben, approval + ", note = 'x'", [ben.pk]),
        (ben, "DELETE FROM claims_amendment WHERE id = %s", [amendment.pk]),
        (ben, "UPDATE claims_amendmentitem SET words = '{}' WHERE amendment_id = %s", [amendment.pk]),
        (ben, "DELETE FROM claims_amendmentitem WHERE amendment_id = %s", [amendment.pk]),
    ):
        with pytest.raises(Error), transaction.atomic(), acting(actor, reason="sql"):
            connection.cursor().execute(statement, values)
    with pytest.raises(IntegrityError), transaction.atomic(), acting(ben, reason="sql"):
        Amendment.objects.create(kind="edits", submitted_at=timezone.now(), submitted_by=ann)
    with pytest.raises(IntegrityError), transaction.atomic(), acting(ben, reason="sql"):
        AmendmentItem.objects.create(amendment=amendment, claim=factories.claim("x"), words={}, sha256="0" * 64)


def test_three_hundred_claims_leave_together(ann: User, ben: User) -> None:
    with acting_as("demo"):
        statement = factories.statement()
        claims = [factories.claim(f"Claim {number}.") for number in range(300)]
        Appearance.objects.bulk_create([Appearance(claim=claim, statement=statement) for claim in claims])
        append.append_together([(claim, factories.words_of(claim)) for claim in claims], event="published")
    speaker = Speaker.objects.get()
    with acting(ann, reason="edit"):
        Statement.objects.update(speaker=speaker)
        Appearance.objects.update(created_by=ann)
        speaker.name = "B. Minister"
        speaker.save()
    began = timezone.now()
    assert amendments.count_unpublished(ben) == 300
    counted = timezone.now()
    assert len(amendments.unpublished(ben)) == 300
    read = timezone.now()
    amendment = submitted(ann)
    page = shown(amendment)
    before = timezone.now()
    amendments.approve(amendment, actor=ben, shown=page)
    took = [counted - began, read - counted, timezone.now() - before]
    print([each.total_seconds() for each in took])
    assert Publication.objects.filter(event="clarified").count() == 300
    assert amendments.unpublished(ben) == []


def test_what_was_submitted_before_an_upgrade_may_be_approved_after_it(
    review: Review, ann: User, ben: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Earlier versions wrote "" where this one writes null."""
    with acting(ann, reason="edited"):
        Article.objects.update(title="")
    render = publication_body.article_body
    with monkeypatch.context() as earlier:
        earlier.setattr("claims.publication.body.article_body", lambda row: render(row) | {"title": row.title})
        amendment = submitted(ann)
    amendments.approve(amendment, actor=ben, shown=shown(amendment))
    assert body(review.claim)["reviews"][0]["article"]["title"] is None
