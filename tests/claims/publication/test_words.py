"""Only what two people approved changes the words of a claim; every other event keeps them to the byte."""

import random
from datetime import date
from typing import Any

import orjson
import pytest
from django.apps import apps
from django.db import Error, IntegrityError, connection, models, transaction

from claims.models import (
    Article,
    Claim,
    ClaimVersion,
    Evidence,
    Organisation,
    Publication,
    PublicationBody,
    Recheck,
    Review,
    Speaker,
    Statement,
    Topic,
)
from claims.models.publication import WORD_EVENTS, Audience
from claims.permissions import Refused
from claims.publication import append, published_claim, words
from claims.publication.description import FieldClass, without
from claims.reviews import publish, rechecks, workflow
from claims.watch import sweep
from sources.models import Page
from tests import factories

pytestmark = pytest.mark.django_db

MACHINE_EVENTS = sorted(set(Publication.Event.values) - set(WORD_EVENTS))


def whole_claim() -> Claim:
    """A claim with all that a claim part and own parts can hold, and two published reviews."""
    claim = factories.claim("412 bridges need repair.", place="Weirside", period_start=date(2026, 1, 1))
    claim.topics.add(Topic.objects.create(slug="roads", name="Roads"))
    factories.linked(claim)
    factories.linked(claim, text="“It is 412,” she said.", speaker="B. Mayor")
    for number in (1, 2):
        version = factories.draft(claim)
        version.review.article = Article.objects.create(
            organisation=version.review.organisation, url=f"https://desk.example/{number}", title="Do they?"
        )
        version.review.save()
        Evidence.objects.create(version=version, kind="analysis", stance="context", note="We counted.")
        publish.publish(factories.approved(version), actor=factories.editor())
    return claim


def kept(body: PublicationBody) -> bytes:
    """The bytes of a body without machine, derived and place fields: what nobody but people may change."""
    said = orjson.loads(bytes(body.json))
    classes = (FieldClass.MACHINE, FieldClass.DERIVED, FieldClass.PLACE)
    return orjson.dumps(without(said, published_claim.Claim, *classes))


def editorial_columns() -> list[tuple[str, Any]]:
    """Every column of every table of ours that an editor, or anybody with the role of the desk, can write."""
    return [
        (model._meta.db_table, field)
        for app in ("claims", "sources")
        for model in apps.get_app_config(app).get_models(include_auto_created=True)
        if not getattr(model, "append_only", False) and not model._meta.db_table.endswith("event")
        for field in model._meta.concrete_fields
        if not field.primary_key
    ]


def scribble(chance: random.Random, columns: list[tuple[str, Any]]) -> bool:
    """Overwrite a column of all rows of a table with a value of its type, or delete a row; false if refused."""
    table, field = chance.choice(columns)
    if chance.random() < 0.1:
        statement, values = f'DELETE FROM "{table}" WHERE ctid = (SELECT ctid FROM "{table}" LIMIT 1)', []
    else:
        value: Any = f"Edited {chance.random()}"
        if isinstance(field, models.BooleanField):
            value = chance.random() < 0.5
        elif isinstance(field, models.DateTimeField | models.DateField):
            value = "2020-01-02"
        elif isinstance(field, models.IntegerField | models.ForeignKey):
            value = chance.randrange(1, 9)
        elif isinstance(field, models.JSONField):
            value = "[]"
        elif (choices := field.choices) and not callable(choices):
            value = str(chance.choice([key for key, _ in field.flatchoices]))
        statement, values = f'UPDATE "{table}" SET "{field.column}" = %s', [value]
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute(statement, values)
    except Error:
        return False
    return True


def machine_event(chance: random.Random, claim: Claim, pages: list[Page]) -> None:
    """Something that publishes no words: a poll and its sweep, an editor's decision, or a bare event."""
    way = chance.randrange(4)
    if way == 0:
        text: str | None = chance.choice(
            [None, factories.PAGE_TEXT, factories.PAGE_TEXT.replace("412", "389"), "Something else altogether."]
        )
        factories.change(chance.choice(pages), text, certainty=chance.choice(["suspected", "confirmed"]))
        sweep.sweep()
    elif way == 1 and (recheck := Recheck.objects.open().filter(review__claim=claim).first()):
        verb = chance.choice(["confirm", "dismiss"])
        try:
            with transaction.atomic():
                if verb == "confirm":
                    rechecks.confirm(recheck, actor=factories.editor())
                else:
                    rechecks.dismiss(recheck, actor=factories.editor(), note="A false alarm.")
        except Refused:
            pass
    else:
        append.append(claim, event=chance.choice(MACHINE_EVENTS), audience=chance.choice(Audience.values))


