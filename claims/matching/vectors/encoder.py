"""Turn texts into vectors whose cosine tells how near their meanings are: the Protocol, and what both encoders share.

A batch is cut by tokens, padding counted, so that the memory that one run takes is bounded whatever the texts.
"""

import hashlib
from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Protocol

import numpy as np
import onnxruntime
from numpy.typing import NDArray

from claims.matching.words.posts import with_parted_tags, without_addresses

Vectors = NDArray[np.float32]
"""Of n texts: n rows of length 1."""
Int8Vectors = NDArray[np.int8]

DIMENSIONS = 384  # of both encoders
MOST_TOKENS = 256  # of a text that are read, marks of begin and end counted: a long post; what follows is left out
_MOST_CHARACTERS = 4_000  # that are cut into tokens; MOST_TOKENS seldom need more
_TOKENS_A_BATCH = 2_048


class EncoderUnavailable(Exception):
    """The encoder's files are missing on this platform, or are not those that were tested. The message says which."""


class Encoder(Protocol):
    """A sentence encoder. `name` tells its vectors apart from those of all others, other weights of it included."""

    name: str

    def encode_claims(self, texts: Sequence[str]) -> Vectors:
        """The vectors of texts that are stored and looked for."""
        ...

    def encode_queries(self, texts: Sequence[str]) -> Vectors:
        """The vectors of texts that are asked."""
        ...


def as_int8(vectors: Vectors) -> tuple[Int8Vectors, Vectors]:
    """Round vectors to bytes, each scaled so that its largest number becomes 127; and the scales that undo it.

    The dot product of two such rows, times both scales, is off from the cosine by some 0.0005.
    """
    scales = np.maximum(np.abs(vectors).max(axis=1), 1e-9) / 127
    return np.rint(vectors / scales[:, None]).astype(np.int8), scales.astype(np.float32)


def readable(text: str) -> str:
    """The beginning of a text as an encoder reads it: without addresses of pages, and with hashtags parted into words.

    That is worth one to two points of MAP@5 on posts. Lone surrogates go, which no tokenizer takes.
    """
    text = text[:_MOST_CHARACTERS].encode("utf-8", "replace").decode("utf-8")
    return with_parted_tags(without_addresses(text))


def open_session(model: Path, threads: int) -> onnxruntime.InferenceSession:
    """Load an ONNX file to run on the processor with so many threads, without memory kept for the longest batch."""
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    options.enable_cpu_mem_arena = False
    options.log_severity_level = 3
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")  # idle threads would burn a core
    return onnxruntime.InferenceSession(str(model), options, providers=["CPUExecutionProvider"])


def check_sha256(file: Path, expected: str) -> None:
    """Raise `EncoderUnavailable` unless the file is there and has that hash."""
    try:
        with file.open("rb") as opened:
            found = hashlib.file_digest(opened, "sha256").hexdigest()
    except OSError as error:
        raise EncoderUnavailable(f"{file} cannot be read: {error.strerror}. Reinstall the requirements.") from error
    if found != expected:
        raise EncoderUnavailable(f"{file} is not the file that was tested. Reinstall the requirements.")


def batches(token_ids: Sequence[Sequence[int]]) -> Iterator[list[int]]:
    """Positions of texts that run together: texts of like length, at most `_TOKENS_A_BATCH` with padding."""
    batch: list[int] = []
    for position in sorted(range(len(token_ids)), key=lambda each: len(token_ids[each])):
        if batch and (len(batch) + 1) * len(token_ids[position]) > _TOKENS_A_BATCH:
            yield batch
            batch = []
        batch.append(position)
    if batch:
        yield batch


class PooledEncoder(ABC):
    """What the encoders share: cut into tokens, run in batches, take the mean over the tokens, scale to length 1.

    Any number of threads may run it at a time.
    """

    def __init__(self, session: onnxruntime.InferenceSession, padding: int) -> None:
        self._session = session
        self._padding = padding

    @abstractmethod
    def _inputs(self, ids: NDArray[np.int64], mask: NDArray[np.int64]) -> dict[str, Any]:
        """What the ONNX file is given, of the pieces (texts, tokens) and where they are none of the padding."""

    def _run(self, token_ids: Sequence[Sequence[int]]) -> Vectors:
        vectors = np.empty((len(token_ids), DIMENSIONS), np.float32)
        for batch in batches(token_ids):
            longest = max(len(token_ids[each]) for each in batch)
            ids = np.full((len(batch), longest), self._padding, np.int64)
            mask = np.zeros((len(batch), longest), np.int64)
            for row, each in enumerate(batch):
                ids[row, : len(token_ids[each])] = token_ids[each]
                mask[row, : len(token_ids[each])] = 1
            (hidden,) = self._session.run(None, self._inputs(ids, mask))
            weights = mask[:, :, None].astype(np.float32)
            mean = (hidden * weights).sum(axis=1) / weights.sum(axis=1)
            vectors[batch] = mean / np.maximum(np.linalg.norm(mean, axis=1, keepdims=True), 1e-9)
        return vectors
