"""The parts of an audit, which `claims.proof.verify` runs one after the other."""