@pytest.mark.sql
@pytest.mark.parametrize("seed", range(2))
def test_whatever_is_edited_no_machine_event_changes_a_byte_that_was_approved(seed: int) -> None:
    chance = random.Random(seed)
    claim = whole_claim()
    pages = list(Page.objects.order_by("pk"))
    columns = editorial_columns()
    approved = kept(PublicationBody.objects.get(publication__claim=claim, publication__version=2))
    edits = events = 0
    while events < 200:
        edits += scribble(chance, columns)
        before = Publication.objects.count()
        # What was scribbled over may make an event impossible; it must not make it say something else.
        try:
            with transaction.atomic():
                machine_event(chance, claim, pages)
        except (Error, ValueError, AttributeError, TypeError, Refused, models.ObjectDoesNotExist):
            continue
        finally:
            events += 1
        events += max(0, Publication.objects.count() - before - 1)
    after = PublicationBody.objects.filter(publication__claim=claim, publication__version__gt=2)
    assert edits > 60 and after.count() > 60
    assert {kept(body) for body in after} == {approved}


@pytest.mark.sql
def test_an_event_that_keeps_no_words_is_refused_by_the_database() -> None:
    claim = whole_claim()
    last = words.last_words(claim)
    assert last is not None
    for event in MACHINE_EVENTS:
        with pytest.raises(IntegrityError, match="changes words that two people approved"), transaction.atomic():
            append.append(claim, event=event, audience="public", words=last.words | {"text": "Other words."})
    append.append(claim, event="clarified", audience="public", words=last.words | {"text": "Other words."})


def test_an_approved_version_replaces_its_own_part_and_the_claims_and_no_other() -> None:
    claim = whole_claim()
    second = claim.reviews.order_by("pk")[1]
    before = words.last_words(claim)
    Claim.objects.filter(pk=claim.pk).update(text="413 bridges need repair.")
    Article.objects.update(title="Edited")
    version = workflow.start_version(second, kind="correction", actor=factories.editor(), public_note="It is 413.")
    version.correction_kind, version.summary = "substantive", "It says 413."
    version.save()
    publish.publish(factories.approved(version), actor=factories.editor())
    after = words.last_words(claim)
    assert before is not None and after is not None
    assert after.salt == before.salt
    assert after.words["text"] == "413 bridges need repair."
    assert after.words["reviews"][0] == before.words["reviews"][0], "the other review keeps its part"
    own = after.words["reviews"][1]
    assert (own["id"], own["summary"], own["article"]["title"]) == (second.public_id, "It says 413.", "Edited")
    assert own["history"][:1] == before.words["reviews"][1]["history"]
    assert [entry["kind"] for entry in own["history"]] == ["original", "correction"]


@pytest.mark.parametrize(
    "edit",
    [
        lambda version: Claim.objects.update(text="Words nobody approved."),
        lambda version: Speaker.objects.update(name="Somebody Else"),
        lambda version: Statement.objects.update(speaker_as_written="a thief"),
        lambda version: Topic.objects.update(name="Scandals"),
        lambda version: Organisation.objects.update(name="Another desk"),
        lambda version: factories.linked(version.review.claim, text="“Yes,” he said."),
        lambda version: version.review.claim.topics.clear(),
    ],
    ids=["claim", "speaker", "statement", "topic", "organisation", "appearance", "topic removed"],
)
def test_what_was_edited_after_the_approval_is_refused_with_its_word_diff(edit: Any) -> None:
    claim = factories.claim()
    claim.topics.add(Topic.objects.create(slug="roads", name="Roads"))
    factories.linked(claim)
    version = factories.approved(factories.draft(claim))
    edit(version)
    with pytest.raises(Refused, match=r"approved first|changed after the approval.*(\[[-+]|:)"):
        publish.publish(version, actor=factories.editor())
    assert not Publication.objects.exists()


