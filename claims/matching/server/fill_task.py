"""What a child of the matcher does: make a model's file, compute the vectors that lack, delete those of no claim."""

from collections.abc import Iterator
from pathlib import Path

from claims.matching.server import published_claims
from claims.matching.vectors.fill import compact_folder, fill_folder


def fill_vectors(folder: Path) -> int:
    """Returns how many vectors came. Raises StoreBusy, OSError and Django's errors; what was written stays."""
    filled = fill_folder(folder, texts)
    compact_folder(folder, texts)
    return filled


def texts() -> Iterator[str]:
    """The texts of all published claims."""
    return (entry.text for entry in published_claims.entries_at(published_claims.log_state().head))
