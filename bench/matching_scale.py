"""Measure the engine over many claims: build, fill, private memory, and how long answers take.

Texts: the set's own claims, and copies of them in which a third of the words are drawn from the others. Vectors: the
first `embedded` (20,000 by default) have their own, computed here; the rest have that of the claim of which they are
copies, with noise. So times and memory are those of so many real claims, and the answers mean nothing.
"""

import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from random import Random
from typing import Any

import numpy as np
from matching_set import MatchingSet

from claims.matching.engine import Engine
from claims.matching.normalization import normalize, text_sha256
from claims.matching.types import ClaimEntry
from claims.matching.vectors.e5_file import make_model_file
from claims.matching.vectors.encoder import EncoderUnavailable
from claims.matching.vectors.fill import fill
from claims.matching.vectors.folder import models_folder, open_encoders, open_legs, store_file
from claims.matching.vectors.store import StoreReader, StoreWriter, key_of

AT_ONCE = 8
_NOISE = 0.4  # of a vector of length 1
_BATCH = 4_000


def measure(
    found_in: MatchingSet, asked: Sequence[str], claims: int, embedded: int, folder: Path, filled: Path
) -> dict[str, Any]:
    """Build and fill here, ask in a process of its own; `filled` is a folder with the set's vectors."""
    print(f"{claims:,} claims: {min(claims, embedded):,} embedded, the rest perturbed")
    base, vectors = folder / "base", folder / "scale-vectors"
    base.mkdir()
    began = time.monotonic()
    Engine.write(base, entries(found_in, claims))
    measured: dict[str, Any] = {"claims": claims, "build_s": round(time.monotonic() - began, 1)}
    texts = [each.text for each in entries(found_in, claims)]
    measured |= fill_vectors(texts, min(claims, embedded), len(found_in.claims), vectors, filled)
    questions = folder / "questions.json"
    questions.write_text(json.dumps(list(asked)[:200]))
    command = [sys.executable, __file__, str(base), str(vectors), str(questions)]
    ended = subprocess.run(command, stdout=subprocess.PIPE, check=True, env=os.environ | {"OPENBLAS_NUM_THREADS": "1"})
    return measured | json.loads(ended.stdout.splitlines()[-1])


def entries(found_in: MatchingSet, claims: int) -> Iterator[ClaimEntry]:
    """The set's claims, then copies with other words."""
    random = Random(1)
    originals = list(found_in.claims.values())
    words = sorted({word for each in originals for word in each.text.split()})
    for number in range(claims):
        original = originals[number % len(originals)]
        text, titles = original.text, original.titles
        if number >= len(originals):
            text = " ".join(random.choice(words) if random.random() < 1 / 3 else word for word in text.split())
            titles = ()
        yield ClaimEntry(f"clm_{number:016d}", number + 1, text, original.language, titles)


def fill_vectors(
    texts: Sequence[str], embedded: int, originals: int, folder: Path, filled: Path | None = None
) -> dict[str, float]:
    """Embed the first texts, and perturb the vectors of the first `originals` for the rest, in their order.

    A folder that is filled gives model and vectors that it has. Returns texts a second of each encoder.
    """
    if filled is not None:
        folder.mkdir(parents=True, exist_ok=True)
        for each in (*filled.glob("*.vectors"), *models_folder(filled).glob("*")):
            copy = folder / each.relative_to(filled)
            copy.parent.mkdir(exist_ok=True)
            shutil.copyfile(each, copy)
    try:
        make_model_file(models_folder(folder))
    except EncoderUnavailable as error:
        print(error)
    speed = {}
    shas = [text_sha256(normalize(each)) for each in texts]
    firsts = np.array([key_of(each) for each in shas[: min(originals, embedded)]], np.uint64)
    for encoder in open_encoders(folder, threads=2):
        noise = np.random.default_rng(1)
        began = time.monotonic()
        with StoreWriter(store_file(folder, encoder.name), encoder.name) as writer:
            if came := fill(writer, encoder, texts[:embedded]):
                speed[f"{encoder.name}_texts_a_second"] = round(came / (time.monotonic() - began), 1)
            reader = StoreReader(store_file(folder, encoder.name), encoder.name)
            reader.refresh()
            own = reader.vectors.astype(np.float32) * reader.scales[:, None]
            row_of = reader.rows(firsts)
            seen = set(shas[:embedded])
            keys: list[str] = []
            rows: list[int] = []
            for number, sha in enumerate(shas[embedded:], embedded):
                if sha in seen:
                    continue
                seen.add(sha)
                keys.append(sha)
                rows.append(int(row_of[number % len(row_of)]))
                if len(keys) == _BATCH:
                    append(writer, keys, own[rows], noise)
                    keys, rows = [], []
            append(writer, keys, own[rows], noise)
    return speed


def append(writer: StoreWriter, keys: list[str], vectors: np.ndarray, noise: np.random.Generator) -> None:
    if keys:
        moved = vectors + noise.normal(size=vectors.shape).astype(np.float32) * (_NOISE / np.sqrt(vectors.shape[1]))
        writer.append(keys, moved / np.linalg.norm(moved, axis=1, keepdims=True))


def ask(base: Path, vectors: Path, asked: Sequence[str]) -> dict[str, Any]:
    """What a process that opens base and vectors takes, and its answers."""
    began = time.monotonic()
    engine = Engine(base)
    words_after = time.monotonic() - began
    legs = open_legs(vectors)
    some: list[ClaimEntry] = []
    for each in engine.entries:
        some.append(each)
        if len(some) == _BATCH:
            for leg in legs:
                leg.add(some)
            some = []
    for leg in legs:
        leg.add(some)
        leg.commit()
    full = engine.with_legs(legs)
    vectors_after = time.monotonic() - began
    for text in asked[:10]:
        full.match([text], "en", 5)
    one = [timed(lambda text=text: full.match([text], "en", 5)) for text in asked]
    short = [timed(lambda text=text: full.match([text[:100]], "en", 5)) for text in asked]
    searched = [
        timed(lambda text=text: full.search(" ".join(text.split()[:3]), limit=20, filters={})) for text in asked
    ]
    with ThreadPoolExecutor(AT_ONCE) as threads:
        together = list(threads.map(lambda text: timed(lambda: full.match([text[:100]], "en", 5)), asked))
    return {
        "words_after_s": round(words_after, 1),
        "vectors_after_s": round(vectors_after, 1),
        "private_mb": private_megabytes(),
        **percentiles("", short),
        **percentiles("whole_text_", one),
        **percentiles("eight_at_once_", together),
        **percentiles("search_", searched),
    }


def timed(call: Any) -> float:
    began = time.perf_counter()
    call()
    return 1000 * (time.perf_counter() - began)


def percentiles(name: str, values: Sequence[float]) -> dict[str, float]:
    return {f"{name}p{each}_ms": round(float(np.percentile(values, each)), 1) for each in (50, 95)}


def private_megabytes(pid: int | str = "self") -> int:
    """Without the pages of mapped files, which the system may take back at any time."""
    lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    return sum(int(line.split()[1]) for line in lines if line.startswith("Private_Dirty")) // 1024


if __name__ == "__main__":
    print(json.dumps(ask(Path(sys.argv[1]), Path(sys.argv[2]), json.loads(Path(sys.argv[3]).read_text()))))