def test_an_approval_is_of_the_words_that_were_shown() -> None:
    version = factories.draft()
    workflow.submit(version, actor=version.author)
    shown = words.leaving(version).sha256
    Speaker.objects.create(name="Not of this claim")
    approver = factories.editor()
    Organisation.objects.update(name="Renamed while she read")
    with pytest.raises(Refused, match="not those that you were shown"):
        workflow.approve(version, actor=approver, shown=shown)
    done = workflow.approve(version, actor=approver, shown=words.leaving(version).sha256)
    assert done.approved_words == words.leaving(version).approved
    assert words.approved_sha256(done.approved_words) == done.approved_sha256


def test_an_edit_in_review_returns_it_to_draft_and_voids_what_was_shown() -> None:
    version = factories.draft()
    workflow.submit(version, actor=version.author)
    shown = words.leaving(version).sha256
    Claim.objects.filter(pk=version.review.claim_id).update(text="Something B never read.")
    version.refresh_from_db()
    assert version.state == "draft"
    with pytest.raises(Refused, match="is draft"):
        workflow.approve(version, actor=factories.editor(), shown=shown)


def test_an_import_changes_no_approved_word_and_its_statements_are_its_own() -> None:
    claim = whole_claim()
    last = words.last_words(claim)
    assert last is not None
    imported = {**last.words["statements"][0], "id": "stm_0000000000000000", "review": "rev_0000000000000000"}
    append.append(
        claim,
        event="updated",
        audience="public",
        words=last.words | {"statements": [imported, *last.words["statements"]]},
    )
    version = workflow.start_version(
        claim.reviews.order_by("pk")[0], kind="update", actor=factories.editor(), public_note="Still so."
    )
    leaving = words.leaving(version)
    assert leaving.words["statements"][0] == imported, "kept as its publisher's import brought it"
    assert all("review" not in each for each in leaving.approved["claim"]["statements"])


def test_confidential_evidence_is_in_no_words() -> None:
    version = factories.draft()
    Evidence.objects.create(
        version=version, kind="analysis", stance="context", note="Secret.", visibility="confidential"
    )
    assert "Secret." not in orjson.dumps(words.leaving(version).words).decode()


def test_differences_name_the_field_and_mark_the_words() -> None:
    before = {"claim": {"text": "412 bridges", "topics": [{"slug": "roads", "name": "Roads"}]}}
    after = {"claim": {"text": "413 bridges", "topics": []}}
    found = words.differences(before, after)
    assert [each.path for each in found] == ["claim.text", "claim.topics[roads].slug", "claim.topics[roads].name"]
    assert words.sentence(found[:1]) == "claim.text: [-412-] [+413+] bridges"


def test_a_claim_that_was_never_published_has_no_words_to_keep() -> None:
    claim = factories.claim()
    assert words.last_words(claim) is None
    with pytest.raises(append.NothingPublished):
        append.append(claim, event="watch_lost", audience="newsrooms")
    assert not ClaimVersion.objects.exists() and not Review.objects.exists()


@pytest.mark.sql
@pytest.mark.parametrize(
    "forge",
    [
        lambda said: said["reviews"][0].update(summary="Forged."),
        lambda said: said["reviews"][0].update(body="Forged."),
        lambda said: said["reviews"][0].update(public_note="Forged."),
        lambda said: said["reviews"][0].update(rating=said["reviews"][0]["rating"] | {"label": "Forged"}),
        lambda said: said["reviews"][0].update(rating=None),
        lambda said: said["reviews"][0].update(version=7),
        lambda said: said["reviews"].pop(0),
    ],
    ids=["summary", "text", "note", "rating", "no rating", "version", "review left out"],
)
def test_a_body_says_of_our_reviews_what_their_published_versions_say(forge: Any) -> None:
    """Whatever the event is: a forged row of the log needs a version that two people approved."""
    claim = whole_claim()
    last = words.last_words(claim)
    assert last is not None
    forged = orjson.loads(orjson.dumps(last.words))
    forge(forged)
    for event in ("corrected", "clarified", "updated"):
        with pytest.raises(IntegrityError, match="what none of its published versions says"), transaction.atomic():
            append.append(claim, event=event, audience="public", words=forged)
    assert Publication.objects.filter(claim=claim).count() == 2
