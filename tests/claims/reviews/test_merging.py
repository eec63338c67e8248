"""Merging and separating claims by two people: what is refused, what moves, and what the log says."""

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import Error, connection, transaction

from claims.authorship import contributions
from claims.formats import claimreview, csv
from claims.models import Appearance, Claim, ClaimVersion, Merge, Publication, Recheck, Review, Topic
from claims.permissions import Refused
from claims.proof.checks import publication_log
from claims.publication.amended import amended
from claims.publication.overlay import lay_over
from claims.publication.rebuild import differing
from claims.publication.words import last_words
from claims.reviews import amendments, merging, publish, rechecks, suspension, workflow
from claims.visibility import lift, restrict
from claims.watch import sweep
from sources.database.audit import acting, acting_as
from tests import factories

pytestmark = pytest.mark.sql

Pair = tuple[Claim, Claim]


def said(claim: Claim) -> dict[str, Any]:
    last = last_words(claim)
    assert last is not None
    return last.body


def words(claim: Claim) -> dict[str, Any]:
    last = last_words(claim)
    assert last is not None
    return last.words


def published(text: str, topic: str = "") -> Claim:
    claim = factories.claim(text)
    factories.linked(claim, text=f"“{text}” he said.")
    if topic:
        with acting_as("demo"):
            claim.topics.add(Topic.objects.get_or_create(slug=topic, defaults={"name": topic.title()})[0])
    factories.published_review(claim)
    return claim


@pytest.fixture
def pair(db: None) -> Pair:
    return published("412 bridges need repair.", "roads"), published("Bridges in need of repair: 412.", "bridges")


@pytest.fixture
def ann(db: None) -> User:
    return factories.editor("ann")


@pytest.fixture
def ben(db: None) -> User:
    return factories.editor("ben")


def asked(pair: Pair, ann: User, kind: str = "merge") -> Merge:
    shown = merging.reading(kind, *pair).sha256
    return merging.request(*pair, actor=ann, reason="The same words.", shown=shown, kind=kind)


def corrected(review: Review, summary: str = "It says otherwise.") -> Publication:
    author = factories.editor()
    version = workflow.start_version(
        review, kind="correction", correction_kind="substantive", actor=author, public_note="A figure was wrong."
    )
    with acting(author, reason="write"):
        version.summary = summary
        version.save()
    version = factories.approved(version)
    return publish.publish(version, actor=version.approver)


def refused(pair: Pair, kind: str = "merge") -> str:
    with pytest.raises(Refused) as refusal:
        merging.reading(kind, *pair)
    return str(refusal.value)


# what is published


def test_the_claim_that_stays_gets_reviews_statements_and_topics_of_both(pair: Pair) -> None:
    one, other = pair
    was, stayed = said(one), said(other)
    log = Publication.objects.count()
    factories.merged(one, into=other)
    left, whole = said(one), said(other)
    events = list(Publication.objects.filter(sequence__gt=log).order_by("sequence"))
    assert [(each.claim_id, each.event, each.audience) for each in events] == [
        (other.pk, "merged", "public"),
        (one.pk, "merged", "public"),
    ]
    assert events[0].at == events[1].at, "no moment shows both claims with the review"
    assert (left["text"], left["merged_into"]) == (was["text"], other.public_id)
    assert (left["reviews"], left["statements"], left["topics"]) == ([], [], [])
    assert left["verification"]["status"] == "merged"
    assert whole["text"] == stayed["text"]
    assert whole["reviews"] == [*stayed["reviews"], *was["reviews"]]
    assert whole["statements"] == [*stayed["statements"], *was["statements"]]
    assert [each["slug"] for each in whole["topics"]] == ["bridges", "roads"]
    assert whole["merged_from"] == [
        {
            "id": one.public_id,
            "text": was["text"],
            "language": "en",
            "period": None,
            "place": None,
            "reviews": [was["reviews"][0]["id"]],
            "statements": [was["statements"][0]["id"]],
            "added_topics": ["roads"],
            "added_statements": [was["statements"][0]["id"]],
        }
    ]
    assert amended([Claim.objects.get(pk=other.pk)])[0].differences == []


