"""An encoder for tests: the vector of a text is the sum of its words' own random vectors."""

import zlib
from collections.abc import Sequence

import numpy as np

from claims.matching.vectors.encoder import DIMENSIONS, Vectors


class ToyEncoder:
    name = "toy"

    def __init__(self) -> None:
        self.encoded: list[str] = []

    def encode_claims(self, texts: Sequence[str]) -> Vectors:
        self.encoded += texts
        rows = [
            sum(
                np.random.default_rng(zlib.crc32(word.encode("utf-8", "replace"))).normal(size=DIMENSIONS)
                for word in text.lower().split()
            )
            for text in texts
        ]
        vectors = np.array(rows, np.float32)
        return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)

    def encode_queries(self, texts: Sequence[str]) -> Vectors:
        return self.encode_claims(texts)
