"""What a published body says of who said it: the attribution that the claim hangs on, and the others apart."""

from typing import Any

import pytest
from django.contrib.auth.models import User
from django.utils import timezone

from claims.authorship import contributions
from claims.models import Appearance, Attribution, Claim, Statement
from claims.publication import body
from claims.reviews import amendments, publish, workflow
from sources.database.audit import acting
from tests import factories
from tests.conftest import LiveDatabase

TEXT = "“412 bridges need repair,” the minister said; the engineers deny that 412 do."


@pytest.fixture
def statement(db: None) -> Statement:
    return factories.attributed(TEXT, also="412 do")


@pytest.fixture
def ana(db: None) -> User:
    return factories.editor("ana")


@pytest.fixture
def ben(db: None) -> User:
    return factories.editor("ben")


def shown(claim: Claim) -> Any:
    [statement] = body.claim_part(claim, before=None)["statements"]
    return statement


def who(words: Any) -> tuple[Any, ...]:
    return (words["speaker"] and words["speaker"]["name"], words["speaker_as_written"], words["cue"], words["quoted"])


def test_it_shows_speaker_cue_and_content_of_the_one_that_it_hangs_on(statement: Statement) -> None:
    claim = factories.claim()
    factories.appearing(claim, statement)
    words = shown(claim)
    assert who(words) == ("A. Minister", "the minister", "said", True)
    assert words["content"] == ["412 bridges need repair"]
    denial = statement.attributions.get(polarity="negated")
    assert words["attribution"] == statement.attributions.get(polarity="asserted").public_id
    assert words["attributions"] == [
        {
            "id": denial.public_id,
            "speaker_as_written": "the engineers",
            "cue": "deny",
            "content": ["412 do"],
            "quoted": False,
            "polarity": "negated",
        }
    ]


def test_of_two_assertions_each_claim_shows_its_own(statement: Statement) -> None:
    second = factories.attribution(statement, "deny", [[1, 13]], "a clerk")
    claims = [factories.claim(), factories.claim("412 bridges.")]
    for claim, hung in zip(claims, (statement.attributions.get(cue="said"), second), strict=True):
        Appearance.objects.create(claim=claim, statement=statement, attribution=hung)
    assert [who(shown(claim))[1:3] for claim in claims] == [("the minister", "said"), ("a clerk", "deny")]


def test_a_claim_that_hangs_on_none_has_no_speaker(statement: Statement) -> None:
    """Though the statement's own fields name one: somebody else said it, or nobody did."""
    Appearance.objects.create(claim=(claim := factories.claim()), statement=statement)
    words = shown(claim)
    assert who(words) == (None, None, None, False) and "content" not in words and "attribution" not in words
    assert [each["polarity"] for each in words["attributions"]] == ["asserted", "negated"]


def test_a_statement_without_attributions_speaks_by_its_own_fields(db: None) -> None:
    factories.linked(claim := factories.claim())
    words = shown(claim)
    assert who(words) == ("A. Minister", "the minister", "said", True)
    assert not {"attribution", "attributions", "content"} & words.keys()


def test_one_of_an_earlier_version_reads_as_it_did(db: None) -> None:
    statement = factories.linked(claim := factories.claim())
    before = shown(claim)
    old = Attribution.objects.create(
        statement=statement,
        speaker=statement.speaker,
        speaker_as_written="the minister",
        cue="said",
        content=statement.content,
        quoted=True,
        polarity="asserted",
    )
    Appearance.objects.update(attribution=old)
    assert shown(claim) == before


# Whoever writes who said it writes what leaves.


@pytest.mark.sql
@pytest.mark.parametrize(
    "change", [{"content": [[1, 13]]}, {"cue": "told"}, {"speaker_as_written": "the premier"}, {"quoted": False}]
)
def test_whoever_mends_it_is_an_author(live_database: LiveDatabase, change: dict[str, Any]) -> None:
    statement = factories.attributed(TEXT, also="412 do")
    ana, ben = factories.editor("ana"), factories.editor("ben")
    claim = factories.claim()
    factories.appearing(claim, statement)
    for again in (False, True):
        version = factories.draft(claim, author=ana) if not again else next_version(claim, ana)
        assert "ben" not in {each.actor for each in contributions(version.pk)}
        with acting(ben, reason="mended"):
            Attribution.objects.filter(polarity="asserted").update(mended_by=ben, mended_at=timezone.now(), **change)
        assert ("ben", "attribution") in {(each.actor, each.part) for each in contributions(version.pk)}
        with acting(ben, reason="took it back"):
            Attribution.objects.filter(polarity="asserted").update(
                content=[[1, 24]], cue="said", speaker_as_written="the minister", quoted=True
            )
        assert "ben" not in {each.actor for each in contributions(version.pk)}
        if not again:
            version = factories.approved(version)
            publish.publish(version, actor=version.approver)


def next_version(claim: Claim, by: User) -> Any:
    [review] = claim.reviews.all()
    return workflow.start_version(review, kind="update", actor=by, public_note="More is known.")


def test_whoever_hangs_the_claim_on_another_is_an_author(statement: Statement, ana: User, ben: User) -> None:
    second = factories.attribution(statement, "deny", [[1, 13]], "a clerk")
    claim = factories.claim()
    factories.appearing(claim, statement)
    factories.published_review(claim)
    version = next_version(claim, ana)
    with acting(ben, reason="chose"):
        Appearance.objects.update(attribution=second)
    found = {(each.actor, each.part) for each in contributions(version.pk)}
    assert ("ben", "statements") in found and not {part for actor, part in found if actor == "ben"} - {"statements"}


def test_edits_of_published_ones_wait_and_leave(statement: Statement, ana: User, ben: User) -> None:
    claim = factories.claim()
    factories.appearing(claim, statement)
    factories.published_review(claim)
    with acting(ana, reason="mended"):
        Attribution.objects.filter(polarity="negated").update(cue="dispute", mended_by=ana, mended_at=timezone.now())
    [row] = amendments.unpublished(ana)
    assert [each.path for each in row.differences] == [
        f"claim.statements[{statement.public_id}].attributions[{statement.attributions.get(cue='dispute').public_id}].cue"
    ]
    amendment = amendments.submit([claim.pk], actor=ana, shown=amendments.shown_sha256([row]))
    seen = amendments.shown_sha256(amendments.now(amendment))
    with pytest.raises(Exception, match="submitted"):
        amendments.approve(amendment, actor=ana, shown=seen)
    amendments.approve(amendment, actor=ben, shown=seen)
    assert list(amendments.unpublished(ana)) == []


@pytest.mark.parametrize("what", ["added", "removed", "hung"])
def test_whoever_adds_removes_or_chooses_one_cannot_approve_it(
    statement: Statement, ana: User, ben: User, what: str
) -> None:
    claim = factories.claim()
    factories.appearing(claim, statement)
    factories.published_review(claim)
    with acting(ben, reason="edited"):
        if what == "added":
            factories.attribution(statement, "deny", [[1, 13]], "a clerk")
        elif what == "removed":
            Appearance.objects.update(attribution=None)
        else:
            second = factories.attribution(statement, "deny", [[1, 13]], "a clerk")
            Appearance.objects.update(attribution=second)
    [row] = amendments.unpublished(ana)
    amendment = amendments.submit([claim.pk], actor=ana, shown=amendments.shown_sha256([row]))
    seen = amendments.shown_sha256(amendments.now(amendment))
    with pytest.raises(Exception, match="a colleague"):
        amendments.approve(amendment, actor=ben, shown=seen)
    amendments.approve(amendment, actor=factories.editor(), shown=seen)
