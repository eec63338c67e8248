"""Who counts as an author of a version: the audit's answer, and a plain model of the rule beside it."""

import time
from collections.abc import Sequence
from datetime import date
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import IntegrityError, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from claims import sql
from claims.authorship import Contribution, authors, byline, contributions, described
from claims.models import Appearance, Claim, Evidence, Rating, ReviewVersion, Statement, Topic
from claims.permissions import Refused, may_approve
from claims.publication.words import leaving
from claims.reviews import publish, workflow
from claims.statements import link_claim
from sources.database.audit import PROGRAMS, acting, acting_as, noted
from sources.models import Source
from tests import factories
from tests.conftest import LiveDatabase

pytestmark = pytest.mark.sql
EVIDENCE = {"kind": "analysis", "stance": "supports", "note": "We counted them."}


@pytest.fixture
def ana(db: None) -> User:
    return factories.editor("ana")


@pytest.fixture
def ben(db: None) -> User:
    return factories.editor("ben")


def started(by: User, claim: Claim | None = None) -> ReviewVersion:
    return workflow.start_review(claim=claim or factories.claim(), organisation=factories.organisation(), author=by)


def edit(row: Any, by: User, **values: object) -> None:
    with acting(by, reason="edited"):
        type(row).objects.filter(pk=row.pk).update(**values)


def complete(version: ReviewVersion, by: User, summary: str = "They do.") -> None:
    edit(
        version,
        by,
        rating=Rating.objects.get(label="Right"),
        summary=summary,
        body="We read the report.",
        true_as_of=date(2026, 3, 1),
    )
    with acting(by, reason="attached"):
        Evidence.objects.create(version=version, **EVIDENCE)


def approve(version: ReviewVersion, by: User) -> ReviewVersion:
    return workflow.approve(version, actor=by, shown=leaving(version).sha256)


def names(version: ReviewVersion) -> set[str]:
    return {user.username for user in authors(contributions(version.pk))}


def changed(version: ReviewVersion) -> set[tuple[str, str]]:
    return {(change.actor, change.label) for change in contributions(version.pk)}


def published(by: User, other: User, claim: Claim | None = None) -> ReviewVersion:
    version = started(by, claim)
    complete(version, by)
    workflow.submit(version, actor=by)
    publish.publish(approve(version, other), actor=other)
    return version


# Who starts, submits, approves or sends back is no author; who writes is.


def test_who_only_started_it_may_approve_what_another_wrote(ana: User, ben: User) -> None:
    version = started(ana)
    assert contributions(version.pk) == []
    complete(version, ben)
    workflow.submit(version, actor=ben)
    with pytest.raises(Refused, match=r"You wrote part of this version \(.*summary.*, \d+ \w{3}\)") as refusal:
        approve(version, ben)
    assert str(refusal.value).endswith("so somebody else has to approve it. Ask a colleague.")
    assert not may_approve(ben, ReviewVersion.objects.get(pk=version.pk))
    assert approve(version, ana).approver == ana
    publish.publish(ReviewVersion.objects.get(pk=version.pk), actor=ben)
    assert byline(contributions(version.pk)) == "ben"


def test_submitting_and_sending_back_make_nobody_an_author(ana: User, ben: User) -> None:
    version = started(ana)
    complete(version, ana)
    for _ in range(2):
        workflow.submit(version, actor=ben)
        workflow.send_back(version, actor=ben)
    workflow.submit(version, actor=ben)
    workflow.send_back(approve(version, ben), actor=ana)
    assert names(version) == {"ana"}
    workflow.submit(version, actor=ben)
    assert approve(version, ben).approver == ben


def test_two_who_wrote_parts_need_a_third(ana: User, ben: User) -> None:
    version = started(ana)
    complete(version, ana)
    edit(version, ben, body="We read it twice.")
    workflow.submit(version, actor=ana)
    for author in (ana, ben):
        with pytest.raises(Refused, match="Ask a colleague"):
            approve(version, author)
    assert byline(contributions(version.pk)) == "ana and ben"
    assert approve(version, factories.editor()).state == "approved"


def test_an_edit_taken_back_makes_nobody_an_author(ana: User, ben: User) -> None:
    version = started(ana)
    complete(version, ana, summary="They do.")
    edit(version, ben, summary="They do not.")
    assert names(version) == {"ana", "ben"}
    edit(version, ana, summary="They do.")
    assert names(version) == {"ana"}
    evidence = version.evidence.get()
    edit(evidence, ben, stance="refutes")
    edit(evidence, ben, stance="supports")
    with acting(ben, reason="attached"):
        Evidence.objects.create(version=version, **EVIDENCE).delete()
    assert names(version) == {"ana"}
    with acting(ben, reason="removed"):
        evidence.delete()
    assert ("ben", "evidence") in changed(version), "he took out what somebody else had put in"


