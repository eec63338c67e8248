"""Seals, checkpoints and reports of audits, by which claims/proof shows that nothing was rewritten."""
