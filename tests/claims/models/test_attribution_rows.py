"""What the database holds of attributions: who may speak, what a claim hangs on, and that editors' words stay."""

from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import IntegrityError, connection, transaction

from claims.models import Appearance, Attribution, Speaker, Statement, UnpublishedEdit
from claims.statements import ingest
from claims.statements.extracted import Polarity
from sources.database.audit import acting, acting_as
from tests import factories

pytestmark = [pytest.mark.django_db, pytest.mark.sql]

TWO = "“412 bridges need repair,” the minister said; the engineers deny that 412 do."
NOT_ASSERTED = [each.value for each in Polarity if each is not Polarity.ASSERTED]


@pytest.fixture
def statement() -> Statement:
    return factories.attributed(TWO, also="412 do")


def asserted(statement: Statement) -> Attribution:
    return statement.attributions.get(polarity="asserted")


def denied(statement: Statement) -> Attribution:
    return statement.attributions.get(polarity="negated")


def refused(match: str, sql: str, *values: Any) -> None:
    with pytest.raises(IntegrityError, match=match), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql, values)
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def test_the_polarities_are_those_that_are_extracted() -> None:
    assert Attribution.Polarity.values == [each.value for each in Polarity]


@pytest.mark.parametrize("polarity", NOT_ASSERTED)
def test_only_an_asserted_attribution_has_a_speaker(statement: Statement, polarity: str) -> None:
    speaker = Speaker.objects.get()
    Attribution.objects.filter(pk=denied(statement).pk).update(polarity=polarity)
    refused(
        "attribution_speaker_asserted",
        "UPDATE claims_attribution SET speaker_id = %s WHERE polarity = %s",
        speaker.pk,
        polarity,
    )
    refused("attribution_speaker_asserted", "UPDATE claims_attribution SET polarity = %s", polarity)


def test_there_is_no_other_polarity(statement: Statement) -> None:
    refused("attribution_polarity", "UPDATE claims_attribution SET speaker_id = NULL, polarity = 'quoted'")


def test_a_claim_hangs_on_an_asserted_attribution_of_its_statement_or_on_none(statement: Statement) -> None:
    claim, other = factories.claim(), factories.attributed("“Boats are slow,” the minister said.")
    for wrong in (denied(statement), asserted(other)):
        refused(
            "A claim hangs on an asserted attribution of its statement",
            "INSERT INTO claims_appearance (claim_id, statement_id, attribution_id) VALUES (%s, %s, %s)",
            claim.pk,
            statement.pk,
            wrong.pk,
        )
    link = Appearance.objects.create(claim=claim, statement=statement)
    refused(
        "hangs on an asserted attribution", "UPDATE claims_appearance SET attribution_id = %s", denied(statement).pk
    )
    Appearance.objects.filter(pk=link.pk).update(attribution=asserted(statement))
    refused(
        "A claim hangs on this attribution. Link its statement without a speaker first",
        "UPDATE claims_attribution SET speaker_id = NULL, polarity = 'modal' WHERE id = %s",
        asserted(statement).pk,
    )
    refused("An attribution stays with its statement", "UPDATE claims_attribution SET statement_id = %s", other.pk)


def test_what_an_editor_mended_no_program_changes(statement: Statement) -> None:
    ana = factories.editor("ana")
    with acting(ana, reason="mended"):
        Attribution.objects.update(mended_by=ana, mended_at="2026-03-01T00:00:00Z")
    for context in ("ingest", "import"):
        with acting_as(context):
            refused("no program changes it", "UPDATE claims_attribution SET cue = 'told'")
            refused("no program changes it", "DELETE FROM claims_attribution")
    with acting(ana, reason="mended"):
        assert Attribution.objects.update(cue="told") == 2
        refused("attribution_mended_by", "UPDATE claims_attribution SET mended_by_id = NULL")


def test_it_stays_while_its_statement_is_published(statement: Statement) -> None:
    claim = factories.claim()
    link = factories.appearing(claim, statement)
    factories.published_review(claim)
    link.delete()
    refused("This attribution is part of what is published or was", "DELETE FROM claims_attribution")
    other = factories.attributed("“Boats are slow,” the minister said.")
    assert asserted(other).delete()[0] == 1


@pytest.mark.parametrize(
    "edit",
    [
        "UPDATE claims_attribution SET cue = 'told' WHERE polarity = 'asserted'",
        "UPDATE claims_attribution SET content = '[[1, 13]]' WHERE polarity = 'asserted'",
        "UPDATE claims_attribution SET polarity = 'modal' WHERE polarity = 'negated'",
        "UPDATE claims_appearance SET attribution_id = NULL",
        "INSERT INTO claims_attribution (public_id, statement_id, polarity, content, quoted, cue, speaker_as_written,"
        " unsure) SELECT 'atr_0', id, 'asked', '[]', false, 'asks', '', '' FROM claims_statement",
    ],
)
def test_an_edit_of_a_published_claim_is_noted(statement: Statement, edit: str) -> None:
    claim = factories.claim()
    factories.appearing(claim, statement)
    factories.published_review(claim)
    UnpublishedEdit.objects.all().delete()
    with connection.cursor() as cursor:
        cursor.execute(edit)
    assert list(UnpublishedEdit.objects.values_list("claim", flat=True)) == [claim.pk]


def test_a_document_is_stored_with_all_its_attributions() -> None:
    text = "Ida Moe said the dam holds, and Omar Lund denied that the dam leaks. The dam is old."
    document = ingest.store(ingest.read(text.encode()), extracted := ingest.statements(text))
    found = list(Attribution.objects.select_related("speaker", "statement"))
    assert len(found) == sum(len(each.attributions) for each in extracted) > 1
    for row in found:
        assert row.statement.document == document and row.start is not None and row.end is not None
        assert text[row.start : row.end] == row.cue and not row.is_of_earlier_version
        assert row.pieces(row.statement) == [text[start:end] for start, end in row.content]
    denial = next(row for row in found if row.cue == "denied")
    assert (denial.polarity, denial.speaker, denial.speaker_as_written) == ("negated", None, "Omar Lund")


def test_a_statement_that_nothing_rests_on_is_deleted_with_its_attributions(statement: Statement, ana: User) -> None:
    with acting(ana, reason="deleted"):
        statement.delete()
    assert Attribution.objects.count() == 0


@pytest.fixture
def ana() -> User:
    return factories.editor("ana")
