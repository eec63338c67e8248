"""What a child of the matcher does: make a model's file, compute the vectors that lack, delete those of no claim."""

import logging
from collections.abc import Iterator
from pathlib import Path

from claims.matching.server import published_claims
from claims.matching.vectors import fill
from claims.matching.vectors.e5_file import make_model_file
from claims.matching.vectors.encoder import EncoderUnavailable
from claims.matching.vectors.folder import models_folder, open_encoders, store_file
from claims.matching.vectors.store import StoreWriter

logger = logging.getLogger(__name__)


def fill_vectors(folder: Path) -> int:
    """Returns how many vectors came. Raises StoreBusy, OSError and Django's errors; what was written stays."""
    try:
        make_model_file(models_folder(folder))
    except EncoderUnavailable as error:
        logger.info("The encoder of many languages cannot be used here: %s", error)
    filled = 0
    for encoder in open_encoders(folder, threads=1):
        with StoreWriter(store_file(folder, encoder.name), encoder.name) as writer:
            filled += fill.fill(writer, encoder, texts())
            fill.compact(writer, texts())
    return filled


def texts() -> Iterator[str]:
    """The texts of all published claims."""
    return (entry.text for entry in published_claims.entries_at(published_claims.log_state().head))
