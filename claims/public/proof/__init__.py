"""What strangers need to verify a claim's history: its entries, the log that they are part of, and the script."""