def test_of_the_next_version_only_what_differs_from_the_published_one_counts(ana: User, ben: User) -> None:
    version = published(ana, ben)
    after = workflow.start_version(version.review, kind="correction", actor=ana)
    assert contributions(after.pk) == []
    edit(after, ben, correction_kind="typo", public_note="A comma.", summary="They do, yes.")
    assert changed(after) == {("ben", "correction kind"), ("ben", "public note"), ("ben", "summary")}
    with acting(ben, reason="removed"):
        after.evidence.get().delete()
    assert ("ben", "evidence") in changed(after)
    assert names(version) == {"ana"}, "the published version keeps its authors"


def test_a_note_given_at_the_start_counts(ana: User, ben: User) -> None:
    version = published(ana, ben)
    after = workflow.start_version(version.review, kind="update", actor=ben, public_note="The report is out.")
    assert changed(after) == {("ben", "public note")}


# The claim part


def test_who_made_the_claim_or_linked_a_statement_is_an_author_until_it_is_published(ana: User, ben: User) -> None:
    claim = link_claim.claim_from_statement(factories.statement(), actor=ben, text="412 bridges need repair.")
    version = started(ana, claim)
    assert {label for _, label in changed(version)} == {"text of the claim", "language of the claim", "statements"}
    assert names(version) == {"ben"}
    complete(version, ana)
    workflow.submit(version, actor=ana)
    cleo = factories.editor("cleo")
    publish.publish(approve(version, cleo), actor=cleo)
    after = workflow.start_version(version.review, kind="update", actor=ana)
    assert contributions(after.pk) == []
    edit(claim, cleo, text="412 bridges need repairs.")
    with acting(cleo, reason="filed"):
        claim.topics.add(Topic.objects.create(slug="roads", name="Roads"))
    link_claim.link_statement(factories.statement("“The bridges!” he said."), claim, actor=cleo)
    assert changed(after) == {("cleo", "text of the claim"), ("cleo", "topics"), ("cleo", "statements")}
    with acting(cleo, reason="took it back"):
        claim.topics.clear()
        claim.appearances.last().delete()  # type: ignore[union-attr]
    edit(claim, ben, text="412 bridges need repair.")
    assert contributions(after.pk) == []


def test_unlinking_a_published_statement_counts(ana: User, ben: User) -> None:
    claim = factories.claim()
    factories.linked(claim)
    version = published(ana, ben, claim)
    after = workflow.start_version(version.review, kind="update", actor=ana)
    with acting(ben, reason="unlinked"):
        claim.appearances.get().delete()
    assert changed(after) == {("ben", "statements")}


def test_a_shared_row_that_differs_from_what_is_published_counts(live_database: LiveDatabase) -> None:
    ana, ben = factories.editor("ana"), factories.editor("ben")
    claim = factories.claim()
    statement = factories.linked(claim)
    edit(statement.speaker, ben, role="Minister")  # after it was linked, so nobody has approved it
    version = started(ana, claim)
    assert changed(version) == {("ben", "role of the speaker")}
    edit(statement.speaker, ben, role="")
    edit(factories.organisation(), ben, site="https://desk.example")  # before the version was started
    version = started(ana, claim)
    assert contributions(version.pk) == []
    complete(version, ana)
    workflow.submit(version, actor=ana)
    publish.publish(approve(version, ben), actor=ben)
    after = workflow.start_version(version.review, kind="update", actor=ana)
    assert contributions(after.pk) == []
    edit(statement.speaker, ben, name="B. Minister")
    edit(statement.document, ben, title="Bridges fall")
    assert changed(after) == {
        ("ben", "name of the speaker"),
        ("ben", "title of the document"),
    }
    edit(statement.speaker, ana, name="A. Minister")
    assert ("ben", "name of the speaker") not in changed(after)
    # What was written long ago and replaced, and now comes back, is of who brings it back.
    edit(statement, ana, cue="told")
    assert ("ana", "cue of the statement") in changed(after)


def test_moving_a_page_to_another_source_counts(ana: User, ben: User) -> None:
    review = factories.published_review(author=ana)
    version = workflow.start_version(review, kind="update", actor=ana)
    page = version.evidence.get().page
    assert page is not None and names(version) == set()
    edit(page, ben, source=Source.objects.create(name="Another ministry"))
    assert changed(version) == {("ben", "source of the page")}


