"""Compute the vectors that a store lacks, for a child process at nice 19; it resumes where a killed one stopped."""

import logging
from collections.abc import Callable, Iterable
from pathlib import Path

import numpy as np

from claims.matching.normalization import normalize, text_sha256
from claims.matching.vectors.e5_file import make_model_file
from claims.matching.vectors.encoder import Encoder, EncoderUnavailable
from claims.matching.vectors.folder import models_folder, open_encoders, store_file
from claims.matching.vectors.store import StoreWriter, key_of

_log = logging.getLogger(__name__)

_TEXTS_AT_ONCE = 128  # texts of like length run together; a killed fill loses no more than these


def fill_folder(folder: Path, texts: Callable[[], Iterable[str]], *, stop: Callable[[], bool] = bool) -> int:
    """Fill the stores of all encoders that run here, making the model file first; returns how many vectors came.

    `texts` is called once for each encoder. Raises `StoreBusy` while another process fills the folder.
    """
    try:
        make_model_file(models_folder(folder))
    except EncoderUnavailable as error:
        _log.info("Matching goes on without the encoder of many languages: %s", error)
    filled = 0
    for encoder in open_encoders(folder):
        with StoreWriter(store_file(folder, encoder.name), encoder.name) as writer:
            filled += fill(writer, encoder, texts(), stop=stop)
    return filled


def compact_folder(folder: Path, texts: Callable[[], Iterable[str]]) -> int:
    """Delete the vectors of all texts but these from all stores of the folder; returns how many went."""
    deleted = 0
    for file in sorted(folder.glob("*.vectors")):
        with StoreWriter(file, file.stem) as writer:
            deleted += compact(writer, texts())
    return deleted


def fill(writer: StoreWriter, encoder: Encoder, texts: Iterable[str], *, stop: Callable[[], bool] = bool) -> int:
    """Append the vector of each text whose normalised form has none; returns how many came.

    `stop` is asked between batches and ends the run early. Texts are read one after the other, so that a million of
    them may come from a cursor.
    """
    writer.reader.refresh()
    filled = 0
    lacking: dict[str, str] = {}
    added: set[int] = set()

    def append() -> None:
        nonlocal filled
        writer.append(list(lacking), encoder.encode_claims(list(lacking.values())))
        added.update(map(key_of, lacking))
        filled += len(lacking)
        lacking.clear()

    for text in texts:
        normalized = normalize(text)
        sha256 = text_sha256(normalized)
        key = key_of(sha256)
        if not normalized or sha256 in lacking or key in added:
            continue
        if writer.reader.rows(np.array([key], np.uint64))[0] >= 0:
            continue
        lacking[sha256] = text
        if len(lacking) == _TEXTS_AT_ONCE:
            if stop():
                return filled
            append()
    if lacking and not stop():
        append()
    return filled


def compact(writer: StoreWriter, texts: Iterable[str]) -> int:
    """Delete the vectors of all texts but these, which are those of all current claims; returns how many went."""
    keys = np.fromiter((key_of(text_sha256(normalize(text))) for text in texts), np.uint64)
    return writer.compact(keys)