def test_both_read_as_before_once_they_are_separated(pair: Pair) -> None:
    one, other = pair
    before = words(one), words(other)
    rows = [list(table.objects.order_by("pk").values_list("pk", "claim")) for table in (Review, Appearance)]
    factories.merged(one, into=other)
    factories.unmerged(one)
    assert (words(one), words(other)) == before
    assert [list(table.objects.order_by("pk").values_list("pk", "claim")) for table in (Review, Appearance)] == rows
    for claim, slug in ((one, "roads"), (other, "bridges")):
        assert [topic.slug for topic in claim.topics.all()] == [slug]
        assert [row.event for row in claim.publications.all()] == ["published", "merged", "unmerged"]
    assert [each.differences for each in amended(Claim.objects.all())] == [[], []]
    factories.merged(other, into=one), factories.unmerged(other)  # the other way round, and back
    assert (words(one), words(other)) == before
    assert list(publication_log.log()) == [] and differing([one.pk, other.pk]) == set()


def test_what_was_corrected_since_goes_back_corrected(pair: Pair) -> None:
    one, other = pair
    review = one.reviews.get()
    factories.merged(one, into=other)
    corrected(review, "Later words.")
    new = factories.published_review(other)  # of the claim that stays, after the merge
    factories.unmerged(one)
    assert [each["summary"] for each in said(one)["reviews"]] == ["Later words."]
    assert new.public_id in [each["id"] for each in said(other)["reviews"]]
    assert said(one)["reviews"][0]["history"][1]["kind"] == "correction"


def test_a_draft_goes_along_and_its_approver_may_have_merged(pair: Pair, ann: User, ben: User) -> None:
    one, other = pair
    review = one.reviews.get()
    version = workflow.start_version(review, kind="update", actor=ann, public_note="New figures.")
    draft = factories.draft(one, author=ann)
    merging.approve(asked(pair, ann), actor=ben, shown=merging.waiting(ben).get().sha256)
    for each in (version, draft):
        assert {change.user_id for change in contributions(each.pk)} <= {ann.pk}
    published = publish.publish(factories.approved(version, approver=ben), actor=ben)
    assert published.claim_id == other.pk
    draft.review.refresh_from_db()
    assert draft.review.claim_id == other.pk
    factories.unmerged(one)
    draft.review.refresh_from_db()
    assert draft.review.claim_id == one.pk
    assert {change.user_id for change in contributions(draft.pk)} <= {ann.pk}


def test_a_claim_of_claims_is_merged_and_separated_as_a_whole(pair: Pair) -> None:
    first = published("There are 412 broken bridges.")
    one, other = pair
    before = {claim.pk: words(claim) for claim in (first, one, other)}
    factories.merged(first, into=one)
    half = words(one)
    factories.merged(one, into=other)
    assert said(first)["merged_into"] == other.public_id, "never a claim that is merged itself"
    assert [each["id"] for each in said(other)["merged_from"]] == [one.public_id, first.public_id]
    assert len(said(other)["reviews"]) == 3
    assert "is part of" in refused((first, Claim.objects.get(pk=one.pk)), "unmerge")
    factories.unmerged(one)
    assert (words(one), words(other)) == (half, before[other.pk])
    assert said(first)["merged_into"] == one.public_id
    factories.unmerged(first)
    assert {claim.pk: words(claim) for claim in (first, one, other)} == before


def test_a_statement_of_both_stays_with_both(pair: Pair) -> None:
    one, other = pair
    with acting_as("demo"):
        shared = Appearance.objects.create(claim=other, statement=one.statements.get()).statement
    factories.published_again(other)
    before = words(one), words(other)
    factories.merged(one, into=other)
    assert [each["id"] for each in said(other)["statements"]].count(shared.public_id) == 1
    assert said(other)["merged_from"][0]["added_statements"] == []
    factories.unmerged(one)
    assert (words(one), words(other)) == before


def test_the_re_check_of_a_merged_review_goes_on(pair: Pair) -> None:
    one, other = pair
    review = one.reviews.get()
    page = review.latest_published().evidence.get().page
    factories.change(page, factories.PAGE_TEXT.replace("412", "389"))
    sweep.sweep()
    factories.merged(one, into=other)
    version = ClaimVersion.objects.current("newsrooms").get(claim=other)
    assert version.verification == "needs_recheck"
    assert ClaimVersion.objects.current("public").get(claim=other).verification == "checked"
    rechecks.confirm(Recheck.objects.get(), actor=factories.editor())
    assert said(other)["verification"]["because"][0]["review"] == review.public_id
    rechecks.reconfirm(Recheck.objects.get(), actor=factories.editor(), note="Another table.")
    factories.change(page, factories.PAGE_TEXT.replace("412", "377"))
    sweep.sweep()
    assert Publication.objects.latest("sequence").claim_id == other.pk, "what is found later is told there"
    factories.unmerged(one)
    assert said(one)["verification"]["status"] == "needs_recheck"
    assert said(other)["verification"]["status"] == "checked"
    assert differing([one.pk, other.pk]) == set()