# Actors


def test_a_renamed_account_stays_the_author(ana: User, ben: User) -> None:
    version = started(ana)
    complete(version, ben)
    workflow.submit(version, actor=ben)
    User.objects.filter(pk=ben.pk).update(username="benedict")
    User.objects.filter(pk=ana.pk).update(username="ben")
    with pytest.raises(Refused, match="You wrote part"):
        approve(version, User.objects.get(pk=ben.pk))
    assert approve(version, User.objects.get(pk=ana.pk)).state == "approved"


@pytest.mark.parametrize(
    "context", [{}, {"actor": None}, {"actor": "nobody logged in"}, {"actor": "x", "actor_id": 999_999}]
)
def test_an_unknown_actor_blocks_the_approval(ana: User, ben: User, context: dict[str, object]) -> None:
    version = started(ana)
    complete(version, ana)
    with noted(actor=None, actor_id=None), noted(**context):
        ReviewVersion.objects.filter(pk=version.pk).update(summary="Somebody was here.")
    workflow.submit(version, actor=ana)
    with pytest.raises(Refused, match=r"The audit does not say who changed this: summary.*set it back.*write it again"):
        approve(version, ben)
    with pytest.raises(IntegrityError, match="nobody knows who changed version"), transaction.atomic():
        _approve_by_sql(version, ben)
    edit(version, ana, summary="")
    edit(version, ana, summary="They do.")
    if _state(version) == "draft":
        workflow.submit(version, actor=ana)
    assert approve(version, ben).state == "approved"


@pytest.mark.parametrize("program", PROGRAMS)
def test_a_part_of_the_program_is_no_author(ana: User, program: str) -> None:
    User.objects.create_user(program)  # a person of that name is somebody else
    version = started(ana)
    with acting_as(program):
        ReviewVersion.objects.filter(pk=version.pk).update(summary="By a program.")
    assert contributions(version.pk) == []


def test_what_the_audit_does_not_explain_blocks_too(live_database: LiveDatabase) -> None:
    import psycopg

    ana = factories.editor("ana")
    version = started(ana)
    complete(version, ana)
    with psycopg.connect(live_database.owner_url) as owner:  # an administrator of the database, audit off
        owner.execute("ALTER TABLE claims_reviewversion DISABLE TRIGGER USER")
        owner.execute("UPDATE claims_reviewversion SET summary = 'Nobody wrote this.'")
        owner.execute("ALTER TABLE claims_reviewversion ENABLE TRIGGER USER")
    unknown = [change for change in contributions(version.pk) if change.user_id is None]
    assert [(change.label, change.at) for change in unknown] == [("summary", None)]


# The database holds it, whatever the code does.


def _state(version: ReviewVersion) -> str:
    return ReviewVersion.objects.values_list("state", flat=True).get(pk=version.pk)


def _approve_by_sql(version: ReviewVersion, approver: User, **values: object) -> None:
    approval = {
        "state": "approved",
        "approver": approver,
        "approved_at": "2026-03-01T00:00Z",
        "approved_sha256": "0" * 64,
    }
    with acting(approver, reason="approved"):
        ReviewVersion.objects.filter(pk=version.pk).update(**approval | values)


def test_the_database_refuses_an_approver_who_does_not_act_or_may_not(ana: User, ben: User) -> None:
    version = started(ana)
    complete(version, ana)
    workflow.submit(version, actor=ana)
    approval = {"state": "approved", "approved_at": "2026-03-01T00:00Z", "approved_sha256": "0" * 64}
    approval["approved_words"] = {}
    rows = ReviewVersion.objects.filter(pk=version.pk)
    with acting(ana, reason="approved"), pytest.raises(IntegrityError, match="whoever acts"), transaction.atomic():
        rows.update(approver=ben, **approval)
    nobody = User.objects.create_user("nobody")
    with acting(nobody, reason="approved"), pytest.raises(IntegrityError, match="may not"), transaction.atomic():
        rows.update(approver=nobody, **approval)
    done = workflow.approve(version, actor=ben, shown=leaving(version).sha256)
    for change in ({"approver": nobody}, {"approved_words": {}}, {"approved_sha256": "1" * 64}):
        with pytest.raises(IntegrityError, match="given once"), transaction.atomic():
            rows.update(**change)
        with pytest.raises(IntegrityError, match="given once"), transaction.atomic():
            rows.update(state="published", published_at="2026-03-01T00:00Z", **change)
    assert publish.publish(done, actor=ben).event == "published"


