"""Drafts are followed by their audit, whatever the order in which its rows become visible."""

from unittest import mock

import pytest
from django.apps import apps

from claims.matching.server.draft_claims import DraftReader, drafts, entries_of
from claims.matching.server.drafts_index import DraftsIndex
from sources.database.audit import acting_as
from tests import factories

pytestmark = pytest.mark.django_db
OTTER = "Otters have come back to the Lagan."


def ids(engine, text: str) -> list[str]:
    return [claim for match in engine.match([text], "en", 3)[0] for claim in match.claims]


def test_drafts_come_change_and_go() -> None:
    index = DraftsIndex()
    draft = factories.claim(OTTER)
    index.look()
    assert ids(index.engine(), OTTER) == [draft.public_id]
    other = factories.claim("The Lagan is closed to ships.", language="und")
    with acting_as("demo"):
        draft.text = "Beavers have come back to the Lagan."
        draft.save()
    index.look()
    assert ids(index.engine(), "Beavers have come back to the Lagan.")[:1] == [draft.public_id]
    assert ids(index.engine(), other.text)[0] == other.public_id
    factories.published_review(draft)
    index.look()
    assert draft.public_id not in ids(index.engine(), draft.text)
    factories.redacted(draft)
    index.look()
    assert draft.public_id not in ids(index.engine(), draft.text)  # words that were redacted are nobody's
    with acting_as("demo"):
        other.delete()
    index.look()
    assert other.public_id not in ids(index.engine(), other.text)


def test_a_row_that_becomes_visible_late_is_not_missed() -> None:
    reader = DraftReader()
    late, later = factories.claim(OTTER), factories.claim("Later.")
    events = apps.get_model("claims", "ClaimEvent").objects
    hidden = events.filter(pgh_obj=late.pk).values_list("pgh_id", flat=True)
    seen = events.exclude(pgh_id__in=list(hidden))
    with mock.patch.object(reader, "_events", seen):  # as while the transaction that wrote it is open
        assert [entry.id for entry in reader.changes().entries] == [later.public_id]
        assert reader.changes().entries == []
    assert [entry.id for entry in reader.changes().entries] == [late.public_id]
    assert reader.changes().entries == []


def test_what_newsrooms_find_and_what_is_merged_is_no_draft() -> None:
    into, merged = factories.claim(OTTER), factories.claim(f"{OTTER} Again.")
    for claim in (into, merged):
        factories.published_review(claim)
    factories.merged(merged, into=into)
    draft = factories.claim("A draft.", place="Belfast")
    [entry] = [each for each in entries_of(drafts()) if each.id == draft.public_id]
    assert (entry.text, entry.place, entry.sequence) == ("A draft.", "Belfast", 0)
    assert {into.public_id, merged.public_id}.isdisjoint(entry.id for entry in entries_of(drafts()))


def test_vectors_of_drafts_go_with_them() -> None:
    class Vectors:
        texts: list[str] = []

        def legs(self, entries):
            return []

        def fill(self, texts):
            return True

        def compact(self, texts):
            self.texts = list(texts)
            return True

    vectors = Vectors()
    index = DraftsIndex(vectors)
    draft = factories.claim(OTTER)

    def kept() -> list[str]:
        index.look()
        assert index._computing is not None
        index._computing.result()
        index.look()
        return vectors.texts

    assert OTTER in kept()
    with acting_as("demo"):
        draft.delete()
    assert OTTER not in kept()