def test_a_re_check_is_told_with_the_merge_and_raised_once(pair: Pair) -> None:
    one, other = pair
    page = one.reviews.get().latest_published().evidence.get().page
    factories.change(page, factories.PAGE_TEXT.replace("412", "389"))
    sweep.sweep()
    raised = Publication.objects.filter(event="recheck_raised").count()
    for claim, verb in ((other, lambda: factories.merged(one, into=other)), (one, lambda: factories.unmerged(one))):
        verb()
        assert (said(claim)["verification"]["status"], said(claim)["reviews"][-1]["evidence"][0]["state"]) == (
            "needs_recheck",
            "altered",
        )
        assert claim.publications.latest("sequence").event in {"merged", "unmerged"}
        assert ClaimVersion.objects.current("public").get(claim=claim).verification == "checked"
    assert Publication.objects.filter(event="recheck_raised").count() == raised
    assert list(publication_log.log()) == [] and differing([one.pk, other.pk]) == set()


def test_a_re_check_that_was_raised_since_is_read_before_a_merge(pair: Pair, ann: User, ben: User) -> None:
    request = asked(pair, ann)
    page = pair[0].reviews.get().latest_published().evidence.get().page
    factories.change(page, factories.PAGE_TEXT.replace("412", "389"))
    sweep.sweep()
    with pytest.raises(Refused, match="changed after this was asked for"):
        merging.approve(request, actor=ben, shown=request.sha256)


def test_a_review_keeps_the_words_that_it_was_made_of(pair: Pair) -> None:
    one, other = pair
    before = [
        claimreview.claim_review(body, body["reviews"][0], base="https://desk.example")
        for body in (said(other), said(one))
    ]
    rows = [next(csv.rows(body)) for body in (said(other), said(one))]
    factories.merged(one, into=other)
    whole = said(other)
    assert [claimreview.claim_review(whole, each, base="https://desk.example") for each in whole["reviews"]] == [
        before[0],
        before[1] | {"url": f"https://desk.example{whole['url']}#{whole['reviews'][1]['id']}"},
    ]
    assert [row[1] for row in csv.rows(whole)] == [rows[0][1], rows[1][1]]
    assert claimreview.claim(whole, base="https://desk.example")["text"] == other.text


# who may, and when


def test_two_people_read_both_claims(pair: Pair, ann: User, ben: User) -> None:
    one, other = pair
    with pytest.raises(Refused, match="no longer read as you were shown"):
        merging.request(one, other, actor=ann, reason="x", shown="0" * 64)
    with pytest.raises(Refused, match="Say why"):
        merging.request(one, other, actor=ann, reason=" ", shown=merging.reading("merge", one, other).sha256)
    reporter = factories.editor("reporter")
    reporter.groups.set(factories.Group.objects.filter(name="Reporters"))
    reporter = User.objects.get(pk=reporter.pk)
    with pytest.raises(Refused, match="role of an editor"):
        asked(pair, reporter)
    request = asked(pair, ann)
    with pytest.raises(Refused, match="You asked for this"):
        merging.approve(request, actor=ann, shown=request.sha256)
    with pytest.raises(Refused, match="role of an editor"):
        merging.approve(request, actor=reporter, shown=request.sha256)
    with pytest.raises(Refused, match="no longer read as you were shown"):
        merging.approve(request, actor=ben, shown="")
    corrected(one.reviews.get())
    with pytest.raises(Refused, match="changed after this was asked for"):
        merging.approve(request, actor=ben, shown=merging.reading("merge", one, other, besides=request).sha256)
    merging.decline(request, actor=ann)
    with pytest.raises(Refused, match="declined already"):
        merging.approve(request, actor=ben, shown=request.sha256)
    assert Claim.objects.filter(merged_into__isnull=False).count() == 0


def test_what_two_people_read_is_what_leaves(pair: Pair, ann: User, ben: User) -> None:
    one, other = pair
    request = asked(pair, ann)
    found = merging.reading("merge", one, other, besides=request)
    shown = lay_over(found.after.into, other, audience="newsrooms")
    merging.approve(request, actor=ben, shown=found.sha256)
    body = said(other)
    assert {name: body[name] for name in shown} == shown