def test_the_database_refuses_an_author_as_approver(ana: User, ben: User) -> None:
    version = started(ana)
    complete(version, ben)
    with pytest.raises(IntegrityError, match="submitted, then approved"), transaction.atomic():
        _approve_by_sql(version, ana)
    workflow.submit(version, actor=ben)
    with pytest.raises(IntegrityError, match="the approver is an author: ben changed"), transaction.atomic():
        _approve_by_sql(version, ben)
    _approve_by_sql(version, ana, summary="Slipped in.")
    assert _state(version) == "draft"
    edit(version, ben, summary="They do.")
    workflow.submit(version, actor=ben)
    with pytest.raises(IntegrityError), transaction.atomic():
        _approve_by_sql(version, ana, state="published", published_at="2026-03-01T00:00Z")
    with pytest.raises(IntegrityError), transaction.atomic():
        version.pk, version.number, version.state, version.approver = None, 2, "approved", ana
        version.approved_at, version.approved_sha256 = "2026-03-01T00:00Z", "0" * 64
        ReviewVersion.objects.filter(review=version.review).delete()
        version.save()


def test_who_becomes_an_author_after_approving_stops_the_publication(ana: User, ben: User) -> None:
    version = started(ana)
    complete(version, ana)
    workflow.submit(version, actor=ana)
    approved = approve(version, ben)
    edit(version.review.claim, ben, text="Nobody read this.")
    with pytest.raises((Refused, IntegrityError)), transaction.atomic():
        publish.publish(approved, actor=ana)


# The rule, as a plain function

Step = tuple[str, str]  # who, what


def model(base: str, steps: Sequence[Step]) -> set[str]:
    values = [base, *(what for _, what in steps)]
    found, last = set(), len(values) - 1
    while True:
        first = values.index(values[last])
        taken_back = [steps[at - 1][0] for at in range(first + 1, last + 1) if values[at] != values[at - 1]]
        if len(set(taken_back)) > 1:
            found.add(taken_back[-1])
        if first == 0:
            return found
        found.add(steps[first - 1][0])
        last = first - 1


def test_the_model_counts_who_took_back_what_somebody_else_wrote() -> None:
    assert model("x", [("A", "y"), ("A", "x")]) == set()
    assert model("x", [("A", "y"), ("B", "z"), ("B", "y")]) == {"A"}
    assert model("x", [("A", "y"), ("B", "z"), ("C", "y")]) == {"A", "C"}
    assert model("x", [("A", "y"), ("B", "x")]) == {"B"}
    assert model("x", [("A", "y"), ("B", "z")]) == {"A", "B"}


@pytest.mark.django_db
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    steps=st.lists(st.tuples(st.sampled_from("ABC"), st.sampled_from(["", "x", "y", "z"])), max_size=9),
    on=st.sampled_from(["summary", "evidence"]),
)
def test_the_database_counts_as_the_model_does(steps: list[Step], on: str) -> None:
    with transaction.atomic():
        people = {letter: factories.editor() for letter in "ABC"}
        version = started(factories.editor())
        evidence: Evidence | None = None
        for who, what in steps:
            with acting(people[who], reason="edited"):
                if on == "summary":
                    ReviewVersion.objects.filter(pk=version.pk).update(summary=what)
                elif evidence is None:
                    if what:
                        evidence = Evidence.objects.create(version=version, **EVIDENCE | {"note": what})
                elif what:
                    Evidence.objects.filter(pk=evidence.pk).update(note=what)
        counted = [step for step in steps if step[1]] if on == "evidence" else steps
        assert {user.pk for user in authors(contributions(version.pk))} == {
            people[who].pk for who in model("", counted)
        }
        transaction.set_rollback(True)


# For people, and for the screen


def test_labels_and_bylines_read_as_sentences(ana: User, ben: User) -> None:
    cleo = User.objects.create_user("cleo", first_name="Cleo", last_name="Dumas")
    on = [Contribution(user.pk, user.username, "claim", 1, "place", None) for user in (ana, ben, cleo)]
    assert byline(on) == "ana, ben and Cleo Dumas"
    assert byline(on[:1]) == "ana" and byline([]) == ""
    assert described(on) == "place of the claim"


def test_it_is_fast_enough_for_every_page(ana: User, ben: User) -> None:
    claim = factories.claim()
    for _ in range(3):
        factories.linked(claim)
    version = started(ana, claim)
    complete(version, ana)
    for number in range(200):
        edit(version, (ana, ben)[number % 2], summary=f"Draft {number}")
    contributions(version.pk)
    took = []
    for _ in range(10):
        begun = time.perf_counter()
        contributions(version.pk)
        took.append(time.perf_counter() - begun)
    assert min(took) < 0.100  # 9 ms were seen, on a busy machine


