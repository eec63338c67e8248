"""Prove that nobody has rewritten the database: seals, checkpoints, and what verifies them (docs/proof.md)."""
