"""Vectors come: a few at once, many by a child. They go with the last claim of their text."""

import zlib
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from claims.matching.normalization import normalize, text_sha256
from claims.matching.server import fill_task, vector_filling
from claims.matching.server.published_index import PublishedIndex
from claims.matching.server.vector_filling import VectorFilling
from claims.matching.server.vector_legs import VectorLegs
from claims.matching.vectors import fill
from claims.matching.vectors.encoder import DIMENSIONS, EncoderUnavailable
from claims.matching.vectors.folder import store_file
from claims.matching.vectors.store import StoreReader, StoreWriter, key_of
from claims.models import Claim
from tests import factories
from tests.claims.matching.running_matcher import NoWriter

pytestmark = pytest.mark.django_db
STORK = "Storks nest on the town hall of Ribe."
TRAM = "The tram of Skien ran for nine years."


class ByHash:
    """An encoder that costs nothing: each text has a direction of its own."""

    name = "by-hash"

    def encode_claims(self, texts: Sequence[str]) -> np.ndarray:
        seeds = [zlib.crc32(normalize(text).encode()) for text in texts]
        vectors = np.array([np.random.default_rng(seed).standard_normal(DIMENSIONS) for seed in seeds], np.float32)
        return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)

    encode_queries = encode_claims


class Encoders:
    def __init__(self, *, lack_file: bool = False) -> None:
        self.loaded: list[ByHash] = []
        self.lack_file = lack_file

    def load(self) -> bool:
        before, self.loaded = self.loaded, [ByHash()]
        return not before


class Child:
    """Fills in this process when it is asked for its result."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.runs = False
        self.started = 0

    def start(self) -> None:
        self.runs = True
        self.started += 1

    def result(self) -> bool | None:
        fill_task.fill_vectors(self.folder)
        self.runs = False
        return True


@pytest.fixture
def child(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Child:
    def no_file(folder: Path) -> Path:
        raise EncoderUnavailable("not here")

    monkeypatch.setattr(fill, "open_encoders", lambda folder: [ByHash()])
    monkeypatch.setattr(fill, "make_model_file", no_file)
    for name in ("BEGIN_AFTER", "REFRESH_SECONDS", "AGAIN_SECONDS"):
        monkeypatch.setattr(vector_filling, name, 0.0)
    return Child(tmp_path)


@pytest.fixture
def index(tmp_path: Path) -> PublishedIndex:
    return PublishedIndex(tmp_path, NoWriter())


@pytest.fixture
def filling(tmp_path: Path, child: Child) -> VectorFilling:
    encoders = Encoders()
    return VectorFilling(encoders, VectorLegs(encoders, tmp_path), child)  # type: ignore[arg-type]


def published(text: str) -> Claim:
    claim = factories.claim(text)
    factories.published_review(claim)
    return claim


def step(index: PublishedIndex, filling: VectorFilling) -> None:
    """A look as the process takes it, waiting for what runs in threads."""
    index.look()
    assert index.current is not None
    filling.look(index.current)
    for future in (filling._attaching and filling._attaching[1], filling._filling):
        if future is not None:
            future.result()


def has_vector(folder: Path, text: str) -> bool:
    reader = StoreReader(store_file(folder, ByHash.name), ByHash.name)
    reader.refresh()
    return bool(reader.rows(np.array([key_of(text_sha256(normalize(text)))], np.uint64))[0] >= 0)


def vectors(filling: VectorFilling) -> dict[str, int]:
    return dict(filling.state()["vectors"].get(ByHash.name, {}))


def test_vectors_come_and_go_with_their_claims(index, filling, child, tmp_path: Path, monkeypatch) -> None:
    stork = published(STORK)
    assert filling.state()["filling"]
    for _ in range(4):
        step(index, filling)
    assert vectors(filling) == {"claims": 1, "pending": 0, "unused": 0}
    assert not filling.state()["filling"]
    tram = published(TRAM)
    for _ in range(3):
        step(index, filling)
    assert child.started == 0, "a few are computed at once"
    assert has_vector(tmp_path, TRAM)
    assert index.engine().match([TRAM], "en", 1)[0][0].claims == (tram.public_id,)
    # Redacted: its vector is of no claim any more, and goes after a while.
    factories.redacted(tram)
    for _ in range(3):
        step(index, filling)
    assert vectors(filling)["unused"] == 1
    assert has_vector(tmp_path, TRAM)
    monkeypatch.setattr(vector_filling, "UNUSED_SECONDS", 0.0)
    for _ in range(3):
        step(index, filling)
    assert child.started == 1
    assert not has_vector(tmp_path, TRAM)
    assert has_vector(tmp_path, STORK)
    assert vectors(filling) == {"claims": 1, "pending": 0, "unused": 0}
    assert stork.public_id in index.engine().match([STORK], "en", 1)[0][0].claims


def test_many_are_computed_by_a_child(index, filling, child, monkeypatch) -> None:
    monkeypatch.setattr(vector_filling, "MOST_RECENT", 2)
    for number in range(5):
        published(f"{STORK} {number}")
    for _ in range(4):
        step(index, filling)
    assert child.started == 1
    assert vectors(filling) == {"claims": 5, "pending": 0, "unused": 0}
    for _ in range(3):
        step(index, filling)
    assert child.started == 1, "there is nothing left to do"


def test_texts_without_a_letter_start_no_child_again_and_again(index, filling, child) -> None:
    published("???")
    for _ in range(8):
        step(index, filling)
    assert child.started <= 1
    assert not filling.state()["filling"]


def test_while_another_process_writes_they_wait(index, filling, child, tmp_path: Path) -> None:
    published(STORK)
    with StoreWriter(store_file(tmp_path, ByHash.name), ByHash.name):
        legs = VectorLegs(Encoders(), tmp_path)  # type: ignore[arg-type]
        legs._encoders.load()
        assert legs.fill([STORK]) is False
        assert legs.compact([]) is False
    assert legs.fill([STORK]) is True
    assert legs.compact([]) is True
    assert not has_vector(tmp_path, STORK)


def test_a_failing_step_is_taken_again_after_a_pause(index, filling, monkeypatch) -> None:
    published(STORK)
    monkeypatch.setattr(vector_filling, "AGAIN_SECONDS", 60.0)
    monkeypatch.setattr(filling._encoders, "load", lambda: 1 / 0)
    index.look()
    filling.look(index.current)
    with pytest.raises(ZeroDivisionError):
        while True:
            filling.look(index.current)
    filling.look(index.current)  # nothing is tried
    assert filling._attaching is None
    assert filling.state()["filling"]
    assert index.engine().match([STORK], "en", 1)[0]


@pytest.mark.parametrize(("size", "few"), [(2, 4), (100, 5), (250, 12), (10_000, 256), (758_000, 3_790)])
def test_an_import_into_a_small_desk_is_not_a_few(size: int, few: int) -> None:
    """While 248 of 250 claims have no vector, answers say that they are by words."""
    assert vector_filling.few_of(size) == few
