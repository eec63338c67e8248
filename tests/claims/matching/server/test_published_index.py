"""The index follows the log: what is published is found, and what is withdrawn, merged or redacted is gone."""

import logging
from pathlib import Path
from unittest import mock

import pytest

from claims.matching.engine import VERSION
from claims.matching.server import base_folder, published_claims, published_index
from claims.matching.server.followed_engine import write_base
from claims.matching.server.published_index import PublishedIndex
from claims.matching.server.requests import NotReady
from claims.matching.types import Tier
from claims.models import Claim, ClaimVersion, IndexState
from claims.publication.log_reader import START, Place
from claims.publication.rebuild import rebuild_index
from claims.reviews import publish, workflow
from tests import factories

pytestmark = pytest.mark.django_db
LYNX = "Nineteen lynxes were counted in the Harz in 2021."
BUS = "The night bus to Kumla was cancelled for good."


class Writer:
    """Writes a base at once, in place of a child process."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.started = 0
        self.works = True

    def start(self) -> None:
        self.started += 1
        if self.works:
            write_base(self.folder)

    def result(self) -> bool:
        return self.works


@pytest.fixture
def writer(tmp_path: Path) -> Writer:
    return Writer(tmp_path)


@pytest.fixture
def index(tmp_path: Path, writer: Writer) -> PublishedIndex:
    return PublishedIndex(tmp_path, writer)


def published(text: str, **fields: object) -> Claim:
    claim = factories.claim(text, **fields)
    factories.published_review(claim)
    return claim


def found(index: PublishedIndex, text: str) -> list[str]:
    index.look()
    matches = index.engine().match([text], "en", 5)[0]
    return [claim for match in matches if match.tier == Tier.MATCH for claim in match.claims]


def test_it_follows_what_happens_to_a_claim(index: PublishedIndex) -> None:
    with pytest.raises(NotReady):
        index.engine()
    assert index.state()["reason"] == "it starts"
    lynx = published(LYNX)
    assert found(index, LYNX) == [lynx.public_id]
    bus = published(BUS)
    assert found(index, BUS) == [bus.public_id]
    assert index.state() == {"reason": "", "claims": 2, "sequence": published_claims.log_state().head.sequence}
    factories.merged(bus, into=lynx)
    assert bus.public_id not in found(index, BUS)
    [entry] = index.engine().entries.get([lynx.public_id])
    assert BUS in entry[0].titles  # so that it is found by the words that were merged into it
    factories.unmerged(bus)
    assert found(index, BUS) == [bus.public_id]
    factories.redacted(bus)
    assert bus.public_id not in found(index, BUS)


def test_what_is_withdrawn_leaves_it(index: PublishedIndex) -> None:
    lynx = published(LYNX)
    assert found(index, LYNX) == [lynx.public_id]
    withdrawal = workflow.start_version(
        lynx.reviews.get(), kind="withdrawal", actor=factories.editor(), public_note="The count was of another year."
    )
    publish.publish(factories.approved(withdrawal), actor=factories.editor())
    assert found(index, LYNX) == []
    assert index.state()["claims"] == 0


def test_drafts_are_not_in_it(index: PublishedIndex) -> None:
    factories.claim(LYNX)
    assert found(index, LYNX) == []


def test_a_replaced_row_of_the_index_is_noticed_by_its_epoch(index: PublishedIndex) -> None:
    lynx, bus = published(LYNX), published(BUS)
    assert found(index, LYNX) == [lynx.public_id]
    ClaimVersion.objects.filter(claim=lynx).delete()
    IndexState.objects.update_or_create(pk=1, defaults={"epoch": "00000000-0000-0000-0000-000000000001"})
    assert found(index, LYNX) == []
    rebuild_index(afresh=True)
    assert found(index, LYNX) == [lynx.public_id]
    assert found(index, BUS) == [bus.public_id]


def test_a_restart_takes_the_base_and_catches_up(index: PublishedIndex, writer: Writer, tmp_path: Path) -> None:
    lynx = published(LYNX)
    with mock.patch.object(published_index, "FEW", 0):
        index.look()
        assert found(index, LYNX) == [lynx.public_id]
    assert writer.started == 1
    bus = published(BUS)
    factories.redacted(lynx)
    again = PublishedIndex(tmp_path, writer)
    again._redact_after = float("inf")  # the base is due for its redacted words, which is not what is tested here
    with mock.patch.object(published_claims, "entries_at", side_effect=AssertionError("all was read anew")):
        assert found(again, BUS) == [bus.public_id]
        assert found(again, LYNX) == []
    assert writer.started == 1


def test_a_base_of_another_log_is_not_used(index: PublishedIndex, tmp_path: Path, caplog) -> None:
    lynx = published(LYNX)
    write_base(tmp_path)
    [base] = tmp_path.glob("base-*")
    manifest = base / "manifest.json"
    head = published_claims.log_state().head
    manifest.write_bytes(manifest.read_bytes().replace(head.hash.encode(), b"f" * 64))
    with caplog.at_level(logging.WARNING):
        assert found(index, LYNX) == [lynx.public_id]
    assert "of another log" in caplog.text
    assert not base.exists()


def test_a_base_that_the_library_cannot_open_is_built_anew(index: PublishedIndex, tmp_path: Path, caplog) -> None:
    lynx = published(LYNX)
    head = published_claims.log_state().head
    base_folder.write(tmp_path, version=VERSION, place=head, epoch="", fill=lambda aside: 0)
    assert found(index, LYNX) == [lynx.public_id]
    assert "cannot be opened" in caplog.text


def test_a_log_that_was_cut_back_is_read_anew(index: PublishedIndex) -> None:
    lynx = published(LYNX)
    assert found(index, LYNX) == [lynx.public_id]
    assert index.current is not None
    index.current.place = Place(index.current.place.sequence + 5, "e" * 64)  # rows that a backup did not have
    index.look()
    assert index.state()["reason"] == "the log was replaced"
    assert found(index, LYNX) == [lynx.public_id]


def test_many_claims_wait_for_a_base_and_a_full_disk_is_told(index: PublishedIndex, writer: Writer) -> None:
    published(LYNX)
    writer.works = False
    with mock.patch.object(published_index, "FEW", 0):
        index.look()
        assert index.state()["reason"] == "its index is being built"
        index.look()
        assert index.state()["reason"] == "its index cannot be written; its log says why"
        index.look()
        assert writer.started == 1  # not again at once


def test_far_from_its_base_it_changes_over_to_another(index: PublishedIndex, writer: Writer, monkeypatch) -> None:
    lynx = published(LYNX)
    monkeypatch.setattr(published_index, "FEW", 0)
    index.look()
    assert found(index, LYNX) == [lynx.public_id]
    first = index.current
    bus = published(BUS)
    index._write_after = 0.0
    for _ in range(4):
        assert found(index, BUS) == [bus.public_id]
        if index._next is not None:
            index._next.result()
    assert writer.started == 2
    assert index.current is not first and index.current is not None and first is not None
    assert index.current.base != first.base
    assert index.current.distance == 0


@pytest.mark.parametrize("restarts", [False, True])
def test_redacted_words_leave_the_disk_at_once(
    index: PublishedIndex, writer: Writer, tmp_path: Path, restarts: bool, monkeypatch
) -> None:
    lynx = published(LYNX)
    monkeypatch.setattr(published_index, "FEW", 0)
    index.look()
    assert found(index, LYNX) == [lynx.public_id]
    bus = published(BUS)  # some other change does not have a base of nearly the same claims written
    monkeypatch.setattr(published_index, "FEW", 10)
    assert found(index, BUS) == [bus.public_id]
    assert writer.started == 1 and on_disk(tmp_path, "lynxes")
    factories.redacted(lynx)
    index = PublishedIndex(tmp_path, writer) if restarts else index
    index._redact_after = 0.0
    for _ in range(4):
        assert found(index, LYNX) == []
        if index._next is not None:
            index._next.result()
    assert writer.started == 2  # and not again and again
    assert not on_disk(tmp_path, "lynxes")
    assert found(index, BUS) == [bus.public_id]


def on_disk(folder: Path, word: str) -> bool:
    return any(word.encode() in path.read_bytes() for path in folder.rglob("*") if path.is_file())


def test_changes_come_in_pieces(monkeypatch) -> None:
    monkeypatch.setattr(published_claims, "_EVENTS", 2)
    claims = [published(f"{LYNX} {number}") for number in range(5)]
    head = published_claims.log_state().head
    pieces = list(published_claims.changed_after(START, head))
    assert [place.sequence for place, _ in pieces][-1] == head.sequence
    assert len(pieces) == -(-head.sequence // 2)
    assert {entry.id for _, changes in pieces for entry in changes.entries} == {claim.public_id for claim in claims}
