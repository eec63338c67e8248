"""Statements that are cut by hand: offsets cut the text from the document, nothing crosses, claims point right."""

import hashlib
import random

import pytest
from django.contrib.auth.models import User

from claims.models import Document, Statement
from claims.permissions import Refused
from claims.statements import ingest, link_claim
from claims.statements.by_hand import spans
from claims.statements.by_hand.places import crosses, places
from sources.database.audit import acting_as
from tests import factories

pytestmark = pytest.mark.django_db

TEXT = (
    "The city spent 40 million on bridges in 2024 and closed 12 schools, Mayor Ida Moe said. "
    "“We built 4,200 homes,” she added. Nobody asked why.\n\nThe audit counts 390 homes, said Tom Orr."
)


@pytest.fixture
def ana() -> User:
    return factories.editor()


@pytest.fixture
def document() -> Document:
    return ingest.store(ingest.read(TEXT), ingest.statements(TEXT))


def statement(document: Document, holds: str) -> Statement:
    return next(each for each in document.statements.all() if holds in each.text)


def whole(document: Document) -> None:
    """What has to hold of the statements of a document, whatever was done to them."""
    rows = list(document.statements.prefetch_related("attributions", "appearances__attribution"))
    for row in rows:
        assert document.text[row.start : row.end] == row.text
        assert row.text == row.text.strip() != ""
        inside = [*row.content, *(span for each in row.attributions.all() for span in each.content)]
        inside += [[each["start"], each["end"]] for each in row.figures]
        assert all(row.start <= start < end <= row.end for start, end in inside)
        assert all(document.text[each["start"] : each["end"]] == each["text"] for each in row.figures)
        hung = [each.attribution for each in row.appearances.all() if each.attribution is not None]
        assert all(each.statement_id == row.pk for each in hung)
    pairs = [(row.start, row.end) for row in rows]
    assert len(set(pairs)) == len(pairs)
    assert not [(one, other) for one in pairs for other in pairs if crosses(one, other)]


def test_a_statement_of_some_words_takes_over_their_speaker(document: Document, ana: User) -> None:
    start, end = places(TEXT, "closed 12 schools")[0]
    made = spans.add(document, start - 1, end + 0, actor=ana)
    assert made.text == "closed 12 schools" and made.speaker and made.speaker.name == "Ida Moe"
    assert [each["text"] for each in made.figures] == ["12 schools"]
    assert spans.add(document, start, end, actor=ana) == made
    whole(document)


def test_words_that_hold_a_part_of_a_statement_are_refused(document: Document, ana: User) -> None:
    start = TEXT.index("added")
    with pytest.raises(Refused, match="only a part"):
        spans.add(document, start, TEXT.index("asked"), actor=ana)
    with pytest.raises(Refused, match="needs a word"):
        spans.add(document, TEXT.index("\n"), TEXT.index("\n") + 2, actor=ana)
    with pytest.raises(Refused, match="outside the text"):
        spans.add(document, 0, len(TEXT) + 1, actor=ana)


def test_a_reader_of_the_desk_alone_changes_nothing(document: Document) -> None:
    nobody = User.objects.create_user("nobody")
    row = statement(document, "bridges")
    for verb in (
        lambda: spans.add(document, 0, 8, actor=nobody),
        lambda: spans.split(row, row.start + 20, actor=nobody),
        lambda: spans.join(row, actor=nobody),
        lambda: spans.remove(row, actor=nobody),
    ):
        with pytest.raises(Refused, match="may not change"):
            verb()


def test_a_claim_goes_with_the_half_that_says_it(document: Document, ana: User) -> None:
    row = statement(document, "bridges")
    schools = link_claim.claim_from_statement(row, actor=ana, text="The city closed 12 schools.")
    first, second = spans.split(row, TEXT.index("and closed"), actor=ana)
    assert (first.text, second.pk) == ("The city spent 40 million on bridges in 2024", row.pk)
    assert schools.appearances.get().statement == second
    bridges = link_claim.claim_from_statement(first, actor=ana, text="The city spent 40 million on bridges.")
    assert bridges != schools and bridges.appearances.get().attribution is not None
    assert first.speaker == second.speaker is not None
    whole(document)


def test_each_of_two_claims_goes_with_its_half(document: Document, ana: User) -> None:
    row = statement(document, "bridges")
    with acting_as("demo"):
        claims = [factories.claim("The city spent 40 million."), factories.claim("The city closed 12 schools.")]
    for claim in claims:
        link_claim.link_statement(row, claim, actor=ana)
    first, second = spans.split(row, TEXT.index("and closed"), actor=ana)
    assert [claim.appearances.get().statement for claim in claims] == [first, second]
    assert first.pk == row.pk and all(claim.appearances.get().attribution for claim in claims)
    whole(document)


