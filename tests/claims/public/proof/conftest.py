"""A data folder of each test's own, for keys and checkpoints."""

from tests.claims.proof.conftest import data

__all__ = ["data"]