def test_every_column_that_readers_see_is_counted() -> None:
    """A new column is either counted by claims/sql/factcheck_authors.sql or listed here as no content."""
    no_content = {
        ReviewVersion: "id review number state rating_as_given rating_numbers approver approved_at approved_sha256"
        " published_at created_at",
        Claim: "id public_id merged_into is_demo created_at created_by",
    }
    counted = {
        ReviewVersion: "kind correction_kind rating summary body true_as_of public_note embargo_until author"
        " reply_asked reply_asked_on reply_answered_on reply reply_url reply_none_by",
        Claim: "text language period_start period_end place repeats",
    }
    for table, columns in no_content.items():
        known = {*columns.split(), *counted[table].split()}
        assert {field.name for field in table._meta.concrete_fields} - known - {"approved_words"} == set()


def test_its_programs_are_those_of_the_code() -> None:
    [source] = [each.source for each in sql.functions() if each.name == "factcheck_authors"]
    assert f"ARRAY[{', '.join(map(repr, PROGRAMS))}]" in source


def test_figures_are_read_by_the_program(ana: User, ben: User) -> None:
    """Bodies count them in the statement, rows in the document: so they look changed, and nobody wrote that."""
    claim = factories.claim()
    with acting(ana, reason="ingested"):
        made = factories.statement()
        figure = {"kind": "count", "value": 412, "unit": "", "counts": "bridges", "qualifier": "over"}
        figures = [{**figure, "text": "412 bridges", "start": 41, "end": 52}]
        Statement.objects.filter(pk=made.pk).update(start=40, end=40 + len(made.text), figures=figures)
        Appearance.objects.create(claim=claim, statement=made)
    version = published(ben, factories.editor("cem"), claim)
    correction = workflow.start_version(version.review, kind="update", actor=ben, public_note="It was counted anew.")
    complete(correction, ben, "They still do.")
    assert names(correction) == {"ben"}
    workflow.submit(correction, actor=ben)
    assert approve(correction, ana).approver == ana


# Who renames an organisation wrote no part of what others submit under the new name.


def test_a_new_name_of_the_organisation_is_of_whoever_submits_under_it(live_database: LiveDatabase) -> None:
    ana, ben = factories.editor("ana"), factories.editor("ben")
    version = started(ana)
    complete(version, ana)
    edit(factories.organisation(), ben, name="The desk that is always right")
    assert ("ben", "name of the organisation") in changed(version), "nobody else has taken the name on yet"
    workflow.submit(version, actor=ana)
    assert names(version) == {"ana"}
    publish.publish(approve(version, ben), actor=ben)
    edit(version.review.organisation, ben, name="Our desk", site="https://new.example")
    after = workflow.start_version(version.review, kind="update", actor=ana)
    edit(after, ana, public_note="Newer figures.", summary="They still do.")
    workflow.submit(after, actor=ana)
    assert names(after) == {"ana"}
    assert approve(after, ben).approver == ben


def test_who_renames_it_and_submits_herself_or_renames_later_is_an_author(live_database: LiveDatabase) -> None:
    """A dishonest chief would else put words into what leaves and approve them alone."""
    ana, ben = factories.editor("ana"), factories.editor("ben")
    version = started(ana)
    complete(version, ana)
    edit(factories.organisation(), ben, name="A desk that lies")
    workflow.submit(version, actor=ben)
    with pytest.raises(Refused, match="name of the organisation"):
        approve(version, ben)
    workflow.send_back(version, actor=ana)
    workflow.submit(version, actor=ana)
    assert names(version) == {"ana"}
    edit(version.review.organisation, ben, name="A desk that lies again")
    with pytest.raises(Refused, match="name of the organisation"):
        approve(version, ben)
    with pytest.raises(IntegrityError, match="the approver is an author"), transaction.atomic():
        _approve_by_sql(version, ben)


def test_an_unknown_hand_on_the_name_blocks_whoever_submits(live_database: LiveDatabase) -> None:
    ana = factories.editor("ana")
    version = started(ana)
    complete(version, ana)
    with noted(actor=None, actor_id=None):
        type(version.review.organisation).objects.update(name="Whose?")
    workflow.submit(version, actor=ana)
    assert [change.user_id for change in contributions(version.pk) if change.part == "organisation"] == [None]
