"""Documents read as documents."""
