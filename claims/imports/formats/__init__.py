"""Reviews from elsewhere, read into one shape: `records.Record`. Pure: no models, no clock, no network.

bytes of a file or answer ── streams ──> JSON values, rows ──┬── claimreview   ClaimReview in JSON-LD, DataFeed
                                                             ├── tables        a row of a CSV file
                                                             └── bodies        a claim of another instance, or of
                                                                               Google's claims:search
each by `repair` of what can be understood all the same; what cannot is `RecordRefused` with a reason
"""
