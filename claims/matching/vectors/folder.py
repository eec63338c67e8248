"""The folder of one index's vectors, below the data folder: `models/`, and a store for each encoder."""

import logging
from pathlib import Path

from claims.matching.vectors.e5 import E5
from claims.matching.vectors.encoder import Encoder, EncoderUnavailable
from claims.matching.vectors.leg import VectorLeg
from claims.matching.vectors.minilm import MiniLm
from claims.matching.vectors.store import StoreReader

_log = logging.getLogger(__name__)


def models_folder(folder: Path) -> Path:
    """Where the model file lies that the first fill makes."""
    return folder / "models"


def store_file(folder: Path, encoder: str) -> Path:
    """Where the vectors of this encoder lie."""
    return folder / f"{encoder}.vectors"


def open_encoders(folder: Path, threads: int = 1) -> list[Encoder]:
    """The encoders that run here: that of English, and that of many languages once its file was made."""
    encoders: list[Encoder] = []
    try:
        encoders.append(MiniLm(threads))
    except EncoderUnavailable as error:
        _log.warning("Matching goes on without the encoder of English: %s", error)
    try:
        encoders.append(E5(models_folder(folder), threads))
    except EncoderUnavailable as error:
        _log.info("Matching goes on without the encoder of many languages: %s", error)
    return encoders


def open_legs(folder: Path, threads: int = 1) -> list[VectorLeg]:
    """A leg for each encoder that runs here."""
    return [
        VectorLeg(encoder, StoreReader(store_file(folder, encoder.name), encoder.name))
        for encoder in open_encoders(folder, threads)
    ]
