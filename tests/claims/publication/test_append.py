"""One batch form for single events, imports and merges."""

import orjson
import pytest
from django.forms.models import model_to_dict

from claims.models import ClaimVersion, Publication, PublicationBody
from claims.models.publication import Audience
from claims.publication.append import Entry, append, append_batch, body_now, prepare
from claims.publication.published_claim import ClaimContent, LogPlace
from tests import factories
from tests.claims.publication.test_claim_versions import told

pytestmark = [pytest.mark.django_db, pytest.mark.sql]


def upcoming(*, audience: str) -> tuple[list[Entry], list[ClaimContent]]:
    """The next event of each of three claims, and its body: the first has one event, the others two."""
    reviews = [factories.published_review() for _ in range(3)]
    append(reviews[1].claim, event="reconfirmed", audience="public")
    append(reviews[2].claim, event="watch_lost", audience="newsrooms", review=reviews[2])
    entries = []
    for review in reviews:
        events = list(review.claim.publications.order_by("version"))
        entries.append(Entry.of(review.claim, review, "clarified", len(events) + 1, events[0].at))
    return entries, [body_now(review.claim, audience=audience) for review in reviews]


@pytest.mark.parametrize("audience", Audience.values)
def test_a_batch_of_known_claims_writes_what_single_events_would(audience: str) -> None:
    entries, bodies = upcoming(audience=audience)
    before = Publication.objects.count()
    rows = append_batch(prepare(entries, bodies, audience=audience))
    assert [row.sequence for row in rows] == [before + 1, before + 2, before + 3]
    for each in Audience.values:
        current = ClaimVersion.objects.current(each).values_list("claim", "sequence_from")
        assert dict(current) == told(each, until=before + 3)
    for entry, body, row in zip(entries, bodies, rows, strict=True):
        claim = Publication.objects.get(sequence=row.sequence).claim
        indexed = model_to_dict(ClaimVersion.objects.current(audience).get(claim=claim))
        single = append(claim, event="clarified", audience=audience, review=claim.reviews.get())
        assert (row.version, single.version) == (entry.version, entry.version + 1)
        alone = model_to_dict(ClaimVersion.objects.current(audience).get(claim=claim))
        differing = {name for name in alone if alone[name] != indexed[name]}
        assert differing == {"id", "publication", "sequence_from", "changed_at"}
        one, other = (
            orjson.loads(bytes(PublicationBody.objects.get(publication=sequence).json))
            for sequence in (row.sequence, single.sequence)
        )
        assert [name for name in one if one[name] != other[name]] == ["version", "sequence", "changed_at"]
        assert list(one) == [*body, *LogPlace.__annotations__]


def test_an_empty_batch_takes_no_place_in_the_log(django_assert_num_queries) -> None:
    with django_assert_num_queries(0):
        assert append_batch(prepare([], [], audience=Audience.PUBLIC)) == []
