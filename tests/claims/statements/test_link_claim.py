"""Claims that are made of statements: whose they are, and that nobody is given a denial as an assertion."""

import pytest
from django.contrib.auth.models import User

from claims.models import Appearance, Attribution, Claim, Statement
from claims.permissions import Refused
from claims.statements import ingest, link_claim, mend
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def ana() -> User:
    return factories.editor("ana")


def stored(text: str) -> Statement:
    return ingest.store(ingest.read(text.encode()), ingest.statements(text)).statements.get()


def test_a_denial_gives_nobody_a_claim(ana: User) -> None:
    statement = stored("Ida Moe never said that the dam is safe.")
    [proposed] = link_claim.proposed_claims(statement)
    assert (proposed.speaker, proposed.needs_word) == ("", True)
    for attribution in (None, proposed.attribution):
        with pytest.raises(Refused, match="has no speaker"):
            link_claim.claim_from_statement(statement, actor=ana, attribution=attribution)
    claim = link_claim.claim_from_statement(
        statement, actor=ana, attribution=proposed.attribution, without_speaker=True
    )
    assert claim.text == "The dam is safe." and Appearance.objects.get().attribution is None


def test_a_negation_of_what_was_said_stays_in_the_claim(ana: User) -> None:
    statement = stored("Ida Moe said that the dam is not safe.")
    [proposed] = link_claim.proposed_claims(statement)
    assert (proposed.text, proposed.speaker, proposed.needs_word) == ("The dam is not safe.", "Ida Moe", False)
    claim = link_claim.claim_from_statement(statement, actor=ana)
    hung = Appearance.objects.get().attribution
    assert claim.text == "The dam is not safe." and hung and hung.speaker and hung.speaker.name == "Ida Moe"
    assert link_claim.claim_from_statement(statement, actor=ana) == claim


def test_an_attribution_of_another_statement_is_refused(ana: User) -> None:
    one, other = factories.attributed(), factories.attributed("“Boats are slow,” the minister said.")
    with pytest.raises(Refused, match="of another statement"):
        link_claim.claim_from_statement(one, actor=ana, attribution=other.attributions.get())
    with pytest.raises(Refused, match="of another statement"):
        link_claim.link_statement(one, factories.claim(), actor=ana, attribution=other.attributions.get())


def test_a_statement_of_several_that_is_linked_without_a_choice_gives_no_speaker(ana: User) -> None:
    statement = factories.attributed()
    factories.attribution(statement, "said", [[1, 4]], "a clerk")
    assert link_claim.link_statement(statement, factories.claim(), actor=ana).attribution is None


def test_what_is_removed_is_no_claims_speaker(ana: User) -> None:
    statement = factories.attributed()
    [attribution] = statement.attributions.all()
    link = factories.appearing(factories.claim(), statement)
    with pytest.raises(Refused, match="A claim hangs on this"):
        mend.remove(attribution, actor=ana)
    link.delete()
    mend.remove(attribution, actor=ana)
    statement.refresh_from_db()
    assert not Attribution.objects.exists() and (statement.speaker, statement.cue) == (None, "")


def test_who_may_not_edit_mends_nothing() -> None:
    statement = factories.attributed()
    stranger = User.objects.create_user("stranger")
    [attribution] = statement.attributions.all()
    for change in (mend.mend, mend.remove):
        with pytest.raises(Refused, match="You may not mend"):
            change(attribution, actor=stranger)
    assert not Claim.objects.exists()


def test_no_claim_is_offered_of_words_that_are_no_clause(ana: User) -> None:
    text = "Ida Moe accused Tom Falk of hiding the report."
    statement = ingest.store(ingest.read(text.encode()), ingest.statements(text), language="en").statements.get()
    [proposed] = link_claim.proposed_claims(statement)
    assert proposed.text == "" and "no assertion" in proposed.no_assertion
    with pytest.raises(Refused, match="no assertion"):
        link_claim.claim_from_statement(statement, actor=ana)
    claim = link_claim.claim_from_statement(statement, actor=ana, text="Tom Falk hid the report.")
    assert claim.text == "Tom Falk hid the report."


def test_a_speaker_read_from_a_pronoun_is_announced(ana: User) -> None:
    text = "Ida Moe said that the dam holds. She said that it is old."
    first, second = ingest.store(ingest.read(text.encode()), ingest.statements(text)).statements.all()
    [named], [read] = link_claim.proposed_claims(first), link_claim.proposed_claims(second)
    assert (named.speaker, named.needs_confirmation) == ("Ida Moe", False)
    assert (read.speaker, read.needs_confirmation) == ("“She” (read as Ida Moe)", True)