def test_whoever_made_the_other_account_is_no_second_person(pair: Pair, ann: User) -> None:
    with acting(ann, reason="made"):
        made = User.objects.create_user("made", is_staff=True)
        made.groups.add(*factories.Group.objects.filter(name="Editors"))
    request = asked(pair, ann)
    with pytest.raises(Refused, match="count as one person"):
        merging.approve(request, actor=made, shown=request.sha256)
    with pytest.raises(Error, match="One person may be behind"), transaction.atomic(), acting(made, reason="sql"):
        _execute(_APPROVAL, [made.pk])


_APPROVAL = "UPDATE claims_merge SET state = 'approved', decided_at = now(), decided_by_id = %s"


def _execute(statement: str, values: list[Any]) -> None:
    connection.cursor().execute(statement, values)


def test_the_database_wants_two_persons(pair: Pair, ann: User, ben: User) -> None:
    one, other = pair
    request = asked(pair, ann)
    third = published("Something else.")
    for actor, statement, values in (
        (ann, _APPROVAL, [ann.pk]),
        (ann, _APPROVAL, [ben.pk]),
        (ben, _APPROVAL + ", reason = 'x'", [ben.pk]),
        (ben, _APPROVAL + ", into_id = %s", [ben.pk, third.pk]),
        (ben, "DELETE FROM claims_merge", []),
        (ben, "UPDATE claims_claim SET merged_into_id = %s WHERE id = %s", [other.pk, one.pk]),
        (ben, "UPDATE claims_review SET claim_id = %s WHERE claim_id = %s", [other.pk, one.pk]),
        (
            ben,
            "INSERT INTO claims_merge (kind, claim_id, into_id, reason, sha256, state, requested_at, requested_by_id,"
            " decided_at, decided_by_id, reviews, appearances)"
            " VALUES ('merge', %s, %s, 'x', repeat('0', 64), 'approved', now(), %s, now(), %s, '{}', '{}')",
            [third.pk, other.pk, ann.pk, ben.pk],
        ),
    ):
        with pytest.raises(Error), transaction.atomic(), acting(actor, reason="sql"):
            _execute(statement, values)
    factories.published_review(other)  # nothing is left of it all
    merging.decline(request, actor=ben)
    factories.merged(one, into=other)
    for statement, values in (
        ("UPDATE claims_claim SET merged_into_id = NULL WHERE id = %s", [one.pk]),
        ("UPDATE claims_review SET claim_id = %s", [one.pk]),
        (_APPROVAL, [ben.pk]),
    ):
        with pytest.raises(Error), transaction.atomic(), acting(ben, reason="sql"):
            _execute(statement, values)


def test_no_event_of_the_log_merges_by_itself(pair: Pair) -> None:
    from claims.publication import append

    for event in ("merged", "unmerged"):
        with pytest.raises(Error, match="without an approved merge"), transaction.atomic():
            append.append(pair[0], event=event, audience="public")


def test_circles_and_claims_that_are_merged_already_are_refused(pair: Pair) -> None:
    one, other = pair
    third = published("Something else.")
    assert "into itself" in refused((one, one))
    assert "part of no other claim" in refused(pair, "unmerge")
    factories.merged(one, into=other)
    one.refresh_from_db()
    assert "is part of “Bridges in need of repair: 412.” already" in refused((one, third))
    assert "choose that one as the claim that stays" in refused((third, one))
    assert "choose that one as the claim that stays" in refused((other, one)), "a circle"
    assert "is not part of" in refused((one, third), "unmerge")


def test_what_is_not_settled_is_refused(pair: Pair, ann: User, ben: User) -> None:
    one, other = pair
    third = published("Something else.")
    draft = factories.claim("Never published.")
    assert "Nothing of “Never published.” is published" in refused((draft, other))
    demo = factories.claim("Of the demonstration.", is_demo=True)
    factories.published_review(demo)
    assert "demonstration" in refused((demo, other))
    repeats = factories.claim("412 bridges need repair.", repeats=other)
    factories.published_review(repeats)
    assert "repeats the other" in refused((repeats, other)) and "repeats the other" in refused((other, repeats))

    asked(pair, ann)
    for each in ((one, third), (third, other), (other, one)):
        assert "waits for a second person already" in refused(each)
    merging.decline(Merge.objects.get(), actor=ben)

    version = workflow.start_version(one.reviews.get(), kind="update", actor=ann, public_note="New figures.")
    workflow.submit(version, actor=ann)
    assert "is in review. Publish it first" in refused(pair)
    workflow.send_back(version, actor=ann)

    with acting(ann, reason="edit"):
        other.topics.clear()
    change = amended([other])
    amendments.submit([other.pk], actor=ann, shown=amendments.shown_sha256(change))
    assert "Edits of" in refused(pair)
    with acting(ben, reason="decline"):
        amendments.decline(amendments.waiting(ben).get(), actor=ben)

    suspension.suspend(other.reviews.get(), actor=ann, reason="Doubt.")
    assert "is under review, and the claim that stays would be so" in refused(pair)