def test_joining_undoes_a_split(document: Document, ana: User) -> None:
    row = statement(document, "bridges")
    before = (row.text, row.content, row.attributions.count(), row.figures)
    claim = link_claim.claim_from_statement(row, actor=ana, text="The city closed 12 schools.")
    first, _ = spans.split(row, TEXT.index("and closed"), actor=ana)
    joined = spans.join(first, actor=ana)
    assert (joined.text, joined.attributions.count()) == (before[0], before[2])
    assert [each["text"] for each in joined.figures] == [each["text"] for each in before[3]]
    assert claim.appearances.get().statement == joined and claim.appearances.get().attribution is not None
    whole(document)


def test_a_claim_of_both_is_linked_once(document: Document, ana: User) -> None:
    one, other = statement(document, "4,200"), statement(document, "Nobody")
    claim = factories.claim("Nobody asked.")
    for row in (one, other):
        link_claim.link_statement(row, claim, actor=ana)
    joined = spans.join(one, actor=ana)
    assert joined.text.endswith("Nobody asked why.") and claim.appearances.get().statement == joined
    whole(document)


def test_the_last_statement_joins_nothing(document: Document, ana: User) -> None:
    with pytest.raises(Refused, match="No statement follows"):
        spans.join(statement(document, "Orr"), actor=ana)


def test_a_statement_with_a_claim_is_not_removed(document: Document, ana: User) -> None:
    row, other = statement(document, "4,200"), statement(document, "Nobody")
    link_claim.claim_from_statement(row, actor=ana)
    with pytest.raises(Refused, match="claim rests"):
        spans.remove(row, actor=ana)
    spans.remove(other, actor=ana)
    with pytest.raises(Refused, match="removed meanwhile"):
        spans.remove(other, actor=ana)


def test_what_a_published_claim_rests_on_keeps_its_words(ana: User) -> None:
    claim = factories.claim()
    row = factories.linked(claim)
    factories.published_review(claim)
    with pytest.raises(Refused, match="published claim"):
        spans.split(row, row.start + 24, actor=ana)
    with pytest.raises(Refused, match="published claim"):
        spans.join(*document_of_two(row), actor=ana)
    assert spans.add(row.document, 1, 23, actor=ana).text == row.text[1:23]


def document_of_two(row: Statement) -> list[Statement]:
    """The statement with another after it in its document."""
    text = f"{row.text} Boats are slow."
    digest = hashlib.sha256(text.encode()).hexdigest()
    with acting_as("demo"):
        Document.objects.filter(pk=row.document_id).update(text=text, text_sha256=digest)
        start = len(row.text) + 1
        Statement.objects.create(document=row.document, text=text[start:], start=start, end=len(text))
    row.document.refresh_from_db()
    return [row]


def test_a_half_that_is_a_statement_already_is_refused(document: Document, ana: User) -> None:
    row = statement(document, "bridges")
    cut = TEXT.index("and closed")
    spans.add(document, row.start, cut, actor=ana)
    with pytest.raises(Refused, match="a statement already"):
        spans.split(row, cut, actor=ana)
    with pytest.raises(Refused, match="only a part"):
        spans.split(row, TEXT.index("million"), actor=ana)


def test_what_was_mended_by_hand_stays_so(document: Document, ana: User) -> None:
    row = statement(document, "bridges")
    attribution = row.attributions.get()
    attribution.mended_by, attribution.mended_at = ana, factories.later(0)
    attribution.save()
    first, second = spans.split(row, TEXT.index("and closed"), actor=ana)
    assert [each.attributions.get().mended_by for each in (first, second)] == [ana, ana]


@pytest.mark.parametrize("seed", range(6))
def test_whatever_is_done_the_statements_stay_whole(seed: int, document: Document, ana: User) -> None:
    """A walk of random verbs; what is refused changes nothing."""
    chance = random.Random(seed)
    done = 0
    for _ in range(25):
        rows = list(document.statements.all())
        row = chance.choice(rows)
        verb = chance.choice(["add", "add", "split", "split", "join", "remove", "claim"])
        try:
            if verb == "add":
                start, end = sorted(chance.sample(range(len(TEXT) + 1), 2))
                if chance.random() < 0.6:
                    start, end = sorted(chance.sample(range(row.start, row.end + 1), 2))
                spans.add(document, start, end, actor=ana)
            elif verb == "split":
                spans.split(row, chance.randrange(row.start, row.end), actor=ana)
            elif verb == "join":
                spans.join(row, actor=ana)
            elif verb == "remove":
                spans.remove(row, actor=ana)
            else:
                link_claim.claim_from_statement(row, actor=ana, text=row.text, without_speaker=False)
        except Refused:
            pass
        else:
            done += 1
        whole(document)
    assert done > 5
