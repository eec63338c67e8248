"""The body of a claim describes every kind of evidence, and nothing is published with an unknown one."""

from typing import Any

import orjson
import pytest

from claims.models import Evidence, Publication, Topic
from claims.publication.body import claim_part
from claims.reviews import publish
from tests import factories

pytestmark = pytest.mark.django_db
# What the body says of each kind, and a row of it beside the quote of a page that `factories.draft` brings.
MEMBERS: dict[str, tuple[set[str], dict[str, str]]] = {
    "page_quote": ({"quote", "now", "page", "source", "snapshot"}, {}),
    "file": ({"file"}, {"file_name": "a.pdf", "file_sha256": "0" * 64}),
    "dataset": ({"dataset"}, {"dataset": "Bridges", "cell": "B2", "value": "412"}),
    "interview": ({"interview"}, {"who": "A clerk", "how": "by letter", "happened_at": "2026-01-01T00:00:00Z"}),
    "broadcast": ({"broadcast"}, {"programme": "News", "timecode": "00:12:30"}),
    "analysis": (set(), {"note": "We counted."}),
}


def published(kind: str) -> list[dict[str, Any]]:
    """The evidence of a review that rests on a quote of a page and on a row of this kind, as the log has it."""
    version = factories.draft()
    if kind != "page_quote":
        fields = MEMBERS[kind][1] if kind in MEMBERS else {}
        Evidence.objects.create(version=version, kind=kind, stance="context", **fields)
    version = factories.approved(version)
    publication = publish.publish(version, actor=version.approver)
    evidence: list[dict[str, Any]] = orjson.loads(bytes(publication.body.json))["reviews"][0]["evidence"]
    return evidence


@pytest.mark.parametrize("kind", Evidence.Kind.values)
def test_every_kind_of_evidence_has_its_members_and_no_others(kind: str) -> None:
    every = set().union(*(members for members, _ in MEMBERS.values()))
    item = published(kind)[-1]
    assert item["kind"] == kind
    assert every & item.keys() == MEMBERS[kind][0]


def test_an_unknown_kind_of_evidence_is_not_published() -> None:
    with pytest.raises(ValueError, match="podcast"):
        published("podcast")
    assert not Publication.objects.exists()


def test_topics_of_one_name_come_in_one_order() -> None:
    """Else the words that two people approved would be others the next time they are rendered."""
    claim = factories.claim()
    topics = [Topic.objects.create(slug=slug, name="Bridges") for slug in ("c", "a", "d", "b")]
    claim.topics.add(*reversed(topics))
    assert [each["slug"] for each in claim_part(claim, before=None)["topics"]] == ["a", "b", "c", "d"]