def test_a_suspension_goes_back_with_its_review(pair: Pair, ann: User) -> None:
    one, other = pair
    review = one.reviews.get()
    factories.merged(one, into=other)
    suspension.suspend(review, actor=ann, reason="Doubt.")
    assert said(other)["verification"]["status"] == "suspended"
    factories.unmerged(one)
    assert said(one)["verification"]["status"] == "suspended"
    assert said(other)["verification"]["status"] == "checked"


def test_edits_that_are_not_out_wait_at_the_claim_that_stays(pair: Pair, ann: User) -> None:
    one, other = pair
    statement = one.statements.get()
    with acting(ann, reason="edit"):
        statement.speaker_as_written = "a minister"
        statement.save()
    factories.merged(one, into=other)
    assert said(other)["statements"][1]["speaker_as_written"] == "the minister", "the words that are out stay"
    [each] = amendments.unpublished(ann)
    assert each.claim == other and [each.path.rpartition(".")[2] for each in each.differences] == ["speaker_as_written"]
    factories.unmerged(one)
    assert [each.claim for each in amendments.unpublished(ann)] == [one]


def test_nobody_merges_a_claim_that_is_hidden_from_her(pair: Pair, ann: User, ben: User) -> None:
    chief = factories.editor("chief")
    chief.groups.add(*factories.Group.objects.filter(name="Chiefs"))
    request = asked(pair, ann)
    restrict(pair[0], members=[ann], actor=User.objects.get(pk=chief.pk))
    assert not merging.waiting(ben).exists() and merging.waiting(ann).exists()
    for verb in _verbs(request, ben):
        with pytest.raises(Refused, match="restricted to others"):
            verb()
    with pytest.raises(Refused, match="restricted to others"):
        merging.decline(request, actor=ann)
        merging.request(*pair, actor=ben, reason="The same words.", shown="")


def test_claims_that_different_people_see_are_neither_merged_nor_separated(pair: Pair, ann: User) -> None:
    one, other = pair
    chief = factories.editor("chief")
    chief.groups.add(*factories.Group.objects.filter(name="Chiefs"))
    chief = User.objects.get(pk=chief.pk)
    restrict(one, members=[ann], actor=chief)
    assert "restricted to named members" in refused(pair)
    restrict(other, members=[ann, chief], actor=chief)
    assert "restricted to named members" in refused(pair), "the drafts of one would be seen by members of the other"
    restrict(other, members=[ann], actor=chief)
    merging.reading("merge", one, other)
    for claim in pair:
        lift(claim, actor=chief)
    factories.merged(one, into=other)
    one.refresh_from_db()
    restrict(other, members=[ann], actor=chief)
    assert "restricted to named members" in refused((one, Claim.objects.get(pk=other.pk)), "unmerge")


def _verbs(request: Merge, actor: User) -> list[Callable[[], object]]:
    return [
        lambda: merging.approve(request, actor=actor, shown=request.sha256),
        lambda: merging.decline(request, actor=actor),
    ]


def test_a_statement_shared_with_a_claim_merged_later_parts_in_order(pair: Pair) -> None:
    one, other = pair
    later = published("Bridges: 412 of them are broken.")
    with acting_as("demo"):
        Appearance.objects.create(claim=later, statement=one.statements.get())
    factories.published_again(later)
    before = {claim.pk: words(claim) for claim in (one, other, later)}
    factories.merged(one, into=other)
    factories.merged(later, into=other)
    one.refresh_from_db()
    assert "separate that one first" in refused((one, Claim.objects.get(pk=other.pk)), "unmerge")
    factories.unmerged(later), factories.unmerged(one)
    assert {claim.pk: words(claim) for claim in (one, other, later)} == before
